//! `/b/{slug}/sources/{id}/fields`: what the fields of a form mean. We show what we guess and how surely; the owner may
//! overrule it, sees the alert as it would read, and saves.

use super::frame::{Frame, frame};
use super::keys::of;
use super::receipts::fields;
use crate::intake::mapping::{Guess, apply, guesses};
use crate::intake::providers;
use crate::intake::reading::{Kind, Request};
use crate::lead::mapping::{Field, Mapping, Meaning, Place};
use crate::lead::receipts::{self, Whole};
use crate::lead::shop::{Source, store};
use crate::reply::alert_preview;
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::fields::{FieldsPage, Preview, Row};
use crate::web::views::format::Wall;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

/// How many submissions are looked at.
const SUBMISSIONS: i64 = 20;
/// Longer ones are not looked at, in bytes.
const BODY_MAX: i64 = 64 * 1024;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/sources/{id}/fields", get(open).post(decide))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    done: String,
}

async fn open(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let source = of(&house, &who, &id).await?;
    let mapping = source.mapping.as_deref().map(Mapping::parse).unwrap_or_default();
    let stand = Stand { mapping, unsaved: false, saved: asked.done == "saved" };
    show(&house, &who, source, stand).await
}

/// `POST …/fields`: shows how the newest submission would read, or saves.
async fn decide(
    State(house): State<App>,
    who: InBusiness,
    Path((_, id)): Path<(String, String)>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let source = of(&house, &who, &id).await?;
    let mapping = chosen(&typed);
    if !typed.iter().any(|(name, value)| name == "do" && value == "save") {
        return show(&house, &who, source, Stand { mapping, unsaved: true, saved: false }).await;
    }
    let here = format!("/b/{}/sources/{}/fields", who.business.slug, source.id);
    let json = mapping.to_json();
    let done =
        house.db.write(move |c| Box::pin(async move { store::map_fields(c, &source.id, json.as_deref()).await })).await;
    done.map_err(|error| PageError::from(error).back_to(here.clone()))?;
    house.engine.pipeline.keys_changed();
    Ok(Redirect::to(&format!("{here}?done=saved")).into_response())
}

/// `at`, `label` and `is` of each field, in turn.
fn chosen(typed: &[(String, String)]) -> Mapping {
    let (mut fields, mut place) = (Vec::new(), None::<Place>);
    for (name, value) in typed {
        match name.as_str() {
            "at" => place = Some(Place { at: value.clone(), label: None }),
            "label" => {
                if let Some(place) = place.as_mut() {
                    place.label = Some(value.clone()).filter(|label| !label.is_empty());
                }
            }
            "is" => {
                let field = place.take().zip(Meaning::parse(value)).map(|(place, is)| Field { place, is });
                fields.extend(field);
            }
            _ => {}
        }
    }
    Mapping::of(fields)
}

/// What is chosen, and how far.
struct Stand {
    mapping: Mapping,
    unsaved: bool,
    saved: bool,
}

async fn show(house: &App, who: &InBusiness, source: Source, stand: Stand) -> Result<Response, PageError> {
    let Frame { chrome, wall, now_ms } = frame(house, who, Here::Sources).await?;
    let business = &who.business;
    let provider = providers::find(&source.provider).unwrap_or_else(providers::generic);
    let newest = receipts::newest(house.db.read(), &business.id, &source.id, BODY_MAX, SUBMISSIONS).await?;
    let kept: Vec<Kept> = newest.into_iter().map(Kept::of).collect();
    let requests: Vec<Request<'_>> = kept.iter().map(|kept| kept.request(&business.country)).collect();
    let guesses = guesses(provider, &requests);
    let preview = kept.first().zip(requests.first()).map(|(kept, request)| {
        let mut reading = provider.read(request);
        apply(&mut reading, &provider.answers(request), &stand.mapping, &business.country);
        let alert = match reading.kind {
            Kind::Lead | Kind::Test => alert_preview(business, &reading, &house.public_url),
            _ => "Nobody could be read in this one, so it would be kept, and you would be told that it could not be read."
                .to_owned(),
        };
        Preview { receipt: kept.named(&wall, now_ms), alert, reading: fields(reading, &business.country) }
    });
    page(&FieldsPage {
        rows: rows(guesses, &stand.mapping),
        looked_at: kept.len() as u64,
        preview,
        unsaved: stand.unsaved,
        saved: stand.saved,
        source: (source.id.to_string(), source.name),
        chrome,
    })
}

/// The fields that came, and those that were given a meaning and did not come lately.
fn rows(guesses: Vec<Guess>, mapping: &Mapping) -> Vec<Row> {
    let places: Vec<Place> = guesses.iter().map(|guess| guess.place.clone()).collect();
    let meanings = mapping.meanings(&places);
    let came = guesses.into_iter().zip(meanings).map(|(guess, is)| {
        let guessed = guess.role().map(|(words, held)| (words, u64::from(held)));
        Row {
            at: guess.place.at,
            label: guess.place.label.unwrap_or_default(),
            title: guess.title,
            samples: guess.samples,
            filled: u64::from(guess.filled),
            guess: guessed,
            is,
        }
    });
    let gone = mapping.unseen(&places).map(|field| Row {
        at: field.place.at.clone(),
        label: field.place.label.clone().unwrap_or_default(),
        title: field.place.label.clone().unwrap_or_else(|| field.place.at.clone()),
        samples: Vec::new(),
        filled: 0,
        guess: None,
        is: Some(field.is),
    });
    came.chain(gone).collect()
}

/// A submission as it is kept.
struct Kept {
    whole: Whole,
    headers: Vec<(String, String)>,
}

impl Kept {
    fn of(whole: Whole) -> Self {
        let headers = serde_json::from_str(&whole.headers).unwrap_or_default();
        Self { whole, headers }
    }

    fn request<'a>(&'a self, country: &'a str) -> Request<'a> {
        Request {
            method: "POST",
            url: "",
            content_type: self.whole.receipt.content_type.as_deref(),
            headers: &self.headers,
            query: &self.whole.receipt.query,
            body: &self.whole.body,
            country,
            received_at: self.whole.receipt.received_at,
        }
    }

    /// Its id and when it came.
    fn named(&self, wall: &Wall, now_ms: i64) -> (String, String) {
        (self.whole.receipt.id.to_string(), wall.short(self.whole.receipt.received_at, now_ms))
    }
}

#[cfg(test)]
mod tests {
    use crate::web::admin::tests::{open, set, sign_in};
    use axum::http::StatusCode;

    const HERE: &str = "/b/harbor/sources/web/fields";

    async fn came(standing: &crate::web::sample::Standing) {
        set(
            &standing.house.db,
            "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, received_at, headers, body) VALUES \
             ('f1', 'harbor', 'web', 'f1', 'accepted', 1795262400000, '[]', 'name=Maria+Lopez&phone=5125550142&alt=5125550199&note=Tap+leaks'), \
             ('f2', 'harbor', 'web', 'f2', 'accepted', 1795262300000, '[]', 'name=Tom+Becker&phone=5125550143&alt=&note=Cold+boiler')",
        )
        .await;
    }

    #[tokio::test]
    async fn fields_are_shown_with_what_they_hold_and_how_surely() {
        let standing = open().await;
        let (cookie, _) = sign_in(&standing, "harbor").await;
        let before = standing.get(HERE, &cookie).await.text;
        came(&standing).await;

        let page = standing.get(HERE, &cookie).await.text;

        assert!(before.contains("Nothing came yet"), "{before}");
        for words in [
            "Maria Lopez",
            "Tom Becker",
            "Held the phone number every time, twice.",
            "Filled in once.",
            "New lead: Maria Lopez",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(standing.get("/b/harbor/sources/web", &cookie).await.text.contains(HERE));
        for nothing in ["/b/harbor/sources/other/fields", "/b/harbor/sources/none/fields"] {
            assert_eq!(standing.get(nothing, &cookie).await.status, StatusCode::NOT_FOUND, "{nothing}");
        }
    }

    #[tokio::test]
    async fn a_choice_is_looked_at_first_and_counts_once_it_is_saved() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;
        let (rival, rival_csrf) = sign_in(&standing, "rival").await;
        came(&standing).await;
        let choice = "at=alt&label=&is=phone&at=phone&label=&is=other&at=gone&label=Old&is=email";

        let looked = standing.post(HERE, &cookie, &format!("csrf={csrf}&{choice}&do=look")).await;
        let kept = standing.get(HERE, &cookie).await.text;
        let foreign = standing.post(HERE, &rival, &format!("csrf={rival_csrf}&{choice}&do=save")).await;
        let forged = standing.post(HERE, &cookie, &format!("{choice}&do=save")).await;
        let saved = standing.post(HERE, &cookie, &format!("csrf={csrf}&{choice}&do=save")).await;
        let after = standing.get(HERE, &cookie).await.text;

        assert!(looked.text.contains("Not saved yet") && looked.text.contains("(512) 555-0199"), "{}", looked.text);
        assert!(kept.contains("(512) 555-0142\n"), "{kept}");
        assert_eq!((foreign.status, forged.status), (StatusCode::NOT_FOUND, StatusCode::FORBIDDEN));
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        assert!(after.contains("New lead: Maria Lopez\n(512) 555-0199\n"), "{after}");
        assert!(after.contains("Not in the newest submissions."), "{after}");
    }
}
