//! The one HTTP client, shared by all accounts of a vendor so that they share its warm connections.
//!
//! It follows no redirect (a POST must not turn up elsewhere), never tries again by itself (the outbox decides
//! that), and takes no proxy from the environment, which only the configuration reads.

use super::{BadSetup, Timeouts};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, redirect, retry};
use std::error::Error;
use std::time::Duration;

/// Answers of an API are small; what is longer is cut here.
pub(super) const MOST_BODY: usize = 1024 * 1024;
const POOL_IDLE: Duration = Duration::from_secs(25);
const KEEPALIVE: Duration = Duration::from_secs(15);

/// A client with its connections. Cheap to clone; clones share the connections.
#[derive(Clone, Debug)]
pub struct Http(Client);

impl Http {
    /// Builds the client. Reads the system's root certificates, so build it once.
    ///
    /// # Errors
    /// When the system's TLS roots cannot be loaded.
    #[expect(clippy::disallowed_methods, reason = "the home of HTTP clients")]
    pub fn new(timeouts: Timeouts) -> Result<Self, BadSetup> {
        super::install_crypto();
        Client::builder()
            .user_agent(concat!("leadbell/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .pool_idle_timeout(POOL_IDLE)
            .tcp_keepalive(KEEPALIVE)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .build()
            .map(Http)
            .map_err(|e| BadSetup(format!("the HTTP client cannot start: {}", chain(&e))))
    }

    pub(super) fn client(&self) -> &Client {
        &self.0
    }
}

/// The body as far as it came; nothing when the connection broke in it.
pub(super) async fn body(mut response: Response) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        let room = MOST_BODY - out.len();
        out.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if out.len() == MOST_BODY {
            break;
        }
    }
    Some(out)
}

/// `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); a date is measured from the answer's own `Date`.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|t| t.timestamp());
    let sent = at(headers.get(reqwest::header::DATE)?.to_str().ok()?)?;
    at(value)?.duration_since(sent).try_into().ok()
}

/// An error with its causes, without the address: that names the account.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut out = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        out.push_str(": ");
        out.push_str(&cause.to_string());
        next = cause.source();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let mut headers = HeaderMap::new();
        assert_eq!(retry_after(&headers), None);

        headers.insert(RETRY_AFTER, "12".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(12)));

        headers.insert(RETRY_AFTER, "Wed, 21 Oct 2026 07:28:30 GMT".parse().unwrap());
        assert_eq!(retry_after(&headers), None);
        headers.insert("date", "Wed, 21 Oct 2026 07:28:00 GMT".parse().unwrap());
        assert_eq!(retry_after(&headers), Some(Duration::from_secs(30)));

        headers.insert(RETRY_AFTER, "soon".parse().unwrap());
        assert_eq!(retry_after(&headers), None);
    }
}
