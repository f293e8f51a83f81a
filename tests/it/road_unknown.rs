//! Nobody knows whether a text went out: it is looked up, and never sent again while it may have been sent.

use crate::support::fake_smtp::{At, Fault as MailFault};
use crate::support::fake_twilio::Fault;
use crate::support::shop::{DAVE, DAVE_MAIL, ENQUIRY, MARIA, MARIA_MAIL, Setup, Shop};
use crate::support::vendors::patient;
use leadbell::delivery::Timeouts;
use std::sync::Arc;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// How often Maria's text was taken over.
fn taken(shop: &Shop) -> usize {
    shop.twilio.accepted().iter().filter(|text| text.to == MARIA).count()
}

#[tokio::test]
async fn a_text_whose_answer_never_came_is_looked_up_and_not_sent_twice() {
    let texts_within = Timeouts { total: Duration::from_secs(2), ..patient() };
    let shop = Shop::with(Setup { texts_within, ..Setup::default() }).await;
    shop.twilio.list_lags(8_000);
    shop.twilio.whenever(MARIA, Fault::Hang { accept: true });

    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.twilio.heal();
    shop.owner_is_told("New lead");
    let asked = shop.messages().await;
    assert!(asked.iter().any(|m| m.starts_with("lead_reply sms unknown Twilio did not answer in time")), "{asked:#?}");
    shop.passes(2 * MINUTE).await;

    shop.phone(MARIA).expects_text("Hi Maria");
    assert_eq!(taken(&shop), 1);
    assert!(shop.lead(&lead).await["first_text_at"].is_string());
    shop.twilio.release();
}

#[tokio::test]
async fn a_text_that_was_lost_on_its_way_is_sent_again_once() {
    let shop = Shop::open().await;
    shop.twilio.whenever(MARIA, Fault::Close { accept: false });
    shop.post_form(ENQUIRY).await.lead();
    shop.twilio.heal();
    shop.owner_is_told("New lead");

    shop.passes(Duration::from_secs(79)).await;
    assert_eq!(taken(&shop), 0, "not before the last look");
    shop.passes(5 * MINUTE).await;

    shop.phone(MARIA).expects_text("Hi Maria");
    assert_eq!((taken(&shop), shop.twilio.seen().0), (1, 3));
}

#[tokio::test]
async fn a_text_that_every_fault_may_have_taken_is_never_doubled() {
    let faults = [
        Fault::Close { accept: true },
        Fault::Garbled,
        Fault::Broken { status: 500, accept: true },
        Fault::Broken { status: 503, accept: true },
    ];
    for fault in faults {
        let shop = Shop::open().await;
        shop.twilio.list_lags(10_000);
        shop.twilio.whenever(MARIA, fault);
        shop.post_form(ENQUIRY).await.lead();
        shop.twilio.heal();

        shop.passes(10 * MINUTE).await;

        shop.phone(MARIA).expects_text("Hi Maria");
        shop.owner_is_told("New lead");
        assert_eq!(taken(&shop), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_callback_settles_what_the_answer_did_not() {
    let shop = Shop::open().await;
    shop.twilio.whenever(MARIA, Fault::Close { accept: true });
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.twilio.heal();
    shop.owner_is_told("New lead");
    let text = shop.phone(MARIA).expects_text("Hi Maria");
    let lists = shop.twilio.seen().1;

    shop.carrier_says(&text, "delivered", None).await;
    shop.passes(5 * MINUTE).await;

    assert_eq!(shop.lead(&lead).await["delivered_at"], "2026-02-11T17:00:12.000Z");
    assert_eq!((taken(&shop), shop.twilio.seen().1), (1, lists), "nothing is left to look up");
}

#[tokio::test]
async fn when_twilio_cannot_be_asked_the_lead_waits_for_a_person_and_the_owner_is_alerted_again() {
    let shop = Shop::open().await;
    shop.twilio.whenever("", Fault::Close { accept: true });
    shop.twilio.break_lists(10_000);
    shop.post_form(ENQUIRY).await.lead();
    shop.twilio.heal();

    shop.passes(15 * MINUTE).await;

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
    shop.inbox(MARIA_MAIL).expects_mail("got your message");
    shop.phone(DAVE).expects_text("Repeat: New lead");
    shop.inbox(DAVE_MAIL).expects_mail("Texts are not getting through");
    shop.inbox(DAVE_MAIL).expects_mail("May have been sent");
    let messages = shop.messages().await;
    assert!(messages.iter().any(|m| m.starts_with("lead_reply sms held May have been sent")), "{messages:#?}");
}

#[tokio::test]
async fn a_process_that_dies_while_sending_asks_before_it_sends_again() {
    for accept in [true, false] {
        let mut shop = Shop::open().await;
        shop.twilio.whenever(MARIA, Fault::Hang { accept });
        let lead = shop.door().only("application/x-www-form-urlencoded", body()).await.lead();
        let outbox = Arc::clone(&shop.standing().house.engine.outbox);
        let sending = tokio::spawn(async move { outbox.run_dry().await });
        shop.twilio.expect_posts(2).await;
        sending.abort();
        let _cut_off = sending.await;
        shop.twilio.heal();
        shop.twilio.release();

        shop.dies_and_starts_again().await;
        let messages = shop.messages().await;
        assert!(messages.iter().any(|m| m.starts_with("lead_reply sms unknown Cut off")), "{messages:#?}");
        shop.passes(5 * MINUTE).await;

        shop.phone(MARIA).expects_text("Hi Maria");
        assert_eq!(taken(&shop), 1, "accepted before it died: {accept}");
        assert!(shop.lead(&lead).await["first_text_at"].is_string());
        shop.owner_is_told("New lead");
    }
}

#[tokio::test]
async fn a_copy_that_was_made_while_sending_asks_before_it_sends_again() {
    let mut shop = Shop::open().await;
    let copies = tempfile::tempdir().unwrap();
    let copy = copies.path().join("copy.db");
    shop.twilio.whenever(MARIA, Fault::Hang { accept: true });
    shop.door().only("application/x-www-form-urlencoded", body()).await.lead();
    let outbox = Arc::clone(&shop.standing().house.engine.outbox);
    let sending = tokio::spawn(async move { outbox.run_dry().await });
    shop.twilio.expect_posts(2).await;
    leadbell::db::backup::backup(&shop.database(), &copy).await.unwrap();
    sending.abort();
    let _cut_off = sending.await;
    shop.twilio.heal();
    shop.twilio.release();
    shop.passes(6 * 60 * MINUTE).await;
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");

    shop.starts_again_from(&copy).await;
    shop.passes(5 * MINUTE).await;

    assert_eq!(taken(&shop), 1);
    assert_eq!(shop.twilio.accepted().len(), 2, "the alert was found as well");
    shop.inbox(DAVE_MAIL).expects_mail("Maria Lopez");
}

#[tokio::test]
async fn a_process_that_dies_between_storing_and_sending_forgets_nothing() {
    let mut shop = Shop::open().await;
    shop.door().only("application/x-www-form-urlencoded", body()).await.lead();

    shop.dies_and_starts_again().await;
    let again = shop.door().only("application/x-www-form-urlencoded", body()).await;
    shop.works().await;

    assert_eq!(again.word("status"), "duplicate");
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_while_nobody_knows_does_not_send_twice() {
    const DAY_MS: i64 = 86_400_000;
    for jump in [DAY_MS, -DAY_MS] {
        let shop = Shop::open().await;
        shop.twilio.whenever(MARIA, Fault::Close { accept: true });
        shop.post_form(ENQUIRY).await.lead();
        shop.twilio.heal();
        shop.owner_is_told("New lead");

        shop.clock.jump_to(shop.clock.now_ms() + jump);
        shop.works().await;
        shop.passes(5 * MINUTE).await;
        shop.clock.jump_to(shop.clock.now_ms() - jump);
        shop.passes(15 * MINUTE).await;

        shop.phone(MARIA).expects_text("Hi Maria");
        assert_eq!(taken(&shop), 1, "{jump}");
    }
}

#[tokio::test]
async fn a_mail_of_which_nobody_knows_goes_once_more_under_the_same_id() {
    let shop = Shop::open().await;
    shop.smtp.next(MailFault::Cut(At::DotTaken));

    shop.post_form(&[("name", "Maria"), ("email", MARIA_MAIL)]).await.lead();
    shop.passes(20 * MINUTE).await;

    let mails = shop.smtp.taken();
    assert_eq!(mails.len(), 3, "one of the two was repeated");
    let ids: std::collections::HashSet<_> = mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(ids.len(), 2);
    for mail in mails {
        shop.inbox(&mail.to).expects_mail("Maria");
    }
    shop.phone(DAVE).expects_text("New lead: Maria");
}

fn body() -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(ENQUIRY).finish()
}
