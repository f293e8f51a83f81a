//! Asks a vendor for what its event left out: one GET, never more.
//!
//! The address is the vendor's fixed host, a fixed path and an id whose shape was checked; https, unless a test puts
//! another address in its place. No redirect is followed, at most 1 MiB is read, and neither address nor token is ever
//! part of a message, since a token may stand in the query.

use super::http::{self, Http};
use super::{BadSetup, Timeouts};
use crate::lead::fetch::machine::Outcome;
use crate::lead::fetch::{Asking, Call, Code, Meaning, Place};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode};
use serde::de::IgnoredAny;
use serde_json::Value;
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// Asks vendors. Its client is made when the first one is asked: most houses never ask.
#[derive(Debug)]
pub struct Fetcher {
    http: OnceLock<Result<Http, BadSetup>>,
    timeouts: Timeouts,
    instead: Option<String>,
}

impl Fetcher {
    /// Waits so long at most. `instead` stands in for every vendor's own address: for tests.
    pub fn new(timeouts: Timeouts, instead: Option<String>) -> Self {
        Self { http: OnceLock::new(), timeouts, instead }
    }

    /// Asks for one thing. The id must fit the call; `token` as the owner gave it.
    pub async fn ask(&self, asking: &Asking, call: &Call, id: &str, token: &str) -> Outcome {
        let Some(request) = self.request(asking, call, id, token) else { return Outcome::Refused(0) };
        let http = match self.http.get_or_init(|| Http::new(self.timeouts)) {
            Ok(http) => http,
            Err(error) => {
                tracing::error!(%error, "no vendor can be asked for what its events leave out");
                return Outcome::Trouble("cannot be asked from this machine; its log says why".to_owned());
            }
        };
        match http.client().execute(request).await {
            Ok(response) => judge(asking, response).await,
            Err(error) if error.is_timeout() => Outcome::Trouble("did not answer in time".to_owned()),
            Err(error) => {
                tracing::debug!(host = asking.host, error = %http::chain(&error.without_url()), "a vendor was not reached");
                Outcome::Trouble("could not be reached".to_owned())
            }
        }
    }

    fn request(&self, asking: &Asking, call: &Call, id: &str, token: &str) -> Option<Request> {
        if !call.id.fits(id) || asking.usable(token).is_err() {
            return None;
        }
        let own = || format!("https://{}", asking.host);
        let base = self.instead.clone().unwrap_or_else(own);
        let mut url = Url::parse(&format!("{base}{}{id}", call.path)).ok()?;
        if !call.query.is_empty() {
            url.set_query(Some(call.query));
        }
        let authorization = match asking.place {
            Place::Bearer => Some(format!("Bearer {token}")),
            Place::Basic => Some(format!("Basic {}", STANDARD.encode(token))),
            Place::Query(name) => {
                url.query_pairs_mut().append_pair(name, token);
                None
            }
        };
        let mut request = Request::new(Method::GET, url);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(authorization) = authorization {
            let mut value = HeaderValue::from_str(&authorization).ok()?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        Some(request)
    }
}

async fn judge(asking: &Asking, response: Response) -> Outcome {
    let status = response.status();
    let retry_after = http::retry_after(response.headers());
    let broke_off = || Outcome::Trouble("broke off in the middle of its answer".to_owned());
    let Some(body) = http::body(response).await else { return broke_off() };
    let number = status.as_u16();
    match status {
        // What fills all the room there is was cut.
        StatusCode::OK if body.len() >= http::MOST_BODY => Outcome::TooLarge,
        StatusCode::OK if serde_json::from_slice::<IgnoredAny>(&body).is_err() => Outcome::Unreadable,
        StatusCode::OK => Outcome::Got(body),
        StatusCode::TOO_MANY_REQUESTS => Outcome::Busy(retry_after),
        _ if status.is_server_error() => trouble(number, retry_after),
        _ => match meaning(asking.codes, &body) {
            Some(Meaning::Token) => Outcome::Token(number),
            Some(Meaning::Forbidden) => Outcome::Forbidden(number),
            Some(Meaning::Busy) => Outcome::Busy(retry_after),
            None => plain(status),
        },
    }
}

fn plain(status: StatusCode) -> Outcome {
    let number = status.as_u16();
    match status {
        StatusCode::UNAUTHORIZED => Outcome::Token(number),
        StatusCode::FORBIDDEN => Outcome::Forbidden(number),
        StatusCode::NOT_FOUND | StatusCode::GONE => Outcome::Missing(number),
        StatusCode::REQUEST_TIMEOUT => Outcome::Trouble(format!("took too long ({number})")),
        _ => Outcome::Refused(number),
    }
}

/// A vendor in trouble that says when to come back is taken at its word.
fn trouble(status: u16, retry_after: Option<Duration>) -> Outcome {
    match retry_after {
        Some(_) => Outcome::Busy(retry_after),
        None => Outcome::Trouble(format!("has trouble ({status})")),
    }
}

fn meaning(codes: &[Code], body: &[u8]) -> Option<Meaning> {
    if codes.is_empty() {
        return None;
    }
    let body: Value = serde_json::from_slice(body).ok()?;
    let said = |code: &&Code| body.pointer(code.at).and_then(Value::as_i64).is_some_and(|n| code.values.contains(&n));
    codes.iter().find(said).map(|code| code.means)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lead::fetch::Shape;

    const CALL: Call = Call {
        what: "thing",
        noun: "thing",
        path: "/v1/things/",
        query: "fields=a,b",
        id: Shape::Digits,
        changes: false,
    };

    fn asking(place: Place) -> Asking {
        Asking { host: "api.vendor.example", place, token: "", found: "", calls: &[CALL], codes: &[] }
    }

    fn request(place: Place, id: &str, token: &str) -> Option<Request> {
        Fetcher::new(Timeouts::TEXTS, None).request(&asking(place), &CALL, id, token)
    }

    #[test]
    fn the_address_is_the_vendors_own_whatever_the_id_says() {
        let asked = request(Place::Bearer, "42", "t0ken").unwrap();

        assert_eq!(asked.url().as_str(), "https://api.vendor.example/v1/things/42?fields=a,b");
        assert_eq!(asked.headers()[AUTHORIZATION].to_str().unwrap(), "Bearer t0ken");
        assert!(asked.headers()[AUTHORIZATION].is_sensitive());
        for id in ["", "../42", "42@evil.example", "42/..", "4 2", "42?x", "//evil.example", "%2e"] {
            assert!(request(Place::Bearer, id, "t0ken").is_none(), "{id}");
        }
    }

    #[test]
    fn a_token_goes_where_its_vendor_wants_it_and_nowhere_else() {
        let in_query = request(Place::Query("access_token"), "42", "a&b=c").unwrap();
        let basic = request(Place::Basic, "42", "19:key").unwrap();

        assert_eq!(in_query.url().query(), Some("fields=a,b&access_token=a%26b%3Dc"));
        assert!(in_query.headers().get(AUTHORIZATION).is_none());
        assert_eq!(basic.headers()[AUTHORIZATION].to_str().unwrap(), "Basic MTk6a2V5");
        assert!(request(Place::Basic, "42", "no-colon").is_none() && request(Place::Bearer, "42", "a\nb").is_none());
    }

    #[test]
    fn a_code_in_the_body_says_more_than_the_status_does() {
        let codes = [Code { at: "/error/code", values: &[190], means: Meaning::Token }];

        assert_eq!(meaning(&codes, br#"{"error":{"code":190}}"#), Some(Meaning::Token));
        for other in [&br#"{"error":{"code":100}}"#[..], br#"{"error":"190"}"#, b"<html>", b""] {
            assert_eq!(meaning(&codes, other), None);
        }
        assert_eq!(meaning(&[], br#"{"error":{"code":190}}"#), None);
    }

    #[test]
    fn each_status_is_told_apart() {
        let of = |status| plain(StatusCode::from_u16(status).unwrap());

        assert_eq!([of(401), of(403)], [Outcome::Token(401), Outcome::Forbidden(403)]);
        assert_eq!([of(404), of(410)], [Outcome::Missing(404), Outcome::Missing(410)]);
        assert_eq!([of(400), of(302), of(204)], [400, 302, 204].map(Outcome::Refused));
        assert_eq!(trouble(503, Some(Duration::from_secs(9))), Outcome::Busy(Some(Duration::from_secs(9))));
        assert_eq!(trouble(500, None), Outcome::Trouble("has trouble (500)".to_owned()));
    }
}
