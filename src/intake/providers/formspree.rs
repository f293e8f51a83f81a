//! Formspree: no id of a submission.

use super::vendor::{Proof, Vendor};
use crate::intake::signature::schemes;

/// See the file's head.
pub static FORMSPREE: Vendor = Vendor {
    id: "formspree",
    name: "Formspree",
    proof: Proof::Scheme(&schemes::FORMSPREE),
    leave_out: &["form"],
    ..Vendor::PLAIN
};
