//! Tally: choices are ids to be looked up in their options.

use super::vendor::{Id, Proof, Vendor};
use crate::intake::signature::schemes;

/// See the file's head.
pub static TALLY: Vendor = Vendor {
    id: "tally",
    name: "Tally",
    proof: Proof::Scheme(&schemes::TALLY),
    ids: &[Id::Path("eventId"), Id::Path("data.responseId")],
    leave_out: &["data.formName"],
    ..Vendor::PLAIN
};
