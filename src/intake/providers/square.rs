//! Square: `payment.updated` comes several times; money is there once its status says completed. The signature covers the
//! address that was typed into the dashboard, too.

use super::sale::Sale;
use super::vendor::{Id, Mark, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::reading::PaymentState::{Failed, Paid, Pending, Refunded};

/// See the file's head.
pub static SQUARE: Vendor = Vendor {
    id: "square",
    name: "Square",
    kind: "payment",
    proof: Proof::Scheme(&schemes::SQUARE),
    ids: &[Id::Path("event_id")],
    marks: &[Mark { path: "type", says: &["webhooks.test_notification"], means: Kind::Ignored }],
    refine: event,
    ..Vendor::PLAIN
};

const PAYMENT: Sale = Sale {
    names: &[
        "billing_address.first_name+billing_address.last_name",
        "shipping_address.first_name+shipping_address.last_name",
    ],
    emails: &["buyer_email_address"],
    what: &["note"],
    references: &["id"],
    amounts: &["total_money.amount", "amount_money.amount"],
    currencies: &["total_money.currency", "amount_money.currency"],
    ..Sale::NONE
};

const REFUND: Sale = Sale {
    references: &["payment_id"],
    amounts: &["amount_money.amount"],
    currencies: &["amount_money.currency"],
    refunds: &["id"],
    ..Sale::NONE
};

const INVOICE: Sale = Sale {
    names: &["primary_recipient.given_name+primary_recipient.family_name"],
    emails: &["primary_recipient.email_address"],
    phones: &["primary_recipient.phone_number"],
    what: &["title", "invoice_number"],
    references: &["id", "order_id"],
    amounts: &["payment_requests.0.total_completed_amount_money.amount"],
    currencies: &["payment_requests.0.total_completed_amount_money.currency"],
    ..Sale::NONE
};

const CUSTOMER: Sale = Sale {
    names: &["given_name+family_name", "company_name"],
    emails: &["email_address"],
    phones: &["phone_number"],
    messages: &["note"],
    ..Sale::NONE
};

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let object = |name: &str| tree.at(&format!("data.object.{name}"));
    let kind = tree.text_at("type").unwrap_or_default();
    let country = request.country;
    match (kind.as_ref(), object("payment"), object("refund")) {
        ("payment.created" | "payment.updated", Some(payment), _) => match payment.text_at("status").as_deref() {
            Some("COMPLETED") => PAYMENT.tell(reading, payment, Paid, country),
            Some("APPROVED" | "PENDING") => PAYMENT.tell(reading, payment, Pending, country),
            Some("FAILED") => PAYMENT.tell(reading, payment, Failed, country),
            _ => concerns_nobody(reading, SQUARE.name),
        },
        (_, _, Some(refund)) if refund.text_at("status").as_deref() == Some("COMPLETED") => {
            REFUND.tell(reading, refund, Refunded, country);
        }
        ("invoice.payment_made", ..) => match object("invoice") {
            Some(invoice) => INVOICE.tell(reading, invoice, Paid, country),
            None => concerns_nobody(reading, SQUARE.name),
        },
        ("customer.created", ..) => match object("customer") {
            Some(customer) => CUSTOMER.person(reading, customer, country),
            None => concerns_nobody(reading, SQUARE.name),
        },
        _ => concerns_nobody(reading, SQUARE.name),
    }
}
