//! Mollie: the classic hook posts the same bare id for every change and signs nothing, so its state is asked for; the
//! newer events carry the payment and are signed, by two secrets for a day after a change.

use super::sale::{Sale, Unit};
use super::vendor::{Id, Proof, Vendor, concerns_nobody, has_to_be_asked_for};
use crate::base::money::Money;
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::{self, Refusal, schemes};
use crate::lead::fetch::{Asking, Call, Place, Shape};
use crate::lead::reading::About;
use crate::lead::reading::PaymentState::{Failed, Paid, Pending, Refunded};

/// See the file's head.
pub static MOLLIE: Vendor = Vendor {
    id: "mollie",
    name: "Mollie",
    kind: "payment",
    proof: Proof::Own(verify),
    refine: event,
    ids: &[Id::Both("type", "id")],
    asking: Some(&ASKING),
    refine_answer: payment,
    ..Vendor::PLAIN
};

static ASKING: Asking = Asking {
    host: "api.mollie.com",
    place: Place::Bearer,
    headers: &[],
    token: "an API key (live_…)",
    found: "Mollie shows it under Developers, API keys.",
    calls: &[Call {
        what: "payment",
        noun: "payment",
        path: "/v2/payments/",
        query: "",
        id: Shape::Prefix("tr_"),
        changes: true,
        then: &[],
    }],
    codes: &[],
};

const ENTITY: Sale = Sale {
    names: &["billingAddress.givenName+billingAddress.familyName", "details.consumerName"],
    emails: &["billingAddress.email", "billingEmail"],
    phones: &["billingAddress.phone"],
    what: &["description"],
    references: &["id"],
    amounts: &["amount.value"],
    currencies: &["amount.currency"],
    unit: Unit::Decimal,
    ..Sale::NONE
};

/// A payment that was asked for by its number.
const PAYMENT: Sale = Sale { reasons: &["details.failureReason", "status"], ..ENTITY };

/// The same with what was given back so far: by the shop, or by the customer's bank.
const GIVEN_BACK: Sale =
    Sale { amounts: &["amountRefunded.value"], currencies: &["amountRefunded.currency"], ..PAYMENT };
const CHARGED_BACK: Sale =
    Sale { amounts: &["amountChargedBack.value"], currencies: &["amountChargedBack.currency"], ..PAYMENT };

/// A refund names the payment that it is of.
const REFUND: Sale = Sale { references: &["paymentId"], refunds: &["id"], ..ENTITY };

/// A missing signature can only ever mean: this is the classic hook, whose id is looked up and believed in nothing else.
fn verify(request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
    if request.first(&["x-mollie-signature"]).is_none() && classic_id(request.body).is_some() {
        return Ok(());
    }
    signature::verify(&schemes::MOLLIE, request, secrets, now_ms)
}

/// `id=tr_…` and nothing else.
fn classic_id(body: &[u8]) -> Option<&str> {
    let id = std::str::from_utf8(body.trim_ascii()).ok()?.strip_prefix("id=")?;
    let known = ["tr_", "ord_", "sub_", "mdt_"].iter().any(|prefix| id.starts_with(prefix));
    (known && id.len() < 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')).then_some(id)
}

fn event(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    if let Some(id) = classic_id(request.body) {
        // The same id comes for every change: each is asked for anew.
        reading.event_id = None;
        has_to_be_asked_for(reading, "payment", id);
        return;
    }
    let Some(entity) = tree.at("_embedded.entity") else { return concerns_nobody(reading, MOLLIE.name) };
    let state = match tree.text_at("type").as_deref() {
        Some("payment-link.paid" | "payment.paid" | "sales-invoice.paid") => Paid,
        Some("payment.failed" | "payment.expired") => Failed,
        Some("refund.refunded") => Refunded,
        _ => return concerns_nobody(reading, MOLLIE.name),
    };
    let sale = if state == Refunded { REFUND } else { ENTITY };
    sale.tell(reading, entity, state, request.country);
    if entity.text_at("mode").as_deref() == Some("test") {
        reading.kind = Kind::Test;
    }
}

/// How a payment stands that was asked for by its number. What was given back is told with what it is of.
fn payment(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let is_some = |sale: &Sale| sale.money(tree).is_some_and(|money| money.minor > 0);
    let back = [GIVEN_BACK, CHARGED_BACK].into_iter().find(is_some);
    let (sale, state) = match (tree.text_at("status").as_deref(), back) {
        (Some("paid"), Some(back)) => (back, Refunded),
        (Some("paid"), None) => (PAYMENT, Paid),
        (Some("open" | "pending" | "authorized"), _) => (PAYMENT, Pending),
        (Some("failed" | "expired" | "canceled"), _) => (PAYMENT, Failed),
        _ => return concerns_nobody(reading, MOLLIE.name),
    };
    sale.tell(reading, tree, state, request.country);
    let of: Option<Money> = PAYMENT.money(tree);
    if let About::Payment(event) = &mut reading.about {
        event.of = of.filter(|_| state == Refunded);
    }
    if tree.text_at("mode").as_deref() == Some("test") && reading.kind == Kind::Lead {
        reading.kind = Kind::Test;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::providers::Provider;
    use serde_json::{Value, json};

    fn answer(more: Value) -> Reading {
        let mut payment = json!({"resource": "payment", "id": "tr_1", "mode": "live", "status": "paid",
            "amount": {"value": "24.95", "currency": "EUR"}, "description": "Bicycle tires"});
        payment.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let body = payment.to_string().into_bytes();
        MOLLIE.read_answer(&Request {
            method: "GET",
            url: "",
            content_type: Some("application/json"),
            headers: &[],
            query: "",
            body: &body,
            country: "NL",
            received_at: 0,
        })
    }

    #[test]
    fn each_state_of_a_payment_is_told_with_its_amount_under_the_payments_own_number() {
        let euros = |value: &str| json!({"value": value, "currency": "EUR"});
        let cases = [
            (json!({}), "paid", 2_495, None),
            (json!({"amountRefunded": euros("0.00")}), "paid", 2_495, None),
            (json!({"amountRefunded": euros("5.00")}), "refunded", 500, Some(2_495)),
            (json!({"amountChargedBack": euros("24.95")}), "refunded", 2_495, Some(2_495)),
            (json!({"status": "open"}), "pending", 2_495, None),
            (json!({"status": "authorized"}), "pending", 2_495, None),
            (json!({"status": "failed", "details": {"failureReason": "insufficient_funds"}}), "failed", 2_495, None),
            (json!({"status": "expired"}), "failed", 2_495, None),
            (json!({"status": "canceled"}), "failed", 2_495, None),
        ];
        for (more, state, minor, of) in cases {
            let reading = answer(more.clone());
            let About::Payment(event) = reading.about else { panic!("{more} is no payment") };
            assert_eq!((event.state.as_str(), event.money.minor), (state, minor), "{more}");
            assert_eq!(event.of.map(|money| money.minor), of, "{more}");
            assert_eq!(event.references, ["tr_1"]);
            let why = more["details"]["failureReason"].as_str().or(more["status"].as_str());
            assert_eq!(event.reason.as_deref().filter(|_| state == "failed"), why.filter(|_| state == "failed"));
        }
        assert_eq!(answer(json!({"mode": "test"})).kind, Kind::Test);
        assert_eq!(answer(json!({"status": "of a kind to come"})).kind, Kind::Ignored);
        assert_eq!(answer(json!({"amount": {}})).kind, Kind::Unreadable);
    }

    #[test]
    fn nobody_can_post_a_payment_that_we_would_have_asked_for() {
        let body = json!({"resource": "payment", "id": "tr_1", "status": "paid", "amount": {"value": "1.00", "currency": "EUR"}});
        let body = body.to_string().into_bytes();
        let reading = MOLLIE.read(&Request {
            method: "POST",
            url: "",
            content_type: Some("application/json"),
            headers: &[("asked-for".to_owned(), "payment".to_owned())],
            query: "",
            body: &body,
            country: "NL",
            received_at: 0,
        });

        assert_eq!((reading.kind, reading.about), (Kind::Ignored, About::Form));
    }
}
