//! Netlify Forms: the same answers stand there four times. Its signature is a JWS (HS256, nothing else) that holds the
//! hash of the body. A Netlify form that posts straight to us is a plain form.

use super::Refusal;
use super::vendor::{Id, Proof, Vendor};
use crate::intake::reading::Request;
use crate::intake::signature::jwt::Token;
use crate::intake::signature::{Digest, fits};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// See the file's head.
pub static NETLIFY: Vendor = Vendor {
    id: "netlify",
    name: "Netlify Forms",
    proof: Proof::Own(verify),
    ids: &[Id::Path("id")],
    leave_out: &["form_name", "form_id", "site_url", "summary", "data.ip", "data.user_agent", "data.referrer"],
    ..Vendor::PLAIN
};

fn verify(request: &Request<'_>, secrets: &[&str], _now_ms: i64) -> Result<(), Refusal> {
    let [token] = request.all("x-webhook-signature")[..] else {
        return Err(Refusal::because("No signature came with this, or more than one. Set the secret at Netlify too."));
    };
    let wrong =
        || Refusal::because("The signature does not fit. The secret at Netlify and here differ; paste it again.");
    let Token { signed, signature, claims } = Token::parse(token, "HS256").ok_or_else(wrong)?;
    let usable = secrets.iter().filter(|secret| !secret.is_empty());
    if !usable.into_iter().any(|secret| fits(Digest::Sha256, secret.as_bytes(), signed.as_bytes(), &signature)) {
        return Err(wrong());
    }
    let hash = base16ct::lower::encode_string(&Sha256::digest(request.body));
    let said = claims["sha256"].as_str().unwrap_or("");
    if claims["iss"] == "netlify" && bool::from(said.as_bytes().ct_eq(hash.as_bytes())) { Ok(()) } else { Err(wrong()) }
}
