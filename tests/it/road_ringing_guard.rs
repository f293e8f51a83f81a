//! What may go wrong around a call, and who may not ask about one.

use crate::road_ringing::ladder;
use crate::support::fake_twilio::{AUTH_TOKEN, Fault};
use crate::support::ringing::{attribute, said};
use crate::support::shop::{DAVE, ENQUIRY, MARIA, PUBLIC_URL, Setup, Shop};
use crate::support::twilio_wire::Signed;
use crate::support::vendors::{hasty, keys};
use leadbell::delivery::sms_twilio::callback_mark;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
/// Everything below `/twilio/voice/out`.
const ROUTES: [&str; 6] = ["", "/heard", "/key", "/lead", "/after", "/status"];

async fn rung(shop: &Shop) {
    shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    shop.passes(4 * MINUTE + Duration::from_secs(20)).await;
}

#[tokio::test]
async fn a_call_whose_answer_was_lost_rings_once_and_is_known_by_whoever_asks_what_to_say() {
    let shop = ladder().await;
    // Its list would not tell before long.
    shop.twilio.list_lags(600_000);
    shop.twilio.whenever("voice/out", Fault::Close { accept: true });
    rung(&shop).await;
    shop.twilio.heal();
    let mut call = shop.rings(DAVE);
    assert!(shop.messages().await.iter().any(|line| line.starts_with("escalation call unknown")));

    call.picks_up().await;
    call.presses("1").await;
    call.hangs_up().await;

    assert!(shop.messages().await.iter().any(|line| line.starts_with("escalation call delivered")));
    shop.passes(10 * MINUTE).await;
    shop.nothing_rings();
    shop.whatever_came();
}

#[tokio::test]
async fn a_call_whose_answer_was_lost_is_found_in_the_list_and_rings_once() {
    let shop = ladder().await;
    shop.twilio.list_lags(25_000);
    shop.twilio.whenever("voice/out", Fault::Close { accept: true });
    rung(&shop).await;
    shop.twilio.heal();
    let call = shop.rings(DAVE);

    shop.passes(2 * MINUTE).await;

    assert!(shop.messages().await.iter().any(|line| line.starts_with("escalation call accepted")));
    shop.nothing_rings();
    call.is_not_answered().await;
    shop.passes(10 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn a_call_that_never_arrived_is_made_again_once_the_list_says_so() {
    let shop = Shop::with(Setup { ana_too: true, texts_within: hasty(), ..Setup::default() }).await;
    let office = shop.office().await;
    let dave = crate::road_ringing::person(&shop, "Dave").await;
    for n in ["2", "1"] {
        office.presses(&format!("/b/harbor/team/steps/{n}/remove"), &[]).await;
    }
    office.presses("/b/harbor/team/steps/0", &[("after", "0"), ("who", &dave), ("call", "yes")]).await;
    shop.twilio.whenever("voice/out", Fault::Close { accept: false });
    shop.post_form(ENQUIRY).await.lead();
    shop.works().await;
    shop.nothing_rings();
    shop.twilio.heal();

    shop.passes(2 * MINUTE).await;

    let mut call = shop.rings(DAVE);
    call.picks_up().await;
    call.presses("1").await;
    call.hangs_up().await;
    shop.nothing_rings();
    shop.whatever_came();
}

#[tokio::test]
async fn what_twilio_refuses_is_said_by_text_and_told_by_mail() {
    let shop = ladder().await;
    shop.twilio.whenever("voice/out", Fault::Refuse { status: 400, code: 21215 });
    rung(&shop).await;

    shop.passes(2 * MINUTE).await;

    shop.nothing_rings();
    shop.phone(DAVE).expects_text("Still waiting, 4 min: Maria Lopez");
    let notice = shop.inbox(crate::support::shop::DAVE_MAIL).expects_mail("Calls are not getting through");
    assert!(notice.part("text/plain").unwrap().contains("Calls to this country are switched off"));
    shop.passes(30 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn nobody_but_twilio_asks_about_a_call_and_only_about_ours() {
    let shop = ladder().await;
    rung(&shop).await;
    let call = shop.rings(DAVE);
    let mark = call.call.url.split_once("?m=").unwrap().1.to_owned();
    let stranger = callback_mark(&keys(), &"m1".into(), 1);
    let before = shop.messages().await;

    for route in ROUTES {
        let form = "CallSid=CA1&CallStatus=completed&Digits=1&DialCallStatus=completed";
        let path = format!("/twilio/voice/out{route}");
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let unsigned = shop.ask("POST", &format!("{path}?m={mark}"), &headers, form).await;
        assert_eq!(unsigned.status, 403, "{path}");
        let wrong = [headers[0], ("x-twilio-signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")];
        assert_eq!(shop.ask("POST", &format!("{path}?m={mark}"), &wrong, form).await.status, 403, "{path}");
        assert!(matches!(shop.ask("GET", &format!("{path}?m={mark}"), &[], "").await.status, 404 | 405), "{path}");
        for foreign in ["", "m1.1.00", stranger.as_str(), &mark.replace(".1.", ".2.")] {
            let url = format!("{PUBLIC_URL}{path}?m={foreign}");
            let signed = call.signed(&url, &[("CallStatus", "completed"), ("Digits", "1")]);
            assert_eq!(shop.hears(&signed).await.status, 403, "{path} {foreign}");
        }
    }

    assert_eq!(shop.messages().await, before);
    call.is_not_answered().await;
    shop.whatever_came();
    shop.passes(20 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn no_address_of_a_call_holds_anything_about_the_lead() {
    let shop = ladder().await;
    rung(&shop).await;
    let mut call = shop.rings(DAVE);
    let mut addresses = vec![call.call.url.clone(), call.call.status_callback.clone().unwrap()];
    call.picks_up().await;
    addresses.push(attribute(&call.twiml, "action"));
    call.presses("1").await;
    addresses.push(attribute(&call.twiml, "action"));
    call.presses("1").await;
    addresses.extend([attribute(&call.twiml, "action"), attribute(&call.twiml, "statusCallback")]);

    for address in addresses {
        let rest = address.strip_prefix("https://leads.example.com/twilio/voice/out").unwrap();
        let mark = rest.split_once("?m=").unwrap().1;
        assert_eq!(mark.split('.').count(), 3, "{address}");
        assert!(!address.contains("Maria") && !address.contains("5550142"), "{address}");
    }
    call.lead_ends("no-answer", "").await;
    shop.passes(20 * MINUTE).await;
    shop.whatever_came();
}

#[tokio::test]
async fn what_was_recorded_of_a_call_tells_nothing_when_it_is_played_again_later() {
    let shop = ladder().await;
    rung(&shop).await;
    let mut call = shop.rings(DAVE);
    call.picks_up().await;
    let heard = call.signed(&attribute(&call.twiml, "action"), &[("Digits", "1")]);
    call.presses("1").await;
    let key = call.signed(&attribute(&call.twiml, "action"), &[("Digits", "1")]);
    call.hangs_up().await;
    shop.passes(61 * MINUTE).await;
    shop.whatever_came();

    for again in [&heard, &key] {
        let told = shop.hears(again).await;
        assert_eq!(said(&told.text), ["This call is over. Look at your leads."]);
    }
    // Another call's id does not fit either.
    let other = Signed::new(AUTH_TOKEN, &key.url, &[("CallSid", "CA99"), ("Digits", "1")]);
    assert_eq!(said(&shop.hears(&other).await.text), ["This call is over. Look at your leads."]);
    shop.whatever_came();
}

#[tokio::test]
async fn ring_me_and_connect_needs_the_sign_in_its_token_and_the_right_shop() {
    let shop = Shop::open().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.whatever_came();
    let path = format!("/b/harbor/leads/{lead}/ring");
    let form = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];

    let nobody = shop.ask("POST", &path, &[form[0], form[1], ("origin", PUBLIC_URL)], "").await;
    assert!(matches!(nobody.status, 303 | 401 | 403), "{}", nobody.status);
    let office = shop.office().await;
    let foreign = office.presses_from("https://evil.example", &path).await;
    assert_eq!(foreign.status, 403);
    assert_eq!(office.presses("/b/harbor/leads/nobody/ring", &[]).await.status, 404);
    shop.works().await;
    shop.nothing_rings();
}
