//! One person, however often and wherever they write; and who of us has them.

use crate::support::shop::{ANA, DAVE, ENQUIRY, MARIA, MARIA_MAIL, Setup, Shop};
use serde_json::json;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);

/// Maria's enquiry has come, and everybody has been told.
async fn enquired(shop: &Shop) -> String {
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    lead
}

async fn closes(shop: &Shop, lead: &str) {
    let closed = shop.api_post(&format!("/leads/{lead}/outcome"), &json!({"outcome": "booked"})).await;
    assert_eq!(closed.status, 200, "{}", closed.text);
}

/// Maria writes once more, with words of her own.
async fn writes(shop: &Shop, token: &str, message: &str) -> String {
    let fields = [("name", "Maria Lopez"), ("phone", "512-555-0142"), ("message", message)];
    crate::support::door::Door::new(shop, token).form(&fields).await.lead()
}

#[tokio::test]
async fn a_second_form_joins_the_open_lead_and_says_who_wrote_again() {
    let shop = Shop::open().await;
    let lead = enquired(&shop).await;
    shop.passes(2 * HOUR).await;

    let joined = writes(&shop, &shop.token, "Any news?").await;

    assert_eq!(joined, lead);
    let alert = shop.owner_is_told("Maria Lopez wrote again");
    assert!(alert.body.contains("Any news?"), "{}", alert.body);
    shop.phone(MARIA).is_quiet();
}

#[tokio::test]
async fn one_person_through_two_forms_is_texted_once_in_twelve_hours() {
    let shop = Shop::open().await;
    let other = shop.source("Quote form").await;
    let first = enquired(&shop).await;
    closes(&shop, &first).await;

    shop.passes(11 * HOUR).await;
    let second = writes(&shop, &other, "A second bathroom").await;
    assert_ne!(second, first, "a closed lead is not opened again");
    shop.owner_is_told("New lead: Maria Lopez");
    shop.phone(MARIA).is_quiet();
    let note = shop.lead(&second).await.to_string();
    assert!(note.contains("they had one within the last 12 hours"), "{note}");
    closes(&shop, &second).await;

    shop.passes(HOUR + Duration::from_secs(1)).await;
    writes(&shop, &other, "And a third").await;
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
}

#[tokio::test]
async fn two_forms_in_the_same_second_are_one_lead_and_one_first_text() {
    let shop = Shop::open().await;
    let other = shop.source("Quote form").await;
    let form = |token: &str, words: &'static str| {
        let door = crate::support::door::Door::new(&shop, token);
        door.only("application/x-www-form-urlencoded", format!("name=Maria+Lopez&phone=5125550142&message={words}"))
    };

    let (a, b) = tokio::join!(form(&shop.token, "one"), form(&other, "two"));
    shop.works().await;

    assert_eq!(a.lead(), b.lead());
    shop.phone(MARIA).expects_text("Hi Maria");
    let words = [shop.owner_is_told(""), shop.owner_is_told("")].map(|text| text.body);
    assert!(words.iter().any(|w| w.starts_with("New lead")) && words.iter().any(|w| w.contains("wrote again")));
}

#[tokio::test]
async fn who_texted_stop_gets_mail_until_they_text_start() {
    let shop = Shop::open().await;
    let first = enquired(&shop).await;
    shop.texts_in(MARIA, " Stop ").await;
    closes(&shop, &first).await;
    shop.passes(13 * HOUR).await;

    shop.post_form(ENQUIRY).await.lead();
    shop.inbox(MARIA_MAIL).expects_mail("got your message");
    let second = shop.owner_is_told("New lead").body;
    shop.phone(MARIA).is_quiet();

    shop.texts_in(MARIA, "START").await;
    let open = shop.api("/leads?state=waiting").await;
    closes(&shop, open["items"][0]["id"].as_str().unwrap()).await;
    shop.passes(13 * HOUR).await;
    shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    assert_ne!(shop.owner_is_told("New lead").body, second, "each alert has a link of its own");
}

#[tokio::test]
async fn a_stop_that_comes_while_a_text_waits_calls_it_off() {
    let shop = Shop::open().await;
    shop.twilio.whenever(MARIA, crate::support::fake_twilio::Fault::TooMany { retry_after: Some(60) });
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.twilio.heal();

    shop.texts_in(MARIA, "STOP").await;
    shop.passes(2 * HOUR).await;

    shop.phone(MARIA).is_quiet();
    shop.owner_is_told("New lead");
    let messages = shop.messages().await;
    assert!(
        messages.iter().any(|m| m.starts_with("lead_reply sms cancelled They asked us not to text")),
        "{messages:#?}"
    );
    assert!(shop.lead(&lead).await["first_text_at"].is_null());
}

#[tokio::test]
async fn what_a_lead_texts_back_reaches_the_owner() {
    let shop = Shop::open().await;
    let lead = enquired(&shop).await;

    shop.texts_in(MARIA, "Can you come at 4?").await;

    let text = shop.phone(DAVE).expects_text("Maria Lopez replied:\nCan you come at 4?");
    assert!(text.body.contains("/l/"), "{}", text.body);
    assert!(shop.lead(&lead).await["replied_at"].is_string());
}

#[tokio::test]
async fn whoever_replies_first_has_the_lead_and_the_second_is_told_who() {
    let shop = Shop::with(Setup { ana_too: true, ..Setup::default() }).await;
    let lead = enquired(&shop).await;
    shop.phone(ANA).expects_text("Reply 1 = I've got it");

    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours: Maria Lopez, (512) 555-0142");
    let taken = shop.lead(&lead).await;
    assert_eq!((&taken["state"], &taken["taken_by"]), (&json!("taken"), &json!("Dave")));

    shop.texts_in(ANA, "1").await;
    shop.phone(ANA).expects_text("Dave already has Maria Lopez");
    assert_eq!(shop.lead(&lead).await["taken_by"], "Dave");

    shop.texts_in(DAVE, "1 x").await;
    shop.phone(DAVE).expects_text("waiting again");
    shop.phone(ANA).expects_text("Still waiting: Maria Lopez");
    assert_eq!(shop.lead(&lead).await["state"], "waiting");

    shop.texts_in(ANA, "1").await;
    shop.phone(ANA).expects_text("Yours: Maria Lopez");
    assert_eq!(shop.lead(&lead).await["taken_by"], "Ana");
}

#[tokio::test]
async fn who_wants_a_lead_anyway_replies_again() {
    let shop = Shop::with(Setup { ana_too: true, ..Setup::default() }).await;
    let lead = enquired(&shop).await;
    shop.phone(ANA).expects_text("Reply 1");
    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours");

    shop.texts_in(ANA, "1").await;
    shop.phone(ANA).expects_text("Want it anyway? Reply 1 again.");
    shop.passes(Duration::from_secs(30)).await;
    shop.texts_in(ANA, "1").await;

    shop.phone(ANA).expects_text("Yours: Maria Lopez");
    assert_eq!(shop.lead(&lead).await["taken_by"], "Ana");
}

#[tokio::test]
async fn calling_from_the_page_of_the_alert_stops_the_clock_at_once() {
    let shop = Shop::open().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    let alert = shop.owner_is_told("New lead").body;
    let link = alert.lines().last().unwrap().strip_prefix(crate::support::shop::PUBLIC_URL).unwrap().to_owned();
    shop.passes(Duration::from_secs(90)).await;

    let page = shop.ask("GET", &link, &[("accept", "text/html")], "").await;
    assert!(page.status == 200 && page.text.contains("Maria Lopez"), "{}", page.text);
    assert!(shop.lead(&lead).await["person_at"].is_null(), "opening is not calling");
    let pressed = shop.presses(&format!("{link}/call")).await;

    assert_eq!((pressed.status, pressed.header("location")), (303, &*link));
    let answered = shop.lead(&lead).await;
    assert_eq!((&answered["state"], &answered["person_at"]), (&json!("answered"), &json!("2026-02-11T17:01:42.000Z")));
}

#[tokio::test]
async fn a_call_said_by_a_program_counts_at_its_own_instant() {
    let shop = Shop::open().await;
    let lead = enquired(&shop).await;
    shop.passes(HOUR).await;

    let call = json!({"how": "call", "at": "2026-02-11T17:05:00Z"});
    let answer = shop.api_post(&format!("/leads/{lead}/person"), &call).await;

    assert_eq!((answer.status, answer.word("person_at")), (200, "2026-02-11T17:05:00.000Z".to_owned()));
}
