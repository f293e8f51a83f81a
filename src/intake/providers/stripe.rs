//! Stripe: one sale sends up to four events in any order; they are told apart by nothing but their ids, and put together
//! by the payment's own. Amounts are its minor units. Source: docs.stripe.com/webhooks and /currencies.

use super::sale::{Sale, Unit};
use super::vendor::{Id, Mark, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::reading::PaymentState::{self, Failed, Paid, Pending, Refunded};

/// See the file's head.
pub static STRIPE: Vendor = Vendor {
    id: "stripe",
    name: "Stripe",
    kind: "payment",
    proof: Proof::Scheme(&schemes::STRIPE),
    ids: &[Id::Path("id")],
    marks: &[Mark { path: "livemode", says: &["false"], means: Kind::Test }],
    refine: event,
    ..Vendor::PLAIN
};

const BASE: Sale = Sale {
    references: &["payment_intent", "id", "latest_charge", "charge", "invoice"],
    currencies: &["currency"],
    unit: Unit::Stripe,
    ..Sale::NONE
};

const SESSION: Sale = Sale {
    names: &["customer_details.name", "customer_details.individual_name", "customer_details.business_name"],
    emails: &["customer_details.email", "customer_email"],
    phones: &["customer_details.phone"],
    messages: &["custom_fields.0.text.value"],
    what: &["client_reference_id"],
    amounts: &["amount_total"],
    ..BASE
};

const INTENT: Sale = Sale {
    names: &["shipping.name", "last_payment_error.payment_method.billing_details.name"],
    emails: &["receipt_email", "last_payment_error.payment_method.billing_details.email"],
    phones: &["shipping.phone", "last_payment_error.payment_method.billing_details.phone"],
    what: &["description"],
    amounts: &["amount_received", "amount"],
    reasons: &["last_payment_error.message", "last_payment_error.decline_code", "last_payment_error.code"],
    ..BASE
};

const CHARGE: Sale = Sale {
    names: &["billing_details.name"],
    emails: &["billing_details.email", "receipt_email"],
    phones: &["billing_details.phone"],
    what: &["description"],
    amounts: &["amount"],
    reasons: &["failure_message", "failure_code"],
    ..BASE
};

/// Since the API of 2025 an invoice names its payment two floors down.
const INVOICE: Sale = Sale {
    references: &["payment_intent", "payments.data.0.payment.payment_intent", "id", "charge"],
    names: &["customer_name"],
    emails: &["customer_email"],
    phones: &["customer_phone"],
    what: &["number"],
    amounts: &["amount_paid"],
    ..BASE
};

const CUSTOMER: Sale =
    Sale { names: &["name"], emails: &["email"], phones: &["phone"], what: &["description"], ..Sale::NONE };

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let (Some(kind), Some(object)) = (tree.text_at("type"), tree.at("data.object")) else {
        return concerns_nobody(reading, STRIPE.name);
    };
    let mut tell = |sale: &Sale, state: PaymentState| sale.tell(reading, object, state, request.country);
    match kind.as_ref() {
        "checkout.session.completed" => {
            let paid = matches!(object.text_at("payment_status").as_deref(), Some("paid" | "no_payment_required"));
            tell(&SESSION, if paid { Paid } else { Pending });
        }
        "checkout.session.async_payment_succeeded" => tell(&SESSION, Paid),
        "checkout.session.async_payment_failed" => tell(&SESSION, Failed),
        "payment_intent.succeeded" => tell(&INTENT, Paid),
        "payment_intent.payment_failed" => tell(&Sale { amounts: &["amount"], ..INTENT }, Failed),
        "charge.succeeded" => tell(&CHARGE, Paid),
        "charge.failed" => tell(&CHARGE, Failed),
        "charge.refunded" => tell(&Sale { amounts: &["amount_refunded"], ..CHARGE }, Refunded),
        "invoice.paid" | "invoice.payment_succeeded" => tell(&INVOICE, Paid),
        "invoice.payment_failed" => tell(&Sale { amounts: &["amount_due"], ..INVOICE }, Failed),
        "customer.created" => CUSTOMER.person(reading, object, request.country),
        _ => concerns_nobody(reading, STRIPE.name),
    }
}
