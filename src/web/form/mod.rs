//! `/f/{slug}`: the form that we host for a business, open to everybody, without script and without our name on it.
//!
//! What is sent here walks the same road as any form: one receipt, one transaction, the same caps. It has no session
//! and no cookie, so there is nothing that a foreign page could misuse; a copy of the form may stand in any page.
//! `?embed=1` is the same page for an `<iframe>`. Opening the page makes nothing; the first submission makes its source.

mod stamp;
mod typed;

#[cfg(test)]
mod tests;

use super::body;
use super::client::Client;
use super::error::{PageError, page};
use super::qr;
use super::views::form::{FormPage, Wrong};
use super::{App, Embeddable, House};
use crate::intake::reading::Request as Asking;
use crate::intake::redirect::thank_you;
use crate::lead::own_form::{OwnForm, store as forms};
use crate::lead::shop::{Business, Source, store};
use crate::pipeline::{Card, Onward, Parcel};
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use stamp::Stamp;
use std::sync::Arc;
use typed::Typed;

/// The page's policy: no script at all, posts to us only. Who may frame it stands at its end.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'";
/// How long somebody waits before they try again, in seconds, while nothing can be stored.
const TRY_AGAIN_SECS: i64 = 30;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/f/{slug}", get(open).post(send))
        .route("/f/{slug}/thanks", get(thanks))
        .route("/f/{slug}/qr.svg", get(code))
}

/// The address of a business's form. `public_url` has no slash at the end.
pub fn address(public_url: &str, slug: &str) -> String {
    format!("{public_url}/f/{slug}")
}

#[derive(Default, Deserialize)]
struct Asked {
    /// Whether it stands in a frame of another page.
    #[serde(default)]
    embed: String,
}

/// One business's form, as one request sees it.
struct Desk<'a> {
    house: &'a House,
    business: Business,
    form: OwnForm,
    framed: bool,
}

impl<'a> Desk<'a> {
    async fn of(house: &'a House, slug: &str, asked: &Asked) -> Result<Self, PageError> {
        let business = store::business_by_slug(house.db.read(), slug).await?.ok_or(PageError::NotFound)?;
        let form = forms::of(house.db.read(), &business.id).await?;
        Ok(Self { house, business, form, framed: !matches!(asked.embed.as_str(), "" | "0") })
    }

    fn path(&self, below: &str) -> String {
        format!("/f/{}{below}{}", self.business.slug, if self.framed { "?embed=1" } else { "" })
    }

    /// The page. What was typed stays; the stamp of the first opening stays as well.
    fn page(&self, typed: Typed, wrong: Vec<Wrong>, trouble: Option<String>) -> FormPage {
        FormPage {
            shop: self.business.name.clone(),
            action: self.path(""),
            words: self.form.words(&self.business.name),
            is_sent: false,
            again: typed.again || !wrong.is_empty(),
            typed: [typed.name, typed.phone, typed.email, typed.message],
            ticked: typed.ticked,
            stamp: typed.stamp,
            wrong,
            trouble,
        }
    }

    fn show(&self, status: StatusCode, view: &FormPage) -> Result<Response, PageError> {
        let mut response = page(view)?;
        *response.status_mut() = status;
        let framers = if self.framed { "*" } else { "'none'" };
        let policy = HeaderValue::from_str(&format!("{POLICY}; frame-ancestors {framers}"));
        if let Ok(policy) = policy {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if self.framed {
            response.extensions_mut().insert(Embeddable);
        }
        Ok(response)
    }

    /// Nothing could be taken in just now: the form again, with everything that was typed.
    fn later(&self, status: StatusCode, typed: Typed, secs: i64) -> Result<Response, PageError> {
        let call = self.business.phone.as_ref().map_or_else(String::new, |phone| format!(" Or call {phone}."));
        let trouble = format!("That did not work just now. Please press Send again in a minute.{call}");
        let mut response = self.show(status, &self.page(typed, Vec::new(), Some(trouble)))?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        Ok(response)
    }

    /// The source behind the form, which is made if this is its first submission.
    async fn card(&self, now_ms: i64) -> anyhow::Result<Arc<Card>> {
        let house = self.house;
        let source = match &self.form.source_id {
            Some(id) => store::source(house.db.read(), id).await?,
            None => None,
        };
        let source = match source {
            Some(source) => source,
            None => {
                let business = &self.business.id;
                let name = "Our own form";
                let (mut fresh, _token) =
                    Source::new(business, "leadbell-form", name, None, &house.keys, &house.random, now_ms);
                // There is a box on it, so only a tick is a permission.
                fresh.consent = "box".to_owned();
                house.db.write(move |c| Box::pin(async move { forms::source_or(c, fresh).await })).await?
            }
        };
        let token = house.keys.open(&source.token_sealed)?;
        house.engine.pipeline.card(&token).await?.ok_or_else(|| anyhow::anyhow!("the form's source is gone"))
    }
}

async fn open(
    State(house): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let desk = Desk::of(&house, &slug, &asked).await?;
    let stamp = stamp::make(&house.keys, &house.random, &desk.business.id, house.clock.now_ms());
    desk.show(StatusCode::OK, &desk.page(Typed { stamp, ..Typed::default() }, Vec::new(), None))
}

async fn thanks(
    State(house): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let desk = Desk::of(&house, &slug, &asked).await?;
    let view = FormPage { is_sent: true, ..desk.page(Typed::default(), Vec::new(), None) };
    desk.show(StatusCode::OK, &view)
}

/// The form's address as a picture, for vans and flyers.
async fn code(State(house): State<App>, Path(slug): Path<String>) -> Result<Response, PageError> {
    let desk = Desk::of(&house, &slug, &Asked::default()).await?;
    let svg = qr::svg(&address(&house.public_url, &desk.business.slug)).ok_or(PageError::NotFound)?;
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=3600")];
    Ok((headers, svg).into_response())
}

async fn send(
    State(house): State<App>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    client: Client,
    request: Request,
) -> Result<Response, PageError> {
    let received_at = house.clock.now_ms();
    let desk = Desk::of(&house, &slug, &asked).await?;
    let (parts, body) = request.into_parts();
    let (body, files) = match body::read(&parts.headers, body).await {
        Ok(read) => read,
        Err(unread) => {
            let trouble = Some(unread.words().to_owned());
            return desk.show(unread.status(), &desk.page(Typed::default(), Vec::new(), trouble));
        }
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let typed = Typed::read(content_type.as_deref(), &body).unwrap_or_default();
    let stamp = stamp::read(&house.keys, &typed.stamp, &desk.business.id, received_at);
    let parcel = Parcel {
        method: "POST".to_owned(),
        url: address(&house.public_url, &desk.business.slug),
        headers: headers(&parts.headers),
        query: vouched(&stamp, parts.uri.query()),
        content_type,
        body,
        files,
        received_at,
        remote: Some(client.network),
    };
    let wrong = mistakes(&parcel, &desk.business.country);
    if !wrong.is_empty() {
        return desk.show(StatusCode::UNPROCESSABLE_ENTITY, &desk.page(typed, wrong, None));
    }
    take_in(&desk, parcel, typed, &stamp).await
}

/// What is wrong with a plain form; anything else goes through as it is.
fn mistakes(parcel: &Parcel, country: &str) -> Vec<Wrong> {
    let content_type = parcel.content_type.as_deref();
    let Some(typed) = Typed::read(content_type, &parcel.body) else { return Vec::new() };
    typed.wrong(&Asking {
        method: &parcel.method,
        url: &parcel.url,
        content_type,
        headers: &parcel.headers,
        query: &parcel.query,
        body: &parcel.body,
        country,
        received_at: parcel.received_at,
    })
}

async fn take_in(desk: &Desk<'_>, mut parcel: Parcel, typed: Typed, stamp: &Stamp) -> Result<Response, PageError> {
    let engine = &desk.house.engine;
    let card = match desk.card(parcel.received_at).await {
        Ok(card) => card,
        Err(error) => {
            tracing::error!(%error, business = %desk.business.id, "our own form could not be opened");
            engine.metrics.answered("unavailable");
            return desk.later(StatusCode::SERVICE_UNAVAILABLE, typed, TRY_AGAIN_SECS);
        }
    };
    if let Err(secs) = engine.floods.admit(&card.source.id, desk.house.clock.mono_ms()) {
        engine.metrics.answered("flood");
        return desk.later(StatusCode::TOO_MANY_REQUESTS, typed, secs);
    }
    // Visitors sign nothing: if somebody gave the source a secret, the form that we serve ourselves knows it.
    parcel.headers.extend(card.secrets.first().map(|secret| ("x-leadbell-secret".to_owned(), secret.clone())));
    match engine.pipeline.receive(Arc::clone(&card), parcel).await {
        Ok((received, onward)) => {
            engine.metrics.answered(received.status.as_str());
            tracing::debug!(receipt = %received.receipt, "our own form was sent");
            Ok(onwards(desk, &card, &onward, stamp))
        }
        Err(error) => {
            tracing::error!(%error, source = %card.source.id, "our own form could not be stored; the visitor was asked to send it again");
            engine.metrics.answered("unavailable");
            desk.later(StatusCode::SERVICE_UNAVAILABLE, typed, TRY_AGAIN_SECS)
        }
    }
}

/// From our own page to our own thank-you. A copy in another page may name where to go, if its host is allowed.
fn onwards(desk: &Desk<'_>, card: &Card, onward: &Onward, stamp: &Stamp) -> Response {
    let ours = desk.path("/thanks");
    let target = match stamp {
        Stamp::Missing => {
            let hosts: Vec<&str> = card.source.allowed_hosts.split_whitespace().collect();
            let asked = onward.asked.as_deref().and_then(|target| thank_you(target, &hosts));
            asked.or_else(|| card.source.thanks_url.clone()).unwrap_or(ours)
        }
        Stamp::Ours { .. } | Stamp::Forged => ours,
    };
    let location = HeaderValue::from_str(&target).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// What the reader of this form may believe: facts of ours in place of whatever the address said, and a test stays one.
fn vouched(stamp: &Stamp, query: Option<&str>) -> String {
    let mut facts = url::form_urlencoded::Serializer::new(String::new());
    match stamp {
        Stamp::Missing => {}
        Stamp::Forged => {
            facts.append_pair("age_ms", "0");
        }
        Stamp::Ours { age_ms, view } => {
            facts.append_pair("age_ms", &age_ms.to_string()).append_pair("view", view);
        }
    }
    let asked = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    facts.extend_pairs(asked.filter(|(name, _)| name == "test"));
    facts.finish()
}

/// The headers as text, without any that speaks of secrets.
fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let secret = |name: &str| matches!(name, "x-leadbell-secret" | "x-leadbell-signature" | "authorization" | "cookie");
    headers
        .iter()
        .filter(|(name, _)| !secret(name.as_str()))
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect()
}

/// A copy of the form, to be pasted into any page.
pub fn copy(address: &str, words: &str) -> String {
    let words = escaped(words);
    format!(
        r#"<form action="{address}" method="post">
  <p><label>Your name<br><input name="name" autocomplete="name" required></label></p>
  <p><label>Mobile<br><input name="phone" type="tel" autocomplete="tel"></label></p>
  <p><label>Email<br><input name="email" type="email" autocomplete="email"></label></p>
  <p><label>What do you need?<br><textarea name="message" rows="4"></textarea></label></p>
  <p><label><input type="checkbox" name="consent" value="{words}"> {words}</label></p>
  <p hidden><label>Leave this empty <input name="homepage" tabindex="-1" autocomplete="off"></label></p>
  <p><button>Send</button></p>
</form>"#
    )
}

/// The form in a frame, to be pasted into any page.
pub fn frame(address: &str, shop: &str) -> String {
    format!(
        r#"<iframe src="{address}?embed=1" title="Write to {}" width="100%" height="760" loading="lazy"></iframe>"#,
        escaped(shop)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
