//! Somebody new texts our number, and texts whose callback never came.

use crate::support::fake_twilio::{ACCOUNT, AUTH_TOKEN, FakeTwilio, NUMBER, SERVICE};
use crate::support::shop::{ANA, DAVE, ENQUIRY, MARIA, OPENED_MS, PUBLIC_URL, Setup, Shop};
use crate::support::twilio_wire::Signed;
use crate::support::vendors::{message, patient, twilio};
use leadbell::base::clock::Clock;
use leadbell::delivery::http::Http;
use leadbell::delivery::sms_twilio::{Sender, TwilioConfig};
use leadbell::delivery::twilio_inbox::Inbox;
use leadbell::outbox::channel::Channel;
use serde_json::{Value, json};
use std::time::Duration;

const EVA: &str = "+15125550144";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

async fn leads(shop: &Shop) -> Vec<Value> {
    shop.api("/leads").await["items"].as_array().unwrap().clone()
}

async fn sources(shop: &Shop) -> Vec<String> {
    let house = &shop.standing().house;
    let all = leadbell::lead::shop::store::list_sources(house.db.read()).await.unwrap();
    all.into_iter().map(|(business, source)| format!("{} {} {}", business.slug, source.provider, source.name)).collect()
}

/// One more shop, with this number.
async fn another_shop(shop: &Shop, slug: &str, phone: &str) {
    shop.sql(
        "INSERT INTO business (id, slug, name, timezone, country, phone, created_at) \
         VALUES ($1, $1, $1, 'America/Chicago', 'US', $2, 0)",
        &[slug, phone],
    )
    .await;
    shop.sql(
        "INSERT INTO person (id, business_id, name, phone, created_at) VALUES ('rita-' || $1, $1, 'Rita', '+15125550170', 0)",
        &[slug],
    )
    .await;
}

#[tokio::test]
async fn who_texts_our_number_is_a_lead_and_is_answered_once() {
    let shop = Shop::open().await;

    shop.texts_in(EVA, "Tap leaking, can you come?").await;

    shop.owner_is_told("New lead: (512) 555-0144\nTap leaking, can you come?\nReply 1 = I've got it");
    shop.phone(EVA).expects_text("Hi there, Harbor Plumbing here. Got your message");
    let lead = leads(&shop).await.remove(0);
    let told = ["kind", "phone", "message", "state"].map(|name| lead[name].as_str().unwrap());
    assert_eq!(told, ["text", EVA, "Tap leaking, can you come?", "waiting"]);
    assert_eq!(sources(&shop).await, ["harbor generic Website form", "harbor twilio Calls and texts"]);

    shop.texts_in(EVA, "It is the kitchen").await;
    shop.phone(DAVE).expects_text("(512) 555-0144 replied:\nIt is the kitchen\nReply 1 = I've got it");
    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours: someone, (512) 555-0144");
    shop.passes(MINUTE).await;
    shop.texts_in(DAVE, "On my way").await;
    shop.phone(EVA).expects_text("On my way");
    assert_eq!((leads(&shop).await.len(), sources(&shop).await.len()), (1, 2));
}

#[tokio::test]
async fn a_second_new_person_comes_by_the_same_source_and_a_repeated_callback_is_one_lead() {
    let shop = Shop::open().await;
    let signed = shop.twilio.inbound(PUBLIC_URL, EVA, "Tap leaking");

    for _ in 0..3 {
        assert_eq!(shop.hears(&signed).await.status, 200);
    }
    shop.texts_in(ANA, "No hot water").await;

    assert_eq!((leads(&shop).await.len(), sources(&shop).await.len()), (2, 2));
    shop.owner_is_told("New lead: (512) 555-0144");
    shop.owner_is_told("New lead: (512) 555-0101");
    shop.phone(EVA).expects_text("Harbor Plumbing here");
    shop.phone(ANA).expects_text("Harbor Plumbing here");
}

#[tokio::test]
async fn a_stranger_who_asks_for_silence_is_told_to_the_owner_and_gets_no_text() {
    let shop = Shop::open().await;

    shop.texts_in(EVA, "Stop texting me").await;

    shop.owner_is_told("New lead: (512) 555-0144\nStop texting me");
    shop.phone(EVA).is_quiet();
}

#[tokio::test]
async fn a_keyword_of_a_stranger_makes_no_lead_and_is_obeyed() {
    let shop = Shop::open().await;

    shop.texts_in(EVA, "STOP").await;
    assert!(leads(&shop).await.is_empty());
    shop.post_form(&[("name", "Eva Klein"), ("phone", EVA), ("message", "Hello")]).await.lead();

    shop.owner_is_told("New lead: Eva Klein");
    shop.phone(EVA).is_quiet();
}

#[tokio::test]
async fn our_own_numbers_never_become_leads() {
    let shop = Shop::open().await;
    another_shop(&shop, "rival", "+15125550180").await;
    shop.sql("UPDATE business SET phone = $1 WHERE slug = 'harbor'", &["+15125550190"]).await;

    for ours in [NUMBER, "+15125550180", "+15125550190"] {
        shop.texts_in_to(ours, "+15125550190", "Hi there, Harbor Plumbing here. Got your message").await;
    }

    assert!(leads(&shop).await.is_empty());
    assert!(shop.messages().await.is_empty());
}

#[tokio::test]
async fn two_houses_that_answer_each_other_come_to_an_end() {
    let shop = Shop::open().await;
    let other = "+15125550155";

    // The other house: whatever it hears from us, it answers.
    let (mut heard, mut round) = (0, 0);
    shop.texts_in(other, "Hi there, Rival Pipes here. Got your message").await;
    while round < 20 {
        let texts = shop.twilio.accepted().iter().filter(|text| text.to == other).count();
        round += 1;
        if texts > heard {
            heard = texts;
            shop.texts_in(other, "Hi there, Rival Pipes here. Got your message").await;
        }
        shop.passes(MINUTE / 2).await;
    }

    assert_eq!(heard, 1, "one automatic text, however often the other one answers");
    shop.takes_everything();
}

#[tokio::test]
async fn short_codes_and_names_are_kept_and_never_answered() {
    let shop = Shop::open().await;

    shop.texts_in("88022", "Your code is 123456").await;
    shop.texts_in("MyBank", "Your statement is ready").await;

    assert!(leads(&shop).await.is_empty());
    let receipts = shop.api("/receipts").await;
    assert!(receipts["items"].as_array().unwrap().iter().all(|r| r["state"] == "kept"), "{receipts}");
    assert!(shop.twilio.accepted().iter().all(|text| text.to == DAVE));
    shop.sql("INSERT INTO text_list (account, began_at, read_at) VALUES ($1, 0, 0)", &[&format!("{ACCOUNT} {NUMBER}")])
        .await;
    shop.looks_for_missed_texts().await;
    let repeats = "SELECT COALESCE(sum(repeats), 0) FROM receipt";
    let repeats: i64 = sqlx::query_scalar(repeats).fetch_one(shop.standing().house.db.read()).await.unwrap();
    assert_eq!(repeats, 0, "what the list shows again is in");
    shop.takes_everything();
}

#[tokio::test]
async fn a_text_goes_to_the_shop_whose_number_it_came_to() {
    let shop = Shop::open().await;
    another_shop(&shop, "rival", "+15125550180").await;

    shop.texts_in_to(EVA, "+15125550180", "No hot water").await;
    shop.texts_in_to(MARIA, "+15125550181", "Hello?").await;

    let all = leads(&shop).await;
    assert_eq!(all.len(), 1, "a number of no shop: stored, and nobody is told");
    let counted = shop.ask("GET", "/metrics", &[], "").await.text;
    assert!(counted.contains("leadbell_texts_to_nobody_total 1"), "{counted}");
    assert_eq!((all[0]["business"].as_str(), all[0]["phone"].as_str()), (Some("rival"), Some(EVA)));
    shop.phone("+15125550170").expects_text("New lead: (512) 555-0144");
    shop.phone(EVA).expects_text("Hi there, rival here.");
    shop.phone(DAVE).is_quiet();
    shop.phone(MARIA).is_quiet();
}

#[tokio::test]
async fn texts_that_no_callback_brought_are_taken_in_from_the_list() {
    let shop = Shop::with(Setup { ana_too: true, ..Setup::default() }).await;
    shop.twilio.missed(EVA, "Before we were here");
    shop.passes(MINUTE).await;
    shop.looks_for_missed_texts().await;
    assert!(leads(&shop).await.is_empty(), "what came before the first look came to somebody else");
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.whatever_came();
    shop.passes(4 * MINUTE).await;

    shop.twilio.missed(DAVE, "1");
    shop.twilio.missed(MARIA, "Can you come at 4?");
    shop.twilio.missed(EVA, "Tap leaking");
    shop.texts_in(MARIA, "Or at 5?").await;
    for phone in [DAVE, ANA] {
        shop.phone(phone).expects_text("Or at 5?");
    }
    for _ in 0..3 {
        shop.looks_for_missed_texts().await;
        shop.passes(MINUTE).await;
    }

    // Oldest first: by the time Maria's text was read, she was Dave's.
    let mut told: Vec<String> = shop.unexpected_texts().into_iter().filter(|t| t.to == DAVE).map(|t| t.body).collect();
    told.sort();
    let begins =
        ["Maria Lopez replied:\nCan you come at 4?\nReply here to answer.", "New lead: (512) 555-0144", "Yours: Maria"];
    assert!(told.len() == 3 && told.iter().zip(begins).all(|(text, begin)| text.starts_with(begin)), "{told:#?}");
    shop.phone(ANA).expects_text("New lead: (512) 555-0144");
    shop.phone(EVA).expects_text("Harbor Plumbing here");
    assert_eq!(leads(&shop).await.len(), 2);
    let replied = shop.lead(&lead).await["events"].to_string().matches(r#""kind":"replied""#).count();
    assert_eq!(replied, 2, "each text once, whichever way it came");
    shop.takes_everything();
}

#[tokio::test]
async fn a_list_that_cannot_be_read_loses_nothing_and_a_long_absence_is_made_up_for_page_by_page() {
    let mut shop = Shop::open().await;
    shop.looks_for_missed_texts().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.whatever_came();

    shop.passes(HOUR).await;
    for n in 0..1_200 {
        shop.twilio.missed(MARIA, &format!("Text {n}"));
    }
    shop.twilio.break_lists(1);
    shop.dies_and_starts_again().await;
    shop.passes(30 * HOUR).await;
    shop.looks_for_missed_texts().await;
    assert!(shop.lead(&lead).await["replied_at"].is_null(), "the list was broken");
    shop.looks_for_missed_texts().await;

    let taken = shop.standing().house.db.read();
    let texts: i64 = sqlx::query_scalar("SELECT count(*) FROM inbound").fetch_one(taken).await.unwrap();
    assert_eq!(texts, 1_200);
    shop.passes(2 * HOUR).await;
    shop.takes_everything();
}

#[tokio::test]
async fn a_text_that_came_to_the_address_of_a_source_is_not_taken_in_again_from_the_list() {
    let shop = Shop::open().await;
    shop.looks_for_missed_texts().await;
    let (_, number) = shop.source_from("twilio", None).await;
    let sid = shop.twilio.missed(EVA, "Tap leaking");
    let fields =
        [("MessageSid", sid.as_str()), ("From", EVA), ("To", NUMBER), ("Body", "Tap leaking"), ("NumMedia", "0")];
    assert_eq!(shop.door_of(&number).form(&fields).await.status, 200);
    shop.owner_is_told("New lead: (512) 555-0144");
    shop.phone(EVA).expects_text("Harbor Plumbing here");

    shop.looks_for_missed_texts().await;

    shop.phone(DAVE).is_quiet();
    assert_eq!((leads(&shop).await.len(), sources(&shop).await.len()), (1, 2));
}

#[tokio::test]
async fn thanks_after_the_end_stay_with_the_lead_and_a_later_text_is_a_new_enquiry() {
    let shop = Shop::open().await;
    shop.reports_no_weeks().await;
    let first = shop.post_form(ENQUIRY).await.lead();
    shop.whatever_came();
    shop.api_post(&format!("/leads/{first}/outcome"), &json!({"outcome": "booked"})).await;

    shop.texts_in(MARIA, "Thank you!").await;
    let told = shop.phone(DAVE).expects_text("Maria Lopez replied:\nThank you!").body;
    assert!(told.ends_with(&format!("/b/harbor/leads/{first}")), "the link of the alert is shut: {told}");
    shop.passes(8 * 24 * HOUR).await;
    shop.texts_in(MARIA, "It leaks again").await;

    shop.owner_is_told("New lead: (512) 555-0142\nIt leaks again");
    shop.phone(MARIA).expects_text("Harbor Plumbing here");
    let all = leads(&shop).await;
    assert_eq!((all.len(), all[0]["state"].as_str()), (2, Some("waiting")));
}

#[tokio::test]
async fn behind_a_messaging_service_what_comes_to_any_number_of_the_account_is_listed_oldest_first() {
    let clock = Clock::manual(OPENED_MS);
    let fake = FakeTwilio::start(clock.clone()).await;
    let config = TwilioConfig { sender: Sender::Service(SERVICE.to_owned()), ..fake.config(PUBLIC_URL) };
    let inbox = Inbox::new(&config, Http::new(patient()).unwrap()).unwrap();
    let twilio = twilio(&config, patient());
    fake.missed(EVA, "Too old");
    clock.advance(20 * MINUTE);
    let since = clock.now_ms();
    for n in 0..60 {
        fake.inbound_to(PUBLIC_URL, EVA, if n % 2 == 0 { NUMBER } else { "+14155550124" }, &format!("Text {n}"));
        twilio.send(&message(&twilio, &format!("m{n}"))).await;
        clock.advance(Duration::from_secs(1));
    }

    let texts = inbox.since(since).await.unwrap();

    let wanted: Vec<String> = (0..60).map(|n| format!("Text {n}")).collect();
    assert_eq!(texts.iter().map(|text| text.body.clone()).collect::<Vec<_>>(), wanted);
    assert_eq!((texts[1].from.as_str(), texts[1].to.as_str()), (EVA, "+14155550124"));
    fake.break_lists(1);
    assert!(inbox.since(since).await.is_err());
}

#[tokio::test]
async fn start_to_the_number_of_one_shop_lifts_nothing_at_another() {
    const RIVAL: &str = "+14155550999";
    let shop = Shop::open().await;
    shop.sql(
        "INSERT INTO business (id, slug, name, timezone, country, phone, created_at) VALUES ('rival', 'rival', 'Rival', 'UTC', 'US', $1, 9)",
        &[RIVAL],
    )
    .await;
    shop.sql("INSERT INTO opt_out (business_id, phone, at, how) SELECT id, $1, 1, 'STOP' FROM business", &[MARIA])
        .await;
    let text = [("MessageSid", "SMstart"), ("From", MARIA), ("To", RIVAL), ("Body", "START")];

    shop.hears(&Signed::new(AUTH_TOKEN, &format!("{PUBLIC_URL}/twilio/message"), &text)).await;

    let house = &shop.standing().house;
    let left: Vec<String> =
        sqlx::query_scalar("SELECT business_id FROM opt_out").fetch_all(house.db.read()).await.unwrap();
    assert!(left.len() == 1 && left[0] != "rival", "{left:?}");
}
