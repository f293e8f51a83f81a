//! `/api/v1`: the same records and the same buttons for programs.
//!
//! In come a key (`Authorization: Bearer lb_…`) and plain JSON; out go JSON objects whose names are a promise
//! (`openapi.json`). A key for one business sees nothing of another: ids of others and ids that never were get the same
//! 404. Lists are leafed through by an opaque cursor, so that rows which arrive meanwhile shift nothing.

mod act;
mod caller;
#[cfg(test)]
mod contract;
mod error;
mod leads;
mod list;
mod messages;
mod receipts;
mod stats;
#[cfg(test)]
mod tests;

use super::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use error::ApiError;

/// The most bytes that a request may carry.
const BODY_MAX: usize = 64 * 1024;
/// The description of all of it.
const DESCRIPTION: &str = include_str!("openapi.json");

/// Everything below `/api/v1`.
pub fn routes() -> Router<App> {
    let api = Router::new()
        .route("/openapi.json", get(describe))
        .route("/leads", get(leads::list))
        .route("/leads/{id}", get(leads::one))
        .route("/leads/{id}/take", post(act::take))
        .route("/leads/{id}/person", post(act::person))
        .route("/leads/{id}/outcome", post(act::outcome))
        .route("/leads/{id}/texts", post(act::text))
        .route("/messages", get(messages::list))
        .route("/receipts", get(receipts::list))
        .route("/receipts/{id}", get(receipts::one))
        .route("/stats", get(stats::stats))
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::Method)
        .layer(DefaultBodyLimit::max(BODY_MAX));
    Router::new().nest("/api/v1", api)
}

async fn describe() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DESCRIPTION)
}

/// An instant as the API writes it: RFC 3339, UTC, milliseconds.
fn instant(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).map_or_else(|_| String::new(), |at| format!("{at:.3}"))
}
