//! Wix. Automations, "Send HTTP request": unsigned, wants 200 within 1.25 s, repeats. Hooks of a Wix app: the body is a
//! JSON web token (RS256) that the app's public key opens, and in it JSON in JSON; the key is the secret here.

use super::Refusal;
use super::vendor::{Id, Proof, Vendor};
use crate::intake::reading::Request;
use crate::intake::signature::jwt::Token;
use crate::intake::signature::public_key::{RsaKey, rsa_sha256};
use serde_json::Value;

/// See the file's head.
pub static WIX: Vendor = Vendor {
    id: "wix",
    name: "Wix",
    proof: Proof::Sometimes(verify),
    open: event,
    ids: &[Id::Path("data.submissionId"), Id::Path("submissionId"), Id::Path("id")],
    leave_out: &[
        "data.formName",
        "data.formId",
        "data.contactId",
        "entityFqdn",
        "slug",
        "entityId",
        "eventTime",
        "createdEvent.entity.id",
        "createdEvent.entity.formId",
        "createdEvent.entity.namespace",
        "createdEvent.entity.status",
        "createdEvent.entity.contactId",
    ],
    ..Vendor::PLAIN
};

/// How far the clock that wrote a token may be ahead of ours, in seconds.
const AHEAD_SECS: i64 = 300;

/// With a public key as the secret the body must be a token of that key's; with any other, that secret must come along.
fn verify(request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
    let keys: Vec<RsaKey> = secrets.iter().filter_map(|secret| RsaKey::from_pem(secret)).collect();
    let others: Vec<&str> = secrets.iter().copied().filter(|secret| RsaKey::from_pem(secret).is_none()).collect();
    let refused = if keys.is_empty() { None } else { Some(by_key(request, &keys, now_ms)) };
    match refused {
        Some(Ok(())) => Ok(()),
        Some(refused) if others.is_empty() => refused,
        _ => super::generic().verify(request, &others, now_ms),
    }
}

fn by_key(request: &Request<'_>, keys: &[RsaKey], now_ms: i64) -> Result<(), Refusal> {
    let wrong = || {
        Refusal::because("The signature does not fit the public key. Copy the key of this app again from Wix, whole.")
    };
    let token = token(request.body).ok_or_else(wrong)?;
    if !keys.iter().any(|key| rsa_sha256(key, token.signed.as_bytes(), &token.signature)) {
        return Err(wrong());
    }
    let (now, at) = (now_ms.div_euclid(1_000), |claim: &str| token.claims[claim].as_i64());
    let is_in_time = at("exp").is_some_and(|until| now < until)
        && at("iat").is_some_and(|made| made <= now.saturating_add(AHEAD_SECS));
    if is_in_time { Ok(()) } else { Err(Refusal::because("The signature is too old, or from the future.")) }
}

fn token(body: &[u8]) -> Option<Token<'_>> {
    Token::parse(std::str::from_utf8(body).ok()?.trim(), "RS256")
}

/// The event in a token: JSON in the `data` of JSON in the claim `data`. As far down as it goes.
fn event(request: &Request<'_>) -> Option<String> {
    let mut at = token(request.body)?.claims;
    for _ in 0..2 {
        match at["data"].as_str().and_then(|text| serde_json::from_str::<Value>(text).ok()) {
            Some(inner) if inner.is_object() => at = inner,
            _ => break,
        }
    }
    Some(at.to_string())
}
