//! Vendors that are asked for what their events leave out, and do not answer as they should: slow, in trouble, with a token
//! that they do not take, with nonsense; and what happens when we are the ones who stop.

use crate::support::ads::{Ads, ROSA, events, lead, open, open_with, rosa};
use crate::support::door::Door;
use crate::support::fake_vendors::{FakeVendors, Fault, TOKEN};
use crate::support::shop::{DAVE, Setup, Shop};
use crate::support::soon;
use crate::support::vendors::hasty;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_vendor_in_trouble_is_asked_again_and_nobody_is_told_twice() {
    let faults = [
        (Fault::Say(500, "oops"), "has trouble (500)"),
        (Fault::Say(503, ""), "has trouble (503)"),
        (Fault::Close, "could not be reached"),
        (Fault::Say(200, "<html>"), "no answer"),
        (Fault::Say(200, "{\"id\": \"4"), "no answer"),
        (Fault::TooMany(None), "fewer questions"),
        (Fault::TooMany(Some(40)), "fewer questions"),
        (Fault::Say(400, "{\"error\":{\"code\":4}}"), "fewer questions"),
    ];
    for (fault, says) in faults {
        let (shop, vendors) = open().await;
        let office = shop.office().await;
        let meta = Ads::of(&shop, "meta").await;
        meta.gets_token(&office, TOKEN).await;
        rosa(&vendors, "42");
        vendors.next(fault.clone());

        let id = meta.names("42").await;

        let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
        assert!(
            page.contains("The rest is still to come from Meta lead ads.") && page.contains(says),
            "{fault:?}: {page}"
        );
        shop.passes(Duration::from_secs(180)).await;
        assert_eq!(vendors.asked().len(), 2, "{fault:?}");
        let said = shop.twilio.accepted();
        let names = said.iter().filter(|text| text.to == DAVE && text.body.contains("Rosa Delgado")).count();
        let nameless = said.iter().filter(|text| text.to == DAVE && text.body.contains("Someone through")).count();
        let answers = said.iter().filter(|text| text.to == ROSA).count();
        assert!((names, answers) == (1, 1) && nameless <= 1, "{fault:?}: {said:#?}");
        shop.takes_everything();
    }
}

#[tokio::test]
async fn a_vendor_that_says_when_to_come_back_is_not_asked_before() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    vendors.next(Fault::TooMany(Some(7)));
    for id in ["42", "43"] {
        let (path, thing) = lead(id, "Rosa Delgado", ROSA, "rosa@example.com");
        vendors.has(&path, thing);
    }

    meta.names("42").await;
    let asked = vendors.asked().len();
    meta.names("43").await;
    shop.passes(Duration::from_secs(6)).await;
    let in_time = vendors.asked().len();
    shop.passes(Duration::from_secs(2)).await;

    assert_eq!((asked, in_time), (1, 1), "the one that came later waits along");
    assert_eq!(vendors.asked().len(), 3);
    shop.takes_everything();
    shop.passes(Duration::from_secs(60)).await;
    shop.takes_everything();
}

#[tokio::test]
async fn a_slow_vendor_holds_nobody_up_and_the_owner_hears_of_the_lead_meanwhile() {
    let (shop, vendors) = open_with(Setup { texts_within: hasty(), ..Setup::default() }).await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    rosa(&vendors, "42");
    vendors.next(Fault::Hang);

    let id = meta.names("42").await;

    let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
    assert!(page.contains("did not answer in time"), "{page}");
    vendors.release();
    shop.passes(Duration::from_secs(60)).await;
    let said = shop.twilio.accepted();
    assert_eq!(said.iter().filter(|text| text.to == ROSA).count(), 1);
    shop.takes_everything();
}

#[tokio::test]
async fn a_refused_token_is_told_apart_tried_rarely_and_a_new_one_goes_at_once() {
    let refusals = [
        ("meta", None, "did not accept the API token (400)"),
        ("meta", Some(Fault::Say(403, "{}")), "does not let this API token read it (403)"),
        ("meta", Some(Fault::Say(401, "{}")), "did not accept the API token (401)"),
    ];
    for (provider, fault, says) in refusals {
        let (shop, vendors) = open().await;
        let office = shop.office().await;
        let meta = Ads::of(&shop, provider).await;
        meta.gets_token(&office, if fault.is_none() { "expired" } else { TOKEN }).await;
        rosa(&vendors, "42");
        fault.into_iter().for_each(|fault| vendors.next(fault));

        let id = meta.names("42").await;
        shop.passes(Duration::from_secs(1_800)).await;

        assert_eq!(vendors.asked().len(), 1, "{says}");
        shop.owner_is_told("Someone through meta");
        for page in [format!("/b/harbor/leads/{id}"), meta.page.clone()] {
            let page = office.opens(&page).await;
            assert!(page.contains(says), "{says}: {page}");
        }
        meta.gets_token(&office, TOKEN).await;
        assert_eq!(vendors.asked().len(), 2);
        shop.owner_is_told("Details arrived: Rosa Delgado");
        shop.phone(ROSA).expects_text("Hi Rosa");
    }
}

#[tokio::test]
async fn what_a_vendor_does_not_know_is_given_up_and_said_so() {
    for (fault, tries, says) in [
        (Fault::Say(404, "{}"), 4, "has no lead of that number (404). Given up."),
        (Fault::Huge(1_200_000), 1, "sent more than 1 MiB, which is not read. Given up."),
    ] {
        let (shop, vendors) = open().await;
        let office = shop.office().await;
        let meta = Ads::of(&shop, "meta").await;
        meta.gets_token(&office, TOKEN).await;
        (0..tries).for_each(|_| vendors.next(fault.clone()));

        let id = meta.names("42").await;
        shop.passes(Duration::from_secs(5 * 3_600)).await;

        assert_eq!(vendors.asked().len(), tries);
        shop.owner_is_told("Someone through meta");
        let lead = shop.lead(&id).await;
        assert!(events(&lead).contains(says), "{}", events(&lead));
        let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
        assert!(page.contains("Meta lead ads did not tell us the rest."), "{page}");
    }
}

#[tokio::test]
async fn no_vendor_sends_us_or_the_token_anywhere_else() {
    let (shop, vendors) = open().await;
    let elsewhere = FakeVendors::start().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    vendors.next(Fault::Elsewhere(format!("{}/v24.0/42?access_token={TOKEN}", elsewhere.address)));

    let id = meta.names("42").await;
    for id in ["42/../me", "42?x=1", "me", "42@evil.example"] {
        meta.names(id).await;
    }

    assert_eq!(elsewhere.asked(), [""; 0]);
    assert_eq!(vendors.asked(), ["/v24.0/42"], "what is no number is not asked for");
    let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
    assert!(page.contains("did not want to answer (302)"), "{page}");
    shop.takes_everything();
    shop.passes(Duration::from_secs(60)).await;
    shop.takes_everything();
}

#[tokio::test]
async fn a_question_that_was_cut_off_is_asked_again_after_a_restart() {
    let vendors = FakeVendors::start().await;
    let mut shop = Shop::with(Setup { vendors_at: Some(vendors.address.clone()), ..Setup::default() }).await;
    let id = {
        let office = shop.office().await;
        let meta = Ads::of(&shop, "meta").await;
        meta.gets_token(&office, TOKEN).await;
        rosa(&vendors, "42");
        vendors.next(Fault::Hang);
        let event = json!({"entry": [{"changes": [{"field": "leadgen", "value": {"leadgen_id": "42"}}]}]});
        let answer = Door::new(&shop, &meta.token).only("application/json", event.to_string()).await;
        let asking = shop.standing().house.engine.pipeline.fetch_dry();
        tokio::select! {
            _ = asking => panic!("it hangs"),
            () = vendors.expect_questions(1) => {}
        }
        answer.lead()
    };

    shop.dies_and_starts_again().await;
    shop.works().await;

    assert_eq!(vendors.asked(), ["/v24.0/42", "/v24.0/42"]);
    shop.owner_is_told("Rosa Delgado\n(512) 555-0198\n");
    shop.phone(ROSA).expects_text("Hi Rosa");
    assert_eq!(shop.lead(&id).await["name"], "Rosa Delgado");
}

#[tokio::test]
async fn a_try_that_died_with_its_lease_is_made_again_while_we_run() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    meta.gets_token(&office, TOKEN).await;
    rosa(&vendors, "42");
    vendors.next(Fault::Hang);
    let event = json!({"entry": [{"changes": [{"field": "leadgen", "value": {"leadgen_id": "42"}}]}]});
    Door::new(&shop, &meta.token).only("application/json", event.to_string()).await;
    tokio::select! {
        _ = shop.standing().house.engine.pipeline.fetch_dry() => panic!("it hangs"),
        () = vendors.expect_questions(1) => {}
    }

    shop.works().await;
    let under_lease = vendors.asked().len();
    shop.clock.advance(Duration::from_secs(31));
    shop.works().await;

    assert_eq!((under_lease, vendors.asked().len()), (1, 2));
    shop.takes_everything();
    assert_eq!(shop.twilio.accepted().iter().filter(|text| text.to == ROSA).count(), 1);
}

#[tokio::test]
async fn the_running_house_asks_by_itself_as_soon_as_it_may() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let meta = Ads::of(&shop, "meta").await;
    rosa(&vendors, "42");
    vendors.next(Fault::Hang);
    let event = json!({"entry": [{"changes": [{"field": "leadgen", "value": {"leadgen_id": "42"}}]}]});
    let story = async {
        let id = Door::new(&shop, &meta.token).only("application/json", event.to_string()).await.lead();
        assert_eq!(office.presses(&format!("{}/token", meta.page), &[("token", TOKEN)]).await.status, 303);
        vendors.expect_questions(1).await;
        vendors.release();
        soon("the details", async {
            while shop.lead(&id).await["name"] != "Rosa Delgado" {
                tokio::task::yield_now().await;
            }
        })
        .await;
    };

    tokio::select! {
        () = shop.standing().house.engine.pipeline.fetch() => panic!("it goes on for ever"),
        () = story => {}
    }

    shop.works().await;
    shop.passes(Duration::from_secs(60)).await;
    assert_eq!(vendors.asked().len(), 1);
    assert_eq!(shop.twilio.accepted().iter().filter(|text| text.to == ROSA).count(), 1);
    shop.takes_everything();
}
