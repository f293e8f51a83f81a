//! Nobody takes a lead: the next one is told, then everyone. Somebody takes it and does not answer: it comes back.

use crate::support::fake_twilio::Fault;
use crate::support::shop::{ANA, DAVE, DAVE_MAIL, ENQUIRY, MARIA, Setup, Shop};
use serde_json::json;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// Dave is told first, then Ana.
async fn two() -> Shop {
    let shop = Shop::with(Setup { ana_too: true, ..Setup::default() }).await;
    shop.sql("UPDATE person SET position = 1 WHERE name = 'Ana'", &[]).await;
    shop
}

/// Maria's enquiry has come, and Dave alone has been told.
async fn enquired(shop: &Shop) -> String {
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    shop.phone(ANA).is_quiet();
    lead
}

/// How many leads are still looked after.
async fn looked_after(shop: &Shop) -> i64 {
    let db = shop.standing().house.db.read();
    sqlx::query_scalar("SELECT count(*) FROM handoff").fetch_one(db).await.unwrap()
}

#[tokio::test]
async fn a_lead_that_nobody_takes_is_told_to_the_next_one_and_then_to_everyone_and_then_to_nobody() {
    let shop = two().await;
    enquired(&shop).await;

    shop.passes(4 * MINUTE).await;
    let text = shop.phone(ANA).expects_text("Still waiting, 3 min: Maria Lopez\n(512) 555-0142\n").body;
    assert!(text.contains("Nobody has taken it. Reply 1 = I've got it\nhttps://leads.example.com/l/"), "{text}");
    shop.phone(DAVE).is_quiet();

    shop.passes(8 * MINUTE).await;
    shop.phone(ANA).expects_text("Still waiting, 1");
    shop.phone(DAVE).expects_text("Still waiting, 1");
    let mail = shop.inbox(DAVE_MAIL).expects_mail("Still waiting, 1").part("text/plain").unwrap();
    assert!(mail.contains("Maria Lopez, (512) 555-0142\nKitchen tap leaking under the sink\nCame 11:00 am."), "{mail}");

    shop.passes(600 * MINUTE).await;
    assert_eq!(looked_after(&shop).await, 0);
}

#[tokio::test]
async fn everyone_replies_the_digit_that_they_were_told_first() {
    let shop = two().await;
    let lead = enquired(&shop).await;
    shop.passes(12 * MINUTE).await;
    let codes: Vec<String> =
        sqlx::query_scalar("SELECT code FROM alert_link").fetch_all(shop.standing().house.db.read()).await.unwrap();
    assert_eq!(codes.len(), 2, "one link a person, however often they are told");
    shop.whatever_came();

    shop.texts_in(DAVE, "1").await;

    shop.phone(DAVE).expects_text("Yours: Maria Lopez");
    assert_eq!(shop.lead(&lead).await["state"], "taken");
}

#[tokio::test]
async fn one_person_alone_is_told_once_and_nothing_is_written_for_later() {
    let shop = Shop::open().await;
    shop.post_form(ENQUIRY).await.lead();
    assert_eq!(looked_after(&shop).await, 0);

    shop.passes(120 * MINUTE).await;

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
}

#[tokio::test]
async fn a_take_an_answer_or_an_outcome_ends_the_ladder() {
    for deed in ["take", "person", "outcome"] {
        let shop = two().await;
        let lead = enquired(&shop).await;
        shop.passes(MINUTE).await;

        let body = match deed {
            "take" => {
                shop.texts_in(DAVE, "1").await;
                shop.phone(DAVE).expects_text("Yours: Maria Lopez");
                shop.passes(12 * MINUTE).await;
                continue;
            }
            "person" => json!({"how": "call"}),
            _ => json!({"outcome": "lost"}),
        };
        assert_eq!(shop.api_post(&format!("/leads/{lead}/{deed}"), &body).await.status, 200);
        shop.passes(60 * MINUTE).await;
        assert_eq!(looked_after(&shop).await, 0, "{deed}");
    }
}

#[tokio::test]
async fn what_still_waits_to_be_sent_when_somebody_takes_the_lead_is_not_sent() {
    let shop = two().await;
    enquired(&shop).await;
    shop.twilio.whenever(ANA, Fault::TooMany { retry_after: Some(60) });
    shop.passes(Duration::from_secs(200)).await;

    shop.texts_in(DAVE, "1").await;
    shop.twilio.heal();
    shop.passes(5 * MINUTE).await;

    shop.phone(DAVE).expects_text("Yours: Maria Lopez");
    shop.phone(ANA).is_quiet();
    let messages = shop.messages().await;
    let cancelled = "escalation sms cancelled Not needed any more: somebody was faster.";
    assert!(messages.iter().any(|message| message == cancelled), "{messages:#?}");
}

#[tokio::test]
async fn a_crash_before_or_after_the_plan_tells_the_next_one_once() {
    let mut shop = two().await;
    enquired(&shop).await;
    shop.clock.advance(3 * MINUTE);

    shop.dies_and_starts_again().await;
    let planned = shop.standing().house.engine.pipeline.hand_on().await.unwrap();
    assert_eq!(planned, 1, "planned and not sent");
    shop.dies_and_starts_again().await;
    shop.works().await;

    shop.phone(ANA).expects_text("Still waiting, 3 min");
    shop.passes(5 * MINUTE).await;
    shop.phone(ANA).is_quiet();
    shop.passes(3 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn a_lead_that_cannot_be_read_keeps_no_other_one_waiting() {
    let shop = two().await;
    let broken = enquired(&shop).await;
    shop.post_form(&[("name", "Tom Becker"), ("phone", "512 555 0177")]).await.lead();
    shop.phone("+15125550177").expects_text("Hi Tom");
    shop.owner_is_told("New lead: Tom Becker");
    shop.sql("UPDATE lead SET fields = 'no list' WHERE id = $1", &[&broken]).await;

    shop.passes(4 * MINUTE).await;

    shop.phone(ANA).expects_text("Still waiting, 3 min: Tom Becker");
    shop.passes(8 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn a_house_that_was_down_tells_each_person_once_when_it_is_back() {
    let shop = two().await;
    enquired(&shop).await;

    shop.clock.advance(120 * MINUTE);
    shop.works().await;

    shop.phone(ANA).expects_text("Still waiting, 2 h: Maria Lopez");
    shop.phone(DAVE).expects_text("Still waiting, 2 h: Maria Lopez");
    shop.inbox(DAVE_MAIL).expects_mail("Still waiting, 2 h");
    shop.passes(60 * MINUTE).await;
}

#[tokio::test]
async fn a_clock_that_is_set_neither_hurries_the_ladder_nor_stops_it() {
    for day in [-86_400_000, 86_400_000] {
        let shop = two().await;
        enquired(&shop).await;
        shop.passes(MINUTE).await;

        shop.clock.jump_to(shop.clock.now_ms() + day);
        shop.works().await;
        shop.passes(MINUTE).await;
        shop.phone(ANA).is_quiet();

        shop.passes(2 * MINUTE).await;
        shop.phone(ANA).expects_text("Still waiting");
        shop.passes(10 * MINUTE).await;
        shop.whatever_came();
    }
}

#[tokio::test]
async fn who_took_a_lead_is_asked_and_after_half_an_hour_it_is_back_with_the_others() {
    let shop = two().await;
    let lead = enquired(&shop).await;
    shop.passes(4 * MINUTE).await;
    shop.phone(ANA).expects_text("Still waiting, 3 min");
    shop.texts_in(ANA, "1").await;
    shop.phone(ANA).expects_text("Yours: Maria Lopez");

    shop.passes(17 * MINUTE).await;
    let question = shop.phone(ANA).expects_text("Did you reach Maria Lopez?").body;
    assert_eq!(question, "Did you reach Maria Lopez? Reply Y (talked), V (voicemail) or N (no answer).");
    shop.phone(DAVE).is_quiet();

    shop.passes(16 * MINUTE).await;
    shop.phone(ANA).expects_text("Maria Lopez is back with the others: no answer noted in 3");
    let told = shop.phone(DAVE).expects_text("Ana took Maria Lopez 3").body;
    assert!(
        told.contains(" min ago and has not reached them.\n(512) 555-0142\nReply 1 = I've got it\nhttps://"),
        "{told}"
    );
    let mail = shop.inbox(DAVE_MAIL).expects_mail("Maria Lopez waits again: Ana gave no answer");
    let mail = mail.part("text/plain").unwrap();
    assert!(mail.contains("Came 11:00 am. 11:04 am Ana took it"), "{mail}");
    let now = shop.lead(&lead).await;
    assert_eq!((&now["state"], &now["taken_at"]), (&json!("waiting"), &json!(null)));
    assert!(now.to_string().contains("\"returned\""), "{now}");

    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours: Maria Lopez");
    shop.api_post(&format!("/leads/{lead}/person"), &json!({"how": "call"})).await;
    shop.passes(300 * MINUTE).await;
}

#[tokio::test]
async fn who_has_answered_or_handed_back_is_not_asked() {
    let shop = Shop::open().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours");
    shop.texts_in(DAVE, "1X").await;
    shop.phone(DAVE).expects_text("is waiting again");
    shop.passes(20 * MINUTE).await;
    shop.phone(DAVE).is_quiet();

    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours");
    shop.api_post(&format!("/leads/{lead}/person"), &json!({"how": "call"})).await;
    shop.passes(60 * MINUTE).await;
    assert_eq!(looked_after(&shop).await, 0);
}

#[tokio::test]
async fn one_person_alone_is_asked_and_keeps_the_lead() {
    let shop = Shop::open().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours");

    shop.passes(300 * MINUTE).await;

    shop.phone(DAVE).expects_text("Did you reach Maria Lopez?");
    assert_eq!(shop.lead(&lead).await["state"], "taken");
}

#[tokio::test]
async fn who_hands_a_lead_back_is_not_told_of_it_but_the_next_one_is_at_once() {
    let shop = two().await;
    enquired(&shop).await;
    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours");

    shop.texts_in(DAVE, "1X").await;

    shop.phone(DAVE).expects_text("is waiting again");
    shop.passes(Duration::from_secs(2)).await;
    let text = shop.phone(ANA).expects_text("Still waiting: Maria Lopez").body;
    assert!(text.contains("\nDave handed it back. Reply 1 = I've got it\n"), "{text}");
    shop.passes(9 * MINUTE).await;
    shop.phone(DAVE).is_quiet();
    shop.passes(5 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn who_a_lead_is_passed_on_to_has_a_moment_before_it_goes_on() {
    let shop = two().await;
    shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    let alert = shop.owner_is_told("New lead: Maria Lopez").body;
    let code = alert.rsplit_once("/l/").unwrap().1.to_owned();

    shop.presses(&format!("/l/{code}/pass")).await;

    shop.phone(ANA).expects_text("Dave passes on: Maria Lopez");
    shop.passes(9 * MINUTE).await;
    shop.phone(ANA).is_quiet();
    shop.phone(DAVE).is_quiet();
    shop.passes(4 * MINUTE).await;
    shop.phone(ANA).expects_text("Still waiting, 1");
    shop.phone(DAVE).expects_text("Still waiting, 1");
    shop.whatever_came();
}

#[tokio::test]
async fn a_flood_of_waiting_leads_is_told_to_the_next_one_in_few_texts() {
    let shop = two().await;
    for n in 0..30 {
        let phone = format!("512555{n:04}");
        shop.door().only("application/x-www-form-urlencoded", format!("name=Lead+{n}&phone={phone}")).await;
    }
    shop.works().await;
    shop.passes(2 * MINUTE).await;
    shop.takes_everything();

    shop.passes(5 * MINUTE).await;

    let texts = shop.unexpected_texts();
    let to_ana = texts.iter().filter(|text| text.to == ANA).count();
    assert!((1..=15).contains(&to_ana), "{to_ana} texts");
    shop.passes(60 * MINUTE).await;
    shop.takes_everything();
}
