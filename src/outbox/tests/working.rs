//! The worker through trouble: panics, outages, pauses, blocked accounts, clocks that jump, shutdowns in mid-send.

use super::bench::{Act, Bench, NOW};
use crate::base::Boxed;
use crate::base::clock::{DAY_MS, HOUR_MS};
use crate::outbox::channel::{Channel, Found, Handed, Medium, Outcome, Outgoing};
use crate::outbox::message::{Draft, Fallback, Purpose};
use crate::outbox::store::enqueue::enqueue;
use std::sync::Arc;
use std::time::Duration;

fn texts(bench: &Bench, count: usize, purpose: Purpose) -> Vec<Draft> {
    (0..count)
        .map(|n| {
            let lead = format!("x{n}");
            bench.draft(&format!("m{n:04}"), purpose, Medium::Sms, &format!("+1512555{n:04}"), Some(&lead))
        })
        .collect()
}

#[tokio::test]
async fn a_poisoned_message_among_a_thousand_dies_alone_and_visibly() {
    let bench = Bench::open(false, 1, None).await;
    bench.sms.does(|message| if message.id.as_str() == "m0500" { Act::Panic } else { Act::Take });
    bench.plan(texts(&bench, 1_000, Purpose::LeadReply)).await;

    bench.run().await;
    assert_eq!(bench.sms.truth().taken.len(), 999);
    let (state, reason, attempts, _) = bench.row("m0500").await;
    assert_eq!((state.as_str(), attempts), ("unknown", 1));
    assert!(reason.unwrap().starts_with("Something broke"));

    bench.pass(3_700, 10).await;
    let (state, _, attempts, _) = bench.row("m0500").await;
    assert_eq!(state, "expired");
    assert!((2..60).contains(&attempts), "{attempts}");
    assert_eq!(bench.count("accepted").await, 999);
}

#[tokio::test]
async fn each_attempt_is_on_disk_before_its_bytes_leave() {
    let bench = Bench::open(true, 1, None).await;
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (db, noted) = (bench.db.clone(), Arc::clone(&seen));
    bench.sms.does(move |message| {
        let (db, noted, id, attempt) = (db.clone(), Arc::clone(&noted), message.id.clone(), message.attempt);
        let asked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let path = db.path().to_owned();
                let other = crate::db::Db::open(&path).await.unwrap();
                let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM attempt WHERE message_id = $1 AND n = $2")
                    .bind(id.as_str().to_owned())
                    .bind(i64::from(attempt))
                    .fetch_optional(other.read())
                    .await
                    .unwrap();
                found
            })
        });
        noted.lock().unwrap().push(asked.join().unwrap());
        if message.attempt == 1 { Act::Down } else { Act::Take }
    });
    bench.plan(texts(&bench, 1, Purpose::LeadReply)).await;

    bench.run().await;
    bench.pass(10, 2).await;

    assert_eq!(*seen.lock().unwrap(), [Some(1), Some(1)]);
}

#[tokio::test]
async fn while_the_fuse_is_open_nothing_burns_a_try_and_one_probe_finds_the_vendor_back() {
    let bench = Bench::open(false, 1, None).await;
    bench.sms.does(|_| Act::Down);
    bench.plan(texts(&bench, 40, Purpose::LeadReply)).await;

    bench.run().await;
    bench.pass(600, 1).await;
    let posts = bench.sms.truth().posts.len();
    // The eight of the first claim, then probes after 15, 30, 60, 120, 120 … seconds.
    assert!((12..=18).contains(&posts), "{posts} requests in ten minutes of outage");

    bench.sms.does(|_| Act::Take);
    bench.pass(180, 1).await;
    assert_eq!(bench.count("accepted").await, 40);
}

#[tokio::test]
async fn the_couriers_themselves_come_back_after_an_outage_with_a_backlog() {
    let bench = Bench::open(false, 1, None).await;
    bench.sms.does(|_| Act::Down);
    bench.plan(texts(&bench, 40, Purpose::LeadReply)).await;
    let working = tokio::spawn(Arc::clone(&bench.outbox).run());
    until(&bench, |bench| bench.outbox.trouble(Medium::Sms).is_some()).await;

    bench.sms.does(|_| Act::Take);
    bench.clock.advance(Duration::from_secs(60));
    bench.outbox.nudge();
    until(&bench, |bench| bench.sms.truth().taken.len() == 40).await;

    bench.outbox.stop();
    working.await.unwrap();
}

#[tokio::test]
async fn what_was_leased_goes_back_when_the_channel_fails_meanwhile() {
    let bench = Bench::open(false, 1, None).await;
    bench.sms.does(|_| Act::Down);
    bench.plan(texts(&bench, 40, Purpose::LeadReply)).await;
    let working = tokio::spawn(Arc::clone(&bench.outbox).run());
    until(&bench, |bench| bench.outbox.trouble(Medium::Sms).is_some()).await;

    bench.outbox.stop();
    working.await.unwrap();

    let posts = bench.sms.truth().posts.len();
    assert!((5..=12).contains(&posts), "{posts} requests before the fuse opened");
    assert_eq!((bench.count("sending").await, bench.count("queued").await), (0, 40));
}

#[tokio::test]
async fn the_commit_that_plans_a_message_leases_it_where_a_slot_is_free() {
    let bench = Bench::open(false, 1, None).await;
    let working = tokio::spawn(Arc::clone(&bench.outbox).run());
    until(&bench, |bench| bench.outbox.dispatch.is_manned()).await;
    let (dispatch, drafts) = (Arc::clone(&bench.outbox.dispatch), texts(&bench, 12, Purpose::LeadReply));

    let along = bench.db.write(move |c| {
        Box::pin(async move {
            enqueue(c, &drafts).await?;
            dispatch.along(c).await
        })
    });
    let departures = along.await.unwrap();

    let leased: usize = departures.iter().map(|departure| departure.leaving.len()).sum();
    assert_eq!((leased, bench.count("sending").await, bench.count("queued").await), (8, 8, 4));
    assert!(bench.sms.truth().posts.is_empty(), "nothing leaves before the commit is handed over");

    bench.outbox.dispatch.leave(departures);
    until(&bench, |bench| bench.sms.truth().taken.len() == 12).await;
    bench.outbox.stop();
    working.await.unwrap();
    assert_eq!(bench.count("accepted").await, 12);
}

#[tokio::test]
async fn a_lease_of_a_transaction_that_was_undone_is_none() {
    let bench = Bench::open(false, 1, None).await;
    let working = tokio::spawn(Arc::clone(&bench.outbox).run());
    until(&bench, |bench| bench.outbox.dispatch.is_manned()).await;
    let (dispatch, drafts) = (Arc::clone(&bench.outbox.dispatch), texts(&bench, 3, Purpose::LeadReply));

    let along = bench.db.write(move |c| {
        Box::pin(async move {
            enqueue(c, &drafts).await?;
            dispatch.along(c).await?;
            Err::<(), _>(sqlx::Error::RowNotFound)
        })
    });
    along.await.unwrap_err();
    bench.plan(texts(&bench, 20, Purpose::LeadReply)).await;
    bench.outbox.nudge();

    until(&bench, |bench| bench.sms.truth().taken.len() == 20).await;
    bench.outbox.stop();
    working.await.unwrap();
    assert_eq!((bench.count("accepted").await, bench.sms.truth().posts.len()), (20, 20));
}

/// Waits for the couriers, who look every second.
async fn until(bench: &Bench, happened: impl Fn(&Bench) -> bool) {
    let waiting = async {
        while !happened(bench) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("waited 30 s in vain");
}

#[tokio::test]
async fn a_pause_that_the_vendor_asks_for_is_kept_by_all_and_ended_by_one() {
    let bench = Bench::open(false, 1, None).await;
    let mut seen = 0;
    bench.sms.does(move |_| {
        seen += 1;
        if seen % 3 == 0 { Act::Busy(30) } else { Act::Take }
    });
    bench.plan(texts(&bench, 100, Purpose::LeadReply)).await;

    bench.run().await;
    bench.pass(1_800, 1).await;

    let truth = bench.sms.truth();
    assert_eq!(truth.taken.len(), 100, "nothing is lost and nothing is doubled");
    let mut paused_until = 0;
    for post in &truth.posts {
        assert!(post.mono >= paused_until || post.mono == paused_until - 30_000, "a request within the pause");
        if matches!(post.act, Act::Busy(_)) {
            paused_until = post.mono + 30_000;
        }
    }
}

#[tokio::test]
async fn a_storm_of_refusals_is_met_with_one_request_a_pause() {
    let bench = Bench::open(false, 1, None).await;
    bench.sms.does(|_| Act::Busy(20));
    bench.plan(texts(&bench, 50, Purpose::LeadReply)).await;

    bench.run().await;
    bench.pass(600, 1).await;

    let posts = bench.sms.truth().posts.len();
    assert!((30..=8 + 30 * 11 / 10).contains(&posts), "{posts} requests where 30 are allowed");
    bench.sms.does(|_| Act::Take);
    bench.pass(120, 1).await;
    assert_eq!(bench.sms.truth().taken.len(), 50);
}

#[tokio::test]
async fn a_blocked_account_keeps_the_rows_and_sends_them_once_it_is_open() {
    let bench = Bench::open(false, 1, None).await;
    bench.sms.does(|_| Act::Block);
    bench.plan(texts(&bench, 30, Purpose::LeadReply)).await;

    bench.run().await;
    bench.pass(300, 5).await;
    assert_eq!((bench.count("queued").await, bench.outbox.trouble(Medium::Sms).as_deref()), (30, Some("Block.")));

    bench.sms.does(|_| Act::Take);
    bench.pass(150, 5).await;
    assert_eq!(bench.sms.truth().taken.len(), 30);
}

#[tokio::test]
async fn the_first_answer_expires_after_an_hour_and_the_mail_is_sent_instead() {
    let bench = Bench::open(false, 1, None).await;
    bench.sms.does(|_| Act::Down);
    let mut draft = bench.draft("m", Purpose::LeadReply, Medium::Sms, "+15125550142", Some("maria"));
    draft.fallback = Some(Fallback { to: "maria@x.test".into(), subject: "s".into(), body: "instead".into() });
    bench.plan(vec![draft]).await;

    bench.pass(3_660, 5).await;

    assert_eq!(bench.state("m").await, "expired");
    assert_eq!(bench.mail.at("maria@x.test"), ["instead"]);
}

#[tokio::test]
async fn an_alert_that_fails_for_a_minute_is_said_by_mail_as_well() {
    let bench = Bench::open(false, 1, None).await;
    bench.sms.does(|_| Act::Down);
    let mut draft = bench.draft("m", Purpose::Escalation, Medium::Sms, "+15125550101", Some("maria"));
    draft.fallback = Some(Fallback { to: "ana@harbor.test".into(), subject: "s".into(), body: "instead".into() });
    bench.plan(vec![draft]).await;

    bench.run().await;
    bench.pass(55, 5).await;
    assert!(bench.mail.at("ana@harbor.test").is_empty());
    bench.pass(300, 5).await;

    assert_eq!(bench.mail.at("ana@harbor.test"), ["instead"], "once");
    bench.sms.does(|_| Act::Take);
    bench.pass(130, 5).await;
    assert_eq!(bench.state("m").await, "accepted", "the text is tried all the same");
}

#[tokio::test]
async fn an_alert_is_tried_for_a_day_and_then_has_failed() {
    let bench = Bench::open(false, 1, None).await;
    bench.sms.does(|_| Act::Down);
    bench.plan(vec![bench.draft("m", Purpose::OwnerAlert, Medium::Sms, "+15125550100", Some("maria"))]).await;

    bench.pass(23 * 3_600, 300).await;
    assert_eq!(bench.state("m").await, "queued");
    bench.pass(2 * 3_600, 300).await;

    let (state, reason, ..) = bench.row("m").await;
    assert_eq!(state, "failed");
    assert!(reason.unwrap().contains("Gave up"));
}

#[tokio::test]
async fn a_clock_that_is_set_neither_delays_nor_expires_anything() {
    for by in [-10 * 365 * DAY_MS, -DAY_MS, -HOUR_MS, HOUR_MS, DAY_MS] {
        let bench = Bench::open(true, 1, None).await;
        bench.sms.does(|message| if message.id.as_str() == "hung" { Act::TakeAndHang } else { Act::Down });
        let text = |id: &str, to: &str| bench.draft(id, Purpose::LeadReply, Medium::Sms, to, Some(id));
        bench.plan(vec![text("hung", "+15125550001"), text("waits", "+15125550002")]).await;
        bench.run().await;

        bench.clock.jump_to(NOW + by);
        bench.sms.does(|_| Act::Take);
        bench.pass(120, 5).await;

        assert_eq!(
            (bench.state("hung").await, bench.state("waits").await),
            ("accepted".into(), "accepted".into()),
            "{by}"
        );
        assert_eq!(bench.sms.truth().taken.len(), 2, "{by}");
    }
}

#[tokio::test]
async fn a_clock_set_back_while_nobody_ran_delays_nothing() {
    let mut bench = Bench::open(true, 1, None).await;
    bench.plan(vec![bench.draft("m", Purpose::LeadReply, Medium::Sms, "+15125550001", Some("x"))]).await;

    bench.clock.jump_to(NOW - DAY_MS);
    bench.boot().await;
    bench.run().await;

    assert_eq!(bench.state("m").await, "accepted");
}

#[tokio::test]
async fn the_sixteenth_claim_takes_what_has_waited_longest() {
    let bench = Bench::open(false, 1, Some(1)).await;
    let mut report = bench.draft("report", Purpose::Report, Medium::Sms, "+15125559999", None);
    report.due_at -= 1;
    bench.sms.does(|_| Act::Take);
    bench.plan(vec![report]).await;
    // A hundred and sixty answers keep the first class busy for twenty claims.
    bench.plan(texts(&bench, 160, Purpose::LeadReply)).await;

    bench.run().await;

    let place = bench.sms.truth().posts.iter().position(|p| p.message == "report").unwrap();
    assert!(place < 160, "it was not left to the end: {place}");
}

#[tokio::test]
async fn a_resend_by_the_owner_follows_its_own_callbacks() {
    use crate::outbox::store::hear::{self, News};
    let bench = Bench::open(true, 1, None).await;
    bench.plan(vec![bench.draft("m", Purpose::LeadReply, Medium::Sms, "+15125550001", Some("x"))]).await;
    bench.run().await;
    let news = |vendor_id: &str, attempt, status: &str| News {
        message: Some(("m".into(), attempt)),
        vendor_id: vendor_id.into(),
        status: status.into(),
        code: 0,
        reason: None,
        opted_out: false,
        quiet: false,
        at: NOW,
    };
    let hear = async |news: News| {
        bench.db.write(move |c| Box::pin(async move { hear::hear(c, &news).await })).await.unwrap();
    };
    hear(news("SMm.1", 1, "failed")).await;
    assert_eq!(bench.state("m").await, "failed");

    bench
        .db
        .write(|c| Box::pin(async move { crate::outbox::store::recover::release(c, "harbor", "m", NOW).await }))
        .await
        .unwrap();
    bench.run().await;
    hear(news("SMm.2", 2, "delivered")).await;

    assert_eq!((bench.state("m").await.as_str(), bench.sms.truth().taken.len()), ("delivered", 2));
}

/// A mail server that answers the final dot late or never.
struct Tarpit;

impl Channel for Tarpit {
    fn medium(&self) -> Medium {
        Medium::Mail
    }

    fn vendor(&self) -> &'static str {
        "tarpit"
    }

    fn send<'a>(&'a self, _: &'a Outgoing) -> Boxed<'a, Outcome> {
        Box::pin(std::future::pending())
    }

    fn hand_over<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Handed> {
        let slow = message.id.as_str().starts_with("tar");
        let id = message.id.to_string();
        Box::pin(async move {
            let taken = Outcome::Accepted { vendor_id: Some(id), parts: 1 };
            if !slow {
                return Handed::Done(taken);
            }
            Handed::Waiting(Box::pin(std::future::pending()))
        })
    }

    fn look_up<'a>(&'a self, _: &'a Outgoing, _: i64) -> Boxed<'a, Found> {
        Box::pin(std::future::ready(Found::CannotTell(String::new())))
    }
}

#[tokio::test]
async fn mails_that_wait_for_their_answer_hold_up_no_other() {
    let bench = Bench::open(false, 1, None).await;
    let outbox = bench.outbox_with(Arc::new(Tarpit));
    let mail = |id: String| bench.draft(&id, Purpose::OwnerAlert, Medium::Mail, &format!("{id}@x.test"), Some(&id));
    bench.plan((0..12).map(|n| mail(format!("tar{n:02}"))).chain([mail("zfine".into())]).collect()).await;
    let working = tokio::spawn(Arc::clone(&outbox).run());

    let all = async {
        while bench.state("zfine").await != "accepted" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all).await.expect("the tarpit held up the mail behind it");

    assert_eq!(bench.count("sending").await, 12, "their leases stand while somebody waits");
    working.abort();
}
