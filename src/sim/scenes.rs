//! Switches that change the world: people, shares, alerts. Each can be turned back.

use serde_json::json;

use super::faults::Fault;
use super::nas::Nas;
use super::records::{self, person};
use super::world::{Ace, Acl, FINANCEIRO, Folder, SIGN_IN, STAFF, Share, TI, basic};

/// The share that comes and goes.
const ADDED: u64 = 20;
const ADDED_PATH: &str = "/mnt/tank/marketing";
const BURST: u32 = 1_000;

pub(super) fn act(nas: &Nas, fault: Fault, on: bool) {
    match fault {
        Fault::AlertRaised => degrade(nas, on),
        // Turning the other one off clears the alert, if it was raised.
        Fault::AlertCleared => {
            nas.switches.set(Fault::AlertRaised, false);
            degrade(nas, false);
        }
        Fault::Scrub => scrub(nas, on),
        Fault::ShareAdded => add_share(nas, on),
        Fault::ShareDisabled => change_share(nas, "Geral", |share| share.enabled = !on),
        Fault::ShareMoved => move_share(nas, on),
        Fault::UserLocked => change_ana(nas, |ana, _| ana.locked = on),
        Fault::PasswordChanged => change_ana(nas, |ana, now_ms| {
            if on { "nova-ana" } else { "demo-ana" }.clone_into(&mut ana.password);
            ana.password_changed_ms = now_ms;
        }),
        Fault::PasswordExpired => change_ana(nas, |ana, _| ana.password_expired = on),
        Fault::UserMoved => change_ana(nas, |ana, _| {
            ana.gids.retain(|gid| *gid != FINANCEIRO);
            ana.gids.extend((!on).then_some(FINANCEIRO));
        }),
        Fault::SignInWithdrawn => withdraw_sign_in(nas, on),
        Fault::EventBurst => burst(nas),
        // These change nothing by themselves: whoever answers looks at the switch, or the script has acted.
        Fault::PowerOff
        | Fault::Refused
        | Fault::BadGateway
        | Fault::GatewayTimeout
        | Fault::Slow
        | Fault::Silent
        | Fault::RateLimited
        | Fault::MidFrameDrop
        | Fault::MalformedEvent
        | Fault::MalformedReply
        | Fault::IdleCut
        | Fault::OversizedFrameClose
        | Fault::OversizedReply
        | Fault::ExpiredSession
        | Fault::RevokedKey
        | Fault::StandbyRedirect
        | Fault::UiAllowlist
        | Fault::Reboot
        | Fault::Update
        | Fault::Shutdown
        | Fault::Booting
        | Fault::KeyMissingRole => {}
    }
}

fn degrade(nas: &Nas, on: bool) {
    let pool = {
        let mut world = nas.world();
        let Some(pool) = world.pools.iter_mut().find(|pool| pool.name == "tank") else { return };
        pool.healthy = !on;
        pool.status = if on { "DEGRADED" } else { "ONLINE" };
        records::system::pool(pool)
    };
    nas.announce("pool.query", "changed", pool["id"].clone(), Some(pool));
    if on {
        nas.raise_alert("VolumeStatus", "CRITICAL", "Pool tank state is <b>DEGRADED</b>: one disk is missing.");
    } else {
        nas.clear_alert("VolumeStatus");
    }
}

fn scrub(nas: &Nas, on: bool) {
    let pool = {
        let mut world = nas.world();
        let Some(pool) = world.pools.iter_mut().find(|pool| pool.name == "tank") else { return };
        pool.scrubbing = on;
        records::system::pool(pool)
    };
    nas.announce("pool.query", "changed", pool["id"].clone(), Some(pool));
}

fn add_share(nas: &Nas, on: bool) {
    let share = Share::new(ADDED, "Marketing", ADDED_PATH, "Novo");
    let record = records::share::share(&share, nas.profile);
    {
        let mut world = nas.world();
        world.shares.retain(|known| known.id != ADDED);
        world.folders.retain(|known| known.path != ADDED_PATH);
        if on {
            world.shares.push(share);
            world.folders.push(Folder::for_groups(ADDED_PATH, &[STAFF]));
        }
    }
    let (msg, fields) = if on { ("added", Some(record)) } else { ("removed", None) };
    nas.announce("sharing.smb.query", msg, json!(ADDED), fields);
}

fn change_share(nas: &Nas, name: &str, change: impl FnOnce(&mut Share)) {
    let record = {
        let mut world = nas.world();
        let Some(share) = world.find_share_mut(name) else { return };
        change(share);
        records::share::share(share, nas.profile)
    };
    nas.announce("sharing.smb.query", "changed", record["id"].clone(), Some(record));
}

/// An edited access list is told to nobody, on the real one neither.
fn move_share(nas: &Nas, on: bool) {
    let mut world = nas.world();
    let gids: &[u32] = if on { &[TI] } else { &[FINANCEIRO, TI] };
    let lines = gids.iter().map(|gid| basic("GROUP", Some(*gid), "MODIFY"));
    if let Some(Acl::Nfs4(acl)) = world.find_folder_mut("/mnt/tank/financeiro").map(|folder| &mut folder.acl) {
        let keep = |line: &Ace| line.tag != "GROUP";
        acl.retain(keep);
        acl.extend(lines);
    }
}

fn change_ana(nas: &Nas, change: impl FnOnce(&mut super::world::Person, i64)) {
    let look = person::Look { profile: nas.profile, hashes: false, smb: false, now_ms: nas.now_ms() };
    let record = {
        let mut world = nas.world();
        let Some(ana) = world.people.find_mut("ana") else { return };
        change(ana, look.now_ms);
        let ana = ana.clone();
        person::user(&world.people, &ana, &look)
    };
    nas.announce("user.query", "changed", record["id"].clone(), Some(record));
}

fn withdraw_sign_in(nas: &Nas, on: bool) {
    let mut world = nas.world();
    world.people.privileges.retain(|privilege| privilege.name != SIGN_IN);
    if !on {
        world.people.privileges.push(super::world::sign_in_privilege());
    }
}

fn burst(nas: &Nas) {
    let Some(alert) = nas.world().alerts.first().cloned() else { return };
    let mut record = records::system::alert(&alert);
    for number in 1..=BURST {
        record["text"] = json!(format!("{} ({number} of {BURST})", alert.formatted));
        nas.announce("alert.list", "changed", json!(alert.uuid), Some(record.clone()));
    }
}
