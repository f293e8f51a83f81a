//! Appointments, and events that only name a number: what the owner reads, and who is left in peace.

use crate::support::door::{Answer, Door};
use crate::support::shop::{DAVE, MARIA, MARIA_MAIL, Shop};
use serde_json::{Value, json};

async fn post(shop: &Shop, token: &str, event: &Value) -> Answer {
    let answer = Door::new(shop, token).json(event).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

#[tokio::test]
async fn a_booking_is_told_with_its_time_and_calling_it_off_leaves_the_person_in_peace() {
    let shop = Shop::open().await;
    let calendly = shop.source_of("calendly", "Bookings").await;
    let event = |kind: &str, invitee: &str, phone: Value| {
        json!({"event": kind, "payload": {"uri": format!("https://api.calendly.com/i/{invitee}"), "email": MARIA_MAIL,
            "name": "Maria Lopez", "text_reminder_number": phone, "rescheduled": false,
            "scheduled_event": {"name": "Estimate visit", "start_time": "2026-02-20T17:00:00.000000Z"}}})
    };

    let lead = post(&shop, &calendly, &event("invitee.created", "1", json!(MARIA))).await.lead();

    shop.owner_is_told("New booking: Maria Lopez\n(512) 555-0142\nEstimate visit, Fri 20 Feb, 11:00 am\n");
    shop.phone(MARIA).expects_text("Hi Maria");
    assert_eq!(shop.lead(&lead).await["kind"], "booking");

    assert_eq!(post(&shop, &calendly, &event("invitee.canceled", "1", Value::Null)).await.lead(), lead);

    shop.phone(DAVE).expects_text("Called off: Maria Lopez\nEstimate visit, Fri 20 Feb, 11:00 am\nhttps://");
    shop.api_post(&format!("/leads/{lead}/outcome"), &json!({"outcome": "lost"})).await;

    let answer = post(&shop, &calendly, &event("invitee.canceled", "2", Value::Null)).await;

    assert_eq!(answer.word("lead"), "");
    shop.phone(DAVE).expects_text("Called off: Maria Lopez");
}

#[tokio::test]
async fn an_event_that_names_nobody_is_a_lead_that_says_where_to_look() {
    let shop = Shop::open().await;
    let squarespace = shop.source_of("squarespace", "Our shop").await;
    let event = json!({"id": "1", "topic": "order.create", "data": {"orderId": "42"}});

    let lead = post(&shop, &squarespace, &event).await.lead();

    shop.owner_is_told("Someone through Our shop; the details are at Squarespace\nReply 1 = I've got it\n");
    let events = shop.lead(&lead).await["events"].to_string();
    assert!(events.contains("Look it up at Squarespace"), "{events}");
}
