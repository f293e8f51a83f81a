//! The JSON API: names, limits, and what a key opens.

use super::routes;
use crate::account::key;
use crate::base::ids::BusinessId;
use crate::lead::reading::PaymentState;
use crate::lead::sale::Sale;
use crate::lead::store::payments::{self, Entry};
use crate::lead::store::sample;
use crate::web::sample::{Answer, NOW, Standing, open};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// A house with three leads of `harbor`, one of `rival`, and something of everything.
pub(super) async fn house() -> Standing {
    let standing = open(routes()).await;
    let db = &standing.house.db;
    let mut maria = sample::lead("maria", NOW - 60_000);
    maria.fields = vec![crate::lead::record::Answer { label: "Boiler".into(), value: "old".into() }];
    let mut tom = sample::lead("tom", NOW - 50_000);
    (tom.name, tom.phone, tom.source) = (Some("Tom Becker".into()), None, "ads".into());
    let mut trial = sample::lead("trial", NOW - 40_000);
    trial.is_test = true;
    let mut rita = sample::lead("ritas", NOW - 30_000);
    (rita.business, rita.source) = ("rival".into(), "other".into());
    for lead in [&mut tom, &mut trial] {
        lead.fields.clone_from(&maria.fields);
    }
    sample::store(db, vec![maria, tom, trial, rita]).await;
    sample::receipt(db, "receipt1", "maria", NOW - 60_000, 2).await;
    let sale = Sale {
        state: PaymentState::Refunded,
        minor: Some(14_999),
        refunded_minor: 5_000,
        what: Some("Deposit".into()),
        paid_at: Some(NOW - 20_000),
        ..Sale::new("sale1".into(), "USD", NOW - 20_000)
    };
    db.write(|c| {
        Box::pin(async move {
            let entry = Entry { sale: &sale, business_id: "harbor", source_id: "web", lead_id: Some("maria") };
            payments::keep(c, &[entry]).await
        })
    })
    .await
    .unwrap();
    standing
}

impl Standing {
    pub(super) async fn key(&self, business: Option<&str>) -> String {
        let business = business.map(BusinessId::from);
        key::add(&self.house.db, &self.house.random, "n8n", business, NOW).await.unwrap().token
    }

    async fn api(&self, key: &str, path: &str) -> Answer {
        self.ask("GET", &format!("/api/v1{path}"), &[("authorization", &format!("Bearer {key}"))], "").await
    }

    async fn act(&self, key: &str, path: &str, body: &Value) -> Answer {
        let headers = [("authorization", &*format!("Bearer {key}")), ("content-type", "application/json")];
        self.ask("POST", &format!("/api/v1{path}"), &headers, &body.to_string()).await
    }
}

fn ids(answer: &Answer) -> Vec<String> {
    let items = answer.json()["items"].as_array().unwrap().clone();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_lead_is_given_field_by_field_as_promised() {
    let house = house().await;
    let key = house.key(Some("harbor")).await;

    let lead = house.api(&key, "/leads/maria").await;

    assert_eq!(
        lead.json(),
        json!({
            "id": "maria", "business": "harbor", "source": "web", "kind": "form", "test": false,
            "name": "Maria Lopez", "email": null, "phone": "+15125550142", "message": "Kitchen tap leaking",
            "fields": [{"label": "Boiler", "value": "old"}], "state": "waiting", "outcome": null,
            "received_at": "2026-11-21T11:59:00.000Z", "first_text_at": null, "delivered_at": null,
            "taken_at": null, "taken_by": null, "person_at": null, "reached_at": null, "replied_at": null,
            "events": [], "messages": [],
            "payments": [{
                "id": "sale1", "state": "refunded", "minor": 14_999, "currency": "USD", "refunded_minor": 5_000,
                "what": "Deposit", "reason": null, "created_at": "2026-11-21T11:59:40.000Z",
                "paid_at": "2026-11-21T11:59:40.000Z",
            }],
        })
    );
}

#[tokio::test]
async fn without_a_right_key_everything_gets_the_same_answer() {
    let house = house().await;
    let revoked = house.key(None).await;
    let found = key::find(&house.house.db, &revoked).await.unwrap().unwrap();
    key::revoke(&house.house.db, None, found.id).await.unwrap();

    let mut answers = BTreeSet::new();
    for value in ["", "Bearer", "Bearer ", "Bearer lb_wrong", "Basic abc", &format!("Bearer {revoked}")] {
        for path in
            ["/api/v1/leads", "/api/v1/leads/maria", "/api/v1/leads/nobody", "/api/v1/stats", "/api/v1/receipts/x"]
        {
            let answer = house.ask("GET", path, &[("authorization", value)], "").await;
            answers.insert((answer.status.as_u16(), answer.text));
        }
    }

    assert_eq!(answers.len(), 1);
    let (status, text) = answers.pop_first().unwrap();
    assert_eq!(status, 401);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["error"]["code"], "unauthorized");
}

#[tokio::test]
async fn a_cookie_is_no_key_and_two_keys_are_none() {
    let house = house().await;
    let account = house.account("dave@harbor.test", None, None).await;
    let (cookie, _) = house.signed_in(&account).await;
    let key = house.key(None).await;
    let bearer = format!("Bearer {key}");

    let by_cookie = house.ask("GET", "/api/v1/leads", &[("cookie", &cookie)], "").await;
    let twice = house.ask("GET", "/api/v1/leads", &[("authorization", &bearer), ("authorization", &bearer)], "").await;

    assert_eq!((by_cookie.status.as_u16(), twice.status.as_u16()), (401, 401));
}

#[tokio::test]
async fn wrong_keys_are_slowed_down_and_right_ones_are_not() {
    let house = house().await;
    let key = house.key(None).await;

    let mut statuses = Vec::new();
    for n in 0..100 {
        statuses.push(house.api(&format!("lb_{n}"), "/leads").await.status.as_u16());
    }
    let slowed = house.api("lb_x", "/leads").await;
    let right = house.api(&key, "/leads").await;
    house.house.clock.advance(Duration::from_secs(1));
    let later = house.api("lb_x", "/leads").await;

    assert_eq!((statuses.iter().filter(|s| **s == 401).count(), statuses[99]), (60, 429));
    assert_eq!((slowed.header("retry-after"), slowed.json()["error"]["code"].as_str()), ("1", Some("too_many")));
    assert_eq!((right.status.as_u16(), later.status.as_u16()), (200, 401));
}

#[tokio::test]
async fn a_key_for_one_shop_cannot_tell_another_shops_things_from_things_that_never_were() {
    let house = house().await;
    let mine = house.key(Some("rival")).await;
    let before = sample::everything(&house.house.db).await;

    for path in ["/leads/{}", "/receipts/{}"] {
        let theirs =
            house.api(&mine, &path.replace("{}", if path.contains("leads") { "maria" } else { "receipt1" })).await;
        let nobodys = house.api(&mine, &path.replace("{}", "never")).await;
        assert_eq!((theirs.status.as_u16(), &theirs.text), (404, &nobodys.text), "{path}");
    }
    for (path, body) in [
        ("/leads/maria/take", json!({"anyway": true})),
        ("/leads/maria/person", json!({"how": "call"})),
        ("/leads/maria/outcome", json!({"outcome": "lost"})),
        ("/leads/maria/texts", json!({"body": "hello"})),
    ] {
        let theirs = house.act(&mine, path, &body).await;
        let nobodys = house.act(&mine, &path.replace("maria", "never"), &body).await;
        assert_eq!((theirs.status.as_u16(), &theirs.text), (404, &nobodys.text), "{path}");
    }
    let lists = [
        house.api(&mine, "/leads").await,
        house.api(&mine, "/leads?source=web").await,
        house.api(&mine, "/receipts").await,
        house.api(&mine, "/messages?lead=maria").await,
    ];

    assert_eq!(lists.iter().map(ids).collect::<Vec<_>>(), [vec!["ritas".to_owned()], vec![], vec![], vec![]]);
    assert_eq!(house.api(&mine, "/leads?business=harbor").await.status, 404);
    assert_eq!(house.api(&mine, "/stats?business=harbor").await.status, 404);
    assert_eq!(house.api(&mine, "/stats").await.json()["leads"], 1);
    assert_eq!(sample::everything(&house.house.db).await, before);
}

#[tokio::test]
async fn leads_are_filtered_and_leafed_through() {
    let house = house().await;
    let key = house.key(None).await;

    let all = house.api(&key, "/leads").await;
    let mut leafed = Vec::new();
    let mut next = String::new();
    loop {
        let page = house.api(&key, &format!("/leads?limit=1{next}")).await;
        leafed.extend(ids(&page));
        let Some(cursor) = page.json()["next"].as_str().map(str::to_owned) else { break };
        next = format!("&cursor={cursor}");
    }

    assert_eq!(ids(&all), ["ritas", "trial", "tom", "maria"]);
    assert_eq!(all.json()["next"], Value::Null);
    assert_eq!(leafed, ids(&all));
    assert_eq!(ids(&house.api(&key, "/leads?source=ads").await), ["tom"]);
    assert_eq!(ids(&house.api(&key, "/leads?q=becker").await), ["tom"]);
    assert_eq!(ids(&house.api(&key, "/leads?since=2026-11-21T11:59:20Z").await), ["ritas", "trial"]);
    assert_eq!(ids(&house.api(&key, "/leads?business=harbor&limit=900").await), ["trial", "tom", "maria"]);
    assert!(ids(&house.api(&key, "/leads?state=closed").await).is_empty());
}

#[tokio::test]
async fn a_question_that_does_not_read_is_told_what_is_wrong_with_it() {
    let house = house().await;
    let key = house.key(None).await;

    for path in [
        "/leads?state=angry",
        "/leads?limit=0",
        "/leads?limit=many",
        "/leads?cursor=x",
        "/leads?since=yesterday",
        "/messages?state=sent",
        "/messages?cursor=%F0%9F%99%82",
        "/receipts?state=good",
        "/receipts?cursor=1",
        "/stats?from=yesterday&business=harbor",
        "/stats",
    ] {
        let answer = house.api(&key, path).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["error"]["code"]), (400, &json!("bad_request")), "{path}");
        assert!(answer.json()["error"]["message"].as_str().unwrap().len() > 10);
    }
    assert_eq!(house.api(&key, "/nowhere").await.json()["error"]["code"], "not_found");
    assert_eq!(house.act(&key, "/leads", &json!({})).await.json()["error"]["code"], "method_not_allowed");
}

#[tokio::test]
async fn taking_a_lead_twice_is_taking_it_once_and_a_second_program_is_told_who_was_first() {
    let house = house().await;
    let first = house.key(None).await;
    let second = key::add(&house.house.db, &house.house.random, "Zapier", None, NOW).await.unwrap().token;

    let taken =
        house.ask("POST", "/api/v1/leads/maria/take", &[("authorization", &format!("Bearer {first}"))], "").await;
    let again = house.act(&first, "/leads/maria/take", &json!({})).await;
    let late = house.act(&second, "/leads/maria/take", &json!({})).await;
    let anyway = house.act(&second, "/leads/maria/take", &json!({"anyway": true})).await;

    assert_eq!((taken.json()["state"].as_str(), taken.json()["taken_by"].as_str()), (Some("taken"), Some("n8n")));
    assert_eq!(again.json()["events"], taken.json()["events"]);
    assert_eq!(
        (late.status.as_u16(), &late.json()["error"]),
        (409, &json!({"code": "taken", "message": "n8n already has this lead."}))
    );
    assert_eq!(anyway.json()["taken_by"], "Zapier");
}

#[tokio::test]
async fn an_answer_and_an_outcome_set_their_clocks() {
    let house = house().await;
    let key = house.key(Some("harbor")).await;

    let earlier = json!({"how": "said", "at": "2026-11-21T11:59:30Z"});
    let answered = house.act(&key, "/leads/maria/person", &earlier).await;
    let ended = house.act(&key, "/leads/maria/outcome", &json!({"outcome": "booked"})).await;
    let late = house.act(&key, "/leads/maria/take", &json!({"anyway": true})).await;

    assert_eq!(answered.json()["person_at"], "2026-11-21T11:59:30.000Z");
    assert_eq!(answered.json()["state"], "answered");
    assert_eq!((&ended.json()["state"], &ended.json()["outcome"]), (&json!("closed"), &json!("booked")));
    assert_eq!((late.status.as_u16(), &late.json()["error"]["code"]), (409, &json!("closed")));
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let house = house().await;
    let key = house.key(None).await;
    let before = sample::everything(&house.house.db).await;

    for (path, body) in [
        ("/leads/maria/take", json!({"anyway": "please"})),
        ("/leads/maria/person", json!({})),
        ("/leads/maria/person", json!({"how": "thought"})),
        ("/leads/maria/person", json!({"how": "call", "at": "2027-01-01T00:00:00Z"})),
        ("/leads/maria/outcome", json!({"outcome": "meh"})),
        ("/leads/maria/texts", json!({"body": " \n "})),
        ("/leads/maria/texts", json!({"body": "x".repeat(1_601)})),
        ("/leads/maria/texts", json!({"text": "x"})),
    ] {
        let answer = house.act(&key, path, &body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["error"]["code"]),
            (400, &json!("bad_request")),
            "{path} {body}"
        );
    }
    let endless = house.act(&key, "/leads/maria/texts", &json!({"body": "x".repeat(70_000)})).await;

    assert_eq!((endless.status.as_u16(), &endless.json()["error"]["code"]), (413, &json!("too_large")));
    assert_eq!(sample::everything(&house.house.db).await, before);
}

#[tokio::test]
async fn a_text_is_queued_to_the_lead_and_counts_as_an_answer() {
    let house = house().await;
    let key = house.key(Some("harbor")).await;

    let texted = house.act(&key, "/leads/maria/texts", &json!({"body": "On my way.\r\nDave\u{202e}"})).await.json();

    let message = &texted["messages"][0];
    assert_eq!((&texted["state"], &texted["person_at"]), (&json!("answered"), &json!("2026-11-21T12:00:00.000Z")));
    assert_eq!(
        (&message["purpose"], &message["channel"], &message["to"], &message["body"], &message["state"]),
        (&json!("relay"), &json!("sms"), &json!("+15125550142"), &json!("On my way.\nDave"), &json!("queued"))
    );
    assert_eq!(house.api(&key, "/messages?state=queued&lead=maria").await.json()["items"][0], *message);
}

#[tokio::test]
async fn a_text_repeated_with_its_key_is_sent_once() {
    let house = house().await;
    let bearer = format!("Bearer {}", house.key(None).await);
    let send = async |once: &str| {
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", once)];
        house.ask("POST", "/api/v1/leads/maria/texts", &headers, r#"{"body":"On my way."}"#).await
    };

    send("a").await;
    send("a").await;
    let third = send("b").await;

    assert_eq!(third.json()["messages"].as_array().unwrap().len(), 2);
    assert_eq!(send("").await.status, 400);
}

#[tokio::test]
async fn nobody_is_texted_who_cannot_be_or_asked_not_to_be() {
    let house = house().await;
    let key = house.key(None).await;
    let stop = house.house.db.write(|c| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO opt_out (business_id, phone, at, how) VALUES ('harbor', '+15125550142', 0, 'STOP')",
            )
            .execute(c)
            .await
            .map(drop)
        })
    });
    stop.await.unwrap();
    let before = sample::everything(&house.house.db).await;

    let opted_out = house.act(&key, "/leads/maria/texts", &json!({"body": "Hi"})).await;
    let no_phone = house.act(&key, "/leads/tom/texts", &json!({"body": "Hi"})).await;

    assert_eq!((opted_out.status.as_u16(), &opted_out.json()["error"]["code"]), (409, &json!("opted_out")));
    assert_eq!((no_phone.status.as_u16(), &no_phone.json()["error"]["code"]), (409, &json!("no_phone")));
    assert_eq!(sample::everything(&house.house.db).await, before);
}

#[tokio::test]
async fn a_raw_body_comes_back_byte_for_byte() {
    let house = house().await;
    let key = house.key(None).await;
    let odd = house.house.db.write(|c| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, received_at, headers, body, reading) \
                 VALUES ('odd', 'harbor', 'web', 'odd', 'kept', 5, '[[\"host\",\"x\"]]', $1, '{\"kind\":\"lead\"}')",
            )
            .bind(&[0xff_u8, 0x00, 0x61][..])
            .execute(c)
            .await
            .map(drop)
        })
    });
    odd.await.unwrap();

    let text = house.api(&key, "/receipts/receipt1").await.json();
    let bytes = house.api(&key, "/receipts/odd").await.json();

    assert_eq!(
        (&text["body"], &text["body_base64"], &text["repeats"]),
        (&json!("name=Maria"), &Value::Null, &json!(2))
    );
    assert_eq!((&bytes["body"], &bytes["body_base64"], &bytes["size"]), (&Value::Null, &json!("/wBh"), &json!(3)));
    assert_eq!((&bytes["headers"], &bytes["reading"]), (&json!([["host", "x"]]), &json!({"kind": "lead"})));
    assert_eq!(ids(&house.api(&key, "/receipts?state=kept&source=web").await), ["odd"]);
}
