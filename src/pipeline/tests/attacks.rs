//! Somebody makes the form pump texts, or bombs a mailbox through it. Every submission is kept; the messages are held.

use super::{DAVE, DAVE_MAIL, Sender, Shop};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Posts this many forms in ten minutes, the outbox at work all the while.
async fn in_ten_minutes(shop: &Shop, posts: usize, sender: impl Fn(usize) -> Sender) {
    const TOGETHER: usize = 250;
    let like = &Shop::reading();
    let pause = Duration::from_millis(u64::try_from(600_000 * TOGETHER / posts).unwrap());
    for first in (0..posts).step_by(TOGETHER) {
        let card = shop.card().await;
        let together = (first..posts.min(first + TOGETHER)).map(|n| shop.submit(Arc::clone(&card), like, sender(n)));
        for received in join_all(together).await {
            assert!(received.lead.is_some(), "every submission becomes a lead: {received:?}");
        }
        shop.clock.advance(pause);
        shop.look().await;
    }
}

/// Where forty countries' numbers begin, with as many digits as a mobile number of theirs goes on with.
const COUNTRIES: [(&str, usize); 40] = [
    ("+447400", 6),
    ("+4915", 9),
    ("+336", 8),
    ("+346", 8),
    ("+3932", 8),
    ("+316", 8),
    ("+3247", 7),
    ("+4176", 7),
    ("+4366", 8),
    ("+4520", 6),
    ("+467", 8),
    ("+474", 7),
    ("+35840", 7),
    ("+3519", 8),
    ("+35385", 7),
    ("+485", 8),
    ("+42060", 7),
    ("+42190", 7),
    ("+3620", 7),
    ("+407", 8),
    ("+3598", 8),
    ("+3069", 8),
    ("+905", 9),
    ("+79", 9),
    ("+3806", 8),
    ("+9725", 8),
    ("+97150", 7),
    ("+9665", 8),
    ("+919", 9),
    ("+923", 9),
    ("+8801", 9),
    ("+947", 8),
    ("+628", 9),
    ("+601", 8),
    ("+658", 7),
    ("+639", 9),
    ("+6681", 7),
    ("+849", 8),
    ("+2348", 9),
    ("+278", 8),
];

/// Five hundred prefixes: half of them of the shop's own country, the others all over the world.
fn pumped(n: usize) -> Sender {
    let prefix = n % 500;
    let phone = if prefix < 250 {
        format!("+1{}{:03}{:04}", [512, 415, 212, 305, 713][prefix % 5], 200 + prefix, n / 500 * 7 + 11)
    } else {
        let (start, digits) = COUNTRIES[prefix % 40];
        format!("{start}{:0digits$}", 1_000_000 + n)
    };
    Sender { name: format!("Bot {n}"), phone: Some(phone), email: None, network: format!("10.0.{}.0/24", n % 1_000) }
}

#[tokio::test]
async fn ten_thousand_pumped_forms_are_kept_and_cause_few_texts() {
    let shop = Shop::open().await;
    const POSTS: usize = 10_000;
    const GENUINE: usize = 500;

    // One in twenty-one is a real person.
    in_ten_minutes(&shop, POSTS + GENUINE, |n| {
        if n % 21 == 20 {
            let k = n / 21;
            let phone = Some(format!("+1{}555{:04}", 601 + k / 100, 100 + k % 100));
            Sender { name: format!("Maria {k}"), phone, email: None, network: format!("172.16.{}.0/24", k % 250) }
        } else {
            pumped(n - n / 21)
        }
    })
    .await;
    shop.pass(120, 30).await;

    let texts = shop.sms.truth().taken.iter().filter(|t| t.to != DAVE).count();
    assert!((10..=60).contains(&texts), "{texts} texts to leads");
    assert_eq!(shop.number("SELECT count(*) FROM receipt WHERE lead_id IS NOT NULL").await, 10_500);
    let about_it = shop.mails_saying("did not go out");
    assert!((1..=2).contains(&about_it), "{about_it} mails about it");
    let alerts = (shop.sms.at(DAVE).len(), shop.mail.at(DAVE_MAIL).len() - about_it);
    assert!(alerts.0 <= 35 && alerts.1 <= 35, "alerts were not bundled: {alerts:?}");
    let untold = "SELECT count(*) FROM lead WHERE alerted_at IS NULL";
    assert_eq!(shop.number(untold).await, 0, "each lead was told of, alone or with others");

    release_the_genuine(&shop).await;
    shop.pass(900, 15).await;
    let texted = shop.number(
        "SELECT count(*) FROM outbox o JOIN lead l ON l.id = o.lead_id WHERE l.name LIKE 'Maria%' AND o.purpose = 'lead_reply' \
         AND o.state = 'accepted'",
    );
    assert!(texted.await >= 495);
}

/// The owner looks through what is held and sends what is real.
async fn release_the_genuine(shop: &Shop) {
    let now = shop.clock.now_ms();
    let held: Vec<String> = sqlx::query_scalar(
        "SELECT o.id FROM outbox o JOIN lead l ON l.id = o.lead_id WHERE l.name LIKE 'Maria%' AND o.state = 'held'",
    )
    .fetch_all(shop.db.read())
    .await
    .unwrap();
    assert!(held.len() > 400, "{}", held.len());
    shop.db
        .write(move |c| {
            Box::pin(async move {
                for id in &held {
                    crate::outbox::store::recover::release(c, "harbor", id, now).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

fn bomber(n: usize, email: String) -> Sender {
    Sender { name: format!("Bot {n}"), phone: None, email: Some(email), network: format!("10.0.{}.0/24", n % 250) }
}

#[tokio::test]
async fn one_address_named_five_thousand_times_gets_one_mail() {
    let shop = Shop::open().await;

    in_ten_minutes(&shop, 5_000, |n| bomber(n, "victim@example.com".to_owned())).await;
    shop.pass(120, 30).await;

    assert_eq!(shop.mail.at("victim@example.com").len(), 1);
    assert!(shop.mail.at(DAVE_MAIL).len() <= 35, "{}", shop.mail.at(DAVE_MAIL).len());
}

#[tokio::test]
async fn five_thousand_addresses_get_twenty_mails_an_hour() {
    let shop = Shop::open().await;

    in_ten_minutes(&shop, 5_000, |n| bomber(n, format!("victim{n}@example.com"))).await;
    shop.pass(120, 30).await;

    let mut mails: BTreeMap<String, usize> = BTreeMap::new();
    for taken in shop.mail.truth().taken.iter().filter(|t| t.to.starts_with("victim")) {
        *mails.entry(taken.to.clone()).or_default() += 1;
    }
    assert_eq!((mails.len(), mails.values().sum::<usize>()), (20, 20));
    assert_eq!(shop.number("SELECT count(*) FROM lead").await, 5_000);
}
