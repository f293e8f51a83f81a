//! Google Ads lead forms: columns with fixed ids. Nothing is signed; a key that the owner typed travels in the body and
//! is compared, never kept as an answer. The console's "Send test data" is a test.

use super::Refusal;
use super::vendor::{Id, Mark, Proof, Vendor};
use crate::intake::reading::{Kind, Request};
use crate::intake::sniff::sniff;
use subtle::ConstantTimeEq;

/// See the file's head.
pub static GOOGLE_ADS: Vendor = Vendor {
    id: "google-ads",
    name: "Google Ads lead forms",
    kind: "ads",
    proof: Proof::Own(verify),
    ids: &[Id::Path("lead_id")],
    leave_out: &[
        "google_key",
        "lead_id",
        "gcl_id",
        "api_version",
        "form_id",
        "campaign_id",
        "adgroup_id",
        "creative_id",
    ],
    marks: &[Mark { path: "is_test", says: &["true", "1"], means: Kind::Test }],
    ..Vendor::PLAIN
};

fn verify(request: &Request<'_>, secrets: &[&str], _now_ms: i64) -> Result<(), Refusal> {
    let tree = sniff(request).tree;
    let key = tree.text_at("google_key").unwrap_or_default();
    let fits = |secret: &&str| !secret.is_empty() && bool::from(secret.as_bytes().ct_eq(key.as_bytes()));
    if secrets.iter().any(fits) {
        Ok(())
    } else {
        Err(Refusal::because(
            "The key in the form and here differ. Paste it again in the lead form's webhook settings.",
        ))
    }
}
