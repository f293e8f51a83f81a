//! Senders with habits of their own: they ask before they send, send many events at once, and put keys into bodies.

use crate::support::door::Answer;
use crate::support::shop::{DAVE, DAVE_MAIL, MARIA, Shop};
use leadbell::intake::signature::{Digest, hex_hmac};
use serde_json::{Value, json};

async fn asks(shop: &Shop, token: &str, query: &str) -> Answer {
    shop.ask("GET", &format!("/in/{token}?{query}"), &[], "").await
}

/// How many submissions are stored, by the API.
async fn stored(shop: &Shop) -> Vec<Value> {
    shop.api("/receipts?limit=500").await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_vendor_that_asks_whether_somebody_is_there_gets_its_own_answer() {
    let shop = Shop::open().await;
    let (_, meta) = shop.source_from("meta", Some("word")).await;
    let (_, linkedin) = shop.source_from("linkedin", Some("client-secret")).await;
    let (_, braintree) = shop.source_from("braintree", Some("public|private")).await;

    let yes = asks(&shop, &meta, "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=word").await;
    let no = asks(&shop, &meta, "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=guess").await;
    let code = asks(&shop, &linkedin, "challengeCode=890e4665-4dfe-4ab1").await;
    let dare = asks(&shop, &braintree, "bt_challenge=20f9f8ed05f77439fe955c977e4c8a53").await;

    assert_eq!((yes.status, &*yes.text), (200, "1158201444"));
    assert!(yes.header("content-type").starts_with("text/plain"));
    assert_eq!(no.status, 403);
    let expected = hex_hmac(Digest::Sha256, b"client-secret", b"890e4665-4dfe-4ab1");
    assert_eq!(code.json(), json!({"challengeCode": "890e4665-4dfe-4ab1", "challengeResponse": expected}));
    assert_eq!((code.status, code.header("content-type")), (200, "application/json"));
    assert!(dare.status == 200 && dare.text.starts_with("public|"), "{}", dare.text);
}

#[tokio::test]
async fn an_address_opens_for_anybody_and_pings_are_answered_with_exactly_200() {
    let shop = Shop::open().await;
    let (_, woo) = shop.source_from("woocommerce", Some("s")).await;
    let (_, cal) = shop.source_from("cal-com", Some("s")).await;
    let (_, square) = shop.source_from("square", None).await;
    let ping = r#"{"triggerEvent":"PING","createdAt":"2026-02-11T09:00:00Z","payload":{"type":"Test"}}"#;
    let signature = hex_hmac(Digest::Sha256, b"s", ping.as_bytes());
    let test = r#"{"merchant_id":"M","type":"webhooks.test_notification","event_id":"e1","data":{"type":"webhooks"}}"#;

    for method in ["GET", "HEAD"] {
        assert_eq!(shop.ask(method, &format!("/in/{woo}"), &[], "").await.status, 200, "{method}");
    }
    let preflight = shop.ask("OPTIONS", &format!("/in/{woo}"), &[], "").await;
    let saved = shop.door_of(&woo).raw("application/x-www-form-urlencoded", "webhook_id=5").await;
    let pinged = shop.door_of(&cal).header("x-cal-signature-256", &signature).raw("application/json", ping).await;
    let tested = shop.door_of(&square).raw("application/json", test).await;

    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "*"));
    for answer in [saved, pinged, tested] {
        assert_eq!((answer.status, &*answer.word("status")), (200, "ignored"), "{}", answer.text);
        assert!(answer.text.len() <= 200);
    }
}

#[tokio::test]
async fn a_program_is_never_sent_elsewhere_whatever_it_would_like_to_read() {
    let shop = Shop::open().await;
    let (_, stripe) = shop.source_from("stripe", None).await;
    let html = ("accept", "text/html, image/gif, */*; q=.2");
    let ping = r#"{"type":"ping"}"#;

    let java = shop.door().header(html.0, html.1).header("user-agent", "Java/17.0.2").raw("text/plain", ping).await;
    let json = shop.door().header(html.0, html.1).raw("application/json", ping).await;
    let payment = shop.door_of(&stripe).header(html.0, html.1).raw("text/plain", r#"{"type":"other"}"#).await;
    let long = "x".repeat(300);
    let (_, own) = shop.source_from("custom-hmac", Some(&format!("header=X-{long}; secret=s"))).await;
    let refused = shop.door_of(&own).raw("application/json", ping).await;

    assert_eq!([java.status, json.status, payment.status, refused.status], [200, 200, 200, 401]);
    assert!(refused.text.len() <= 200 && refused.word("problem").ends_with('…'), "{}", refused.text);
}

#[tokio::test]
async fn every_event_of_a_request_is_a_submission_of_its_own() {
    let shop = Shop::open().await;
    let (_, token) = shop.source_from("meta", None).await;
    let lead = |id: &str| json!({"field": "leadgen", "value": {"leadgen_id": id, "form_id": "1", "page_id": "2"}});
    let body = |leads: Vec<Value>| json!({"object": "page", "entry": [{"id": "2", "time": 1, "changes": leads}]});

    let first = shop.door_of(&token).json(&body(vec![lead("100000000000001"), lead("100000000000002")])).await;
    let again = shop.door_of(&token).json(&body(vec![lead("100000000000001"), lead("100000000000002")])).await;
    let more = shop.door_of(&token).json(&body(vec![lead("100000000000001"), lead("100000000000003")])).await;

    let all = stored(&shop).await;
    assert_eq!(all.len(), 3);
    let leads: std::collections::HashSet<_> = all.iter().map(|receipt| receipt["lead"].as_str().unwrap()).collect();
    assert_eq!(leads.len(), 3);
    assert_eq!(
        (&*first.word("status"), &*again.word("status"), &*more.word("status")),
        ("accepted", "duplicate", "accepted")
    );
    assert!(first.word("receipt") == again.word("receipt") && first.word("lead") == more.word("lead"));
    let whole = shop.api(&format!("/receipts/{}", first.word("receipt"))).await;
    assert!(whole["body"].as_str().unwrap().contains("100000000000002"), "the first keeps all: {whole}");
    let other = all.iter().find(|receipt| receipt["repeats"] == 1).unwrap();
    let part = shop.api(&format!("/receipts/{}", other["id"].as_str().unwrap())).await;
    assert_eq!(part["body"], lead("100000000000002").to_string(), "the others keep their part");
    for _ in 0..3 {
        shop.owner_is_told("Someone through meta");
    }
}

#[tokio::test]
async fn two_hundred_and_fifty_events_at_once_are_all_stored_and_the_rest_of_a_batch_is_caught_up() {
    let shop = Shop::open().await;
    let (_, token) = shop.source_from("gocardless", None).await;
    let event = |n: usize| {
        json!({"id": format!("EV{n:012}"), "resource_type": "mandates", "action": "created",
            "links": {"mandate": format!("MD{n}")}})
    };
    let batch = |n: usize| json!({"events": (0..n).map(event).collect::<Vec<_>>()});

    let some = shop.door_of(&token).json(&batch(100)).await;
    let all = shop.door_of(&token).json(&batch(250)).await;
    let again = shop.door_of(&token).json(&batch(250)).await;

    assert_eq!(
        [&*some.word("status"), &*all.word("status"), &*again.word("status")],
        ["ignored", "ignored", "duplicate"]
    );
    assert!(some.word("receipt") == all.word("receipt") && all.word("receipt") == again.word("receipt"));
    assert_eq!(stored(&shop).await.len(), 250);
}

#[tokio::test]
async fn more_events_than_anybody_sends_are_kept_as_one() {
    let shop = Shop::open().await;
    let (_, token) = shop.source_from("gocardless", None).await;
    let events: Vec<Value> = (0..501).map(|n| json!({"id": format!("EV{n}")})).collect();

    let answer = shop.door_of(&token).json(&json!({ "events": events })).await;

    assert_eq!(answer.word("status"), "kept");
    assert_eq!(stored(&shop).await.len(), 1);
    shop.inbox(DAVE_MAIL).expects_mail("could not read");
    shop.phone(DAVE).expects_text("could not read");
}

#[tokio::test]
async fn keys_that_travel_in_bodies_are_not_stored() {
    let shop = Shop::open().await;
    let (_, token) = shop.source_from("google-ads", Some("gk_canary")).await;
    let lead = json!({"lead_id": "L-0001", "google_key": "gk_canary", "user_column_data": [
        {"column_id": "FULL_NAME", "string_value": "Maria Lopez"},
        {"column_id": "PHONE_NUMBER", "string_value": MARIA}]});

    let answer = shop.door_of(&token).json(&lead).await;

    answer.lead();
    let receipt = shop.api(&format!("/receipts/{}", answer.word("receipt"))).await;
    assert!(!receipt.to_string().contains("gk_canary"), "{receipt}");
    assert_eq!(receipt["body"], lead.to_string().replace("gk_canary", "*********"));
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
}
