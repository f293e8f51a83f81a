//! How people come in and what they hold: the first run, signing in and out, the page with password, sessions and keys.
//!
//! A GET never signs anybody in, out or up. All of it belongs behind [`super::session::guard`].

mod account;
mod login;
mod setup;
#[cfg(test)]
mod tests;

use super::error::PageError;
use super::views::public::Message;
use super::{App, House, cookie, known, session};
use crate::account::session::Fresh;
use askama::Template;
use axum::Router;
use axum::http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

/// All of them.
pub fn routes() -> Router<App> {
    Router::new().merge(setup::routes()).merge(login::routes()).merge(account::routes())
}

/// A page that nobody may keep. Its forms say where they come from: with `no-referrer` a browser would send
/// `Origin: null`, which a form without a session cannot be told from a stranger's by.
fn page(status: StatusCode, view: &impl Template) -> Result<Response, PageError> {
    let headers = [(CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "same-origin")];
    Ok((status, headers, Html(view.render()?)).into_response())
}

/// A page of one message.
fn told(status: StatusCode, message: &Message) -> Result<Response, PageError> {
    page(status, message)
}

/// Goes to one of our own pages.
fn go(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

/// Somebody just came in: the session's cookie and the mark of a browser that has been here; then the page.
fn come_in(house: &House, email: &str, fresh: &Fresh, to: &str) -> Response {
    let mut response = go(to);
    let session = cookie::write(house, cookie::SESSION, &fresh.token, session::LASTS_SECS);
    let mark = cookie::write(house, cookie::KNOWN, &known::mark(house, email), known::LASTS_SECS);
    response.headers_mut().append(SET_COOKIE, session);
    response.headers_mut().append(SET_COOKIE, mark);
    response
}
