//! Which addresses that somebody typed may be asked: none within our own walls.
//!
//! https alone, on a port that is no well-known inner service, to a host whose every address is global. A name is
//! resolved once, by the connection that is about to be made, and the connection goes to the addresses that were
//! checked, so a name that answers differently the second time gains nothing. An address that is wrapped in another one
//! (IPv4 in IPv6, NAT64, 6to4, Teredo) is judged by what is inside. No redirect is followed and no proxy used.

use super::{BadSetup, http};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, redirect, retry};
use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(3);
/// Until the exchange is over.
const TOTAL: Duration = Duration::from_secs(10);
/// Ports of databases, caches, consoles and the like, above those that only root may open.
const INNER_PORTS: &[u16] = &[
    1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 4001, 4369, 5432, 5672, 5900, 5984, 6379, 6443, 7001, 7474,
    8086, 8500, 9042, 9090, 9092, 9200, 9300, 10250, 10255, 11211, 15672, 25565, 27017, 27018, 50070,
];

/// How strict the guard is. There is one way to be in production; the other is for fake receivers on a loopback port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    loopback: bool,
}

impl Policy {
    /// Nothing but https to global addresses.
    pub const STRICT: Policy = Policy { loopback: false };
    /// Plain http and loopback addresses as well: for tests alone.
    pub const LOOPBACK_TOO: Policy = Policy { loopback: true };

    fn lets(self, ip: IpAddr) -> bool {
        is_global(ip) || self.loopback && ip.is_loopback()
    }
}

/// Why an address is not asked, in words for whoever typed it.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct Refused(pub &'static str);

const NO_ADDRESS: Refused = Refused("That is no web address. It begins with https://.");
const NOT_HTTPS: Refused = Refused("The address must begin with https://.");
const INNER_PORT: Refused = Refused("That port belongs to an inner service, so it is not called.");
const INNER: Refused = Refused("That address lies within a private or reserved network, so it is not called.");
const LOGIN: Refused = Refused("Leave name and password out of the address.");

/// An address as typed, if it may be asked as far as it says itself; its name is resolved and judged later.
///
/// # Errors
/// [`Refused`], in words.
pub fn checked(text: &str, policy: Policy) -> Result<Url, Refused> {
    let mut url = Url::parse(text.trim()).map_err(|_| NO_ADDRESS)?;
    if url.scheme() != "https" && !(policy.loopback && url.scheme() == "http") {
        return Err(NOT_HTTPS);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(LOGIN);
    }
    let port = url.port_or_known_default().unwrap_or(0);
    if !policy.loopback && port != 443 && (port < 1_024 || INNER_PORTS.contains(&port)) {
        return Err(INNER_PORT);
    }
    match url.host() {
        Some(Host::Ipv4(ip)) if !policy.lets(ip.into()) => return Err(INNER),
        Some(Host::Ipv6(ip)) if !policy.lets(ip.into()) => return Err(INNER),
        Some(Host::Domain(name)) if !policy.loopback && is_inner_name(name) => return Err(INNER),
        Some(_) => {}
        None => return Err(NO_ADDRESS),
    }
    url.set_fragment(None);
    Ok(url)
}

/// Host and, unless it is the usual one, port: what a page shows of an address.
pub fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Names that no public server has.
fn is_inner_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let inner = ["localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain", "arpa"];
    !name.contains('.') || name.rsplit('.').next().is_some_and(|last| inner.contains(&last))
}

/// Whether an address belongs to the public internet, whatever it is wrapped in.
pub fn is_global(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_global_v4(ip),
        IpAddr::V6(ip) => is_global_v6(ip),
    }
}

/// By the IANA registry of special addresses.
fn is_global_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (192, 31, 196)
            | (192, 52, 193)
            | (192, 175, 48)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !special
}

/// Only 2000::/3 is in use; within it what is set aside, and what carries an IPv4 address that is not global.
fn is_global_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        // NAT64, the well-known prefix: what is inside decides.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_global_v4(v4(high, low)),
        // 6to4.
        [0x2002, high, low, ..] => is_global_v4(v4(high, low)),
        // Teredo: both its server and, turned over, the client behind it.
        [0x2001, 0, high, low, _, _, far_high, far_low] => {
            is_global_v4(v4(high, low)) && is_global_v4(v4(!far_high, !far_low))
        }
        // The rest of 2001::/23, documentation (2001:db8::/32, 3fff::/20) and 5f00::/16.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        [0x3fff, second, ..] => second >= 0x1000,
        [0x2620, 0x4f, 0x8000, ..] => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

/// Who answers what addresses a name has.
pub type LookUp = Arc<dyn Fn(String) -> crate::base::Boxed<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// The system's answer.
pub fn system_names() -> LookUp {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|at| at.ip()).collect())
        })
    })
}

/// Resolves for the client, and lets through what may be asked: all addresses of a name, or none.
struct Guarded {
    policy: Policy,
    names: LookUp,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, found) = (self.policy, (self.names)(name.as_str().to_owned()));
        Box::pin(async move {
            let found = found.await?;
            if found.is_empty() || !found.iter().all(|ip| policy.lets(*ip)) {
                return Err(Box::new(INNER) as Box<dyn Error + Send + Sync>);
            }
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

/// The one client that asks what somebody typed.
///
/// # Errors
/// When the system's TLS roots cannot be loaded.
#[expect(clippy::disallowed_methods, reason = "the home of HTTP clients")]
pub fn client(policy: Policy, names: LookUp) -> Result<Client, BadSetup> {
    super::install_crypto();
    Client::builder()
        .user_agent(concat!("leadbell/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(Guarded { policy, names })
        .https_only(!policy.loopback)
        .connect_timeout(CONNECT)
        .timeout(TOTAL)
        .pool_max_idle_per_host(1)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .build()
        .map_err(|e| BadSetup(format!("the HTTP client for hooks cannot start: {}", http::chain(&e))))
}

/// The guard's refusal behind an error, if that is what it was.
pub fn refusal(error: &(dyn Error + 'static)) -> Option<Refused> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(refused) = error.downcast_ref::<Refused>() {
            return Some(*refused);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests;
