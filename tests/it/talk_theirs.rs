//! A lead texts back: who hears of it, and the texts that are more than words.

use crate::support::fake_twilio::Fault;
use crate::support::office::Office;
use crate::support::shop::{ANA, DAVE, ENQUIRY, MARIA, MARIA_MAIL, PUBLIC_URL, Setup, Shop};
use serde_json::json;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

async fn maria(shop: &Shop) -> String {
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.whatever_came();
    lead
}

async fn both() -> Shop {
    Shop::with(Setup { ana_too: true, ..Setup::default() }).await
}

#[tokio::test]
async fn whoever_has_the_lead_hears_what_it_texts_and_answers_from_the_same_phone() {
    let shop = both().await;
    let lead = maria(&shop).await;
    shop.texts_in(ANA, "1").await;
    shop.phone(ANA).expects_text("Yours");
    shop.passes(MINUTE).await;

    shop.texts_in(MARIA, "Can you come at 4?").await;

    let told = shop.phone(ANA).expects_text("Maria Lopez replied:\nCan you come at 4?\nReply here to answer.\n");
    assert!(told.body.contains("/l/"), "{}", told.body);
    shop.phone(DAVE).is_quiet();
    shop.texts_in(ANA, "Four it is").await;
    shop.phone(MARIA).expects_text("Four it is");
    let after = shop.lead(&lead).await;
    assert!(after["replied_at"].is_string() && after["person_at"].is_string());
}

#[tokio::test]
async fn what_a_lead_that_nobody_has_texts_is_told_to_all_who_are_told_first_with_their_digit() {
    let shop = both().await;
    maria(&shop).await;

    shop.texts_in(MARIA, "Can you come at 4?").await;

    for phone in [DAVE, ANA] {
        shop.phone(phone).expects_text("Maria Lopez replied:\nCan you come at 4?\nReply 1 = I've got it\n");
    }
    shop.texts_in(ANA, "1").await;
    shop.phone(ANA).expects_text("Yours: Maria Lopez");
}

#[tokio::test]
async fn a_lead_is_answered_from_its_page() {
    let shop = Shop::open().await;
    let lead = maria(&shop).await;
    let office: Office<'_> = shop.office().await;
    let page = format!("/b/harbor/leads/{lead}");
    assert!(office.opens(&page).await.contains(r#"name="body""#));
    shop.passes(MINUTE).await;

    let pressed = office.presses(&format!("{page}/texts"), &[("body", "Hello Maria")]).await;

    shop.works().await;
    assert_eq!(pressed.header("location"), format!("{page}?done=text"));
    shop.phone(MARIA).expects_text("Hello Maria");
    assert_eq!(shop.lead(&lead).await["state"], "answered");
}

#[tokio::test]
async fn words_that_ask_for_silence_call_off_what_goes_by_itself_and_ask_the_owner() {
    let shop = Shop::open().await;
    shop.twilio.whenever(MARIA, Fault::TooMany { retry_after: Some(60) });
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.twilio.heal();
    shop.whatever_came();

    shop.texts_in(MARIA, "Please stop texting me, I found somebody").await;
    shop.passes(2 * HOUR).await;

    let told = shop.phone(DAVE).expects_text("Maria Lopez asks us to stop:\nPlease stop texting me");
    assert!(told.body.contains("Automatic messages are off for them. Please decide."), "{}", told.body);
    shop.phone(MARIA).is_quiet();
    let messages = shop.messages().await;
    assert!(
        messages.iter().any(|m| m.starts_with("lead_reply sms cancelled They asked us in their own words")),
        "{messages:#?}"
    );
    assert!(messages.iter().any(|m| m.starts_with("notice sms accepted")), "{messages:#?}");
    assert!(shop.lead(&lead).await["events"].to_string().contains("They asked us in their own words to stop."));

    // It is no opt-out: a person may still write.
    let sent = shop.api_post(&format!("/leads/{lead}/texts"), &json!({"body": "Sorry, all the best"})).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    shop.phone(MARIA).expects_text("Sorry, all the best");
}

#[tokio::test]
async fn urgent_calls_all_who_are_told_first_once_an_hour_and_its_words_are_never_lost() {
    let shop = both().await;
    maria(&shop).await;
    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours");
    shop.passes(10 * MINUTE).await;

    shop.texts_in(MARIA, "urgent!").await;
    for phone in [DAVE, ANA] {
        let told =
            shop.phone(phone).expects_text("URGENT: Maria Lopez\n(512) 555-0142\nKitchen tap leaking under the sink\n");
        assert!(told.body.contains("/l/"), "{}", told.body);
    }

    shop.passes(10 * MINUTE).await;
    shop.phone(DAVE).expects_text("Did you reach Maria Lopez?");
    shop.texts_in(DAVE, "V").await;
    shop.phone(DAVE).expects_text("Noted: you left Maria Lopez a voicemail.");
    shop.texts_in(MARIA, "URGENT").await;
    shop.phone(ANA).is_quiet();
    shop.phone(DAVE).is_quiet();
    shop.texts_in(MARIA, "Urgent, water is coming through the ceiling").await;
    shop.phone(DAVE).expects_text("Maria Lopez replied:\nUrgent, water is coming through the ceiling\nReply here");

    shop.passes(HOUR).await;
    shop.texts_in(MARIA, "URGENT it is getting worse").await;
    shop.phone(DAVE).expects_text("URGENT: Maria Lopez\n(512) 555-0142\nURGENT it is getting worse");
    shop.phone(ANA).expects_text("URGENT: Maria Lopez");
}

/// Maria pays.
async fn pays(shop: &Shop, token: &str, id: &str, amount: i64) {
    let sale = json!({"id": format!("evt_{id}"), "object": "event", "api_version": "2024-06-20", "created": 1_770_829_212,
        "type": "payment_intent.succeeded", "livemode": true, "data": {"object": {"id": format!("pi_{id}"),
        "object": "payment_intent", "amount": amount, "amount_received": amount, "currency": "usd", "status": "succeeded",
        "receipt_email": MARIA_MAIL, "metadata": {}, "shipping": {"name": "Maria Lopez", "phone": MARIA}}}});
    let answer = crate::support::door::Door::new(shop, token).json(&sale).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

#[tokio::test]
async fn status_is_answered_with_the_state_of_the_payments_three_times_a_day() {
    let shop = Shop::open().await;
    shop.reports_no_weeks().await;
    let stripe = shop.source_of("stripe", "Shop").await;
    let lead = maria(&shop).await;
    pays(&shop, &stripe, "1", 14_999).await;
    shop.passes(MINUTE).await;
    shop.whatever_came();
    assert_eq!(shop.lead(&lead).await["payments"].as_array().unwrap().len(), 1);

    for ask in ["STATUS", "order", "Status?"] {
        shop.texts_in(MARIA, ask).await;
        let told = shop.phone(MARIA).expects_text("Harbor Plumbing here. $149.99: paid Feb 11.");
        assert!(told.body.ends_with("STOP to opt out."), "{}", told.body);
        shop.passes(MINUTE).await;
    }
    shop.phone(DAVE).is_quiet();

    shop.texts_in(MARIA, "STATUS").await;
    shop.phone(MARIA).is_quiet();
    shop.phone(DAVE).expects_text("Maria Lopez replied:\nSTATUS");
    shop.passes(25 * HOUR).await;
    shop.texts_in(MARIA, "STATUS").await;
    shop.phone(MARIA).expects_text("$149.99: paid Feb 11");
    shop.api_post(&format!("/leads/{lead}/outcome"), &json!({"outcome": "booked"})).await;
    shop.passes(30 * 24 * HOUR).await;
    shop.texts_in(MARIA, "STATUS").await;
    shop.phone(MARIA).expects_text("$149.99: paid Feb 11");
    assert_eq!(shop.api("/leads").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn status_of_somebody_without_a_payment_is_words_to_the_owner() {
    let shop = Shop::open().await;
    maria(&shop).await;

    shop.texts_in(MARIA, "STATUS").await;

    shop.phone(DAVE).expects_text("Maria Lopez replied:\nSTATUS");
    shop.phone(MARIA).is_quiet();
}

#[tokio::test]
async fn words_typed_behind_the_link_of_an_alert_go_to_the_lead_without_a_script() {
    let shop = Shop::open().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    let alert = shop.owner_is_told("New lead").body;
    let link = alert.lines().last().unwrap().strip_prefix(PUBLIC_URL).unwrap().to_owned();
    shop.passes(MINUTE).await;
    let page = || shop.ask("GET", &link, &[("accept", "text/html")], "");
    assert!(page().await.text.contains(&format!(r#"action="{link}/text""#)));

    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html"), ("origin", PUBLIC_URL)];
    for _ in 0..2 {
        let pressed = shop.ask("POST", &format!("{link}/text"), &headers, "body=Hello+Maria%2C+4+pm%3F").await;
        assert_eq!((pressed.status, pressed.header("location")), (303, &*link));
        shop.works().await;
    }

    shop.passes(MINUTE).await;
    shop.phone(MARIA).expects_text("Hello Maria, 4 pm?");
    shop.phone(MARIA).is_quiet();
    let after = shop.lead(&lead).await;
    assert_eq!((&after["state"], &after["person_at"]), (&json!("answered"), &json!("2026-02-11T17:01:12.000Z")));
    assert!(page().await.text.contains("You texted at 11:01 am."));

    shop.texts_in(MARIA, "STOP").await;
    let silent = page().await.text;
    assert!(
        !silent.contains("<textarea") && silent.contains("They asked us not to text. You can still call."),
        "{silent}"
    );
}
