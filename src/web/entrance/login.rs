//! Signing in by password or by a link from the server, and signing out.
//!
//! An unknown address and a wrong password get the same words after the same work. Who guesses waits (see
//! [`crate::account::throttle`]); a browser that signed in before never waits for others' guessing. Every sign-in is
//! a new session, and the one that the browser brought along ends.

use super::{come_in, go, page, told};
use crate::account::link::{self, Opens};
use crate::account::session::{self, Fresh};
use crate::account::throttle::Wait;
use crate::account::{Account, store};
use crate::base::ids::UserId;
use crate::web::client::Client;
use crate::web::error::PageError;
use crate::web::session::{SignedIn, local};
use crate::web::views::account::{Link, Login, TOO_MANY_TRIES, WRONG_PASSWORD};
use crate::web::views::public;
use crate::web::{App, House, cookie, known};
use axum::extract::{Path, Query, State};
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use secrecy::SecretString;
use serde::Deserialize;

/// `/login`, `/login/link/{token}`, `/logout`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(form).post(sign_in))
        .route("/login/link/{token}", get(ask).post(follow))
        .route("/logout", post(sign_out))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    next: String,
    #[serde(default)]
    out: String,
}

async fn form(
    State(house): State<App>,
    who: Result<SignedIn, Response>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, PageError> {
    if who.is_ok() {
        return Ok(go(local(&wanted.next)));
    }
    if !store::anybody(&house.db).await? {
        return told(StatusCode::OK, &public::not_set_up());
    }
    let told = (!wanted.out.is_empty()).then(|| "You are signed out.".to_owned());
    page(StatusCode::OK, &Login { next: local(&wanted.next).to_owned(), told, ..Login::default() })
}

#[derive(Deserialize)]
struct Given {
    email: String,
    password: SecretString,
    #[serde(default)]
    next: String,
}

async fn sign_in(
    State(house): State<App>,
    client: Client,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Result<Response, PageError> {
    let email = store::address(&given.email).unwrap_or_default();
    let next = local(&given.next).to_owned();
    let from = known::place(&house, &headers, &client, &email);
    if let Err(wait) = house.doors.sign_in.admit(&email, &from, house.clock.mono_ms()) {
        return too_many(given.email, next, wait);
    }
    let found = store::by_email(&house.db, &email).await?;
    let stored = found.as_ref().and_then(|(_, hash)| hash.as_deref());
    let right = house.doors.hasher.is_right(&given.password, stored).await;
    match found {
        Some((account, _)) if right => {
            house.doors.sign_in.succeeded(&email, &from, house.clock.mono_ms());
            enter(&house, &headers, account, &next).await
        }
        _ => {
            tracing::info!(network = client.network, "a sign-in did not fit");
            let problem = Some(WRONG_PASSWORD.to_owned());
            page(StatusCode::UNAUTHORIZED, &Login { email: given.email, next, problem, told: None })
        }
    }
}

fn too_many(email: String, next: String, wait: Wait) -> Result<Response, PageError> {
    let problem = Some(TOO_MANY_TRIES.to_owned());
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, &Login { email, next, problem, told: None })?;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.secs()));
    Ok(response)
}

async fn enter(house: &House, headers: &HeaderMap, account: Account, next: &str) -> Result<Response, PageError> {
    let (fresh, now) = (Fresh::draw(&house.random), house.clock.now_ms());
    let (begun, brought) = (fresh.clone(), brought(house, headers));
    let id = account.id;
    house
        .db
        .write(move |conn| {
            Box::pin(async move {
                session::forget(conn, brought.as_deref()).await?;
                session::begin(conn, &begun, &id, now).await
            })
        })
        .await?;
    Ok(come_in(house, &account.email, &fresh, next))
}

fn brought(house: &House, headers: &HeaderMap) -> Option<String> {
    cookie::read(house, headers, cookie::SESSION).map(str::to_owned)
}

async fn ask(State(house): State<App>, Path(token): Path<String>) -> Result<Response, PageError> {
    match link::peek(&house.db, &token, house.clock.now_ms()).await? {
        Some(Opens::Setup) => Ok(go(&format!("/setup/{token}"))),
        Some(Opens::Account(id)) => match store::by_id(&house.db, &id).await? {
            Some(account) => page(StatusCode::OK, &Link { token, email: account.email }),
            None => told(StatusCode::GONE, &public::link_used_up()),
        },
        None => told(StatusCode::GONE, &public::link_used_up()),
    }
}

async fn follow(
    State(house): State<App>,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (fresh, now) = (Fresh::draw(&house.random), house.clock.now_ms());
    let (begun, brought) = (fresh.clone(), brought(&house, &headers));
    let opened: Option<UserId> = house
        .db
        .write(move |conn| {
            Box::pin(async move {
                let Some(Opens::Account(id)) = link::use_up(conn, &token, now).await? else { return Ok(None) };
                session::forget(conn, brought.as_deref()).await?;
                session::begin(conn, &begun, &id, now).await?;
                Ok(Some(id))
            })
        })
        .await?;
    let account = match opened {
        Some(id) => store::by_id(&house.db, &id).await?,
        None => None,
    };
    match account {
        Some(account) => Ok(come_in(&house, &account.email, &fresh, "/")),
        None => told(StatusCode::GONE, &public::link_used_up()),
    }
}

async fn sign_out(State(house): State<App>, who: SignedIn) -> Result<Response, PageError> {
    session::end(&house.db, who.account.id, who.session.id).await?;
    let mut response = go("/login?out=1");
    response.headers_mut().append(SET_COOKIE, cookie::write(&house, cookie::SESSION, "", 0));
    Ok(response)
}
