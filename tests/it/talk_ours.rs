//! One of us texts our number: the phone in the pocket is the app.

use crate::support::shop::{ANA, DAVE, ENQUIRY, MARIA, PUBLIC_URL, Setup, Shop};
use serde_json::json;
use std::time::Duration;

const TOM: &str = "+15125550143";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// Maria's enquiry has come, and everybody has been told.
async fn maria(shop: &Shop) -> String {
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.whatever_came();
    lead
}

/// Tom's too.
async fn tom(shop: &Shop) -> String {
    let fields = [("name", "Tom Becker"), ("phone", "(512) 555-0143"), ("message", "No hot water")];
    let lead = shop.post_form(&fields).await.lead();
    shop.whatever_came();
    lead
}

/// Dave replies, and this is what he hears.
async fn dave(shop: &Shop, words: &str, hears: &str) {
    shop.texts_in(DAVE, words).await;
    shop.phone(DAVE).expects_text(hears);
    shop.phone(DAVE).is_quiet();
}

/// Dave replies, and hears nothing.
async fn dave_says(shop: &Shop, words: &str) {
    shop.texts_in(DAVE, words).await;
    shop.phone(DAVE).is_quiet();
}

async fn both() -> Shop {
    Shop::with(Setup { ana_too: true, ..Setup::default() }).await
}

#[tokio::test]
async fn what_one_of_us_texts_goes_to_the_lead_they_took_and_counts_as_a_persons_answer() {
    let shop = Shop::open().await;
    let lead = maria(&shop).await;
    dave(&shop, "1", "Yours: Maria Lopez").await;
    shop.passes(MINUTE).await;

    dave_says(&shop, "On my way, 20 minutes. Is the water off?").await;

    let text = shop.phone(MARIA).expects_text("On my way, 20 minutes. Is the water off?");
    assert_eq!(text.from.as_deref(), Some("+14155550123"), "from the shop's number");
    let after = shop.lead(&lead).await;
    assert_eq!((&after["state"], &after["person_at"]), (&json!("answered"), &json!("2026-02-11T17:01:12.000Z")));
    let events = after["events"].to_string();
    assert!(events.contains(r#""kind":"person","by":"Dave","detail":"text""#), "{events}");
}

#[tokio::test]
async fn the_same_text_of_ours_delivered_again_is_sent_on_once() {
    let shop = Shop::open().await;
    maria(&shop).await;
    dave(&shop, "1", "Yours").await;
    shop.passes(MINUTE).await;

    let signed = shop.twilio.inbound(PUBLIC_URL, DAVE, "On my way");
    for _ in 0..3 {
        assert_eq!(shop.hears(&signed).await.status, 200);
    }

    shop.passes(2 * MINUTE).await;
    shop.phone(MARIA).expects_text("On my way");
    shop.phone(MARIA).is_quiet();
}

#[tokio::test]
async fn a_long_text_goes_on_whole() {
    let shop = Shop::open().await;
    maria(&shop).await;
    dave(&shop, "1", "Yours").await;
    shop.passes(MINUTE).await;
    let long = "We come at four and bring the part. ".repeat(40);

    dave_says(&shop, &long).await;

    assert_eq!(shop.phone(MARIA).expects_text("We come at four").body, long.trim());
}

#[tokio::test]
async fn a_command_gone_wrong_never_reaches_a_customer() {
    let shop = Shop::open().await;
    let lead = maria(&shop).await;
    for understood in ["1.", "1 x", "(1)", "1X."] {
        shop.texts_in(DAVE, understood).await;
        let heard = shop.phone(DAVE).expects_text("Maria Lopez").body;
        assert!(heard.starts_with("Yours") || heard.contains("waiting again"), "{heard}");
    }
    dave(&shop, "1", "Yours").await;

    for wrong in ["l", "1xx", "ok", "11", "👍", "x", "100"] {
        dave(&shop, wrong, "I didn't catch that.").await;
    }

    shop.passes(MINUTE).await;
    shop.phone(MARIA).is_quiet();
    assert!(shop.lead(&lead).await["person_at"].is_null());
}

#[tokio::test]
async fn words_of_somebody_who_took_nothing_are_not_understood() {
    let shop = Shop::open().await;
    maria(&shop).await;

    dave(&shop, "On my way", "I didn't catch that. Waiting now: 1 Maria Lopez. Reply a number to take one.").await;

    shop.phone(MARIA).is_quiet();
}

#[tokio::test]
async fn who_asked_for_silence_gets_no_words_of_ours() {
    let shop = Shop::open().await;
    let lead = maria(&shop).await;
    dave(&shop, "1", "Yours").await;
    shop.texts_in(MARIA, "STOP").await;

    dave(&shop, "On my way", "Maria asked us not to text. You can still call.").await;

    shop.passes(MINUTE).await;
    shop.phone(MARIA).is_quiet();
    assert!(shop.lead(&lead).await["person_at"].is_null());
}

#[tokio::test]
async fn who_left_no_number_cannot_be_texted_and_that_is_said() {
    let shop = Shop::open().await;
    let lead =
        shop.post_form(&[("name", "Eva Klein"), ("email", "eva@example.com"), ("message", "Hello")]).await.lead();
    shop.whatever_came();
    dave(&shop, "1", "Yours: Eva Klein, eva@example.com").await;

    dave(&shop, "On my way", "Eva left no number to text. Write to eva@example.com.").await;

    assert!(shop.lead(&lead).await["person_at"].is_null());
}

#[tokio::test]
async fn with_two_leads_in_hand_we_are_asked_which_one_and_the_number_sends_the_words() {
    let shop = Shop::open().await;
    maria(&shop).await;
    dave(&shop, "1", "Yours: Maria Lopez").await;
    shop.passes(MINUTE).await;
    tom(&shop).await;
    dave(&shop, "1", "Yours: Tom Becker").await;

    dave(&shop, "There in 20 minutes", "Which one is it for? 1 Tom Becker, 2 Maria Lopez. Reply the number").await;
    shop.passes(MINUTE).await;
    shop.phone(MARIA).is_quiet();
    dave_says(&shop, "2").await;

    shop.phone(MARIA).expects_text("There in 20 minutes");
    shop.phone(TOM).is_quiet();
    dave(&shop, "1", "Yours: Tom Becker").await;
    shop.passes(MINUTE).await;
    shop.phone(TOM).is_quiet();
}

#[tokio::test]
async fn a_lead_taken_after_the_other_was_answered_needs_no_question() {
    let shop = Shop::open().await;
    maria(&shop).await;
    dave(&shop, "1", "Yours: Maria Lopez").await;
    shop.passes(MINUTE).await;
    dave_says(&shop, "Hello Maria").await;
    shop.phone(MARIA).expects_text("Hello Maria");
    shop.passes(MINUTE).await;
    tom(&shop).await;
    dave(&shop, "1", "Yours: Tom Becker").await;
    shop.passes(MINUTE).await;

    dave_says(&shop, "Hello Tom").await;

    shop.phone(TOM).expects_text("Hello Tom");
    shop.phone(MARIA).is_quiet();
}

#[tokio::test]
async fn a_lead_that_texts_again_may_be_meant_as_well() {
    let shop = Shop::open().await;
    maria(&shop).await;
    dave(&shop, "1", "Yours: Maria Lopez").await;
    shop.passes(MINUTE).await;
    dave_says(&shop, "Hello Maria").await;
    shop.phone(MARIA).expects_text("Hello Maria");
    shop.passes(MINUTE).await;
    tom(&shop).await;
    dave(&shop, "1", "Yours: Tom Becker").await;
    shop.passes(MINUTE).await;
    shop.texts_in(MARIA, "Thank you!").await;
    shop.phone(DAVE).expects_text("Maria Lopez replied:\nThank you!\nReply here to answer.");

    dave(&shop, "You are welcome", "Which one is it for? 1 Tom Becker, 2 Maria Lopez.").await;
    dave_says(&shop, "2").await;

    shop.phone(MARIA).expects_text("You are welcome");
    shop.phone(TOM).is_quiet();
}

#[tokio::test]
async fn an_alert_that_waits_wins_over_the_question_which_one() {
    let shop = Shop::open().await;
    maria(&shop).await;
    dave(&shop, "1", "Yours: Maria Lopez").await;
    shop.passes(MINUTE).await;
    tom(&shop).await;
    dave(&shop, "1", "Yours: Tom Becker").await;
    dave(&shop, "There in 20 minutes", "Which one is it for?").await;

    let eva = shop.post_form(&[("name", "Eva Klein"), ("phone", "(512) 555-0144"), ("message", "Hi")]).await.lead();
    shop.whatever_came();
    dave(&shop, "1", "Yours: Eva Klein").await;

    assert_eq!(shop.lead(&eva).await["taken_by"], "Dave");
    shop.passes(MINUTE).await;
    shop.phone(TOM).is_quiet();
    shop.phone(MARIA).is_quiet();
}

#[tokio::test]
async fn two_passes_a_lead_on_with_its_context() {
    let shop = both().await;
    let lead = maria(&shop).await;
    dave(&shop, "1", "Yours").await;
    shop.passes(MINUTE).await;
    dave_says(&shop, "Is the water off?").await;
    shop.phone(MARIA).expects_text("Is the water off?");
    shop.passes(5 * MINUTE).await;

    dave(&shop, "2", "Passed on to Ana. Maria Lopez is not yours any more.").await;

    let told =
        shop.phone(ANA).expects_text("Dave passes on: Maria Lopez\n(512) 555-0142\nKitchen tap leaking under the sink");
    assert!(told.body.contains("\nSo far: Dave texted 11:01 am.\nReply 1 = I've got it\n"), "{}", told.body);
    assert!(shop.lead(&lead).await["taken_by"].is_null());
    shop.texts_in(ANA, "1").await;
    shop.phone(ANA).expects_text("Yours: Maria Lopez");
    assert_eq!(shop.lead(&lead).await["taken_by"], "Ana");
}

#[tokio::test]
async fn two_passes_on_the_lead_that_we_were_told_of_last_if_we_have_none() {
    let shop = both().await;
    maria(&shop).await;

    dave(&shop, "2", "Passed on to Ana. Maria Lopez is not yours any more.").await;

    let told = shop.phone(ANA).expects_text("Dave passes on: Maria Lopez");
    assert!(told.body.contains("So far: nobody has called or written."), "{}", told.body);
}

#[tokio::test]
async fn two_takes_where_it_names_an_alert_and_a_second_two_at_once_is_the_same_take() {
    let shop = both().await;
    maria(&shop).await;
    let lead = tom(&shop).await;

    dave(&shop, "2", "Yours: Tom Becker").await;
    dave(&shop, "2", "Yours: Tom Becker").await;
    assert_eq!(shop.lead(&lead).await["taken_by"], "Dave");
    shop.texts_in(ANA, "2").await;
    shop.phone(ANA).expects_text("Dave already has Tom Becker");
    shop.passes(5 * MINUTE).await;
    dave(&shop, "2", "Passed on to Ana. Tom Becker is not yours any more.").await;

    shop.phone(ANA).expects_text("Dave passes on: Tom Becker");
}

#[tokio::test]
async fn with_nobody_else_there_is_nobody_to_pass_a_lead_on_to() {
    let shop = Shop::open().await;
    let lead = maria(&shop).await;
    dave(&shop, "1", "Yours").await;

    dave(&shop, "2", "There is nobody to pass it on to.").await;

    assert_eq!(shop.lead(&lead).await["taken_by"], "Dave");
    shop.passes(Duration::ZERO).await;
}

#[tokio::test]
async fn handing_back_what_is_not_ours_changes_nothing_and_says_so() {
    let shop = both().await;
    let lead = maria(&shop).await;
    dave(&shop, "1", "Yours").await;

    shop.texts_in(ANA, "1X").await;
    shop.phone(ANA).expects_text("Maria Lopez is not yours, so nothing was handed back.");
    assert_eq!(shop.lead(&lead).await["taken_by"], "Dave");

    tom(&shop).await;
    dave(&shop, "1 x", "Maria Lopez is waiting again.").await;
    shop.phone(ANA).expects_text("Still waiting: Maria Lopez");
    assert_eq!(shop.lead(&lead).await["state"], "waiting", "not the new lead that has the digit now");
}

#[tokio::test]
async fn a_lead_that_is_closed_is_not_taken_by_its_digit() {
    let shop = Shop::open().await;
    let lead = maria(&shop).await;
    shop.api_post(&format!("/leads/{lead}/outcome"), &json!({"outcome": "booked"})).await;

    dave(&shop, "1", "Maria Lopez is closed. To take it, open it again on its page.").await;
}

#[tokio::test]
async fn y_v_and_n_answer_the_question_that_was_asked_last() {
    let shop = Shop::open().await;
    let first = maria(&shop).await;
    dave(&shop, "1", "Yours").await;
    shop.passes(MINUTE).await;
    let second = tom(&shop).await;
    dave(&shop, "1", "Yours").await;
    shop.passes(16 * MINUTE).await;
    for name in ["Maria Lopez", "Tom Becker"] {
        shop.phone(DAVE).expects_text(&format!("Did you reach {name}?"));
    }

    dave(&shop, "Y.", "Noted: you talked to Tom Becker.").await;
    assert!(shop.lead(&second).await["reached_at"].is_string());
    assert!(shop.lead(&first).await["reached_at"].is_null());
    dave(&shop, "no", "Noted: no answer from Maria Lopez. It stays yours").await;
    let after = shop.lead(&first).await;
    assert_eq!((&after["taken_by"], &after["reached_at"]), (&json!("Dave"), &json!(null)));
    assert!(after["person_at"].is_string(), "who says that nobody answered has called");

    // Nothing is asked any more, and two leads are in hand.
    dave(&shop, "V", "I didn't catch that.").await;
}

#[tokio::test]
async fn an_unasked_v_is_about_the_one_lead_in_hand_and_an_old_question_is_forgotten() {
    let shop = Shop::open().await;
    let lead = maria(&shop).await;
    dave(&shop, "Voicemail", "I didn't catch that.").await;
    dave(&shop, "1", "Yours").await;

    dave(&shop, "voicemail.", "Noted: you left Maria Lopez a voicemail. It stays yours.").await;
    assert!(
        shop.lead(&lead).await["events"].to_string().contains(r#""kind":"reached","by":"Dave","detail":"voicemail""#)
    );

    let other = tom(&shop).await;
    dave(&shop, "1", "Yours").await;
    shop.passes(16 * MINUTE).await;
    shop.phone(DAVE).expects_text("Did you reach Tom Becker?");
    shop.passes(13 * HOUR).await;
    dave(&shop, "Y", "I didn't catch that.").await;
    assert!(shop.lead(&other).await["reached_at"].is_null());
}

#[tokio::test]
async fn a_digit_is_free_again_after_a_day() {
    let shop = Shop::open().await;
    maria(&shop).await;
    shop.passes(25 * HOUR).await;

    dave(&shop, "1", "I didn't catch that. Nobody is waiting now.").await;
}
