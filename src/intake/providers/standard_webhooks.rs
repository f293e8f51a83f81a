//! Anybody who follows Standard Webhooks, Svix among them: signed with a secret (`whsec_…`, version `v1`) or with a key
//! pair whose public half is the secret here (`whpk_…`, version `v1a`). A secret judges its own version only.

use super::Refusal;
use super::vendor::{Id, Proof, Vendor};
use crate::intake::reading::Request;
use crate::intake::signature::{self, DIFFERS, UNUSABLE, public_key, schemes};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// See the file's head.
pub static STANDARD_WEBHOOKS: Vendor = Vendor {
    id: "standard-webhooks",
    name: "Standard Webhooks",
    kind: "automation",
    proof: Proof::Own(verify),
    ids: &[Id::Header("webhook-id"), Id::Header("svix-id")],
    usable,
    ..Vendor::PLAIN
};

const PUBLIC: &str = "whpk_";

fn verify(request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
    let (public, shared): (Vec<&str>, Vec<&str>) = secrets.iter().partition(|secret| secret.starts_with(PUBLIC));
    let by_key = if public.is_empty() { None } else { Some(by_key_pair(request, &public, now_ms)) };
    match by_key {
        Some(Ok(())) => Ok(()),
        Some(refused) if shared.is_empty() => refused,
        _ => signature::verify(&schemes::STANDARD, request, &shared, now_ms),
    }
}

fn by_key_pair(request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
    let signed = signature::signed(&schemes::STANDARD_PUBLIC, request, now_ms)?;
    for secret in secrets {
        let key = key(secret)?;
        if signed.signatures.iter().any(|signature| public_key::ed25519(&key, &signed.text, signature)) {
            return Ok(());
        }
    }
    Err(Refusal::because(DIFFERS))
}

/// The 32 bytes of a public key.
fn key(secret: &str) -> Result<Vec<u8>, Refusal> {
    let key = secret.strip_prefix(PUBLIC).and_then(|text| STANDARD.decode(text).ok());
    key.filter(|key| key.len() == 32).ok_or_else(|| Refusal::because(UNUSABLE))
}

fn usable(secret: &str) -> Result<(), Refusal> {
    if secret.starts_with(PUBLIC) { key(secret).map(drop) } else { signature::usable(&schemes::STANDARD, secret) }
}
