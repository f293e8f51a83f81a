//! LinkedIn Lead Sync: events name a lead response; its answers are asked for later. Every two hours LinkedIn asks for
//! an HMAC of a word of its own, and blocks an address that fails three times.

use super::Handshake;
use super::vendor::{Proof, Vendor, has_to_be_asked_for};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::{Digest, hex_hmac, schemes};

/// See the file's head.
pub static LINKEDIN: Vendor = Vendor {
    id: "linkedin",
    name: "LinkedIn lead ads",
    kind: "ads",
    proof: Proof::Scheme(&schemes::LINKEDIN),
    refine: lead,
    handshake: challenge,
    ..Vendor::PLAIN
};

fn lead(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    let names = ["leadGenFormResponse", "leadGenFormResponseUrn", "leadFormResponse", "leadFormResponseUrn"];
    let Some(id) = names.iter().find_map(|name| tree.text_at(name)) else { return };
    reading.event_id = Some(id.clone().into_owned());
    has_to_be_asked_for(reading, "lead response", &id);
}

fn challenge(request: &Request<'_>, secrets: &[&str]) -> Option<Handshake> {
    let (_, code) = url::form_urlencoded::parse(request.query.as_bytes()).find(|(name, _)| name == "challengeCode")?;
    let secret = secrets.iter().find(|secret| !secret.is_empty())?;
    let answer = hex_hmac(Digest::Sha256, secret.as_bytes(), code.as_bytes());
    let body = serde_json::json!({"challengeCode": code, "challengeResponse": answer}).to_string();
    Some(Handshake { status: 200, content_type: "application/json", body })
}
