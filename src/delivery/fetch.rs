//! Asks a vendor for what its event left out: one GET, and where the answer only names the next thing (a payment its
//! mandate, a mandate its customer) a few more, whose answers become one.
//!
//! The address is the vendor's fixed host, a fixed path and an id whose shape was checked; https, unless a test puts
//! another address in its place. No redirect is followed, at most 1 MiB is read, and neither address nor token is ever
//! part of a message, since a token may stand in the query. A token that was exchanged for another is exchanged each
//! time: that costs one request, and no second secret has to be kept.

use super::http::{self, Http};
use super::{BadSetup, Timeouts};
use crate::lead::fetch::machine::Outcome;
use crate::lead::fetch::{Asking, Call, Code, Meaning, Place, Step};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Response, StatusCode};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// How long all questions of one try may take together, below the lease of 30 s.
const ALL_WITHIN: Duration = Duration::from_secs(25);
/// The longest token that is taken for another, in bytes.
const TOKEN_MAX: usize = 8_000;

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
        if !call.id.fits(id) || asking.usable(token).is_err() {
            return Outcome::Refused(0);
        }
        let http = match self.http.get_or_init(|| Http::new(self.timeouts)) {
            Ok(http) => http,
            Err(error) => {
                tracing::error!(%error, "no vendor can be asked for what its events leave out");
                return Outcome::Trouble("cannot be asked from this machine; its log says why".to_owned());
            }
        };
        let asked = tokio::time::timeout(ALL_WITHIN, self.ask_all(http, asking, call, id, token)).await;
        asked.unwrap_or_else(|_| late())
    }

    async fn ask_all(&self, http: &Http, asking: &Asking, call: &Call, id: &str, token: &str) -> Outcome {
        let exchanged = match asking.place {
            Place::Exchange(path) => match self.exchange(http, asking, path, token).await {
                Ok(access) => Some(access),
                Err(outcome) => return outcome,
            },
            _ => None,
        };
        let token = exchanged.as_deref().unwrap_or(token);
        let Some(request) = self.request(asking, call.path, id, call.query, token) else { return Outcome::Refused(0) };
        let mut found = match send(http, asking, request).await {
            Outcome::Got(body) => body,
            outcome => return outcome,
        };
        for step in call.then {
            let Some(id) = named(&found, step) else { break };
            let Some(request) = self.request(asking, step.path, &id, "", token) else { break };
            match send(http, asking, request).await {
                Outcome::Got(body) => match both(&found, &body) {
                    Some(both) => found = both,
                    None => return Outcome::Unreadable,
                },
                // What was there before is worth telling without it: a customer may have been deleted.
                Outcome::Missing(_) | Outcome::Refused(_) => break,
                outcome => return outcome,
            }
        }
        Outcome::Got(found)
    }

    /// A token for the owner's id and secret.
    async fn exchange(&self, http: &Http, asking: &Asking, path: &str, token: &str) -> Result<String, Outcome> {
        let url = Url::parse(&format!("{}{path}", self.base(asking))).map_err(|_| Outcome::Refused(0))?;
        let mut request = self.plain(Method::POST, url, asking);
        request.headers_mut().insert(AUTHORIZATION, secret(&basic(token)).ok_or(Outcome::Refused(0))?);
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        *request.body_mut() = Some("grant_type=client_credentials".into());
        let body = match send(http, asking, request).await {
            Outcome::Got(body) => body,
            outcome => return Err(outcome),
        };
        let answer: Value = serde_json::from_slice(&body).map_err(|_| Outcome::Unreadable)?;
        let access = answer.get("access_token").and_then(Value::as_str).unwrap_or_default();
        let is_one = (1..=TOKEN_MAX).contains(&access.len()) && access.bytes().all(|b| b.is_ascii_graphic());
        if is_one { Ok(access.to_owned()) } else { Err(Outcome::Unreadable) }
    }

    fn base(&self, asking: &Asking) -> String {
        self.instead.clone().unwrap_or_else(|| format!("https://{}", asking.host))
    }

    fn request(&self, asking: &Asking, path: &str, id: &str, query: &str, token: &str) -> Option<Request> {
        let mut url = Url::parse(&format!("{}{path}{id}", self.base(asking))).ok()?;
        if !query.is_empty() {
            url.set_query(Some(query));
        }
        let authorization = match asking.place {
            Place::Bearer | Place::Exchange(_) => Some(format!("Bearer {token}")),
            Place::Basic => Some(basic(token)),
            Place::Query(name) => {
                url.query_pairs_mut().append_pair(name, token);
                None
            }
        };
        let mut request = self.plain(Method::GET, url, asking);
        if let Some(authorization) = authorization {
            request.headers_mut().insert(AUTHORIZATION, secret(&authorization)?);
        }
        Some(request)
    }

    fn plain(&self, method: Method, url: Url, asking: &Asking) -> Request {
        let mut request = Request::new(method, url);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        for (name, value) in asking.headers {
            request.headers_mut().insert(*name, HeaderValue::from_static(value));
        }
        request
    }
}

fn basic(token: &str) -> String {
    format!("Basic {}", STANDARD.encode(token))
}

fn secret(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The id of what is asked for next, if the answers so far name one of the vendor's own.
fn named(found: &[u8], step: &Step) -> Option<String> {
    let found: Value = serde_json::from_slice(found).ok()?;
    let id = found.pointer(step.at)?.as_str()?;
    step.id.fits(id).then(|| id.to_owned())
}

/// Two answers as one; what both say stays as the first said it.
fn both(first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
    let object = |body| serde_json::from_slice::<Map<String, Value>>(body).ok();
    let (mut all, second) = (object(first)?, object(second)?);
    for (name, value) in second {
        all.entry(name).or_insert(value);
    }
    serde_json::to_vec(&all).ok()
}

async fn send(http: &Http, asking: &Asking, request: Request) -> Outcome {
    match http.client().execute(request).await {
        Ok(response) => judge(asking, response).await,
        Err(error) if error.is_timeout() => late(),
        Err(error) => {
            tracing::debug!(host = asking.host, error = %http::chain(&error.without_url()), "a vendor was not reached");
            Outcome::Trouble("could not be reached".to_owned())
        }
    }
}

fn late() -> Outcome {
    Outcome::Trouble("did not answer in time".to_owned())
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
        then: &[],
    };

    fn asking(place: Place) -> Asking {
        let headers = &[("api-version", "2026-01")];
        Asking { host: "api.vendor.example", place, headers, token: "", found: "", calls: &[CALL], codes: &[] }
    }

    fn request(place: Place, id: &str, token: &str) -> Option<Request> {
        Fetcher::new(Timeouts::TEXTS, None).request(&asking(place), CALL.path, id, CALL.query, token)
    }

    #[tokio::test]
    async fn the_address_is_the_vendors_own_whatever_the_id_says() {
        let asked = request(Place::Bearer, "42", "t0ken").unwrap();

        assert_eq!(asked.url().as_str(), "https://api.vendor.example/v1/things/42?fields=a,b");
        assert_eq!(asked.headers()[AUTHORIZATION].to_str().unwrap(), "Bearer t0ken");
        assert!(asked.headers()[AUTHORIZATION].is_sensitive());
        assert_eq!(asked.headers()["api-version"], "2026-01");
        // Nobody listens there: a question that went out would be trouble, not a refusal of our own.
        let fetcher = Fetcher::new(Timeouts::TEXTS, Some("http://127.0.0.1:1".to_owned()));
        for id in ["", "../42", "42@evil.example", "42/..", "4 2", "42?x", "//evil.example", "%2e"] {
            let outcome = fetcher.ask(&asking(Place::Bearer), &CALL, id, "t0ken").await;
            assert_eq!(outcome, Outcome::Refused(0), "{id}");
        }
        for (place, token) in [(Place::Basic, "no-colon"), (Place::Bearer, "a\nb"), (Place::Exchange("/t"), "id")] {
            assert_eq!(fetcher.ask(&asking(place), &CALL, "42", token).await, Outcome::Refused(0), "{token}");
        }
    }

    #[test]
    fn a_token_goes_where_its_vendor_wants_it_and_nowhere_else() {
        let in_query = request(Place::Query("access_token"), "42", "a&b=c").unwrap();
        let basic = request(Place::Basic, "42", "19:key").unwrap();

        assert_eq!(in_query.url().query(), Some("fields=a,b&access_token=a%26b%3Dc"));
        assert!(in_query.headers().get(AUTHORIZATION).is_none());
        assert_eq!(basic.headers()[AUTHORIZATION].to_str().unwrap(), "Basic MTk6a2V5");
    }

    #[test]
    fn a_further_question_follows_only_an_id_of_the_vendors_own_shape() {
        let step = Step { at: "/payments/links/mandate", path: "/mandates/", id: Shape::Prefix("MD") };
        let next = |id: &str| named(format!(r#"{{"payments":{{"links":{{"mandate":"{id}"}}}}}}"#).as_bytes(), &step);

        assert_eq!(next("MD123").as_deref(), Some("MD123"));
        for other in ["", "MD", "CU1", "MD1/../x", "MD1?x", "//evil.example"] {
            assert_eq!(next(other), None, "{other}");
        }
        assert_eq!(named(b"[]", &step), None);
        assert_eq!(both(br#"{"a":1,"b":2}"#, br#"{"b":3,"c":4}"#).unwrap(), br#"{"a":1,"b":2,"c":4}"#);
        assert_eq!(both(b"{}", b"[]"), None);
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
