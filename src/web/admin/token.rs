//! The API token of a source, with which its vendor is asked for what its events leave out: set and removed here, shown
//! nowhere. And what waits for an answer, in words, on the pages of the source and of the lead.

use super::keys::{back, of};
use super::receipts::{Asked, Wrong, show_source};
use crate::intake::providers;
use crate::lead::fetch::Asking;
use crate::lead::fetch::store::{self, Asked as Question};
use crate::lead::shop::Source;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use crate::web::views::format::Wall;
use crate::web::views::keys::{Token, waiting};
use crate::web::views::pieces::Notice;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

/// The routes of these buttons.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/b/{slug}/sources/{id}/token", post(set))
        .route("/b/{slug}/sources/{id}/token/remove", post(remove))
}

/// What the page shows of a source's token; nothing where the vendor cannot be asked. `wrong` is what was wrong with one
/// that was typed.
pub(super) async fn view(
    house: &App,
    source: &Source,
    wall: &Wall,
    now_ms: i64,
    wrong: Option<String>,
) -> Result<Option<Token>, PageError> {
    let Some((vendor, asking)) = asking(source) else { return Ok(None) };
    let token = store::token(house.db.read(), &source.id).await?;
    let about = match token.set_at {
        Some(at) => format!("Set {}. {vendor} is asked with it for what its events leave out.", wall.short(at, now_ms)),
        None => format!("None: of what {vendor} only names by a number, no more is known here."),
    };
    // Without a token nothing is asked for again by itself.
    let next = token.due_at.filter(|_| token.set_at.is_some()).map(|at| wall.short(at, now_ms));
    let reason = token.reason.as_deref().filter(|_| token.set_at.is_some());
    Ok(Some(Token {
        is_set: token.set_at.is_some(),
        about,
        needs: asking.token,
        found: asking.found,
        waits: waiting(token.open, token.failed, reason, next),
        wrong,
    }))
}

/// Above everything else on a source's page: that something waits, and what to do.
pub(super) fn of_source(source: &Source, token: Option<&Token>) -> Option<Notice> {
    let (vendor, _) = asking(source)?;
    let token = token.filter(|token| token.waits.is_some())?;
    let (title, words) = if token.is_set {
        (format!("Some details from {vendor} are still to come."), "Why?")
    } else {
        (format!("Details from {vendor} wait for an API token."), "Add it")
    };
    let text = token.waits.clone().unwrap_or_default();
    let text = if token.is_set { text } else { format!("{text} Add {}. {}", token.needs, token.found) };
    Some(Notice { bad: false, title, text, next: Some(("#keys".to_owned(), words.to_owned())) })
}

/// What a lead still lacks, and what to do about it; one notice, however many events named it.
pub(super) fn of_lead(
    questions: &[Question],
    sources: &[Source],
    slug: &str,
    wall: &Wall,
    now_ms: i64,
) -> Option<Notice> {
    let question = questions.iter().find(|q| q.state != "failed").or_else(|| questions.first())?;
    let source = sources.iter().find(|source| source.id == question.source_id)?;
    let (vendor, asking) = asking(source)?;
    let noun = asking.calls.iter().find(|call| call.what == question.what).map_or("lead", |call| call.noun);
    let keys = format!("/b/{slug}/sources/{}#keys", source.id);
    let reason = question.reason.clone();
    let (title, text, next) = match (question.state.as_str(), question.has_token, reason) {
        ("failed", _, reason) => (
            format!("{vendor} did not tell us the rest."),
            format!("{} Look it up there; a new API token tries it again.", reason.unwrap_or_default()),
            Some("Its keys"),
        ),
        (_, false, _) => (
            format!("{vendor} only told us the number of this {noun}."),
            format!("Add {} to the source, and the rest is read here by itself. {}", asking.token, asking.found),
            Some("Add it"),
        ),
        (_, true, Some(reason)) => (
            format!("The rest is still to come from {vendor}."),
            format!("{reason} Asked again {}.", wall.short(question.due_at, now_ms)),
            Some("Its keys"),
        ),
        (_, true, None) => {
            (format!("The rest is being asked for at {vendor}."), "It shows up here by itself.".to_owned(), None)
        }
    };
    Some(Notice { bad: false, title, text, next: next.map(|words| (keys, words.to_owned())) })
}

/// How the vendor of a source is asked, and its name.
fn asking(source: &Source) -> Option<(&'static str, &'static Asking)> {
    let provider = providers::find(&source.provider)?;
    provider.asking().map(|asking| (provider.name(), asking))
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    token: String,
}

async fn set(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let source = of(&house, &who, &id).await?;
    let Some((_, asking)) = asking(&source) else { return Err(PageError::NotFound) };
    let token = typed.token.trim();
    if let Err(words) = asking.usable(token) {
        let wrong = Wrong { token: Some(words), ..Wrong::default() };
        return show_source(&house, &who, &id, &Asked::default(), wrong).await;
    }
    let sealed = house.keys.seal(&house.random, token);
    keep(&house, &source, Some(sealed)).await?;
    Ok(back(&who, &source, "token"))
}

async fn remove(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let source = of(&house, &who, &id).await?;
    keep(&house, &source, None).await?;
    Ok(back(&who, &source, "no-token"))
}

async fn keep(house: &App, source: &Source, sealed: Option<String>) -> Result<(), PageError> {
    let (of, now) = (source.id.clone(), house.clock.now_ms());
    let written =
        house.db.write(move |c| Box::pin(async move { store::set_token(c, &of, sealed.as_deref(), now).await }));
    written.await?;
    house.engine.pipeline.keys_changed();
    house.engine.pipeline.fetch_now();
    Ok(())
}
