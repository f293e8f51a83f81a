//! Signatures made with a key pair, of which we hold the public half: ed25519 and RSA (PKCS #1 v1.5 with SHA-256).
//!
//! A key, a text and a signature come in; a yes or a no goes out. Nothing here is secret, so time tells nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer};
use webpki::{EndEntityCert, RawPublicKeyEntity};

/// Whether a raw ed25519 key (32 bytes) made the signature of the text.
pub fn ed25519(key: &[u8], text: &[u8], signature: &[u8]) -> bool {
    key.len() == 32 && webpki::ring::ED25519.verify_signature(key, text, signature).is_ok()
}

/// Whether an RSA key made the signature of the text.
pub fn rsa_sha256(key: &RsaKey, text: &[u8], signature: &[u8]) -> bool {
    let info = SubjectPublicKeyInfoDer::from(key.0.as_slice());
    RawPublicKeyEntity::try_from(&info).is_ok_and(|key| key.verify_signature(RSA_SHA256, text, signature).is_ok())
}

/// Whether the RSA key of a certificate (DER) made the signature of the text. Whose certificate it is, is not asked here.
pub fn is_signed_by(certificate: &[u8], text: &[u8], signature: &[u8]) -> bool {
    let certificate = CertificateDer::from(certificate);
    EndEntityCert::try_from(&certificate).is_ok_and(|cert| cert.verify_signature(RSA_SHA256, text, signature).is_ok())
}

/// RSA with at least 2048 bits, PKCS #1 v1.5, SHA-256.
const RSA_SHA256: &dyn SignatureVerificationAlgorithm = webpki::ring::RSA_PKCS1_2048_8192_SHA256;

/// A public key as vendors hand it out.
#[derive(Debug)]
pub struct RsaKey(Vec<u8>);

impl RsaKey {
    /// Reads a PEM (`-----BEGIN PUBLIC KEY-----`), also one that lost its line breaks or its frame by being pasted.
    pub fn from_pem(pem: &str) -> Option<Self> {
        let bare = pem.replace("-----BEGIN PUBLIC KEY-----", "").replace("-----END PUBLIC KEY-----", "");
        let base64: String = bare.split_whitespace().collect();
        let key = STANDARD.decode(base64).ok()?;
        RawPublicKeyEntity::try_from(&SubjectPublicKeyInfoDer::from(key.as_slice())).ok()?;
        Some(RsaKey(key))
    }
}
