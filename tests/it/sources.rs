//! Sources that change, go quiet or begin to be refused: the owner hears of each once, with the next step.

use crate::support::door::Answer;
use crate::support::shop::{DAVE_MAIL, Setup, Shop};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);

/// Somebody fills in the form; `email` is what the field is called. They and the owner are told as always.
async fn a_lead(shop: &Shop, n: usize, email: &str) -> Answer {
    let address = format!("visitor{n}@example.com");
    let wish = format!("Kitchen tap number {n} is leaking");
    let answer = shop.post_form(&[("name", "Maria Lopez"), (email, &address), ("message", &wish)]).await;
    shop.works().await;
    shop.inbox(&address).expects_mail("got your message");
    shop.owner_is_told("New lead");
    answer
}

async fn hours_pass(shop: &Shop, hours: usize) {
    for _ in 0..hours {
        shop.clock.advance(HOUR);
        shop.works().await;
    }
}

#[tokio::test]
async fn a_form_that_changed_is_told_once_and_its_leads_are_still_answered() {
    let shop = Shop::open().await;
    shop.reports_no_weeks().await;
    for n in 0..20 {
        a_lead(&shop, n, "email").await;
        hours_pass(&shop, 6).await;
    }

    for n in 20..30 {
        a_lead(&shop, n, "mail address").await;
        hours_pass(&shop, 6).await;
        if n == 21 {
            let mail = shop.inbox(DAVE_MAIL).expects_mail("The form at Website form changed");
            let words = mail.part("text/plain").unwrap();
            assert!(words.contains("\"email\" is now called \"mail address\". We still read it."), "{words}");
            assert!(words.contains("https://leads.example.com/b/harbor/sources/"), "{words}");
        }
    }
}

#[tokio::test]
async fn a_form_that_went_quiet_is_told_once_for_each_silence_and_a_lead_ends_it() {
    let shop = Shop::open().await;
    shop.reports_no_weeks().await;
    for n in 0..30 {
        a_lead(&shop, n, "email").await;
        hours_pass(&shop, 8).await;
    }

    hours_pass(&shop, 3 * 24 - 8).await;
    assert!(shop.messages().await.iter().all(|m| !m.starts_with("notice")), "three days are no silence");
    hours_pass(&shop, 3 * 24).await;
    let words = shop.inbox(DAVE_MAIL).expects_mail("No leads from Website form for").part("text/plain").unwrap();
    hours_pass(&shop, 10 * 24).await;
    a_lead(&shop, 30, "email").await;
    hours_pass(&shop, 24).await;

    assert!(words.starts_with("Check your website form: no leads from Website form for "), "{words}");
    assert!(words.contains("(usually 3 a day).\n\nhttps://leads.example.com/b/harbor/sources/"), "{words}");
}

#[tokio::test]
async fn signatures_that_begin_to_fail_are_told_once_with_the_next_step() {
    let shop = Shop::with(Setup { secret: Some("s3cret"), ..Setup::default() }).await;

    for n in 0..8 {
        let answer = shop.post_form(&[("name", "Maria"), ("email", &format!("m{n}@example.com"))]).await;
        assert_eq!(answer.status, 401);
        hours_pass(&shop, 1).await;
    }

    let words = shop.inbox(DAVE_MAIL).expects_mail("The signatures of Website form do not fit").part("text/plain");
    assert!(words.unwrap().contains("The secret in your form and here differ.\n\nPaste it again: https://"));
}
