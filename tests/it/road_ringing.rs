//! Calls out: one of us is rung about a lead, a key puts them through or passes it on, and a voicemail learns nothing.

use crate::support::ringing::{attribute, plain};
use crate::support::shop::{ANA, DAVE, DAVE_MAIL, ENQUIRY, MARIA, Setup, Shop};
use crate::support::words::reads_as;
use serde_json::Value;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
/// What anybody and any voicemail may hear.
const GREETING: &str = "Harbor Plumbing. A new lead is waiting. Press 1 to hear it.";

/// Dave is texted at once and rung after four minutes; Ana is there too.
pub async fn ladder() -> Shop {
    let shop = Shop::with(Setup { ana_too: true, ..Setup::default() }).await;
    set_ladder(&shop, "4", false).await;
    shop
}

/// Puts a ladder on the page of the team: Dave by text and mail, then Dave by call alone.
async fn set_ladder(shop: &Shop, minutes: &str, by_call_at_once: bool) {
    let dave = person(shop, "Dave").await;
    let office = shop.office().await;
    let mut first = vec![("after", "0"), ("who", dave.as_str()), ("text", "yes"), ("mail", "yes")];
    if by_call_at_once {
        first = vec![("after", "0"), ("who", dave.as_str()), ("call", "yes")];
    }
    for n in ["2", "1"] {
        office.presses(&format!("/b/harbor/team/steps/{n}/remove"), &[]).await;
    }
    office.presses("/b/harbor/team/steps/0", &first).await;
    if !by_call_at_once {
        let step = [("after", minutes), ("who", dave.as_str()), ("call", "yes")];
        office.presses("/b/harbor/team/steps", &step).await;
        assert!(office.opens("/b/harbor/team").await.contains("phone call"));
    }
}

pub async fn person(shop: &Shop, name: &str) -> String {
    let db = shop.standing().house.db.read();
    sqlx::query_scalar("SELECT id FROM person WHERE name = $1").bind(name).fetch_one(db).await.unwrap()
}

/// Maria's enquiry has come, and Dave has been told by text and mail.
pub async fn enquired(shop: &Shop) -> String {
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    lead
}

/// What happened to a lead: kind and detail, from the one that is named on.
pub async fn happened(shop: &Shop, lead: &str, kinds: &[&str]) -> Vec<String> {
    let told = shop.lead(lead).await;
    let events = told["events"].as_array().unwrap();
    let word = |event: &Value, name: &str| event[name].as_str().unwrap_or("-").to_owned();
    let line = |event: &Value| format!("{} {} {}", word(event, "kind"), word(event, "by"), word(event, "detail"));
    events.iter().filter(|event| kinds.contains(&event["kind"].as_str().unwrap())).map(line).collect()
}

#[tokio::test]
async fn nobody_took_it_for_four_minutes_so_daves_phone_rings_and_1_puts_him_through() {
    let shop = ladder().await;
    let lead = enquired(&shop).await;
    shop.passes(3 * MINUTE).await;
    shop.nothing_rings();

    shop.passes(2 * MINUTE).await;
    let mut call = shop.rings(DAVE);
    let greeting = call.picks_up().await;
    let greeted = plain(&call.twiml);
    let alert = call.presses("1").await;
    let told = plain(&call.twiml);
    let calling = call.presses("1").await;
    let connected = plain(&call.twiml);
    shop.clock.advance(Duration::from_secs(7));
    call.lead_picks_up().await;
    shop.clock.advance(Duration::from_secs(252));
    let nothing = call.lead_ends("completed", "252").await;
    call.hangs_up().await;

    assert_eq!(greeting, [GREETING; 2]);
    assert_eq!(call.call.timeout_secs, 25);
    assert_eq!(
        alert[0],
        "Still waiting, 4 min: Maria Lopez. Kitchen tap leaking under the sink. Press 1 to call now, 2 to pass on."
    );
    assert_eq!(calling, ["Calling Maria Lopez."]);
    assert!(nothing.is_empty());
    reads_as!("twiml_of_an_alert_by_call", format!("{greeted}\n{told}\n{connected}"));
    let now = shop.lead(&lead).await;
    assert_eq!((&now["state"], &now["reached_at"]), (&"answered".into(), &Value::Null));
    assert!(now["taken_at"].is_string() && now["person_at"].is_string(), "{now}");
    let since = |name: &str| now[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond();
    assert_eq!(since("person_at") - since("taken_at"), 7_000);
    assert_eq!(
        happened(&shop, &lead, &["taken", "person", "called", "reached"]).await,
        ["taken Dave -", "person Dave bridge", "called Dave completed 252"]
    );
    let page = shop.office().await.opens(&format!("/b/harbor/leads/{lead}")).await;
    assert!(page.contains("Dave was put through to Maria") && page.contains("Dave called, 4m 12s"), "{page}");
    shop.passes(60 * MINUTE).await;
}

#[tokio::test]
async fn a_voicemail_hears_the_shops_name_and_the_lead_is_told_by_text_instead() {
    let shop = ladder().await;
    let lead = enquired(&shop).await;
    shop.passes(4 * MINUTE + Duration::from_secs(20)).await;

    let tape = shop.rings(DAVE).voicemail().await;

    assert_eq!(tape, [GREETING; 2]);
    shop.phone(DAVE).expects_text("Still waiting, 4 min: Maria Lopez\n(512) 555-0142\nNobody has taken it. Reply 1");
    let told = shop.lead(&lead).await;
    assert_eq!((&told["state"], &told["person_at"]), (&"waiting".into(), &Value::Null));
    let states = shop.messages().await;
    let failed = "escalation call failed Picked up, but no key was pressed: a voicemail, perhaps.";
    assert!(states.iter().any(|line| line == failed), "{states:#?}");
    shop.passes(30 * MINUTE).await;
}

#[tokio::test]
async fn a_phone_that_nobody_picks_up_is_followed_by_the_text_and_is_no_fault_of_texting() {
    let shop = ladder().await;
    enquired(&shop).await;
    shop.passes(4 * MINUTE + Duration::from_secs(20)).await;

    shop.rings(DAVE).is_not_answered().await;

    shop.phone(DAVE).expects_text("Still waiting, 4 min: Maria Lopez");
    shop.passes(30 * MINUTE).await;
    shop.phone(DAVE).is_quiet();
}

#[tokio::test]
async fn pressing_2_passes_the_lead_on_as_the_text_does() {
    let shop = ladder().await;
    let lead = enquired(&shop).await;
    shop.passes(5 * MINUTE).await;
    let mut call = shop.rings(DAVE);
    call.picks_up().await;
    call.presses("5").await;

    let passed = call.presses("2").await;

    assert_eq!(passed, ["Maria Lopez was passed on to Ana."]);
    shop.phone(ANA).expects_text("Dave passes on: Maria Lopez");
    assert_eq!(happened(&shop, &lead, &["passed_on", "taken"]).await, ["passed_on Dave Ana"]);
    call.hangs_up().await;
    shop.passes(30 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn a_lead_that_does_not_pick_up_was_called_and_not_reached() {
    for (word, says, told) in [
        ("no-answer", "Maria Lopez did not pick up. Try again in a while.", "Dave called, Maria did not pick up"),
        ("busy", "The line of Maria Lopez is busy. Try again in a while.", "the line of Maria was busy"),
        ("failed", "The call to Maria Lopez did not go through.", "the call did not go through"),
    ] {
        let shop = ladder().await;
        let lead = enquired(&shop).await;
        shop.passes(5 * MINUTE).await;
        let mut call = shop.rings(DAVE);
        call.picks_up().await;
        call.presses("1").await;
        call.presses("1").await;

        let heard = call.lead_ends(word, "").await;
        call.hangs_up().await;

        assert!(heard[0].starts_with(says), "{heard:?}");
        let now = shop.lead(&lead).await;
        assert_eq!((&now["state"], &now["person_at"]), (&"taken".into(), &Value::Null), "{word}");
        assert_eq!(now["reached_at"], Value::Null);
        assert_eq!(happened(&shop, &lead, &["called", "person"]).await, [format!("called Dave {word}")]);
        let page = shop.office().await.opens(&format!("/b/harbor/leads/{lead}")).await;
        assert!(page.contains(told), "{word}: {page}");
        shop.passes(16 * MINUTE).await;
        shop.phone(DAVE).expects_text("Did you reach Maria Lopez?");
        shop.passes(60 * MINUTE).await;
        shop.whatever_came();
    }
}

#[tokio::test]
async fn whoever_hangs_up_first_still_ends_the_call() {
    let shop = ladder().await;
    let lead = enquired(&shop).await;
    shop.passes(5 * MINUTE).await;
    let mut call = shop.rings(DAVE);
    call.picks_up().await;
    call.presses("1").await;
    call.presses("1").await;
    call.lead_picks_up().await;
    shop.clock.advance(Duration::from_secs(30));

    // No word comes of the lead's end.
    call.hangs_up().await;
    call.hangs_up().await;

    assert_eq!(happened(&shop, &lead, &["called"]).await, ["called Dave completed 30"]);
    assert_eq!(shop.lead(&lead).await["state"], "answered");
}

#[tokio::test]
async fn whoever_is_second_hears_who_has_it_and_may_call_anyway() {
    let shop = ladder().await;
    let lead = enquired(&shop).await;
    shop.passes(5 * MINUTE).await;
    let mut call = shop.rings(DAVE);
    call.picks_up().await;
    call.presses("1").await;
    let ana = person(&shop, "Ana").await;
    shop.sql(
        "INSERT INTO event (business_id, lead_id, at, kind, by) SELECT business_id, id, 1770829500000, 'taken', 'Ana' FROM lead",
        &[],
    )
    .await;
    shop.sql("UPDATE lead SET state = 'taken', taken_at = 1770829500000, taken_by = $1", &[&ana]).await;

    let second = call.presses("1").await;
    let calling = call.presses("1").await;

    assert_eq!(second[0], "Ana already has Maria Lopez. Press 1 to call anyway.");
    assert_eq!(calling, ["Calling Maria Lopez."]);
    assert_eq!(shop.lead(&lead).await["taken_by"], "Dave");
    call.lead_ends("no-answer", "").await;
    call.hangs_up().await;
    shop.passes(60 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn a_test_call_proves_the_channel_when_a_key_was_pressed() {
    let shop = Shop::open().await;
    let dave = person(&shop, "Dave").await;
    let office = shop.office().await;
    assert!(office.opens("/b/harbor/team").await.contains("0 of 3 channels proven"));

    office.presses(&format!("/b/harbor/team/people/{dave}/test"), &[]).await;
    shop.works().await;
    let mut call = shop.rings(DAVE);
    let before = office.opens("/b/harbor/team").await;
    let greeting = call.picks_up().await;
    let thanks = call.presses("1").await;
    call.hangs_up().await;

    assert!(before.contains("The test call is on its way: press 1 when it rings."), "{before}");
    assert_eq!(greeting[0], "Harbor Plumbing. This is a test call. Press 1 to prove that alerts reach you here.");
    assert_eq!(thanks, ["Thank you. Alerts of Harbor Plumbing reach you by phone call."]);
    let after = office.opens("/b/harbor/team").await;
    assert!(after.contains("3 of 3 channels proven") && after.contains("pressed a key"), "{after}");
    shop.phone(DAVE).expects_text("Test from Harbor Plumbing");
    shop.inbox(DAVE_MAIL).expects_mail("Test alert");
}

#[tokio::test]
async fn a_flood_of_leads_rings_a_phone_now_and_then_and_not_for_each_of_them() {
    let shop = Shop::open().await;
    set_ladder(&shop, "0", true).await;
    for n in 0..50 {
        let phone = format!("(512) 555-{:04}", 2_000 + n);
        let name = format!("Lead {n}");
        shop.post_form(&[("name", &name), ("phone", &phone), ("message", "Tap")]).await.lead();
        shop.passes(Duration::from_secs(12)).await;
    }

    let calls: Vec<_> = shop.twilio.placed();
    assert!((4..=6).contains(&calls.len()), "{} calls in ten minutes", calls.len());
    let mut first = shop.rings(DAVE);
    first.picks_up().await;
    assert_eq!(first.presses("1").await[0], "New lead: Lead 0. Tap. Press 1 to call now, 2 to pass on.");
    first.hangs_up().await;
    let mut many = shop.rings(DAVE);
    assert_eq!(many.picks_up().await[0], "Harbor Plumbing. New leads are waiting. Press 1 to hear about them.");
    let heard = many.presses("1").await;
    assert!(
        heard[0].contains(" leads have come: Lead 1, and ") && heard[0].contains("Press 1 to call now"),
        "{heard:?}"
    );
    assert_eq!(many.presses("1").await, ["Calling Lead 1."]);
    many.lead_ends("no-answer", "").await;
    many.hangs_up().await;
    shop.whatever_came();
    shop.passes(90 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn where_nothing_can_call_the_step_is_a_text_and_no_button_rings() {
    let shop = Shop::with(Setup { no_number: true, ..Setup::default() }).await;
    set_ladder(&shop, "0", true).await;

    let lead = shop.post_form(ENQUIRY).await.lead();

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.phone(DAVE).expects_text("New lead: Maria Lopez");
    let office = shop.office().await;
    assert!(!office.opens(&format!("/b/harbor/leads/{lead}")).await.contains("Ring me and connect"));
    let team = office.opens("/b/harbor/team").await;
    assert!(team.contains("Until one is connected it is a text.") && team.contains("of 2 channels proven"), "{team}");
    shop.nothing_rings();
    shop.whatever_came();
}

#[tokio::test]
async fn while_carriers_block_texts_the_first_alert_rings_as_well() {
    let shop = Shop::open().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    let first = shop.phone(MARIA).expects_text("Hi Maria");
    let alert = shop.owner_is_told("New lead: Maria Lopez");
    shop.nothing_rings();

    // The carriers drop the alert: it rings at once, and once. That a call is heard says nothing of texts.
    shop.passes(Duration::from_secs(5)).await;
    shop.carrier_says(&alert, "undelivered", Some(30034)).await;
    shop.carrier_says(&first, "undelivered", Some(30034)).await;
    let mut call = shop.rings(DAVE);
    call.picks_up().await;
    assert_eq!(
        call.presses("1").await[0],
        "New lead: Maria Lopez. Kitchen tap leaking under the sink. Press 1 to call now, 2 to pass on."
    );
    call.presses("1").await;
    call.lead_picks_up().await;
    call.lead_ends("completed", "5").await;
    assert_eq!(shop.lead(&lead).await["state"], "answered");
    shop.passes(5 * MINUTE).await;
    shop.whatever_came();

    // From now on it rings without waiting for the carriers' no; not again when the same person writes again.
    let tom = [("name", "Tom Becker"), ("phone", "(512) 555-0177"), ("message", "Boiler")];
    shop.post_form(&tom).await.lead();
    let call = shop.rings(DAVE);
    let texts = shop.unexpected_texts();
    let alert = texts.iter().find(|text| text.to == DAVE).unwrap().clone();
    shop.carrier_says(&alert, "undelivered", Some(30034)).await;
    call.is_not_answered().await;
    shop.passes(3 * MINUTE).await;
    shop.post_form(&[("name", "Tom Becker"), ("phone", "(512) 555-0177"), ("message", "Still cold")]).await.lead();
    shop.passes(3 * MINUTE).await;
    shop.nothing_rings();

    // One text that arrives ends it.
    let texts = shop.unexpected_texts();
    shop.whatever_came();
    shop.carrier_says(texts.last().unwrap(), "delivered", None).await;
    shop.passes(MINUTE).await;
    shop.post_form(&[("name", "Uma"), ("phone", "(512) 555-0178"), ("message", "Tap")]).await.lead();
    shop.passes(MINUTE).await;
    shop.nothing_rings();
    shop.whatever_came();
}

#[tokio::test]
async fn a_missed_call_is_rung_about_without_its_number() {
    let shop = Shop::open().await;
    set_ladder(&shop, "0", true).await;
    let fields =
        [("CallSid", "CA1"), ("From", MARIA), ("To", crate::support::fake_twilio::NUMBER), ("CallStatus", "ringing")];
    let ring = crate::support::twilio_wire::Signed::new(
        crate::support::fake_twilio::AUTH_TOKEN,
        "https://leads.example.com/twilio/voice",
        &fields,
    );
    let twiml = shop.hears(&ring).await.text;
    let over = crate::support::twilio_wire::Signed::new(
        crate::support::fake_twilio::AUTH_TOKEN,
        &attribute(&twiml, "action"),
        &[
            ("CallSid", "CA1"),
            ("From", MARIA),
            ("To", crate::support::fake_twilio::NUMBER),
            ("DialCallStatus", "no-answer"),
        ],
    );
    shop.hears(&over).await;

    let mut call = shop.rings(DAVE);
    call.picks_up().await;
    let heard = call.presses("1").await;

    assert!(heard[0].starts_with("Missed call: someone who gave no name."), "{heard:?}");
    call.hangs_up().await;
    shop.whatever_came();
}
