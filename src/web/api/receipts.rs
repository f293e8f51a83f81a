//! Receipts: what came in, byte for byte, and what was read from it.

use super::caller::{Caller, Shops};
use super::error::ApiError;
use super::instant;
use super::list::{self, Page};
use crate::base::ids::ReceiptId;
use crate::lead::receipts::{self, Filter, Receipt};
use crate::web::App;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

const STATES: [&str; 6] = ["accepted", "test", "ignored", "kept", "spam", "refused"];

/// What the list may be asked.
#[derive(Debug, Deserialize)]
pub struct Asked {
    source: Option<String>,
    state: Option<String>,
    business: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// A receipt in the list.
#[derive(Debug, Serialize)]
pub struct Item {
    id: String,
    business: String,
    source: String,
    state: String,
    problem: Option<String>,
    received_at: String,
    content_type: Option<String>,
    query: String,
    size: i64,
    files: i64,
    network: Option<String>,
    repeats: i64,
    lead: Option<String>,
}

/// One receipt with all that is kept.
#[derive(Debug, Serialize)]
pub struct Whole {
    #[serde(flatten)]
    receipt: Item,
    headers: Value,
    /// The body, where it is UTF-8.
    body: Option<String>,
    /// The body, where it is not.
    body_base64: Option<String>,
    reading: Value,
}

/// `GET /receipts`: the newest first.
pub async fn list(
    State(house): State<App>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Page<Item>>, ApiError> {
    let Query(asked) = asked.map_err(|rejection| list::bad_query(&rejection))?;
    let shops = caller.shops(&house.db, asked.business.as_deref()).await?;
    let limit = list::limit(asked.limit.as_deref())?;
    let from = list::cursor(asked.cursor.as_deref())?;
    let filter = Filter {
        source: asked.source.unwrap_or_default(),
        state: list::word("state", asked.state.as_deref(), &STATES)?,
    };
    let (rows, next) = receipts::list(house.db.read(), shops.within(), &filter, from.as_ref(), limit).await?;
    Ok(Page::json(rows.into_iter().map(|row| item(row, &shops)).collect(), next.map(|place| place.text())))
}

/// `GET /receipts/{id}`.
pub async fn one(State(house): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Json<Whole>, ApiError> {
    let found = receipts::one(house.db.read(), caller.within(), &ReceiptId::from(id)).await?;
    let found = found.ok_or(ApiError::NotFound)?;
    let shops = caller.shops(&house.db, None).await?;
    let (body, body_base64) = match String::from_utf8(found.body) {
        Ok(text) => (Some(text), None),
        Err(raw) => (None, Some(STANDARD.encode(raw.as_bytes()))),
    };
    Ok(Json(Whole {
        receipt: item(found.receipt, &shops),
        headers: parsed(Some(&found.headers)),
        body,
        body_base64,
        reading: parsed(found.reading.as_deref()),
    }))
}

/// JSON that we stored ourselves; `null` where there is none.
fn parsed(stored: Option<&str>) -> Value {
    stored.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
}

fn item(receipt: Receipt, shops: &Shops) -> Item {
    Item {
        business: shops.slug(&receipt.business_id).to_owned(),
        id: receipt.id.to_string(),
        source: receipt.source_id.to_string(),
        state: receipt.state,
        problem: receipt.problem,
        received_at: instant(receipt.received_at),
        content_type: receipt.content_type,
        query: receipt.query,
        size: receipt.size,
        files: receipt.files,
        network: receipt.remote,
        repeats: receipt.repeats,
        lead: receipt.lead_id.map(|id| id.to_string()),
    }
}
