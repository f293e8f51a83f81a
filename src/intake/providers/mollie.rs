//! Mollie: the classic hook posts the same bare id for every change and signs nothing, so its state is asked for; the
//! newer events carry the payment and are signed, by two secrets for a day after a change.

use super::sale::{Sale, Unit};
use super::vendor::{Id, Proof, Vendor, concerns_nobody, has_to_be_asked_for};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::{self, Refusal, schemes};
use crate::lead::reading::PaymentState::{Failed, Paid, Refunded};

/// See the file's head.
pub static MOLLIE: Vendor = Vendor {
    id: "mollie",
    name: "Mollie",
    kind: "payment",
    proof: Proof::Own(verify),
    refine: event,
    ids: &[Id::Both("type", "id")],
    ..Vendor::PLAIN
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
