//! Messages: what was planned, what became of it.

use super::caller::Caller;
use super::error::ApiError;
use super::instant;
use super::list::{self, Page};
use crate::outbox::store::read::{self, Filter, Message};
use crate::web::App;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

const STATES: [&str; 9] =
    ["queued", "sending", "accepted", "delivered", "unknown", "held", "failed", "expired", "cancelled"];

/// What the list may be asked.
#[derive(Debug, Deserialize)]
pub struct Asked {
    state: Option<String>,
    lead: Option<String>,
    business: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// A message as the API gives it.
#[derive(Debug, Serialize)]
pub struct Item {
    id: String,
    lead: Option<String>,
    purpose: String,
    channel: String,
    to: String,
    body: String,
    state: String,
    reason: Option<String>,
    vendor_id: Option<String>,
    attempts: i64,
    queued_at: String,
    accepted_at: Option<String>,
    delivered_at: Option<String>,
}

/// `GET /messages`: the newest first.
pub async fn list(
    State(house): State<App>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Page<Item>>, ApiError> {
    let Query(asked) = asked.map_err(|rejection| list::bad_query(&rejection))?;
    let shops = caller.shops(&house.db, asked.business.as_deref()).await?;
    let limit = list::limit(asked.limit.as_deref())?;
    let from = list::cursor(asked.cursor.as_deref())?;
    let filter =
        Filter { state: list::word("state", asked.state.as_deref(), &STATES)?, lead: asked.lead.unwrap_or_default() };
    let (rows, next) = read::list(house.db.read(), shops.within(), &filter, from.as_ref(), limit).await?;
    Ok(Page::json(rows.into_iter().map(item).collect(), next.map(|place| place.text())))
}

/// A message in the API's words.
pub fn item(message: Message) -> Item {
    Item {
        id: message.id.to_string(),
        lead: message.lead_id.map(|id| id.to_string()),
        purpose: message.purpose,
        channel: message.channel,
        to: message.recipient,
        body: message.body,
        state: message.state,
        reason: message.reason,
        vendor_id: message.vendor_id,
        attempts: message.attempts,
        queued_at: instant(message.queued_at),
        accepted_at: message.accepted_at.map(instant),
        delivered_at: message.delivered_at.map(instant),
    }
}
