//! Short questions over HTTP that are no messages: is the address reachable, is the account accepted, does the road
//! carry a test.
//!
//! Answers are judged by whoever asked. Nothing is tried twice and no redirect is followed.

use super::BadSetup;
use super::http::{self, Http};
use super::sms_twilio::{self, TwilioConfig};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue};
use reqwest::{RequestBuilder, StatusCode};

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The other side's clock, from its `Date` header: UTC milliseconds, to the second.
    pub date_ms: Option<i64>,
    /// The body, at most 1 MiB of it.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether the status is in the two hundreds.
    pub fn is_success(&self) -> bool {
        StatusCode::from_u16(self.status).is_ok_and(|status| status.is_success())
    }
}

/// Fetches an address.
///
/// # Errors
/// Why there is no answer, in words.
pub async fn get(http: &Http, address: &str) -> Result<Answer, String> {
    ask(http.client().get(address)).await
}

/// Posts a form as a website would, with further headers.
///
/// # Errors
/// Why there is no answer, in words.
pub async fn post_form(
    http: &Http,
    address: &str,
    headers: &[(&'static str, &str)],
    fields: &[(&str, &str)],
) -> Result<Answer, String> {
    let mut request = http.client().post(address).form(fields);
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).map_err(|_| format!("{name} holds what no header can carry"))?;
        request = request.header(*name, value);
    }
    ask(request.header("accept", "application/json")).await
}

/// Asks Twilio for the account itself: 200 when number and key belong together.
///
/// # Errors
/// Why there is no answer, in words.
pub async fn twilio_account(http: &Http, config: &TwilioConfig) -> Result<Answer, String> {
    let authorization = sms_twilio::basic(&config.account_sid, &config.credentials).map_err(|BadSetup(why)| why)?;
    let address = format!("{}/2010-04-01/Accounts/{}.json", config.api_url, config.account_sid);
    ask(http.client().get(address).header(AUTHORIZATION, authorization).header(CONTENT_TYPE, "application/json")).await
}

async fn ask(request: RequestBuilder) -> Result<Answer, String> {
    let response = request.send().await.map_err(|error| http::chain(&error.without_url()))?;
    let status = response.status().as_u16();
    let date_ms = response
        .headers()
        .get(DATE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp().as_millisecond()));
    let body =
        http::body(response).await.ok_or_else(|| "the connection broke in the middle of the answer".to_owned())?;
    Ok(Answer { status, date_ms, body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::Timeouts;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn server(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 16_384];
            let mut end = 0;
            while !request[..end].ends_with(b"END") && !request[..end].ends_with(b"\r\n\r\n") {
                end += stream.read(&mut request[end..]).await.unwrap();
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&request[..end]).into_owned()
        });
        (address, seen)
    }

    #[tokio::test]
    async fn an_answer_carries_status_body_and_the_other_clock() {
        let answer = "HTTP/1.1 503 Busy\r\nDate: Wed, 21 Oct 2026 07:28:00 GMT\r\nContent-Length: 2\r\n\r\nno";
        let (address, seen) = server(answer).await;

        let got = get(&Http::new(Timeouts::TEXTS).unwrap(), &format!("{address}/healthz")).await.unwrap();

        assert_eq!(got, Answer { status: 503, date_ms: Some(1_792_567_680_000), body: b"no".to_vec() });
        assert!(!got.is_success());
        assert!(seen.await.unwrap().starts_with("GET /healthz "));
    }

    #[tokio::test]
    async fn a_test_form_looks_like_a_websites() {
        let (address, seen) = server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;

        let http = Http::new(Timeouts::TEXTS).unwrap();
        let fields = [("name", "Ann & Co"), ("message", "END")];
        let got = post_form(&http, &address, &[("x-leadbell-test", "1")], &fields).await.unwrap();

        let request = seen.await.unwrap();
        assert!(got.is_success());
        assert!(request.contains("content-type: application/x-www-form-urlencoded"), "{request}");
        assert!(
            request.contains("x-leadbell-test: 1") && request.ends_with("name=Ann+%26+Co&message=END"),
            "{request}"
        );
    }

    #[tokio::test]
    async fn nobody_there_is_said_in_words() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);

        let why = get(&Http::new(Timeouts::TEXTS).unwrap(), &address).await.unwrap_err();

        assert!(why.to_lowercase().contains("refused"), "{why}");
    }
}
