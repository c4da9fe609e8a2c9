//! Accounts, groups, privileges and keys.

use crate::runtime::Random;

/// When everybody last changed the password, until somebody does: 2025-12-01.
const PASSWORD_CHANGED_MS: i64 = 1_764_590_400_000;
const BUILTIN_USERS: u32 = 545;
pub(in crate::sim) const STAFF: u32 = 3010;
pub(in crate::sim) const FINANCEIRO: u32 = 3011;
pub(in crate::sim) const ENGENHARIA: u32 = 3012;
pub(in crate::sim) const TI: u32 = 3013;
const PORTAL_ADMINS: u32 = 3014;
const ADMINISTRATORS: u32 = 544;
const READERS: u32 = 951;

#[derive(Debug, Clone)]
pub struct Person {
    pub id: u64,
    pub uid: u32,
    pub username: String,
    pub full_name: String,
    pub password: String,
    /// The one-time code asked for after the password.
    pub otp: Option<String>,
    /// Ids of groups beyond the own one.
    pub gids: Vec<u32>,
    pub builtin: bool,
    pub smb: bool,
    pub locked: bool,
    pub password_disabled: bool,
    /// Past its greatest age: right, yet it lets nobody in. Only releases with JSON-RPC know ages.
    pub password_expired: bool,
    pub password_changed_ms: i64,
    /// What only a full administrator gets to see.
    pub password_hash: String,
}

#[derive(Debug, Clone)]
pub struct Group {
    pub id: u64,
    pub gid: u32,
    pub name: String,
    pub builtin: bool,
    pub smb: bool,
}

/// Rights of the interface, granted to groups. An empty list of roles still lets its people log in.
#[derive(Debug, Clone)]
pub struct Privilege {
    pub id: u64,
    pub name: &'static str,
    pub gids: Vec<u32>,
    pub roles: Vec<&'static str>,
}

#[derive(Debug, Clone)]
pub struct ApiKey {
    pub id: u64,
    pub name: &'static str,
    pub username: &'static str,
    /// The whole key as its owner types it.
    pub text: String,
    pub revoked: bool,
}

#[derive(Debug, Clone)]
pub struct People {
    /// The machine's own security identifier, which those of people and groups begin with.
    pub machine_sid: String,
    pub persons: Vec<Person>,
    pub groups: Vec<Group>,
    pub privileges: Vec<Privilege>,
    pub keys: Vec<ApiKey>,
    /// Those whose accounts were deleted, for whoever wants them back.
    pub(in crate::sim) removed: Vec<Person>,
}

impl People {
    pub(super) fn demo(random: &Random) -> Self {
        let numbers: Vec<String> = (0..3).map(|_| random.below(u64::from(u32::MAX)).to_string()).collect();
        let persons = persons(random);
        Self {
            machine_sid: format!("S-1-5-21-{}", numbers.join("-")),
            groups: groups(&persons),
            privileges: privileges(),
            keys: keys(random),
            persons,
            removed: Vec::new(),
        }
    }

    pub fn find(&self, username: &str) -> Option<&Person> {
        self.persons.iter().find(|person| person.username == username)
    }

    pub fn find_mut(&mut self, username: &str) -> Option<&mut Person> {
        self.persons.iter_mut().find(|person| person.username == username)
    }

    pub fn find_group(&self, gid: u32) -> Option<&Group> {
        self.groups.iter().find(|group| group.gid == gid)
    }

    pub fn find_key(&self, name: &str) -> Option<&ApiKey> {
        self.keys.iter().find(|key| key.name == name)
    }

    pub fn sid_of(&self, person: &Person) -> String {
        format!("{}-{}", self.machine_sid, 20_000 + person.id)
    }

    pub fn group_sid(&self, group: &Group) -> String {
        if group.gid == BUILTIN_USERS {
            return "S-1-5-32-545".to_owned();
        }
        format!("{}-{}", self.machine_sid, 21_000 + group.id)
    }

    pub fn members(&self, gid: u32) -> impl Iterator<Item = &Person> {
        self.persons.iter().filter(move |person| person.gids.contains(&gid))
    }

    /// The roles a person's groups bring, or nothing when no privilege names any of them: such a person cannot log in.
    pub fn roles_of(&self, person: &Person) -> Option<Vec<&'static str>> {
        let holds = |privilege: &&Privilege| privilege.gids.iter().any(|gid| person.has_group(*gid));
        let held: Vec<_> = self.privileges.iter().filter(holds).collect();
        let roles = held.iter().flat_map(|privilege| privilege.roles.iter().copied()).collect();
        (!held.is_empty()).then_some(roles)
    }
}

impl Person {
    /// Own group included.
    pub fn has_group(&self, gid: u32) -> bool {
        self.uid == gid || self.gids.contains(&gid)
    }
}

fn persons(random: &Random) -> Vec<Person> {
    let office: [(&str, &str, &[u32]); 6] = [
        ("ana", "Ana Lima", &[STAFF, FINANCEIRO]),
        ("bruno", "Bruno Sá", &[STAFF, ENGENHARIA]),
        ("carla", "Carla \"R&D\" Nunes <TI> 100%", &[STAFF, TI, PORTAL_ADMINS]),
        ("davi", "Davi Souza", &[]),
        ("elisa", "Elisa Prado", &[STAFF]),
        ("fabio", "Fábio Reis", &[STAFF]),
    ];
    let mut persons = Vec::new();
    for (number, (username, full_name, gids)) in (1..).zip(office) {
        let gids = [&[BUILTIN_USERS], gids].concat();
        persons.push(Person {
            otp: (username == "fabio").then(|| "123456".to_owned()),
            locked: username == "elisa",
            password: format!("demo-{username}"),
            ..account(random, (70 + number, 3000 + u32::try_from(number).unwrap_or(0)), (username, full_name), gids)
        });
    }
    let services: [(&str, &str, &[u32]); 3] = [
        ("truenas_admin", "Local Administrator", &[ADMINISTRATORS]),
        ("svc-farol", "Farol", &[READERS]),
        ("svc-limited", "Farol with too few roles", &[]),
    ];
    for (number, (username, full_name, gids)) in (1..).zip(services) {
        let ids = (90 + number, 3100 + u32::try_from(number).unwrap_or(0));
        persons.push(Person {
            builtin: username == "truenas_admin",
            smb: false,
            password_disabled: username != "truenas_admin",
            ..account(random, ids, (username, full_name), gids.to_vec())
        });
    }
    persons
}

fn account(random: &Random, (id, uid): (u64, u32), (username, full_name): (&str, &str), gids: Vec<u32>) -> Person {
    Person {
        id,
        uid,
        username: username.to_owned(),
        full_name: full_name.to_owned(),
        password: random.token(),
        otp: None,
        gids,
        builtin: false,
        smb: true,
        locked: false,
        password_disabled: false,
        password_expired: false,
        password_changed_ms: PASSWORD_CHANGED_MS,
        password_hash: format!("$6$rounds=656000${}", random.token()),
    }
}

fn groups(persons: &[Person]) -> Vec<Group> {
    let named = [
        (40, ADMINISTRATORS, "builtin_administrators"),
        (90, BUILTIN_USERS, "builtin_users"),
        (91, 546, "builtin_guests"),
        (92, READERS, "truenas_readonly_administrators"),
        (112, STAFF, "staff"),
        (113, FINANCEIRO, "financeiro"),
        (114, ENGENHARIA, "engenharia"),
        (115, TI, "ti"),
        (116, PORTAL_ADMINS, "portal-admins"),
    ];
    let named = named.into_iter().map(|(id, gid, name)| Group {
        id,
        gid,
        name: name.to_owned(),
        builtin: gid < STAFF,
        smb: gid != READERS,
    });
    let own = persons.iter().map(|person| Group {
        id: 100 + person.id,
        gid: person.uid,
        name: person.username.clone(),
        builtin: person.builtin,
        smb: false,
    });
    named.chain(own).collect()
}

fn privileges() -> Vec<Privilege> {
    vec![
        Privilege { id: 1, name: "Local Administrator", gids: vec![ADMINISTRATORS], roles: vec!["FULL_ADMIN"] },
        Privilege { id: 2, name: "Read-Only Administrator", gids: vec![READERS], roles: vec!["READONLY_ADMIN"] },
        sign_in_privilege(),
        Privilege { id: 4, name: "Too few", gids: vec![3103], roles: vec!["ACCOUNT_READ", "SHARING_SMB_READ"] },
    ]
}

pub(in crate::sim) fn sign_in_privilege() -> Privilege {
    // Davi is in no group of the office, yet shall be able to sign in.
    Privilege { id: 3, name: SIGN_IN, gids: vec![STAFF, 3004], roles: Vec::new() }
}

/// The privilege that lets the office's people log in to the interface, with no role at all.
pub(in crate::sim) const SIGN_IN: &str = "Farol sign-in";

fn keys(random: &Random) -> Vec<ApiKey> {
    let owners = [(1, "full", "truenas_admin"), (2, "farol", "svc-farol"), (3, "limited", "svc-limited")];
    owners
        .into_iter()
        .map(|(id, name, username)| ApiKey {
            id,
            name,
            username,
            text: format!("{id}-{}", random.token()),
            revoked: false,
        })
        .collect()
}
