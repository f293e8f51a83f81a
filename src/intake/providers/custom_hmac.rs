//! Anybody who signs with an HMAC of their own: the owner describes it in front of the secret, see
//! [`crate::intake::signature::custom`]. What comes is read like any form.

use super::Refusal;
use super::vendor::{Proof, Vendor};
use crate::intake::reading::Request;
use crate::intake::signature::{self, custom};

/// See the file's head.
pub static CUSTOM_HMAC: Vendor = Vendor {
    id: "custom-hmac",
    name: "A signature of your own",
    kind: "automation",
    proof: Proof::Own(verify),
    usable: |secret| custom::with(secret, |_, _| Ok(())),
    ..Vendor::PLAIN
};

fn verify(request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
    let mut refused = Refusal::because("There is no secret here to compare with.");
    for secret in secrets {
        match custom::with(secret, |scheme, secret| signature::verify(scheme, request, &[secret], now_ms)) {
            Ok(()) => return Ok(()),
            Err(refusal) => refused = refusal,
        }
    }
    Err(refused)
}
