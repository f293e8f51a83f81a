//! Leads: a list to filter and leaf through, and one of them with everything that happened.

use super::caller::{Caller, Shops};
use super::error::ApiError;
use super::list::{self, Page};
use super::{instant, messages};
use crate::base::ids::LeadId;
use crate::lead::record::{Event, Lead};
use crate::lead::shape::{LeadShape, PaymentShape};
use crate::lead::state::State as LeadState;
use crate::lead::store::search::{self, Cursor, Filter};
use crate::lead::store::{payments, read};
use crate::outbox::store::read as outbox;
use crate::web::App;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};

/// What the list may be asked.
#[derive(Debug, Deserialize)]
pub struct Asked {
    state: Option<String>,
    source: Option<String>,
    since: Option<String>,
    q: Option<String>,
    business: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// A lead with its story.
#[derive(Debug, Serialize)]
pub struct Whole {
    #[serde(flatten)]
    lead: LeadShape,
    events: Vec<Happened>,
    messages: Vec<messages::Item>,
    payments: Vec<PaymentShape>,
}

/// One line of the story.
#[derive(Debug, Serialize)]
struct Happened {
    at: String,
    kind: String,
    by: Option<String>,
    detail: Option<String>,
}

/// `GET /leads`: the newest first; spam is left out.
pub async fn list(
    State(house): State<App>,
    caller: Caller,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Page<LeadShape>>, ApiError> {
    let Query(asked) = asked.map_err(|rejection| list::bad_query(&rejection))?;
    let shops = caller.shops(&house.db, asked.business.as_deref()).await?;
    let limit = list::limit(asked.limit.as_deref())?;
    let from = asked.cursor.as_deref().map(|text| Cursor::parse(text).ok_or_else(list::bad_cursor)).transpose()?;
    let page = search::newest(house.db.read(), shops.within(), &filter(asked)?, from.as_ref(), limit).await?;
    let items = page.leads.into_iter().map(|lead| item(lead, &shops)).collect();
    Ok(Page::json(items, page.next.map(|cursor| cursor.text())))
}

/// `GET /leads/{id}`.
pub async fn one(State(house): State<App>, caller: Caller, Path(id): Path<String>) -> Result<Json<Whole>, ApiError> {
    whole(&house, &caller, id).await
}

/// A lead with its story, if the caller may see it.
pub async fn whole(house: &App, caller: &Caller, id: String) -> Result<Json<Whole>, ApiError> {
    let pool = house.db.read();
    let lead = read::one_within(pool, caller.within(), &LeadId::from(id)).await?.ok_or(ApiError::NotFound)?;
    let shops = caller.shops(&house.db, None).await?;
    let events = read::events(pool, &lead.business, &lead.id).await?;
    let told = outbox::of_lead(pool, &lead.business, &lead.id).await?;
    let sales = payments::of_lead(pool, &lead.business, &lead.id).await?;
    Ok(Json(Whole {
        lead: item(lead, &shops),
        events: events.into_iter().map(happened).collect(),
        messages: told.into_iter().map(messages::item).collect(),
        payments: sales.into_iter().map(PaymentShape::from).collect(),
    }))
}

fn filter(asked: Asked) -> Result<Filter, ApiError> {
    let state = asked.state.map(|word| {
        LeadState::parse(&word)
            .ok_or_else(|| ApiError::Bad("state is one of: waiting, taken, answered, closed.".to_owned()))
    });
    let since = asked.since.map(|text| {
        text.parse::<jiff::Timestamp>()
            .map(|at| at.as_millisecond())
            .map_err(|_| ApiError::Bad("since is an instant such as 2026-11-24T08:00:00Z.".to_owned()))
    });
    Ok(Filter {
        state: state.transpose()?,
        source: asked.source.map(Into::into),
        since: since.transpose()?,
        text: asked.q.unwrap_or_default(),
        ..Filter::default()
    })
}

fn item(lead: Lead, shops: &Shops) -> LeadShape {
    let slug = shops.slug(&lead.business).to_owned();
    LeadShape::of(lead, &slug)
}

fn happened(event: Event) -> Happened {
    Happened { at: instant(event.at), kind: event.kind, by: event.by, detail: event.detail }
}
