//! What is held back: the second text to a lead, the eleventh alert, a number's thirty-first segment.

use super::bench::{Act, Bench};
use crate::lead::store::sample;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};
use crate::outbox::pace::BURST;
use std::time::Duration;

const DAVE: &str = "+15125550100";
const DAVE_MAIL: &str = "dave@harbor.test";

/// Leads named L1, L2 … with an alert each.
async fn alerts(bench: &Bench, numbers: std::ops::RangeInclusive<usize>, medium: Medium) -> Vec<Draft> {
    let to = if medium == Medium::Sms { DAVE } else { DAVE_MAIL };
    let at = bench.clock.now_ms();
    let mut leads = Vec::new();
    let mut drafts = Vec::new();
    for n in numbers {
        let id = format!("L{n:03}");
        let mut lead = sample::lead(&id, at);
        lead.name = Some(id.clone());
        leads.push(lead);
        drafts.push(bench.draft(&format!("a{n:03}{}", medium.as_str()), Purpose::OwnerAlert, medium, to, Some(&id)));
    }
    sample::store(&bench.db, leads).await;
    drafts
}

async fn alerted(bench: &Bench) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM lead WHERE alerted_at IS NOT NULL")
        .fetch_one(bench.db.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_second_text_to_a_lead_waits_half_a_minute_and_costs_no_try() {
    let bench = Bench::open(true, 1, None).await;
    let text = |id: &str| bench.draft(id, Purpose::Relay, Medium::Sms, "+15125550142", Some("maria"));
    bench.plan(vec![text("one"), text("two")]).await;

    bench.run().await;

    let (state, reason, attempts, due_at) = bench.row("two").await;
    assert_eq!((state.as_str(), attempts, due_at), ("queued", 0, bench.clock.now_ms() + 30_000));
    assert_eq!(reason.as_deref(), Some("Waits a moment after the text before it."));
    bench.pass(29, 29).await;
    assert_eq!(bench.sms.truth().taken.len(), 1);
    bench.pass(1, 1).await;
    assert_eq!(bench.sms.truth().taken.len(), 2);
    assert_eq!(bench.row("two").await.1, None);
}

#[tokio::test]
async fn a_restart_does_not_forget_whom_it_wrote_to() {
    let mut bench = Bench::open(true, 1, None).await;
    let text = |bench: &Bench, id: &str| bench.draft(id, Purpose::Relay, Medium::Sms, "+15125550142", Some("maria"));
    bench.plan(vec![text(&bench, "one")]).await;
    bench.run().await;

    bench.boot().await;
    bench.plan(vec![text(&bench, "two")]).await;
    bench.run().await;

    assert_eq!(bench.state("two").await, "queued");
}

#[tokio::test]
async fn after_ten_alerts_the_rest_of_the_window_comes_in_one_message_a_minute() {
    let bench = Bench::open(true, 1, None).await;
    let drafts = alerts(&bench, 1..=10, Medium::Sms).await;
    bench.plan(drafts).await;
    bench.run().await;
    assert_eq!(bench.sms.at(DAVE).len(), 10);

    let drafts = alerts(&bench, 11..=13, Medium::Sms).await;
    bench.plan(drafts).await;
    bench.run().await;
    bench.pass(30, 30).await;
    let drafts = alerts(&bench, 14..=14, Medium::Sms).await;
    bench.plan(drafts).await;
    bench.run().await;
    assert_eq!((bench.sms.at(DAVE).len(), alerted(&bench).await), (10, 10));
    bench.pass(30, 30).await;

    assert_eq!(bench.sms.at(DAVE).last().unwrap(), "4 more: L011, L012, L013, L014");
    assert_eq!(alerted(&bench).await, 14);
    let (state, reason, attempts, _) = bench.row("a012sms").await;
    assert_eq!((state.as_str(), attempts), ("cancelled", 0));
    assert_eq!(reason.as_deref(), Some("Bundled into one message with 3 others."));
    let by: String =
        sqlx::query_scalar("SELECT b.state FROM outbox a JOIN outbox b ON b.id = a.bundle_id WHERE a.id = 'a012sms'")
            .fetch_one(bench.db.read())
            .await
            .unwrap();
    assert_eq!(by, "accepted");
}

#[tokio::test]
async fn a_single_alert_above_ten_goes_as_it_is_when_its_minute_has_come() {
    let bench = Bench::open(true, 1, None).await;
    let drafts = alerts(&bench, 1..=10, Medium::Mail).await;
    bench.plan(drafts).await;
    bench.run().await;
    bench.pass(61, 61).await;

    let drafts = alerts(&bench, 11..=11, Medium::Mail).await;
    bench.plan(drafts).await;
    bench.run().await;

    assert_eq!(bench.mail.at(DAVE_MAIL).last().unwrap(), "words of a011mail");
}

#[tokio::test]
async fn a_flood_of_leads_is_ten_alerts_and_one_message_a_minute_on_each_way() {
    let bench = Bench::open(true, 1, None).await;
    for minute in 0..3 {
        for medium in [Medium::Sms, Medium::Mail] {
            if medium == Medium::Sms {
                let drafts = alerts(&bench, minute * 300 + 1..=minute * 300 + 300, medium).await;
                bench.plan(drafts).await;
            } else {
                let drafts = (minute * 300 + 1..=minute * 300 + 300)
                    .map(|n| {
                        let lead = format!("L{n:03}");
                        bench.draft(&format!("a{n:03}mail"), Purpose::OwnerAlert, medium, DAVE_MAIL, Some(&lead))
                    })
                    .collect();
                bench.plan(drafts).await;
            }
        }
        bench.run().await;
        bench.pass(60, 20).await;
    }

    for (vendor, to) in [(&bench.sms, DAVE), (&bench.mail, DAVE_MAIL)] {
        let times: Vec<i64> = vendor.truth().taken.iter().map(|t| t.mono).collect();
        let bundles = &times[10..];
        assert!((2..=4).contains(&bundles.len()), "{to}: {times:?}");
        assert!(bundles.windows(2).all(|pair| pair[1] - pair[0] >= 60_000), "{to}: {times:?}");
    }
    assert_eq!((alerted(&bench).await, bench.count("queued").await), (900, 0));
}

#[tokio::test]
async fn alerts_in_a_bundle_that_fails_are_visibly_not_delivered() {
    let bench = Bench::open(true, 1, None).await;
    bench.sms.does(|message| if message.body.contains("more:") { Act::Refuse } else { Act::Take });
    let drafts = alerts(&bench, 1..=14, Medium::Sms).await;
    bench.plan(drafts).await;

    bench.run().await;
    bench.pass(120, 60).await;

    assert_eq!((bench.count("failed").await, alerted(&bench).await), (1, 10));
}

#[tokio::test]
async fn without_limits_every_alert_goes_singly() {
    let bench = Bench::open(false, 1, Some(1)).await;
    let drafts = alerts(&bench, 1..=60, Medium::Sms).await;
    bench.plan(drafts).await;

    bench.run().await;

    assert_eq!((bench.sms.at(DAVE).len(), alerted(&bench).await), (60, 60));
}

#[tokio::test]
async fn a_long_code_sends_a_burst_and_then_a_segment_a_second_the_answers_first() {
    let bench = Bench::open(true, 1, Some(1)).await;
    let text = |n: i64, purpose| {
        let lead = format!("x{n}");
        bench.draft(&format!("{}{n}", purpose as u8), purpose, Medium::Sms, &format!("+1512555{n:04}"), Some(&lead))
    };
    bench.plan((0..BURST + 5).map(|n| text(n, Purpose::Relay)).collect()).await;
    bench.run().await;
    assert_eq!(bench.sms.truth().taken.len(), 30, "a quiet house sends at once");

    bench.plan(vec![text(900, Purpose::LeadReply)]).await;
    bench.run().await;
    assert_eq!(bench.sms.truth().taken.len(), 30);
    bench.pass(1, 1).await;
    assert_eq!(bench.sms.truth().taken[30].to, "+15125550900", "the answer overtakes what waits here");
    bench.pass(2, 1).await;
    assert_eq!(bench.sms.truth().taken.len(), 33);

    let tried: i64 = sqlx::query_scalar("SELECT sum(attempts) FROM outbox").fetch_one(bench.db.read()).await.unwrap();
    assert_eq!(tried, 33, "waiting burns no try");
}

#[tokio::test]
async fn a_report_never_takes_a_second_slot() {
    let bench = Bench::open(true, 1, None).await;
    bench
        .plan(
            (0..6)
                .map(|n| bench.draft(&format!("r{n}"), Purpose::Report, Medium::Mail, &format!("o{n}@x.test"), None))
                .collect(),
        )
        .await;

    bench.run().await;

    let truth = bench.mail.truth();
    assert_eq!((truth.taken.len(), truth.most_under_way), (6, 1));
}

#[tokio::test]
async fn counters_that_hold_nothing_back_are_swept() {
    let bench = Bench::open(true, 1, None).await;
    bench.plan(vec![bench.draft("one", Purpose::LeadReply, Medium::Sms, "+15125550142", Some("maria"))]).await;
    bench.run().await;
    let rows = "SELECT (SELECT count(*) FROM pace) + (SELECT count(*) FROM budget)";
    let before: i64 = sqlx::query_scalar(rows).fetch_one(bench.db.read()).await.unwrap();

    bench.clock.advance(Duration::from_secs(3 * 86_400));
    bench.run().await;

    let after: i64 = sqlx::query_scalar(rows).fetch_one(bench.db.read()).await.unwrap();
    assert!(before > 1 && after == 0, "{before} {after}");
}
