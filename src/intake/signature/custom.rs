//! An HMAC that nobody but the owner knows: its description travels in front of the secret.
//!
//! `header=X-Acme-Signature; hash=sha256; encoding=base64; prefix=sha256=; signed={body}; secret=…`. Only `header` and
//! `secret` are needed; `secret` comes last and is taken as it stands. `signed` may hold `{body}`, `{time}`, `{method}`
//! and `{url}`; with `time=X-Acme-Time` (seconds) or `time_ms=…` the signature's age is limited to five minutes.

use super::{Age, Digest, Encoding, Key, Layout, Names, Part, Refusal, Scheme};
use std::borrow::Cow;

/// A scheme described by its owner, and its secret.
///
/// # Errors
/// What cannot be understood, in words for whoever typed it.
pub fn parse(description: &str) -> Result<(Scheme, &str), Refusal> {
    let (described, secret) = description
        .split_once("secret=")
        .filter(|(_, secret)| !secret.is_empty())
        .ok_or_else(|| Refusal::because("The secret must end with `secret=…`."))?;
    let mut scheme = Scheme {
        headers: Cow::Borrowed(&[]),
        layout: Layout::Alone { prefix: Cow::Borrowed(""), optional: false, several: false },
        digest: Digest::Sha256,
        encoding: Encoding::Hex,
        signed: Cow::Borrowed(&[Part::Body]),
        key: Key::Text,
        age: None,
    };
    let mut time_header = None;
    for entry in described.split(';').map(str::trim).filter(|entry| !entry.is_empty()) {
        let (name, value) = entry.split_once('=').unwrap_or((entry, ""));
        match (name.trim(), value.trim()) {
            ("header", header) if !header.is_empty() => {
                scheme.headers = one(header);
            }
            ("hash", "sha256") => scheme.digest = Digest::Sha256,
            ("hash", "sha1") => scheme.digest = Digest::Sha1,
            ("encoding", "hex") => scheme.encoding = Encoding::Hex,
            ("encoding", "base64") => scheme.encoding = Encoding::Base64,
            ("prefix", prefix) => {
                scheme.layout = Layout::Alone { prefix: Cow::Owned(prefix.to_owned()), optional: false, several: false };
            }
            ("signed", template) => scheme.signed = Cow::Owned(parts(template)?),
            ("time", header) if !header.is_empty() => time_header = Some((header, false)),
            ("time_ms", header) if !header.is_empty() => time_header = Some((header, true)),
            (name, value) => {
                return Err(Refusal::because(format!("`{name}={value}` is not understood in the secret's description.")));
            }
        }
    }
    if scheme.headers.is_empty() {
        return Err(Refusal::because("The secret's description must name the header: `header=X-Signature; secret=…`."));
    }
    scheme.age = time_header.map(|(header, in_ms)| Age { header: Some(one(header)), in_ms, most_ms: 300_000 });
    Ok((scheme, secret))
}

fn one(header: &str) -> Names {
    Cow::Owned(vec![Cow::Owned(header.to_ascii_lowercase())])
}

fn parts(template: &str) -> Result<Vec<Part>, Refusal> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            parts.push(Part::Text(Cow::Owned(rest[..open].to_owned())));
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
        parts.push(Part::Text(Cow::Owned(rest.to_owned())));
    }
    if parts.contains(&Part::Body) { Ok(parts) } else { Err(Refusal::because("`signed` must hold {body}.")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_says_all_that_differs() {
        let (scheme, secret) =
            parse("header=X-Acme; hash=sha1; encoding=base64; prefix=v1=; signed={time}.{body}; time=X-Acme-Time; secret=a;b=c")
                .unwrap();

        assert_eq!(secret, "a;b=c");
        assert_eq!(scheme.headers[0], "x-acme");
        assert_eq!((scheme.digest, scheme.encoding), (Digest::Sha1, Encoding::Base64));
        assert_eq!(*scheme.signed, [Part::Time, Part::Text(".".into()), Part::Body]);
        assert_eq!(scheme.age, Some(Age { header: Some(one("x-acme-time")), in_ms: false, most_ms: 300_000 }));
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
