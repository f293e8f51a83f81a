//! `/b/{slug}/sources`: the addresses to paste, which of them send, our own form, and the way to connect one more.

use super::frame::{Frame, frame};
use super::source_health::{doing, reason};
use crate::base::clock::DAY_MS;
use crate::base::ids::BusinessId;
use crate::db::Pool;
use crate::intake::providers;
use crate::lead::health::{Health, store as health};
use crate::lead::receipts::{self, Receipt};
use crate::lead::shop::{Source, store};
use crate::stats::period::{Period, day_of, zone};
use crate::stats::rows::{Row, fetch};
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::format::Wall;
use crate::web::views::pieces::Notice;
use crate::web::views::sources::{self as view, Doing, Sources};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use std::collections::HashMap;

/// How many days the bars show.
const BARS: u16 = 14;
/// Among how many of the newest submissions a source's last one is looked for.
const NEWEST: usize = 200;

/// The routes of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/sources", get(list))
}

async fn list(State(house): State<App>, who: InBusiness) -> Result<Response, PageError> {
    let (house, who) = (&house, &who);
    let Frame { chrome, wall, now_ms } = frame(house, who, Here::Sources).await?;
    let (db, business) = (house.db.read(), &who.business);
    let sources = store::sources(db, &business.id).await?;
    let zone = zone(&business.timezone);
    let bars = Period::last_days(&zone, BARS, now_ms);
    let leads = fetch(db, &business.id, &bars, None).await?.leads;
    let health = health::of_business(db, &business.id).await?;
    let newest = newest(db, &business.id).await?;
    let first = sources.first().filter(|source| source.last_at.is_none());
    let one = |source: &Source| {
        let theirs: Vec<&Row> = leads.iter().filter(|row| row.source_id == source.id).collect();
        let known = health.get(source.id.as_str());
        let doing = doing(source, known, &newest, now_ms);
        let reason = reason(source, known, doing, now_ms);
        let (state, explain) = view::state(doing);
        Ok::<_, PageError>(view::Source {
            id: source.id.to_string(),
            name: source.name.clone(),
            kind: kind(&source.provider).to_owned(),
            last: reason.unwrap_or_else(|| last(source, &wall, now_ms)),
            state,
            explain,
            days: days(&theirs, &bars, &zone),
            address: source.address(&house.public_url, &house.keys).unwrap_or_else(|_| {
                "The key file is not the one that sealed this address. Make a new source.".to_owned()
            }),
            open: sources.len() == 1,
        })
    };
    page(&Sources {
        sources: sources.iter().map(one).collect::<Result<_, _>>()?,
        notices: sources.iter().filter_map(|source| unread(source, &newest, &business.slug)).collect(),
        waiting_for_first: first.map(|source| wall.short(source.created_at, now_ms)),
        form_link: crate::web::form::address(&house.public_url, &business.slug),
        wrong_hits: u64::try_from(receipts::wrong_hits(db, now_ms / DAY_MS - 1).await?).unwrap_or(0),
        chrome,
    })
}

/// `last 2:14 pm`.
fn last(source: &Source, wall: &Wall, now_ms: i64) -> String {
    source.last_at.map_or_else(|| "nothing yet".to_owned(), |at| format!("last {}", wall.short(at, now_ms)))
}

/// What Today says of the sources: the ones that went quiet, that changed, that we could not read, or whose signature
/// fails. `known` is what the rounds remember of each, `newest` the newest submissions of all.
pub(super) fn troubles(
    sources: &[Source],
    known: &HashMap<String, Health>,
    newest: &[Receipt],
    slug: &str,
    wall: &Wall,
    now_ms: i64,
) -> Vec<Notice> {
    let one = |source: &Source| {
        let health = known.get(source.id.as_str());
        let doing = doing(source, health, newest, now_ms);
        let reason = reason(source, health, doing, now_ms).map(|reason| format!("{reason}."));
        let words = match doing {
            Doing::Unreadable => return unread(source, newest, slug),
            Doing::Quiet => (
                "is quiet.",
                reason.unwrap_or_else(|| {
                    format!("Nothing since {}.", wall.short(source.last_at.unwrap_or(now_ms), now_ms))
                }),
            ),
            Doing::Changed => ("changed.", reason.unwrap_or_default()),
            Doing::Refused => ("sends with a signature that does not fit.", "It becomes no lead.".to_owned()),
            Doing::Waiting | Doing::Healthy => return None,
        };
        Some(Notice {
            bad: false,
            title: format!("{} {}", source.name, words.0),
            text: words.1,
            next: Some((format!("/b/{slug}/sources/{}", source.id), "Check it".to_owned())),
        })
    };
    sources.iter().filter_map(one).collect()
}

/// The newest submissions, for [`troubles`].
pub(super) async fn newest(db: &Pool, business: &BusinessId) -> Result<Vec<Receipt>, sqlx::Error> {
    Ok(receipts::list(db, Some(business), &receipts::Filter::default(), None, NEWEST).await?.0)
}

/// A source whose newest submission could not be read, with the way to it.
fn unread(source: &Source, newest: &[Receipt], slug: &str) -> Option<Notice> {
    let last = newest.iter().find(|receipt| receipt.source_id == source.id).filter(|last| last.state == "kept")?;
    Some(Notice {
        bad: false,
        title: format!("{} sent something we could not read.", source.name),
        text: "Nothing is lost: it is kept.".to_owned(),
        next: Some((format!("/b/{slug}/receipts/{}", last.id), "Open it here".to_owned())),
    })
}

/// Real leads of one source on each day of the bars.
pub(super) async fn days_of(
    house: &App,
    who: &InBusiness,
    source: &Source,
    now_ms: i64,
) -> Result<Vec<u32>, PageError> {
    let zone = zone(&who.business.timezone);
    let bars = Period::last_days(&zone, BARS, now_ms);
    let leads = fetch(house.db.read(), &who.business.id, &bars, Some(&source.id)).await?.leads;
    Ok(days(&leads.iter().collect::<Vec<_>>(), &bars, &zone))
}

/// Real leads on each day of the bars, oldest first.
fn days(leads: &[&Row], bars: &Period, zone: &jiff::tz::TimeZone) -> Vec<u32> {
    let mut days = vec![0; usize::from(BARS)];
    for row in leads.iter().filter(|row| row.is_real() && bars.holds(row.received_at)) {
        let since = bars.first.until(day_of(zone, row.received_at)).map_or(0, |span| span.get_days());
        if let Some(day) = usize::try_from(since).ok().and_then(|day| days.get_mut(day)) {
            *day += 1;
        }
    }
    days
}

/// What sends, in words.
fn kind(provider: &str) -> &str {
    providers::find(provider).map_or(provider, |provider| provider.name())
}

#[cfg(test)]
mod tests {
    use crate::web::admin::tests::{open, set, sign_in};

    #[tokio::test]
    async fn today_names_the_form_that_went_quiet_and_the_one_that_nobody_could_read() {
        let standing = open().await;
        let (cookie, _) = sign_in(&standing, "harbor").await;
        let today = async || standing.get("/b/harbor/today", &cookie).await.text;

        set(&standing.house.db, "UPDATE source SET last_at = 1795262400000 WHERE id = 'web'").await;
        assert!(!today().await.contains("Check it"), "it sends");
        set(&standing.house.db, "UPDATE source SET last_at = 1795262400000 - 20 * 86400000 WHERE id = 'web'").await;
        set(
            &standing.house.db,
            "INSERT INTO source_health (source_id, business_id, read_at, usual, quiet_at) \
             VALUES ('web', 'harbor', 5, '1 a day', 1795262400000 - 86400000)",
        )
        .await;
        let quiet = today().await;
        set(
            &standing.house.db,
            "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, received_at, headers, body) \
             VALUES ('odd', 'harbor', 'web', 'odd', 'kept', 1795262400000, '[]', X'')",
        )
        .await;
        let odd = today().await;

        assert!(
            quiet.contains("Website form is quiet.") && quiet.contains("20 days without a lead, usually 1 a day."),
            "{quiet}"
        );
        assert!(quiet.contains("/b/harbor/sources/web\">Check it"));
        assert!(
            odd.contains("Website form sent something we could not read.") && odd.contains("/b/harbor/receipts/odd\"")
        );
        assert!(!odd.contains("is quiet."));
    }
}
