//! Questions in a database: who claims which, when, and what ends them.

use super::*;
use crate::base::clock::{HOUR_MS, MINUTE_MS};
use crate::base::ids::new_id;
use crate::base::random::Random;
use crate::lead::store::sample;

const NOW: i64 = 1_770_829_212_000;

/// A database with the sources `web` and `ads`, both with a token.
async fn open(folder: &std::path::Path) -> Db {
    let db = sample::open(folder).await;
    for source in ["web", "ads"] {
        given(&db, source, Some("sealed"), NOW - HOUR_MS).await;
    }
    db
}

async fn given(db: &Db, source: &str, sealed: Option<&'static str>, at: i64) {
    let source = SourceId::from(source);
    db.write(move |c| Box::pin(async move { set_token(c, &source, sealed, at).await })).await.unwrap();
}

async fn planned(db: &Db, source: &str, reference: &str, at: i64) {
    let random = Random::system();
    let question = Question {
        id: new_id(&random, at),
        business_id: sample::harbor(),
        source_id: source.into(),
        receipt_id: ReceiptId::new(&random, at),
        what: "leadgen".to_owned(),
        reference: reference.to_owned(),
        is_test: false,
        at,
    };
    db.write(move |c| Box::pin(async move { plan(c, &[question]).await })).await.unwrap();
}

fn turn(boot: &str, now: i64, mono: i64) -> Turn {
    Turn { boot_id: boot.to_owned(), now, mono }
}

async fn claimed(db: &Db, turn: &Turn, room: usize) -> Vec<Claimed> {
    let due = anything_due(db.read(), turn).await.unwrap();
    let (turn, lease) = (turn.clone(), format!("lease at {}", turn.mono));
    let claimed = db.write(move |c| Box::pin(async move { claim(c, &turn, room, &lease).await })).await.unwrap();
    assert!(due || claimed.is_empty(), "a look without a write sees all that a claim takes");
    claimed
}

async fn ended(db: &Db, claimed: &Claimed, due_at: Option<i64>, all_wait: bool) -> bool {
    let next = Next { due_at, all_wait, reason: "No.".to_owned(), class: "token" };
    let claimed = claimed.clone();
    db.write(move |c| Box::pin(async move { put_off(c, &claimed, &next, NOW).await })).await.unwrap()
}

fn references(claimed: &[Claimed]) -> Vec<&str> {
    let mut all: Vec<&str> = claimed.iter().map(|one| one.reference.as_str()).collect();
    all.sort_unstable();
    all
}

#[tokio::test]
async fn a_slow_vendor_leaves_room_for_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path()).await;
    for n in 1..=5 {
        planned(&db, "web", &format!("w{n}"), NOW - 100 + n).await;
    }
    planned(&db, "ads", "a1", NOW).await;

    let first = claimed(&db, &turn("boot", NOW, 0), 8).await;
    let second = claimed(&db, &turn("boot", NOW, 1), 8).await;

    assert_eq!(references(&first), ["a1", "w1", "w2"]);
    assert_eq!(second, []);
}

#[tokio::test]
async fn a_lease_is_taken_over_when_it_has_run_out_or_its_process_is_gone_and_late_answers_count_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path()).await;
    planned(&db, "web", "1", NOW).await;
    let first = claimed(&db, &turn("boot", NOW, 0), 8).await;

    let meanwhile = claimed(&db, &turn("boot", NOW, LEASE_MS - 1), 8).await;
    let after = claimed(&db, &turn("boot", NOW, LEASE_MS), 8).await;
    let restarted = claimed(&db, &turn("another", NOW, 5), 8).await;

    assert_eq!((meanwhile.len(), after.len(), restarted.len()), (0, 1, 1));
    assert_eq!(restarted[0].attempts, 3);
    assert!(!ended(&db, &first[0], None, false).await && !ended(&db, &after[0], None, false).await);
    assert!(ended(&db, &restarted[0], Some(NOW + MINUTE_MS), false).await);
}

#[tokio::test]
async fn a_clock_that_was_set_back_by_years_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path()).await;
    planned(&db, "web", "1", NOW).await;
    let first = claimed(&db, &turn("boot", NOW, 0), 8).await;
    ended(&db, &first[0], Some(NOW + HOUR_MS), true).await;

    let years_ago = claimed(&db, &turn("boot", NOW - 10 * 365 * 24 * HOUR_MS, 1), 8).await;

    assert_eq!(references(&years_ago), ["1"]);
}

#[tokio::test]
async fn a_refused_token_stops_its_own_source_until_there_is_another() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path()).await;
    for (source, reference) in [("web", "1"), ("web", "2"), ("ads", "3")] {
        planned(&db, source, reference, NOW).await;
    }
    let first = claimed(&db, &turn("boot", NOW, 0), 1).await;
    ended(&db, &first[0], Some(NOW + HOUR_MS), true).await;
    planned(&db, "web", "4", NOW + 1).await;

    let others = claimed(&db, &turn("boot", NOW + MINUTE_MS, 1), 8).await;
    given(&db, &first[0].source_id, Some("new"), NOW + MINUTE_MS).await;
    let then = claimed(&db, &turn("boot", NOW + MINUTE_MS, 2), 8).await;

    let is_other = |one: &Claimed| one.source_id != first[0].source_id;
    assert!(!others.is_empty() && others.iter().all(is_other), "{others:?}");
    assert!(then.iter().any(|one| !is_other(one) && one.token_sealed == "new" && one.attempts == 1), "{then:?}");
}

#[tokio::test]
async fn one_thing_waits_once_and_what_is_given_up_goes_with_a_new_token() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path()).await;
    for at in [NOW, NOW + 1, NOW + 2] {
        planned(&db, "web", "1", at).await;
    }
    let first = claimed(&db, &turn("boot", NOW + 5, 0), 8).await;
    assert_eq!(first.len(), 1);
    ended(&db, &first[0], None, false).await;

    let nothing = claimed(&db, &turn("boot", NOW + HOUR_MS, 1), 8).await;
    given(&db, "web", None, NOW + HOUR_MS).await;
    let without = claimed(&db, &turn("boot", NOW + HOUR_MS, 2), 8).await;
    given(&db, "web", Some("new"), NOW + HOUR_MS).await;
    let with = claimed(&db, &turn("boot", NOW + HOUR_MS, 3), 8).await;

    assert_eq!((nothing.len(), without.len(), references(&with)), (0, 0, vec!["1"]));
}

#[tokio::test]
async fn what_no_token_came_for_is_given_up_after_ninety_days() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(folder.path()).await;
    given(&db, "web", None, NOW).await;
    planned(&db, "web", "1", NOW).await;

    assert_eq!(too_late(&db, NOW + WORTH_MS - 1).await.unwrap(), 0);
    assert_eq!(too_late(&db, NOW + WORTH_MS).await.unwrap(), 1);
    given(&db, "web", Some("late"), NOW + WORTH_MS).await;

    assert_eq!(claimed(&db, &turn("boot", NOW + WORTH_MS, 0), 8).await, []);
}
