//! The key file and what hangs on it: sealed secrets at rest, hashes of tokens, tags on callback addresses.
//!
//! Secrets that must be read again (vendor tokens, source secrets, the webhook address itself) are sealed
//! with XChaCha20-Poly1305. Secrets that are only compared (sessions, API keys, links) are kept as SHA-256.
//! A copy of the database alone therefore signs nobody in and sends nothing.

use super::random::Random;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::Mac;
use sha2::{Digest, Sha256};
use std::fmt;

type HmacSha256 = hmac::Hmac<Sha256>;

/// The 256-bit key of one installation.
#[derive(Clone)]
pub struct Keys {
    key: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// A sealed value that this key does not open: the wrong key file, or a damaged database.
#[derive(Debug, thiserror::Error)]
#[error("a stored secret does not open with this key file; put back the key file that belongs to this database")]
pub struct Unsealable;

impl Keys {
    /// From the bytes of the key file.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// A fresh key.
    pub fn generate(random: &Random) -> Self {
        let mut key = [0; 32];
        random.fill(&mut key);
        Self { key }
    }

    /// The bytes to write to the key file.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.key
    }

    /// Seals a secret for the database: base64url of nonce and ciphertext.
    pub fn seal(&self, random: &Random, plain: &str) -> String {
        let mut nonce = [0u8; 24];
        random.fill(&mut nonce);
        let cipher = XChaCha20Poly1305::new(&self.key.into());
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), plain.as_bytes())
            .unwrap_or_else(|_| unreachable!("XChaCha20-Poly1305 seals anything below 256 GiB"));
        URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Keys::seal`] made.
    ///
    /// # Errors
    /// [`Unsealable`] when the key is another one or the text was damaged.
    pub fn open(&self, sealed: &str) -> Result<String, Unsealable> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| Unsealable)?;
        let (nonce, body) = bytes.split_at_checked(24).ok_or(Unsealable)?;
        let nonce = <[u8; 24]>::try_from(nonce).map_err(|_| Unsealable)?;
        let cipher = XChaCha20Poly1305::new(&self.key.into());
        let plain = cipher.decrypt(&XNonce::from(nonce), body).map_err(|_| Unsealable)?;
        String::from_utf8(plain).map_err(|_| Unsealable)
    }

    /// A short tag that only this installation can make for `text` in the role `label`: 22 characters.
    pub fn tag(&self, label: &str, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(&self.mac(label, text).finalize().into_bytes()[..16])
    }

    /// Whether `tag` is the one [`Keys::tag`] makes; in constant time.
    pub fn tag_is_right(&self, label: &str, text: &str, tag: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(tag)
            .is_ok_and(|bytes| bytes.len() == 16 && self.mac(label, text).verify_truncated_left(&bytes).is_ok())
    }

    fn mac(&self, label: &str, text: &str) -> HmacSha256 {
        let mut mac = <HmacSha256 as hmac::KeyInit>::new_from_slice(&self.key)
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(label.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac
    }
}

/// SHA-256 of a bearer token, in hex: what the database keeps of tokens that are only compared.
pub fn token_hash(token: &str) -> String {
    base16ct::lower::encode_string(&Sha256::digest(token.as_bytes()))
}

/// SHA-256 of any bytes, in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_with_its_own_key_only() {
        let random = Random::seeded(3);
        let (mine, other) = (Keys::generate(&random), Keys::generate(&random));

        let sealed = mine.seal(&random, "whsec_1");

        assert_eq!(mine.open(&sealed).ok().as_deref(), Some("whsec_1"));
        assert!(other.open(&sealed).is_err());
        assert!(mine.open("").is_err() && mine.open(&sealed[1..]).is_err());
    }

    #[test]
    fn a_tag_holds_for_its_label_and_text_only() {
        let keys = Keys::new([9; 32]);

        let tag = keys.tag("status", "m1.2");

        assert!(keys.tag_is_right("status", "m1.2", &tag));
        assert!(!keys.tag_is_right("status", "m1.3", &tag));
        assert!(!keys.tag_is_right("other", "m1.2", &tag));
        assert!(!keys.tag_is_right("status", "m1.2", ""));
    }
}
