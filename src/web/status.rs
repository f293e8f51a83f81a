//! `GET /status`, for monitors and for everybody: whether leads are taken in, and how long ago the last one came.
//!
//! Nothing of people or businesses is in it. It is looked up once in a few seconds, however many ask.

use super::App;
use super::error::PageError;
use super::health;
use super::views::status::Status;
use crate::lead::store::read;
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;
use tokio::sync::Mutex;

/// For how long an answer is good, in milliseconds.
const GOOD_MS: i64 = 5_000;
/// The same for caches on the way, in the words of HTTP.
const CACHED: &str = "public, max-age=5";

/// What was told last, and when (milliseconds of the clock that only goes forward).
#[derive(Debug, Default)]
pub struct Board(Mutex<Option<(i64, Status)>>);

impl Board {
    /// What is so now, or was a few seconds ago. Who asks meanwhile waits for the same answer.
    async fn read(&self, house: &App) -> Result<Status, sqlx::Error> {
        let mut last = self.0.lock().await;
        let now = house.clock.mono_ms();
        if let Some((at, told)) = last.as_ref()
            && now - at < GOOD_MS
        {
            return Ok(told.clone());
        }
        let told = look(house).await?;
        *last = Some((now, told.clone()));
        Ok(told)
    }
}

async fn look(house: &App) -> Result<Status, sqlx::Error> {
    let up = health::trouble(house).await.is_none();
    Ok(Status { up, last_lead_at: read::last_arrival_anywhere(house.db.read()).await?, at: house.clock.now_ms() })
}

/// 200 while leads are taken in, else 503. A page for a browser, JSON for everybody else.
pub async fn page(State(house): State<App>, headers: HeaderMap) -> Result<Response, PageError> {
    let told = house.engine.board.read(&house).await?;
    let status = if told.up { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let said = [(header::CACHE_CONTROL, CACHED), (header::VARY, "accept")];
    if wants_page(&headers) {
        return Ok((status, said, Html(told.render()?)).into_response());
    }
    let body = json!({"status": told.word(), "last_lead_age_seconds": told.age_seconds()});
    Ok((status, said, Json(body)).into_response())
}

fn wants_page(headers: &HeaderMap) -> bool {
    let mut accepts = headers.get_all(header::ACCEPT).iter();
    accepts.any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::MINUTE_MS;
    use crate::lead::store::sample::{self as leads, lead};
    use crate::web::sample::{NOW, Standing, open};
    use axum::Router;
    use axum::routing::get;
    use std::sync::atomic::Ordering;

    async fn standing() -> Standing {
        let standing = open(Router::new().route("/status", get(page))).await;
        leads::store(&standing.house.db, vec![lead("a", NOW - 2 * MINUTE_MS)]).await;
        standing
    }

    #[tokio::test]
    async fn a_monitor_reads_that_it_is_up_and_how_old_the_last_lead_is_without_signing_in() {
        let standing = standing().await;

        let told = standing.ask("GET", "/status", &[("accept", "application/json")], "").await;

        assert_eq!(told.status, StatusCode::OK);
        assert_eq!(told.json(), json!({"status": "up", "last_lead_age_seconds": 120}));
        assert_eq!((told.header("cache-control"), told.header("vary")), ("public, max-age=5", "accept"));
        assert_eq!(standing.ask("GET", "/status", &[], "").await.json()["status"], "up", "curl says nothing");
    }

    #[tokio::test]
    async fn a_browser_gets_a_page_without_any_name_of_a_person_or_a_business() {
        let standing = standing().await;

        let html = standing.get("/status", "").await.text;

        assert!(html.contains("Up. Leads are taken in.") && html.contains("2m 00s ago"), "{html}");
        for told in ["Maria", "555", "Kitchen", "Harbor", "harbor", "Rival", "Website form", "Dave"] {
            assert!(!html.contains(told), "{told}");
        }
    }

    #[tokio::test]
    async fn a_flood_of_requests_is_answered_from_one_look() {
        let standing = standing().await;
        standing.get("/status", "").await;
        leads::store(&standing.house.db, vec![lead("b", NOW)]).await;

        for _ in 0..50 {
            assert_eq!(standing.ask("GET", "/status", &[], "").await.json()["last_lead_age_seconds"], 120);
        }
        standing.house.clock.advance(std::time::Duration::from_millis(GOOD_MS.unsigned_abs()));

        assert_eq!(standing.ask("GET", "/status", &[], "").await.json()["last_lead_age_seconds"], 5);
    }

    #[tokio::test]
    async fn what_cannot_take_leads_is_down_and_the_reason_is_not_for_everybody() {
        let standing = standing().await;
        standing.house.engine.stopping.store(true, Ordering::SeqCst);

        let page = standing.get("/status", "").await;
        let json = standing.ask("GET", "/status", &[], "").await;

        assert_eq!([page.status, json.status], [StatusCode::SERVICE_UNAVAILABLE; 2]);
        assert_eq!(json.json()["status"], "down");
        assert!(page.text.contains("Down. New leads are not taken in.") && !page.text.contains("shutting"));
    }

    #[tokio::test]
    async fn without_a_lead_there_is_no_age_and_spam_is_no_lead() {
        let standing = open(Router::new().route("/status", get(page))).await;
        let spam = crate::lead::record::Lead { is_spam: true, ..lead("s", NOW) };
        leads::store(&standing.house.db, vec![spam]).await;

        assert_eq!(standing.ask("GET", "/status", &[], "").await.json()["last_lead_age_seconds"], json!(null));
        assert!(standing.get("/status", "").await.text.contains("No lead yet."));
    }
}
