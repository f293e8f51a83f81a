//! All numbers of a span in one value: the page, the CSV and `GET /api/v1/stats` show this and nothing else.

use super::answered::{Answered, answered};
use super::excluded::{Excluded, excluded};
use super::first_text::{FirstText, first_text};
use super::hours::{Hours, hours};
use super::paid::{Paid, paid};
use super::parts::{Parts, parts};
use super::period::{Period, zone};
use super::rows::{Arrived, Row, fetch};
use super::sources::{OfSource, sources};
use super::waiting::{Waiting, waiting};
use super::weeks::{OfWeek, weeks};
use super::within::{WINDOWS_MS, Within, within};
use crate::base::ids::{BusinessId, SourceId};
use crate::db::Pool;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

/// The numbers of a span. As JSON it is the answer of `GET /api/v1/stats`, field for field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Real leads that arrived.
    pub leads: usize,
    /// What stays outside, counted.
    pub excluded: Excluded,
    /// The machine's first text or mail.
    pub first_text: FirstText,
    /// The headline: a person's answer.
    pub person: Answered,
    /// Shares answered within 1, 5, 15 and 60 minutes and 24 hours. As JSON: the first four, by milliseconds.
    #[serde(serialize_with = "shares")]
    pub within: [Within; 5],
    /// Real leads that still wait.
    #[serde(serialize_with = "only_now")]
    pub waiting: Waiting,
    /// Where the delay came from.
    #[serde(skip)]
    pub parts: Parts,
    /// Who paid, and how much.
    #[serde(skip)]
    pub paid: Paid,
    /// Source by source, the busiest first.
    pub by_source: Vec<OfSource>,
    /// Week by week, oldest first.
    pub by_week: Vec<OfWeek>,
    /// By weekday and hour.
    pub by_hour: Hours,
}

/// The numbers of the days in `period`, as things stand at `now_ms`, of one source or of all.
///
/// # Errors
/// When the database cannot be read.
pub async fn summary(
    db: &Pool,
    business: &BusinessId,
    timezone: &str,
    period: &Period,
    source: Option<&SourceId>,
    now_ms: i64,
) -> Result<Summary, sqlx::Error> {
    let zone = zone(timezone);
    let arrived = fetch(db, business, period, source).await?;
    Ok(summarise(&arrived, &period.weeks(&zone), &zone, now_ms))
}

/// The numbers of what arrived, with its weeks one by one.
pub fn summarise(arrived: &Arrived, of_weeks: &[Period], zone: &TimeZone, now_ms: i64) -> Summary {
    let real: Vec<&Row> = arrived.real().collect();
    let real = || real.iter().copied();
    let person = answered(real());
    Summary {
        leads: person.n,
        excluded: excluded(arrived),
        first_text: first_text(real()),
        within: WINDOWS_MS.map(|window| within(real(), window, now_ms)),
        waiting: waiting(real(), now_ms),
        parts: parts(real()),
        paid: paid(arrived),
        by_source: sources(real()),
        by_week: weeks(real(), of_weeks),
        by_hour: hours(real(), zone, now_ms),
        person,
    }
}

fn shares<S: Serializer>(within: &[Within; 5], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(WINDOWS_MS.iter().zip(within).take(4).map(|(ms, side)| (ms.to_string(), side.share())))
}

fn only_now<S: Serializer>(waiting: &Waiting, to: S) -> Result<S::Ok, S::Error> {
    waiting.now.serialize(to)
}
