//! GoCardless: up to 250 thin events in one request, each with an id of its own; a batch that is not answered well comes
//! again whole. Payments and fulfilled billing requests are asked for, the rest concerns nobody. A payment names its
//! mandate and the mandate its customer, so three answers make one.

use super::sale::{Sale, Unit};
use super::vendor::{Id, Proof, Vendor, concerns_nobody, has_to_be_asked_for};
use crate::base::money::Money;
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::fetch::{Asking, Call, Place, Shape, Step};
use crate::lead::reading::About;
use crate::lead::reading::PaymentState::{self, Failed, Paid, Pending, Refunded};

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
    asking: Some(&ASKING),
    refine_answer: told,
    ..Vendor::PLAIN
};

/// Paths, the header that names the version, states and fields as in <https://developer.gocardless.com/api-reference/>.
static ASKING: Asking = Asking {
    host: "api.gocardless.com",
    place: Place::Bearer,
    headers: &[("gocardless-version", "2015-07-06")],
    token: "a read-only access token (live_…)",
    found: "GoCardless makes one under Developers, Create, Access token.",
    calls: &[
        Call {
            what: "payment",
            noun: "payment",
            path: "/payments/",
            query: "",
            id: Shape::Prefix("PM"),
            changes: true,
            then: &[
                Step { at: "/payments/links/mandate", path: "/mandates/", id: Shape::Prefix("MD") },
                Step { at: "/mandates/links/customer", path: "/customers/", id: Shape::Prefix("CU") },
            ],
        },
        Call {
            what: "billing_request",
            noun: "billing request",
            path: "/billing_requests/",
            query: "",
            id: Shape::Prefix("BRQ"),
            changes: true,
            then: &[Step { at: "/billing_requests/links/customer", path: "/customers/", id: Shape::Prefix("CU") }],
        },
    ],
    codes: &[],
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

/// A payment with its customer. A name of a firm stands in for a person's.
const PAYMENT: Sale = Sale {
    names: &["customers.given_name+customers.family_name", "customers.company_name"],
    emails: &["customers.email"],
    phones: &["customers.phone_number"],
    what: &["payments.description", "payments.reference"],
    references: &["payments.id"],
    amounts: &["payments.amount"],
    currencies: &["payments.currency"],
    unit: Unit::Minor,
    reasons: &["payments.status"],
    ..Sale::NONE
};

const GIVEN_BACK: Sale = Sale { amounts: &["payments.amount_refunded"], ..PAYMENT };

/// A billing request may have asked for a payment, whose own events tell what became of it, or for a mandate alone.
const REQUEST: Sale = Sale {
    names: &[
        "customers.given_name+customers.family_name",
        "billing_requests.resources.customer.given_name+billing_requests.resources.customer.family_name",
        "customers.company_name",
        "billing_requests.resources.customer.company_name",
    ],
    emails: &["customers.email", "billing_requests.resources.customer.email"],
    phones: &["customers.phone_number", "billing_requests.resources.customer.phone_number"],
    what: &["billing_requests.payment_request.description"],
    references: &["billing_requests.links.payment_request_payment", "billing_requests.id"],
    amounts: &["billing_requests.payment_request.amount"],
    currencies: &["billing_requests.payment_request.currency"],
    unit: Unit::Minor,
    ..Sale::NONE
};

/// What came of a question: how a payment stands, or who agreed to pay.
fn told(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    if tree.get("billing_requests").is_some() {
        return requested(reading, tree, request);
    }
    let is_back = GIVEN_BACK.money(tree).is_some_and(|money| money.minor > 0);
    let (sale, state) = match state(tree) {
        Some(Paid) if is_back => (GIVEN_BACK, Refunded),
        Some(state) => (PAYMENT, state),
        None => return concerns_nobody(reading, GOCARDLESS.name),
    };
    sale.tell(reading, tree, state, request.country);
    let of: Option<Money> = PAYMENT.money(tree).filter(|_| state == Refunded);
    if let About::Payment(event) = &mut reading.about {
        event.of = of;
    }
}

/// Money that the bank took back whole counts as given back.
fn state(tree: &Node) -> Option<PaymentState> {
    match tree.text_at("payments.status")?.as_ref() {
        "confirmed" | "paid_out" => Some(Paid),
        "pending_customer_approval" | "pending_submission" | "submitted" => Some(Pending),
        "failed" | "cancelled" | "customer_approval_denied" => Some(Failed),
        "charged_back" => Some(Refunded),
        _ => None,
    }
}

fn requested(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    if REQUEST.money(tree).is_some() {
        REQUEST.tell(reading, tree, Pending, request.country);
    } else {
        REQUEST.person(reading, tree, request.country);
    }
}
