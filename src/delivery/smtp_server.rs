//! Where mail is handed over: the address in `LEADBELL_SMTP_URL`, read.
//!
//! `smtps://user:pass@host` speaks TLS from the first byte (465), `smtp://user:pass@host:587?tls=required` upgrades
//! before the password leaves, `smtp://127.0.0.1:2525` is a relay on this machine. Refused: a server elsewhere
//! without a word on TLS would be safe in one reading and readable by all in another, so it counts as
//! `tls=required`; `tls=none` must be written out. No message of this file ever repeats the address, which may
//! hold a password.

use super::BadSetup;
use secrecy::SecretString;
use std::fmt;
use std::net::IpAddr;
use url::{Url, form_urlencoded};

/// Whether and when the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Never: a relay on this machine or in one's own network.
    None,
    /// By `STARTTLS` (RFC 3207), before anything else; without it nothing is sent.
    StartTls,
    /// From the first byte (RFC 8314).
    Implicit,
}

/// A mail server that takes our mails.
#[derive(Clone)]
pub struct SmtpServer {
    /// Name or address, without brackets.
    pub host: String,
    /// 25, 465, 587 or whatever was written.
    pub port: u16,
    /// How the connection is kept private.
    pub encryption: Encryption,
    /// User and password, if it asks for them.
    pub login: Option<(String, SecretString)>,
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpServer({}:{}, {:?}, login: {})", self.host, self.port, self.encryption, self.login.is_some())
    }
}

impl SmtpServer {
    /// Reads an address.
    ///
    /// # Errors
    /// When it is no `smtp://` or `smtps://` address, has no host, or names an unknown `tls=`.
    pub fn parse(address: &str) -> Result<Self, BadSetup> {
        let bad = |why: &str| BadSetup(format!("the mail server's address is not usable: {why}"));
        let url = Url::parse(address).map_err(|e| bad(&e.to_string()))?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        if host.is_empty() {
            return Err(bad("it names no host"));
        }
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let encryption = match (url.scheme(), tls.as_deref()) {
            ("smtps", _) => Encryption::Implicit,
            ("smtp", Some("required")) => Encryption::StartTls,
            ("smtp", Some("none")) => Encryption::None,
            ("smtp", None) if is_this_machine(&host) => Encryption::None,
            ("smtp", None) => Encryption::StartTls,
            ("smtp", Some(_)) => return Err(bad("tls is either required or none")),
            _ => return Err(bad("it must begin with smtp:// or smtps://")),
        };
        let standard = match encryption {
            Encryption::None => 25,
            Encryption::StartTls => 587,
            Encryption::Implicit => 465,
        };
        Ok(Self { host, port: url.port().unwrap_or(standard), encryption, login: login(&url) })
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn login(url: &Url) -> Option<(String, SecretString)> {
    let password = url.password()?;
    (!url.username().is_empty()).then(|| (decoded(url.username()), decoded(password).into()))
}

/// Percent-decoding by way of a form, where `+` and `&` would mean something else.
fn decoded(text: &str) -> String {
    let form = text.replace('+', "%2B").replace('&', "%26");
    form_urlencoded::parse(format!("v={form}").as_bytes()).next().map(|(_, v)| v.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn addresses_are_read_as_they_are_written() {
        for (address, host, port, encryption) in [
            ("smtp://user:pass@mail.example:587?tls=required", "mail.example", 587, Encryption::StartTls),
            ("smtp://user:pass@mail.example", "mail.example", 587, Encryption::StartTls),
            ("smtps://user:pass@mail.example", "mail.example", 465, Encryption::Implicit),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Encryption::None),
            ("smtp://localhost", "localhost", 25, Encryption::None),
            ("smtp://[::1]:2525", "::1", 2525, Encryption::None),
            ("smtp://relay.lan:25?tls=none", "relay.lan", 25, Encryption::None),
        ] {
            let server = SmtpServer::parse(address).unwrap();

            assert_eq!((server.host.as_str(), server.port, server.encryption), (host, port, encryption), "{address}");
        }
    }

    #[test]
    fn a_password_may_hold_any_character_once_escaped() {
        let server = SmtpServer::parse("smtps://me%40shop.example:p%40ss+w%26rd%3D%2F1@mail.example").unwrap();

        let (user, password) = server.login.unwrap();
        assert_eq!((user.as_str(), password.expose_secret()), ("me@shop.example", "p@ss+w&rd=/1"));
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_repeating_the_password() {
        for address in ["smtp:///x", "http://u:canary@h", "smtp://u:canary@h?tls=maybe", "mail.example", ""] {
            let refusal = SmtpServer::parse(address).unwrap_err().to_string();

            assert!(!refusal.contains("canary"), "{refusal}");
        }
        let server = SmtpServer::parse("smtps://u:canary@h").unwrap();
        assert!(!format!("{server:?}").contains("canary"));
    }
}
