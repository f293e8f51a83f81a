//! An e-mail address, made once at the border and trusted after.
//!
//! A text becomes an [`Email`] only if our policy would write to it. Refused: quoted local parts, address literals.

use super::strip_scheme;
use crate::base::text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// RFC 5321 §4.5.3.1.3 less the angle brackets.
const EMAIL_MAX: usize = 254;

/// An e-mail address that our policy would write to: one `@`, a dotted domain, no quotes, no address literal,
/// at most 254 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Reads an address as a person typed it, also as `Name <a@b.example>` or `mailto:`. The domain is lower-cased.
    /// `None` for everything that our policy would not write to.
    ///
    /// ```
    /// use leadbell::lead::contact::Email;
    /// let email = Email::parse("Grace <grace.okafor@Example.COM>");
    /// assert_eq!(email.as_ref().map(Email::as_str), Some("grace.okafor@example.com"));
    /// ```
    pub fn parse(text: &str) -> Option<Email> {
        if text.len() > 4 * EMAIL_MAX || !text.contains(['@', '＠']) {
            return None;
        }
        let line = text::clean_line(text, 2 * EMAIL_MAX).replace('＠', "@");
        let bare = between_brackets(&line).unwrap_or(&line).trim();
        let bare =
            strip_scheme(bare).trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | '\'' | '"'));
        let (local, domain) = bare.rsplit_once('@')?;
        let domain = domain.to_lowercase();
        let address = format!("{local}@{domain}");
        (is_local_part(local) && is_domain(&domain) && address.len() <= EMAIL_MAX).then_some(Email(address))
    }

    /// An address read back from the database.
    pub fn from_stored(address: String) -> Email {
        Email(address)
    }

    /// The address as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether a machine or an office reads it (`noreply@`, `postmaster@`): such addresses get no automatic answer
    /// (RFC 2142, RFC 3834).
    pub fn is_role(&self) -> bool {
        let local = self.0.split(['@', '+']).next().unwrap_or("").to_ascii_lowercase();
        let plain: String = local.chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect();
        const ROLES: &[&str] = &[
            "noreply",
            "donotreply",
            "dontreply",
            "noresponse",
            "nobody",
            "postmaster",
            "mailerdaemon",
            "hostmaster",
            "webmaster",
            "abuse",
            "root",
            "daemon",
            "bounce",
            "bounces",
            "listserv",
            "majordomo",
            "mailman",
            "autoresponder",
            "autoreply",
            "usenet",
            "news",
            "uucp",
            "noc",
            "security",
            "null",
            "devnull",
            "unsubscribe",
            "spam",
            "automated",
            "notifications",
            "notification",
            "alerts",
        ];
        ROLES.contains(&plain.as_str())
            || plain.starts_with("noreply")
            || plain.starts_with("bounce")
            || plain.starts_with("donotreply")
            || local.starts_with("owner-")
            || local.ends_with("-request")
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::base::mask::email(&self.0))
    }
}

fn between_brackets(line: &str) -> Option<&str> {
    let (_, tail) = line.split_once('<')?;
    tail.split_once('>').map(|(inner, _)| inner).filter(|inner| inner.contains('@'))
}

fn is_local_part(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && local.split('.').all(|atom| !atom.is_empty())
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
}

fn is_domain(domain: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let top = domain.rsplit('.').next().unwrap_or("");
    domain.contains('.')
        && domain.split('.').all(label)
        && top.chars().count() >= 2
        && (top.starts_with("xn--") || top.chars().all(char::is_alphabetic))
        && url::Host::parse(domain).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_follows_our_policy() {
        for (text, expected) in [
            ("Maria.Lopez@Example.COM", "Maria.Lopez@example.com"),
            (" <a+b@example.co.uk> ", "a+b@example.co.uk"),
            ("Zoë Hart <zoe@example.com>", "zoe@example.com"),
            ("mailto:zoe@example.com", "zoe@example.com"),
            ("zoe@example.com.", "zoe@example.com"),
            ("jörg@müller.example", "jörg@müller.example"),
        ] {
            assert_eq!(Email::parse(text).as_ref().map(Email::as_str), Some(expected), "{text}");
        }
        let long = format!("{}@example.com", "a".repeat(250));
        for text in [
            "",
            "@",
            "a@b",
            "a@@b.example",
            "a b@example.com",
            "\"a b\"@example.com",
            "a@[127.0.0.1]",
            "a@1.2.3.4",
            "a@example..com",
            "a..b@example.com",
            "a@example.com, b@example.com",
            "a@-x.example",
            "no",
            long.as_str(),
            "a@example.com\r\nBcc: b",
            "@handle.example",
        ] {
            assert_eq!(Email::parse(text), None, "{text}");
        }
    }

    #[test]
    fn machines_and_offices_are_told_apart_from_people() {
        let role = |a: &str| Email::from_stored(a.to_owned()).is_role();

        assert!(
            ["noreply@a.example", "No-Reply@a.example", "mailer-daemon@a.example", "postmaster@a.example"]
                .into_iter()
                .all(role)
        );
        assert!(["bounce+12@a.example", "do_not_reply@a.example", "list-request@a.example"].into_iter().all(role));
        assert!(!["maria@a.example", "info@a.example", "norena@a.example"].into_iter().any(role));
    }
}
