//! `GET /healthz` while the process lives; `GET /readyz` only while a lead could be taken in and answered.

use super::App;
use crate::db;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::atomic::Ordering;

/// How long the worker may be silent, in milliseconds.
pub const WORKER_SILENT_MS: i64 = 15_000;

/// 200 `ok`.
pub async fn live() -> &'static str {
    "ok"
}

/// 200 `ok`, or 503 with the reason.
pub async fn ready(State(house): State<App>) -> Response {
    match trouble(&house).await {
        None => "ok".into_response(),
        Some(reason) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "not ready", "reason": reason}))).into_response()
        }
    }
}

/// Why no lead could be taken in and answered; not for everybody to read.
pub(super) async fn trouble(house: &App) -> Option<String> {
    if house.engine.stopping.load(Ordering::Relaxed) {
        return Some("The service is shutting down.".to_owned());
    }
    if !house.db.disk().takes_leads() {
        return Some("The disk is full: new leads are turned away until there is room on it.".to_owned());
    }
    let tried = db::health::write_nothing(&house.db).await;
    if let Err(error) = tried {
        return Some(format!("The database takes no writes: {error}"));
    }
    let silent = house.engine.outbox.idle_ms();
    (silent > WORKER_SILENT_MS).then(|| format!("The outbox worker has not looked for {} seconds.", silent / 1_000))
}
