//! An HMAC that nobody but the owner knows: its description travels in front of the secret.
//!
//! `header=X-Acme-Signature; hash=sha256; encoding=base64; prefix=sha256=; signed={body}; secret=…`. Only `header` and
//! `secret` are needed; `secret` comes last and is taken as it stands. `signed` may hold `{body}`, `{time}`, `{method}`
//! and `{url}`; with `time=X-Acme-Time` (seconds) or `time_ms=…` the signature's age is limited to five minutes.

use super::{Age, Digest, Encoding, Key, Layout, Part, Refusal, Scheme};

const MINUTES_5: i64 = 300_000;

/// What a description says, as far as it lives longer than its parsing.
#[derive(Debug)]
struct Described<'a> {
    header: String,
    time: Option<(String, bool)>,
    prefix: &'a str,
    digest: Digest,
    encoding: Encoding,
    signed: Vec<Part<'a>>,
    secret: &'a str,
}

/// Hands the scheme that its owner described, and its secret, to `judge`.
///
/// # Errors
/// What cannot be understood, in words for whoever typed it; else what `judge` says.
pub fn with<T>(description: &str, judge: impl FnOnce(&Scheme<'_>, &str) -> Result<T, Refusal>) -> Result<T, Refusal> {
    let described = parse(description)?;
    let time = described.time.as_ref().map(|(header, in_ms)| ([header.as_str()], *in_ms));
    let scheme = Scheme {
        headers: &[&described.header],
        layout: Layout::Alone { prefix: described.prefix, optional: false, several: false },
        digest: described.digest,
        encoding: described.encoding,
        signed: &described.signed,
        key: Key::Text,
        age: time.as_ref().map(|(header, in_ms)| Age { header: Some(header), in_ms: *in_ms, most_ms: MINUTES_5 }),
    };
    judge(&scheme, described.secret)
}

fn parse(description: &str) -> Result<Described<'_>, Refusal> {
    let (described, secret) = description
        .split_once("secret=")
        .filter(|(_, secret)| !secret.is_empty())
        .ok_or_else(|| Refusal::because("The secret must end with `secret=…`."))?;
    let mut found = Described {
        header: String::new(),
        time: None,
        prefix: "",
        digest: Digest::Sha256,
        encoding: Encoding::Hex,
        signed: vec![Part::Body],
        secret,
    };
    for entry in described.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
        let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
        match (name.trim(), value.trim()) {
            ("header", header) if !header.is_empty() => found.header = header.to_ascii_lowercase(),
            ("hash", "sha256") => found.digest = Digest::Sha256,
            ("hash", "sha1") => found.digest = Digest::Sha1,
            ("encoding", "hex") => found.encoding = Encoding::Hex,
            ("encoding", "base64") => found.encoding = Encoding::Base64,
            ("prefix", prefix) => found.prefix = prefix,
            ("signed", template) => found.signed = parts(template)?,
            ("time", header) if !header.is_empty() => found.time = Some((header.to_ascii_lowercase(), false)),
            ("time_ms", header) if !header.is_empty() => found.time = Some((header.to_ascii_lowercase(), true)),
            (name, value) => {
                return Err(Refusal::because(format!(
                    "`{name}={value}` is not understood in the secret's description."
                )));
            }
        }
    }
    if found.header.is_empty() {
        return Err(Refusal::because("The secret's description must name the header: `header=X-Signature; secret=…`."));
    }
    Ok(found)
}

fn parts(template: &str) -> Result<Vec<Part<'_>>, Refusal> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            parts.push(Part::Text(&rest[..open]));
        }
        let close = rest[open..].find('}').map(|n| open + n);
        let word = close.and_then(|close| rest.get(open + 1..close));
        parts.push(match word {
            Some("body") => Part::Body,
            Some("time") => Part::Time,
            Some("method") => Part::Method,
            Some("url") => Part::Url,
            _ => return Err(Refusal::because("`signed` may hold {body}, {time}, {method} and {url}.")),
        });
        rest = close.and_then(|close| rest.get(close + 1..)).unwrap_or("");
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    if parts.contains(&Part::Body) { Ok(parts) } else { Err(Refusal::because("`signed` must hold {body}.")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_says_all_that_differs() {
        let description = "header=X-Acme; hash=sha1; encoding=base64; prefix=v1=; signed={time}.{body}; time=X-Acme-Time; secret=a;b=c";

        let judged = with(description, |scheme, secret| {
            assert_eq!(secret, "a;b=c");
            assert_eq!(scheme.headers, ["x-acme"]);
            assert_eq!((scheme.digest, scheme.encoding), (Digest::Sha1, Encoding::Base64));
            assert_eq!(scheme.signed, [Part::Time, Part::Text("."), Part::Body]);
            assert_eq!(scheme.age, Some(Age { header: Some(&["x-acme-time"]), in_ms: false, most_ms: MINUTES_5 }));
            Ok(())
        });

        assert_eq!(judged, Ok(()));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (wrong, word) in [
            ("header=X", "secret="),
            ("secret=abc", "header"),
            ("header=X; hash=md5; secret=abc", "hash=md5"),
            ("header=X; signed={time}; secret=abc", "{body}"),
            ("header=X; signed={body}{nonce}; secret=abc", "{url}"),
            ("header=X; signed={body; secret=abc", "{url}"),
        ] {
            let problem = parse(wrong).unwrap_err().problem;

            assert!(problem.contains(word), "{wrong}: {problem}");
        }
    }
}
