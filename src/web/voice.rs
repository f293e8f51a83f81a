//! `/twilio/voice` and its follow-ups: a call to the shop's number rings the owner, who presses 1 to be put through, so
//! that no voicemail can take it for them; whoever is not answered is told so and texted back.
//!
//! Checked like every callback of Twilio's; the answers are TwiML. Source: Twilio, "TwiML for Programmable Voice".

use super::App;
use super::callbacks::{Form, field, forbidden, genuine};
use crate::base::ids::PersonId;
use crate::pipeline::{CallEnd, InboundCall, Ring};
use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/twilio/voice", post(ring))
        .route("/twilio/voice/screen", post(screen))
        .route("/twilio/voice/pressed", post(pressed))
        .route("/twilio/voice/after", post(after))
        .route("/twilio/voice/status", post(status))
        .layer(DefaultBodyLimit::max(64 * 1024))
}

/// Rings one or more of us at once; the first who presses 1 is put through.
#[derive(Template)]
#[template(path = "twiml/ring.xml")]
struct Ringing<'a> {
    public_url: &'a str,
    call: &'a str,
    people: &'a [(PersonId, String)],
}

/// What the one hears who picks up.
#[derive(Template)]
#[template(path = "twiml/screen.xml")]
struct Screen<'a> {
    public_url: &'a str,
    call: &'a str,
    person: &'a str,
    shop: &'a str,
}

/// One sentence, and the end.
#[derive(Template)]
#[template(path = "twiml/say.xml")]
pub(super) struct Say<'a> {
    pub(super) words: &'a str,
}

/// The answer to a callback that has nothing to say.
#[derive(Template)]
#[template(path = "twiml/nothing.xml")]
pub(super) struct Nothing;

const SORRY: &str = "Sorry, nobody can take your call right now. We got your number and will call you back.";

async fn ring(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(form) = genuine(&house, &uri, &headers, &body) else { return forbidden() };
    let call = call(&form);
    match house.engine.pipeline.call_in(&call).await {
        Ok(Ring::People { people, .. }) => {
            twiml(&Ringing { public_url: &house.public_url, call: &call.vendor_id, people: &people })
        }
        Ok(Ring::Nobody { .. }) => {
            over(&house, CallEnd { call, is_told: true, body: missed(&body), ..CallEnd::default() }).await
        }
        Ok(Ring::OneOfUs { shop }) => {
            let words = format!("This is the number of {shop}. Calls of your customers ring your own phone.");
            twiml(&Say { words: &words })
        }
        Ok(Ring::NoShop) => twiml(&Say { words: "This number is not in use yet." }),
        Err(error) => {
            tracing::error!(%error, "a call could not be put through: the database cannot be read");
            unavailable()
        }
    }
}

/// What one of us hears before they are put through.
async fn screen(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(form) = genuine(&house, &uri, &headers, &body) else { return forbidden() };
    let (call, person, shop) =
        (asked(&uri, "call"), asked(&uri, "person"), field(&form, &["From"]).unwrap_or_default());
    let spoken = shop.strip_prefix('+').map_or_else(String::new, spell);
    let shop = if spoken.is_empty() { "a customer".to_owned() } else { format!("a customer, {spoken}") };
    twiml(&Screen { public_url: &house.public_url, call: &call, person: &person, shop: &shop })
}

/// 1 puts through; anything else leaves the call to the others.
async fn pressed(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(form) = genuine(&house, &uri, &headers, &body) else { return forbidden() };
    if field(&form, &["Digits"]) != Some("1") {
        return twiml(&Say { words: "Left to the others." });
    }
    match house.engine.pipeline.call_taken(&asked(&uri, "call"), &PersonId::from(asked(&uri, "person"))).await {
        Ok(true) => twiml(&Nothing),
        Ok(false) => twiml(&Say { words: "Somebody else has it." }),
        Err(error) => {
            // They are talking in a moment; the end of the call tells the rest.
            tracing::error!(%error, "who answered a call could not be written down");
            twiml(&Nothing)
        }
    }
}

/// The ringing is over: somebody talked to the caller, or nobody did.
async fn after(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(form) = genuine(&house, &uri, &headers, &body) else { return forbidden() };
    let word = field(&form, &["DialCallStatus"]).unwrap_or_default();
    // A voicemail that picked up was never put through.
    let is_bridged = field(&form, &["DialBridged"]) != Some("false");
    let is_answered = matches!(word, "completed" | "answered") && is_bridged;
    let talk_secs = field(&form, &["DialCallDuration"]).and_then(|secs| secs.parse().ok());
    let body = if is_answered { body.to_vec() } else { missed(&body) };
    over(&house, CallEnd { call: call(&form), is_answered, is_told: true, talk_secs, body }).await
}

/// The number's own status callback: the only one that comes when the caller hangs up while it still rings.
async fn status(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(form) = genuine(&house, &uri, &headers, &body) else { return forbidden() };
    let is_over =
        matches!(field(&form, &["CallStatus"]), Some("completed" | "no-answer" | "busy" | "canceled" | "failed"));
    let is_ours = field(&form, &["Direction"]).is_none_or(|direction| direction == "inbound");
    if !is_over || !is_ours {
        return twiml(&Nothing);
    }
    let end = CallEnd { call: call(&form), body: missed(&body), ..CallEnd::default() };
    match house.engine.pipeline.call_ended(end).await {
        Ok(()) => twiml(&Nothing),
        Err(error) => not_stored(&error),
    }
}

/// Notes how a call ended, and says goodbye to whoever was not answered.
async fn over(house: &App, end: CallEnd) -> Response {
    let is_answered = end.is_answered;
    match house.engine.pipeline.call_ended(end).await {
        Ok(()) if is_answered => twiml(&Nothing),
        Ok(()) => twiml(&Say { words: SORRY }),
        Err(error) => not_stored(&error),
    }
}

fn call(form: &Form) -> InboundCall {
    let text = |names: &[&str]| field(form, names).unwrap_or_default().trim().to_owned();
    InboundCall { vendor_id: text(&["CallSid"]), from: text(&["From", "Caller"]), to: text(&["To", "Called"]) }
}

/// The form of a call that nobody answered, as the reader of missed calls knows it.
fn missed(body: &[u8]) -> Vec<u8> {
    let kept = url::form_urlencoded::parse(body).filter(|(name, _)| name != "DialCallStatus");
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(kept).append_pair("DialCallStatus", "no-answer");
    form.finish().into_bytes()
}

/// A parameter of our own address, which Twilio signed with it.
pub(super) fn asked(uri: &Uri, name: &str) -> String {
    url::form_urlencoded::parse(uri.query().unwrap_or("").as_bytes())
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// A number digit by digit, as it is read out: not "five hundred and twelve".
fn spell(digits: &str) -> String {
    digits.chars().filter(char::is_ascii_digit).map(String::from).collect::<Vec<_>>().join(" ")
}

pub(super) fn twiml(template: &impl Template) -> Response {
    match template.render() {
        Ok(xml) => ([(header::CONTENT_TYPE, "text/xml")], xml).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer to a call could not be written");
            unavailable()
        }
    }
}

fn not_stored(error: &crate::db::WriteError) -> Response {
    tracing::error!(%error, "how a call ended could not be stored; it counts as missed until it can");
    unavailable()
}

pub(super) fn unavailable() -> Response {
    let xml = crate::intake::providers::NOTHING_TO_SAY;
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/xml")], xml).into_response()
}
