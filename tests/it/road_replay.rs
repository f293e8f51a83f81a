//! What was stored is read again: it becomes what it should have been, and nobody is written to twice.

use crate::support::shop::{DAVE, ENQUIRY, MARIA, MARIA_MAIL, Setup, Shop};
use serde_json::Value;

const BODY: &str = "name=Maria+Lopez&phone=512-555-0142&message=Kitchen+tap";

/// A submission that nobody could read when it came, an hour ago.
async fn kept(shop: &Shop) -> String {
    shop.sql(
        "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, problem, received_at, headers, body, reading) \
         SELECT 'odd', business_id, id, 'raw:x', 'kept', 'Nobody to answer.', 1770825612000, '[]', CAST($1 AS BLOB), NULL FROM source LIMIT 1",
        &[BODY],
    )
    .await;
    "/b/harbor/receipts/odd".to_owned()
}

#[tokio::test]
async fn a_kept_submission_becomes_the_lead_that_it_is_once_somebody_says_so() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    let page = kept(&shop).await;

    let looked = office.presses(&format!("{page}/again"), &[]).await.text;
    shop.works().await;
    shop.phone(MARIA).is_quiet();
    let untouched = shop.api("/receipts/odd").await;
    let done = office.presses(&format!("{page}/again"), &[("send", "yes")]).await.text;
    shop.works().await;

    assert!(looked.contains("Nothing was changed.") && looked.contains("Hi Maria") && looked.contains("Would send"));
    assert_eq!((&untouched["state"], &untouched["lead"]), (&"kept".into(), &Value::Null));
    assert!(done.contains("Done."), "{done}");
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    let receipt = shop.api("/receipts/odd").await;
    let lead = shop.lead(receipt["lead"].as_str().unwrap()).await;
    assert_eq!((&receipt["state"], &receipt["received_at"]), (&"accepted".into(), &lead["received_at"]));
    assert_eq!((&lead["phone"], &lead["received_at"]), (&MARIA.into(), &"2026-02-11T16:00:12.000Z".into()));

    office.presses(&format!("{page}/again"), &[("send", "yes")]).await;
    shop.works().await;
    shop.phone(MARIA).is_quiet();
    shop.phone(DAVE).is_quiet();
    assert_eq!(shop.api("/leads").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_lead_gets_what_it_was_missing_and_no_second_first_text() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    let answer = shop.post_form(&[("name", "Maria Lopez"), ("email", MARIA_MAIL), ("message", "Kitchen tap")]).await;
    shop.inbox(MARIA_MAIL).expects_mail("Harbor Plumbing");
    shop.owner_is_told("New lead: Maria Lopez");
    let (receipt, lead) = (answer.word("receipt"), answer.lead());
    // As if the phone had not been understood when it came.
    shop.sql("UPDATE receipt SET body = CAST($1 AS BLOB)", &[&format!("{BODY}&Which+day=Friday")]).await;

    let done = office.presses(&format!("/b/harbor/receipts/{receipt}/again"), &[("send", "yes")]).await.text;
    shop.works().await;

    assert!(done.contains("Done.") && done.contains("No message."), "{done}");
    let told = shop.lead(&lead).await;
    assert_eq!((&told["phone"], &told["email"]), (&MARIA.into(), &MARIA_MAIL.into()));
    assert_eq!(told["fields"][0]["value"], "Friday");
    shop.phone(MARIA).is_quiet();
    shop.phone(DAVE).is_quiet();
}

#[tokio::test]
async fn what_was_never_planned_is_planned() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    let answer = shop.post_form(&[("name", "Maria Lopez"), ("phone", "12"), ("message", "Kitchen tap leaking")]).await;
    let (receipt, lead) = (answer.word("receipt"), answer.lead());
    shop.owner_is_told("New lead: Maria Lopez");
    shop.sql("UPDATE receipt SET body = CAST($1 AS BLOB)", &[BODY]).await;

    office.presses(&format!("/b/harbor/receipts/{receipt}/again"), &[("send", "yes")]).await;
    shop.works().await;

    shop.phone(MARIA).expects_text("Hi Maria");
    assert_eq!(shop.lead(&lead).await["phone"], MARIA);
    shop.phone(DAVE).is_quiet();
}

#[tokio::test]
async fn a_refused_submission_is_let_in_only_by_a_person() {
    let shop = Shop::with(Setup { secret: Some("s3cret"), ..Setup::default() }).await;
    let office = shop.office().await;
    let refused = shop.door().header("x-leadbell-secret", "wrong").form(ENQUIRY).await;
    assert_eq!(refused.status, 401);
    let receipt = shop.api("/receipts").await["items"][0]["id"].as_str().unwrap().to_owned();
    let again = format!("/b/harbor/receipts/{receipt}/again");

    let looked = office.presses(&again, &[]).await.text;
    assert_eq!(shop.api(&format!("/receipts/{receipt}")).await["state"], "refused");
    office.presses(&again, &[("send", "yes")]).await;
    shop.works().await;

    assert!(looked.contains("cannot be checked again"), "{looked}");
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    let signed = shop.door().header("x-leadbell-secret", "s3cret").form(ENQUIRY).await;
    assert_eq!((&*signed.word("status"), signed.word("receipt")), ("duplicate", receipt));
}

#[tokio::test]
async fn a_refused_submission_that_came_again_and_was_taken_in_is_left_alone() {
    let shop = Shop::with(Setup { secret: Some("s3cret"), ..Setup::default() }).await;
    let office = shop.office().await;
    shop.door().header("x-leadbell-secret", "wrong").form(ENQUIRY).await;
    let receipt = shop.api("/receipts").await["items"][0]["id"].as_str().unwrap().to_owned();
    shop.door().header("x-leadbell-secret", "s3cret").form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");

    let done = office.presses(&format!("/b/harbor/receipts/{receipt}/again"), &[("send", "yes")]).await.text;
    shop.works().await;

    assert!(done.contains("nothing is left to do") && done.contains("Nothing was changed."), "{done}");
    assert_eq!(shop.api(&format!("/receipts/{receipt}")).await["state"], "refused");
    shop.phone(DAVE).is_quiet();
}
