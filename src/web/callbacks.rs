//! Twilio's callbacks: status news and inbound texts. Checked against the configured public address; a wrong signature
//! gets 403 and changes nothing. The answer is always TwiML: plain text would be sent to the customer as a text.

use super::App;
use crate::base::twilio_signature::{self, Callback};
use crate::delivery::sms_twilio::callback_ref;
use crate::pipeline::{InboundText, Place, StatusNews};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, OriginalUri, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use secrecy::ExposeSecret;

use crate::intake::providers::NOTHING_TO_SAY;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/twilio/status", post(status))
        .route("/twilio/message", post(message))
        .layer(DefaultBodyLimit::max(64 * 1024))
}

async fn status(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(form) = genuine(&house, &uri, &headers, &body) else { return forbidden() };
    let mark = url::form_urlencoded::parse(uri.query().unwrap_or("").as_bytes())
        .find(|(name, _)| name == "m")
        .and_then(|(_, value)| callback_ref(&house.keys, &value));
    let (Some(vendor_id), Some(word)) =
        (field(&form, &["MessageSid", "SmsSid"]), field(&form, &["MessageStatus", "SmsStatus"]))
    else {
        return twiml();
    };
    let news = StatusNews {
        message: mark.map(|(id, attempt)| (id.to_string(), i64::from(attempt))),
        vendor_id: vendor_id.to_owned(),
        status: word.to_ascii_lowercase(),
        code: field(&form, &["ErrorCode"]).and_then(|c| c.parse().ok()).unwrap_or(0),
    };
    match house.engine.pipeline.hear_status(news).await {
        Ok(_) => twiml(),
        Err(error) => failed(&error),
    }
}

async fn message(State(house): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap, body: Bytes) -> Response {
    let Some(form) = genuine(&house, &uri, &headers, &body) else { return forbidden() };
    let Some(vendor_id) = field(&form, &["MessageSid", "SmsMessageSid", "SmsSid"]) else { return twiml() };
    let text = InboundText {
        vendor_id: vendor_id.to_owned(),
        from: field(&form, &["From"]).unwrap_or_default().to_owned(),
        to: field(&form, &["To"]).unwrap_or_default().to_owned(),
        body: field(&form, &["Body"]).unwrap_or_default().to_owned(),
        media: field(&form, &["NumMedia"]).and_then(|n| n.parse().ok()).unwrap_or(0),
        opt_out_type: field(&form, &["OptOutType"]).map(str::to_owned),
    };
    match house.engine.pipeline.hear_text(text).await {
        Ok(place) => {
            if place == Place::None {
                house.engine.metrics.texts_to_nobody.inc();
            }
            twiml()
        }
        Err(error) => failed(&error),
    }
}

/// The fields of a callback, in their order.
pub(super) type Form = Vec<(String, String)>;

/// The form of a callback that Twilio signed; none when it did not.
pub(super) fn genuine(house: &App, uri: &axum::http::Uri, headers: &HeaderMap, body: &[u8]) -> Option<Form> {
    let path = uri.path_and_query().map_or("", |p| p.as_str());
    let url = format!("{}{path}", house.public_url);
    let signatures: Vec<&[u8]> = headers.get_all(twilio_signature::HEADER).iter().map(|v| v.as_bytes()).collect();
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let callback = Callback { method: "POST", url: &url, content_type, signatures: &signatures, body };
    let tokens: Vec<&str> = house.engine.twilio_tokens.iter().map(ExposeSecret::expose_secret).collect();
    if tokens.is_empty() || !twilio_signature::is_genuine(&callback, &tokens) {
        tracing::warn!(
            path = uri.path(),
            "a callback with a wrong signature was refused; compare LEADBELL_PUBLIC_URL with the address set at Twilio, and the auth token"
        );
        return None;
    }
    Some(url::form_urlencoded::parse(body).into_owned().collect())
}

/// The first of these fields that came.
pub(super) fn field<'a>(form: &'a Form, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| form.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()))
}

fn twiml() -> Response {
    ([(header::CONTENT_TYPE, "text/xml")], NOTHING_TO_SAY).into_response()
}

/// A callback that Twilio did not sign.
pub(super) fn forbidden() -> Response {
    (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "text/xml")], NOTHING_TO_SAY).into_response()
}

fn failed(error: &crate::db::WriteError) -> Response {
    tracing::error!(%error, "a callback could not be stored; Twilio was told to send it again");
    (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/xml")], NOTHING_TO_SAY).into_response()
}
