//! Squarespace: forms arrive through an automation tool or our own form; the events of its shop name an order whose
//! customer has to be asked for.

use super::vendor::{Id, Vendor};
use crate::intake::node::Node;
use crate::intake::reading::{Fetch, Kind, Reading, Request};

/// See the file's head.
pub static SQUARESPACE: Vendor = Vendor {
    id: "squarespace",
    name: "Squarespace",
    ids: &[Id::Path("id")],
    refine: order,
    ..Vendor::PLAIN
};

fn order(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    if tree.text_at("topic").is_some_and(|topic| topic.starts_with("order."))
        && let Some(id) = tree.text_at("data.orderId")
    {
        reading.kind = Kind::Lead;
        reading.problem = None;
        reading.fetch = Some(Fetch { what: "order".to_owned(), id: id.into_owned() });
    }
}
