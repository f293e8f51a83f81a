//! What the owner hears when messages do not get through, by which way, and how often.

use super::{DAVE, DAVE_MAIL, Shop};
use crate::outbox::tests::bench::Act;
use crate::pipeline::Status;
use std::sync::Arc;

async fn lead(shop: &Shop, n: usize) {
    let form = format!("name=Maria+{n}&phone=%2B1415555{n:04}&message=tap+{n}");
    shop.post(form, &format!("10.0.{n}.0/24")).await;
    shop.look().await;
}

#[tokio::test]
async fn a_message_that_cannot_be_leased_refuses_no_lead() {
    let shop = Shop::open().await;
    let from_a_newer_version = "INSERT INTO outbox (id, business_id, purpose, step, channel, recipient, body, prio, queued_at, \
         due_at, expires_at, state) SELECT 'a', id, 'horoscope', 'x', 'sms', '+14155550100', 'x', 0, 0, 0, 9e15, 'queued' \
         FROM business LIMIT 1";
    shop.db
        .write(move |c| Box::pin(async move { sqlx::query(from_a_newer_version).execute(c).await.map(drop) }))
        .await
        .unwrap();
    let working = tokio::spawn(Arc::clone(&shop.outbox).run());
    tokio::task::yield_now().await;

    let received = shop.post("name=Maria&phone=%2B14155550101&message=tap".to_owned(), "10.0.0.0/24").await;

    assert_eq!(received.status, Status::Accepted);
    assert_eq!(shop.number("SELECT count(*) FROM outbox WHERE lead_id IS NOT NULL AND channel = 'sms'").await, 2);
    working.abort();
}

#[tokio::test]
async fn a_blocked_account_is_told_by_mail_once_with_the_people_to_call() {
    let shop = Shop::open().await;
    shop.sms.does(|_| Act::Block);

    lead(&shop, 101).await;
    shop.pass(280, 5).await;

    let told: Vec<String> =
        shop.mail.at(DAVE_MAIL).into_iter().filter(|body| body.contains("could not be handed over yet")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("Block.") && told[0].contains("- Maria 101, (415) 555-0101"), "{}", told[0]);
}

#[tokio::test]
async fn an_hour_of_failing_texts_is_one_mail_while_the_alerts_arrive_by_another_way() {
    let shop = Shop::open().await;
    shop.sms.does(|_| Act::Down);

    for n in 100..112 {
        lead(&shop, n).await;
        shop.pass(300, 10).await;
    }
    let during = shop.mails_saying("could not be handed over yet");
    assert_eq!(during, 1);
    assert_eq!(shop.number("SELECT count(*) FROM lead WHERE alerted_at IS NULL").await, 0, "every alert went by mail");

    shop.sms.does(|_| Act::Take);
    shop.pass(600, 10).await;
    assert_eq!(shop.number("SELECT count(*) FROM lead WHERE alerted_at IS NULL").await, 0);
    assert_eq!(shop.mails_saying("could not be handed over yet"), during, "no more once it works");
}

#[tokio::test]
async fn alerts_that_reach_nobody_are_told_again_every_five_minutes_at_most() {
    let shop = Shop::open().await;
    let ana = "UPDATE person SET phone = '+14155550199', email = NULL, position = 0 WHERE id = 'ana'";
    shop.db.write(move |c| Box::pin(async move { sqlx::query(ana).execute(c).await.map(drop) })).await.unwrap();
    shop.sms.does(|_| Act::Down);

    for n in 100..112 {
        lead(&shop, n).await;
        shop.pass(300, 10).await;
    }

    let during = shop.mails_saying("could not be handed over yet");
    assert!((2..=12).contains(&during), "{during}");
}

#[tokio::test]
async fn failing_mails_are_told_by_text() {
    let shop = Shop::open().await;
    shop.mail.does(|_| Act::Down);

    lead(&shop, 101).await;
    shop.pass(240, 10).await;

    let told = shop.sms.at(DAVE).into_iter().filter(|body| body.starts_with("Mails are not getting through"));
    assert_eq!(told.count(), 1);
}

#[tokio::test]
async fn an_owner_without_an_address_is_not_told_by_the_way_that_fails() {
    let shop = Shop::open().await;
    shop.db
        .write(|c| Box::pin(async move { sqlx::query("UPDATE person SET email = NULL").execute(c).await.map(drop) }))
        .await
        .unwrap();
    shop.sms.does(|_| Act::Block);

    lead(&shop, 101).await;
    shop.pass(900, 30).await;

    assert_eq!(shop.number("SELECT count(*) FROM outbox WHERE purpose = 'notice'").await, 0);
    assert!(shop.outbox.trouble(crate::outbox::channel::Medium::Sms).is_some(), "the pages say it");
}

#[tokio::test]
async fn held_texts_are_one_notice_in_a_quarter_of_an_hour() {
    let shop = Shop::open().await;

    for n in 0..40 {
        let form = format!("name=Maria+{n}&phone=%2B1415555{:04}&message=tap+{n}", 1_000 + n);
        shop.post(form, "10.9.9.0/24").await;
        shop.pass(20, 20).await;
    }

    assert_eq!(shop.mails_saying("did not go out"), 1);
}
