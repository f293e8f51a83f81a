//! Any form at all: whatever shape, whatever names. Unsigned by nature; with a secret it wants that secret in a header or
//! the query, or an HMAC of the raw body.

use super::{Provider, Refusal};
use crate::base::text::clean_line;
use crate::intake::flatten::{Answer, flatten_noting};
use crate::intake::reading::{Field, Kind, Reading, Request};
use crate::intake::recognise::recognise;
use crate::intake::several;
use crate::intake::sniff::{Shape, Sniffed, sniff};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// See the file's head.
pub struct Generic;

/// What the owner is told when a form was longer than we read.
const CUT: &str = "This was longer than we read (500 answers, 64 kB each). The whole is kept as it came.";
/// Longest id of a delivery, in characters.
const ID_MAX: usize = 2_000;
/// Headers under which senders repeat the id of one delivery.
const DELIVERY_IDS: &[&str] =
    &["webhook-id", "svix-id", "idempotency-key", "x-event-id", "x-delivery-id", "x-webhook-delivery"];
/// Names under which bodies carry the id of one submission.
const BODY_IDS: &[&str] = &[
    "id",
    "event_id",
    "eventid",
    "submission_id",
    "submissionid",
    "entry_id",
    "entryid",
    "response_id",
    "responseid",
    "lead_id",
    "leadid",
    "uuid",
];

impl Provider for Generic {
    fn id(&self) -> &'static str {
        "generic"
    }

    fn name(&self) -> &'static str {
        "Any form"
    }

    fn kind(&self) -> &'static str {
        "form"
    }

    fn signed(&self) -> bool {
        false
    }

    fn verify(&self, request: &Request<'_>, secrets: &[&str], _now_ms: i64) -> Result<(), Refusal> {
        for name in ["x-leadbell-signature", "x-hub-signature-256", "x-signature"] {
            match request.all(name).as_slice() {
                [] => {}
                [one] => {
                    return if secrets.iter().any(|s| signed_by(s, request.body, one)) {
                        Ok(())
                    } else {
                        Err(refusal("The signature does not fit the secret. Paste the secret again on both sides."))
                    };
                }
                _ => return Err(refusal("The signature came twice.")),
            }
        }
        let mut tokens: Vec<String> = request.all("x-leadbell-secret").into_iter().map(str::to_owned).collect();
        let bearers = request.all("authorization");
        tokens.extend(bearers.iter().filter_map(|v| v.strip_prefix("Bearer ").map(str::to_owned)));
        tokens.extend(
            url::form_urlencoded::parse(request.query.as_bytes())
                .filter(|(name, _)| matches!(name.as_ref(), "secret" | "key"))
                .map(|(_, value)| value.into_owned()),
        );
        match tokens.as_slice() {
            [] => Err(refusal("No signature and no secret came with this. Send the secret as X-Leadbell-Secret.")),
            [one] if secrets.iter().any(|s| bool::from(s.as_bytes().ct_eq(one.as_bytes()))) => Ok(()),
            _ => Err(refusal("The secret is wrong. Paste it again on both sides.")),
        }
    }

    fn read(&self, request: &Request<'_>) -> Reading {
        read_tree(request, &sniff(request))
    }
}

/// Reads a body that is a tree already.
pub(super) fn read_tree(request: &Request<'_>, sniffed: &Sniffed) -> Reading {
    let flat = flatten_noting(&sniffed.tree);
    let answers = flat.answers;
    let mut reading = several::read(&sniffed.tree, request.country, sniffed.files)
        .unwrap_or_else(|| recognise(&answers, request.country, sniffed.files));
    if flat.cut {
        reading.fields.push(Field { label: "Left out".to_owned(), value: CUT.to_owned() });
    }
    if is_ping(&answers, reading.kind) {
        reading.kind = Kind::Ignored;
        reading.problem = Some("A ping: it concerns nobody.".to_owned());
    } else if sniffed.shape == Shape::Empty {
        reading.kind = Kind::Unreadable;
        reading.problem = Some("Nothing came: the body was empty.".to_owned());
    }
    reading.event_id = header_id(request).or_else(|| body_id(&answers)).and_then(clean_id);
    if is_test(request) && matches!(reading.kind, Kind::Lead | Kind::Spam) {
        reading.kind = Kind::Test;
    }
    reading
}

/// An id that can stand in a log line and a page. It is long only where somebody plays.
pub(super) fn clean_id(id: String) -> Option<String> {
    Some(clean_line(&id, ID_MAX)).filter(|id| !id.is_empty())
}

fn refusal(problem: &str) -> Refusal {
    Refusal::because(problem)
}

fn signed_by(secret: &str, body: &[u8], signature: &str) -> bool {
    let text = signature.strip_prefix("sha256=").unwrap_or(signature);
    let decoded =
        base16ct::mixed::decode_vec(text).ok().filter(|b| b.len() == 32).or_else(|| STANDARD.decode(text).ok());
    let Some(bytes) = decoded else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(body);
    mac.verify_slice(&bytes).is_ok()
}

/// `?test=1` or `X-Leadbell-Test: 1`.
fn is_test(request: &Request<'_>) -> bool {
    request.headers.iter().any(|(name, value)| name == "x-leadbell-test" && value.trim() == "1")
        || url::form_urlencoded::parse(request.query.as_bytes()).any(|(name, value)| name == "test" && value == "1")
}

/// The event says that it is a ping, or there is nobody in it and it calls itself a test. The ping that WooCommerce sends
/// when a hook is saved holds a number and nothing else.
fn is_ping(answers: &[Answer], kind: Kind) -> bool {
    let nobody = kind == Kind::Unreadable;
    let named = |answer: &Answer| {
        let key = answer.key.to_ascii_lowercase().replace(['_', '-'], "");
        matches!(
            key.as_str(),
            "event" | "type" | "eventtype" | "action" | "ping" | "topic" | "triggerevent" | "trigger"
        ) && answer.path.is_empty()
    };
    let word = |answer: &Answer| answer.text().trim().to_ascii_lowercase();
    let filled: Vec<&Answer> = answers.iter().filter(|a| !a.values.is_empty()).collect();
    filled.iter().any(|a| named(a) && matches!(word(a).as_str(), "ping" | "webhook.ping"))
        || nobody
            && filled.len() <= 4
            && filled
                .iter()
                .any(|a| named(a) && matches!(word(a).as_str(), "test" | "webhook.test" | "true" | "verification"))
        || nobody && matches!(filled.as_slice(), [one] if one.key == "webhook_id")
}

fn header_id(request: &Request<'_>) -> Option<String> {
    DELIVERY_IDS
        .iter()
        .find_map(|wanted| request.headers.iter().find(|(name, _)| name == wanted))
        .map(|(_, value)| value.trim().to_owned())
        .filter(|v| !v.is_empty())
}

/// Only an id that can be nothing else: at the top, and shaped like a token. A constant taken for one would swallow leads.
fn body_id(answers: &[Answer]) -> Option<String> {
    answers
        .iter()
        .filter(|a| {
            a.path.len() <= 1
                && !a.is_number
                && BODY_IDS.contains(&a.key.to_ascii_lowercase().replace('-', "_").as_str())
        })
        .map(|a| a.text().trim().to_owned())
        .find(|id| {
            id.len() >= 16
                && id.len() <= 120
                && id.chars().any(|c| c.is_ascii_digit())
                && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        })
}
