//! The shop that tests the road is itself tried: it must complain, else every test that leans on it is blind.

use crate::support::fake_twilio::Fault;
use crate::support::shop::{DAVE, DAVE_MAIL, ENQUIRY, MARIA, Shop};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the shop says when it closes; empty when it is content.
fn complaint(shop: Shop) -> String {
    let closing = catch_unwind(AssertUnwindSafe(|| drop(shop)));
    closing.err().map(|panic| panic.downcast_ref::<String>().cloned().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn a_text_that_nobody_expected_is_complained_about() {
    let shop = Shop::open().await;
    shop.post_form(ENQUIRY).await.lead();
    shop.owner_is_told("New lead");

    let complaint = complaint(shop);

    assert!(complaint.contains("nobody expected") && complaint.contains(MARIA), "{complaint}");
}

#[tokio::test]
async fn a_mail_that_nobody_expected_is_complained_about() {
    let shop = Shop::open().await;
    shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.phone(DAVE).expects_text("New lead");

    let complaint = complaint(shop);

    assert!(complaint.contains("nobody expected") && complaint.contains(DAVE_MAIL), "{complaint}");
}

#[tokio::test]
async fn a_message_that_is_left_on_its_way_is_complained_about() {
    let faults = [(Fault::TooMany { retry_after: Some(60) }, "queued"), (Fault::Close { accept: false }, "unknown")];
    for (fault, state) in faults {
        let shop = Shop::open().await;
        shop.twilio.whenever("", fault);
        shop.post_form(ENQUIRY).await.lead();
        shop.inbox(DAVE_MAIL).expects_mail("Maria Lopez");

        let complaint = complaint(shop);

        assert!(complaint.contains("lead_reply") && complaint.contains(&format!(" is {state}")), "{complaint}");
    }
}

#[tokio::test]
async fn a_phone_that_got_other_words_or_none_fails_the_test() {
    let shop = Shop::open().await;
    shop.post_form(ENQUIRY).await.lead();

    let hears = |words: &str| catch_unwind(AssertUnwindSafe(|| shop.phone(MARIA).expects_text(words))).is_ok();

    assert!(!hears("Hello Tom"), "other words");
    assert!(hears("Hi Maria"));
    assert!(!hears("Hi Maria"), "it came once");
    shop.owner_is_told("New lead");
}
