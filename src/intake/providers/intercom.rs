//! Intercom: contacts made or found, and new conversations. Everything else concerns nobody.

use super::vendor::{Id, Proof, Vendor, concerns_nobody};
use crate::intake::node::Node;
use crate::intake::reading::{Reading, Request};
use crate::intake::signature::schemes;

const TOPICS: &[&str] =
    &["contact.lead.created", "contact.user.created", "contact.created", "conversation.user.created"];

/// See the file's head.
pub static INTERCOM: Vendor = Vendor {
    id: "intercom",
    name: "Intercom",
    kind: "crm",
    proof: Proof::Scheme(&schemes::INTERCOM),
    ids: &[Id::Path("id")],
    leave_out: &["app_id", "topic", "data.item.workspace_id", "data.item.owner_id"],
    refine: only_people,
    ..Vendor::PLAIN
};

fn only_people(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    if tree.text_at("topic").is_some_and(|topic| !TOPICS.contains(&topic.as_ref())) {
        concerns_nobody(reading, INTERCOM.name);
    }
}
