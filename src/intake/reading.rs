//! What comes into this station. What leaves it, a [`Reading`], is told in [`crate::lead::reading`], since every
//! station after this one speaks of it.

pub use crate::lead::reading::{About, Booking, Consent, Fetch, Field, Kind, Reading};

/// A request as it reached `POST /in/{token}`. Multipart bodies come here with the bytes of their files already
/// left out, everything else byte for byte as sent.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `POST` and so on.
    pub method: &'a str,
    /// The whole address that the sender called, as configured: some sign it. With its query.
    pub url: &'a str,
    /// The `Content-Type` header, as it came; it lies often.
    pub content_type: Option<&'a str>,
    /// Header names in lower case, with their values where these are text.
    pub headers: &'a [(String, String)],
    /// The query string without its question mark; empty when there is none.
    pub query: &'a str,
    /// The raw body.
    pub body: &'a [u8],
    /// The business's country (ISO 3166 alpha-2, upper case), for phones without a country code.
    pub country: &'a str,
    /// UTC milliseconds, when the first byte came.
    pub received_at: i64,
}

impl<'a> Request<'a> {
    /// Every line of a header, trimmed. `name` in lower case.
    pub fn all(&self, name: &str) -> Vec<&'a str> {
        self.headers.iter().filter(|(n, _)| n == name).map(|(_, value)| value.trim()).collect()
    }

    /// The first line of the first of these headers that came, trimmed.
    pub fn first<N: AsRef<str>>(&self, names: &[N]) -> Option<&'a str> {
        names
            .iter()
            .find_map(|name| self.headers.iter().find(|(n, _)| n == name.as_ref()))
            .map(|(_, value)| value.trim())
    }
}
