//! Monday, 7:00: last week's report, once to each of us who has an address.

use crate::support::shop::{ANA, DAVE_MAIL, ENQUIRY, Setup, Shop};
use leadbell::app;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(86_400);
/// From the opening of the shop, on a Wednesday, to Monday, 7:00:00 am in Chicago.
const TO_MONDAY: Duration = Duration::from_secs(4 * 86_400 + 20 * 3_600 - 12);
const ANA_MAIL: &str = "ana@harbor.example";

/// A shop that had one enquiry on Wednesday; everybody was told.
async fn with_a_lead(setup: Setup) -> Shop {
    let shop = Shop::with(setup).await;
    shop.post_form(ENQUIRY).await.lead();
    shop.works().await;
    shop.takes_everything();
    shop
}

/// How many mails of reports there are, whatever became of them.
async fn reports(shop: &Shop) -> usize {
    shop.messages().await.iter().filter(|message| message.starts_with("report mail ")).count()
}

/// Time passes while nobody is at work.
fn sleeps(shop: &Shop, how_long: Duration) {
    shop.clock.advance(how_long);
}

#[tokio::test]
async fn it_comes_on_monday_at_seven_and_a_shop_without_leads_gets_none() {
    let shop = with_a_lead(Setup::default()).await;
    sleeps(&shop, TO_MONDAY - SECOND);
    shop.works().await;
    assert_eq!(reports(&shop).await, 0, "a second too early");
    shop.takes_everything();

    sleeps(&shop, SECOND);
    shop.works().await;

    let mail = shop.inbox(DAVE_MAIL).expects_mail("Last week: 1 lead");
    let words = mail.part("text/plain").unwrap();
    assert!(words.starts_with("Harbor Plumbing, Mon 9 Feb to Sun 15 Feb 2026\n\n1 lead in this week"), "{words}");
    assert!(words.contains("- Maria Lopez, Wed 11:00 am: not answered\n"), "{words}");
    assert!(words.trim_end().ends_with("https://leads.example.com/b/harbor/report/2026-W07"), "{words}");
    assert!(mail.part("text/html").unwrap().contains("Open the week"));

    sleeps(&shop, 7 * DAY);
    shop.works().await;
    assert_eq!(reports(&shop).await, 2, "a week without leads after one with a lead is told");
    sleeps(&shop, 7 * DAY);
    shop.works().await;
    sleeps(&shop, 7 * DAY);
    shop.works().await;
    assert_eq!(reports(&shop).await, 2, "nothing came for two weeks");
    shop.whatever_came();
}

#[tokio::test]
async fn each_of_us_with_an_address_gets_one_mail_whatever_crashes() {
    let mut shop = with_a_lead(Setup { ana_too: true, ..Setup::default() }).await;
    shop.sql("UPDATE person SET email = $1 WHERE phone = $2", &[ANA_MAIL, ANA]).await;
    shop.sql(
        "INSERT INTO person (id, business_id, name, position, created_at) SELECT 'tom', id, 'Tom', 9, 0 FROM business",
        &[],
    )
    .await;
    sleeps(&shop, TO_MONDAY);
    shop.works().await;
    let before = reports(&shop).await;
    assert_eq!(before, 2);

    shop.sql("UPDATE business SET reported_week = NULL", &[]).await;
    for _ in 0..3 {
        app::round(&shop.standing().house).await;
        shop.dies_and_starts_again().await;
        shop.works().await;
    }

    assert_eq!(reports(&shop).await, 2, "planned again it is the same mail");
    for address in [DAVE_MAIL, ANA_MAIL] {
        let came = shop.smtp.taken().into_iter().filter(|mail| mail.to == address);
        let came = came.filter(|mail| mail.header("Subject").unwrap().starts_with("Last week"));
        assert_eq!(came.count(), 1, "{address}");
    }
    shop.whatever_came();
}

#[tokio::test]
async fn a_crash_between_planning_and_sending_loses_no_report() {
    let mut shop = with_a_lead(Setup::default()).await;
    sleeps(&shop, TO_MONDAY);
    app::round(&shop.standing().house).await;
    shop.takes_everything();
    let came = |shop: &Shop| {
        shop.smtp.taken().iter().filter(|mail| mail.header("Subject").unwrap().starts_with("Last week")).count()
    };
    assert_eq!((reports(&shop).await, came(&shop)), (1, 0), "planned, and not yet sent");

    shop.dies_and_starts_again().await;
    shop.works().await;

    assert_eq!((reports(&shop).await, came(&shop)), (1, 1));
    shop.whatever_came();
}

#[tokio::test]
async fn a_house_that_was_down_on_monday_sends_it_until_the_end_of_wednesday() {
    let to_thursday = TO_MONDAY + 2 * DAY + Duration::from_secs(17 * 3_600);
    for (down, sent) in [(to_thursday - SECOND, 1), (to_thursday, 0)] {
        let mut shop = with_a_lead(Setup::default()).await;
        sleeps(&shop, down);

        shop.dies_and_starts_again().await;
        shop.works().await;

        assert_eq!(reports(&shop).await, sent, "{down:?}");
        shop.whatever_came();
    }
}

#[tokio::test]
async fn tests_and_spam_are_no_reason_for_a_report() {
    let shop = Shop::open().await;
    shop.door().query("test=1").form(ENQUIRY).await;
    shop.works().await;
    sleeps(&shop, TO_MONDAY);
    shop.works().await;

    assert_eq!(reports(&shop).await, 0);
    shop.whatever_came();
}
