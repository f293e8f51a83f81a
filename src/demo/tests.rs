//! The made-up shop: believable, consistent, and the same at every start.

use super::story::{Sort, Story, stories};
use super::*;
use crate::base::clock::{Clock, HOUR_MS, MINUTE_MS};
use std::collections::BTreeSet;

/// A Tuesday morning, a Sunday night and the night the clocks change.
const MOMENTS: [i64; 3] = [1_795_532_400_000, 1_795_406_400_000, 1_793_518_200_000];

fn real(all: &[Story]) -> Vec<&Story> {
    all.iter().filter(|story| story.sort == Sort::Real).collect()
}

#[test]
fn no_story_happens_before_its_form_or_after_the_present() {
    for now in MOMENTS {
        let all = stories(now);
        assert!(all.windows(2).all(|pair| pair[0].at <= pair[1].at));
        for story in &all {
            let instants = [
                story.taken.map(|(at, _)| at),
                story.person.map(|(at, _)| at),
                story.reached_at,
                story.replied.map(|(at, _)| at),
                story.outcome.map(|(at, _)| at),
                story.alerted_at,
                story.first_text.map(|(accepted, _)| accepted),
            ];
            for at in instants.into_iter().flatten() {
                assert!(story.at <= at && at <= now, "{story:?}");
            }
            if let (Some((taken, _)), Some((person, _))) = (story.taken, story.person) {
                assert!(taken <= person, "{story:?}");
            }
        }
    }
}

#[test]
fn there_are_several_hundred_leads_and_the_shop_gets_faster() {
    for now in MOMENTS {
        let all = stories(now);
        let real = real(&all);
        assert!((300..=480).contains(&real.len()), "{}", real.len());
        assert!(all.iter().any(|s| s.sort == Sort::Spam) && all.iter().any(|s| s.sort == Sort::Test));
        let typical = |from_days: i64, to_days: i64| {
            let mut waits: Vec<i64> = real
                .iter()
                .filter(|s| (now - s.at) / DAY_MS < from_days && (now - s.at) / DAY_MS >= to_days)
                .map(|s| s.person.map_or(i64::MAX, |(at, _)| at - s.at))
                .collect();
            waits.sort_unstable();
            waits[waits.len() / 2]
        };
        let (before, lately) = (typical(84, 56), typical(28, 1));
        assert!(lately * 2 < before && before < 3 * HOUR_MS, "{before} {lately}");
        assert!((MINUTE_MS..20 * MINUTE_MS).contains(&lately), "{lately}");
        let never = real.iter().filter(|s| s.person.is_none()).count();
        assert!(never * 5 < real.len() && never > 10, "{never}");
    }
}

#[test]
fn two_people_wait_right_now_and_nobody_shares_a_number() {
    for now in MOMENTS {
        let all = stories(now);
        let waiting: Vec<&str> =
            all.iter().filter(|s| s.at > now - 5 * HOUR_MS && s.person.is_none()).map(|s| s.name.0).collect();
        assert_eq!(waiting, ["Tom", "Maria"]);
        let phones: Vec<&String> = real(&all).iter().filter_map(|s| s.phone.as_ref()).collect();
        assert_eq!(phones.iter().collect::<BTreeSet<_>>().len(), phones.len());
        assert!(
            phones.iter().all(|phone| phone.len() == 12 && phone[5..].starts_with("55501")),
            "made-up numbers only"
        );
    }
}

#[tokio::test]
async fn the_shop_is_filled_quickly_and_its_rows_agree() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&dir.path().join("leadbell.db")).await.unwrap();
    let (keys, random, clock) = (Keys::new([1; 32]), Random::seeded(4), Clock::system());

    let started = clock.mono_ms();
    let demo = fill(&db, &keys, &random, "http://127.0.0.1:8080", MOMENTS[0]).await.unwrap();
    let took = clock.mono_ms() - started;

    assert_eq!((demo.business.slug.as_str(), demo.sources.len(), demo.people.len()), ("harbor-plumbing", 4, 2));
    assert!(took < 20_000, "{took} ms, even unoptimised and on a busy machine");
    for (what, wrong) in [
        (
            "leads whose first message was accepted at another moment",
            "SELECT count(*) FROM lead l WHERE first_text_at IS NOT (SELECT min(accepted_at) FROM outbox m \
             WHERE m.lead_id = l.id AND m.purpose = 'lead_reply')",
        ),
        (
            "leads whose alert was accepted at another moment",
            "SELECT count(*) FROM lead l WHERE alerted_at IS NOT (SELECT min(accepted_at) FROM outbox m \
             WHERE m.lead_id = l.id AND m.purpose = 'owner_alert')",
        ),
        (
            "messages that something would still send",
            "SELECT count(*) FROM outbox WHERE state NOT IN ('accepted', 'delivered', 'failed')",
        ),
        (
            "troubles that the owner would be told of now",
            "SELECT count(*) FROM outbox WHERE state = 'failed' AND told_at IS NULL",
        ),
        ("texts of more than one part", "SELECT count(*) FROM outbox WHERE channel = 'sms' AND parts <> 1"),
        (
            "leads whose state is not what their clocks say",
            "SELECT count(*) FROM lead WHERE state <> CASE WHEN closed_at IS NOT NULL THEN 'closed' \
             WHEN person_at IS NOT NULL THEN 'answered' WHEN taken_at IS NOT NULL THEN 'taken' ELSE 'waiting' END",
        ),
        ("leads without a receipt", "SELECT count(*) FROM lead WHERE id NOT IN (SELECT lead_id FROM receipt)"),
        (
            "spam that somebody was told of",
            "SELECT count(*) FROM outbox m JOIN lead l ON l.id = m.lead_id WHERE l.is_spam",
        ),
        ("messages without an attempt", "SELECT count(*) FROM outbox WHERE id NOT IN (SELECT message_id FROM attempt)"),
        (
            "replies that the lead does not know of",
            "SELECT count(*) FROM inbound i JOIN lead l ON l.id = i.lead_id WHERE l.replied_at IS NOT i.received_at",
        ),
    ] {
        let (count,): (i64,) = sqlx::query_as(wrong).fetch_one(db.read()).await.unwrap();
        assert_eq!(count, 0, "{what}");
    }
    let (leads, messages, events): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM lead), (SELECT count(*) FROM outbox), (SELECT count(*) FROM event)",
    )
    .fetch_one(db.read())
    .await
    .unwrap();
    assert_eq!(usize::try_from(leads).unwrap(), demo.leads);
    assert!(messages > 3 * leads && events > 6 * leads, "{messages} {events}");
    db.close().await;
}
