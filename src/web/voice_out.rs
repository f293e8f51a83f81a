//! `/twilio/voice/out` and its follow-ups: what Twilio asks and tells of calls to one of us.
//!
//! Checked like every callback of Twilio's, and once more: each address carries our own tag, so that nobody asks about a
//! call that we did not make. No address holds anything about a lead. Source: Twilio, "TwiML for Programmable Voice".

use super::App;
use super::callbacks::{Form, field, forbidden, genuine};
use super::voice::{Nothing, Say, asked, twiml, unavailable};
use crate::db::WriteError;
use crate::delivery::sms_twilio::callback_ref;
use crate::pipeline::{Asked, Key, Speech};
use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::post;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/twilio/voice/out", post(greet))
        .route("/twilio/voice/out/heard", post(heard))
        .route("/twilio/voice/out/key", post(key))
        .route("/twilio/voice/out/lead", post(lead))
        .route("/twilio/voice/out/after", post(after))
        .route("/twilio/voice/out/status", post(status))
        .layer(DefaultBodyLimit::max(64 * 1024))
}

/// What whoever picks up hears first. A voicemail hears no more than that.
#[derive(Template)]
#[template(path = "twiml/greet.xml")]
struct Greet<'a> {
    words: &'a str,
    action: &'a str,
}

/// What it is about, said to whoever has pressed a key.
#[derive(Template)]
#[template(path = "twiml/tell.xml")]
struct Tell<'a> {
    words: &'a str,
    action: &'a str,
}

/// The lead's telephone rings, from the shop's number.
#[derive(Template)]
#[template(path = "twiml/connect.xml")]
struct Connect<'a> {
    words: &'a str,
    from: &'a str,
    to: &'a str,
    after: &'a str,
    leg: &'a str,
}

/// A request that Twilio signed, about a call that we made.
struct Ours {
    asked: Asked,
    form: Form,
    mark: String,
}

fn ours(house: &App, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Option<Ours> {
    let form = genuine(house, uri, headers, body)?;
    let mark = asked(uri, "m");
    let (message, attempt) = callback_ref(&house.keys, &mark)?;
    // The leg to a lead is a call of its own, and names ours as its parent.
    let vendor_id = field(&form, &["ParentCallSid", "CallSid"])?.to_owned();
    Some(Ours { asked: Asked { message: message.to_string(), attempt: i64::from(attempt), vendor_id }, form, mark })
}

async fn greet(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(ours) = ours(&house, &uri, &headers, &body) else { return forbidden() };
    let speech = house.engine.pipeline.call_greeting(ours.asked.clone()).await;
    say(&house, &ours, speech)
}

async fn heard(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(ours) = ours(&house, &uri, &headers, &body) else { return forbidden() };
    let speech = house.engine.pipeline.call_heard(ours.asked.clone(), pressed(&ours.form, false)).await;
    say(&house, &ours, speech)
}

async fn key(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(ours) = ours(&house, &uri, &headers, &body) else { return forbidden() };
    let key = pressed(&ours.form, asked(&uri, "anyway") == "1");
    let speech = house.engine.pipeline.call_key(ours.asked.clone(), key).await;
    say(&house, &ours, speech)
}

/// The lead's end of the line: picked up, or over.
async fn lead(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(ours) = ours(&house, &uri, &headers, &body) else { return forbidden() };
    let end = match field(&ours.form, &["CallStatus"]).unwrap_or_default() {
        "in-progress" | "answered" => None,
        word @ ("completed" | "busy" | "no-answer" | "failed" | "canceled") => {
            Some((word.to_owned(), seconds(&ours.form, "CallDuration")))
        }
        _ => return twiml(&Nothing),
    };
    match house.engine.pipeline.lead_leg(&ours.asked.message, end).await {
        Ok(_) => twiml(&Nothing),
        Err(error) => not_stored(&error),
    }
}

/// One of us is alone on the line again.
async fn after(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(ours) = ours(&house, &uri, &headers, &body) else { return forbidden() };
    let word = match field(&ours.form, &["DialCallStatus"]).unwrap_or_default() {
        "answered" => "completed",
        word @ ("completed" | "busy" | "no-answer" | "canceled") => word,
        _ => "failed",
    };
    let end = Some((word.to_owned(), seconds(&ours.form, "DialCallDuration")));
    let speech = house.engine.pipeline.lead_leg(&ours.asked.message, end).await;
    say(&house, &ours, speech)
}

/// How the call to one of us goes.
async fn status(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(ours) = ours(&house, &uri, &headers, &body) else { return forbidden() };
    let word = field(&ours.form, &["CallStatus"]).unwrap_or_default().to_ascii_lowercase();
    let code = field(&ours.form, &["ErrorCode"]).and_then(|code| code.parse().ok()).unwrap_or(0);
    match house.engine.pipeline.call_status(ours.asked, word, code).await {
        Ok(()) => twiml(&Nothing),
        Err(error) => not_stored(&error),
    }
}

fn pressed(form: &Form, anyway: bool) -> Key {
    match field(form, &["Digits"]) {
        Some("1") => Key::One { anyway },
        Some("2") => Key::Two,
        _ => Key::Other,
    }
}

fn seconds(form: &Form, name: &str) -> Option<i64> {
    field(form, &[name]).and_then(|secs| secs.parse().ok())
}

fn say(house: &App, ours: &Ours, speech: Result<Speech, WriteError>) -> Response {
    let at = |step: &str| format!("{}/twilio/voice/out/{step}?m={}", house.public_url, ours.mark);
    match speech {
        Ok(Speech::Greet(words)) => twiml(&Greet { words: &words, action: &at("heard") }),
        Ok(Speech::Tell(words)) => twiml(&Tell { words: &words, action: &at("key") }),
        Ok(Speech::Anyway(words)) => twiml(&Tell { words: &words, action: &format!("{}&anyway=1", at("key")) }),
        Ok(Speech::Connect { words, to }) => {
            let from = field(&ours.form, &["From"]).unwrap_or_default();
            twiml(&Connect { words: &words, from, to: &to, after: &at("after"), leg: &at("lead") })
        }
        Ok(Speech::Say(words)) if words.is_empty() => twiml(&Nothing),
        Ok(Speech::Say(words)) => twiml(&Say { words: &words }),
        Err(error) => not_stored(&error),
    }
}

fn not_stored(error: &WriteError) -> Response {
    tracing::error!(%error, "what happened in a call could not be stored; Twilio was told to ask again");
    unavailable()
}
