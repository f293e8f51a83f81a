//! Who is told while somebody is off duty, while the shop is closed, and while nobody is there at all.

use crate::support::shop::{ANA, DAVE, DAVE_MAIL, ENQUIRY, MARIA, OPENED_MS, Setup, Shop};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
/// It is Wednesday, 11 am: closed for three more hours.
const AFTERNOONS: &str = r#"{"wed":["14:00-18:00"],"thu":["14:00-18:00"]}"#;

/// Dave is told first, then Ana; open as `hours` say.
async fn two(hours: Option<&'static str>) -> Shop {
    let shop = Shop::with(Setup { ana_too: true, hours, ..Setup::default() }).await;
    shop.sql("UPDATE person SET position = 1 WHERE name = 'Ana'", &[]).await;
    shop
}

async fn after_hours(shop: &Shop, word: &str, on_call: &str) {
    shop.sql(
        "INSERT INTO handoff_rule (business_id, after_hours, on_call, unanswered_ms) \
         SELECT b.id, $1, (SELECT p.id FROM person p WHERE p.name = $2), 1800000 FROM business b",
        &[word, on_call],
    )
    .await;
}

async fn timeline(shop: &Shop, lead: &str) -> String {
    shop.lead(lead).await.to_string()
}

#[tokio::test]
async fn who_has_a_day_off_is_skipped_and_the_next_one_is_told_at_once() {
    let shop = two(None).await;
    shop.sql("UPDATE person SET days_off = '[[\"2026-02-11\",\"2026-02-12\"]]' WHERE name = 'Dave'", &[]).await;

    shop.post_form(ENQUIRY).await.lead();

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.phone(ANA).expects_text("New lead: Maria Lopez");
    shop.passes(20 * MINUTE).await;
    shop.phone(ANA).expects_text("Still waiting, 1");
    shop.phone(DAVE).is_quiet();
}

#[tokio::test]
async fn after_closing_who_is_on_call_is_woken_and_the_others_are_told_at_the_opening() {
    let shop = two(Some(AFTERNOONS)).await;
    after_hours(&shop, "wake", "Ana").await;

    let lead = shop.post_form(ENQUIRY).await.lead();

    shop.phone(MARIA).expects_text("We're closed");
    shop.phone(ANA).expects_text("New lead: Maria Lopez");
    shop.inbox(DAVE_MAIL).expects_mail("Open this lead");
    assert!(timeline(&shop, &lead).await.contains("Closed until 2:00 pm: told now: Ana; the others then."));
    shop.passes(170 * MINUTE).await;
    shop.phone(DAVE).is_quiet();
    shop.passes(12 * MINUTE).await;
    shop.phone(DAVE).expects_text("Still waiting, 3 h: Maria Lopez");
    shop.whatever_came();
    shop.passes(60 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn who_waits_until_opening_is_told_by_mail_at_once_and_by_text_then_and_the_page_says_so() {
    let shop = two(Some(AFTERNOONS)).await;
    after_hours(&shop, "wait", "").await;

    let lead = shop.post_form(ENQUIRY).await.lead();

    shop.phone(MARIA).expects_text("We're closed");
    shop.inbox(DAVE_MAIL).expects_mail("Open this lead");
    let office = shop.office().await;
    let page = office.opens(&format!("/b/harbor/leads/{lead}")).await;
    assert!(page.contains("Closed until 2:00 pm: the team is told by mail now, by text then."));
    shop.passes(175 * MINUTE).await;
    shop.phone(DAVE).is_quiet();
    shop.phone(ANA).is_quiet();

    let opening = u64::try_from(OPENED_MS + 3 * 3_600_000 - shop.clock.now_ms()).unwrap();
    shop.passes(Duration::from_millis(opening)).await;
    shop.phone(DAVE).expects_text("Still waiting, 3 h: Maria Lopez");
    shop.inbox(DAVE_MAIL).expects_mail("Still waiting, 3 h");
    shop.phone(ANA).is_quiet();
    shop.passes(4 * MINUTE).await;
    shop.phone(ANA).expects_text("Still waiting, 3 h: Maria Lopez");
    shop.passes(10 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn one_person_alone_may_wait_for_the_opening_too() {
    let shop = Shop::with(Setup { hours: Some(AFTERNOONS), ..Setup::default() }).await;
    after_hours(&shop, "wait", "").await;

    shop.post_form(ENQUIRY).await.lead();

    shop.phone(MARIA).expects_text("We're closed");
    shop.inbox(DAVE_MAIL).expects_mail("Open this lead");
    shop.phone(DAVE).is_quiet();
    shop.passes(200 * MINUTE).await;
    shop.phone(DAVE).expects_text("Still waiting, 3 h: Maria Lopez");
    shop.inbox(DAVE_MAIL).expects_mail("Still waiting");
}

#[tokio::test]
async fn nobody_on_duty_is_told_to_everyone_and_the_ladder_begins_with_the_first_who_is() {
    let shop = two(None).await;
    shop.sql("UPDATE person SET hours = '{\"wed\":[\"13:00-17:00\"]}'", &[]).await;

    let lead = shop.post_form(ENQUIRY).await.lead();

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.inbox(DAVE_MAIL).expects_mail("Open this lead");
    shop.inbox(DAVE_MAIL).expects_mail("Nobody is on duty for Maria Lopez");
    let text = shop.phone(ANA).expects_text("Nobody is on duty for Maria Lopez.").body;
    assert!(text.contains("The next one is at 1:00 pm.") && text.contains(&lead), "{text}");
    assert!(timeline(&shop, &lead).await.contains("Nobody is on duty until 1:00 pm. Everyone was told so."));
    shop.passes(100 * MINUTE).await;
    shop.phone(DAVE).is_quiet();
    shop.passes(45 * MINUTE).await;
    shop.phone(DAVE).expects_text("Still waiting");
    shop.whatever_came();
}

#[tokio::test]
async fn steps_that_were_set_say_who_is_told_when_and_by_what() {
    let shop = two(None).await;
    shop.sql(
        "INSERT INTO handoff_step (business_id, n, after_ms, person_id, by_text, by_mail) \
         SELECT p.business_id, 0, 0, p.id, 1, 0 FROM person p WHERE p.name = 'Ana'",
        &[],
    )
    .await;
    shop.sql(
        "INSERT INTO handoff_step (business_id, n, after_ms, person_id, by_text, by_mail) \
         SELECT p.business_id, 1, 300000, p.id, 0, 1 FROM person p WHERE p.name = 'Dave'",
        &[],
    )
    .await;

    shop.post_form(ENQUIRY).await.lead();

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.phone(ANA).expects_text("New lead: Maria Lopez");
    shop.passes(60 * MINUTE).await;
    shop.inbox(DAVE_MAIL).expects_mail("Still waiting, 5 min");
}
