//! What a program may do with a lead: the same as the buttons on its page, in the name of its key. Doing something
//! twice changes nothing the second time; a text, which may well be meant twice, is sent once per `Idempotency-Key`. Each answers with the lead as it stands afterwards.

use super::caller::Caller;
use super::error::ApiError;
use super::leads::{self, Whole};
use crate::base::clock::MINUTE_MS;
use crate::base::ids::{BusinessId, LeadId};
use crate::base::keys::sha256_hex;
use crate::base::news::Change;
use crate::base::text;
use crate::lead::record::Lead;
use crate::lead::store::act::{self, How, OUTCOMES, Taken, Who};
use crate::lead::store::read;
use crate::pipeline::{Relayed, TEXT_MAX, Words};
use crate::web::App;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

type Body = Result<Bytes, BytesRejection>;
type Answer = Result<Json<Whole>, ApiError>;

#[derive(Default, Deserialize)]
struct Taking {
    #[serde(default)]
    anyway: bool,
}

/// `POST /leads/{id}/take`: `{"anyway": true}` takes it from whoever has it.
pub async fn take(State(house): State<App>, caller: Caller, Path(id): Path<String>, body: Body) -> Answer {
    let lead = find(&house, &caller, &id).await?;
    let bytes = body.map_err(|_| ApiError::TooLarge)?;
    let asked: Taking = if bytes.is_empty() { Taking::default() } else { parse(&bytes, "{\"anyway\": true}")? };
    let (who, now) = (who(&caller), house.clock.now_ms());
    let (business, lead_id) = (lead.business.clone(), lead.id);
    let taken = house
        .db
        .write(move |c| Box::pin(async move { act::take(c, &business, &lead_id, &who, asked.anyway, now).await }))
        .await?;
    match taken {
        Some(Taken::You) => done(&house, &caller, id, lead.business).await,
        Some(Taken::AlreadyBy { name, .. }) => {
            Err(ApiError::Conflict("taken", format!("{name} already has this lead.")))
        }
        Some(Taken::Closed) => Err(closed()),
        None => Err(ApiError::NotFound),
    }
}

#[derive(Deserialize)]
struct Answered {
    how: String,
    at: Option<String>,
}

/// `POST /leads/{id}/person`: a person called or wrote; `at` says when, if not now.
pub async fn person(State(house): State<App>, caller: Caller, Path(id): Path<String>, body: Body) -> Answer {
    let lead = find(&house, &caller, &id).await?;
    let asked: Answered = parse(&body.map_err(|_| ApiError::TooLarge)?, "{\"how\": \"call\"}")?;
    let how =
        How::parse(&asked.how).ok_or_else(|| ApiError::Bad("how is one of: call, text, mail, said.".to_owned()))?;
    let now = house.clock.now_ms();
    let at = asked.at.map_or(Ok(now), |text| when(&text, now))?;
    let (who, business, lead_id) = (who(&caller), lead.business.clone(), lead.id);
    house
        .db
        .write(move |c| Box::pin(async move { act::person(c, &business, &lead_id, &who, how, at, now).await }))
        .await?
        .ok_or(ApiError::NotFound)?;
    done(&house, &caller, id, lead.business).await
}

#[derive(Deserialize)]
struct Ended {
    outcome: String,
}

/// `POST /leads/{id}/outcome`: closes the lead.
pub async fn outcome(State(house): State<App>, caller: Caller, Path(id): Path<String>, body: Body) -> Answer {
    let lead = find(&house, &caller, &id).await?;
    let asked: Ended = parse(&body.map_err(|_| ApiError::TooLarge)?, "{\"outcome\": \"booked\"}")?;
    let (who, now) = (who(&caller), house.clock.now_ms());
    let (business, lead_id) = (lead.business.clone(), lead.id);
    let closed = house
        .db
        .write(move |c| Box::pin(async move { act::outcome(c, &business, &lead_id, &asked.outcome, &who, now).await }))
        .await?;
    match closed {
        Some(true) => done(&house, &caller, id, lead.business).await,
        Some(false) => Err(ApiError::Bad(format!("outcome is one of: {}.", OUTCOMES.join(", ")))),
        None => Err(ApiError::NotFound),
    }
}

#[derive(Deserialize)]
struct Typed {
    body: String,
}

/// `POST /leads/{id}/texts`: a person's own words to the lead, from the shop's number. Counts as an answer.
pub async fn text(
    State(house): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let lead = find(&house, &caller, &id).await?;
    let asked: Typed = parse(&body.map_err(|_| ApiError::TooLarge)?, "{\"body\": \"On my way.\"}")?;
    let (words, step) = (words(&asked.body)?, once(&headers)?);
    let (who, business, lead_id) = (who(&caller), lead.business.clone(), lead.id);
    let relayed = house.engine.pipeline.text_lead(Words { business, lead: lead_id, who, words, step }).await?;
    match relayed.ok_or(ApiError::NotFound)? {
        Relayed::Queued => done(&house, &caller, id, lead.business).await,
        Relayed::NoNumber => Err(ApiError::Conflict("no_phone", "This lead left no number to text.".to_owned())),
        Relayed::OptedOut => {
            Err(ApiError::Conflict("opted_out", "This person asked not to be texted. Call instead.".to_owned()))
        }
    }
}

/// Open pages look again, and the lead as it now stands is the answer.
async fn done(house: &App, caller: &Caller, id: String, business_id: BusinessId) -> Answer {
    house.engine.news.tell(Change { business_id, new_lead: None });
    leads::whole(house, caller, id).await
}

async fn find(house: &App, caller: &Caller, id: &str) -> Result<Lead, ApiError> {
    read::one_within(house.db.read(), caller.within(), &LeadId::from(id)).await?.ok_or(ApiError::NotFound)
}

fn who(caller: &Caller) -> Who {
    Who { name: caller.key.name.clone(), person: None }
}

fn parse<T: DeserializeOwned>(bytes: &[u8], example: &str) -> Result<T, ApiError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ApiError::Bad(format!("The body must be JSON such as {example}; it does not read: {error}.")))
}

fn when(text: &str, now: i64) -> Result<i64, ApiError> {
    let at = text.parse::<jiff::Timestamp>().map(|at| at.as_millisecond());
    let at = at.map_err(|_| ApiError::Bad("at is an instant such as 2026-11-24T08:00:00Z.".to_owned()))?;
    if at > now + MINUTE_MS { Err(ApiError::Bad("at has not come yet.".to_owned())) } else { Ok(at) }
}

fn words(given: &str) -> Result<String, ApiError> {
    let words = text::clean_text(given, TEXT_MAX + 1);
    match words.chars().count() {
        0 => Err(ApiError::Bad("body is empty.".to_owned())),
        n if n > TEXT_MAX => Err(ApiError::Bad(format!("body has at most {TEXT_MAX} characters."))),
        _ => Ok(words),
    }
}

/// The step of a text that a program may repeat: the outbox keeps one message per lead and step.
fn once(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(given) = headers.get("idempotency-key") else { return Ok(None) };
    if given.is_empty() || given.len() > 200 {
        return Err(ApiError::Bad("Idempotency-Key has 1 to 200 characters.".to_owned()));
    }
    Ok(Some(format!("api {}", sha256_hex(given.as_bytes()))))
}

fn closed() -> ApiError {
    ApiError::Conflict("closed", "This lead is closed.".to_owned())
}
