//! The shop's own words, and texts that follow while nobody has answered.

use crate::support::fake_twilio::{AUTH_TOKEN, Fault, NUMBER};
use crate::support::shop::{DAVE, ENQUIRY, MARIA, PUBLIC_URL, Shop};
use crate::support::twilio_wire::Signed;
use std::time::Duration;

const MINUTE: u64 = 60;

/// A follow-up half an hour after the lead came, switched on.
async fn follow(shop: &Shop) {
    let office = shop.office().await;
    let fields = [
        ("id", ""),
        ("after", "1800000"),
        ("body", "Hi {first}, {shop} here. {owner} will call you by {time}. STOP to opt out."),
        ("on", "yes"),
        ("do", "save"),
    ];
    assert_eq!(office.presses("/b/harbor/messages/follow-ups", &fields).await.status, 303);
}

/// An enquiry that was answered by itself and told to the owner.
async fn comes_in(shop: &Shop) -> String {
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.works().await;
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    lead
}

async fn follow_up(shop: &Shop) -> String {
    let all = shop.messages().await;
    all.into_iter().find(|line| line.starts_with("follow_up")).unwrap_or_default()
}

#[tokio::test]
async fn the_shops_own_words_answer_in_place_of_the_usual_ones() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    let own = [("body", "Hola {first}, {shop}: {owner} calls you from {phone}. STOP to opt out."), ("do", "save")];
    assert_eq!(office.presses("/b/harbor/messages/open", &own).await.status, 303);

    shop.post_form(ENQUIRY).await;

    let text = shop.phone(MARIA).expects_text("Hola Maria, Harbor Plumbing: Dave calls you from (512) 555-0100.");
    assert!(text.body.ends_with("STOP to opt out."));
    shop.owner_is_told("New lead: Maria Lopez");
}

#[tokio::test]
async fn the_words_can_be_looked_at_on_ones_own_phone() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    let own = [("body", "Hola {first}, {shop}. STOP to opt out."), ("do", "send")];

    office.presses("/b/harbor/messages/open", &own).await;
    shop.works().await;

    shop.phone(DAVE).expects_text("Hola Maria, Harbor Plumbing. STOP to opt out.");
}

#[tokio::test]
async fn a_lead_that_nobody_answers_hears_when_somebody_will_call() {
    let shop = Shop::open().await;
    follow(&shop).await;
    comes_in(&shop).await;

    shop.passes(Duration::from_secs(29 * MINUTE)).await;
    shop.phone(MARIA).is_quiet();
    shop.passes(Duration::from_secs(2 * MINUTE)).await;

    shop.phone(MARIA).expects_text("Hi Maria, Harbor Plumbing here. Dave will call you by 12:45 pm. STOP to opt out.");
}

#[tokio::test]
async fn whoever_is_quicker_calls_the_follow_up_off() {
    let cases: [(&str, &str); 4] = [
        ("take", "Somebody has it."),
        ("person", "A person has answered."),
        ("outcome", "It is closed."),
        ("reply", "They wrote back."),
    ];
    for (deed, reason) in cases {
        let shop = Shop::open().await;
        follow(&shop).await;
        let lead = comes_in(&shop).await;

        match deed {
            "take" => drop(shop.api_post(&format!("/leads/{lead}/take"), &serde_json::json!({})).await),
            "person" => {
                drop(shop.api_post(&format!("/leads/{lead}/person"), &serde_json::json!({"how": "call"})).await)
            }
            "outcome" => {
                drop(shop.api_post(&format!("/leads/{lead}/outcome"), &serde_json::json!({"outcome": "booked"})).await);
            }
            _ => {
                shop.texts_in(MARIA, "Any news?").await;
                shop.phone(DAVE).expects_text("Maria Lopez replied");
            }
        }
        shop.passes(Duration::from_secs(32 * MINUTE)).await;

        assert_eq!(follow_up(&shop).await, format!("follow_up sms cancelled {reason}"), "{deed}");
        shop.phone(MARIA).is_quiet();
        while shop.unexpected_texts().iter().any(|text| text.to == DAVE) {
            shop.phone(DAVE).expects_text("");
        }
    }
}

#[tokio::test]
async fn stop_ends_it_and_the_night_holds_it_until_nine_where_they_are() {
    let shop = Shop::open().await;
    follow(&shop).await;
    comes_in(&shop).await;
    shop.texts_in(MARIA, "STOP").await;
    shop.passes(Duration::from_secs(40 * MINUTE)).await;
    assert!(follow_up(&shop).await.starts_with("follow_up sms cancelled"));
    shop.phone(MARIA).is_quiet();

    let late = Shop::open().await;
    follow(&late).await;
    // 7:40 pm at the shop and with Maria.
    late.passes(Duration::from_secs(8 * 3_600 + 40 * MINUTE)).await;
    comes_in(&late).await;
    late.passes(Duration::from_secs(40 * MINUTE)).await;
    assert_eq!(follow_up(&late).await, "follow_up sms queued It is 8:10 pm in Chicago; goes at 9:00 am.");
    late.passes(Duration::from_secs(13 * 3_600)).await;
    late.phone(MARIA).expects_text("Dave will call you by 10:00 am.");
}

#[tokio::test]
async fn a_follow_up_that_was_held_up_until_evening_waits_for_the_morning() {
    let shop = Shop::open().await;
    follow(&shop).await;
    // 7:20 pm at the shop and with Maria.
    shop.passes(Duration::from_secs(8 * 3_600 + 20 * MINUTE)).await;
    comes_in(&shop).await;
    shop.twilio.whenever(MARIA, Fault::Refuse { status: 429, code: 20429 });
    shop.passes(Duration::from_secs(45 * MINUTE)).await;
    shop.twilio.heal();

    shop.passes(Duration::from_secs(30 * MINUTE)).await;
    assert!(follow_up(&shop).await.starts_with("follow_up sms queued It is 8:"), "{}", follow_up(&shop).await);
    shop.phone(MARIA).is_quiet();
    shop.passes(Duration::from_secs(13 * 3_600)).await;
    shop.phone(MARIA).expects_text("Dave will call you by");
}

#[tokio::test]
async fn who_asks_to_be_left_alone_in_words_of_their_own_hears_nothing_more_by_itself_until_start() {
    let shop = Shop::open().await;
    follow(&shop).await;
    comes_in(&shop).await;
    shop.texts_in(MARIA, "please stop texting me").await;
    shop.whatever_came();
    shop.passes(Duration::from_secs(13 * 3_600)).await;
    shop.whatever_came();

    let missed = [("CallSid", "CA1"), ("From", MARIA), ("To", NUMBER), ("DialCallStatus", "no-answer")];
    let url = format!("{PUBLIC_URL}/twilio/voice/after");
    shop.hears(&Signed::new(AUTH_TOKEN, &url, &missed)).await;
    shop.phone(MARIA).is_quiet();
    shop.owner_is_told("Missed call: Maria Lopez");
    shop.texts_in(MARIA, "START").await;
    shop.passes(Duration::from_secs(13 * 3_600)).await;
    shop.whatever_came();
    let again = [("CallSid", "CA2"), ("From", MARIA), ("To", NUMBER), ("DialCallStatus", "no-answer")];
    shop.hears(&Signed::new(AUTH_TOKEN, &url, &again)).await;

    shop.phone(MARIA).expects_text("Hi Maria, Harbor Plumbing here. Sorry, we missed your call.");
    shop.owner_is_told("Missed call: Maria Lopez");
}
