//! `/l/{code}`: one lead from an alert, without a sign-in. The code is the key: it opens one lead for one person, until
//! the lead is closed or the link is seven days old.
//!
//! Opening it changes nothing, since mail scanners and previews open links too. Every button is a POST that may be
//! repeated and ends on the same page. A link that has run out shows no name, number or message, and presses nothing.

use super::act::once;
use super::show;
use crate::base::ids::LeadId;
use crate::base::text::clean_text;
use crate::db::WriteError;
use crate::lead::record::{Event, Lead};
use crate::lead::shop::{Business, store};
use crate::lead::state::State as Stand;
use crate::lead::store::act::{self, How, Reached, Who};
use crate::lead::store::read::{self, Alerted};
use crate::pipeline::{Passing, Rung, TEXT_MAX, Words, can_be_called, next_person};
use crate::web::error::{PageError, page};
use crate::web::views::format::Wall;
use crate::web::views::owner::{Owner, OwnerState};
use crate::web::views::public;
use crate::web::{App, House};
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

/// The routes of the link.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/l/{code}", get(open))
        .route("/l/{code}/take", post(take))
        .route("/l/{code}/call", post(call))
        .route("/l/{code}/ring", post(ring))
        .route("/l/{code}/talked", post(talked))
        .route("/l/{code}/voicemail", post(voicemail))
        .route("/l/{code}/no", post(no_answer))
        .route("/l/{code}/pass", post(pass))
        .route("/l/{code}/text", post(text))
}

#[derive(Deserialize)]
struct Asked {
    /// What was just done.
    #[serde(default)]
    done: String,
}

#[derive(Default, Deserialize)]
struct Pressed {
    #[serde(default)]
    anyway: String,
    #[serde(default)]
    how: String,
    #[serde(default)]
    body: String,
}

/// A link that still opens its lead.
struct Opened {
    code: String,
    business: Business,
    alerted: Alerted,
    now: i64,
}

impl Opened {
    fn who(&self) -> Who {
        Who { name: self.alerted.person_name.clone(), person: Some(self.alerted.person.clone()) }
    }

    fn back(&self) -> String {
        format!("/l/{}", self.code)
    }
}

/// What is behind a code; `None` when it has run out or never was.
async fn find(house: &House, code: String) -> Result<Option<Opened>, PageError> {
    let db = house.db.read();
    let now = house.clock.now_ms();
    let Some(alerted) = read::by_code(db, &code).await? else { return Ok(None) };
    if alerted.expires_at <= now || alerted.lead.state == Stand::Closed {
        return Ok(None);
    }
    let business = store::business(db, &alerted.lead.business).await?;
    Ok(business.map(|business| Opened { code, business, alerted, now }))
}

/// The page for a code that opens nothing: it has run out, or nobody has it.
fn gone() -> Result<Response, PageError> {
    let mut answer = page(&public::lead_link_gone())?;
    *answer.status_mut() = StatusCode::GONE;
    Ok(answer)
}

async fn open(
    State(house): State<App>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let Some(opened) = find(&house, code).await? else { return gone() };
    let (db, business, lead) = (house.db.read(), &opened.business, &opened.alerted.lead);
    let events = read::events(db, &business.id, &lead.id).await?;
    let people = store::people(db, &business.id).await?;
    let wall = Wall::new(&business.timezone, &business.country);
    let opted_out = match &lead.phone {
        Some(phone) => read::has_opted_out(db, &business.id, phone).await?,
        None => false,
    };
    page(&Owner {
        shop: business.name.clone(),
        arrived: format!(
            "{}, {}",
            if lead.is_test { "Test lead" } else { "New lead" },
            wall.short(lead.clocks.received_at, opened.now)
        ),
        name: show::name(lead, &business.country),
        reach: show::reach(lead, &business.country),
        say: lead.message.clone().unwrap_or_default(),
        received_ms: lead.clocks.received_at,
        now_ms: opened.now,
        state: state(lead, &opened.alerted, &events, &wall, opened.now),
        can_write: lead.phone.is_some() && !opted_out,
        opted_out,
        rings: house.engine.pipeline.can_call()
            && can_be_called(lead)
            && people.iter().any(|person| person.id == opened.alerted.person && person.phone.is_some()),
        is_rung: asked.done == "rings",
        pass_to: next_person(&people, &opened.alerted.person).map(|person| person.name.clone()),
        page: format!("/b/{}/leads/{}", business.slug, lead.id),
        code: opened.code,
        csrf: String::new(),
    })
}

/// Where the lead stands for the one who opened the link: their own newest deed first, then whose it is.
fn state(lead: &Lead, alerted: &Alerted, events: &[Event], wall: &Wall, now_ms: i64) -> OwnerState {
    let told = |at: i64| wall.short(at, now_ms);
    let mine = events.iter().rev().find(|e| e.by.as_deref() == Some(&alerted.person_name) && is_a_deed(&e.kind));
    if let Some(event) = mine {
        let detail = event.detail.as_deref().unwrap_or_default();
        match (event.kind.as_str(), detail) {
            ("person", "text") => return done(format!("You texted at {}.", told(event.at))),
            ("person", _) => return OwnerState::AskReached,
            ("reached", "talked") => return done(format!("You talked at {}.", told(event.at))),
            ("reached", "voicemail") => return done(format!("You left a voicemail at {}.", told(event.at))),
            ("reached", _) => return done(format!("Nobody answered at {}.", told(event.at))),
            ("passed_on", to) if lead.held_by.is_none() && lead.state == Stand::Waiting => {
                return done(format!("Passed on to {to} at {}.", told(event.at)));
            }
            _ => {}
        }
    }
    let answered = events.iter().find(|e| e.kind == "person" && Some(e.at) == lead.clocks.person_at);
    match (&lead.held_by, lead.clocks.person_at) {
        (Some(holder), _) if holder.person.as_ref() == Some(&alerted.person) => {
            OwnerState::Yours { since: told(holder.since) }
        }
        (Some(holder), _) => OwnerState::Theirs { who: holder.name.clone(), since: told(holder.since) },
        (None, Some(at)) => {
            let by = answered.and_then(|e| e.by.as_deref()).unwrap_or("Someone");
            done(format!("{by} answered at {}.", told(at)))
        }
        (None, None) => OwnerState::Open,
    }
}

/// Whether an event is something that a person did and that the page goes by.
fn is_a_deed(kind: &str) -> bool {
    matches!(kind, "person" | "reached" | "passed_on" | "taken" | "handed_back")
}

fn done(words: String) -> OwnerState {
    OwnerState::Done { words }
}

async fn take(
    State(house): State<App>,
    Path(code): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, PageError> {
    let Some(opened) = find(&house, code).await? else { return gone() };
    let (business, lead, who, now) = parts(&opened);
    let anyway = !pressed.anyway.is_empty();
    let done =
        house.db.write(move |c| Box::pin(async move { act::take(c, &business, &lead, &who, anyway, now).await })).await;
    finish(&house, &opened, done)
}

/// A tap on Call, which the browser tells us of while it dials; or, with `how=said`, "I called already".
async fn call(
    State(house): State<App>,
    Path(code): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, PageError> {
    let how = match pressed.how.as_str() {
        "" => How::Call,
        word => How::parse(word).ok_or(PageError::Bad("Say how: call, text, mail or said."))?,
    };
    let Some(opened) = find(&house, code).await? else { return gone() };
    let (business, lead, who, now) = parts(&opened);
    let done = house
        .db
        .write(move |c| Box::pin(async move { act::person(c, &business, &lead, &who, how, now, now).await }))
        .await;
    finish(&house, &opened, done)
}

/// "Ring me and connect": the telephone of whoever opened the link rings, and 1 puts them through.
async fn ring(State(house): State<App>, Path(code): Path<String>) -> Result<Response, PageError> {
    let Some(opened) = find(&house, code).await? else { return gone() };
    let lead = &opened.alerted.lead.id;
    let rung = house.engine.pipeline.ring_me(&opened.business, lead, &opened.who()).await;
    let rung = rung.map_err(|error| PageError::from(error).back_to(opened.back()))?;
    house.moved(&opened.business.id);
    let done = if rung == Some(Rung::Rings) { "?done=rings" } else { "" };
    Ok(Redirect::to(&format!("{}{done}", opened.back())).into_response())
}

async fn talked(State(house): State<App>, Path(code): Path<String>) -> Result<Response, PageError> {
    reached(&house, code, Reached::Talked).await
}

async fn voicemail(State(house): State<App>, Path(code): Path<String>) -> Result<Response, PageError> {
    reached(&house, code, Reached::Voicemail).await
}

async fn no_answer(State(house): State<App>, Path(code): Path<String>) -> Result<Response, PageError> {
    reached(&house, code, Reached::NoAnswer).await
}

async fn reached(house: &House, code: String, result: Reached) -> Result<Response, PageError> {
    let Some(opened) = find(house, code).await? else { return gone() };
    let (business, lead, who, now) = parts(&opened);
    let done = house
        .db
        .write(move |c| Box::pin(async move { act::reached(c, &business, &lead, &who, result, now).await }))
        .await;
    finish(house, &opened, done)
}

/// "Pass on to Ana": she gets a link of her own, and the lead waits for her.
async fn pass(State(house): State<App>, Path(code): Path<String>) -> Result<Response, PageError> {
    let Some(opened) = find(&house, code).await? else { return gone() };
    let people = store::people(house.db.read(), &opened.business.id).await?;
    let Some(to) = next_person(&people, &opened.alerted.person).cloned() else {
        return Ok(Redirect::to(&opened.back()).into_response());
    };
    let (business, lead) = (opened.business.clone(), opened.alerted.lead.id.clone());
    let done = house.engine.pipeline.pass_on(Passing { business, lead, who: opened.who(), to }).await;
    finish(&house, &opened, done)
}

/// Words typed on the page go to the lead, from the shop's number. What cannot go shows on the page: there is no form then.
async fn text(
    State(house): State<App>,
    Path(code): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, PageError> {
    let Some(opened) = find(&house, code).await? else { return gone() };
    let (business, lead, who, now) = parts(&opened);
    let words = clean_text(&pressed.body, TEXT_MAX);
    if words.is_empty() {
        return Ok(Redirect::to(&opened.back()).into_response());
    }
    let step = Some(once(&format!("link {}", opened.alerted.person), &words, now));
    let done = house.engine.pipeline.text_lead(Words { business, lead, who, words, step }).await;
    finish(&house, &opened, done)
}

fn parts(opened: &Opened) -> (crate::base::ids::BusinessId, LeadId, Who, i64) {
    (opened.business.id.clone(), opened.alerted.lead.id.clone(), opened.who(), opened.now)
}

/// Back to the page, which tells how it stands; open pages of the shop hear of it.
fn finish<T>(house: &House, opened: &Opened, done: Result<Option<T>, WriteError>) -> Result<Response, PageError> {
    done.map_err(|error| PageError::from(error).back_to(opened.back()))?;
    house.moved(&opened.business.id);
    Ok(Redirect::to(&opened.back()).into_response())
}
