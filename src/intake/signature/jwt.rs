//! A JSON web token: three pieces of base 64 with dots between them, the last of which signs the others.
//!
//! Taken apart here; whether the signature fits is for whoever knows the key. The algorithm is the vendor's and never
//! the token's own choice: a token that names another one is no token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// A token, taken apart. Nothing in it is believed yet.
#[derive(Debug)]
pub struct Token<'a> {
    /// What is signed.
    pub signed: &'a str,
    /// By what.
    pub signature: Vec<u8>,
    /// What it says.
    pub claims: Value,
}

impl<'a> Token<'a> {
    /// Takes a token apart; none if it is no token, or is signed with another algorithm than `algorithm` (`RS256`).
    pub fn parse(text: &'a str, algorithm: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        let piece = |piece: &str| URL_SAFE_NO_PAD.decode(piece).ok();
        let json = |text: &str| -> Option<Value> { serde_json::from_slice(&piece(text)?).ok() };
        if json(head)?["alg"] != algorithm {
            return None;
        }
        Some(Token { signed, signature: piece(signature)?, claims: json(claims)? })
    }
}
