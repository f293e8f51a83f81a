//! Leads: a list to filter and leaf through, and one of them with everything that happened.

use super::caller::{Caller, Shops};
use super::error::ApiError;
use super::list::{self, Page};
use super::{instant, messages};
use crate::base::ids::LeadId;
use crate::lead::record::{Answer, Event, Lead};
use crate::lead::sale::Sale;
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

/// A lead as the API gives it.
#[derive(Debug, Serialize)]
pub struct Item {
    id: String,
    business: String,
    source: String,
    kind: String,
    test: bool,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    message: Option<String>,
    fields: Vec<Answer>,
    state: &'static str,
    outcome: Option<String>,
    received_at: String,
    first_text_at: Option<String>,
    delivered_at: Option<String>,
    taken_at: Option<String>,
    taken_by: Option<String>,
    person_at: Option<String>,
    reached_at: Option<String>,
    replied_at: Option<String>,
}

/// A lead with its story.
#[derive(Debug, Serialize)]
pub struct Whole {
    #[serde(flatten)]
    lead: Item,
    events: Vec<Happened>,
    messages: Vec<messages::Item>,
    payments: Vec<Paid>,
}

/// A payment of a lead.
#[derive(Debug, Serialize)]
struct Paid {
    id: String,
    state: &'static str,
    minor: Option<i64>,
    currency: String,
    refunded_minor: i64,
    what: Option<String>,
    reason: Option<String>,
    created_at: String,
    paid_at: Option<String>,
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
) -> Result<Json<Page<Item>>, ApiError> {
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
        payments: sales.into_iter().map(paid).collect(),
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

fn item(lead: Lead, shops: &Shops) -> Item {
    let clocks = lead.clocks;
    Item {
        business: shops.slug(&lead.business).to_owned(),
        id: lead.id.to_string(),
        source: lead.source.to_string(),
        kind: lead.kind,
        test: lead.is_test,
        name: lead.name,
        email: lead.email.map(|email| email.as_str().to_owned()),
        phone: lead.phone.map(|phone| phone.as_str().to_owned()),
        message: lead.message,
        fields: lead.fields,
        state: lead.state.as_str(),
        outcome: lead.outcome,
        received_at: instant(clocks.received_at),
        first_text_at: clocks.first_text_at.map(instant),
        delivered_at: clocks.delivered_at.map(instant),
        taken_at: clocks.taken_at.map(instant),
        taken_by: lead.held_by.map(|holder| holder.name),
        person_at: clocks.person_at.map(instant),
        reached_at: clocks.reached_at.map(instant),
        replied_at: clocks.replied_at.map(instant),
    }
}

fn paid(sale: Sale) -> Paid {
    Paid {
        id: sale.id,
        state: sale.state.as_str(),
        minor: sale.minor,
        currency: sale.currency,
        refunded_minor: sale.refunded_minor,
        what: sale.what,
        reason: sale.reason,
        created_at: instant(sale.created_at),
        paid_at: sale.paid_at.map(instant),
    }
}

fn happened(event: Event) -> Happened {
    Happened { at: instant(event.at), kind: event.kind, by: event.by, detail: event.detail }
}
