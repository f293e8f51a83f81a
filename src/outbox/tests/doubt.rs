//! Outcomes that nobody knows: a thousand texts, of which a fifth is taken over without an answer and a tenth never
//! arrives. The control shows that the count would see the doubles of a sender that simply tries again.

use super::bench::{Act, Bench};
use crate::base::random::Random;
use crate::outbox::channel::Medium;
use crate::outbox::message::Purpose;
use std::collections::BTreeMap;

const TEXTS: usize = 1_000;

/// Sends them all; returns lost and doubled ones, and how long it took at most until a row was settled (seconds).
async fn send_all(blind: bool) -> (usize, usize, u64) {
    let bench = Bench::open(false, 7, None).await;
    let dice = Random::seeded(3);
    bench.sms.does(move |message| match dice.up_to(99) {
        _ if message.attempt > 1 => Act::Take,
        0..20 => Act::TakeAndHang,
        20..30 => Act::Lose,
        _ => Act::Take,
    });
    let dice = Random::seeded(4);
    // A sender that tries again at once is one whose list always says no.
    bench
        .sms
        .lists(move |_| if blind { Some(i64::MAX / 2) } else { (dice.up_to(99) >= 5).then(|| dice.up_to(10_000)) });
    let drafts = (0..TEXTS)
        .map(|n| {
            let lead = format!("x{n}");
            bench.draft(&format!("m{n:04}"), Purpose::LeadReply, Medium::Sms, &format!("+1512555{n:04}"), Some(&lead))
        })
        .collect();
    bench.plan(drafts).await;

    let mut secs = 0;
    bench.run().await;
    while bench.count("accepted").await < i64::try_from(TEXTS).unwrap() && secs < 1_200 {
        bench.pass(5, 5).await;
        secs += 5;
    }
    let mut copies: BTreeMap<String, usize> = BTreeMap::new();
    for taken in &bench.sms.truth().taken {
        *copies.entry(taken.message.clone()).or_default() += 1;
    }
    (TEXTS - copies.len(), copies.values().filter(|n| **n > 1).count(), secs)
}

#[tokio::test]
async fn of_a_thousand_texts_none_is_lost_and_none_is_doubled() {
    let (lost, doubled, secs) = send_all(false).await;

    assert_eq!((lost, doubled), (0, 0));
    // The fuse opens now and then for a quarter of a minute or two; each doubt itself ends within 90 s.
    assert!(secs <= 600, "{secs} s");
}

#[tokio::test]
async fn control_a_sender_that_trusts_no_list_doubles_one_in_five() {
    let (lost, doubled, _) = send_all(true).await;

    assert_eq!(lost, 0);
    assert!((150..250).contains(&doubled), "{doubled}");
}

#[tokio::test]
async fn a_text_that_may_have_been_sent_is_held_when_the_list_cannot_be_asked() {
    let bench = Bench::open(true, 1, None).await;
    bench.sms.does(|_| Act::TakeAndHang);
    bench.sms.lists(|_| None);
    bench
        .plan(vec![
            bench.draft("text", Purpose::LeadReply, Medium::Sms, "+15125550142", Some("maria")),
            bench.draft("alert", Purpose::OwnerAlert, Medium::Sms, "+15125550100", Some("maria")),
        ])
        .await;

    bench.run().await;
    bench.pass(640, 5).await;

    let (state, reason, attempts, _) = bench.row("text").await;
    assert_eq!((state.as_str(), attempts), ("held", 1));
    assert!(reason.unwrap().starts_with("May have been sent"));
    assert_eq!(bench.sms.at("+15125550100").len(), 2);
    assert!(bench.sms.at("+15125550100")[1].starts_with("Repeat: "));
}

#[tokio::test]
async fn a_mail_without_an_answer_goes_once_more_after_ten_minutes_and_holds_up_no_other() {
    let bench = Bench::open(true, 1, None).await;
    bench.mail.does(|message| if message.id.as_str().starts_with("tar") { Act::TakeAndHang } else { Act::Take });
    let mail = |id: &str| bench.draft(id, Purpose::OwnerAlert, Medium::Mail, &format!("{id}@x.test"), Some(id));
    bench.plan(vec![mail("tar1"), mail("tar2"), mail("fine")]).await;

    bench.run().await;
    assert_eq!((bench.state("fine").await, bench.state("tar1").await), ("accepted".into(), "unknown".into()));
    bench.pass(595, 5).await;
    assert_eq!(bench.mail.truth().posts.len(), 3);
    bench.pass(30, 5).await;
    assert_eq!(bench.mail.truth().posts.len(), 5);
    bench.pass(3_600, 60).await;

    assert_eq!(bench.mail.truth().posts.len(), 5, "once");
    assert_eq!(bench.state("tar1").await, "held");
}
