//! `/in/{token}`: where forms send to. `received_at` is noted before anything is read; the sender is answered after the
//! commit, never before. Programs get exactly 200 and a line of JSON, never a redirect; browsers get a page to go to. A
//! vendor's own question whether somebody is there is answered as that vendor demands.

use super::client::Client;
use super::views::format::Wall;
use super::views::public;
use super::{App, House, body};
use crate::base::clock::DAY_MS;
use crate::intake::providers::Handshake;
use crate::intake::reading;
use crate::intake::redirect::thank_you;
use crate::pipeline::{Card, Onward, Parcel, Received, Status};
use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::post;
use std::sync::Arc;

/// How long a sender waits before it tries again, in seconds, when the database cannot commit.
const TRY_AGAIN_SECS: &str = "30";
/// The most bytes of an answer to a program.
const ANSWER_MAX: usize = 200;

/// The routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/in/{token}", post(receive).get(explain).options(preflight))
        .route("/in/{token}/thanks", axum::routing::get(thanks))
}

async fn receive(State(house): State<App>, Path(token): Path<String>, client: Client, request: Request) -> Response {
    let received_at = house.clock.now_ms();
    let started = house.clock.mono_ms();
    let browser = is_navigation(request.headers());
    let response = take_in(&house, &token, &client, request, received_at, browser).await;
    let took = house.clock.mono_ms() - started;
    house.engine.metrics.ack_seconds.observe(f64::from(i32::try_from(took).unwrap_or(i32::MAX)) / 1_000.0);
    open_to_all(response)
}

async fn take_in(
    house: &App,
    token: &str,
    client: &Client,
    request: Request,
    received_at: i64,
    browser: bool,
) -> Response {
    let card = match house.engine.pipeline.card(token).await {
        Ok(Some(card)) => card,
        Ok(None) => return wrong_address(house, browser).await,
        Err(error) => {
            tracing::error!(%error, "a submission came while the database could not be read");
            return try_again(house, None, browser);
        }
    };
    if !house.db.disk().takes_leads() {
        return try_again(house, Some(&card), browser);
    }
    if card.secrets.is_empty()
        && let Err(secs) = house.engine.floods.admit(&card.source.id, house.clock.mono_ms())
    {
        house.engine.metrics.answered("flood");
        let problem = "Too many submissions at once. Send this one again.";
        let mut response = refusal(StatusCode::TOO_MANY_REQUESTS, problem);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
        return response;
    }
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or("").to_owned();
    let (body, files) = match body::read(&parts.headers, body).await {
        Ok(read) => read,
        Err(too_much) => {
            house.engine.metrics.answered("too_large");
            return refusal(too_much.status(), too_much.words());
        }
    };
    let parcel = Parcel {
        method: parts.method.to_string(),
        url: format!("{}{}", house.public_url, parts.uri),
        content_type: text(&parts.headers, "content-type"),
        headers: readable(&parts.headers),
        query,
        body,
        files,
        received_at,
        remote: from_browser(&parts.headers).then(|| client.network.clone()),
    };
    match house.engine.pipeline.receive(Arc::clone(&card), parcel).await {
        Ok((received, onward)) => {
            house.engine.metrics.answered(received.status.as_str());
            // A service that calls itself a browser is a program all the same.
            let browser = browser && card.provider().kind() == "form";
            answer(house, &card, token, &received, &onward, browser)
        }
        Err(error) => {
            tracing::error!(%error, source = %card.source.id, "a submission could not be taken in; the sender was told to try again");
            try_again(house, Some(&card), browser)
        }
    }
}

fn answer(house: &House, card: &Card, token: &str, received: &Received, onward: &Onward, browser: bool) -> Response {
    if received.status == Status::Refused {
        let problem = received.problem.as_deref().unwrap_or("The signature is wrong.");
        return refusal(StatusCode::UNAUTHORIZED, problem);
    }
    if browser {
        let hosts: Vec<&str> = card.source.allowed_hosts.split_whitespace().collect();
        let asked = onward.asked.as_deref().and_then(|target| thank_you(target, &hosts));
        let target = asked
            .or_else(|| card.source.thanks_url.clone())
            .unwrap_or_else(|| format!("{}/in/{token}/thanks", house.public_url));
        return match HeaderValue::from_str(&target) {
            Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
            Err(_) => page(StatusCode::OK, &public::thanks(&card.business.name, None)),
        };
    }
    if let Some((content_type, words)) = card.provider().answer() {
        return ([(header::CONTENT_TYPE, content_type)], words).into_response();
    }
    let mut json = format!(r#"{{"status":"{}","receipt":"{}""#, received.status.as_str(), received.receipt);
    if let Some(lead) = &received.lead {
        json.push_str(&format!(r#","lead":"{lead}""#));
    }
    json.push('}');
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}

async fn explain(State(house): State<App>, Path(token): Path<String>, request: Request) -> Response {
    match house.engine.pipeline.card(&token).await {
        Ok(Some(card)) => {
            if let Some(answer) = handshake(&house, &card, &request) {
                return answer;
            }
            let wall = Wall::new(&card.business.timezone, &card.business.country);
            let last = card.source.last_at.map(|at| wall.short(at, house.clock.now_ms()));
            page(StatusCode::OK, &public::address_works(last.as_deref()))
        }
        Ok(None) => wrong_address(&house, true).await,
        Err(error) => {
            tracing::error!(%error, "an address could not be looked up");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The answer to a vendor's own question, if this is one.
fn handshake(house: &House, card: &Card, request: &Request) -> Option<Response> {
    let asked = reading::Request {
        method: "GET",
        url: &format!("{}{}", house.public_url, request.uri()),
        content_type: None,
        headers: &readable(request.headers()),
        query: request.uri().query().unwrap_or(""),
        body: &[],
        country: &card.business.country,
        received_at: house.clock.now_ms(),
    };
    let Handshake { status, content_type, body } = card.provider().handshake(&asked, &card.secrets())?;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    Some((status, [(header::CONTENT_TYPE, content_type)], body).into_response())
}

async fn thanks(State(house): State<App>, Path(token): Path<String>) -> Response {
    match house.engine.pipeline.card(&token).await {
        Ok(Some(card)) => page(StatusCode::OK, &public::thanks(&card.business.name, None)),
        _ => wrong_address(&house, true).await,
    }
}

async fn preflight() -> Response {
    open_to_all(StatusCode::NO_CONTENT.into_response())
}

/// Any page may post here: that is what the address is for.
fn open_to_all(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, GET, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

/// Counted per day, so that the owner can see that something sends to an address nobody has.
async fn wrong_address(house: &App, browser: bool) -> Response {
    house.engine.metrics.wrong_addresses.inc();
    let now = house.clock.now_ms();
    let house = Arc::clone(house);
    // Nobody waits for this count, and a failure to count loses nothing.
    tokio::spawn(async move {
        let _uncounted = house
            .db
            .write(move |c| {
                Box::pin(async move { crate::lead::receipts::count_wrong_address(c, now / DAY_MS, now).await })
            })
            .await;
    });
    if browser {
        return page(StatusCode::NOT_FOUND, &public::wrong_address());
    }
    refusal(StatusCode::NOT_FOUND, "This address does not exist. Copy it again from Sources.")
}

fn try_again(house: &House, card: Option<&Card>, browser: bool) -> Response {
    house.engine.metrics.answered("unavailable");
    let mut response = match card {
        Some(card) if browser => page(
            StatusCode::SERVICE_UNAVAILABLE,
            &public::not_stored(&card.business.name, card.business.phone.as_deref()),
        ),
        _ => refusal(StatusCode::SERVICE_UNAVAILABLE, "Nothing was stored. Send this again."),
    };
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(TRY_AGAIN_SECS));
    response
}

fn refusal(status: StatusCode, problem: &str) -> Response {
    let line = |problem: &str| serde_json::json!({"status": "refused", "problem": problem}).to_string();
    let (mut json, mut end) = (line(problem), problem.len());
    while json.len() > ANSWER_MAX && end > 0 {
        end = problem.floor_char_boundary(end - 1);
        json = line(&format!("{}…", &problem[..end]));
    }
    (status, [(header::CONTENT_TYPE, "application/json")], json).into_response()
}

fn page(status: StatusCode, message: &public::Message) -> Response {
    match message.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be drawn");
            (status, Body::from(message.title.clone())).into_response()
        }
    }
}

/// A browser that goes to another page with this request, rather than a script or a server.
fn is_navigation(headers: &HeaderMap) -> bool {
    // No page can make a browser go somewhere with JSON; many programs say that they would like HTML back.
    let by_form = text(headers, "content-type").is_none_or(|kind| {
        let kind = kind.trim_start().to_ascii_lowercase();
        ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"].iter().any(|k| kind.starts_with(k))
    });
    if !by_form || text(headers, "user-agent").is_some_and(|agent| agent.starts_with("Java/")) {
        return false;
    }
    match headers.get("sec-fetch-mode").and_then(|v| v.to_str().ok()) {
        Some(mode) => mode == "navigate",
        None => text(headers, "accept").is_some_and(|accept| accept.contains("text/html")),
    }
}

/// Whether the visitor's own browser sent it, so that its network says something about the visitor.
fn from_browser(headers: &HeaderMap) -> bool {
    ["origin", "sec-fetch-mode", "sec-fetch-site"].iter().any(|name| headers.contains_key(*name))
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned)
}

/// The headers as text. Those that are not text cannot be compared with anything and are left out.
fn readable(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect()
}
