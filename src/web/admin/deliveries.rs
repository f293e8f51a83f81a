//! `/b/{slug}/deliveries`: what fails and why, every message with its state, and what a person decides about them.
//!
//! A message to a lead of which nobody knows whether it went out is sent again only by a ticked box of its own, never
//! together with others.

use super::frame::{Frame, frame};
use crate::base::ids::LeadId;
use crate::base::keyset::Place;
use crate::delivery::twilio_errors::{self, Class};
use crate::lead::store::read;
use crate::outbox::store::deliveries::{self as store, Decision, Delivery, Filter, LATELY_MS, Try, decide};
use crate::reply::refused::refused;
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::deliveries::{Can, Day, Deliveries, Failing, Row, all_well};
use crate::web::views::format::{Wall, count};
use crate::web::views::pieces::Pill;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::ops::Range;
use url::form_urlencoded::Serializer;

const A_PAGE: usize = 50;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/deliveries", get(list))
        .route("/b/{slug}/deliveries/retry", post(retry_all))
        .route("/b/{slug}/deliveries/{id}/retry", post(retry))
        .route("/b/{slug}/deliveries/{id}/drop", post(drop_it))
}

/// What the address asks for. Words that mean nothing are taken as not said.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    lead: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    done: String,
    #[serde(default)]
    n: u64,
}

impl Asked {
    fn only_failing(&self) -> bool {
        self.show == "failing"
    }

    fn day(&self) -> Option<Date> {
        self.day.parse().ok()
    }

    /// The page with this filter, and with this place in it.
    fn address(&self, slug: &str, show: &str, after: &str) -> String {
        let mut query = Serializer::new(String::new());
        let day = self.day().map(|day| day.to_string()).unwrap_or_default();
        let pairs = [("show", show), ("day", &day), ("lead", &self.lead), ("after", after)];
        query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
        let query = query.finish();
        let path = format!("/b/{slug}/deliveries");
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

async fn list(State(house): State<App>, who: InBusiness, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let Frame { chrome, wall, now_ms } = frame(&house, &who, Here::Deliveries).await?;
    let (db, business) = (house.db.read(), &who.business);
    let since = now_ms - LATELY_MS;
    let failing = store::groups(db, &business.id, since).await?;
    let calm = if failing.is_empty() { calm(store::sums(db, &business.id, since).await?) } else { String::new() };
    let filter = Filter {
        failing: asked.only_failing(),
        lead: asked.lead.clone(),
        within: asked.day().map(|day| span(day, &business.timezone)),
    };
    let (found, next) = store::list(db, &business.id, &filter, Place::parse(&asked.after).as_ref(), A_PAGE).await?;
    let troubled: Vec<&str> = found.iter().filter(|m| shows_tries(m)).map(|m| m.id.as_str()).collect();
    let tries = store::tries(db, &troubled).await?;
    let lead = match asked.lead.as_str() {
        "" => None,
        id => read::one(db, &business.id, &LeadId::from(id)).await?,
    };
    let row = |m: &Delivery| row(m, &tries, &business.slug, &wall, now_ms);
    page(&Deliveries {
        failing: failing.iter().map(|failing| group(failing, &who.business.slug)).collect(),
        calm,
        told: told(&asked),
        chips: [("All", ""), ("Failing", "failing")]
            .map(|(words, show)| (words, asked.address(&business.slug, show, ""), asked.show == show))
            .to_vec(),
        only_failing: asked.only_failing(),
        day: asked.day().map(|day| day.to_string()).unwrap_or_default(),
        lead: lead.map(|lead| (lead.id.to_string(), super::show::name(&lead, &business.country))),
        days: by_day(found.iter().map(|m| (wall.heading(m.queued_at, now_ms), row(m)))),
        next: next.map(|next| asked.address(&business.slug, &asked.show, &next.text())),
        chrome,
    })
}

/// From midnight to midnight in a zone, in UTC milliseconds.
fn span(day: Date, zone: &str) -> Range<i64> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let midnight = |day: Date| day.to_zoned(zone.clone()).map_or(0, |midnight| midnight.timestamp().as_millisecond());
    let next = day.checked_add(1.day()).unwrap_or(day);
    midnight(day)..midnight(next).max(midnight(day))
}

fn calm(sums: [i64; 4]) -> String {
    all_well(sums.map(|n| u64::try_from(n).unwrap_or(0)))
}

fn group(group: &store::Group, slug: &str) -> Failing {
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    // What only the owner of the account can put right; every check there has its next step.
    let account = group.code.and_then(twilio_errors::class) == Some(Class::Account);
    let block = group.code.and_then(|code| refused(code, None, false)).filter(|refused| refused.kit);
    let fix = match &block {
        Some(_) => Some((format!("/b/{slug}/registration"), "Open the registration kit")),
        None => account.then(|| ("/health".to_owned(), "Fix it")),
    };
    Failing {
        count: count(group.count),
        words: block.map_or_else(|| group.reason.clone(), |block| block.title),
        reason: group.reason.clone(),
        open: count(group.open),
        fix,
    }
}

fn by_day(rows: impl Iterator<Item = (String, Row)>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for (heading, row) in rows {
        match days.last_mut() {
            Some(day) if day.heading == heading => day.rows.push(row),
            _ => days.push(Day { heading, rows: vec![row] }),
        }
    }
    days
}

fn needs_you(m: &Delivery) -> bool {
    matches!(m.state.as_str(), "held" | "failed" | "expired" | "unknown")
}

fn shows_tries(m: &Delivery) -> bool {
    m.attempts > 0 && (needs_you(m) || m.state == "queued")
}

fn row(m: &Delivery, tries: &[Try], slug: &str, wall: &Wall, now_ms: i64) -> Row {
    let own = tries.iter().filter(|t| t.message_id == m.id);
    let pill = match m.state.as_str() {
        "queued" if m.attempts > 0 => Pill::new("ok", format!("again {}", wall.short(m.due_at.max(now_ms), now_ms))),
        state => Pill::planned(state, m.reason.is_some() && m.due_at > now_ms),
    };
    Row {
        time: wall.time(m.queued_at),
        machine: wall.machine(m.queued_at),
        whom: m.whom.clone(),
        href: m.lead_id.as_ref().map(|lead| format!("/b/{slug}/leads/{lead}")),
        what: match m.channel.as_str() {
            "sms" => format!("text, {}", what_for(&m.purpose)),
            "mail" => format!("email, {}", what_for(&m.purpose)),
            "call" => format!("phone call, {}", what_for(&m.purpose)),
            // A hook has one purpose.
            other => other.to_owned(),
        },
        pill,
        reason: refusal(m).or_else(|| m.reason.clone()),
        tries: own.map(|t| attempt(t, wall)).collect(),
        can: can(m),
        id: m.id.clone(),
    }
}

/// What it means that a text to a lead was refused, and how they were answered instead.
fn refusal(m: &Delivery) -> Option<String> {
    let is_refused = m.is_for_lead && m.channel == "sms" && m.state == "failed";
    let code = m.code.filter(|_| is_refused)?;
    refused(code, m.first_name.as_deref(), m.mailed).map(|refused| refused.line())
}

fn can(m: &Delivery) -> Can {
    let in_doubt = m.state == "unknown" || m.last_class.as_deref() == Some("unknown");
    match (needs_you(m), m.has_words, in_doubt && (m.is_for_lead || m.state == "unknown")) {
        (false, _, _) => Can::Nothing,
        (true, false, _) => Can::Drop,
        (true, true, true) => Can::RetryInDoubt,
        (true, true, false) => Can::Retry,
    }
}

fn what_for(purpose: &str) -> &str {
    match purpose {
        "lead_reply" => "answer",
        "owner_alert" => "alert",
        "escalation" => "still waiting",
        "follow_up" => "follow-up",
        "relay" => "your words",
        other => other,
    }
}

/// `try 1 1:02 pm 451 Mailbox busy.`
fn attempt(t: &Try, wall: &Wall) -> String {
    let mut words = vec![format!("try {}", t.n), wall.time(t.started_at)];
    words.extend(t.code.map(|code| code.to_string()));
    words.push(match (&t.reason, t.class.as_deref()) {
        (Some(reason), _) => reason.clone(),
        (None, None) => "under way".to_owned(),
        (None, Some("accepted")) => "handed over".to_owned(),
        (None, Some(class)) => class.replace('_', " "),
    });
    words.join(" ")
}

fn told(asked: &Asked) -> Option<String> {
    Some(match asked.done.as_str() {
        "retry" => format!("{} queued again.", count(asked.n, "message", "messages")),
        "drop" => "Dropped. It is not sent any more.".to_owned(),
        "nothing" => "Nothing was changed: it has moved on meanwhile, or there is nothing left to send.".to_owned(),
        "doubt" => "Nothing was changed. It may have arrived already: tick the box to send it again.".to_owned(),
        _ => return None,
    })
}

fn back(slug: &str, done: &str, n: usize) -> Redirect {
    let n = if n > 0 { format!("&n={n}") } else { String::new() };
    Redirect::to(&format!("/b/{slug}/deliveries?done={done}{n}"))
}

#[derive(Deserialize)]
struct Pressed {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    although: String,
}

async fn retry(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(pressed): Form<Pressed>,
) -> Result<Redirect, PageError> {
    let sure = !pressed.although.is_empty();
    let done = decided(&house, &who, id, Decision::Send, sure).await?;
    let slug = &who.business.slug;
    Ok(match (done, sure) {
        (true, _) => back(slug, "retry", 1),
        (false, true) => back(slug, "nothing", 0),
        (false, false) => back(slug, "doubt", 0),
    })
}

async fn drop_it(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Redirect, PageError> {
    let done = decided(&house, &who, id, Decision::Drop, false).await?;
    Ok(back(&who.business.slug, if done { "drop" } else { "nothing" }, 0))
}

async fn decided(house: &App, who: &InBusiness, id: String, decision: Decision, sure: bool) -> Result<bool, PageError> {
    let (business, now) = (who.business.id.clone(), house.clock.now_ms());
    if !store::is_of(house.db.read(), &business, &id).await? {
        return Err(PageError::NotFound);
    }
    let done = house
        .db
        .write(move |c| Box::pin(async move { decide(c, &business, &id, decision, sure, now).await }))
        .await
        .map_err(|error| failed(error, who))?;
    told_all(house, who);
    Ok(done)
}

async fn retry_all(
    State(house): State<App>,
    who: InBusiness,
    Form(pressed): Form<Pressed>,
) -> Result<Redirect, PageError> {
    let (business, now) = (who.business.id.clone(), house.clock.now_ms());
    let sent = house
        .db
        .write(move |c| {
            Box::pin(async move {
                let mut sent = 0;
                for id in store::of_reason(c, &business, &pressed.reason, now - LATELY_MS).await? {
                    sent += usize::from(decide(c, &business, &id, Decision::Send, false, now).await?);
                }
                Ok(sent)
            })
        })
        .await
        .map_err(|error| failed(error, &who))?;
    told_all(&house, &who);
    Ok(back(&who.business.slug, if sent > 0 { "retry" } else { "nothing" }, sent))
}

fn failed(error: crate::db::WriteError, who: &InBusiness) -> PageError {
    PageError::from(error).back_to(format!("/b/{}/deliveries", who.business.slug))
}

/// What was decided goes out at once, and open pages hear of it.
fn told_all(house: &App, who: &InBusiness) {
    house.engine.outbox.nudge();
    house.moved(&who.business.id);
}

#[cfg(test)]
mod tests;
