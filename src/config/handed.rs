//! Listening sockets that systemd opened for us: they stay open while one Farol ends and the next begins.

use std::env;
use std::io::{self, Error};
use std::net::TcpListener;

use listenfd::ListenFd;

/// As `FileDescriptorName` in the unit of the socket says.
const MAIN: &str = "http";
const REDIRECT: &str = "redirect";

#[derive(Debug, Default)]
pub struct Handed {
    pub main: Option<TcpListener>,
    pub redirect: Option<TcpListener>,
}

/// Takes them, once. One without a name we know is the main one if it is alone; among others it would stay open, and
/// whoever came there would wait for ever.
#[expect(clippy::disallowed_methods, reason = "this room reads the environment")]
pub fn handed() -> io::Result<Handed> {
    let names = env::var("LISTEN_FDNAMES").unwrap_or_default();
    let mut sockets = ListenFd::from_env();
    let mut handed = Handed::default();
    let roles = roles(&names, sockets.len()).ok_or_else(|| Error::other(format!("LISTEN_FDNAMES={names}")))?;
    for (at, role) in roles.into_iter().enumerate() {
        let place = match role {
            Role::Main => &mut handed.main,
            Role::Redirect => &mut handed.redirect,
        };
        *place = sockets.take_tcp_listener(at)?;
    }
    Ok(handed)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Main,
    Redirect,
}

/// `None`: one of them has no role, or two have the same.
fn roles(names: &str, count: usize) -> Option<Vec<Role>> {
    let mut names = names.split(':');
    let role = |name: Option<&str>| match name {
        Some(MAIN) => Some(Role::Main),
        Some(REDIRECT) => Some(Role::Redirect),
        _ if count == 1 => Some(Role::Main),
        _ => None,
    };
    let roles: Vec<Role> = (0..count).map(|_| role(names.next())).collect::<Option<_>>()?;
    let is_twice = |at: usize| roles[..at].contains(&roles[at]);
    (!(0..count).any(is_twice)).then_some(roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_known_by_its_name_and_a_lone_one_without() {
        let (main, redirect) = (Role::Main, Role::Redirect);
        assert_eq!(roles("http:redirect", 2).unwrap(), [main, redirect]);
        assert_eq!(roles("redirect:http", 2).unwrap(), [redirect, main]);
        assert_eq!(roles("farol.socket", 1).unwrap(), [main]);
        assert_eq!(roles("redirect", 1).unwrap(), [redirect]);
        assert_eq!(roles("", 1).unwrap(), [main]);
        assert_eq!(roles("http", 0).unwrap(), []);
        assert_eq!(roles("metrics:http", 2), None, "nobody would answer there");
        assert_eq!(roles("http:http", 2), None);
    }
}
