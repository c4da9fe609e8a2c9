//! What turning a switch does: to the world at once, or step by step by the clock.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::faults::{Fault, Kind};
use super::nas::{Nas, News};
use super::profile::Profile;
use super::scenes;
use super::world::{Phase, uuid};

/// From the warning to the moment everything is cut.
const NOTICE: Duration = Duration::from_secs(2);
/// How long only the proxy answers.
const DOWN: Duration = Duration::from_secs(10);
/// From the first answer to ready.
const BOOT: Duration = Duration::from_secs(5);
/// What the NAS says it goes down for.
const PANEL: &str = "Simulated by the panel";

/// Turning a switch to where it already is does nothing, except that what happens once happens again.
pub(super) fn turn(nas: &Arc<Nas>, fault: Fault, kind: Kind, on: bool) {
    if kind == Kind::Once {
        if on {
            act(nas, fault, true);
        }
    } else if nas.switches.set(fault, on) {
        act(nas, fault, on);
    }
}

fn act(nas: &Arc<Nas>, fault: Fault, on: bool) {
    match (fault, on) {
        (Fault::PowerOff | Fault::Shutdown, false) => {
            nas.renew_script();
            boot(nas);
            nas.world().phase = Phase::Ready;
            unlock_doors(nas);
        }
        (Fault::PowerOff, true) => power_off(nas),
        (Fault::Shutdown, true) => shutdown(nas),
        (Fault::Refused, true) => {
            nas.open_doors(false);
            nas.cut_everybody();
        }
        (Fault::Refused, false) => unlock_doors(nas),
        (Fault::Reboot, true) => reboot(nas),
        (Fault::Update, true) => update(nas),
        (Fault::Reboot | Fault::Update, false) => {
            nas.renew_script();
            nas.world().phase = Phase::Ready;
        }
        (Fault::Booting, on) => nas.world().phase = if on { Phase::Booting } else { Phase::Ready },
        (Fault::BadGateway | Fault::GatewayTimeout | Fault::StandbyRedirect | Fault::IdleCut, true) => {
            nas.cut_everybody();
        }
        (Fault::UiAllowlist, true) => nas.tell(News::Close(1008)),
        (Fault::OversizedFrameClose, _) => nas.tell(News::Close(1009)),
        (Fault::MalformedEvent, _) => nas.tell(News::Malformed),
        (Fault::ExpiredSession, true) => nas.tell(News::SessionsExpire),
        _ => scenes::act(nas, fault, on),
    }
}

/// A door stays closed while any switch keeps it so.
fn unlock_doors(nas: &Nas) {
    let closing = [Fault::PowerOff, Fault::Refused, Fault::Shutdown];
    if !closing.into_iter().any(|fault| nas.switches.is_on(fault)) {
        nas.open_doors(true);
    }
}

fn power_off(nas: &Nas) {
    nas.open_doors(false);
    nas.cut_everybody();
    nas.world().phase = Phase::Off;
}

/// Warned, cut, only the proxy answers, starting with a new boot id, ready.
pub(super) fn reboot(nas: &Arc<Nas>) {
    restart(nas, Fault::Reboot, PANEL);
}

/// The same, and what starts is the next release.
fn update(nas: &Arc<Nas>) {
    restart(nas, Fault::Update, "System update");
}

fn restart(nas: &Arc<Nas>, fault: Fault, reason: &str) {
    let token = begin(nas, "reboot", reason);
    let steps = Arc::clone(nas);
    play(nas, token, async move {
        let nas = steps;
        nas.clock.sleep(NOTICE).await;
        nas.world().phase = Phase::Restarting;
        nas.cut_everybody();
        nas.clock.sleep(DOWN).await;
        boot(&nas);
        nas.world().updated |= fault == Fault::Update;
        nas.clock.sleep(BOOT).await;
        nas.world().phase = Phase::Ready;
        power_event(&nas, "ready", PANEL);
        nas.switches.set(fault, false);
    });
}

/// Warned, then off until the switch is turned back.
pub(super) fn shutdown(nas: &Arc<Nas>) {
    let token = begin(nas, "shutdown", PANEL);
    nas.switches.set(Fault::Shutdown, true);
    let steps = Arc::clone(nas);
    play(nas, token, async move {
        steps.clock.sleep(NOTICE).await;
        power_off(&steps);
    });
}

fn begin(nas: &Nas, what: &str, reason: &str) -> CancellationToken {
    let token = nas.renew_script();
    nas.world().phase = Phase::ShuttingDown;
    power_event(nas, what, reason);
    token
}

fn play(nas: &Nas, token: CancellationToken, steps: impl Future<Output = ()> + Send + 'static) {
    nas.tasks.run("sim script", async move {
        tokio::select! {
            () = token.cancelled() => {}
            () = steps => {}
        }
    });
}

fn boot(nas: &Nas) {
    let boot_id = uuid(&nas.random);
    let mut world = nas.world();
    world.boot_id = boot_id;
    world.booted_ms = Some(nas.now_ms());
    world.phase = Phase::Booting;
}

/// One collection with an id in 22.12, one collection each later; 24.10 tells no reason and no shutdown.
fn power_event(nas: &Nas, what: &str, reason: &str) {
    let fields = json!({"reason": reason});
    match nas.profile {
        Profile::R22_12 => nas.announce("system", "added", json!(what), None),
        Profile::R24_10 | Profile::Spec if what == "shutdown" => {}
        Profile::R24_10 | Profile::Spec => nas.announce(&format!("system.{what}"), "added", Value::Null, None),
        Profile::R25_04 | Profile::R25_10 | Profile::R26 => {
            nas.announce(&format!("system.{what}"), "added", Value::Null, Some(fields));
        }
    }
}
