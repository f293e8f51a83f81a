//! TikTok lead generation: partner-gated; most arrive through an automation tool.

use super::vendor::{Id, Proof, Vendor};
use crate::intake::signature::schemes;

/// See the file's head.
pub static TIKTOK: Vendor = Vendor {
    id: "tiktok",
    name: "TikTok lead ads",
    kind: "ads",
    proof: Proof::Scheme(&schemes::TIKTOK),
    ids: &[Id::Path("lead_id"), Id::Path("id")],
    ..Vendor::PLAIN
};
