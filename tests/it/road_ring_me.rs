//! "Ring me and connect": the telephone of whoever pressed the button rings, and 1 puts them through.

use crate::road_ringing::{enquired, happened};
use crate::support::ringing::said;
use crate::support::shop::{DAVE, ENQUIRY, MARIA, Shop};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn ring_me_and_connect_on_the_leads_page_rings_whoever_pressed_it() {
    let shop = Shop::open().await;
    let lead = enquired(&shop).await;
    // Who asked for no more texts may still be called.
    shop.texts_in(MARIA, "STOP").await;
    let office = shop.office().await;
    let page = format!("/b/harbor/leads/{lead}");
    assert!(office.opens(&page).await.contains("Ring me and connect"));

    for _ in 0..2 {
        let answer = office.presses(&format!("{page}/ring"), &[]).await;
        assert_eq!((answer.status, answer.header("location")), (303, &*format!("{page}?done=rings")));
    }
    shop.works().await;

    let mut call = shop.rings(DAVE);
    shop.nothing_rings();
    assert_eq!(call.picks_up().await[0], "Harbor Plumbing. The call that you asked for. Press 1 to be connected.");
    assert!(!call.twiml.contains("5550142"));
    call.presses("1").await;
    assert_eq!(said(&call.twiml), ["Calling Maria Lopez."]);
    assert!(call.twiml.contains(&format!(">{MARIA}</Number>")), "{}", call.twiml);
    call.lead_picks_up().await;
    call.lead_ends("completed", "61").await;
    assert_eq!(happened(&shop, &lead, &["person", "called"]).await, ["person Dave bridge", "called Dave completed 61"]);
    shop.whatever_came();
}

#[tokio::test]
async fn a_lead_that_is_closed_or_forgotten_cannot_be_rung() {
    let shop = Shop::open().await;
    let lead = enquired(&shop).await;
    let office = shop.office().await;
    let page = format!("/b/harbor/leads/{lead}");
    office.presses(&format!("{page}/outcome"), &[("outcome", "lost")]).await;

    assert!(!office.opens(&page).await.contains("Ring me and connect"));
    let answer = office.presses(&format!("{page}/ring"), &[]).await;
    assert_eq!(answer.header("location"), format!("{page}?done=no_ring"));

    office.presses(&format!("{page}/reopen"), &[]).await;
    shop.sql("UPDATE lead SET phone = NULL, name = NULL", &[]).await;
    assert!(!office.opens(&page).await.contains("Ring me and connect"));
    office.presses(&format!("{page}/ring"), &[]).await;
    shop.works().await;
    shop.nothing_rings();
}

#[tokio::test]
async fn the_page_behind_an_alert_rings_too() {
    let shop = Shop::open().await;
    shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    let text = shop.owner_is_told("New lead: Maria Lopez").body;
    let link = text.split_once("leads.example.com").unwrap().1.to_owned();
    let html = shop.ask("GET", &link, &[("accept", "text/html")], "").await.text;
    assert!(html.contains("Ring me and connect"), "{html}");

    let answer = shop.presses(&format!("{link}/ring")).await;

    assert_eq!(answer.header("location"), format!("{link}?done=rings"));
    let html = shop.ask("GET", &format!("{link}?done=rings"), &[("accept", "text/html")], "").await.text;
    assert!(html.contains("Your phone rings in a moment."), "{html}");
    let mut call = shop.rings(DAVE);
    call.picks_up().await;
    assert_eq!(call.presses("9").await, ["Not connected. Goodbye."]);
    shop.passes(2 * MINUTE).await;
    assert_eq!(shop.presses("/l/nobodys-code-at-all-xx/ring").await.status, 410);
}

#[tokio::test]
async fn a_call_that_was_asked_for_never_comes_late() {
    let shop = Shop::open().await;
    let lead = enquired(&shop).await;
    shop.twilio.whenever(DAVE, crate::support::fake_twilio::Fault::TooMany { retry_after: Some(300) });
    shop.office().await.presses(&format!("/b/harbor/leads/{lead}/ring"), &[]).await;
    shop.works().await;
    shop.twilio.heal();

    shop.passes(10 * MINUTE).await;

    shop.nothing_rings();
}
