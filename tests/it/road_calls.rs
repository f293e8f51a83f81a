//! Calls to the shop's number: the owner's telephone rings, and whoever nobody answers is told to the owner, texted back
//! and on the clock.

use crate::support::door::Answer;
use crate::support::fake_twilio::{AUTH_TOKEN, NUMBER};
use crate::support::shop::{ANA, DAVE, ENQUIRY, MARIA, PUBLIC_URL, Setup, Shop};
use crate::support::twilio_wire::Signed;
use serde_json::Value;
use std::time::Duration;

/// One call as Twilio tells of it.
struct Call<'a> {
    shop: &'a Shop,
    sid: &'static str,
    from: &'a str,
}

impl Call<'_> {
    /// Posts a callback of this call, below `/twilio/voice`.
    async fn tells(&self, path: &str, more: &[(&str, &str)]) -> Answer {
        let mut fields = vec![("CallSid", self.sid), ("From", self.from), ("To", NUMBER), ("Direction", "inbound")];
        fields.extend(more);
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{PUBLIC_URL}/twilio/voice{path}") };
        self.shop.hears(&Signed::new(AUTH_TOKEN, &url, &fields)).await
    }

    /// It rings; what Twilio is told to do.
    async fn rings(&self) -> String {
        let answer = self.tells("", &[("CallStatus", "ringing")]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.header("content-type"), "text/xml");
        answer.text
    }

    async fn ends(&self, word: &str, bridged: &str) -> String {
        let more = [("DialCallStatus", word), ("DialBridged", bridged), ("DialCallDuration", "42")];
        self.tells("/after", &more).await.text
    }
}

/// The first address of this kind in an answer.
fn address(twiml: &str, start: &str) -> String {
    let rest = twiml.split_once(start).unwrap_or_else(|| panic!("no {start} in {twiml}")).1;
    rest.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&")
}

async fn leads(shop: &Shop) -> Vec<Value> {
    shop.api("/leads").await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_call_rings_the_owner_and_nobody_answering_makes_a_lead_that_is_texted_back() {
    let shop = Shop::open().await;
    let call = Call { shop: &shop, sid: "CA1", from: MARIA };

    let twiml = call.rings().await;
    let goodbye = call.ends("no-answer", "false").await;

    assert!(twiml.contains("<Dial") && twiml.contains(&format!(">{DAVE}</Number>")), "{twiml}");
    assert!(goodbye.contains("<Say>Sorry") && goodbye.contains("<Hangup/>"), "{goodbye}");
    shop.phone(MARIA).expects_text("Sorry, we missed your call. Dave will call you back shortly.");
    shop.owner_is_told("Missed call: (512) 555-0142");
    let all = leads(&shop).await;
    assert_eq!(
        (all.len(), &all[0]["kind"], &all[0]["phone"], &all[0]["state"]),
        (1, &"call".into(), &MARIA.into(), &"waiting".into())
    );
}

#[tokio::test]
async fn two_missed_calls_of_one_person_are_one_lead_and_one_text() {
    let shop = Shop::open().await;
    for (sid, word) in [("CA1", "busy"), ("CA2", "failed")] {
        let call = Call { shop: &shop, sid, from: MARIA };
        call.rings().await;
        call.ends(word, "false").await;
        // The same news again.
        call.ends(word, "false").await;
    }

    shop.phone(MARIA).expects_text("we missed your call");
    shop.phone(MARIA).is_quiet();
    shop.owner_is_told("Missed call: (512) 555-0142");
    shop.owner_is_told("Missed call: (512) 555-0142");
    assert_eq!(leads(&shop).await.len(), 1);
}

#[tokio::test]
async fn who_presses_1_has_answered_the_callers_open_enquiry() {
    let shop = Shop::open().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    let call = Call { shop: &shop, sid: "CA1", from: MARIA };

    let ring = call.rings().await;
    let screen = call.tells(&address(&ring, "<Number url=\""), &[]).await.text;
    shop.clock.advance(Duration::from_secs(9));
    let pressed = call.tells(&address(&screen, "action=\""), &[("Digits", "1")]).await.text;
    shop.clock.advance(Duration::from_secs(42));
    call.ends("completed", "true").await;
    call.tells("/status", &[("CallStatus", "completed"), ("CallDuration", "60")]).await;

    assert!(screen.contains("Press 1 to take it") && screen.contains("1 5 1 2 5 5 5 0 1 4 2"), "{screen}");
    assert!(pressed.ends_with("<Response/>"), "{pressed}");
    let told = shop.lead(&lead).await;
    assert_eq!((&told["state"], &told["person_at"]), (&"answered".into(), &"2026-02-11T17:00:21.000Z".into()));
    assert_eq!(told["reached_at"], "2026-02-11T17:01:03.000Z");
    assert_eq!(leads(&shop).await.len(), 1);
    shop.phone(MARIA).is_quiet();
    shop.phone(DAVE).is_quiet();
}

#[tokio::test]
async fn a_voicemail_that_picks_up_has_answered_nobody() {
    let shop = Shop::open().await;
    let call = Call { shop: &shop, sid: "CA1", from: MARIA };

    let ring = call.rings().await;
    let screen = call.tells(&address(&ring, "<Number url=\""), &[]).await.text;
    let other = call.tells(&address(&screen, "action=\""), &[("Digits", "2")]).await.text;
    call.ends("completed", "false").await;

    assert!(screen.contains("<Hangup/>") && other.contains("<Hangup/>"), "{screen} {other}");
    shop.phone(MARIA).expects_text("we missed your call");
    shop.owner_is_told("Missed call");
}

#[tokio::test]
async fn a_caller_who_hangs_up_first_or_of_whom_nothing_more_is_heard_is_not_lost() {
    let shop = Shop::open().await;
    let (first, second) =
        (Call { shop: &shop, sid: "CA1", from: MARIA }, Call { shop: &shop, sid: "CA2", from: "+15125550177" });

    first.rings().await;
    first.tells("/status", &[("CallStatus", "no-answer")]).await;
    second.rings().await;
    shop.passes(Duration::from_secs(9 * 60)).await;
    shop.phone("+15125550177").is_quiet();
    shop.phone(MARIA).expects_text("we missed your call");
    shop.owner_is_told("Missed call: (512) 555-0142");
    shop.passes(Duration::from_secs(2 * 60)).await;

    shop.phone("+15125550177").expects_text("we missed your call");
    shop.owner_is_told("Missed call: (512) 555-0177");
    assert_eq!(leads(&shop).await.len(), 2);
}

#[tokio::test]
async fn a_hidden_number_is_rung_through_and_one_of_us_is_not_a_customer() {
    let shop = Shop::with(Setup { ana_too: true, ..Setup::default() }).await;
    let hidden = Call { shop: &shop, sid: "CA1", from: "anonymous" };
    let own = Call { shop: &shop, sid: "CA2", from: ANA };

    let ring = hidden.rings().await;
    hidden.ends("no-answer", "false").await;
    let said = own.rings().await;

    assert!(ring.contains("<Number"), "{ring}");
    own.tells("/status", &[("CallStatus", "completed")]).await;
    assert!(said.contains("Calls of your customers ring your own phone"), "{said}");
    assert!(leads(&shop).await.is_empty());
    shop.phone(ANA).is_quiet();
}

#[tokio::test]
async fn a_callback_of_a_call_that_twilio_did_not_sign_is_refused() {
    let shop = Shop::open().await;
    for path in ["", "/screen", "/pressed", "/after", "/status"] {
        let url = format!("{PUBLIC_URL}/twilio/voice{path}");
        let forged = Signed::new(
            "another-token",
            &url,
            &[
                ("CallSid", "CA1"),
                ("From", MARIA),
                ("To", NUMBER),
                ("DialCallStatus", "no-answer"),
                ("CallStatus", "no-answer"),
            ],
        );

        assert_eq!(shop.hears(&forged).await.status, 403, "{path}");
    }
    assert!(leads(&shop).await.is_empty());
}

#[tokio::test]
async fn a_missed_call_of_somebody_who_asked_not_to_be_texted_is_told_to_the_owner_alone() {
    let shop = Shop::open().await;
    shop.post_form(ENQUIRY).await;
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    shop.texts_in(MARIA, "STOP").await;
    shop.passes(Duration::from_secs(13 * 3_600)).await;
    let call = Call { shop: &shop, sid: "CA1", from: MARIA };

    call.rings().await;
    call.ends("no-answer", "false").await;

    shop.phone(MARIA).is_quiet();
    shop.owner_is_told("Missed call: Maria Lopez");
}

#[tokio::test]
async fn who_pressed_1_and_was_not_put_through_any_more_has_answered_nobody() {
    let shop = Shop::open().await;
    let call = Call { shop: &shop, sid: "CA1", from: MARIA };
    let ring = call.rings().await;
    let screen = call.tells(&address(&ring, "<Number url=\""), &[]).await.text;
    call.tells(&address(&screen, "action=\""), &[("Digits", "1")]).await;

    // The caller had hung up in that second; the number's own callback cannot know.
    call.tells("/status", &[("CallStatus", "completed")]).await;
    assert!(leads(&shop).await.is_empty());
    call.ends("no-answer", "false").await;

    shop.phone(MARIA).expects_text("we missed your call");
    shop.owner_is_told("Missed call: (512) 555-0142");
    assert_eq!(leads(&shop).await.len(), 1);
}
