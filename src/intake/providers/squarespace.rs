//! Squarespace: forms arrive through an automation tool or our own form; the events of its shop name an order whose
//! customer has to be asked for.

use super::vendor::{Id, Vendor, has_to_be_asked_for};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};

/// See the file's head.
pub static SQUARESPACE: Vendor =
    Vendor { id: "squarespace", name: "Squarespace", ids: &[Id::Path("id")], refine: order, ..Vendor::PLAIN };

fn order(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    if tree.text_at("topic").is_some_and(|topic| topic.starts_with("order."))
        && let Some(id) = tree.text_at("data.orderId")
    {
        has_to_be_asked_for(reading, "order", &id);
    }
}
