//! One verifier for everybody who signs with an HMAC: what differs between vendors is a row of a table ([`schemes`]).
//!
//! The raw body, the headers, the secrets and the moment come in; a yes or a refusal in plain words goes out. Compared
//! in constant time, over the bytes as they came, before anything is parsed. Several secrets and several signatures are
//! accepted at once, so that a secret can be changed without losing a submission. A header that comes twice is refused
//! unless the vendor is known to do so, and hex is lower case, as every vendor writes it: what is lenient in reading a
//! signature is lenient for forgers too.

pub mod custom;
pub mod jwt;
pub mod public_key;
pub mod schemes;

use super::reading::Request;
use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;

/// Why a request is not authentic, in words for the sender and the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// One plain sentence.
    pub problem: String,
}

impl Refusal {
    /// A refusal for this reason.
    pub fn because(problem: impl Into<String>) -> Self {
        Self { problem: problem.into() }
    }
}

/// Names of headers, lower case, in order of preference.
pub type Names<'a> = &'a [&'a str];

/// How one vendor signs.
#[derive(Clone, Copy, Debug)]
pub struct Scheme<'a> {
    /// Where the signature is; the first that came counts.
    pub headers: Names<'a>,
    /// How it stands there.
    pub layout: Layout<'a>,
    /// The hash inside the HMAC.
    pub digest: Digest,
    /// How the signature's bytes are written.
    pub encoding: Encoding,
    /// What is signed, piece by piece.
    pub signed: &'a [Part<'a>],
    /// How the secret becomes the key.
    pub key: Key,
    /// The limit of its age; none where the vendor signs no time.
    pub age: Option<Age<'a>>,
}

/// How a signature stands in its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout<'a> {
    /// Alone, behind a prefix such as `sha256=`.
    Alone {
        /// What stands before it.
        prefix: &'a str,
        /// Whether it may be left out.
        optional: bool,
        /// Whether several may come, on lines of their own or joined by commas.
        several: bool,
    },
    /// Among pairs: `t=…,v1=…`; several signatures may come.
    Pairs {
        /// What stands between pairs.
        between: char,
        /// The name of the time.
        time: &'a str,
        /// The name of each signature.
        signature: &'a str,
    },
    /// `v1,…` entries between spaces; those of other versions are passed over.
    Versions {
        /// The version that counts, with its comma: `v1,`.
        label: &'a str,
    },
}

/// The hash inside the HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-1.
    Sha1,
}

/// How bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Lower-case hex.
    Hex,
    /// Base 64 with padding.
    Base64,
}

/// One piece of the signed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// The raw body.
    Body,
    /// The time, as it was written.
    Time,
    /// These characters.
    Text(&'a str),
    /// The value of the first of these headers that came; it must be there.
    Header(Names<'a>),
    /// `POST` and so on.
    Method,
    /// The address that the sender called, as configured.
    Url,
    /// The same with its escapes undone, but for the question mark.
    UrlUnescaped,
}

/// How the secret becomes the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// Its characters.
    Text,
    /// Base 64 behind `whsec_`, which may be left out, as may the padding.
    Whsec,
    /// Its characters once HTML's entities are undone.
    HtmlText,
}

/// The limit of a signature's age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age<'a> {
    /// Where the time stands, if not among the pairs of the signature.
    pub header: Option<Names<'a>>,
    /// Whether it counts milliseconds rather than seconds since 1970.
    pub in_ms: bool,
    /// How far from now it may be, in either direction, in milliseconds.
    pub most_ms: i64,
}

/// Base 64 whose padding may be missing, for keys.
const UNPADDED: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What came: the time as written, and every signature that could be the right one.
struct Claim<'a> {
    time: Option<&'a str>,
    signatures: Vec<&'a str>,
}

/// Whether the request is authentic under one of the secrets. `now_ms` judges its age.
///
/// # Errors
/// [`Refusal`], worded for the sender and the owner.
pub fn verify(scheme: &Scheme<'_>, request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
    let signed = signed(scheme, request, now_ms)?;
    for secret in secrets {
        let key = key(secret, scheme.key)?;
        if signed.signatures.iter().any(|signature| fits(scheme.digest, &key, &signed.text, signature)) {
            return Ok(());
        }
    }
    Err(Refusal::because(DIFFERS))
}

/// What the sender of a request signed, its age already judged: what is left is whether a signature fits.
#[derive(Debug)]
pub struct Signed {
    /// The signed text.
    pub text: Vec<u8>,
    /// Every signature that came with it.
    pub signatures: Vec<Vec<u8>>,
}

/// Takes a request apart as a scheme says, for signatures that are no HMAC.
///
/// # Errors
/// [`Refusal`], when there is no signature or it is too old.
pub fn signed(scheme: &Scheme<'_>, request: &Request<'_>, now_ms: i64) -> Result<Signed, Refusal> {
    let claim = claim(scheme, request)?;
    if let Some(age) = &scheme.age {
        in_time(age, claim.time, now_ms)?;
    }
    let text = text(scheme, request, &claim)?;
    Ok(Signed { text, signatures: claim.signatures.iter().filter_map(|s| decode(s, scheme)).collect() })
}

/// What a sender and an owner are told when no signature fits.
pub const DIFFERS: &str = "The signature does not fit the secret. The secret there and here differ; paste it again.";

fn claim<'a>(scheme: &Scheme<'_>, request: &Request<'a>) -> Result<Claim<'a>, Refusal> {
    let lines = scheme.headers.iter().map(|name| request.all(name)).find(|lines| !lines.is_empty());
    let Some(lines) = lines else {
        return Err(Refusal::because(format!(
            "No signature came with this: the header {} is missing. Set the secret at the sender too.",
            scheme.headers.first().unwrap_or(&"")
        )));
    };
    let may_repeat = matches!(scheme.layout, Layout::Alone { several: true, .. });
    if lines.len() > 1 && !may_repeat {
        return Err(Refusal::because("The signature came twice."));
    }
    let time = scheme.age.and_then(|age| age.header).and_then(|names| request.first(names));
    let mut claim = Claim { time, signatures: Vec::new() };
    for line in lines {
        match scheme.layout {
            Layout::Alone { prefix, optional, several } => {
                let entries = line.split(if several { ',' } else { '\0' }).map(str::trim);
                claim.signatures.extend(entries.filter_map(|entry| match entry.strip_prefix(prefix) {
                    Some(rest) => Some(rest),
                    None => optional.then_some(entry),
                }));
            }
            Layout::Pairs { between, time, signature } => {
                for (name, value) in line.split(between).filter_map(|pair| pair.trim().split_once('=')) {
                    if name == time && claim.time.is_none() {
                        claim.time = Some(value);
                    } else if name == signature {
                        claim.signatures.push(value);
                    }
                }
            }
            Layout::Versions { label } => {
                claim.signatures.extend(line.split(' ').filter_map(|entry| entry.strip_prefix(label)));
            }
        }
    }
    Ok(claim)
}

fn in_time(age: &Age<'_>, written: Option<&str>, now_ms: i64) -> Result<(), Refusal> {
    let stamp = written.filter(|t| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse::<i64>().ok());
    let Some(stamp) = stamp else {
        return Err(Refusal::because("The signature carries no time, or one that cannot be read."));
    };
    let at = if age.in_ms { stamp } else { stamp.saturating_mul(1_000) };
    // Judged in the sender's own unit, so that the last second of the limit counts whole.
    let grain = if age.in_ms { 1 } else { 1_000 };
    if (now_ms.div_euclid(grain) * grain).saturating_sub(at).saturating_abs() > age.most_ms {
        return Err(Refusal::because(
            "The signature is too old, or from the future. If this goes on, a clock is wrong: check it on this server.",
        ));
    }
    Ok(())
}

fn text(scheme: &Scheme<'_>, request: &Request<'_>, claim: &Claim<'_>) -> Result<Vec<u8>, Refusal> {
    let mut text = Vec::with_capacity(request.body.len() + 128);
    for part in scheme.signed {
        match *part {
            Part::Body => text.extend_from_slice(request.body),
            Part::Time => text.extend_from_slice(claim.time.unwrap_or("").as_bytes()),
            Part::Text(words) => text.extend_from_slice(words.as_bytes()),
            Part::Header(names) => match request.first(names) {
                Some(value) if !value.is_empty() => text.extend_from_slice(value.as_bytes()),
                _ => return Err(Refusal::because(format!("The header {} is missing, which is signed too.", names[0]))),
            },
            Part::Method => text.extend_from_slice(request.method.as_bytes()),
            Part::Url => text.extend_from_slice(request.url.as_bytes()),
            Part::UrlUnescaped => text.extend_from_slice(&unescaped(request.url)),
        }
    }
    Ok(text)
}

/// Undoes `%XX`, but for the question mark, which would change what is query and what is path.
fn unescaped(url: &str) -> Vec<u8> {
    let bytes = url.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = bytes.get(at + 1..at + 3).and_then(|hex| base16ct::mixed::decode_vec(hex).ok());
        match escaped.as_deref() {
            Some([code]) if byte == b'%' && *code != b'?' => {
                out.push(*code);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Whether a secret can be one under this scheme: its bytes can be had from what was typed.
///
/// # Errors
/// [`Refusal`], worded for whoever typed it.
pub fn usable(scheme: &Scheme<'_>, secret: &str) -> Result<(), Refusal> {
    key(secret, scheme.key).map(drop)
}

fn key(secret: &str, key: Key) -> Result<Vec<u8>, Refusal> {
    let bytes = match key {
        Key::Text => secret.as_bytes().to_vec(),
        Key::HtmlText => html_text(secret).into_bytes(),
        Key::Whsec => {
            let text = secret.strip_prefix("whsec_").unwrap_or(secret);
            UNPADDED.decode(text).map_err(|_| Refusal::because(UNUSABLE))?
        }
    };
    if bytes.is_empty() { Err(Refusal::because(UNUSABLE)) } else { Ok(bytes) }
}

/// What whoever types a secret is told when it cannot be one.
pub const UNUSABLE: &str = "The secret stored here cannot be one. Copy it again from the sender, whole.";

/// The five entities that WordPress writes.
fn html_text(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#039;", "'").replace("&amp;", "&")
}

fn decode(signature: &str, scheme: &Scheme<'_>) -> Option<Vec<u8>> {
    match scheme.encoding {
        Encoding::Hex => base16ct::lower::decode_vec(signature).ok(),
        Encoding::Base64 => STANDARD.decode(signature).ok(),
    }
}

/// Whether the signature is the whole HMAC of the text. Constant in time for signatures of the right length.
pub fn fits(digest: Digest, key: &[u8], text: &[u8], signature: &[u8]) -> bool {
    match digest {
        Digest::Sha256 => {
            Hmac::<Sha256>::new_from_slice(key).is_ok_and(|mac| mac.chain_update(text).verify_slice(signature).is_ok())
        }
        Digest::Sha1 => {
            Hmac::<Sha1>::new_from_slice(key).is_ok_and(|mac| mac.chain_update(text).verify_slice(signature).is_ok())
        }
    }
}

/// The HMAC of a text, in lower-case hex: what a handshake answers.
pub fn hex_hmac(digest: Digest, key: &[u8], text: &[u8]) -> String {
    let bytes: Vec<u8> = match digest {
        Digest::Sha256 => Hmac::<Sha256>::new_from_slice(key)
            .map_or_else(|_| Vec::new(), |m| m.chain_update(text).finalize().into_bytes().to_vec()),
        Digest::Sha1 => Hmac::<Sha1>::new_from_slice(key)
            .map_or_else(|_| Vec::new(), |m| m.chain_update(text).finalize().into_bytes().to_vec()),
    };
    base16ct::lower::encode_string(&bytes)
}

#[cfg(test)]
mod tests;
