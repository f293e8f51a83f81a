//! How sources are doing, as the rounds remember it: for the list, for Today, and as a section of a source's page with
//! the one button that says that a changed form looks right.

use super::sources::days_of;
use crate::base::ids::SourceId;
use crate::intake::drift::{Baseline, Change};
use crate::lead::health::{Health, State as Word, store};
use crate::lead::receipts::Receipt;
use crate::lead::shop::{Source, store as shops};
use crate::stats::rhythm::silence_words;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::InBusiness;
use crate::web::views::format::Wall;
use crate::web::views::source_health::SourceHealth;
use crate::web::views::sources::{self as view, Doing};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::post;

/// The route of the button.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/sources/{id}/looks-right", post(looks_right))
}

/// `POST …/looks-right`: what the form sends now is what it usually sends. May be pressed again.
async fn looks_right(
    State(house): State<App>,
    by: InBusiness,
    Path((_, id)): Path<(String, String)>,
) -> Result<Redirect, PageError> {
    let business = by.business.id.clone();
    let sources = shops::sources(house.db.read(), &business).await?;
    let source: SourceId = sources.into_iter().find(|s| *s.id == *id).ok_or(PageError::NotFound)?.id;
    let here = format!("/b/{}/sources/{source}#health", by.business.slug);
    let done = house.db.write(move |c| Box::pin(async move { store::accept(c, &business, &source).await })).await;
    done.map_err(|error| PageError::from(error).back_to(here.clone()))?;
    Ok(Redirect::to(&here))
}

/// How a source is doing: what its newest submission shows at once, and else what the rounds found.
pub(super) fn doing(source: &Source, health: Option<&Health>, newest: &[Receipt], now_ms: i64) -> Doing {
    let last = newest.iter().find(|receipt| receipt.source_id == source.id).map(|receipt| receipt.state.as_str());
    doing_since(source, health, last, now_ms)
}

/// The same, given what became of its newest submission.
pub(super) fn doing_since(source: &Source, health: Option<&Health>, last: Option<&str>, now_ms: i64) -> Doing {
    if source.last_at.is_none() && health.is_none_or(|health| !health.has_jump('r')) {
        return Doing::Waiting;
    }
    match last {
        Some("kept") => return Doing::Unreadable,
        Some("refused") => return Doing::Refused,
        _ => {}
    }
    match health.map_or(Word::Healthy, |health| health.state(source.last_at, now_ms)) {
        Word::Quiet => Doing::Quiet,
        Word::Changed => Doing::Changed,
        // Its newest submission was fine.
        Word::Waiting | Word::Healthy | Word::Refused | Word::Unreadable => Doing::Healthy,
    }
}

/// Why it is in its state, in a few words, where there is more to say than the state.
pub(super) fn reason(source: &Source, health: Option<&Health>, doing: Doing, now_ms: i64) -> Option<String> {
    let health = health?;
    match doing {
        Doing::Quiet => {
            let silent = silence_words(now_ms - source.last_at?);
            Some(format!("{silent} without a lead, usually {}", health.usual.as_deref()?))
        }
        Doing::Changed => Some(changes(health).first()?.words()),
        _ => None,
    }
}

/// What differs from what a source used to send, the gravest first.
fn changes(health: &Health) -> Vec<Change> {
    let baseline: Baseline = serde_json::from_str(&health.baseline).unwrap_or_default();
    let mut open = baseline.open().to_vec();
    open.sort_by_key(|change| (!change.is_grave(), change.sort));
    open
}

/// The section of a source's page.
pub(super) async fn section(
    house: &App,
    who: &InBusiness,
    source: &Source,
    newest: &[Receipt],
    wall: &Wall,
    now_ms: i64,
) -> Result<SourceHealth, PageError> {
    let health = store::of_source(house.db.read(), &source.id).await?;
    let doing = doing(source, health.as_ref(), newest, now_ms);
    let (state, explain) = view::state(doing);
    let usual = match health.as_ref().and_then(|health| health.usual.as_deref()) {
        Some(usual) => format!("Usually {usual}. You are told when it is silent for longer than that explains."),
        None => "No rhythm yet: it takes eight leads in four weeks.".to_owned(),
    };
    let open = health.as_ref().map(changes).unwrap_or_default();
    let told = reason(source, health.as_ref(), doing, now_ms).filter(|_| doing == Doing::Quiet);
    Ok(SourceHealth {
        state,
        explain: told.map_or_else(|| explain.clone(), |told| format!("{told}. {explain}")),
        usual,
        since: open.iter().map(|change| change.since).min().map(|at| wall.short(at, now_ms)),
        changes: open.iter().map(Change::words).collect(),
        days: days_of(house, who, source, now_ms).await?,
    })
}

#[cfg(test)]
mod tests {
    use crate::intake::drift::{Baseline, Shape};
    use crate::intake::providers::generic;
    use crate::intake::reading::Request;
    use crate::intake::sniff::sniff;
    use crate::web::admin::tests::{open, set, sign_in};
    use axum::http::StatusCode;

    /// What is remembered of a form whose `phone` came to be called `tel`.
    fn changed() -> String {
        let mut baseline = Baseline::default();
        for n in 0..40 {
            let phone = if n < 30 { "phone" } else { "tel" };
            let body = format!("name=Ana+Ruiz&{phone}=5125550{:03}&message=Kitchen+tap+{n}", n + 100);
            let request = Request {
                method: "POST",
                url: "",
                content_type: None,
                headers: &[],
                query: "",
                body: body.as_bytes(),
                country: "US",
                received_at: 0,
            };
            baseline.observe(&Shape::of(&sniff(&request).tree, &generic().read(&request)), 1_795_200_000_000 + n);
        }
        serde_json::to_string(&baseline).unwrap()
    }

    #[tokio::test]
    async fn a_changed_form_is_named_with_its_reason_until_the_owner_says_that_it_looks_right() {
        let standing = open().await;
        let (cookie, csrf) = sign_in(&standing, "harbor").await;
        set(&standing.house.db, "UPDATE source SET last_at = 1795262400000 WHERE id = 'web'").await;
        let baseline = changed();
        let stored = standing.house.db.write(move |c| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO source_health (source_id, business_id, baseline, read_at, changed_at, usual) \
                     VALUES ('web', 'harbor', $1, 9, 1795200000030, '2 a day')",
                )
                .bind(baseline)
                .execute(c)
                .await
                .map(drop)
            })
        });
        stored.await.unwrap();
        let body = format!("csrf={csrf}");

        let list = standing.get("/b/harbor/sources", &cookie).await.text;
        let page = standing.get("/b/harbor/sources/web", &cookie).await.text;
        let today = standing.get("/b/harbor/today", &cookie).await.text;
        let foreign = standing.post("/b/harbor/sources/other/looks-right", &cookie, &body).await;
        let pressed = standing.post("/b/harbor/sources/web/looks-right", &cookie, &body).await;
        let again = standing.post("/b/harbor/sources/web/looks-right", &cookie, &body).await;
        let after = standing.get("/b/harbor/sources/web", &cookie).await.text;

        let told = "&#34;phone&#34; is now called &#34;tel&#34;";
        assert!(list.contains("Form changed") && list.contains(told), "{list}");
        assert!(page.contains(told) && page.contains("Looks right") && page.contains("Usually 2 a day"), "{page}");
        assert!(today.contains("Website form changed.") && today.contains(told), "{today}");
        assert_eq!(
            (foreign.status, pressed.status, again.status),
            (StatusCode::NOT_FOUND, StatusCode::SEE_OTHER, StatusCode::SEE_OTHER)
        );
        assert!(after.contains("Healthy") && !after.contains("Looks right"), "{after}");
    }
}
