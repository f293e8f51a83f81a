//! Money that did not arrive, and money that is understood later.

use crate::support::ads::{Ads, open};
use crate::support::door::{Answer, Door};
use crate::support::fake_vendors::TOKEN;
use crate::support::shop::{MARIA, MARIA_MAIL, Shop};
use crate::support::stripe::Sale;
use serde_json::{Value, json};
use std::time::Duration;

const NUDGE: &str = "Hi Maria, Harbor Plumbing here. Your $149.99 payment did not go through. Try again, or reply here and \
                     Dave will help. STOP to opt out.";

async fn post(shop: &Shop, token: &str, event: &Value) -> Answer {
    let answer = Door::new(shop, token).json(event).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

/// A source of Stripe's whose owner has pressed the switch.
async fn nudging(shop: &Shop) -> String {
    let (id, token) = shop.source_from("stripe", None).await;
    let switched = shop.office().await.presses(&format!("/b/harbor/sources/{id}/nudges"), &[("on", "yes")]).await;
    assert_eq!(switched.status, 303);
    token
}

async fn leads(shop: &Shop) -> Vec<Value> {
    shop.api("/leads").await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_failed_payment_nudges_the_customer_once_if_that_is_switched_on() {
    let shop = Shop::open().await;
    let stripe = nudging(&shop).await;
    let sale = Sale::of(14_999, "usd");

    for attempt in 1..=3 {
        post(&shop, &stripe, &sale.declined(attempt)).await;
    }

    assert_eq!(shop.phone(MARIA).expects_text("Hi Maria").body, NUDGE);
    shop.owner_is_told("Payment failed: Maria Lopez $149.99");
    shop.passes(Duration::from_secs(24 * 3_600)).await;
    post(&shop, &stripe, &sale.declined(4)).await;
    shop.phone(MARIA).is_quiet();
    let second = Sale { n: 2, ..sale };
    post(&shop, &stripe, &second.declined(1)).await;
    assert_eq!(shop.phone(MARIA).expects_text("Hi Maria").body, NUDGE, "another sale, a day later");
    shop.whatever_came();
}

#[tokio::test]
async fn who_was_answered_lately_opted_out_or_only_allows_mail_is_not_texted_about_a_failed_payment() {
    let sale = Sale::of(14_999, "usd");
    let shop = Shop::open().await;
    let stripe = nudging(&shop).await;
    shop.post_form(&[("name", "Maria Lopez"), ("phone", MARIA), ("message", "Tap")]).await;
    shop.phone(MARIA).expects_text("Got your message");
    post(&shop, &stripe, &sale.declined(1)).await;
    shop.phone(MARIA).is_quiet();
    let events = shop.lead(leads(&shop).await[0]["id"].as_str().unwrap()).await["events"].to_string();
    assert!(events.contains("No word to them about the failed payment"), "{events}");

    shop.texts_in(MARIA, "STOP").await;
    shop.passes(Duration::from_secs(13 * 3_600)).await;
    post(&shop, &stripe, &Sale { n: 2, ..sale }.declined(1)).await;
    shop.phone(MARIA).is_quiet();
    shop.inbox(MARIA_MAIL).expects_mail("Your payment to Harbor Plumbing did not go through");
    shop.whatever_came();

    let shop = Shop::open().await;
    let stripe = nudging(&shop).await;
    shop.sql("UPDATE source SET consent = 'mail'", &[]).await;
    shop.clock.advance(Duration::from_secs(2));
    post(&shop, &stripe, &sale.declined(1)).await;
    shop.phone(MARIA).is_quiet();
    shop.inbox(MARIA_MAIL).expects_mail("Please try again, or answer this mail and Dave will help.");
    shop.whatever_came();
}

#[tokio::test]
async fn a_failed_payment_that_was_only_named_nudges_once_and_is_in_the_books_once_when_it_is_read_again() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let mollie = Ads::of(&shop, "mollie").await;
    mollie.gets_token(&office, TOKEN).await;
    assert_eq!(office.presses(&format!("{}/nudges", mollie.page), &[("on", "yes")]).await.status, 303);
    let payment = json!({"resource": "payment", "id": "tr_7UhSN1zuXS", "mode": "live", "status": "failed",
        "amount": {"value": "149.99", "currency": "USD"}, "description": "Deposit",
        "billingAddress": {"givenName": "Maria", "familyName": "Lopez", "email": MARIA_MAIL, "phone": MARIA}});
    vendors.has("/v2/payments/tr_7UhSN1zuXS", payment);

    let id = mollie.posts(&[("id", "tr_7UhSN1zuXS")]).await;
    shop.passes(Duration::from_secs(60)).await;
    assert_eq!(mollie.posts(&[("id", "tr_7UhSN1zuXS")]).await, id);
    shop.passes(Duration::from_secs(60)).await;

    assert_eq!(shop.phone(MARIA).expects_text("Hi Maria").body, NUDGE);
    shop.owner_is_told("Payment failed: Maria Lopez $149.99");
    assert_eq!(vendors.asked().len(), 2);
    let told = shop.lead(&id).await;
    for receipt in shop.api("/receipts?limit=10").await["items"].as_array().unwrap() {
        let path = format!("/b/harbor/receipts/{}/again", receipt["id"].as_str().unwrap());
        office.presses(&path, &[("send", "yes")]).await;
        shop.passes(Duration::from_secs(60)).await;
    }
    shop.phone(MARIA).is_quiet();
    let again = shop.lead(&id).await;
    assert_eq!(again["payments"], told["payments"], "one sale, as it was told");
    assert_eq!(again["payments"].as_array().unwrap().len(), 1);
    assert_eq!(leads(&shop).await.len(), 1);
    shop.whatever_came();
}

/// What a source of any form took in comes from Stripe, as its owner now says; it is read again.
async fn read_again(shop: &Shop, token: &str, event: &Value) -> Value {
    let receipt = post(shop, token, event).await.word("receipt");
    shop.takes_everything();
    shop.sql("UPDATE source SET provider = 'stripe' WHERE name = 'generic'", &[]).await;
    shop.clock.advance(Duration::from_secs(3_600));
    let office = shop.office().await;
    for _ in 0..2 {
        office.presses(&format!("/b/harbor/receipts/{receipt}/again"), &[("send", "yes")]).await;
        shop.works().await;
    }
    let lead = shop.api(&format!("/receipts/{receipt}")).await["lead"].as_str().unwrap().to_owned();
    shop.lead(&lead).await
}

#[tokio::test]
async fn a_payment_that_is_understood_later_is_in_the_books_whether_it_had_a_lead_or_none() {
    for event in [Sale::of(14_999, "usd").session("paid"), Sale::of(14_999, "usd").intent()] {
        let shop = Shop::open().await;
        let (_, token) = shop.source_from("generic", None).await;

        let lead = read_again(&shop, &token, &event).await;

        let payments = lead["payments"].as_array().unwrap();
        assert_eq!(payments.len(), 1, "{lead:#}");
        let told = ["state", "minor", "paid_at"].map(|name| payments[0][name].clone());
        assert_eq!(
            told,
            [json!("paid"), json!(14_999), json!("2026-02-11T17:00:12.000Z")],
            "as it was told, not as it was read"
        );
        assert_eq!(lead["events"].to_string().matches("\"paid\"").count(), 1, "{lead:#}");
        shop.takes_everything();
        post(&shop, &token, &Sale::of(14_999, "usd").charge()).await;
        assert_eq!(leads(&shop).await.len(), 1, "the sale's other events find it");
        shop.takes_everything();
    }
}
