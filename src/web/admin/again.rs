//! "Run again" on the page of a submission: what it reads as today, before and after, and what that would send.

use super::receipts::{fields, show};
use crate::base::ids::ReceiptId;
use crate::pipeline::replay::Replay;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use crate::web::views::receipts::Again;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

/// The route of this button.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/receipts/{id}/again", post(again))
}

#[derive(Deserialize)]
struct Pressed {
    #[serde(default)]
    send: String,
}

async fn again(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, PageError> {
    let send = !pressed.send.is_empty();
    let business = &who.business;
    let replayed = house.engine.pipeline.replay(Some(&business.id), &ReceiptId::from(id.as_str()), send).await;
    let page = format!("/b/{}/receipts/{id}", business.slug);
    let replay = replayed.map_err(|error| PageError::from(error).back_to(page))?.ok_or(PageError::NotFound)?;
    if replay.done {
        house.moved(&business.id);
    }
    show(&house, &who, id, Some(told(replay, send, &business.country))).await
}

fn told(replay: Replay, send: bool, country: &str) -> Again {
    let list = |reading| fields(reading, country);
    let mut gone = replay.before.reading.map(list).unwrap_or_default();
    let mut rows: Vec<(String, String, String)> = vec![("State".to_owned(), replay.before.state, replay.after.state)];
    for (label, now) in replay.after.reading.map(list).unwrap_or_default() {
        let was = gone.iter().position(|(old, _)| *old == label).map(|at| gone.remove(at).1).unwrap_or_default();
        rows.push((label, was, now));
    }
    rows.extend(gone.into_iter().map(|(label, was)| (label, was, String::new())));
    let message = |m: crate::outbox::store::planned::Planned| {
        let what = match m.channel.as_str() {
            "sms" => "Text",
            "call" => "Call",
            _ => "Email",
        };
        let held = m.reason.filter(|_| m.state == "held").map(|why| format!(" (held: {why})")).unwrap_or_default();
        (format!("{what} to {}{held}", m.recipient), m.body)
    };
    Again {
        done: replay.done,
        words: match (replay.done, send) {
            (true, _) => "Done.",
            (false, true) => "Nothing was changed.",
            (false, false) => "Nothing was changed. Tick “and send” to do it.",
        },
        note: replay.note,
        fields: rows,
        messages: replay.would_send.into_iter().map(message).collect(),
    }
}
