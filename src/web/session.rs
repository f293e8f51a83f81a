//! Who is behind a request, and whether it may change anything.
//!
//! [`guard`] stands before every route. What changes something must come from our own pages; where a session is needed
//! it must also carry that session's token, as the form field `csrf` or the header `x-csrf-token`. Handlers ask for
//! [`SignedIn`] or [`InBusiness`] and get somebody who may; without the guard these refuse everything but a GET, so a
//! route that was left outside is shut, not open. A shop that is not theirs does not exist: 404, same words, same query.
//!
//! Exempt are addresses whose callers prove themselves otherwise: `/in/` (token), `/twilio/` (signature), `/api/`
//! (key), `/u/` (mark); and `/f/`, the form for everybody, which knows no cookie. `/login`, `/setup/` and `/l/` have no session yet:
//! there the sender's origin is checked alone.

pub use crate::account::session::SignedIn;

use super::error::PageError;
use super::views::public;
use super::{App, House, cookie, origin};
use crate::account::session;
use crate::lead::shop::{Business, store};
use askama::Template;
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use subtle::ConstantTimeEq;

/// How long a browser keeps the session's cookie, in seconds: as long as any session can last.
pub const LASTS_SECS: i64 = session::LONGEST_MS / 1_000;
/// The most bytes that a form of ours may have.
const FORM_MAX: usize = 64 * 1024;

/// Somebody signed in, and a shop that is theirs: the extractor for `/b/{slug}/…`.
#[derive(Clone, Debug)]
pub struct InBusiness {
    /// Who.
    pub signed_in: SignedIn,
    /// The shop.
    pub business: Business,
}

/// Put on a request by [`guard`] once everything it must carry was there.
#[derive(Clone)]
struct Checked(SignedIn);

/// Lets a request through, or answers it. To be laid over the whole router with `from_fn_with_state`.
pub async fn guard(State(house): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if is_safe(request.method())
        || ["/in/", "/f/", "/u/", "/twilio/", "/api/"].iter().any(|exempt| path.starts_with(exempt))
    {
        return next.run(request).await;
    }
    let sender = origin::sender(request.headers(), &house.public_url);
    if sender == origin::Sender::Foreign {
        return refuse(StatusCode::FORBIDDEN, &public::forged("/"));
    }
    if path == "/login" || path.starts_with("/login/") {
        return match sender {
            origin::Sender::Ours => next.run(request).await,
            _ => refuse(StatusCode::FORBIDDEN, &public::forged("/login")),
        };
    }
    if path.starts_with("/setup/") || path.starts_with("/l/") {
        return next.run(request).await;
    }
    match checked(&house, request).await {
        Ok(request) => next.run(request).await,
        Err(response) => response,
    }
}

/// Makes sure that a request carries a session and its token.
async fn checked(house: &House, request: Request) -> Result<Request, Response> {
    let Some(who) = who(house, request.headers()).await? else {
        return Err(sign_in_first(request.method(), request.headers(), request.uri()));
    };
    let (mut parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, FORM_MAX)
        .await
        .map_err(|_| PageError::Bad("That is more than a form of ours can hold.").into_response())?;
    let given = match parts.headers.get("x-csrf-token") {
        Some(header) => header.to_str().unwrap_or_default().to_owned(),
        None => field(&bytes),
    };
    if !bool::from(given.as_bytes().ct_eq(who.csrf.as_bytes())) {
        return Err(refuse(StatusCode::FORBIDDEN, &public::forged("/")));
    }
    parts.extensions.insert(Checked(who));
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn field(form: &[u8]) -> String {
    let mut pairs = url::form_urlencoded::parse(form);
    pairs.find(|(key, _)| key == "csrf").map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Who the cookie stands for; notes the use.
async fn who(house: &House, headers: &HeaderMap) -> Result<Option<SignedIn>, Response> {
    let Some(token) = cookie::read(house, headers, cookie::SESSION) else { return Ok(None) };
    let now_ms = house.clock.now_ms();
    let found =
        session::find(&house.db, token, now_ms).await.map_err(|error| PageError::from(error).into_response())?;
    if let Some(who) = &found
        && let Err(error) = session::touch(&house.db, who, now_ms).await
    {
        tracing::warn!(%error, "the use of a session could not be noted");
    }
    Ok(found)
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &App) -> Result<Self, Response> {
        if let Some(Checked(who)) = parts.extensions.get::<Checked>() {
            return Ok(who.clone());
        }
        if !is_safe(&parts.method) {
            tracing::error!(path = parts.uri.path(), "this route stands outside the guard and was refused");
            return Err(refuse(StatusCode::FORBIDDEN, &public::forged("/")));
        }
        let who = who(house, &parts.headers).await?;
        who.ok_or_else(|| sign_in_first(&parts.method, &parts.headers, &parts.uri))
    }
}

impl FromRequestParts<App> for InBusiness {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, house: &App) -> Result<Self, Response> {
        let signed_in = SignedIn::from_request_parts(parts, house).await?;
        let params = RawPathParams::from_request_parts(parts, house).await.map_err(IntoResponse::into_response)?;
        let slug = params.iter().find(|(name, _)| *name == "slug").map(|(_, slug)| slug).unwrap_or_default();
        let within = signed_in.account.business_id.as_ref();
        match store::business_within(house.db.read(), slug, within).await {
            Ok(Some(business)) => Ok(Self { signed_in, business }),
            Ok(None) => Err(PageError::NotFound.into_response()),
            Err(error) => Err(PageError::from(error).into_response()),
        }
    }
}

/// Where to go after signing in: the page that was asked for if it is one of ours, else `/`.
pub fn local(next: &str) -> &str {
    let inside = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    if inside && next.chars().all(|c| c.is_ascii_graphic()) { next } else { "/" }
}

fn sign_in_first(method: &Method, headers: &HeaderMap, uri: &Uri) -> Response {
    if !is_page(headers) {
        return (StatusCode::UNAUTHORIZED, "Sign in first.").into_response();
    }
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    if !is_safe(method) || wanted == "/" {
        return Redirect::to("/login").into_response();
    }
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", wanted).finish();
    Redirect::to(&format!("/login?{query}")).into_response()
}

/// Whether a browser wants to show the answer, rather than a script to read it.
fn is_page(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => headers
            .get_all(header::ACCEPT)
            .iter()
            .any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html"))),
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn refuse(status: StatusCode, message: &public::Message) -> Response {
    match message.render() {
        Ok(html) => (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(error) => PageError::from(error).into_response(),
    }
}
