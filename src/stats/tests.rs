//! The numbers, against tables that are small enough to count by hand.

use super::period::{Period, zone};
use super::rows::{Arrived, Row, fetch};
use super::sample::{ARRIVED, waiting};
use super::summary::{summarise, summary};
use super::within::WINDOWS_MS;
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::lead::record::Lead;
use crate::lead::store::sample::{self, harbor, lead};
use proptest::prelude::*;

/// Four hours and a bit, in steps that make ties and edges likely.
fn length() -> impl Strategy<Value = i64> {
    prop_oneof![0i64..2_000, (0i64..250).prop_map(|m| m * MINUTE_MS), (0i64..40).prop_map(|h| h * HOUR_MS)]
}

prop_compose! {
    fn row()(
        age in length(),
        person in prop::option::of(length()),
        text in prop::option::of(length()),
        source in prop::sample::select(vec!["web", "ads", "phone"]),
        flags in prop::array::uniform4(prop::bool::weighted(0.15)),
        writes in 1i64..4,
    ) -> Row {
        let received_at = ARRIVED - age;
        Row {
            source_id: source.into(),
            is_test: flags[0],
            is_spam: flags[1],
            reachable: !flags[2],
            is_closed: flags[3],
            writes,
            received_at,
            person_at: person.map(|p| (received_at + p).min(ARRIVED)),
            first_text_at: text.map(|t| received_at + t),
            ..waiting()
        }
    }
}

/// The definitions of docs/numbers.md, word for word, counted the slow way.
mod slowly {
    use super::{ARRIVED, Row};

    pub fn real(rows: &[Row]) -> Vec<Row> {
        rows.iter().filter(|r| !r.is_test && !r.is_spam && r.reachable).cloned().collect()
    }

    /// The length that stands at the nearest rank when everyone queues up by length, the unanswered at the end.
    pub fn ranked(lengths: &[Option<i64>], percent: usize) -> Option<i64> {
        let mut queue: Vec<i64> = lengths.iter().map(|l| l.unwrap_or(i64::MAX)).collect();
        queue.sort_unstable();
        let before = (1..=queue.len()).find(|n| n * 100 >= percent * queue.len())?;
        Some(queue[before - 1]).filter(|l| *l < i64::MAX)
    }

    pub fn waits(rows: &[Row]) -> Vec<Option<i64>> {
        rows.iter().map(|r| r.person_at.map(|p| p - r.received_at)).collect()
    }

    pub fn share(rows: &[Row], window: i64) -> Option<(u32, u32)> {
        let decided: Vec<&Row> = rows
            .iter()
            .filter(|r| {
                let pending = r.received_at + window >= ARRIVED;
                let answered = r.person_at.is_some_and(|p| p - r.received_at <= window);
                answered || !pending
            })
            .collect();
        let hits = decided.iter().filter(|r| r.person_at.is_some_and(|p| p - r.received_at <= window)).count();
        (!decided.is_empty()).then(|| (u32::try_from(hits).unwrap(), u32::try_from(decided.len()).unwrap()))
    }
}

proptest! {
    #[test]
    fn every_number_agrees_with_the_slow_way(rows in prop::collection::vec(row(), 0..60)) {
        let utc = zone("Etc/UTC");
        let weeks = Period::last_weeks(&utc, 3, ARRIVED);

        let told = summarise(&Arrived { leads: rows.clone(), repeats: Vec::new(), payments: Vec::new() }, &weeks, &utc, ARRIVED);

        let real = slowly::real(&rows);
        let waits = slowly::waits(&real);
        prop_assert_eq!(told.leads, real.len());
        prop_assert_eq!(told.person.typical_ms, slowly::ranked(&waits, 50));
        prop_assert_eq!(told.person.slowest_tenth_ms, slowly::ranked(&waits, 90));
        prop_assert_eq!(told.person.answered, real.iter().filter(|r| r.person_at.is_some()).count());
        for (window, side) in WINDOWS_MS.iter().zip(told.within) {
            prop_assert_eq!((side.of > 0).then_some((side.in_time, side.of)), slowly::share(&real, *window));
        }
        let texts: Vec<Option<i64>> =
            real.iter().filter_map(|r| r.first_text_at.map(|t| Some(t - r.received_at))).collect();
        prop_assert_eq!(told.first_text.typical_ms, slowly::ranked(&texts, 50));
        prop_assert_eq!(told.first_text.slowest_tenth_ms, slowly::ranked(&texts, 90));
        prop_assert_eq!(told.waiting.now, real.iter().filter(|r| r.person_at.is_none() && !r.is_closed).count());
        for of in &told.by_source {
            let theirs: Vec<Row> = real.iter().filter(|r| *r.source_id == *of.source).cloned().collect();
            prop_assert_eq!(of.leads, theirs.len());
            prop_assert_eq!(of.typical_ms, slowly::ranked(&slowly::waits(&theirs), 50));
            prop_assert_eq!(of.slowest_tenth_ms, slowly::ranked(&slowly::waits(&theirs), 90));
        }
        prop_assert_eq!(told.by_source.iter().map(|s| s.leads).sum::<usize>(), real.len());
        prop_assert_eq!(told.by_week.iter().map(|w| w.leads).sum::<usize>(), real.len());
        prop_assert_eq!(told.by_hour.leads.iter().flatten().sum::<u32>() as usize, real.len());
        let left_out = told.excluded.test + told.excluded.spam + told.excluded.unreachable;
        prop_assert_eq!(usize::try_from(left_out).unwrap(), rows.len() - real.len());
    }
}

#[tokio::test]
async fn a_lead_belongs_to_its_day_in_the_shops_zone_and_to_its_shop() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    let chicago = zone("America/Chicago");
    let day = Period::last_days(&chicago, 1, ARRIVED);
    sample::store(
        &db,
        vec![
            lead("yesterday", day.from - 1),
            lead("first", day.from),
            Lead { source: "ads".into(), ..lead("last", day.until - 1) },
            lead("tomorrow", day.until),
            Lead { business: "rival".into(), source: "other".into(), ..lead("theirs", ARRIVED) },
        ],
    )
    .await;

    let arrived = fetch(db.read(), &harbor(), &day, None).await.unwrap();
    let of_ads = fetch(db.read(), &harbor(), &day, Some(&sample::source("ads"))).await.unwrap();

    assert_eq!(arrived.leads.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["first", "last"]);
    assert_eq!(of_ads.leads.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["last"]);
}

#[tokio::test]
async fn the_summary_as_json_has_the_fields_of_the_contract_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let db = sample::open(folder.path()).await;
    let mut fast = lead("fast", ARRIVED);
    fast.clocks.first_text_at = Some(ARRIVED + 900);
    fast.clocks.person_at = Some(ARRIVED + 90_000);
    let spam = Lead { is_spam: true, ..lead("spam", ARRIVED) };
    sample::store(&db, vec![fast, lead("slow", ARRIVED - DAY_MS), spam]).await;
    sample::receipt(&db, "r1", "fast", ARRIVED, 2).await;
    let week = Period::last_days(&zone("America/Chicago"), 7, ARRIVED);

    let told = summary(db.read(), &harbor(), "America/Chicago", &week, None, ARRIVED + 2 * HOUR_MS).await.unwrap();

    let mut json = serde_json::to_value(&told).unwrap();
    assert_eq!((&json["by_hour"]["leads"][0][10], &json["by_hour"]["leads"][6][10]), (&1.into(), &1.into()));
    json["by_hour"] = serde_json::Value::Null;
    assert_eq!(
        json,
        serde_json::json!({
            "leads": 2,
            "excluded": {"test": 0, "spam": 1, "duplicate": 2},
            "first_text": {"typical_ms": 900, "slowest_tenth_ms": 900, "n": 1},
            "person": {"typical_ms": 90_000, "slowest_tenth_ms": null, "n": 2, "answered": 1},
            "within": {"60000": 0.0, "300000": 0.5, "900000": 0.5, "3600000": 0.5},
            "waiting": 1,
            "by_source": [{"source": "web", "leads": 2, "answered": 1, "fastest_tenth_ms": 90_000, "typical_ms": 90_000, "slowest_tenth_ms": null}],
            "by_week": [
                {"week": "2025-W47", "leads": 1, "answered": 0, "typical_ms": null, "slowest_tenth_ms": null},
                {"week": "2025-W48", "leads": 1, "answered": 1, "typical_ms": 90_000, "slowest_tenth_ms": 90_000},
            ],
            "by_hour": null,
        })
    );
}
