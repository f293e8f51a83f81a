//! Whether a callback comes from Twilio: the check of `X-Twilio-Signature`.
//!
//! In come the address Twilio was given, the header values as they came, and the raw body; out comes yes or no.
//! Refused: no header, more than one, any signature that the auth token does not make. The text that is signed
//! (<https://www.twilio.com/docs/usage/webhooks/webhooks-security>) is the whole address, then, for a form, every
//! name and value in byte order with doubles dropped; a JSON body is bound by `bodySHA256` in the address.
//! Twilio signs no time, so a replay passes here and is stopped by the id of the message.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use subtle::ConstantTimeEq;
use url::form_urlencoded;

type HmacSha1 = hmac::Hmac<sha1::Sha1>;

/// The header that carries the signature.
pub const HEADER: &str = "x-twilio-signature";

/// A callback as it came, seen through the configured public address.
#[derive(Clone, Copy, Debug)]
pub struct Callback<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// The public address with path and query, as Twilio was given it; never rebuilt from the `Host` header.
    pub url: &'a str,
    /// The request's `Content-Type`.
    pub content_type: Option<&'a str>,
    /// Every value of [`HEADER`] that came.
    pub signatures: &'a [&'a [u8]],
    /// The body, untouched.
    pub body: &'a [u8],
}

/// Whether one of the account's auth tokens signed this callback. API keys sign nothing.
pub fn is_genuine(callback: &Callback<'_>, auth_tokens: &[&str]) -> bool {
    let [header] = callback.signatures else { return false };
    let Ok(signature) = STANDARD.decode(header) else { return false };
    let is_form = callback.method == "POST" && has_form(callback.content_type);
    if !is_form && callback.method != "GET" && !body_is_bound(callback) {
        return false;
    }
    let fields = if is_form { signed_fields(callback.body) } else { String::new() };
    let urls = spellings(callback.url);
    auth_tokens
        .iter()
        .filter(|token| !token.is_empty())
        .any(|token| urls.iter().any(|url| signs(token, url, &fields, &signature)))
}

/// Signs an address and a form body as Twilio does: for tests and for checking one's own set-up.
pub fn sign(auth_token: &str, url: &str, form: &[u8]) -> String {
    STANDARD.encode(mac(auth_token, url, &signed_fields(form)).finalize().into_bytes())
}

fn has_form(content_type: Option<&str>) -> bool {
    let essence = content_type.and_then(|t| t.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn body_is_bound(callback: &Callback<'_>) -> bool {
    let query = callback.url.split_once('?').map_or("", |(_, query)| query);
    match form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "bodySHA256") {
        Some((_, hash)) => {
            let ours = base16ct::lower::encode_string(&Sha256::digest(callback.body));
            ours.as_bytes().ct_eq(hash.to_ascii_lowercase().as_bytes()).into()
        }
        None => callback.body.is_empty(),
    }
}

fn signed_fields(body: &[u8]) -> String {
    let fields: BTreeSet<_> = form_urlencoded::parse(body).collect();
    fields.iter().flat_map(|(name, value)| [name.as_ref(), value.as_ref()]).collect()
}

/// The address as given, without its port and with the standard one, each with a quote in the query plain and
/// escaped: Twilio is not consistent in either.
fn spellings(url: &str) -> Vec<String> {
    let mut out = vec![url.to_owned()];
    out.extend(other_ports(url).into_iter().flatten());
    for n in 0..out.len() {
        let Some((path, query)) = out[n].split_once('?') else { continue };
        let (plain, escaped) = (query.replace("%27", "'"), query.replace('\'', "%27"));
        if plain != escaped {
            let both = [format!("{path}?{plain}"), format!("{path}?{escaped}")];
            out.extend(both);
        }
    }
    out
}

fn other_ports(url: &str) -> Option<[String; 2]> {
    let (scheme, rest) = url.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let host_at = authority.rfind('@').map_or(0, |at| at + 1);
    let port_at = authority[host_at..].rfind(':').map(|at| host_at + at);
    let is_port = |at: &usize| authority[at + 1..].bytes().all(|b| b.is_ascii_digit());
    let bare = &authority[..port_at.filter(is_port).unwrap_or(authority.len())];
    let standard = if scheme.eq_ignore_ascii_case("https") { 443 } else { 80 };
    Some([format!("{scheme}://{bare}{path}"), format!("{scheme}://{bare}:{standard}{path}")])
}

fn signs(token: &str, url: &str, fields: &str, signature: &[u8]) -> bool {
    mac(token, url, fields).verify_slice(signature).is_ok()
}

fn mac(token: &str, url: &str, fields: &str) -> HmacSha1 {
    let mut mac =
        HmacSha1::new_from_slice(token.as_bytes()).unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
    mac.update(url.as_bytes());
    mac.update(fields.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Random;
    use std::collections::HashMap;

    #[derive(serde::Deserialize)]
    struct Vector {
        name: String,
        secret: String,
        url: String,
        method: String,
        content_type: String,
        headers: HashMap<String, String>,
        body: String,
        valid: bool,
    }

    impl Vector {
        fn signature(&self) -> &str {
            self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(HEADER)).map_or("", |(_, value)| value)
        }

        fn judged(&self, token: &str, signatures: &[&[u8]], body: &str) -> bool {
            let callback = Callback {
                method: &self.method,
                url: &self.url,
                content_type: Some(&self.content_type),
                signatures,
                body: body.as_bytes(),
            };
            is_genuine(&callback, &["another token", token])
        }
    }

    fn vectors() -> Vec<Vector> {
        serde_json::from_str(include_str!("../../tests/fixtures/signatures/twilio.json")).unwrap()
    }

    #[test]
    fn every_published_vector_is_judged_right() {
        assert!(vectors().len() >= 26);
        for v in vectors() {
            assert_eq!(v.judged(&v.secret, &[v.signature().as_bytes()], &v.body), v.valid, "{}", v.name);
        }
    }

    #[test]
    fn a_missing_a_doubled_and_a_foreign_signature_are_refused() {
        for v in vectors().iter().filter(|v| v.valid) {
            let header = v.signature().as_bytes();

            assert!(!v.judged(&v.secret, &[], &v.body), "{} without a header", v.name);
            assert!(!v.judged(&v.secret, &[header, header], &v.body), "{} with two headers", v.name);
            assert!(!v.judged("wrong token", &[header], &v.body), "{} with another token", v.name);
            assert!(!v.judged("", &[header], &v.body), "{} with no token", v.name);
        }
    }

    #[test]
    fn an_account_without_a_token_believes_nobody() {
        let forged = sign("", "https://leads.example.com/twilio/status", b"A=1");

        let callback = Callback {
            method: "POST",
            url: "https://leads.example.com/twilio/status",
            content_type: Some("application/x-www-form-urlencoded"),
            signatures: &[forged.as_bytes()],
            body: b"A=1",
        };
        assert!(!is_genuine(&callback, &[""]) && !is_genuine(&callback, &[]));
    }

    #[test]
    fn a_changed_form_is_refused() {
        for v in vectors().iter().filter(|v| v.valid && v.method == "POST") {
            let changed = format!("{}&Extra=1", v.body);

            assert!(!v.judged(&v.secret, &[v.signature().as_bytes()], &changed), "{}", v.name);
        }
    }

    #[test]
    fn ten_thousand_damaged_signatures_are_all_refused() {
        let (random, vectors) = (Random::seeded(11), vectors());
        let good: Vec<&Vector> = vectors.iter().filter(|v| v.valid).collect();

        let mut tried = 0;
        while tried < 10_000 {
            let v = good[tried % good.len()];
            let damaged = damage(&random, v.signature().as_bytes());
            if damaged == v.signature().as_bytes() {
                continue;
            }
            tried += 1;

            assert!(!v.judged(&v.secret, &[&damaged], &v.body), "{}: {damaged:?}", v.name);
        }
    }

    fn damage(random: &Random, signature: &[u8]) -> Vec<u8> {
        let mut out = signature.to_vec();
        let at = usize::try_from(random.up_to(out.len() as i64 - 1)).unwrap();
        match random.up_to(6) {
            0 => out[at] ^= 1 << random.up_to(7),
            1 => out.truncate(at),
            2 => out[at] = if out[at].is_ascii_lowercase() { b'A' } else { b'a' },
            3 => out.insert(at, b'A'),
            4 => out.extend_from_slice(signature),
            5 => out.swap(at, 0),
            _ => out = random_bytes(random, 28),
        }
        out
    }

    fn random_bytes(random: &Random, len: usize) -> Vec<u8> {
        let mut out = vec![0; len];
        random.fill(&mut out);
        out
    }

    #[test]
    fn what_we_sign_ourselves_passes() {
        let (url, form) = ("https://leads.example.com/twilio/status?m=a.1.x", b"MessageSid=SM1&Body=%F0%9F%91%8D&A=");

        let signature = sign("token", url, form);

        let callback = Callback {
            method: "POST",
            url,
            content_type: Some("application/x-www-form-urlencoded; charset=UTF-8"),
            signatures: &[signature.as_bytes()],
            body: form,
        };
        assert!(is_genuine(&callback, &["token"]));
    }
}
