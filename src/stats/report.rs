//! One week as the weekly report tells it: its numbers, those of the week before, who waited longest, and a tip.
//!
//! Every figure is one of [`super::summary`]'s. Nothing is counted here a second time.

use super::chart::ENOUGH;
use super::period::{Period, zone};
use super::rows::{Arrived, Row, fetch};
use super::summary::{Summary, summarise};
use super::tip::{Tip, tip};
use crate::base::change::Change;
use crate::base::ids::BusinessId;
use crate::db::Pool;
use jiff::tz::TimeZone;

/// How many of those who waited longest are named.
const NAMED: usize = 3;

/// A week and the one before it.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekReport {
    /// The week.
    pub week: Period,
    /// Its numbers.
    pub now: Summary,
    /// Those of the week before.
    pub before: Summary,
    /// Who waited longest, the unanswered first; with fewer than five leads all of them, oldest first.
    pub named: Vec<Named>,
    /// A tip, if there is one.
    pub tip: Option<Tip>,
}

/// A lead that is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub lead: String,
    /// How long it waited for a person, milliseconds; `None` = nobody answered.
    pub waited_ms: Option<i64>,
}

impl WeekReport {
    /// Whether there are enough leads for figures.
    pub fn is_enough(&self) -> bool {
        self.now.leads >= ENOUGH
    }

    /// Whether nothing came in the week and in the one before.
    pub fn is_silent(&self) -> bool {
        self.now.leads == 0 && self.before.leads == 0
    }

    /// How the typical answer changed, where both weeks have one to compare.
    pub fn change(&self) -> Option<Change> {
        let both = self.is_enough() && self.before.leads >= ENOUGH;
        both.then(|| Change::between(self.before.person.typical_ms, self.now.person.typical_ms)).flatten()
    }
}

/// The report of a business on a week, as things stand at `now_ms`.
///
/// # Errors
/// When the database cannot be read.
pub async fn week_report(
    db: &Pool,
    business: &BusinessId,
    timezone: &str,
    week: &Period,
    now_ms: i64,
) -> Result<WeekReport, sqlx::Error> {
    let zone = zone(timezone);
    let arrived = fetch(db, business, &week.joined(&week.before(&zone)), None).await?;
    Ok(tell(&arrived, week, &zone, now_ms))
}

/// The same of what arrived.
fn tell(arrived: &Arrived, week: &Period, zone: &TimeZone, now_ms: i64) -> WeekReport {
    let here = arrived.within(week);
    let before = arrived.within(&week.before(zone));
    let mut named: Vec<&Row> = here.real().collect();
    if named.len() >= ENOUGH {
        named.sort_by_key(|row| (row.answered_in().map(|wait| -wait), row.received_at));
        named.truncate(NAMED);
    }
    WeekReport {
        week: *week,
        now: summarise(&here, &[], zone, now_ms),
        before: summarise(&before, &[], zone, now_ms),
        tip: (here.real().count() >= ENOUGH).then(|| tip(here.real(), zone, now_ms)).flatten(),
        named: named.into_iter().map(|row| Named { lead: row.id.clone(), waited_ms: row.answered_in() }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::{DAY_MS, MINUTE_MS};
    use crate::stats::sample::{ARRIVED, answered_after, waiting};

    /// The week of [`ARRIVED`], which began ten hours earlier.
    fn week() -> Period {
        let chicago = zone("America/Chicago");
        Period::week_named(&chicago, "2025-W48").unwrap()
    }

    fn told(rows: Vec<Row>) -> WeekReport {
        let arrived = Arrived { leads: rows, ..Arrived::default() };
        tell(&arrived, &week(), &zone("America/Chicago"), ARRIVED + DAY_MS)
    }

    fn lead(id: &str, row: Row) -> Row {
        Row { id: id.to_owned(), ..row }
    }

    #[test]
    fn who_waited_longest_is_named_the_unanswered_first() {
        let report = told(vec![
            lead("quick", answered_after(1)),
            lead("slow", answered_after(90 * MINUTE_MS)),
            lead("never", waiting()),
            lead("slower", answered_after(91 * MINUTE_MS)),
            lead("test", Row { is_test: true, ..waiting() }),
            lead("fast", answered_after(2)),
        ]);

        let named: Vec<(&str, Option<i64>)> = report.named.iter().map(|n| (n.lead.as_str(), n.waited_ms)).collect();
        assert_eq!(named, [("never", None), ("slower", Some(91 * MINUTE_MS)), ("slow", Some(90 * MINUTE_MS))]);
        assert!(report.is_enough());
    }

    #[test]
    fn under_five_leads_all_are_named_and_nothing_is_compared() {
        let last_week = |row: Row| Row { received_at: row.received_at - 7 * DAY_MS, ..row };
        let mut rows = vec![lead("a", answered_after(1)), lead("b", waiting())];
        rows.extend((0..6).map(|_| last_week(answered_after(5))));

        let report = told(rows);

        assert_eq!(report.named.iter().map(|n| n.lead.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!((report.now.leads, report.before.leads), (2, 6));
        assert_eq!((report.is_enough(), report.change(), report.tip), (false, None, None));
        assert!(!report.is_silent());
    }

    #[test]
    fn a_week_without_leads_is_silent_only_if_the_one_before_was() {
        assert!(told(Vec::new()).is_silent());
        let before = Row { received_at: ARRIVED - 3 * DAY_MS, ..waiting() };
        assert!(!told(vec![before]).is_silent());
        assert!(told(vec![Row { is_spam: true, ..waiting() }]).is_silent());
    }
}
