//! Opening hours, what happens after them, and how long a taken lead may go unanswered.

use super::forms::{Given, Typed, read_minutes, read_week, text};
use super::steps::minutes;
use super::{again, done, team};
use crate::base::clock::MINUTE_MS;
use crate::lead::team::store::change;
use crate::lead::team::{AfterHours, UNANSWERED_MAX_MS, UNANSWERED_MIN_MS};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use axum::Router;
use axum::extract::{Form, State};
use axum::response::Response;
use axum::routing::post;

/// The routes of these forms.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/team/hours", post(hours)).route("/b/{slug}/team/rule", post(rule))
}

async fn hours(State(house): State<App>, who: InBusiness, Form(given): Form<Given>) -> Result<Response, PageError> {
    let mut wrong = Vec::new();
    let week = read_week(&given, &mut wrong);
    if !wrong.is_empty() {
        return again(&house, &who, &Typed::new("hours", &given, wrong)).await;
    }
    let id = who.business.id.clone();
    let kept = house.db.write(move |c| Box::pin(async move { change::set_hours(c, &id, week.as_deref()).await })).await;
    kept.map_err(|error| PageError::from(error).back_to(format!("/b/{}/team", who.business.slug)))?;
    Ok(done(&house, &who, "saved", "#hours"))
}

async fn rule(State(house): State<App>, who: InBusiness, Form(given): Form<Given>) -> Result<Response, PageError> {
    let team = team(&house, &who).await?;
    let on_call = text(&given, "on_call");
    let on_call = team.members.iter().find(|member| *member.id == *on_call).map(|member| member.id.clone());
    let after_hours = if text(&given, "after_hours") == "wait" { AfterHours::Wait } else { AfterHours::Wake(on_call) };
    let limit = read_minutes(&text(&given, "unanswered"), minutes(UNANSWERED_MIN_MS), minutes(UNANSWERED_MAX_MS));
    let limit = match limit {
        Ok(limit) => limit * MINUTE_MS,
        Err(words) => return again(&house, &who, &Typed::new("rule", &given, vec![("unanswered", words)])).await,
    };
    let id = who.business.id.clone();
    let kept =
        house.db.write(move |c| Box::pin(async move { change::set_rule(c, &id, &after_hours, limit).await })).await;
    kept.map_err(|error| PageError::from(error).back_to(format!("/b/{}/team", who.business.slug)))?;
    Ok(done(&house, &who, "saved", "#after"))
}
