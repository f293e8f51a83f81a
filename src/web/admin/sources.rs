//! `/b/{slug}/sources`: the addresses to paste, which of them send, our own form, and the way to connect one more.

use super::frame::{Frame, frame};
use crate::base::clock::DAY_MS;
use crate::base::ids::BusinessId;
use crate::db::Pool;
use crate::intake::providers;
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

/// How many days the bars show.
const BARS: u16 = 14;
/// Over how many days a source's habit is taken.
const HABIT: u16 = 28;
/// Fewer leads than this are no habit.
const HABIT_LEADS: i64 = 4;
/// Silence of so many times the usual gap is quiet: about one chance in 150 for leads that come at random.
const QUIET_GAPS: i64 = 5;
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
    let habit = Period::last_days(&zone, HABIT, now_ms);
    let bars = Period::last_days(&zone, BARS, now_ms);
    let leads = fetch(db, &business.id, &habit, None).await?.leads;
    let newest = newest(db, &business.id).await?;
    let first = sources.first().filter(|source| source.last_at.is_none());
    let one = |source: &Source| {
        let theirs: Vec<&Row> = leads.iter().filter(|row| row.source_id == source.id).collect();
        let (state, explain) = view::state(doing(source, &theirs, &newest, now_ms));
        Ok::<_, PageError>(view::Source {
            id: source.id.to_string(),
            name: source.name.clone(),
            kind: kind(&source.provider).to_owned(),
            last: source
                .last_at
                .map_or_else(|| "nothing yet".to_owned(), |at| format!("last {}", wall.short(at, now_ms))),
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

/// What Today says of the sources: the ones that went quiet, that we could not read, or whose signature fails. `leads`
/// are those of the last four weeks or more, `newest` the newest submissions of all.
pub(super) fn troubles(
    sources: &[Source],
    leads: &[Row],
    newest: &[Receipt],
    slug: &str,
    wall: &Wall,
    now_ms: i64,
) -> Vec<Notice> {
    let one = |source: &Source| {
        let theirs: Vec<&Row> = leads.iter().filter(|row| row.source_id == source.id).collect();
        let words = match doing(source, &theirs, newest, now_ms) {
            Doing::Unreadable => return unread(source, newest, slug),
            Doing::Quiet => ("is quiet.", format!("Nothing since {}.", wall.short(source.last_at?, now_ms))),
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

/// How a source is doing, by its newest submission and by how often it usually sends.
fn doing(source: &Source, leads: &[&Row], newest: &[Receipt], now_ms: i64) -> Doing {
    let Some(last_at) = source.last_at else { return Doing::Waiting };
    match newest.iter().find(|receipt| receipt.source_id == source.id).map(|receipt| receipt.state.as_str()) {
        Some("kept") => return Doing::Unreadable,
        Some("refused") => return Doing::Refused,
        _ => {}
    }
    let lately = leads.iter().filter(|row| row.is_real() && now_ms - row.received_at <= i64::from(HABIT) * DAY_MS);
    let real = i64::try_from(lately.count()).unwrap_or(i64::MAX);
    let observed = (now_ms - source.created_at).clamp(DAY_MS, i64::from(HABIT) * DAY_MS);
    let quiet = real >= HABIT_LEADS && now_ms - last_at > (observed / real * QUIET_GAPS).max(DAY_MS);
    if quiet { Doing::Quiet } else { Doing::Healthy }
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
    use crate::base::clock::DAY_MS;
    use crate::lead::record::Lead;
    use crate::lead::state::State;
    use crate::lead::store::sample::{self as leads, lead};
    use crate::web::admin::tests::{open, set, sign_in};
    use crate::web::sample::NOW;

    #[tokio::test]
    async fn today_names_the_form_that_went_quiet_and_the_one_that_nobody_could_read() {
        let standing = open().await;
        let (cookie, _) = sign_in(&standing, "harbor").await;
        let daily = (10..20).map(|n| Lead { state: State::Answered, ..lead(&format!("d{n}"), NOW - n * DAY_MS) });
        leads::store(&standing.house.db, daily.collect()).await;
        let today = async || standing.get("/b/harbor/today", &cookie).await.text;

        set(&standing.house.db, "UPDATE source SET last_at = 1795262400000 WHERE id = 'web'").await;
        assert!(!today().await.contains("Check it"), "it sends");
        set(&standing.house.db, "UPDATE source SET last_at = 1795262400000 - 20 * 86400000 WHERE id = 'web'").await;
        let quiet = today().await;
        set(
            &standing.house.db,
            "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, received_at, headers, body) \
             VALUES ('odd', 'harbor', 'web', 'odd', 'kept', 1795262400000, '[]', X'')",
        )
        .await;
        let odd = today().await;

        assert!(quiet.contains("Website form is quiet.") && quiet.contains("Nothing since Sun 1 Nov."), "{quiet}");
        assert!(quiet.contains("/b/harbor/sources/web\">Check it"));
        assert!(
            odd.contains("Website form sent something we could not read.") && odd.contains("/b/harbor/receipts/odd\"")
        );
        assert!(!odd.contains("is quiet."));
    }
}
