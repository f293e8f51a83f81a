//! Typeform: answers are joined with the questions of the definition by their ids. With partial responses switched on,
//! an unfinished form comes first under the same token; it is a lead only if somebody can be reached.

use super::vendor::{Id, Proof, Vendor};
use crate::intake::node::Node;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::signature::schemes;

/// See the file's head.
pub static TYPEFORM: Vendor = Vendor {
    id: "typeform",
    name: "Typeform",
    proof: Proof::Scheme(&schemes::TYPEFORM),
    ids: &[Id::Path("event_id"), Id::Path("form_response.token")],
    leave_out: &["form_response.definition.title", "form_response.form_id"],
    refine: unfinished,
    ..Vendor::PLAIN
};

/// Every page of an unfinished form is the same delivery: the first one with a contact counts.
fn unfinished(reading: &mut Reading, tree: &Node, _request: &Request<'_>) {
    if tree.text_at("event_type").is_none_or(|kind| kind != "form_response_partial") {
        return;
    }
    if reading.email.is_none() && reading.phone_as_given.is_none() {
        reading.kind = Kind::Ignored;
        reading.problem = Some("An unfinished form without a way to reach the person.".to_owned());
    } else {
        reading.event_id = tree.text_at("form_response.token").map(|token| format!("partial:{token}"));
    }
}
