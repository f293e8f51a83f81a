//! Razorpay: events in any order, minor units, notes that are a list when they are empty, and an address that stands for
//! none.

use super::sale::Sale;
use super::vendor::{Id, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::reading::PaymentState::{Failed, Paid, Refunded};

/// See the file's head.
pub static RAZORPAY: Vendor = Vendor {
    id: "razorpay",
    name: "Razorpay",
    kind: "payment",
    proof: Proof::Scheme(&schemes::RAZORPAY),
    ids: &[Id::Header("x-razorpay-event-id")],
    refine: event,
    ..Vendor::PLAIN
};

const PAYMENT: Sale = Sale {
    names: &["notes.name", "notes.full_name", "notes.customer_name"],
    emails: &["email", "notes.email"],
    phones: &["contact", "notes.phone"],
    messages: &["notes.message"],
    what: &["description"],
    references: &["id", "order_id"],
    amounts: &["amount"],
    currencies: &["currency"],
    reasons: &["error_description", "error_code"],
    ..Sale::NONE
};

const REFUND: Sale =
    Sale { names: &[], references: &["payment_id"], amounts: &["amount"], refunds: &["id"], ..PAYMENT };

/// What Razorpay writes for a customer without an address.
const NOBODY: &str = "void@razorpay.com";

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let entity = |name: &str| tree.at(&format!("payload.{name}.entity"));
    let country = request.country;
    match (tree.text_at("event").as_deref(), entity("payment"), entity("refund")) {
        (Some("payment.captured" | "order.paid" | "payment_link.paid" | "invoice.paid"), Some(payment), _) => {
            PAYMENT.tell(reading, payment, Paid, country);
        }
        (Some("payment.failed"), Some(payment), _) => PAYMENT.tell(reading, payment, Failed, country),
        (Some("refund.processed"), _, Some(refund)) => REFUND.tell(reading, refund, Refunded, country),
        _ => concerns_nobody(reading, RAZORPAY.name),
    }
    reading.email = reading.email.take().filter(|email| email.as_str() != NOBODY);
}
