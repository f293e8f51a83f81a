//! How the number fares with the carriers, told where the owner looks, with the way to the registration kit.

use crate::support::fake_twilio::Fault;
use crate::support::shop::{ENQUIRY, MARIA, Shop};
use std::time::Duration;

const KIT: &str = "/b/harbor/registration";
const NOTICE: &str = "Open the registration kit</a>";
const MINUTE: Duration = Duration::from_secs(60);

/// Ana Bell asks as well, a while later; her text arrives.
async fn another_text_arrives(shop: &Shop) {
    shop.passes(10 * MINUTE).await;
    shop.post_form(&[("name", "Ana Bell"), ("phone", "512-555-0177"), ("message", "Boiler")]).await;
    shop.works().await;
    let text = shop.phone("+15125550177").expects_text("Hi Ana");
    shop.carrier_says(&text, "delivered", None).await;
}

#[tokio::test]
async fn a_number_that_the_carriers_block_is_told_on_today_and_on_the_lead_until_a_text_arrives() {
    for (code, title) in [
        (30_034, "Your number is not registered with the US carriers."),
        (30_032, "Your toll-free number is not verified with the US carriers."),
    ] {
        let shop = Shop::open().await;
        let office = shop.office().await;
        assert!(office.opens(KIT).await.contains("No text has arrived or failed lately."));
        assert!(!office.opens("/b/harbor/today").await.contains(NOTICE));
        let lead = format!("/b/harbor/leads/{}", shop.post_form(ENQUIRY).await.lead());
        let text = shop.phone(MARIA).expects_text("Hi Maria");
        shop.carrier_says(&text, "undelivered", Some(code)).await;

        for page in ["/b/harbor/today", lead.as_str()] {
            let html = office.opens(page).await;
            assert!(html.contains(title) && html.contains(NOTICE), "{page}: {html}");
        }
        let kit = office.opens(KIT).await;
        assert!(kit.contains(title) && kit.contains(">blocked</span>") && kit.contains("was sent 11:00 am."), "{kit}");

        another_text_arrives(&shop).await;

        assert!(!office.opens("/b/harbor/today").await.contains(NOTICE));
        assert!(office.opens(&lead).await.contains(NOTICE), "that text was blocked");
        assert!(office.opens(KIT).await.contains("Texts get through."));
        shop.whatever_came();
    }
}

#[tokio::test]
async fn a_trial_account_is_told_although_alerts_reach_our_own_phones() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    shop.twilio.whenever(MARIA, Fault::Refuse { status: 400, code: 21_608 });
    shop.post_form(ENQUIRY).await;
    shop.works().await;
    let alert = shop.owner_is_told("New lead");
    shop.carrier_says(&alert, "delivered", None).await;

    let today = office.opens("/b/harbor/today").await;
    let kit = office.opens(KIT).await;

    assert!(today.contains("The Twilio account is a trial account.") && today.contains(NOTICE), "{today}");
    assert!(kit.contains("Upgrade the account at twilio.com."), "{kit}");
    another_text_arrives(&shop).await;
    assert!(office.opens(KIT).await.contains("Texts get through."));
    shop.whatever_came();
}

#[tokio::test]
async fn a_landline_or_a_phone_that_is_off_says_nothing_about_the_number() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    shop.twilio.whenever(MARIA, Fault::Refuse { status: 400, code: 21_614 });
    shop.post_form(ENQUIRY).await;
    shop.works().await;

    assert!(!office.opens("/b/harbor/today").await.contains(NOTICE));
    assert!(office.opens(KIT).await.contains("No text has arrived or failed lately."));
    shop.whatever_came();
}
