//! `/b/{slug}/messages`: the texts that answer by themselves and those that follow, each as it looks on a phone. Words that
//! break a rule are shown again with the reason and never saved.

use super::frame::{Frame, frame};
use crate::base::ids::{MessageId, SourceId, new_code};
use crate::base::text::clean_text;
use crate::lead::shop::{Business, Person, store as shops};
use crate::lead::wording::{FOLLOW_UPS_MAX, FollowMail, FollowUp, Kind, WAITS, Wording, store};
use crate::outbox::store::enqueue::enqueue;
use crate::reply::answers::Answer;
use crate::reply::template::{self, BODY_MAX, Values};
use crate::reply::{sample_text, usual};
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::messages::{self as view, MessagesPage, NO_POSTAL, Text};
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/messages", get(open))
        .route("/b/{slug}/messages/follow-ups", post(follow_up))
        .route("/b/{slug}/messages/night", post(night))
        .route("/b/{slug}/messages/by-mail", post(by_mail))
        .route("/b/{slug}/messages/{kind}", post(text))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

#[derive(Default, Deserialize)]
struct Typed {
    #[serde(default)]
    body: String,
    #[serde(default, rename = "do")]
    deed: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    marketing: String,
    #[serde(default)]
    postal: String,
}

/// What was typed and is not saved.
enum Open {
    Text(Kind, String),
    FollowUp(FollowUp),
    Mail(FollowMail),
}

/// Longest postal address, in characters.
const POSTAL_MAX: usize = 200;

async fn open(State(house): State<App>, who: InBusiness, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let told = match asked.done.as_str() {
        "saved" => Some("Saved. It holds for the next lead."),
        "removed" => Some("Removed. What it had planned is called off."),
        "sent" => Some("It is on its way to you."),
        _ => None,
    };
    show(&house, &who, None, told).await
}

async fn show(house: &App, who: &InBusiness, typed: Option<Open>, told: Option<&str>) -> Result<Response, PageError> {
    let Frame { chrome, .. } = frame(house, who, Here::Messages).await?;
    let (db, business) = (house.db.read(), &who.business);
    let wording = store::read(db, &business.id).await?;
    let people = shops::people(db, &business.id).await?;
    let sources = shops::sources(db, &business.id).await?;
    let example = Example::new(business, people.first());
    let is_wrong = typed.as_ref().is_some_and(|typed| !example.faults_of(typed).is_empty());
    let mut answer = page(&MessagesPage {
        texts: Kind::ALL.into_iter().map(|kind| example.text(kind, &wording, typed.as_ref())).collect(),
        follow_ups: example.follow_ups(&wording, typed.as_ref()),
        waits: WAITS.iter().map(|(wait, words)| (wait.to_string(), *words)).collect(),
        sources: sources.into_iter().map(|source| (source.id.to_string(), source.name)).collect(),
        told: told.map(str::to_owned),
        at_night: business.answer_at_night,
        mail: match &typed {
            Some(Open::Mail(mail)) => view::Mail { postal: mail.postal.clone(), is_on: false, fault: Some(NO_POSTAL) },
            _ => view::Mail { postal: wording.mail.postal.clone(), is_on: wording.mail.is_on, fault: None },
        },
        chrome,
    })?;
    if is_wrong {
        *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(answer)
}

/// A lead that texts are shown with.
struct Example<'a> {
    business: &'a Business,
    phone: Option<String>,
    owner: Option<&'a str>,
}

impl<'a> Example<'a> {
    fn new(business: &'a Business, owner: Option<&'a Person>) -> Self {
        let number = business.phone.clone().map(crate::lead::contact::Phone::from_stored);
        Self {
            business,
            phone: number.map(|number| number.national(&business.country)),
            owner: owner.and_then(|person| person.name.split_whitespace().next()),
        }
    }

    fn values(&self) -> Values<'_> {
        let answer = Answer {
            first_name: Some("Maria"),
            shop: &self.business.name,
            owner: Some(self.owner.unwrap_or("Dave")),
            phone: self.phone.as_deref(),
            opens: Some("8:00 am"),
        };
        answer.values("$150.00", "3:00 pm")
    }

    fn faults(&self, body: &str, names: &[&str]) -> Vec<String> {
        template::faults(body, names, &self.values()).into_iter().map(|fault| fault.into_owned()).collect()
    }

    fn faults_of(&self, typed: &Open) -> Vec<String> {
        match typed {
            Open::Text(kind, body) => self.faults(body, usual::names(*kind)),
            Open::FollowUp(step) => self.faults(&step.body, usual::LATE_NAMES),
            Open::Mail(_) => vec![NO_POSTAL.to_owned()],
        }
    }

    fn text(&self, kind: Kind, wording: &Wording, typed: Option<&Open>) -> Text {
        let typed = match typed {
            Some(Open::Text(of, body)) if *of == kind => Some(body.as_str()),
            _ => None,
        };
        let body = typed.or(wording.of(kind)).unwrap_or_else(|| usual::words(kind));
        let (title, when) = usual::about(kind);
        let names = usual::names(kind);
        Text {
            kind: kind.as_str(),
            title,
            when,
            names: names.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(" "),
            is_own: wording.of(kind).is_some(),
            looks: template::fill(body, &self.values()),
            faults: typed.map(|body| self.faults(body, names)).unwrap_or_default(),
            body: body.to_owned(),
        }
    }

    fn follow_ups(&self, wording: &Wording, typed: Option<&Open>) -> Vec<view::FollowUp> {
        let typed = match typed {
            Some(Open::FollowUp(step)) => Some(step),
            _ => None,
        };
        let new = FollowUp {
            id: String::new(),
            business_id: self.business.id.clone(),
            source_id: None,
            after_ms: WAITS[1].0,
            body: usual::LATE.to_owned(),
            is_on: false,
            is_marketing: false,
        };
        let room = wording.follow_ups.len() < FOLLOW_UPS_MAX;
        let all = wording.follow_ups.iter().chain(room.then_some(&new));
        all.map(|stored| {
            let open = typed.filter(|step| step.id == stored.id);
            let step = open.unwrap_or(stored);
            view::FollowUp {
                id: step.id.clone(),
                after: step.after_ms.to_string(),
                source: step.source_id.as_ref().map(ToString::to_string).unwrap_or_default(),
                looks: template::fill(&step.body, &self.values()),
                faults: open.map(|step| self.faults(&step.body, usual::LATE_NAMES)).unwrap_or_default(),
                body: step.body.clone(),
                is_on: step.is_on,
                is_marketing: step.is_marketing,
            }
        })
        .collect()
    }
}

/// `POST …/messages/{kind}`.
async fn text(
    State(house): State<App>,
    who: InBusiness,
    Path((_, kind)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let kind = Kind::parse(&kind).ok_or(PageError::NotFound)?;
    let business = who.business.clone();
    let people = shops::people(house.db.read(), &business.id).await?;
    let example = Example::new(&business, people.first());
    let body = clean_text(&typed.body, BODY_MAX);
    match typed.deed.as_str() {
        "usual" => {}
        "save" | "send" if example.faults(&body, usual::names(kind)).is_empty() => {}
        _ => return show(&house, &who, Some(Open::Text(kind, body)), None).await,
    }
    if typed.deed == "send" {
        let words = template::fill(&body, &example.values());
        return send(&house, &who, kind, body, words, &people).await;
    }
    let own = Some(body).filter(|body| typed.deed == "save" && *body != usual::words(kind));
    let now = house.clock.now_ms();
    let stored = house
        .db
        .write(move |c| Box::pin(async move { store::set(c, &business.id, kind, own.as_deref(), now).await }))
        .await;
    done(&house, &who, stored, "saved", kind.as_str())
}

/// Sends the words, filled in, to whoever is told first.
async fn send(
    house: &App,
    who: &InBusiness,
    kind: Kind,
    body: String,
    words: String,
    people: &[Person],
) -> Result<Response, PageError> {
    let Some((person, phone)) = people.iter().find_map(|person| Some((person, person.phone.as_ref()?))) else {
        let told = "Nobody of you has a number yet. Add one on the Team page, then try again.";
        return show(house, who, Some(Open::Text(kind, body)), Some(told)).await;
    };
    let now = house.clock.now_ms();
    let draft = sample_text(&who.business.id, &person.id, phone, words, MessageId::new(&house.random, now), now);
    let planned = house.db.write(move |c| Box::pin(async move { enqueue(c, &[draft]).await })).await;
    house.engine.outbox.nudge();
    done(house, who, planned, "sent", kind.as_str())
}

/// `POST …/messages/follow-ups`.
async fn follow_up(State(house): State<App>, who: InBusiness, Form(typed): Form<Typed>) -> Result<Response, PageError> {
    let business = who.business.clone();
    let wording = store::read(house.db.read(), &business.id).await?;
    let known = wording.follow_ups.iter().any(|step| step.id == typed.id);
    if !known && (!typed.id.is_empty() || wording.follow_ups.len() >= FOLLOW_UPS_MAX) {
        return Err(PageError::NotFound);
    }
    if typed.deed == "remove" {
        let stored =
            house.db.write(move |c| Box::pin(async move { store::remove(c, &business.id, &typed.id).await })).await;
        return done(&house, &who, stored, "removed", "follow-ups");
    }
    let sources = shops::sources(house.db.read(), &business.id).await?;
    let source_id = sources.into_iter().map(|source| source.id).find(|id: &SourceId| **id == *typed.source);
    let wait = WAITS.iter().find(|(wait, _)| wait.to_string() == typed.after).unwrap_or(&WAITS[1]);
    let mut step = FollowUp {
        id: typed.id,
        business_id: business.id.clone(),
        source_id,
        after_ms: wait.0,
        body: clean_text(&typed.body, BODY_MAX),
        is_on: typed.on == "yes",
        is_marketing: typed.marketing == "yes",
    };
    let people = shops::people(house.db.read(), &business.id).await?;
    if !Example::new(&business, people.first()).faults(&step.body, usual::LATE_NAMES).is_empty() {
        return show(&house, &who, Some(Open::FollowUp(step)), None).await;
    }
    if step.id.is_empty() {
        step.id = new_code(&house.random);
    }
    let now = house.clock.now_ms();
    let stored = house.db.write(move |c| Box::pin(async move { store::save(c, &step, now).await })).await;
    done(&house, &who, stored, "saved", "follow-ups")
}

/// `POST …/messages/by-mail` with `postal`, and `on=yes` or without for off. Without an address it is not switched on.
async fn by_mail(State(house): State<App>, who: InBusiness, Form(typed): Form<Typed>) -> Result<Response, PageError> {
    let postal = clean_text(&typed.postal, POSTAL_MAX);
    let lines = postal.lines().map(|line| line.trim().trim_end_matches(',')).filter(|line| !line.is_empty());
    let mail = FollowMail { postal: lines.collect::<Vec<_>>().join(", "), is_on: typed.on == "yes" };
    if mail.is_on && mail.postal.is_empty() {
        return show(&house, &who, Some(Open::Mail(mail)), None).await;
    }
    let business = who.business.id.clone();
    let stored = house.db.write(move |c| Box::pin(async move { store::set_mail(c, &business, &mail).await })).await;
    done(&house, &who, stored, "saved", "by-mail")
}

/// `POST …/messages/night` with `on=yes`, or without for off.
async fn night(State(house): State<App>, who: InBusiness, Form(typed): Form<Typed>) -> Result<Response, PageError> {
    let (business, on) = (who.business.id.clone(), typed.on == "yes");
    let stored = house.db.write(move |c| Box::pin(async move { shops::answer_at_night(c, &business, on).await })).await;
    done(&house, &who, stored, "saved", "night")
}

/// Back to the page after a change; it holds for the next lead.
fn done(
    house: &App,
    who: &InBusiness,
    stored: Result<(), crate::db::WriteError>,
    what: &str,
    at: &str,
) -> Result<Response, PageError> {
    let here = format!("/b/{}/messages", who.business.slug);
    stored.map_err(|error| PageError::from(error).back_to(here.clone()))?;
    house.engine.pipeline.keys_changed();
    Ok(Redirect::to(&format!("{here}?done={what}#{at}")).into_response())
}

#[cfg(test)]
mod tests;
