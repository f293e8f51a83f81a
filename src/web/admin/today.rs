//! `/b/{slug}/today`: who waits, and how fast a person answers.
//!
//! One fetch of rows covers the period, the one before it and twelve weeks; every figure is counted from it.

use super::frame::{Frame, frame, way};
use super::sources::{newest, troubles};
use super::{registration, show};
use crate::lead::health::store as health;
use crate::lead::record::Lead;
use crate::lead::shop::{Source, store};
use crate::lead::store::read;
use crate::lead::store::search::{self, Filter};
use crate::outbox::channel::Medium;
use crate::stats::chart::{BySource, ENOUGH, Ruler, RulerInput, SourceInput, WeekInput, Weeks, When, WhenInput};
use crate::stats::period::{self, Period as Days};
use crate::stats::rows::{Arrived, Row, fetch};
use crate::stats::summary::{Summary, summarise};
use crate::web::App;
use crate::web::error::{PageError, page};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::format::{Wall, Way};
use crate::web::views::today::{Period, Start, Texting, Today, Waiting};
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// How many that wait are listed; the badge counts them all.
const WAITING_SHOWN: usize = 50;
const LATEST: i64 = 7;
const WEEKS: u16 = 12;
/// Where the five minutes stand among the windows.
const FIVE_MINUTES: usize = 1;

/// The route of this page.
pub fn routes() -> Router<App> {
    Router::new().route("/b/{slug}/today", get(today))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    period: String,
}

async fn today(State(house): State<App>, who: InBusiness, Query(asked): Query<Asked>) -> Result<Response, PageError> {
    let Frame { chrome, wall, now_ms } = frame(&house, &who, Here::Today).await?;
    let (db, business) = (house.db.read(), &who.business);
    let sources = store::sources(db, &business.id).await?;
    let waits = Filter { waiting: true, ..Filter::default() };
    let waiting = search::newest(db, Some(&business.id), &waits, None, WAITING_SHOWN).await?.leads;
    let latest = read::latest(db, &business.id, LATEST).await?;
    let chosen = Period::parse(&asked.period);
    let spans = Spans::new(&business.timezone, chosen, now_ms);
    let arrived = fetch(db, &business.id, &spans.all, None).await?;
    let newest = newest(db, &business.id).await?;
    let health = health::of_business(db, &business.id).await?;
    let Figures { now, before, lately } = Figures::count(&arrived, &spans, now_ms);
    let row = |lead: &Lead| show::row(lead, &business.country, &wall, now_ms);
    let few = if (1..ENOUGH).contains(&now.leads) {
        let since = Filter { since: Some(spans.now.from), ..Filter::default() };
        let found = search::newest(db, Some(&business.id), &since, None, 50).await?.leads;
        found.iter().filter(|lead| lead.is_real()).map(row).collect()
    } else {
        Vec::new()
    };
    page(&Today {
        period: chosen,
        start: start(&sources, &latest, &wall, now_ms),
        waiting: waiting.iter().map(|lead| one_who_waits(lead, &business.country, &sources, now_ms)).collect(),
        last_answered: last_answered(&latest),
        leads: now.leads as u64,
        typical_ms: now.person.typical_ms,
        typical_before_ms: (before.leads >= ENOUGH).then_some(before.person.typical_ms),
        first_text_ms: now.first_text.typical_ms,
        inside_5_min_percent: now.within[FIVE_MINUTES].percent(),
        still_waiting: now.waiting.now as u64,
        ruler: (now.leads >= ENOUGH).then(|| ruler(&arrived.within(&spans.now), &now, chosen)),
        few,
        latest: latest.iter().map(row).collect(),
        weeks: weeks(&lately, &spans, &wall),
        by_source: by_source(&now, &sources),
        when: When::draw(&WhenInput {
            leads: lately.by_hour.leads,
            waited: lately.by_hour.waited,
            twelve_hour: wall.twelve_hour(),
        }),
        notices: registration::of_business(&house, business, now_ms)
            .await?
            .into_iter()
            .chain(troubles(&sources, &health, &newest, &business.slug, &wall, now_ms))
            .collect(),
        texting: if way(&house, Medium::Sms) == Way::Off { Texting::Preview } else { Texting::Connected },
        tests: u64::try_from(now.excluded.test).unwrap_or(0),
        spam: u64::try_from(now.excluded.spam).unwrap_or(0),
        joined: u64::try_from(now.excluded.duplicate).unwrap_or(0),
        paid: now.paid.words(now.leads),
        chrome,
    })
}

/// The spans of days that the page looks at.
struct Spans {
    zone: TimeZone,
    now: Days,
    before: Days,
    weeks: Vec<Days>,
    twelve_weeks: Days,
    all: Days,
}

impl Spans {
    fn new(timezone: &str, chosen: Period, now_ms: i64) -> Self {
        let zone = period::zone(timezone);
        let now = Days::last_days(&zone, u16::try_from(chosen.days()).unwrap_or(1), now_ms);
        let before = now.before(&zone);
        let weeks = Days::last_weeks(&zone, WEEKS, now_ms);
        let twelve_weeks = weeks.iter().fold(now, |all, week| all.joined(week));
        Spans { now, before, twelve_weeks, all: twelve_weeks.joined(&before), weeks, zone }
    }
}

/// The numbers of the page.
struct Figures {
    now: Summary,
    before: Summary,
    lately: Summary,
}

impl Figures {
    fn count(arrived: &Arrived, spans: &Spans, now_ms: i64) -> Self {
        let of = |days: &Days, weeks: &[Days]| summarise(&arrived.within(days), weeks, &spans.zone, now_ms);
        Figures {
            now: of(&spans.now, &[]),
            before: of(&spans.before, &[]),
            lately: of(&spans.twelve_weeks, &spans.weeks),
        }
    }
}

fn start(sources: &[Source], latest: &[Lead], wall: &Wall, now_ms: i64) -> Start {
    match (sources.first(), latest.is_empty()) {
        (_, false) => Start::Running,
        (None, true) => Start::NoSource,
        (Some(first), true) => Start::NoLeadsYet { since: wall.short(first.created_at, now_ms) },
    }
}

fn one_who_waits(lead: &Lead, country: &str, sources: &[Source], now_ms: i64) -> Waiting {
    let source = sources.iter().find(|source| source.id == lead.source);
    Waiting {
        id: lead.id.to_string(),
        name: show::name(lead, country),
        say: show::say(lead),
        source: source.map_or_else(String::new, |source| source.name.clone()),
        received_ms: lead.clocks.received_at,
        waited_ms: (now_ms - lead.clocks.received_at).max(0),
        reach: show::reach(lead, country),
        taken_by: lead.held_by.as_ref().map(|holder| holder.name.clone()),
    }
}

/// Whom a person answered last, and how long that took.
fn last_answered(latest: &[Lead]) -> Option<(String, i64)> {
    let answered = latest.iter().filter_map(|lead| Some((lead.clocks.person_at?, lead)));
    let (at, lead) = answered.max_by_key(|(at, _)| *at)?;
    let first = lead.first_name.as_deref().unwrap_or_else(|| lead.title());
    Some((first.to_owned(), (at - lead.clocks.received_at).max(0)))
}

fn ruler(arrived: &Arrived, now: &Summary, chosen: Period) -> Ruler {
    Ruler::draw(&RulerInput {
        period: chosen.within().to_owned(),
        first_text_ms: arrived.real().filter_map(Row::texted_in).collect(),
        person_ms: arrived.real().map(Row::answered_in).collect(),
        typical_first_text_ms: now.first_text.typical_ms,
        typical_person_ms: now.person.typical_ms,
    })
}

fn weeks(lately: &Summary, spans: &Spans, wall: &Wall) -> Option<Weeks> {
    let of_weeks = lately.by_week.iter().zip(&spans.weeks).map(|(week, days)| WeekInput {
        label: wall.month_day(days.from),
        leads: week.leads,
        typical_ms: week.typical_ms,
        slowest_tenth_ms: week.slowest_tenth_ms,
    });
    Weeks::draw(&of_weeks.collect::<Vec<_>>())
}

/// The sources of the period; nothing to compare below five leads.
fn by_source(now: &Summary, sources: &[Source]) -> Option<BySource> {
    if now.leads < ENOUGH {
        return None;
    }
    let of_sources = now.by_source.iter().map(|of| SourceInput {
        id: of.source.clone(),
        name: sources.iter().find(|s| *s.id == *of.source).map_or_else(String::new, |s| s.name.clone()),
        leads: of.leads,
        fastest_tenth_ms: of.fastest_tenth_ms,
        typical_ms: of.typical_ms,
        slowest_tenth_ms: of.slowest_tenth_ms,
    });
    BySource::draw(&of_sources.collect::<Vec<_>>())
}
