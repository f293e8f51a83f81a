//! Formstack: flat; its handshake key is a secret in the body and never an answer.

use super::vendor::{Id, Proof, Vendor};
use crate::intake::signature::schemes;

/// See the file's head.
pub static FORMSTACK: Vendor = Vendor {
    id: "formstack",
    name: "Formstack",
    proof: Proof::Scheme(&schemes::FORMSTACK),
    ids: &[Id::Path("UniqueID")],
    leave_out: &["HandshakeKey", "FormID"],
    ..Vendor::PLAIN
};
