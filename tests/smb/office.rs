//! An office: the whole server before a simulated NAS, whose accounts and shares a real Samba serves.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, Ordering};

use farol::auth::Authenticator;
use farol::config;
use farol::sim::world::{Acl, Folder, Person, Share};
use farol::sim::{Profile, Sim};

use crate::harness::{Answer, Browser, House};
use crate::samba::{ANA, BRUNO, Samba};

/// The Samba's, and one that only the NAS speaks of.
const SHARES: [&str; 5] = ["cifrado", "cofre", "dados", "geral", "perdido"];

pub struct Office {
    pub house: House,
    /// Everybody comes from an address of their own.
    next_address: AtomicU32,
}

impl Office {
    pub async fn before(samba: &Samba) -> Self {
        Self::at(samba.port, Profile::R25_10, |_| {}).await
    }

    /// With whatever listens on this port as the file server. `change` has the last word on the settings.
    pub async fn at(port: u16, release: Profile, change: impl FnOnce(&mut config::Settings)) -> Self {
        let house = House::before(release, |settings| {
            settings.auth.authenticator = Authenticator::Smb;
            settings.smb.port = port;
            settings.web.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
            change(settings);
        });
        let house = Box::pin(house).await;
        move_in(&house.sim);
        Self { house, next_address: AtomicU32::new(Ipv4Addr::new(198, 18, 0, 1).to_bits()) }
    }

    pub fn browser(&self) -> Browser {
        let address = Ipv4Addr::from_bits(self.next_address.fetch_add(1, Ordering::Relaxed));
        self.house.browser().saying("x-forwarded-for", &address.to_string())
    }

    /// In a browser of their own.
    pub async fn sign_in(&self, username: &str, password: &str) -> (Browser, Answer) {
        let browser = self.browser();
        let answer = browser.sign_in(username, password).await;
        (browser, answer)
    }

    /// Tries in a browser of their own, and comes in nowhere.
    pub async fn refused(&self, username: &str, password: &str) -> Answer {
        let (browser, answer) = self.sign_in(username, password).await;
        assert!((400..600).contains(&answer.status), "{username}: {}", answer.status);
        assert_eq!(browser.cookie("farol"), None, "{username}");
        let sent_away = browser.get("/dashboard").await;
        assert_eq!((sent_away.status, sent_away.header("location")), (303, "/"), "{username}");
        answer
    }

    /// The names on the cards of whoever comes in with this.
    pub async fn shares_of(&self, username: &str, password: &str) -> Vec<String> {
        let (browser, answer) = self.sign_in(username, password).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/dashboard"), "{}", answer.body);
        let page = browser.get("/dashboard").await;
        let shares = page.shares();
        assert_eq!(page.body.matches("Verificado").count(), shares.len(), "{}", page.body);
        assert!(!page.body.contains("Pelas permissões"), "{}", page.body);
        shares
    }

    pub fn change(&self, username: &str, change: impl FnOnce(&mut Person)) {
        change(self.house.sim.world().people.find_mut(username).unwrap());
    }

    pub async fn close(self) {
        self.house.close().await;
    }
}

pub fn folder(share: &str) -> String {
    format!("/mnt/tank/{share}")
}

/// The NAS knows the Samba's people, by other passwords, and lets them into everything there is.
fn move_in(sim: &Sim) {
    let mut world = sim.world();
    let (ana, geral) = (world.people.find("ana").unwrap().clone(), world.find_share("geral").unwrap().clone());
    for (number, account) in (1..).zip([ANA, BRUNO]) {
        world.people.persons.push(Person {
            id: ana.id + 1_000 + u64::from(number),
            uid: ana.uid + 1_000 + number,
            username: account.name.to_owned(),
            full_name: String::new(),
            ..ana.clone()
        });
    }
    let share = |(id, name): (u64, &str)| Share { id, name: name.to_owned(), path: folder(name), ..geral.clone() };
    world.shares = (1..).zip(SHARES).map(share).collect();
    let open = |name| Folder { path: folder(name), uid: 0, gid: 0, mode: 0o777, acl: Acl::Disabled };
    world.folders.retain(|folder| !SHARES.iter().any(|name| folder.path == self::folder(name)));
    world.folders.extend(SHARES.map(open));
}
