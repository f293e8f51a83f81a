//! Texts against a fake Twilio: the wire, the list, callbacks.

use crate::support::fake_twilio::{API_KEY, API_SECRET, AUTH_TOKEN, FakeTwilio, Fault, SERVICE};
use crate::support::twilio_wire::Signed;
use crate::support::vendors::{NOW_MS, PUBLIC_URL, hasty, keys, message, patient, twilio};
use leadbell::base::clock::Clock;
use leadbell::base::twilio_signature::{Callback, is_genuine};
use leadbell::delivery::sms_twilio::{Credentials, Sender, Twilio, TwilioConfig, callback_ref};
use leadbell::outbox::channel::{Channel, Found, Outcome, Outgoing};
use std::time::Duration;

struct Shop {
    clock: Clock,
    fake: FakeTwilio,
    twilio: Twilio,
}

impl Shop {
    async fn open() -> Self {
        let clock = Clock::manual(NOW_MS);
        let fake = FakeTwilio::start(clock.clone()).await;
        let twilio = twilio(&fake.config(PUBLIC_URL), patient());
        Shop { clock, fake, twilio }
    }

    fn text(&self, id: &str) -> Outgoing {
        message(&self.twilio, id)
    }
}

#[tokio::test]
async fn a_text_arrives_as_it_was_written() {
    let shop = Shop::open().await;
    let text = Outgoing { body: "Zoë & Söhne: 50 % + 1 = 👍\nReply 1".to_owned(), ..shop.text("m1") };

    let outcome = shop.twilio.send(&text).await;

    let got = &shop.fake.expect(1).await[0];
    assert_eq!(outcome, Outcome::Accepted { vendor_id: Some(got.sid.clone()), parts: 1 });
    assert_eq!((got.to.as_str(), got.body.as_str()), (text.to.as_str(), text.body.as_str()));
    assert_eq!((got.from.as_deref(), got.validity_secs), (Some("+14155550123"), Some(600)));
}

#[tokio::test]
async fn an_api_key_and_a_messaging_service_work_too() {
    let shop = Shop::open().await;
    let config = TwilioConfig {
        credentials: Credentials::ApiKey { key: API_KEY.to_owned(), secret: API_SECRET.to_owned().into() },
        sender: Sender::Service(SERVICE.to_owned()),
        ..shop.fake.config(PUBLIC_URL)
    };
    let text = Outgoing { body: "a".repeat(161), ..shop.text("m1") };

    let outcome = twilio(&config, patient()).send(&text).await;

    // The service has counted no parts yet, so they are ours.
    assert!(matches!(outcome, Outcome::Accepted { parts: 2, .. }), "{outcome:?}");
    assert_eq!(shop.fake.accepted()[0].service.as_deref(), Some(SERVICE));
}

#[tokio::test]
async fn a_wrong_token_and_a_wrong_account_block_the_channel() {
    let shop = Shop::open().await;
    let credentials = Credentials::AuthToken("wrong".to_owned().into());
    let wrong_token = TwilioConfig { credentials, ..shop.fake.config(PUBLIC_URL) };
    let wrong_path = TwilioConfig { api_url: format!("{}/eu", shop.fake.api_url), ..shop.fake.config(PUBLIC_URL) };

    let by_token = twilio(&wrong_token, patient()).send(&shop.text("m1")).await;
    let by_path = twilio(&wrong_path, patient()).send(&shop.text("m1")).await;

    assert!(matches!(by_token, Outcome::Blocked { code: Some(20003), .. }), "{by_token:?}");
    assert!(matches!(by_path, Outcome::Blocked { code: Some(20404), .. }), "{by_path:?}");
}

#[tokio::test]
async fn magic_numbers_are_refused_with_their_codes() {
    let shop = Shop::open().await;
    let numbers = [("1", 21211), ("2", 21612), ("3", 21408), ("4", 21610), ("9", 21614)];
    for (digit, wanted) in numbers {
        let text = Outgoing { to: format!("+1500555000{digit}"), ..shop.text("m1") };

        let outcome = shop.twilio.send(&text).await;

        let Outcome::Rejected { code, opted_out, .. } = outcome else { panic!("{wanted}: {outcome:?}") };
        assert_eq!((code, opted_out), (Some(wanted), wanted == 21610));
    }
    assert!(shop.fake.accepted().is_empty());
}

#[tokio::test]
async fn a_sender_in_trouble_is_told_apart_from_a_recipient_in_trouble() {
    let shop = Shop::open().await;
    let from =
        |number: &str| TwilioConfig { sender: Sender::Number(number.to_owned()), ..shop.fake.config(PUBLIC_URL) };

    let invalid = twilio(&from("+15005550001"), patient()).send(&shop.text("m1")).await;
    let full = twilio(&from("+15005550008"), patient()).send(&shop.text("m2")).await;

    assert!(matches!(invalid, Outcome::Blocked { code: Some(21212), .. }), "{invalid:?}");
    assert!(matches!(full, Outcome::NotSent { code: Some(21611), .. }), "{full:?}");
}

#[tokio::test]
async fn somebody_who_said_stop_to_the_carrier_is_reported_as_opted_out() {
    let shop = Shop::open().await;
    shop.fake.opt_out("+13125550188");

    let outcome = shop.twilio.send(&shop.text("m1")).await;

    assert!(matches!(outcome, Outcome::Rejected { opted_out: true, .. }), "{outcome:?}");
}

#[tokio::test]
async fn the_wait_that_twilio_asks_for_is_passed_on() {
    let shop = Shop::open().await;
    shop.fake.next(Fault::TooMany { retry_after: Some(42) });
    shop.fake.next(Fault::TooMany { retry_after: None });

    let with = shop.twilio.send(&shop.text("m1")).await;
    let without = shop.twilio.send(&shop.text("m1")).await;

    assert!(matches!(with, Outcome::NotSent { retry_after: Some(d), .. } if d == Duration::from_secs(42)), "{with:?}");
    assert!(matches!(without, Outcome::NotSent { retry_after: None, .. }), "{without:?}");
}

#[tokio::test]
async fn answers_that_prove_nothing_are_unknown_and_nothing_is_posted_twice() {
    let shop = Shop::open().await;
    let faults = [
        Fault::BadGateway,
        Fault::Garbled,
        Fault::Close { accept: false },
        Fault::Close { accept: true },
        Fault::Broken { status: 503, accept: true },
    ];
    for fault in faults {
        shop.fake.next(fault);

        let outcome = shop.twilio.send(&shop.text("m1")).await;

        assert!(matches!(outcome, Outcome::Unknown { .. }), "{fault:?}: {outcome:?}");
    }
    assert_eq!(shop.fake.seen().0, faults.len());
}

#[tokio::test]
async fn a_text_whose_answer_was_lost_is_found_in_the_list_once_it_shows() {
    let shop = Shop::open().await;
    let hasty = twilio(&shop.fake.config(PUBLIC_URL), hasty());
    shop.fake.list_lags(8_000);
    shop.fake.next(Fault::Hang { accept: true });

    let outcome = hasty.send(&shop.text("m1")).await;
    let too_early = shop.twilio.look_up(&shop.text("m1"), NOW_MS).await;
    shop.clock.advance(Duration::from_secs(10));
    let later = shop.twilio.look_up(&shop.text("m1"), NOW_MS).await;
    shop.fake.release();

    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(too_early, Found::No);
    let Found::Yes(found) = later else { panic!("{later:?}") };
    assert_eq!((found.len(), found[0].status.as_str()), (1, "queued"));
    assert_eq!(found[0].vendor_id, shop.fake.accepted()[0].sid);
}

#[tokio::test]
async fn a_handshake_that_fails_has_sent_nothing() {
    let shop = Shop::open().await;
    let api_url = shop.fake.api_url.replace("http://", "https://");

    let outcome =
        twilio(&TwilioConfig { api_url, ..shop.fake.config(PUBLIC_URL) }, patient()).send(&shop.text("m1")).await;

    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    assert_eq!(shop.fake.seen().0, 0);
}

#[tokio::test]
async fn the_list_is_read_to_its_end_and_only_the_same_text_counts() {
    let shop = Shop::open().await;
    let other_sender = TwilioConfig { sender: Sender::Service(SERVICE.to_owned()), ..shop.fake.config(PUBLIC_URL) };
    shop.twilio.send(&shop.text("wanted")).await;
    shop.clock.advance(Duration::from_millis(1_500));
    shop.twilio.send(&shop.text("wanted again")).await;
    twilio(&other_sender, patient()).send(&shop.text("other sender")).await;
    for n in 0..120 {
        let other = Outgoing { body: format!("number {n}"), ..shop.text("other") };
        shop.twilio.send(&other).await;
    }

    let found = shop.twilio.look_up(&shop.text("m1"), NOW_MS + 1_000).await;

    let Found::Yes(found) = found else { panic!("{found:?}") };
    let accepted = shop.fake.accepted();
    let ids: Vec<&str> = found.iter().map(|sighting| sighting.vendor_id.as_str()).collect();
    assert_eq!(ids, [accepted[0].sid.as_str(), accepted[1].sid.as_str()], "oldest first");
}

#[tokio::test]
async fn an_older_text_with_the_same_words_is_another_text() {
    let shop = Shop::open().await;
    shop.twilio.send(&shop.text("m1")).await;
    shop.fake.status(&shop.fake.accepted()[0].sid, "delivered", None);

    shop.clock.advance(Duration::from_secs(60));
    let found = shop.twilio.look_up(&shop.text("m2"), shop.clock.now_ms()).await;

    assert_eq!(found, Found::No);
}

#[tokio::test]
async fn a_list_that_fails_is_not_an_empty_list() {
    let shop = Shop::open().await;
    shop.fake.break_lists(1);

    let broken = shop.twilio.look_up(&shop.text("m1"), NOW_MS).await;
    let whole = shop.twilio.look_up(&shop.text("m1"), NOW_MS).await;

    assert!(matches!(broken, Found::CannotTell(_)), "{broken:?}");
    assert_eq!(whole, Found::No);
}

#[tokio::test]
async fn one_warm_connection_carries_all_texts() {
    let shop = Shop::open().await;

    shop.twilio.warm().await;
    for n in 0..5 {
        shop.twilio.send(&shop.text(&format!("m{n}"))).await;
    }

    let (posts, _, connections) = shop.fake.seen();
    assert_eq!((posts, connections), (5, 1));
}

#[tokio::test]
async fn a_status_callback_is_genuine_and_names_the_message_and_its_try() {
    let shop = Shop::open().await;
    shop.twilio.send(&Outgoing { attempt: 3, ..shop.text("m7") }).await;
    let sid = shop.fake.expect(1).await[0].sid.clone();

    let failed = shop.fake.status(&sid, "undelivered", Some(30003));

    assert!(genuine(&failed));
    assert!(failed.form.contains("ErrorCode=30003") && failed.path().starts_with("/twilio/status?m=m7.3."));
    let mark = failed.url.split_once("?m=").unwrap().1;
    assert_eq!(callback_ref(&keys(), mark), Some(("m7".into(), 3)));
}

#[tokio::test]
async fn a_text_that_comes_in_is_genuine_until_a_letter_changes() {
    let shop = Shop::open().await;

    let text = shop.fake.inbound(PUBLIC_URL, "+13125550188", "Yes please, Tuesday 👍");

    let changed = Signed { form: text.form.replace("Tuesday", "Friday"), ..text.clone() };
    assert!(genuine(&text) && !genuine(&changed));
}

#[tokio::test]
async fn a_fault_for_one_message_leaves_the_others_alone() {
    let shop = Shop::open().await;
    shop.fake.whenever("+13125550188", Fault::TooMany { retry_after: None });

    let unlucky = shop.twilio.send(&shop.text("m1")).await;
    let lucky = shop.twilio.send(&Outgoing { to: "+13125550199".to_owned(), ..shop.text("m2") }).await;
    shop.fake.heal();
    let healed = shop.twilio.send(&shop.text("m1")).await;
    shop.fake.expect_posts(3).await;

    assert!(matches!(unlucky, Outcome::NotSent { .. }), "{unlucky:?}");
    assert!(matches!((lucky, healed), (Outcome::Accepted { .. }, Outcome::Accepted { .. })));
}

fn genuine(signed: &Signed) -> bool {
    let callback = Callback {
        method: "POST",
        url: &signed.url,
        content_type: Some("application/x-www-form-urlencoded"),
        signatures: &[signed.signature.as_bytes()],
        body: signed.form.as_bytes(),
    };
    is_genuine(&callback, &[AUTH_TOKEN])
}
