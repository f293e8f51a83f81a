//! Shopify: the topic is in a header, the order's `name` is its number and never a person, amounts are decimal text, ids
//! are larger than a float can hold.

use super::sale::{Sale, Unit, first};
use super::vendor::{Id, Mark, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::reading::PaymentState::{Failed, Paid, Pending, Refunded};

/// See the file's head.
pub static SHOPIFY: Vendor = Vendor {
    id: "shopify",
    name: "Shopify",
    kind: "payment",
    proof: Proof::Scheme(&schemes::SHOPIFY),
    ids: &[Id::Header("shopify-webhook-id"), Id::Header("x-shopify-webhook-id")],
    marks: &[Mark { path: "test", says: &["true"], means: Kind::Test }],
    refine: event,
    ..Vendor::PLAIN
};

const ORDER: Sale = Sale {
    names: &[
        "customer.first_name+customer.last_name",
        "billing_address.name",
        "billing_address.first_name+billing_address.last_name",
        "shipping_address.name",
    ],
    emails: &["email", "contact_email", "customer.email"],
    phones: &["phone", "customer.phone", "billing_address.phone", "shipping_address.phone"],
    messages: &["note"],
    what: &["line_items.0.title"],
    references: &["id"],
    amounts: &["total_price"],
    currencies: &["currency"],
    unit: Unit::Decimal,
    ..Sale::NONE
};

const REFUND: Sale = Sale {
    messages: &[],
    reasons: &["note"],
    references: &["order_id"],
    amounts: &["transactions.0.amount"],
    currencies: &["transactions.0.currency"],
    refunds: &["id"],
    ..ORDER
};

const CUSTOMER: Sale = Sale {
    names: &["first_name+last_name"],
    emails: &["email"],
    phones: &["phone"],
    messages: &["note"],
    ..Sale::NONE
};

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let topic = request.first(&["shopify-topic", "x-shopify-topic"]).unwrap_or("");
    let country = first(tree, &["billing_address.country_code", "customer.default_address.country_code"])
        .unwrap_or_else(|| request.country.to_owned());
    match topic {
        "customers/create" => CUSTOMER.person(reading, tree, &country),
        "refunds/create" => REFUND.tell(reading, tree, Refunded, &country),
        "orders/create" | "orders/paid" | "orders/updated" | "" => match tree.text_at("financial_status").as_deref() {
            Some("paid" | "partially_paid" | "partially_refunded") => ORDER.tell(reading, tree, Paid, &country),
            Some("pending" | "authorized") | None => ORDER.tell(reading, tree, Pending, &country),
            Some("voided") => ORDER.tell(reading, tree, Failed, &country),
            _ => concerns_nobody(reading, SHOPIFY.name),
        },
        _ => concerns_nobody(reading, SHOPIFY.name),
    }
}
