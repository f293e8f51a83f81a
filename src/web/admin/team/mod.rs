//! `/b/{slug}/team`: the ladder, the people, their hours, what happens after hours. Everything here is a plain form:
//! what was typed survives a mistake, which is named beside its field. A change holds for the next lead.

mod forms;
mod people;
mod rules;
mod show;
mod steps;

use crate::lead::team::{Team, store};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use forms::Typed;
use serde::Deserialize;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/team", get(open))
        .merge(steps::routes())
        .merge(people::routes())
        .merge(rules::routes())
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn open(State(house): State<App>, who: InBusiness, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let told = match asked.done.as_str() {
        "saved" => Some("Saved. It holds for the next lead."),
        "test" => Some("A test alert is on its way. Its state is shown below."),
        "removed" => Some("Removed. What was done stays on each lead."),
        _ => None,
    };
    show::page(&house, &who, told, &Typed::default()).await
}

/// The page again, with what was typed and what is wrong with it.
async fn again(house: &App, who: &InBusiness, typed: &Typed) -> Result<Response, PageError> {
    let mut answer = show::page(house, who, None, typed).await?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

/// Back to the page after a change; cards that were read before it are read anew.
fn done(house: &App, who: &InBusiness, what: &str, at: &str) -> Response {
    house.engine.pipeline.keys_changed();
    house.moved(&who.business.id);
    Redirect::to(&format!("/b/{}/team?done={what}{at}", who.business.slug)).into_response()
}

async fn team(house: &App, who: &InBusiness) -> Result<Team, PageError> {
    Ok(store::read(house.db.read(), &who.business, None).await?)
}

#[cfg(test)]
mod tests;
