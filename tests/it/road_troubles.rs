//! Carriers refuse, vendors fail, clocks lie: the lead is answered another way and the owner hears of it once.

use crate::support::fake_twilio::Fault;
use crate::support::mailcrab_on_a_free_port;
use crate::support::shop::{DAVE, DAVE_MAIL, ENQUIRY, MARIA, MARIA_MAIL, Setup, Shop};
use crate::support::soon;
use crate::support::words::reads_as;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_text_that_is_refused_at_once_is_said_by_mail_and_the_owner_hears_why() {
    for (code, why) in [(21610, "asked not to get texts"), (21614, "landline"), (21408, "this country")] {
        let shop = Shop::open().await;
        shop.twilio.whenever(MARIA, Fault::Refuse { status: 400, code });

        let lead = shop.post_form(ENQUIRY).await.lead();
        shop.passes(MINUTE).await;

        shop.inbox(MARIA_MAIL).expects_mail("Harbor Plumbing got your message");
        shop.owner_is_told("New lead");
        shop.inbox(DAVE_MAIL).expects_mail(why);
        assert_eq!(shop.lead(&lead).await["first_text_at"], "2026-02-11T17:00:12.000Z", "the mail counts");
    }
}

#[tokio::test]
async fn a_text_that_the_carrier_drops_later_is_said_by_mail_and_the_owner_hears_why() {
    for (code, why) in [(30034, "carrier said: not registered"), (30006, "landline"), (30003, "switched off")] {
        let shop = Shop::open().await;
        shop.post_form(ENQUIRY).await.lead();
        let text = shop.phone(MARIA).expects_text("Hi Maria");
        shop.owner_is_told("New lead");

        shop.carrier_says(&text, "sent", None).await;
        shop.carrier_says(&text, "undelivered", Some(code)).await;
        shop.carrier_says(&text, "undelivered", Some(code)).await;
        shop.passes(MINUTE).await;

        shop.inbox(MARIA_MAIL).expects_mail("Harbor Plumbing got your message");
        let notice = shop.inbox(DAVE_MAIL).expects_mail(why);
        let words = format!("{}\n\n{}", notice.header("Subject").unwrap(), notice.part("text/plain").unwrap());
        match code {
            30034 => reads_as!("mail_about_a_number_that_is_blocked", words),
            30006 => reads_as!("mail_about_messages_that_did_not_go", words),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_refusal_as_opted_out_is_remembered_as_one() {
    let shop = Shop::open().await;
    shop.twilio.opt_out(MARIA);
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.inbox(MARIA_MAIL).expects_mail("got your message");
    shop.owner_is_told("New lead");
    shop.inbox(DAVE_MAIL).expects_mail("asked not to get texts");

    let refused = shop.api_post(&format!("/leads/{lead}/texts"), &serde_json::json!({"body": "Hello?"})).await;

    assert_eq!((refused.status, refused.json()["error"]["code"].as_str()), (409, Some("opted_out")));
    assert_eq!(shop.twilio.seen().0, 2, "nothing was tried again");
}

#[tokio::test]
async fn who_left_only_a_number_that_takes_no_texts_is_shown_to_the_owner() {
    let shop = Shop::open().await;
    shop.twilio.whenever(MARIA, Fault::Refuse { status: 400, code: 21614 });

    let lead = shop.post_form(&[("name", "Maria Lopez"), ("phone", "5125550142")]).await.lead();
    shop.passes(MINUTE).await;

    shop.owner_is_told("New lead: Maria Lopez");
    shop.inbox(DAVE_MAIL).expects_mail("call instead");
    assert!(shop.lead(&lead).await["first_text_at"].is_null());
    let messages = shop.messages().await;
    assert!(messages.iter().any(|m| m.starts_with("lead_reply sms failed")), "{messages:#?}");
}

#[tokio::test]
async fn an_owner_whose_phone_refuses_texts_reads_the_alert_and_the_reason_in_the_mail() {
    let shop = Shop::open().await;
    shop.twilio.whenever(DAVE, Fault::Refuse { status: 400, code: 21610 });

    shop.post_form(ENQUIRY).await.lead();
    shop.passes(MINUTE).await;

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.inbox(DAVE_MAIL).expects_mail("Open this lead");
    shop.inbox(DAVE_MAIL).expects_mail("asked not to get texts");
}

#[tokio::test]
async fn callbacks_in_any_order_and_repeated_tell_one_story() {
    let orders = [
        ["sent", "delivered", "queued", "delivered"],
        ["delivered", "delivered", "sent", "sending"],
        ["queued", "delivered", "undelivered", "sent"],
    ];
    for order in orders {
        let shop = Shop::open().await;
        let lead = shop.post_form(ENQUIRY).await.lead();
        let text = shop.phone(MARIA).expects_text("Hi Maria");
        shop.owner_is_told("New lead");

        for status in order {
            shop.carrier_says(&text, status, None).await;
        }
        shop.passes(MINUTE).await;

        let told = shop.lead(&lead).await;
        assert_eq!(told["delivered_at"], "2026-02-11T17:00:12.000Z", "{order:?}");
        let heard = told["events"].as_array().unwrap();
        assert_eq!(heard.iter().filter(|e| e["kind"] == "message_delivered").count(), 1, "{order:?}: {told:#}");
        assert!(heard.iter().all(|e| e["kind"] != "message_failed"), "{order:?}: {told:#}");
    }
}

#[tokio::test]
async fn a_vendor_that_asks_to_wait_is_left_alone_for_as_long() {
    let shop = Shop::open().await;
    shop.twilio.next(Fault::TooMany { retry_after: Some(42) });
    shop.twilio.next(Fault::TooMany { retry_after: Some(42) });

    shop.post_form(ENQUIRY).await.lead();
    let asked = shop.twilio.seen().0;
    shop.passes(Duration::from_secs(41)).await;
    assert_eq!(shop.twilio.seen().0, asked, "nothing before its time");
    shop.passes(Duration::from_secs(2)).await;

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
    assert_eq!(shop.twilio.accepted().len(), 2);
}

#[tokio::test]
async fn a_short_outage_delays_and_loses_nothing() {
    let shop = Shop::open().await;
    shop.twilio.whenever("", Fault::TooMany { retry_after: None });
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.passes(10 * MINUTE).await;
    shop.phone(MARIA).is_quiet();
    shop.twilio.heal();

    shop.passes(5 * MINUTE).await;

    shop.inbox(MARIA_MAIL).expects_mail("got your message");
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
    shop.inbox(DAVE_MAIL).expects_mail("Texts are not getting through");
    assert!(shop.lead(&lead).await["first_text_at"].is_string());
}

#[tokio::test]
async fn an_hour_without_texts_loses_no_lead_and_texts_nobody_too_late() {
    let shop = Shop::open().await;
    shop.twilio.whenever("", Fault::TooMany { retry_after: None });
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.inbox(DAVE_MAIL).expects_mail("Maria Lopez");

    shop.passes(HOUR + 5 * MINUTE).await;
    shop.inbox(MARIA_MAIL).expects_mail("got your message");
    shop.inbox(DAVE_MAIL).expects_mail("Texts are not getting through");
    shop.passes(HOUR).await;
    shop.twilio.heal();
    shop.passes(HOUR).await;

    // The alert is still worth sending, the first answer is not.
    shop.phone(DAVE).expects_text("New lead: Maria Lopez");
    let messages = shop.messages().await;
    assert!(messages.iter().any(|m| m.starts_with("lead_reply sms expired")), "{messages:#?}");
    assert!(shop.lead(&lead).await["first_text_at"].is_string(), "the mail counts");
}

#[tokio::test]
async fn a_wrong_key_stops_texting_and_every_text_goes_once_the_key_is_right() {
    let shop = Shop::open().await;
    shop.twilio.whenever("", Fault::Refuse { status: 401, code: 20003 });
    shop.post_form(ENQUIRY).await.lead();
    shop.passes(10 * MINUTE).await;
    let tried = shop.twilio.seen().0;
    assert!(tried < 12, "{tried} tries in ten minutes");

    shop.twilio.heal();
    shop.passes(3 * MINUTE).await;

    shop.inbox(MARIA_MAIL).expects_mail("got your message");
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
    shop.inbox(DAVE_MAIL).expects_mail("Texts are not getting through");
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_sends_nothing_twice() {
    const DAY_MS: i64 = 86_400_000;
    for jump in [DAY_MS, -DAY_MS] {
        let shop = Shop::open().await;
        let lead = shop.post_form(ENQUIRY).await.lead();
        shop.phone(MARIA).expects_text("Hi Maria");
        shop.owner_is_told("New lead");

        shop.clock.jump_to(shop.clock.now_ms() + jump);
        shop.works().await;
        shop.passes(MINUTE).await;
        shop.clock.jump_to(shop.clock.now_ms() - jump);
        shop.works().await;
        shop.passes(MINUTE).await;

        assert_eq!(shop.twilio.seen().0, 2, "{jump}");
        assert!(shop.lead(&lead).await["first_text_at"].is_string());
    }
}

#[tokio::test]
async fn a_clock_that_falls_back_a_day_does_not_hold_up_the_next_lead() {
    let shop = Shop::open().await;
    shop.clock.jump_to(shop.clock.now_ms() - 86_400_000);

    shop.post_form(ENQUIRY).await.lead();

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
}

#[tokio::test]
async fn many_numbers_of_one_block_are_kept_and_not_texted() {
    let shop = Shop::open().await;
    for n in 0..8 {
        let phone = format!("512555010{n}");
        let fields = [("name", "Anna Bell"), ("phone", phone.as_str())];
        shop.door()
            .only("application/x-www-form-urlencoded", {
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
            })
            .await
            .lead();
    }

    shop.passes(20 * MINUTE).await;

    let texted = shop.twilio.accepted().iter().filter(|text| text.body.contains("Hi Anna")).count();
    assert_eq!(texted, 5);
    let messages = shop.messages().await;
    assert_eq!(
        messages.iter().filter(|m| m.contains("held Too many numbers of one block")).count(),
        3,
        "{messages:#?}"
    );
    for number in 0..8 {
        let phone = shop.phone(&format!("+1512555010{number}"));
        if shop.unexpected_texts().iter().any(|text| text.to == phone.number() && text.body.contains("Hi Anna")) {
            phone.expects_text("Hi Anna");
        }
    }
    for _ in 0..8 {
        shop.owner_is_told("New lead: Anna Bell");
    }
    shop.inbox(DAVE_MAIL).expects_mail("3 messages of Harbor Plumbing did not go out");
}

#[tokio::test]
async fn a_real_mail_server_takes_what_the_road_sends() {
    let (port, mut server) = mailcrab_on_a_free_port().await;
    let smtp_url = Some(format!("smtp://127.0.0.1:{port}"));
    let shop = Shop::with(Setup { smtp_url, ..Setup::default() }).await;

    shop.post_form(&[("name", "Zoë Núñez 👍"), ("email", MARIA_MAIL), ("message", "Crème\r\nbrûlée?")]).await.lead();

    let mut got = Vec::new();
    for _ in 0..2 {
        let mail = soon("the mail", server.rx.recv()).await.unwrap();
        let json = serde_json::to_value(&mail).unwrap();
        got.push((mail.envelope_recipients[0].clone(), json["subject"].as_str().unwrap().to_owned(), json));
    }
    got.sort_by(|a, b| a.0.cmp(&b.0));
    let (to_dave, to_maria) = (&got[0], &got[1]);
    assert_eq!((&*to_dave.0, &*to_maria.0), (DAVE_MAIL, MARIA_MAIL));
    assert!(to_dave.1.ends_with("Crème brûlée?"), "{}", to_dave.1);
    assert_eq!(to_maria.1, "Harbor Plumbing got your message");
    assert!(!to_maria.2["text"].as_str().unwrap().contains("brûlée"), "nothing of the visitor's words goes back");
    shop.phone(DAVE).expects_text("New lead: Zoe N");
    server.token.cancel();
}
