//! Lemon Squeezy: orders and the payments of subscriptions, in minor units. No phone, and no id of a delivery.

use super::sale::{Sale, first};
use super::vendor::{Id, Mark, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::reading::PaymentState::{Failed, Paid, Pending, Refunded};

/// See the file's head.
pub static LEMON_SQUEEZY: Vendor = Vendor {
    id: "lemonsqueezy",
    name: "Lemon Squeezy",
    kind: "payment",
    proof: Proof::Scheme(&schemes::LEMON_SQUEEZY),
    ids: &[Id::Both("meta.event_name", "data.attributes.identifier"), Id::Both("meta.event_name", "data.id")],
    marks: &[Mark { path: "meta.test_mode", says: &["true"], means: Kind::Test }],
    refine: event,
    ..Vendor::PLAIN
};

const ORDER: Sale = Sale {
    names: &["attributes.user_name"],
    emails: &["attributes.user_email"],
    what: &["attributes.first_order_item.product_name"],
    references: &["attributes.identifier", "type+id"],
    amounts: &["attributes.total"],
    currencies: &["attributes.currency"],
    ..Sale::NONE
};

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let Some(data) = tree.get("data") else { return concerns_nobody(reading, LEMON_SQUEEZY.name) };
    let status = first(data, &["attributes.status"]).unwrap_or_default();
    let country = request.country;
    match tree.text_at("meta.event_name").as_deref() {
        Some("order_created") => match status.as_str() {
            "pending" => ORDER.tell(reading, data, Pending, country),
            "failed" => ORDER.tell(reading, data, Failed, country),
            _ => ORDER.tell(reading, data, Paid, country),
        },
        Some("subscription_payment_success") => ORDER.tell(reading, data, Paid, country),
        Some("subscription_payment_failed") => ORDER.tell(reading, data, Failed, country),
        Some("order_refunded" | "subscription_payment_refunded") => {
            let refund = Sale { amounts: &["attributes.refunded_amount", "attributes.total"], ..ORDER };
            refund.tell(reading, data, Refunded, country);
        }
        _ => concerns_nobody(reading, LEMON_SQUEEZY.name),
    }
}
