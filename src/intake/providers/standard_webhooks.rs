//! Anybody who follows Standard Webhooks, Svix among them.

use super::vendor::{Id, Proof, Vendor};
use crate::intake::signature::schemes;

/// See the file's head.
pub static STANDARD_WEBHOOKS: Vendor = Vendor {
    id: "standard-webhooks",
    name: "Standard Webhooks",
    kind: "automation",
    proof: Proof::Scheme(&schemes::STANDARD),
    ids: &[Id::Header("webhook-id"), Id::Header("svix-id")],
    ..Vendor::PLAIN
};
