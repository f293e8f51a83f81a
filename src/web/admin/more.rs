//! `/` and `/b/{slug}/more`: which shop, and what is behind More.

use super::frame::{Frame, frame, way};
use crate::lead::shop::store;
use crate::outbox::channel::Medium;
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::{InBusiness, SignedIn};
use crate::web::views::account::Account;
use crate::web::views::chrome::Here;
use crate::web::views::format::Way;
use crate::web::views::pieces::Pill;
use crate::web::views::public::Message;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

/// The routes of these pages.
pub fn routes() -> Router<App> {
    Router::new().route("/", get(home)).route("/b/{slug}/more", get(more))
}

/// Today of the only shop, else all of them.
async fn home(State(house): State<App>, who: SignedIn) -> Result<Response, PageError> {
    let shops = store::businesses_within(house.db.read(), who.account.business_id.as_ref()).await?;
    if let [only] = shops.as_slice() {
        return Ok(Redirect::to(&format!("/b/{}/today", only.slug)).into_response());
    }
    if !shops.is_empty() {
        return Ok(Redirect::to("/businesses").into_response());
    }
    let texts = vec!["There is no shop yet. On the server: leadbell business add --name \"…\"".to_owned()];
    page(&Message { shop: String::new(), title: "No shop".to_owned(), texts, links: Vec::new() })
}

async fn more(State(house): State<App>, who: InBusiness) -> Result<Response, PageError> {
    let Frame { chrome, .. } = frame(&house, &who, Here::More).await?;
    let account = &who.signed_in.account;
    let shops = store::businesses_within(house.db.read(), account.business_id.as_ref()).await?;
    let failing = [Medium::Sms, Medium::Mail].into_iter().any(|medium| way(&house, medium) == Way::Failing);
    page(&Account {
        chrome,
        name: account.name.clone(),
        email: account.email.clone(),
        health: if failing { Pill::new("slow", "failing") } else { Pill::new("fast", "fine") },
        others: shops.into_iter().filter(|s| s.id != who.business.id).map(|s| (s.slug, s.name)).collect(),
    })
}
