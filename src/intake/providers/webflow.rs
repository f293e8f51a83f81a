//! Webflow: forms, and the orders of its shop. Hooks made in its dashboard are unsigned; the address is the key.

use super::sale::Sale;
use super::vendor::{Id, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::schemes;
use crate::lead::reading::PaymentState::Paid;

/// See the file's head.
pub static WEBFLOW: Vendor = Vendor {
    id: "webflow",
    name: "Webflow",
    proof: Proof::Scheme(&schemes::WEBFLOW),
    ids: &[Id::Path("payload.id"), Id::Path("payload.orderId")],
    leave_out: &["payload.name", "payload.siteId", "payload.formId", "payload.formElementId"],
    refine: order,
    ..Vendor::PLAIN
};

const ORDER: Sale = Sale {
    names: &["customerInfo.fullName"],
    emails: &["customerInfo.email"],
    phones: &["customerInfo.phone"],
    what: &["purchasedItems.0.productName"],
    references: &["orderId", "stripeDetails.paymentIntentId"],
    amounts: &["customerPaid.value"],
    currencies: &["customerPaid.unit"],
    ..Sale::NONE
};

fn order(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    match (tree.text_at("triggerType").as_deref(), tree.get("payload")) {
        (Some("ecomm_new_order"), Some(payload)) => ORDER.tell(reading, payload, Paid, request.country),
        (Some("form_submission") | None, _) => {}
        _ => concerns_nobody(reading, WEBFLOW.name),
    }
}
