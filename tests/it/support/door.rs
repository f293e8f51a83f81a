//! What is posted to a form's address, and what comes back.

use super::shop::Shop;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use url::form_urlencoded;

/// What the house answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 24).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// A text of the answer's JSON; empty where there is none.
    pub fn word(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The lead's id, where the submission was accepted.
    pub fn lead(&self) -> String {
        assert_eq!((self.status, &*self.word("status")), (200, "accepted"), "{}", self.text);
        self.word("lead")
    }
}

/// The address of a form, with what a sender adds to it.
pub struct Door<'a> {
    shop: &'a Shop,
    token: String,
    query: String,
    headers: Vec<(String, String)>,
}

impl<'a> Door<'a> {
    pub fn new(shop: &'a Shop, token: &str) -> Self {
        Door { shop, token: token.to_owned(), query: String::new(), headers: Vec::new() }
    }

    /// With `?…`.
    pub fn query(mut self, query: &str) -> Self {
        self.query = format!("?{query}");
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As a browser that goes to the next page.
    pub fn by_browser(self) -> Self {
        self.header("accept", "text/html,application/xhtml+xml").header("sec-fetch-mode", "navigate")
    }

    pub async fn form(self, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.raw("application/x-www-form-urlencoded", body).await
    }

    pub async fn json(self, json: &Value) -> Answer {
        self.raw("application/json", json.to_string()).await
    }

    /// Posts, and does what follows from it.
    pub async fn raw(self, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let shop = self.shop;
        let answer = self.only(content_type, body).await;
        shop.works().await;
        answer
    }

    /// Posts, and leaves everything that follows for later.
    pub async fn only(self, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        let path = format!("/in/{}{}", self.token, self.query);
        let mut headers = vec![("content-type", content_type)];
        headers.extend(self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        self.shop.ask("POST", &path, &headers, body).await
    }
}
