//! Where answers wait for the morning, they wait for the morning of whoever wrote.

use crate::support::shop::{MARIA_MAIL, Shop};
use std::time::Duration;

const DENVER: &str = "+13035550142";

#[tokio::test]
async fn an_answer_that_waits_goes_by_mail_at_once_and_by_text_at_nine_on_their_own_clock() {
    let shop = Shop::open().await;
    shop.sql("UPDATE business SET answer_at_night = 0", &[]).await;
    // 10:10:12 pm in Denver, an hour later at the shop.
    shop.passes(Duration::from_secs(12 * 3_600 + 600)).await;

    let form = [("name", "Maria Lopez"), ("phone", "303-555-0142"), ("email", MARIA_MAIL), ("message", "Kitchen tap")];
    let lead = shop.post_form(&form).await.lead();
    shop.works().await;

    shop.owner_is_told("New lead: Maria Lopez");
    shop.inbox(MARIA_MAIL).expects_mail("Harbor Plumbing");
    shop.phone(DENVER).is_quiet();
    let reason = "It is 10:10 pm in Denver; goes at 9:00 am.";
    let text = format!("lead_reply sms queued {reason}");
    assert!(shop.messages().await.contains(&text), "{:?}", shop.messages().await);
    shop.passes(Duration::from_secs(10 * 3_600 + 48 * 60)).await;
    shop.phone(DENVER).is_quiet();
    shop.passes(Duration::from_secs(3 * 60)).await;
    shop.phone(DENVER).expects_text("Hi Maria");
    assert_eq!(shop.lead(&lead).await["kind"], "form");
}
