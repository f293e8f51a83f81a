//! Where a request comes from. Forwarding headers are believed only from a proxy that the settings trust, and then
//! only the rightmost address that is not such a proxy: whatever a visitor writes further left changes nothing.

use super::App;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The network of the caller (/24 or /48), as limits and records know it. The address itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Such as `203.0.113.0/24` or `2001:db8:7::/48`.
    pub network: String,
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, house: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(Self { network: network(address(&parts.headers, peer, &house.trusted_proxies)) })
    }
}

/// The caller's address, given who is at the other end of the connection.
pub fn address(headers: &HeaderMap, peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip));
    let mut client = peer.to_canonical();
    if !is_trusted(client) {
        return client;
    }
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .collect();
    for hop in hops.into_iter().rev() {
        let Some(ip) = parse(hop.trim()) else { break };
        client = ip;
        if !is_trusted(ip) {
            break;
        }
    }
    client
}

/// The network that an address is counted under: /24 for IPv4, /48 for IPv6.
pub fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

/// Proxies write `ip`, `ip:port`, `[v6]` and `[v6]:port`.
fn parse(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    let ip = bare.parse::<IpAddr>().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|s| s.ip()));
    ip.map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        address(&headers, peer.parse().unwrap(), &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_say_who_he_is() {
        assert_eq!(seen("198.51.100.7", &["1.2.3.4"]), "198.51.100.7");
        assert_eq!(seen("::ffff:198.51.100.7", &["10.0.0.1"]), "198.51.100.7");
    }

    #[test]
    fn behind_a_proxy_the_rightmost_stranger_counts_whatever_is_written_before_it() {
        assert_eq!(seen("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "10.1.1.1, 203.0.113.9, 10.2.2.2"]), "203.0.113.9");
        assert_eq!(seen("::ffff:10.0.0.1", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(seen("fd00::1", &["[2001:db8::5]:443"]), "2001:db8::5");
        assert_eq!(seen("10.0.0.1", &["10.3.3.3"]), "10.3.3.3");
    }

    #[test]
    fn what_cannot_be_read_ends_the_search_at_the_last_hop_we_know() {
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, unknown"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, , 10.2.2.2"]), "10.2.2.2");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn a_thousand_forged_lists_never_change_the_network() {
        let networks: std::collections::HashSet<String> = (0..1_000)
            .map(|n| seen("10.0.0.1", &[&format!("{}.{}.0.1, 203.0.113.9", n % 250, n / 250)]))
            .map(|ip| network(ip.parse().unwrap()))
            .collect();

        assert_eq!(networks.into_iter().collect::<Vec<_>>(), ["203.0.113.0/24"]);
    }

    #[test]
    fn addresses_are_counted_by_network() {
        assert_eq!(network("203.0.113.77".parse().unwrap()), "203.0.113.0/24");
        assert_eq!(network("::ffff:203.0.113.77".parse().unwrap()), "203.0.113.0/24");
        assert_eq!(network("2001:db8:7:8::1".parse().unwrap()), "2001:db8:7::/48");
    }
}
