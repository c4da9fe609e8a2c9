//! Listening sockets that systemd opened for us: they stay open while one Farol ends and the next begins.

use std::env;
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

/// Takes them, once. One without a name we know is the main one if it is alone.
#[expect(clippy::disallowed_methods, reason = "this room reads the environment")]
pub fn handed() -> std::io::Result<Handed> {
    let names = env::var("LISTEN_FDNAMES").unwrap_or_default();
    let mut sockets = ListenFd::from_env();
    let mut handed = Handed::default();
    for (at, role) in roles(&names, sockets.len()).into_iter().enumerate() {
        match role {
            Some(Role::Main) => handed.main = sockets.take_tcp_listener(at)?,
            Some(Role::Redirect) => handed.redirect = sockets.take_tcp_listener(at)?,
            None => {}
        }
    }
    Ok(handed)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Main,
    Redirect,
}

fn roles(names: &str, count: usize) -> Vec<Option<Role>> {
    let mut names = names.split(':');
    let role = |name: Option<&str>| match name {
        Some(MAIN) => Some(Role::Main),
        Some(REDIRECT) => Some(Role::Redirect),
        _ if count == 1 => Some(Role::Main),
        _ => None,
    };
    (0..count).map(|_| role(names.next())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_known_by_its_name_and_a_lone_one_without() {
        let (main, redirect) = (Some(Role::Main), Some(Role::Redirect));
        assert_eq!(roles("http:redirect", 2), [main, redirect]);
        assert_eq!(roles("redirect:http", 2), [redirect, main]);
        assert_eq!(roles("farol.socket", 1), [main]);
        assert_eq!(roles("redirect", 1), [redirect]);
        assert_eq!(roles("", 1), [main]);
        assert_eq!(roles("metrics:http", 2), [None, main]);
        assert_eq!(roles("http", 0), []);
    }
}
