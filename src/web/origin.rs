//! Whether a request that changes something was sent by one of our own pages.
//!
//! `Sec-Fetch-Site` decides where a browser sends it (HTTPS and localhost), else `Origin`. Programs send neither and
//! carry no cookies that anybody could misuse. `Origin: null` is what a browser says when the page asked for no
//! referrer; it proves nothing either way.

use axum::http::{HeaderMap, header};
use url::{Origin, Url};

/// What the headers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// One of our pages, or no browser.
    Ours,
    /// A browser that does not say.
    Unsaid,
    /// Somebody else's page.
    Foreign,
}

/// Judges by the headers, given what our own addresses start with.
pub fn sender(headers: &HeaderMap, public_url: &str) -> Sender {
    if let Some(site) = headers.get("sec-fetch-site") {
        return if site == "same-origin" || site == "none" { Sender::Ours } else { Sender::Foreign };
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => Sender::Ours,
        (Some(origin), None) if origin == "null" => Sender::Unsaid,
        (Some(origin), None) => match origin.to_str() {
            Ok(origin) if is_ours(origin, headers, public_url) => Sender::Ours,
            _ => Sender::Foreign,
        },
        (Some(_), Some(_)) => Sender::Foreign,
    }
}

/// The address we are known by, or the one that this very request was sent to.
fn is_ours(origin: &str, headers: &HeaderMap, public_url: &str) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    let theirs = url.origin();
    let same_as = |ours: &str| Url::parse(ours).is_ok_and(|ours| ours.origin() == theirs);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    theirs.is_tuple()
        && (same_as(public_url) || host.is_some_and(|host| same_as(&format!("{}://{host}", scheme(&theirs)))))
}

fn scheme(origin: &Origin) -> &str {
    match origin {
        Origin::Tuple(scheme, _, _) if scheme == "https" => "https",
        _ => "http",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(pairs: &[(&'static str, &str)]) -> Sender {
        let mut headers = HeaderMap::new();
        headers.insert("host", "localhost:8080".parse().unwrap());
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        sender(&headers, "https://leads.harbor.test")
    }

    #[test]
    fn our_own_pages_and_programs_pass() {
        assert_eq!(judge(&[]), Sender::Ours);
        assert_eq!(judge(&[("origin", "https://leads.harbor.test")]), Sender::Ours);
        assert_eq!(judge(&[("origin", "https://LEADS.harbor.test:443")]), Sender::Ours);
        assert_eq!(judge(&[("origin", "http://localhost:8080")]), Sender::Ours);
        assert_eq!(judge(&[("sec-fetch-site", "same-origin"), ("origin", "null")]), Sender::Ours);
        assert_eq!(judge(&[("sec-fetch-site", "none")]), Sender::Ours);
        assert_eq!(judge(&[("origin", "null")]), Sender::Unsaid);
    }

    #[test]
    fn everybody_else_is_foreign() {
        for origin in [
            "https://evil.test",
            "http://leads.harbor.test",
            "https://leads.harbor.test:8443",
            "https://leads.harbor.test.evil.test",
            "https://sub.leads.harbor.test",
            "http://localhost:8081",
            "file://localhost:8080",
            "https://leads.harbor.test@evil.test",
            "",
            "nonsense",
        ] {
            assert_eq!(judge(&[("origin", origin)]), Sender::Foreign, "{origin:?}");
        }
        assert_eq!(judge(&[("sec-fetch-site", "cross-site")]), Sender::Foreign);
        assert_eq!(judge(&[("sec-fetch-site", "same-site")]), Sender::Foreign);
        assert_eq!(
            judge(&[("sec-fetch-site", "cross-site"), ("origin", "https://leads.harbor.test")]),
            Sender::Foreign
        );
        assert_eq!(judge(&[("origin", "https://leads.harbor.test"), ("origin", "https://evil.test")]), Sender::Foreign);
    }
}
