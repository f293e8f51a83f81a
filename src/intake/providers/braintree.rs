//! Braintree: a form of two fields, one of them XML in base 64 with line breaks. The key is the hash of the private key;
//! the secret here is `public key|private key`, or the private key alone.

use super::sale::{Sale, Unit};
use super::vendor::{Proof, Vendor, concerns_nobody};
use super::{Handshake, Refusal};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::{Digest, fits, hex_hmac};
use crate::intake::xml;
use crate::lead::reading::PaymentState::{Failed, Paid};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

/// See the file's head.
pub static BRAINTREE: Vendor = Vendor {
    id: "braintree",
    name: "Braintree",
    kind: "payment",
    proof: Proof::Own(verify),
    refine: event,
    handshake: challenge,
    ..Vendor::PLAIN
};

const TRANSACTION: Sale = Sale {
    names: &["customer.first-name+customer.last-name", "billing.first-name+billing.last-name"],
    emails: &["customer.email"],
    phones: &["customer.phone"],
    what: &["order-id"],
    references: &["id"],
    amounts: &["amount"],
    currencies: &["currency-iso-code"],
    unit: Unit::Decimal,
    reasons: &["processor-response-text"],
    ..Sale::NONE
};

/// Public key if it was given, and the key of the HMAC.
fn keys(secret: &str) -> (Option<&str>, Vec<u8>) {
    let (public, private) = secret.split_once('|').map_or((None, secret), |(public, private)| (Some(public), private));
    (public, Sha1::digest(private.as_bytes()).to_vec())
}

fn fields(body: &[u8]) -> (String, String) {
    let mut found = (String::new(), String::new());
    for (name, value) in url::form_urlencoded::parse(body) {
        match name.as_ref() {
            "bt_signature" => found.0 = value.into_owned(),
            "bt_payload" => found.1 = value.into_owned(),
            _ => {}
        }
    }
    found
}

fn verify(request: &Request<'_>, secrets: &[&str], _now_ms: i64) -> Result<(), Refusal> {
    let (signatures, payload) = fields(request.body);
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'\n');
    let wrong =
        || Refusal::because("The signature does not fit. The keys at Braintree and here differ; paste them again.");
    if payload.is_empty() || !payload.bytes().all(plain) {
        return Err(wrong());
    }
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let (public, key) = keys(secret);
        let mine = signatures.split('&').filter_map(|pair| pair.split_once('|'));
        for (_, hex) in mine.filter(|(owner, _)| public.is_none_or(|public| public == *owner)) {
            let Ok(signature) = base16ct::lower::decode_vec(hex) else { continue };
            let texts = [payload.clone(), format!("{payload}\n")];
            if texts.iter().any(|text| fits(Digest::Sha1, &key, text.as_bytes(), &signature)) {
                return Ok(());
            }
        }
    }
    Err(wrong())
}

fn event(reading: &mut Reading, _tree: &Node, request: &Request<'_>) {
    let (_, payload) = fields(request.body);
    let compact: String = payload.split_whitespace().collect();
    let text = STANDARD.decode(compact).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let Some(tree) = text.as_deref().and_then(xml::parse) else {
        reading.kind = Kind::Unreadable;
        reading.problem = Some("A notification of Braintree's that could not be opened.".to_owned());
        return;
    };
    let tree = tree.get("notification").unwrap_or(&tree);
    let kind = tree.text_at("kind").unwrap_or_default();
    let transaction =
        tree.at("subject.transaction").or_else(|| tree.at("subject.subscription.transactions.transaction"));
    let state = match kind.as_ref() {
        "transaction_settled" | "subscription_charged_successfully" => Paid,
        "transaction_settlement_declined" | "subscription_charged_unsuccessfully" => Failed,
        _ => return concerns_nobody(reading, BRAINTREE.name),
    };
    let Some(transaction) = transaction else { return concerns_nobody(reading, BRAINTREE.name) };
    TRANSACTION.tell(reading, transaction, state, request.country);
    reading.event_id = transaction.text_at("id").map(|id| format!("{kind}:{id}"));
}

fn challenge(request: &Request<'_>, secrets: &[&str]) -> Option<Handshake> {
    let (_, challenge) =
        url::form_urlencoded::parse(request.query.as_bytes()).find(|(name, _)| name == "bt_challenge")?;
    let is_hex = (20..=32).contains(&challenge.len()) && challenge.bytes().all(|b| b.is_ascii_hexdigit());
    let (public, key) = keys(secrets.iter().find(|secret| secret.contains('|'))?);
    let body = format!("{}|{}", public.unwrap_or(""), hex_hmac(Digest::Sha1, &key, challenge.as_bytes()));
    is_hex.then_some(Handshake { status: 200, content_type: "text/plain; charset=utf-8", body })
}
