//! Senders that prove themselves in ways of their own, from the outside: PayPal's certificate, Wix's tokens, texts that
//! Twilio passes on.

use crate::support::door::{Answer, Door};
use crate::support::shop::{ANA, DAVE, MARIA, PUBLIC_URL, Setup, Shop};
use crate::support::twilio_wire::Signed;
use leadbell::delivery::certificates::Certificates;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn certificate(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/certificates/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// PayPal's host: hangs up on the first caller, hands out this chain to the second, and is gone.
async fn paypals(chain: &str) -> Arc<Certificates> {
    let (listener, chain) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), certificate(chain));
    let via = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        drop(listener.accept().await.unwrap());
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = [0; 2_048];
        assert!(stream.read(&mut asked).await.unwrap() > 0);
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", chain.len());
        stream.write_all(&[head.into_bytes(), chain].concat()).await.unwrap();
    });
    Arc::new(Certificates::of_a_world(&via, &certificate("root.pem")).unwrap())
}

/// Two payments, each of them signed.
fn payments() -> Vec<(Vec<(String, String)>, String)> {
    let all: Value = serde_json::from_slice(&certificate("paypal.json")).unwrap();
    let event = |event: &Value| {
        let headers = event["headers"].as_object().unwrap().iter();
        let headers = headers.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        (headers, event["body"].as_str().unwrap().to_owned())
    };
    all["events"].as_array().unwrap().iter().map(event).collect()
}

async fn pays(shop: &Shop, token: &str, headers: &[(String, String)], body: &str) -> Answer {
    let door = headers.iter().fold(Door::new(shop, token), |door, (name, value)| door.header(name, value));
    door.raw("application/json", body).await
}

#[tokio::test]
async fn paypals_certificate_is_fetched_once_and_nothing_is_believed_without_it() {
    let shop = Shop::with(Setup { certificates: paypals("chain.pem").await, ..Setup::default() }).await;
    let (_, paypal) = shop.source_from("paypal", Some("1JE4291016473214C")).await;
    let [(first, one), (second, other)] = &payments()[..] else { panic!("two payments") };

    let unknown = pays(&shop, &paypal, first, one).await;
    assert_eq!(unknown.status, 503, "{}", unknown.text);
    assert!(!unknown.header("retry-after").is_empty());
    assert_eq!(shop.api("/receipts").await["items"].as_array().unwrap().len(), 0, "it comes again whole");

    shop.clock.advance(Duration::from_secs(60));
    let lead = pays(&shop, &paypal, first, one).await.lead();
    shop.owner_is_told("New payment: someone $149.99");
    assert_eq!(shop.lead(&lead).await["payments"][0]["minor"], 14_999);
    assert_eq!(pays(&shop, &paypal, first, one).await.word("status"), "duplicate");

    let forged = pays(&shop, &paypal, second, &other.replace("89.00", "9.00")).await;
    assert_eq!((forged.status, &*forged.word("status")), (401, "refused"));
    let elsewhere: Vec<(String, String)> =
        second.iter().map(|(name, value)| (name.clone(), value.replace("api.paypal.com", "evil.example"))).collect();
    assert_eq!(pays(&shop, &paypal, &elsewhere, other).await.status, 401);
    pays(&shop, &paypal, second, other).await.lead();
    shop.owner_is_told("New payment: someone $89.00");
}

#[tokio::test]
async fn a_certificate_that_is_not_paypals_makes_no_payment_and_what_came_is_kept() {
    let shop = Shop::with(Setup { certificates: paypals("other-name.pem").await, ..Setup::default() }).await;
    let (_, paypal) = shop.source_from("paypal", Some("1JE4291016473214C")).await;
    let (headers, body) = &payments()[0];
    pays(&shop, &paypal, headers, body).await;
    shop.clock.advance(Duration::from_secs(60));

    let answer = pays(&shop, &paypal, headers, body).await;

    assert_eq!(answer.status, 401);
    assert!(answer.word("problem").contains("not for paypal.com"), "{}", answer.text);
    assert_eq!(shop.api("/receipts").await["items"][0]["state"], "refused");
}

/// A text to the number whose webhook is this source.
async fn texts(shop: &Shop, token: &str, sid: &str, from: &str, words: &str) -> Answer {
    let fields = [("MessageSid", sid), ("From", from), ("To", "+14155550123"), ("Body", words), ("NumMedia", "0")];
    let signed = Signed::new("the auth token", &format!("{PUBLIC_URL}/in/{token}"), &fields);
    let door = Door::new(shop, token).header("x-twilio-signature", &signed.signature);
    door.raw("application/x-www-form-urlencoded", signed.form).await
}

const NOTHING_TO_SAY: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Response/>"#;

async fn of(shop: &Shop, path: &str) -> Vec<Value> {
    shop.api(path).await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn who_texts_the_number_of_a_source_is_a_lead_and_then_somebody_we_know() {
    let shop = Shop::open().await;
    let (_, number) = shop.source_from("twilio", Some("the auth token")).await;

    let answer = texts(&shop, &number, "SM1", MARIA, "Tap leaking, can you come?").await;

    assert_eq!((answer.status, answer.header("content-type")), (200, "text/xml"));
    assert_eq!(answer.text, NOTHING_TO_SAY);
    let lead = of(&shop, "/leads").await.remove(0);
    let told = ["kind", "phone", "message"].map(|name| lead[name].as_str().unwrap());
    assert_eq!(told, ["text", MARIA, "Tap leaking, can you come?"]);
    assert_eq!(lead["name"], Value::Null);
    shop.phone(MARIA).expects_text("Harbor Plumbing here");
    shop.owner_is_told("New lead: (512) 555-0142\nTap leaking");

    texts(&shop, &number, "SM1", MARIA, "Tap leaking, can you come?").await;
    texts(&shop, &number, "SM2", MARIA, "Thanks, 4 pm?").await;
    texts(&shop, &number, "SM3", DAVE, "1").await;

    shop.phone(DAVE).expects_text("replied:\nThanks, 4 pm?");
    shop.phone(DAVE).expects_text("Yours: someone, (512) 555-0142");
    let leads = of(&shop, "/leads").await;
    assert_eq!((leads.len(), &leads[0]["state"]), (1, &"taken".into()));
    assert!(leads[0]["replied_at"].is_string());
}

#[tokio::test]
async fn a_keyword_from_a_stranger_makes_no_lead_and_is_obeyed() {
    let shop = Shop::open().await;
    let (_, number) = shop.source_from("twilio", Some("the auth token")).await;

    assert_eq!(texts(&shop, &number, "SM1", ANA, " Stop ").await.text, NOTHING_TO_SAY);
    assert_eq!(of(&shop, "/leads").await.len(), 0);
    assert_eq!(of(&shop, "/receipts").await[0]["state"], "ignored");
    shop.post_form(&[("name", "Ana"), ("phone", ANA), ("message", "Hello")]).await.lead();
    shop.owner_is_told("New lead: Ana");
    shop.phone(ANA).is_quiet();

    texts(&shop, &number, "SM2", ANA, "YES").await;
    let events = shop.lead(of(&shop, "/leads").await[0]["id"].as_str().unwrap()).await["events"].to_string();
    assert!(events.contains("opted_in"), "{events}");
    let forged = Door::new(&shop, &number)
        .header("x-twilio-signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        .form(&[("MessageSid", "SM3"), ("From", MARIA), ("Body", "Hi")])
        .await;
    assert_eq!(forged.status, 401);
    assert_eq!(of(&shop, "/leads").await.len(), 1);
}

#[tokio::test]
async fn a_missed_call_is_told_and_a_hidden_number_is_nobody() {
    let shop = Shop::open().await;
    let (_, number) = shop.source_from("twilio", None).await;
    let rings = async |sid: &str, from: &str, how: &str| {
        let fields = [("CallSid", sid), ("From", from), ("DialCallStatus", how)];
        Door::new(&shop, &number).form(&fields).await.text
    };

    assert_eq!(rings("CA1", MARIA, "completed").await, NOTHING_TO_SAY);
    rings("CA2", "+266696687", "no-answer").await;
    assert_eq!(of(&shop, "/leads").await.len(), 0);
    rings("CA3", MARIA, "no-answer").await;

    shop.owner_is_told("Missed call: (512) 555-0142");
    assert_eq!(of(&shop, "/leads").await[0]["kind"], "call");
    shop.phone(MARIA).expects_text("we missed your call");
}

#[tokio::test]
async fn a_hook_of_a_wix_app_is_opened_with_its_public_key() {
    let shop = Shop::open().await;
    let key = String::from_utf8(certificate("wix-key.pem")).unwrap();
    let other = String::from_utf8(certificate("another-key.pem")).unwrap();
    let token = std::fs::read(format!("{}/tests/fixtures/intake/wix/app.txt", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let (_, wix) = shop.source_from("wix", Some(&key)).await;
    let (_, stranger) = shop.source_from("wix", Some(&other)).await;

    assert_eq!(Door::new(&shop, &stranger).raw("text/plain", token.clone()).await.status, 401);
    let lead = Door::new(&shop, &wix).raw("text/plain", token).await.lead();

    let lead = shop.lead(&lead).await;
    assert_eq!((&lead["name"], &lead["message"]), (&"Nora Lind".into(), &"Kan ni måla om fasaden?".into()));
    shop.inbox("nora@example.se").expects_mail("got your message");
    shop.owner_is_told("New lead: Nora Lind");
}
