//! Paddle Billing: totals are minor units in text; the customer is mostly a number that another event explains.

use super::sale::Sale;
use super::vendor::{Id, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::reading::PaymentState::{self, Failed, Paid, Refunded};

/// See the file's head.
pub static PADDLE: Vendor = Vendor {
    id: "paddle",
    name: "Paddle",
    kind: "payment",
    proof: Proof::Scheme(&schemes::PADDLE),
    ids: &[Id::Path("event_id")],
    refine: event,
    ..Vendor::PLAIN
};

const TRANSACTION: Sale = Sale {
    names: &["custom_data.name"],
    emails: &["custom_data.email"],
    phones: &["custom_data.phone"],
    what: &["items.0.price.description", "invoice_number"],
    references: &["id"],
    amounts: &["details.totals.grand_total", "details.totals.total"],
    currencies: &["currency_code", "details.totals.currency_code"],
    reasons: &["payments.0.error_code"],
    ..Sale::NONE
};

const ADJUSTMENT: Sale = Sale {
    references: &["transaction_id"],
    amounts: &["totals.total"],
    currencies: &["currency_code", "totals.currency_code"],
    reasons: &["reason"],
    refunds: &["id"],
    ..Sale::NONE
};

const CUSTOMER: Sale = Sale { names: &["name"], emails: &["email"], ..Sale::NONE };

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let (Some(kind), Some(data)) = (tree.text_at("event_type"), tree.get("data")) else {
        return concerns_nobody(reading, PADDLE.name);
    };
    let mut tell = |sale: &Sale, state: PaymentState| sale.tell(reading, data, state, request.country);
    match kind.as_ref() {
        "transaction.completed" | "transaction.paid" => tell(&TRANSACTION, Paid),
        "transaction.payment_failed" => tell(&TRANSACTION, Failed),
        "adjustment.created" | "adjustment.updated"
            if data.text_at("action").as_deref() == Some("refund")
                && data.text_at("status").as_deref() == Some("approved") =>
        {
            tell(&ADJUSTMENT, Refunded);
        }
        "customer.created" => CUSTOMER.person(reading, data, request.country),
        _ => concerns_nobody(reading, PADDLE.name),
    }
}
