//! The words that people and programs read, to the letter.

use crate::support::shop::{ANA, DAVE, DAVE_MAIL, ENQUIRY, MARIA, MARIA_MAIL, Setup, Shop};
use crate::support::words::reads_as;
use serde_json::{Value, json};
use std::time::Duration;

fn pretty(json: &Value) -> String {
    serde_json::to_string_pretty(json).unwrap()
}

/// The messages in an order that does not hang on their ids, which chance makes.
fn in_order(mut json: Value, list: &str) -> Value {
    let messages = json[list].as_array_mut().unwrap();
    messages.sort_by_key(|m| ["purpose", "channel", "body"].map(|name| m[name].as_str().unwrap().to_owned()));
    json
}

#[tokio::test]
async fn a_form_becomes_two_texts_and_a_mail() {
    let shop = Shop::open().await;

    shop.post_form(ENQUIRY).await.lead();

    let to_maria = shop.phone(MARIA).expects_text("Hi Maria");
    let to_dave = shop.phone(DAVE).expects_text("New lead: Maria Lopez");
    let mail = shop.inbox(DAVE_MAIL).expects_mail("Maria Lopez");
    reads_as!("text_to_the_lead", to_maria.body);
    reads_as!("text_to_the_owner", to_dave.body);
    reads_as!(
        "mail_to_the_owner",
        format!("{}\n\n{}", mail.header("Subject").unwrap(), mail.part("text/plain").unwrap())
    );
    reads_as!("mail_to_the_owner_as_html", mail.part("text/html").unwrap());
}

#[tokio::test]
async fn who_leaves_no_number_is_answered_by_mail() {
    let shop = Shop::open().await;

    shop.post_form(&[("name", "Maria Lopez"), ("email", MARIA_MAIL), ("message", "Do you fix boilers?")]).await.lead();

    let mail = shop.inbox(MARIA_MAIL).expects_mail("got your message");
    reads_as!(
        "mail_to_the_lead",
        format!("{}\n\n{}", mail.header("Subject").unwrap(), mail.part("text/plain").unwrap())
    );
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-replied"));
    assert_eq!(mail.header("Reply-To").as_deref(), Some(DAVE_MAIL));
    shop.owner_is_told("New lead: Maria Lopez");
}

#[tokio::test]
async fn a_shop_that_is_closed_says_when_it_opens() {
    let hours = Some(r#"{"thu":["08:00-17:00"]}"#);
    let shop = Shop::with(Setup { hours, ..Setup::default() }).await;

    shop.post_form(ENQUIRY).await.lead();

    reads_as!("text_to_the_lead_while_closed", shop.phone(MARIA).expects_text("Hi Maria").body);
    shop.owner_is_told("New lead");
}

#[tokio::test]
async fn replies_to_an_alert_are_answered_in_words() {
    let shop = Shop::with(Setup { ana_too: true, ..Setup::default() }).await;
    shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("Reply 1");
    shop.phone(ANA).expects_text("Reply 1");

    let mut words = String::new();
    for (who, what) in [(DAVE, "7"), (DAVE, "1"), (ANA, " 1 "), (DAVE, "1x"), (ANA, "1"), (DAVE, "what?")] {
        shop.texts_in(who, what).await;
        words += &format!("> {what}\n{}\n", shop.phone(who).expects_text("").body);
        if what == "1x" {
            shop.phone(ANA).expects_text("Still waiting: Maria Lopez");
        }
    }

    reads_as!("answers_to_replies", words);
}

#[tokio::test]
async fn the_answers_of_the_address_are_what_the_contract_says() {
    let shop = Shop::open().await;
    let mut answers = String::new();
    let bodies: [(&str, &str, &str); 7] = [
        ("new", "", "name=Maria+Lopez&phone=5125550142&message=Hello"),
        ("again", "", "name=Maria+Lopez&phone=5125550142&message=Hello"),
        ("test", "test=1", "name=Maria+Lopez&phone=5125550142&message=Trying"),
        ("ping", "", "event=ping"),
        ("unreadable", "", "\u{1}\u{2}"),
        ("honeypot", "", "name=Bot&email=bot%40spam.example&message=Buy&_gotcha=yes"),
        ("empty", "", ""),
    ];
    for (what, query, body) in bodies {
        let answer = shop.door().query(query).raw("application/x-www-form-urlencoded", body).await;
        answers += &format!("{what}: {} {}\n", answer.status, answer.text);
    }
    let refused = Shop::with(Setup { secret: Some("s3cret"), ..Setup::default() }).await;
    let wrong = refused.door().header("x-leadbell-secret", "guessed").form(ENQUIRY).await;
    answers += &format!("wrong secret: {} {}\n", wrong.status, wrong.text);
    let nobody = shop.ask("POST", "/in/nobodys0000000000000000000", &[], "a=b").await;
    answers += &format!("wrong address: {} {}\n", nobody.status, nobody.text);
    let big = shop.door().raw("application/json", vec![b' '; (1 << 20) + 1]).await;
    answers += &format!("too large: {} {}\n", big.status, big.text);

    reads_as!("answers_of_the_address", answers);
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
    shop.owner_is_told("TEST lead");
    reads_as!("text_about_what_nobody_could_read", shop.phone(DAVE).expects_text("could not read").body);
    shop.inbox(DAVE_MAIL).expects_mail("Could not read a submission of Website form");
}

#[tokio::test]
async fn the_api_tells_the_whole_story() {
    let shop = Shop::open().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    let text = shop.phone(MARIA).expects_text("Hi Maria");
    shop.carrier_says(&text, "delivered", None).await;
    shop.owner_is_told("New lead");
    shop.passes(Duration::from_secs(60)).await;
    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours");
    shop.api_post(&format!("/leads/{lead}/person"), &json!({"how": "call"})).await;
    shop.api_post(&format!("/leads/{lead}/texts"), &json!({"body": "On my way."})).await;
    shop.phone(MARIA).expects_text("On my way.");
    shop.texts_in(MARIA, "Great, thanks").await;
    shop.phone(DAVE).expects_text("Great, thanks");
    shop.api_post(&format!("/leads/{lead}/outcome"), &json!({"outcome": "booked"})).await;

    reads_as!("api_lead", pretty(&in_order(shop.lead(&lead).await, "messages")));
    reads_as!("api_leads", pretty(&shop.api("/leads").await));
    reads_as!("api_messages", pretty(&in_order(shop.api(&format!("/messages?lead={lead}")).await, "items")));
    reads_as!("api_receipts", pretty(&shop.api("/receipts").await));
    let receipts = shop.api("/receipts").await;
    let receipt = receipts["items"][0]["id"].as_str().unwrap();
    reads_as!("api_receipt", pretty(&shop.api(&format!("/receipts/{receipt}")).await));
    reads_as!("api_stats", shop.api("/stats?from=2026-02-11&to=2026-02-12").await.to_string());
    let unknown = shop.api_post("/leads/nobody/take", &json!({})).await;
    reads_as!("api_error", format!("{} {}", unknown.status, unknown.text));
}
