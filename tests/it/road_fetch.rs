//! Events that only name a number: what is asked for at the vendor, what becomes of the answer, and what the owner reads
//! until there is one.

use crate::support::ads::{Ads, ROSA, events, lead, open, rosa};
use crate::support::door::Door;
use crate::support::fake_vendors::{ACUITY_TOKEN, Fault, TOKEN};
use crate::support::shop::{DAVE, ENQUIRY, MARIA, MARIA_MAIL};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_lead_that_was_only_named_is_told_once_with_its_name_and_answered() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    rosa(&vendors, "42");

    let id = meta.names("42").await;
    shop.passes(Duration::from_secs(60)).await;

    shop.owner_is_told("Rosa Delgado\n(512) 555-0198\n");
    shop.phone(ROSA).expects_text("Hi Rosa");
    let lead = shop.lead(&id).await;
    assert_eq!(
        (&lead["name"], &lead["email"], &lead["phone"]),
        (&json!("Rosa Delgado"), &json!("rosa@example.com"), &json!(ROSA))
    );
    assert!(lead["fields"].to_string().contains("Roof repair"), "{lead}");
    assert!(events(&lead).contains("fetched Meta lead ads"), "{}", events(&lead));
    assert_eq!(vendors.asked(), ["/v24.0/42"]);
    let receipts = shop.api("/receipts?limit=10").await;
    let leads: Vec<&Value> = receipts["items"].as_array().unwrap().iter().map(|receipt| &receipt["lead"]).collect();
    assert_eq!(leads, [&json!(id), &json!(id)], "the event and the answer");
}

#[tokio::test]
async fn without_a_token_the_lead_waits_and_goes_on_at_once_when_there_is_one() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    rosa(&vendors, "42");

    let id = meta.names("42").await;

    shop.owner_is_told("Someone through meta; the details are at Meta lead ads\nReply 1 = I've got it\n");
    let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
    assert!(page.contains("Meta lead ads only told us the number of this lead."), "{page}");
    assert!(page.contains("leads_retrieval") && page.contains(&format!("{}#keys", meta.page)), "{page}");
    let source = office.opens(&meta.page).await;
    assert!(source.contains("Details from Meta lead ads wait for an API token."), "{source}");
    assert!(source.contains("1 event waits for the details."), "{source}");
    shop.passes(Duration::from_secs(3_600)).await;
    assert_eq!(vendors.asked(), [""; 0]);

    meta.gets_token(&office, TOKEN).await;

    assert_eq!(vendors.asked(), ["/v24.0/42"]);
    shop.owner_is_told("Details arrived: Rosa Delgado\n(512) 555-0198\n");
    shop.phone(ROSA).expects_text("Hi Rosa");
    let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
    assert!(page.contains("Meta lead ads told us the rest") && !page.contains("only told us the number of this lead"));
    let source = office.opens(&meta.page).await;
    assert!(source.contains("Remove the token") && !source.contains("for the details"), "{source}");
    for shown in [page, source] {
        assert!(!shown.contains(TOKEN));
    }
}

#[tokio::test]
async fn a_token_is_kept_sealed_shown_nowhere_and_removed_for_good() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    vendors.next(Fault::Say(500, TOKEN));

    meta.names("42").await;
    let written = std::fs::read(shop.database()).unwrap();
    let log = std::fs::read(shop.database().with_extension("db-wal")).unwrap_or_default();
    for bytes in [written, log] {
        assert!(!bytes.windows(TOKEN.len()).any(|bytes| bytes == TOKEN.as_bytes()));
    }
    let receipts = shop.api("/receipts?limit=10").await;
    assert!(!receipts.to_string().contains(TOKEN));
    let answer = office.presses(&format!("{}/token/remove", meta.page), &[]).await;
    assert_eq!(answer.status, 303);
    let asked = vendors.asked().len();
    shop.passes(Duration::from_secs(7_200)).await;

    assert_eq!(vendors.asked().len(), asked);
    assert!(office.opens(&meta.page).await.contains("wait for an API token"));
    shop.owner_is_told("Someone through meta");
    for (token, why) in [("", "The token is empty."), ("a b", "no spaces")] {
        let answer = office.presses(&format!("{}/token", meta.page), &[("token", token)]).await;
        assert!(answer.status == 200 && answer.text.contains(why), "{}", answer.text);
    }
    let form = Ads::of(&shop, "typeform").await;
    assert_eq!(office.presses(&format!("{}/token", form.page), &[("token", "x")]).await.status, 404);
}

#[tokio::test]
async fn the_same_event_again_asks_nothing_and_tells_nothing() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    rosa(&vendors, "42");
    meta.names("42").await;
    shop.owner_is_told("Rosa Delgado");
    shop.phone(ROSA).expects_text("Hi Rosa");

    for _ in 0..3 {
        let event = json!({"entry": [{"changes": [{"field": "leadgen", "value": {"leadgen_id": 42}}]}]});
        let answer = Door::new(&shop, &meta.token).json(&event).await;
        assert_eq!(answer.word("status"), "duplicate");
        shop.passes(Duration::from_secs(60)).await;
    }

    assert_eq!(vendors.asked().len(), 1);
    assert_eq!(shop.api("/leads?limit=10").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn someone_who_wrote_before_stays_one_lead() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    let first = shop.post_form(ENQUIRY).await.lead();
    shop.owner_is_told("Maria Lopez");
    shop.phone(MARIA).expects_text("Hi Maria");
    meta.gets_token(&office, TOKEN).await;
    let (path, thing) = lead("42", "Maria Lopez", MARIA, MARIA_MAIL);
    vendors.has(&path, thing);

    meta.names("42").await;
    shop.passes(Duration::from_secs(60)).await;

    let leads = shop.api("/leads?limit=10").await;
    let ids: Vec<&Value> = leads["items"].as_array().unwrap().iter().map(|lead| &lead["id"]).collect();
    assert_eq!(ids, [&json!(first)]);
    let lead = shop.lead(&first).await;
    assert!(lead["fields"].to_string().contains("Roof repair") && lead["kind"] == "form", "{lead}");
    shop.owner_is_told("Maria Lopez");
    shop.phone(MARIA).is_quiet();
}

#[tokio::test]
async fn a_test_lead_of_metas_tool_answers_nobody() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    let dummy = "<test lead: dummy data for full_name>";
    let (path, thing) = lead("42", dummy, "+15125550177", "test@fb.com");
    vendors.has(&path, thing);

    let id = meta.names("42").await;

    shop.owner_is_told("TEST");
    assert_eq!(shop.lead(&id).await["test"], true);
    shop.phone("+15125550177").is_quiet();
}

#[tokio::test]
async fn an_answer_can_be_read_again_like_any_submission() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    rosa(&vendors, "42");
    let id = meta.names("42").await;
    shop.takes_everything();
    let receipts = shop.api("/receipts?limit=10").await;
    let answers = receipts["items"].as_array().unwrap().iter().map(|receipt| receipt["id"].as_str().unwrap());
    let mut newest = String::new();
    for receipt in answers {
        let whole = shop.api(&format!("/receipts/{receipt}")).await.to_string();
        if whole.contains("field_data") {
            newest = receipt.to_owned();
        }
    }

    let house = &shop.standing().house;
    let dry = house.engine.pipeline.replay(None, &newest.as_str().into(), false).await.unwrap().unwrap();
    let done = house.engine.pipeline.replay(None, &newest.as_str().into(), true).await.unwrap().unwrap();

    for replay in [dry, done] {
        assert_eq!(replay.after.reading.unwrap().name.as_deref(), Some("Rosa Delgado"));
        assert_eq!(replay.after.lead.as_deref(), Some(&*id));
        assert!(replay.would_send.is_empty(), "{:?}", replay.would_send);
    }
    assert_eq!(vendors.asked().len(), 1);
}

/// An appointment as Acuity has it.
fn appointment(datetime: &str, canceled: bool) -> Value {
    json!({"id": 5501, "firstName": "Maria", "lastName": "Lopez", "phone": "(512) 555-0142", "email": MARIA_MAIL,
        "date": "February 20, 2026", "time": "11:00am", "endTime": "11:30am", "dateCreated": "February 11, 2026",
        "datetime": datetime, "price": "0.00", "paid": "no", "type": "Estimate visit", "appointmentTypeID": 222,
        "duration": "30", "calendar": "Dave Harbor", "calendarID": 11, "timezone": "America/Chicago",
        "canceled": canceled, "notes": "Gate code 12", "forms": [], "confirmationPage": "https://acuityscheduling.com/x"})
}

#[tokio::test]
async fn one_appointment_is_one_lead_however_often_it_is_moved() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let acuity = Ads::of(&shop, "acuity").await;
    acuity.gets_token(&office, ACUITY_TOKEN).await;
    let event = |action: &'static str| [("action", action), ("id", "5501"), ("calendarID", "11")];
    vendors.has("/api/v1/appointments/5501", appointment("2026-02-20T11:00:00-0600", false));

    let id = acuity.posts(&event("scheduled")).await;

    shop.owner_is_told("New booking: Maria Lopez\n(512) 555-0142\nEstimate visit, Fri 20 Feb, 11:00 am");
    shop.phone(MARIA).expects_text("Hi Maria");
    assert_eq!(shop.lead(&id).await["kind"], "booking");

    vendors.has("/api/v1/appointments/5501", appointment("2026-02-21T09:30:00-0600", false));
    assert_eq!(acuity.posts(&event("rescheduled")).await, id);

    shop.owner_is_told("Booking: Maria Lopez\n(512) 555-0142\nEstimate visit, Sat 21 Feb, 9:30 am");

    assert_eq!(acuity.posts(&event("canceled")).await, id);

    shop.phone(DAVE).expects_text("Called off: Maria Lopez");
    shop.passes(Duration::from_secs(60)).await;
    assert_eq!(vendors.asked().len(), 2, "who calls off is known already");
}

#[tokio::test]
async fn a_classic_payment_becomes_money_once_and_its_refund_is_told() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let mollie = Ads::of(&shop, "mollie").await;
    mollie.gets_token(&office, TOKEN).await;
    let payment = |more: Value| {
        let mut payment = json!({"resource": "payment", "id": "tr_7UhSN1zuXS", "mode": "live", "status": "paid",
            "amount": {"value": "24.95", "currency": "EUR"}, "description": "Bicycle tires",
            "billingAddress": {"givenName": "Maria", "familyName": "Lopez", "email": MARIA_MAIL, "phone": MARIA}});
        payment.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        payment
    };
    let event = [("id", "tr_7UhSN1zuXS")];
    vendors.has("/v2/payments/tr_7UhSN1zuXS", payment(json!({})));

    let id = mollie.posts(&event).await;

    shop.owner_is_told("New payment: Maria Lopez");
    shop.phone(MARIA).expects_text("24.95");
    // The same number comes again within the window of ten minutes: once for nothing, once for a refund.
    mollie.posts(&event).await;
    shop.passes(Duration::from_secs(10)).await;
    assert_eq!(vendors.asked().len(), 2);
    vendors.has("/v2/payments/tr_7UhSN1zuXS", payment(json!({"amountRefunded": {"value": "5.00", "currency": "EUR"}})));
    mollie.posts(&event).await;
    shop.passes(Duration::from_secs(10)).await;
    shop.phone(DAVE).expects_text("Refund: Maria Lopez");
    // And long after it.
    shop.clock.advance(Duration::from_secs(7_200));
    assert_eq!(mollie.posts(&event).await, id, "one payment is one lead");
    shop.passes(Duration::from_secs(60)).await;

    let lead = shop.lead(&id).await;
    assert_eq!(lead["kind"], "payment");
    assert_eq!(lead["payments"].as_array().unwrap().len(), 1, "{lead}");
    assert_eq!(
        lead["payments"][0]["minor"].as_i64().or(lead["payments"][0]["money"]["minor"].as_i64()),
        Some(2_495),
        "{lead}"
    );
    assert_eq!(shop.api("/leads?limit=10").await["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_batch_of_named_leads_is_asked_for_one_by_one() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    let changes: Vec<Value> = (1..=9)
        .map(|n| {
            let id = format!("{n}");
            let (path, thing) = lead(&id, &format!("Guest {}", char::from(b'A' + n)), "", &format!("g{n}@example.com"));
            vendors.has(&path, thing);
            json!({"field": "leadgen", "value": {"leadgen_id": id}})
        })
        .collect();

    Door::new(&shop, &meta.token).json(&json!({"entry": [{"changes": changes}]})).await;
    shop.passes(Duration::from_secs(900)).await;

    assert_eq!(vendors.asked().len(), 9);
    let leads = shop.api("/leads?limit=20").await;
    let mut names: Vec<&str> =
        leads["items"].as_array().unwrap().iter().map(|lead| lead["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names.len(), 9);
    assert_eq!((names[0], names[8]), ("Guest B", "Guest J"));
    let nameless = shop.twilio.accepted().iter().filter(|text| text.body.contains("Someone")).count();
    assert_eq!(nameless, 0);
    shop.takes_everything();
}

#[tokio::test]
async fn what_was_named_before_anybody_could_ask_is_asked_for_when_it_is_run_again() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    let id = meta.names("42").await;
    shop.owner_is_told("Someone through meta");
    shop.sql("DELETE FROM question", &[]).await;
    meta.gets_token(&office, TOKEN).await;
    rosa(&vendors, "42");
    let receipts = shop.api("/receipts?limit=10").await;
    let receipt = receipts["items"][0]["id"].as_str().unwrap();

    let house = &shop.standing().house;
    house.engine.pipeline.replay(None, &receipt.into(), false).await.unwrap().unwrap();
    shop.works().await;
    let dry = vendors.asked().len();
    house.engine.pipeline.replay(None, &receipt.into(), true).await.unwrap().unwrap();
    shop.works().await;

    assert_eq!((dry, vendors.asked().len()), (0, 1));
    assert_eq!(shop.lead(&id).await["name"], "Rosa Delgado");
    shop.owner_is_told("Details arrived: Rosa Delgado");
    shop.phone(ROSA).expects_text("Hi Rosa");
}

#[tokio::test]
async fn details_that_come_days_later_are_told_and_answer_nobody_by_themselves() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    rosa(&vendors, "42");
    let id = meta.names("42").await;
    shop.owner_is_told("Someone through meta");
    shop.passes(Duration::from_secs(2 * 24 * 3_600)).await;

    meta.gets_token(&office, TOKEN).await;

    shop.owner_is_told("Details arrived: Rosa Delgado");
    shop.phone(ROSA).is_quiet();
    assert_eq!(shop.lead(&id).await["phone"], ROSA);
}
