//! `/b/{slug}/leads/{id}`: one lead with everything about it.

use super::frame::{Frame, frame};
use super::{act, registration, show, story, token};
use crate::base::ids::LeadId;
use crate::lead::fetch::store as fetch;
use crate::lead::reading::PaymentState;
use crate::lead::receipts::{self, Whole};
use crate::lead::record::Lead;
use crate::lead::sale::Sale;
use crate::lead::shop::{Source, store};
use crate::lead::state::State as Stand;
use crate::lead::store::{forget, payments, read};
use crate::outbox::store::fates::{self, Fate};
use crate::outbox::store::read::{Message, of_lead};
use crate::reply::refused::{Refused, refused};
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::format::{Wall, count, grouped};
use crate::web::views::lead::{self as view, Delivery, Paid, Raw};
use crate::web::views::pieces::{Notice, Pill};
use crate::web::views::receipts::look;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

/// The routes of a lead.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/leads/{id}", get(lead))
        .route("/b/{slug}/leads/{id}/take", post(act::take))
        .route("/b/{slug}/leads/{id}/hand-back", post(act::hand_back))
        .route("/b/{slug}/leads/{id}/person", post(act::person))
        .route("/b/{slug}/leads/{id}/ring", post(act::ring))
        .route("/b/{slug}/leads/{id}/texts", post(act::text))
        .route("/b/{slug}/leads/{id}/outcome", post(act::outcome))
        .route("/b/{slug}/leads/{id}/reopen", post(act::reopen))
        .route("/b/{slug}/leads/{id}/not-spam", post(act::not_spam))
}

#[derive(Deserialize)]
struct Asked {
    /// What was just done.
    #[serde(default)]
    done: String,
}

async fn lead(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (db, business) = (house.db.read(), &who.business);
    let Frame { chrome, wall, now_ms } = frame(&house, &who, Here::Leads).await?;
    let lead = read::one(db, &business.id, &LeadId::from(id)).await?.ok_or(PageError::NotFound)?;
    let events = read::events(db, &business.id, &lead.id).await?;
    let messages = of_lead(db, &business.id, &lead.id).await?;
    let sales = payments::of_lead(db, &business.id, &lead.id).await?;
    let submissions = receipts::of_lead(db, &business.id, &lead.id).await?;
    let people = store::people(db, &business.id).await?;
    let sources = store::sources(db, &business.id).await?;
    let questions = fetch::of_lead(db, &business.id, &lead.id).await?;
    let forgotten = forget::forgotten_at(db, &business.id, &lead.id).await?;
    let opted_out = match &lead.phone {
        Some(phone) => read::has_opted_out(db, &business.id, phone).await?,
        None => false,
    };
    let unsubscribed = match &lead.email {
        Some(email) => read::has_unsubscribed(db, &business.id, email).await?,
        None => false,
    };
    let fates = fates::of_lead(db, &business.id, &lead.id).await?;
    let source = sources.iter().find(|source| source.id == lead.source);
    let open = lead.state != Stand::Closed;
    page(&view::Lead {
        id: lead.id.to_string(),
        name: show::name(&lead, &business.country),
        reach: show::reach(&lead, &business.country),
        status: show::pill(&lead),
        about: about(&lead, source),
        test: lead.is_test,
        say: lead.message.clone().unwrap_or_default(),
        waiting_since_ms: (lead.clocks.person_at.is_none() && open).then_some(lead.clocks.received_at),
        clocks: clocks(&lead, &messages),
        day: wall.day(lead.clocks.received_at, now_ms),
        happened: story::tell(&lead, &events, &messages, &people, source, &wall),
        notices: token::of_lead(&questions, &sources, &business.slug, &wall, now_ms)
            .into_iter()
            .chain(registration::of_fates(&fates, &business.slug))
            .chain(notices(&lead, opted_out, unsubscribed, &fates, &messages))
            .chain(forgotten.map(|at| gone(&wall.day(at, now_ms))))
            .collect(),
        told: act::told(&asked.done, &lead, &wall),
        can_take: open && lead.held_by.is_none(),
        taken_by: lead
            .held_by
            .as_ref()
            .filter(|_| open)
            .map(|by| format!("{} has it since {}.", by.name, wall.short(by.since, now_ms))),
        undo: undo(&lead),
        can_write: lead.phone.is_some() && !opted_out,
        rings: act::rings(&house, &who, &lead, &people),
        outcome: lead.outcome.clone().unwrap_or_default(),
        payments: sales.iter().map(|sale| paid(sale, &wall, now_ms)).collect(),
        fields: fields(&lead, &business.country),
        consent: consent(&lead),
        raw: submissions.iter().map(|one| raw(one, &business.slug)).collect(),
        can_forget: forgotten.is_none(),
        deliveries: messages.iter().map(|m| delivery(m, &story::recipient(m, &lead, &people), &wall, now_ms)).collect(),
        chrome,
    })
}

/// What can be taken back on this lead.
fn undo(lead: &Lead) -> Vec<(&'static str, &'static str)> {
    let closed = lead.state == Stand::Closed;
    let held = lead.held_by.is_some() && lead.clocks.person_at.is_none() && !closed;
    let all = [
        (lead.is_spam, ("not-spam", "It is a lead")),
        (held, ("hand-back", "Hand it back")),
        (closed, ("reopen", "Open it again")),
    ];
    all.into_iter().filter_map(|(can, button)| can.then_some(button)).collect()
}

/// The line below the number.
fn about(lead: &Lead, source: Option<&Source>) -> String {
    let mut about: Vec<String> = Vec::new();
    about.extend(lead.email.as_ref().map(|email| email.as_str().to_owned()));
    about.extend(source.map(|source| source.name.clone()));
    if lead.writes > 1 {
        about.push(format!("wrote {} times", lead.writes));
    }
    about.join(" · ")
}

fn clocks(lead: &Lead, messages: &[Message]) -> Vec<(String, String)> {
    let since = |at: Option<i64>| at.map(|at| (at - lead.clocks.received_at).max(0));
    let by_mail = messages.iter().find(|m| m.purpose == "lead_reply").is_some_and(|m| m.channel == "mail");
    let taken = lead.held_by.as_ref().zip(since(lead.clocks.taken_at));
    let taken = taken.as_ref().map(|(holder, ms)| (holder.name.as_str(), *ms));
    view::clocks(since(lead.clocks.first_text_at), by_mail, taken, since(lead.clocks.person_at))
}

fn notices(lead: &Lead, opted_out: bool, unsubscribed: bool, fates: &[Fate], messages: &[Message]) -> Vec<Notice> {
    let notice = |title: String, text: &str| Notice { bad: false, title, text: text.to_owned(), next: None };
    let first = lead.first_name.as_deref().unwrap_or("This person");
    let mut notices = Vec::new();
    if opted_out {
        notices.push(notice(format!("{first} asked us not to text."), "You can still call."));
    } else if let Some(refused) = refusal(fates, messages, first) {
        notices.push(notice(refused.title, &refused.text));
    }
    if unsubscribed {
        notices.push(notice(format!("{first} wants no more mails."), "You can still write yourself."));
    }
    if lead.is_spam {
        notices.push(notice("This looks like spam.".to_owned(), "Nobody was told, and it is in no number."));
    }
    if lead.phone.is_none() && lead.phone_given.is_some() {
        notices.push(notice(
            "The number as given cannot be dialled.".to_owned(),
            "It is kept with the form, as it was typed.",
        ));
    }
    notices
}

/// Why the newest text to them was refused, if it was, where that is about them and not about our number.
fn refusal(fates: &[Fate], messages: &[Message], first: &str) -> Option<Refused> {
    let newest = fates.iter().find(|fate| fate.to_lead).filter(|fate| !fate.delivered)?;
    let is_there = |m: &Message| m.channel == "mail" && matches!(m.state.as_str(), "accepted" | "delivered");
    let mailed = messages.iter().any(|m| m.purpose == "lead_reply" && is_there(m));
    refused(newest.code, Some(first), mailed).filter(|refused| !refused.kit)
}

/// Nobody is there any more.
fn gone(day: &str) -> Notice {
    Notice {
        bad: false,
        title: format!("This person was forgotten on {day}."),
        text: "Times and counts stay; names, numbers and words are gone.".to_owned(),
        next: None,
    }
}

/// What they filled in: what we understood first, then every other answer.
fn fields(lead: &Lead, country: &str) -> Vec<(String, String)> {
    let phone = lead.phone.as_ref().map(|phone| phone.national(country)).or_else(|| lead.phone_given.clone());
    let known = [
        ("Name", lead.name.clone()),
        ("Phone", phone),
        ("Email", lead.email.as_ref().map(|email| email.as_str().to_owned())),
    ];
    let known = known.into_iter().filter_map(|(label, value)| Some((label.to_owned(), value?)));
    let others = lead.fields.iter().map(|field| (field.label.clone(), field.value.clone()));
    known.chain(others).chain(lead.page.iter().map(|page| ("Page".to_owned(), page.clone()))).collect()
}

fn consent(lead: &Lead) -> String {
    match &lead.permission {
        None => "The form had no box about texts.".to_owned(),
        Some(box_) => {
            let words = if box_.words.is_empty() { &box_.field } else { &box_.words };
            format!("“{words}” {}", if box_.given { "ticked" } else { "not ticked" })
        }
    }
}

/// One payment and how it stands.
fn paid(sale: &Sale, wall: &Wall, now_ms: i64) -> Paid {
    let refund = (sale.refunded_minor > 0).then(|| format!("{} given back", sale.refunded().display()));
    let when = wall.short(sale.paid_at.unwrap_or(sale.created_at), now_ms);
    let reason = sale.reason.clone().filter(|_| sale.state == PaymentState::Failed);
    let detail: Vec<String> = sale.what.clone().into_iter().chain(refund).chain([when]).collect();
    Paid {
        amount: sale.money().map_or_else(|| "Amount unknown".to_owned(), |money| money.display()),
        detail: detail.join(", "),
        reason,
        pill: match sale.state {
            PaymentState::Pending => Pill::new("ok", "not paid yet"),
            PaymentState::Paid => Pill::new("fast", "paid"),
            PaymentState::Failed => Pill::new("slow", "failed"),
            PaymentState::Refunded if sale.minor == Some(sale.refunded_minor) => Pill::new("", "given back"),
            PaymentState::Refunded => Pill::new("", "given back in part"),
        },
    }
}

fn raw(submission: &Whole, slug: &str) -> Raw {
    let size = u64::try_from(submission.receipt.size).unwrap_or(0);
    Raw {
        title: match submission.receipt.blanked_at {
            Some(_) => "Raw submission, not kept any more".to_owned(),
            None => format!("Raw submission, {}", count(size, "byte", "bytes")),
        },
        text: look(&submission.body).text,
        href: format!("/b/{slug}/receipts/{}", submission.receipt.id),
    }
}

/// One message and where it stands; `to` is whom it is for, by name.
pub(super) fn delivery(message: &Message, to: &str, wall: &Wall, now_ms: i64) -> Delivery {
    let what = match message.channel.as_str() {
        "sms" => "Text",
        "call" => "Call",
        _ => "Email",
    };
    let mut detail: Vec<String> = Vec::new();
    if message.channel == "sms" {
        detail.push(count(u64::try_from(message.parts).unwrap_or(1), "part", "parts"));
    }
    detail.push(wall.short(message.accepted_at.unwrap_or(message.queued_at), now_ms));
    if message.attempts > 1 {
        detail.push(format!("tried {} times", grouped(u64::try_from(message.attempts).unwrap_or(0))));
    }
    Delivery {
        what: format!("{what} to {to}"),
        detail: detail.join(", "),
        reason: message.reason.clone(),
        pill: Pill::planned(&message.state, message.reason.is_some() && message.due_at > now_ms),
    }
}
