//! Programs, phones and chats that are told what happens to leads: what they hear, how it is proved, and what becomes of
//! what does not arrive.

use crate::support::fake_receiver::{FakeReceiver, Got, Says};
use crate::support::office::Office;
use crate::support::shop::{DAVE_MAIL, ENQUIRY, MARIA, Shop};
use crate::support::stripe::Sale;
use serde_json::{Value, json};
use std::time::Duration;

const DAY: u64 = 24 * 3_600;
const ALL: [&str; 7] = [
    "lead.received",
    "lead.taken",
    "lead.answered",
    "lead.replied",
    "lead.closed",
    "payment.received",
    "message.failed",
];

/// Adds a hook on the page; its secret, if it has one.
async fn hook(office: &Office<'_>, url: &str, kind: &str, events: &[&str]) -> Option<String> {
    let mut fields = vec![("url", url), ("kind", kind)];
    fields.extend(events.iter().map(|event| ("event", *event)));
    let added = office.presses("/b/harbor/hooks", &fields).await;
    assert_eq!(added.status, if kind == "webhook" { 200 } else { 303 }, "{}", added.text);
    secret_on(&added.text)
}

fn secret_on(page: &str) -> Option<String> {
    let (_, after) = page.split_once("whsec_")?;
    Some(format!("whsec_{}", after.split('<').next().unwrap()))
}

/// The button of a hook that posts there.
fn button(page: &str, name: &str) -> String {
    let action = page.split("action=\"").skip(1).map(|part| part.split('"').next().unwrap());
    let mut fitting = action.filter(|action| action.starts_with("/b/harbor/hooks/") && action.ends_with(name));
    fitting.next().unwrap_or_else(|| panic!("no button {name} on {page}")).to_owned()
}

async fn enquiry(shop: &Shop) -> String {
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.owner_is_told("New lead: Maria Lopez");
    shop.phone(MARIA).expects_text("Got your message");
    lead
}

#[tokio::test]
async fn a_program_is_told_of_a_lead_as_the_api_gives_it_signed_so_that_a_verifier_takes_it() {
    let shop = Shop::open().await;
    let receiver = FakeReceiver::start().await;
    let secret = hook(&shop.office().await, &format!("{}/in?key=k", receiver.address), "webhook", &ALL).await.unwrap();

    let lead = enquiry(&shop).await;

    let got = receiver.got_one();
    let now = shop.clock.now_ms();
    assert_eq!((got.path.as_str(), got.header("content-type")), ("/in?key=k", "application/json"));
    assert!(got.is_signed_with(&secret, now) && !got.is_signed_with("whsec_c2VjcmV0c2VjcmV0c2VjcmV0", now));
    assert!(!got.is_signed_with(&secret, now + 301_000), "an old one is no proof");
    let forged = Got { body: got.body.replace("Maria", "Marla"), ..got.clone() };
    assert!(!forged.is_signed_with(&secret, now));
    let body = got.json();
    assert_eq!((&body["type"], &body["timestamp"]), (&json!("lead.received"), &json!("2026-02-11T17:00:12.000Z")));
    let api = shop.lead(&lead).await;
    for (name, value) in body["data"].as_object().unwrap() {
        if !["summary", "link"].contains(&name.as_str()) {
            assert_eq!(value, &api[name], "{name}");
        }
    }
    let summary = body["data"]["summary"].as_str().unwrap().to_owned();
    let lines: Vec<&str> = summary.lines().collect();
    assert_eq!(
        lines[..2],
        ["Maria Lopez, (512) 555-0142, maria.lopez@example.com", "Kitchen tap leaking under the sink"]
    );
    assert!(lines[2].starts_with("Received 11:00 am; first answer 11:00 am") && lines.len() == 3, "{lines:?}");
    assert_eq!(body["data"]["link"], format!("https://leads.example.com/b/harbor/leads/{lead}"));
    assert_eq!(api["messages"].as_array().unwrap().len(), 3, "a hook is no part of the lead's story");
    assert!(api["events"].as_array().unwrap().iter().all(|event| event["detail"] != got.header("webhook-id")));
}

#[tokio::test]
async fn everything_that_happens_to_a_lead_is_told_once_and_only_to_those_who_want_to_hear_it() {
    let shop = Shop::open().await;
    let (all, some) = (FakeReceiver::start().await, FakeReceiver::start().await);
    let office = shop.office().await;
    hook(&office, &all.address, "webhook", &ALL).await;
    hook(&office, &some.address, "webhook", &["lead.closed"]).await;

    let lead = enquiry(&shop).await;
    assert_eq!(all.events(), ["lead.received"]);
    shop.api_post(&format!("/leads/{lead}/take"), &json!({})).await;
    let taken = all.got_one().json();
    assert_eq!((&taken["type"], &taken["data"]["taken_by"]), (&json!("lead.taken"), &json!("road")));
    shop.api_post(&format!("/leads/{lead}/person"), &json!({"how": "call"})).await;
    assert_eq!(all.events(), ["lead.answered"]);
    shop.passes(Duration::from_secs(600)).await;
    shop.api_post(&format!("/leads/{lead}/person"), &json!({"how": "call"})).await;
    assert!(all.events().is_empty(), "the second call is no news");
    shop.texts_in(MARIA, "Is 3 pm fine?").await;
    let replied = all.got_one().json();
    assert_eq!((&replied["type"], &replied["data"]["id"]), (&json!("lead.replied"), &json!(lead)));
    assert!(some.events().is_empty());
    shop.api_post(&format!("/leads/{lead}/outcome"), &json!({"outcome": "booked"})).await;
    assert_eq!((all.events(), some.events()), (vec!["lead.closed".to_owned()], vec!["lead.closed".to_owned()]));
    shop.whatever_came();
}

#[tokio::test]
async fn a_payment_and_a_message_that_failed_are_told_with_what_there_is_to_know() {
    let shop = Shop::open().await;
    let receiver = FakeReceiver::start().await;
    hook(&shop.office().await, &receiver.address, "webhook", &["payment.received", "message.failed"]).await;

    let (_, stripe) = shop.source_from("stripe", None).await;
    shop.door_of(&stripe).json(&Sale::of(14_999, "usd").session("paid")).await;
    let paid = receiver.got_one().json();
    shop.whatever_came();
    let text = shop.twilio.accepted().into_iter().find(|text| text.to == MARIA).unwrap();
    shop.carrier_says(&text, "undelivered", Some(30_006)).await;
    let failed = receiver.got_one().json();

    assert_eq!((&paid["type"], &paid["data"]["kind"]), (&json!("payment.received"), &json!("payment")));
    let payment = &paid["data"]["payment"];
    assert_eq!(
        (&payment["state"], &payment["minor"], &payment["currency"]),
        (&json!("paid"), &json!(14_999), &json!("USD"))
    );
    assert!(paid["data"]["summary"].as_str().unwrap().contains("paid $149.99"), "{paid}");
    let message = &failed["data"]["message_failed"];
    assert_eq!(
        (&failed["type"], &message["channel"], &message["to"], &message["state"]),
        (&json!("message.failed"), &json!("sms"), &json!(MARIA), &json!("failed"))
    );
    assert!(message["reason"].as_str().is_some_and(|reason| reason.len() > 10), "{message}");
    shop.whatever_came();
}

#[tokio::test]
async fn tests_and_spam_are_told_to_nobody_and_without_a_hook_nothing_is_even_noted() {
    let shop = Shop::open().await;
    let receiver = FakeReceiver::start().await;
    enquiry(&shop).await;
    let noted: i64 =
        sqlx::query_scalar("SELECT count(*) FROM hook_due").fetch_one(shop.standing().house.db.read()).await.unwrap();
    hook(&shop.office().await, &receiver.address, "webhook", &ALL).await;

    shop.door().query("test=1").form(&[("name", "Tom"), ("phone", "(512) 555-0177")]).await;
    shop.post_form(&[("name", "Bot"), ("phone", "(512) 555-0178"), ("_gotcha", "x")]).await;
    shop.whatever_came();

    assert_eq!(noted, 0);
    assert!(receiver.got().is_empty());
}

#[tokio::test]
async fn what_does_not_arrive_is_tried_for_three_days_under_one_id_then_given_up_and_the_owner_is_told() {
    let shop = Shop::open().await;
    shop.reports_no_weeks().await;
    let receiver = FakeReceiver::start().await;
    let office = shop.office().await;
    let secret = hook(&office, &receiver.address, "webhook", &["lead.received"]).await.unwrap();
    receiver.always(Says::Status(500));

    enquiry(&shop).await;
    let mut tries = receiver.got();
    assert_eq!(tries.len(), 1);
    shop.passes(Duration::from_secs(2 * DAY)).await;
    tries.extend(receiver.got());
    assert!((7..=8).contains(&tries.len()), "{} tries in two days", tries.len());
    assert!(
        tries.iter().all(|got| got.header("webhook-id") == tries[0].header("webhook-id") && got.body == tries[0].body)
    );
    let times: Vec<i64> = tries.iter().map(|got| got.header("webhook-timestamp").parse().unwrap()).collect();
    let waits: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // The clock of this test moves in steps, so a wait may be longer by one of them.
    for (wait, usual) in waits.iter().zip([5, 300, 1_800, 7_200, 18_000, 36_000]) {
        assert!((usual * 9 / 10 - 1..=usual * 11 / 10 + usual / 2 + 2).contains(wait), "{waits:?}");
    }
    assert!(
        tries.iter().zip(&times).all(|(got, at)| got.is_signed_with(&secret, at * 1_000)),
        "each try is signed anew"
    );
    shop.passes(Duration::from_secs(2 * DAY)).await;
    tries.extend(receiver.got());
    assert_eq!(tries.len(), 10);
    shop.inbox(DAVE_MAIL).expects_mail("does not answer");
    shop.passes(Duration::from_secs(2 * DAY)).await;
    assert!(receiver.got().is_empty());

    let page = office.opens("/b/harbor/hooks").await;
    assert!(page.contains("failed") && page.contains("Gave up after several tries. It answered 500."), "{page}");
    receiver.always(Says::Status(200));
    let id = tries[0].header("webhook-id").to_owned();
    office.presses(&button(&page, "/again"), &[("message", &id)]).await;
    shop.works().await;
    assert_eq!(receiver.got_one().header("webhook-id"), id);
    assert!(office.opens("/b/harbor/hooks").await.contains("delivered"));
}

#[tokio::test]
async fn a_receiver_that_says_when_to_come_back_is_taken_at_its_word() {
    let shop = Shop::open().await;
    let receiver = FakeReceiver::start().await;
    hook(&shop.office().await, &receiver.address, "webhook", &["lead.received"]).await;
    receiver.next(Says::After(429, 900));

    enquiry(&shop).await;
    assert_eq!(receiver.got().len(), 1);
    shop.passes(Duration::from_secs(880)).await;
    assert!(receiver.got().is_empty());
    shop.passes(Duration::from_secs(120)).await;

    assert_eq!(receiver.events(), ["lead.received"]);
}

#[tokio::test]
async fn a_receiver_that_is_gone_for_good_is_switched_off_and_the_owner_is_told_once() {
    let shop = Shop::open().await;
    let receiver = FakeReceiver::start().await;
    let office = shop.office().await;
    hook(&office, &receiver.address, "webhook", &ALL).await;
    receiver.always(Says::Status(410));

    let lead = enquiry(&shop).await;
    shop.works().await;
    shop.inbox(DAVE_MAIL).expects_mail("was switched off");
    shop.api_post(&format!("/leads/{lead}/take"), &json!({})).await;
    shop.passes(Duration::from_secs(4 * DAY)).await;

    assert_eq!(receiver.got().len(), 1);
    let page = office.opens("/b/harbor/hooks").await;
    assert!(page.contains("410 Gone, which means: never again."), "{page}");
    receiver.always(Says::Status(200));
    office.presses(&button(&page, "/on"), &[]).await;
    shop.api_post(&format!("/leads/{lead}/outcome"), &json!({"outcome": "booked"})).await;
    assert_eq!(receiver.events(), ["lead.closed"]);
}

#[tokio::test]
async fn a_new_secret_and_the_one_before_sign_together_for_a_week() {
    let shop = Shop::open().await;
    let receiver = FakeReceiver::start().await;
    let office = shop.office().await;
    let old = hook(&office, &receiver.address, "webhook", &["lead.received"]).await.unwrap();

    let page = office.opens("/b/harbor/hooks").await;
    assert_eq!(secret_on(&page), None, "a secret is shown once");
    let new = secret_on(&office.presses(&button(&page, "/secret"), &[]).await.text).unwrap();
    office.presses(&button(&page, "/test"), &[]).await;
    shop.works().await;
    let both = receiver.got_one();
    let now = shop.clock.now_ms();
    shop.passes(Duration::from_secs(8 * DAY)).await;
    office.presses(&button(&page, "/test"), &[]).await;
    shop.works().await;
    let one = receiver.got_one();
    let later = shop.clock.now_ms();

    assert_ne!(old, new);
    assert_eq!(both.event(), "ping");
    assert!(both.is_signed_with(&old, now) && both.is_signed_with(&new, now));
    assert!(!one.is_signed_with(&old, later) && one.is_signed_with(&new, later));
}

#[tokio::test]
async fn what_waits_for_a_hook_that_is_switched_off_or_removed_is_called_off() {
    for way in ["/off", "/remove"] {
        let shop = Shop::open().await;
        let receiver = FakeReceiver::start().await;
        let office = shop.office().await;
        hook(&office, &receiver.address, "webhook", &ALL).await;
        receiver.always(Says::Status(503));
        let lead = enquiry(&shop).await;
        receiver.got();

        office.presses(&button(&office.opens("/b/harbor/hooks").await, way), &[]).await;
        shop.passes(Duration::from_secs(900)).await;
        shop.api_post(&format!("/leads/{lead}/take"), &json!({})).await;

        assert!(receiver.got().is_empty(), "{way}");
        let messages = shop.messages().await;
        assert!(
            messages.contains(&"hook hook cancelled This hook is switched off or removed.".to_owned()),
            "{messages:?}"
        );
    }
}

#[tokio::test]
async fn one_receiver_that_is_down_is_left_alone_and_keeps_nobody_waiting() {
    let shop = Shop::open().await;
    let (down, well) = (FakeReceiver::start().await, FakeReceiver::start().await);
    let office = shop.office().await;
    hook(&office, &down.address, "webhook", &["lead.received"]).await;
    hook(&office, &well.address, "webhook", &["lead.received"]).await;
    down.always(Says::Status(500));

    for n in 0..30 {
        let phone = format!("+151255502{n:02}");
        shop.post_form(&[("name", "Tom Becker"), ("phone", &phone), ("message", "Boiler")]).await;
    }
    assert_eq!(well.got().len(), 30);
    let tried = down.got().len();
    assert!(tried < 30, "{tried}");
    shop.passes(Duration::from_secs(240)).await;
    let later = down.got().len();
    assert!(later < 30, "{later} tries while it was down");
    down.always(Says::Status(200));
    shop.passes(Duration::from_secs(3_600)).await;

    assert_eq!(down.got().len(), 30, "each arrives once it is back");
    shop.whatever_came();
}

#[tokio::test]
async fn a_phone_and_a_chat_get_the_three_lines_and_the_link_to_the_lead() {
    let shop = Shop::open().await;
    let (ntfy, slack) = (FakeReceiver::start().await, FakeReceiver::start().await);
    let office = shop.office().await;
    let none = hook(&office, &format!("{}/harbor-leads", ntfy.address), "ntfy", &["lead.received"]).await;
    hook(&office, &format!("{}/services/T0/B0/canary", slack.address), "slack", &["lead.received"]).await;

    let lead =
        shop.post_form(&[("name", "Zoë Müller"), ("phone", "(512) 555-0142"), ("message", "Tap leaks")]).await.lead();
    shop.whatever_came();

    let link = format!("https://leads.example.com/b/harbor/leads/{lead}");
    let push = ntfy.got_one();
    assert_eq!(none, None);
    assert_eq!((push.path.as_str(), push.header("click")), ("/harbor-leads", &*link));
    assert_eq!(push.header("title"), "=?UTF-8?B?TmV3IGxlYWQ6IFpvw6sgTcO8bGxlcg==?=");
    assert!(push.body.starts_with("Zoë Müller, (512) 555-0142\nTap leaks\nReceived 11:00 am"), "{}", push.body);
    assert_eq!((push.header("webhook-id"), push.header("webhook-signature")), ("", ""));
    let chat = slack.got_one();
    let text = chat.json()["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("New lead: Zoë Müller\n") && text.ends_with(&link), "{text}");
    let page = office.opens("/b/harbor/hooks").await;
    assert!(!page.contains("canary") && !page.contains("harbor-leads"), "such an address is itself a key");
    assert!(!shop.api("/messages").await.to_string().contains("canary"));
}

#[tokio::test]
async fn a_crash_between_what_happened_and_what_is_told_of_it_loses_and_doubles_nothing() {
    let mut shop = Shop::open().await;
    let receiver = FakeReceiver::start().await;
    hook(&shop.office().await, &receiver.address, "webhook", &["lead.received"]).await;

    shop.door().only("application/x-www-form-urlencoded", "name=Maria&phone=5125550142&message=Tap").await;
    assert!(receiver.got().is_empty());
    shop.dies_and_starts_again().await;
    shop.works().await;
    shop.works().await;

    assert_eq!(receiver.events(), ["lead.received"]);
    shop.whatever_came();
}

#[tokio::test]
async fn what_was_typed_stays_beside_what_is_wrong_with_it() {
    let shop = Shop::open().await;
    let office = shop.office().await;

    let inner = office.presses("/b/harbor/hooks", &[("url", "https://169.254.169.254/in"), ("kind", "slack")]).await;
    let none: Value = shop.api("/messages").await;

    assert_eq!(inner.status, 200);
    for words in [
        "private or reserved network",
        "value=\"https://169.254.169.254/in\"",
        "Tick at least one.",
        "value=\"slack\" selected",
    ] {
        assert!(inner.text.contains(words), "{words}: {}", inner.text);
    }
    assert!(office.opens("/b/harbor/hooks").await.contains("No hook yet."));
    assert!(none["items"].as_array().unwrap().is_empty());
    assert!(office.opens("/b/harbor/more").await.contains("/b/harbor/hooks"));
}
