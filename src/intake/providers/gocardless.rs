//! GoCardless: up to 250 thin events in one request, each with an id of its own; a batch that is not answered well comes
//! again whole. Payments are asked for, the rest concerns nobody.

use super::vendor::{Id, Proof, Vendor, concerns_nobody, has_to_be_asked_for};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::schemes;

/// See the file's head.
pub static GOCARDLESS: Vendor = Vendor {
    id: "gocardless",
    name: "GoCardless",
    kind: "payment",
    proof: Proof::Scheme(&schemes::GOCARDLESS),
    ids: &[Id::Path("id")],
    refine: event,
    split: |tree| match tree.get("events") {
        Some(Node::List(events)) => events.clone(),
        _ => Vec::new(),
    },
    ..Vendor::PLAIN
};

fn event(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    let action = tree.text_at("action").unwrap_or_default();
    let what = match tree.text_at("resource_type").as_deref() {
        Some("payments") if matches!(action.as_ref(), "confirmed" | "failed" | "charged_back" | "cancelled") => {
            "payment"
        }
        Some("billing_requests") if action == "fulfilled" => "billing_request",
        _ => return concerns_nobody(reading, GOCARDLESS.name),
    };
    let Some(id) = tree.text_at(&format!("links.{what}")) else { return concerns_nobody(reading, GOCARDLESS.name) };
    has_to_be_asked_for(reading, what, &id);
}
