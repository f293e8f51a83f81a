//! `/b/{slug}/form`: our own form for those who hand it out: link, copies, QR code, and the words beside its box.

use super::frame::{Frame, frame};
use crate::base::text::clean_line;
use crate::lead::own_form::{WORDS_MAX, lacks, store as forms, usual_words};
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::form::{address, copy, frame as framed};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::own_form::OwnFormPage;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/form", get(open).post(save))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    words: String,
}

async fn open(State(house): State<App>, who: InBusiness, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    show(&house, &who, None, asked.done == "saved").await
}

/// `wrong`: words that were not saved, and why.
async fn show(
    house: &App,
    who: &InBusiness,
    wrong: Option<(String, &'static str)>,
    saved: bool,
) -> Result<Response, PageError> {
    let Frame { chrome, .. } = frame(house, who, Here::Sources).await?;
    let business = &who.business;
    let form = forms::of(house.db.read(), &business.id).await?;
    let link = address(&house.public_url, &business.slug);
    let stand = form.words(&business.name);
    let (words, words_wrong) = match wrong {
        Some((words, why)) => (words, Some(why.to_owned())),
        None => (stand.clone(), None),
    };
    page(&OwnFormPage {
        picture: format!("/f/{}/qr.svg", business.slug),
        copy: copy(&link, &stand),
        frame: framed(&link, &business.name),
        words,
        words_wrong,
        is_usual: form.consent.is_none(),
        saved,
        source: form.source_id.map(|id| id.to_string()),
        link,
        chrome,
    })
}

async fn save(State(house): State<App>, who: InBusiness, Form(typed): Form<Typed>) -> Result<Response, PageError> {
    let business = who.business.clone();
    let words = clean_line(&typed.words, WORDS_MAX);
    if !words.is_empty()
        && let Some(why) = lacks(&words, &business.name)
    {
        return show(&house, &who, Some((words, why)), false).await;
    }
    let words = Some(words).filter(|words| !words.is_empty() && *words != usual_words(&business.name));
    let here = format!("/b/{}/form", business.slug);
    let stored = house
        .db
        .write(move |c| Box::pin(async move { forms::set_words(c, &business.id, words.as_deref()).await }))
        .await;
    stored.map_err(|error| PageError::from(error).back_to(here.clone()))?;
    Ok(Redirect::to(&format!("{here}?done=saved")).into_response())
}
