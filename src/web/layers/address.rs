//! Where a request comes from. A proxy's word counts only when it is one of ours.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use ipnet::IpNet;

#[derive(Debug, Clone, Copy)]
struct ClientAddress(IpAddr);

/// As [`keep`] found it; only a request that came past no layer has none.
pub fn address_in(extensions: &Extensions) -> IpAddr {
    extensions.get::<ClientAddress>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.0)
}

pub fn keep(trusted: &[IpNet], headers: &HeaderMap, extensions: &mut Extensions) {
    if let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() {
        let client = ClientAddress(client(peer.ip(), headers, trusted));
        extensions.insert(client);
    }
}

/// The rightmost address of the list that is no proxy of ours: what is left of it anybody could have written.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_ours = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let peer = peer.to_canonical();
    if !is_ours(&peer) {
        return peer;
    }
    let lists: Vec<&str> = headers.get_all("x-forwarded-for").iter().map(|list| list.to_str().unwrap_or("?")).collect();
    let mut nearest = peer;
    for entry in lists.iter().flat_map(|list| list.split(',')).rev() {
        // What is no address ends the chain we can follow.
        let Ok(address) = entry.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
        if !is_ours(&nearest) {
            break;
        }
    }
    nearest
}

/// One subscriber has a whole IPv6 network to choose addresses from.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let trusted = ["10.0.0.0/24".parse().unwrap(), "fd00::/64".parse().unwrap()];
        let headers =
            forwarded.iter().map(|list| ("x-forwarded-for".parse().unwrap(), list.parse().unwrap())).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_as_far_as_the_first_stranger() {
        assert_eq!(seen("192.0.2.1", &["203.0.113.9"]), "192.0.2.1", "no proxy of ours");
        assert_eq!(seen("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["127.0.0.1, 203.0.113.9, 10.0.0.2"]), "203.0.113.9", "a proxy behind a proxy");
        assert_eq!(seen("10.0.0.1", &["127.0.0.1", "203.0.113.9"]), "203.0.113.9", "two headers are one list");
        assert_eq!(seen("10.0.0.1", &["127.0.0.1, nonsense"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(seen("::ffff:10.0.0.1", &["::ffff:203.0.113.9"]), "203.0.113.9", "the same address, written wider");
        assert_eq!(seen("fd00::1", &["2001:db8::7"]), "2001:db8::7");
    }

    #[test]
    fn a_network_is_one_caller() {
        let of = |text: &str| network_of(text.parse().unwrap()).to_string();
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }
}
