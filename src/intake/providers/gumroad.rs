//! Gumroad's ping: a form, unsigned, prices in minor units, the seller's own questions among `custom_fields`.

use super::sale::{Sale, first};
use super::vendor::{Id, Mark, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::lead::reading::PaymentState::{Paid, Refunded};

/// See the file's head.
pub static GUMROAD: Vendor = Vendor {
    id: "gumroad",
    name: "Gumroad",
    kind: "payment",
    ids: &[Id::Path("sale_id")],
    marks: &[Mark { path: "test", says: &["true"], means: Kind::Test }],
    refine: event,
    ..Vendor::PLAIN
};

const SALE: Sale = Sale {
    names: &["full_name"],
    emails: &["email"],
    what: &["product_name"],
    references: &["sale_id"],
    amounts: &["price"],
    currencies: &["currency"],
    ..Sale::NONE
};

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let refunded = tree.text_at("refunded").as_deref() == Some("true");
    let state = match tree.text_at("resource_name").as_deref() {
        Some("sale") | None if !refunded => Paid,
        Some("sale" | "refund") | None => Refunded,
        Some(_) => return concerns_nobody(reading, GUMROAD.name),
    };
    // The number and the wish stand among the seller's own questions, whatever they are called there.
    let (phone, given, message) = (reading.phone.take(), reading.phone_as_given.take(), reading.message.take());
    SALE.tell(reading, tree, state, request.country);
    if let Some(id) = first(tree, &["sale_id"]).filter(|_| state == Refunded) {
        reading.event_id = Some(format!("refund:{id}"));
    }
    (reading.phone, reading.phone_as_given, reading.message) = (phone, given, message);
}
