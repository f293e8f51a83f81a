//! WooCommerce: an order is money once it is processing or completed. A guest's order is told twice within a second; the
//! order's number puts the two together. Saving the hook sends a ping, which wants exactly 200.

use super::sale::{Sale, Unit, first};
use super::vendor::{Id, Mark, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::{self, Refusal, schemes};
use crate::lead::reading::PaymentState::{Failed, Paid, Pending, Refunded};

/// See the file's head.
pub static WOOCOMMERCE: Vendor = Vendor {
    id: "woocommerce",
    name: "WooCommerce (WordPress)",
    kind: "payment",
    proof: Proof::Own(verify),
    ids: &[Id::Header("x-wc-webhook-delivery-id")],
    marks: &[Mark { path: "webhook_id", says: &[], means: Kind::Ignored }],
    refine: event,
    ..Vendor::PLAIN
};

/// The ping is not signed, and says nothing that a stranger could use.
fn verify(request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
    let number = request.body.strip_prefix(b"webhook_id=").unwrap_or_default();
    if !number.is_empty() && number.len() < 20 && number.iter().all(u8::is_ascii_digit) {
        return Ok(());
    }
    signature::verify(&schemes::WOOCOMMERCE, request, secrets, now_ms)
}

const ORDER: Sale = Sale {
    names: &["billing.first_name+billing.last_name", "shipping.first_name+shipping.last_name", "billing.company"],
    emails: &["billing.email"],
    phones: &["billing.phone", "shipping.phone"],
    messages: &["customer_note"],
    what: &["line_items.0.name"],
    references: &["id"],
    amounts: &["total"],
    currencies: &["currency"],
    unit: Unit::Decimal,
    ..Sale::NONE
};

const CUSTOMER: Sale = Sale {
    names: &["first_name+last_name", "billing.first_name+billing.last_name"],
    emails: &["email", "billing.email"],
    phones: &["billing.phone"],
    ..Sale::NONE
};

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let country = first(tree, &["billing.country"]).unwrap_or_else(|| request.country.to_owned());
    let topic = request.first(&["x-wc-webhook-topic"]).unwrap_or("order.created");
    let mut tell = |state| ORDER.tell(reading, tree, state, &country);
    match (topic, tree.text_at("status").as_deref()) {
        ("customer.created", _) => CUSTOMER.person(reading, tree, &country),
        ("order.created" | "order.updated", Some(status)) => match status {
            "processing" | "completed" => tell(Paid),
            "pending" | "on-hold" => tell(Pending),
            "failed" => tell(Failed),
            "refunded" => tell(Refunded),
            _ => concerns_nobody(reading, WOOCOMMERCE.name),
        },
        _ => concerns_nobody(reading, WOOCOMMERCE.name),
    }
}
