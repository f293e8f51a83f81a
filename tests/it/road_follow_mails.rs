//! Follow-ups by mail: to whoever left only an address or cannot be texted, with the shop's postal address and a link that
//! ends them; and follow-ups that are marketing.

use crate::support::fake_smtp::Taken;
use crate::support::fake_twilio::Fault;
use crate::support::shop::{DAVE_MAIL, ENQUIRY, MARIA, MARIA_MAIL, PUBLIC_URL, Shop};
use crate::support::words::reads_as;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const POSTAL: &str = "12 Dock Street\r\nAustin, TX 78701";
const BY_MAIL: &[(&str, &str)] = &[("name", "Maria Lopez"), ("email", MARIA_MAIL), ("message", "Kitchen tap")];
const LATE: &str = "Hi {first}, {shop} here. Still interested? Reply any time. STOP to opt out.";

/// A follow-up after half an hour, and its kind.
async fn follow(shop: &Shop, marketing: &str) {
    let fields =
        [("id", ""), ("after", "1800000"), ("body", LATE), ("on", "yes"), ("marketing", marketing), ("do", "save")];
    assert_eq!(shop.office().await.presses("/b/harbor/messages/follow-ups", &fields).await.status, 303);
}

async fn by_mail(shop: &Shop) {
    let fields = [("postal", POSTAL), ("on", "yes")];
    assert_eq!(shop.office().await.presses("/b/harbor/messages/by-mail", &fields).await.status, 303);
}

async fn comes_in(shop: &Shop) -> String {
    let lead = shop.post_form(BY_MAIL).await.lead();
    shop.works().await;
    shop.inbox(MARIA_MAIL).expects_mail("got your message");
    shop.owner_is_told("New lead: Maria Lopez");
    lead
}

async fn follow_ups(shop: &Shop) -> Vec<String> {
    shop.messages().await.into_iter().filter(|line| line.starts_with("follow_up")).collect()
}

/// The path of the link in a mail, as its header has it; the words have the same.
fn link(mail: &Taken) -> String {
    let header = mail.header("List-Unsubscribe").unwrap();
    let link = header.trim_start_matches('<').trim_end_matches('>').to_owned();
    assert!(mail.part("text/plain").unwrap().contains(&link), "{link}");
    link.strip_prefix(PUBLIC_URL).unwrap().to_owned()
}

/// A mail program posts by itself, as RFC 8058 has it.
async fn one_click(shop: &Shop, path: &str) -> u16 {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    shop.ask("POST", path, &headers, "List-Unsubscribe=One-Click").await.status
}

#[tokio::test]
async fn who_left_only_an_address_is_followed_up_by_mail_with_the_postal_address_and_the_link() {
    let shop = Shop::open().await;
    by_mail(&shop).await;
    follow(&shop, "").await;
    comes_in(&shop).await;

    shop.passes(31 * MINUTE).await;

    let mail = shop.inbox(MARIA_MAIL).expects_mail("Still interested?");
    assert_eq!(mail.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    let path = link(&mail);
    assert!(!path.contains("maria") && !path.contains("example"), "{path}");
    let words = mail.part("text/plain").unwrap().replace(&path, "/u/<mark>");
    reads_as!("mail_that_follows", format!("{}\n\n{words}", mail.header("Subject").unwrap()));
}

#[tokio::test]
async fn without_a_postal_address_no_mail_follows_and_the_page_says_why() {
    let shop = Shop::open().await;
    follow(&shop, "").await;
    let office = shop.office().await;
    assert!(office.opens("/b/harbor/messages").await.contains("without an address this cannot be switched on"));

    for postal in ["", " \r\n "] {
        let refused = office.presses("/b/harbor/messages/by-mail", &[("postal", postal), ("on", "yes")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("must carry your postal address"), "{}", refused.text);
    }
    comes_in(&shop).await;
    shop.passes(31 * MINUTE).await;

    assert_eq!(follow_ups(&shop).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_take_calls_a_mail_that_follows_off() {
    let shop = Shop::open().await;
    by_mail(&shop).await;
    follow(&shop, "").await;
    let lead = comes_in(&shop).await;

    shop.api_post(&format!("/leads/{lead}/take"), &serde_json::json!({})).await;
    shop.passes(31 * MINUTE).await;

    assert_eq!(follow_ups(&shop).await, ["follow_up mail cancelled Somebody has it."]);
}

#[tokio::test]
async fn where_the_first_text_is_refused_what_follows_goes_by_mail() {
    let shop = Shop::open().await;
    by_mail(&shop).await;
    follow(&shop, "").await;
    shop.twilio.whenever(MARIA, Fault::Refuse { status: 400, code: 21614 });
    shop.post_form(ENQUIRY).await.lead();
    shop.passes(MINUTE).await;
    shop.inbox(MARIA_MAIL).expects_mail("got your message");
    shop.owner_is_told("New lead: Maria Lopez");
    shop.inbox(DAVE_MAIL).expects_mail("call instead");

    shop.passes(31 * MINUTE).await;

    let mail = shop.inbox(MARIA_MAIL).expects_mail("Still interested?");
    assert_eq!(shop.ask("GET", &link(&mail), &[("accept", "text/html")], "").await.status, 200);
    let told = follow_ups(&shop).await;
    assert!(
        told.contains(&"follow_up sms cancelled Goes by mail: the first text did not get through.".to_owned()),
        "{told:?}"
    );
    assert_eq!(shop.twilio.seen().0, 2, "one text to each, and none to a landline again");
}

#[tokio::test]
async fn whoever_says_stop_by_text_is_not_followed_by_mail_now_or_when_they_write_again() {
    let shop = Shop::open().await;
    by_mail(&shop).await;
    follow(&shop, "").await;
    shop.twilio.whenever(MARIA, Fault::Refuse { status: 400, code: 21614 });
    shop.post_form(ENQUIRY).await.lead();
    shop.passes(MINUTE).await;
    shop.inbox(MARIA_MAIL).expects_mail("got your message");

    shop.texts_in(MARIA, "STOP").await;
    shop.passes(40 * MINUTE).await;
    shop.passes(Duration::from_secs(13 * 3_600)).await;
    shop.post_form(&[("name", "Maria Lopez"), ("phone", MARIA), ("email", MARIA_MAIL), ("message", "Again")])
        .await
        .lead();
    shop.passes(60 * MINUTE).await;

    let told = follow_ups(&shop).await;
    assert!(!told.is_empty() && told.iter().all(|line| line.contains("cancelled")), "{told:?}");
    shop.takes_everything();
}

#[tokio::test]
async fn a_carrier_that_knows_of_a_stop_ends_the_mails_too() {
    let shop = Shop::open().await;
    by_mail(&shop).await;
    follow(&shop, "").await;
    shop.twilio.whenever(MARIA, Fault::Refuse { status: 400, code: 21610 });
    shop.post_form(ENQUIRY).await.lead();

    shop.passes(40 * MINUTE).await;

    let told = follow_ups(&shop).await;
    assert!(!told.is_empty() && told.iter().all(|line| line.contains("cancelled")), "{told:?}");
    shop.takes_everything();
}

#[tokio::test]
async fn opening_the_link_changes_nothing_and_its_one_button_ends_all_mails_also_after_being_forgotten() {
    for press in ["button", "machine"] {
        let shop = Shop::open().await;
        by_mail(&shop).await;
        follow(&shop, "").await;
        let lead = comes_in(&shop).await;
        shop.passes(31 * MINUTE).await;
        let path = link(&shop.inbox(MARIA_MAIL).expects_mail("Still interested?"));

        let page = shop.ask("GET", &path, &[("accept", "text/html")], "").await;
        assert_eq!((page.status, page.text.matches("<button").count()), (200, 1), "{}", page.text);
        assert!(!page.text.contains("maria"), "the page does not say whose it is");
        let open = shop.ask("GET", &path, &[("accept", "text/html")], "").await;
        assert!(open.text.contains("<button"), "nothing was changed by looking");
        let status = match press {
            "button" => shop.presses(&path).await.status,
            _ => one_click(&shop, &path).await,
        };
        assert_eq!(status, 200, "{press}");
        assert_eq!(one_click(&shop, &path).await, 200, "twice is once");
        let after = shop.ask("GET", &path, &[("accept", "text/html")], "").await;
        assert!(after.text.contains("No more mails from us.") && !after.text.contains("<button"), "{}", after.text);
        let story = shop.office().await.opens(&format!("/b/harbor/leads/{lead}")).await;
        assert!(story.contains("Maria wants no more mails."), "{story}");

        // A new enquiry, and another after everything about her was erased.
        for forgets in [false, true] {
            let closed = serde_json::json!({"outcome": "lost"});
            if !forgets {
                shop.api_post(&format!("/leads/{lead}/outcome"), &closed).await;
            } else {
                let path = format!("/b/harbor/leads/{lead}/forget");
                assert_eq!(shop.office().await.presses(&path, &[("sure", "yes")]).await.status, 200);
            }
            shop.passes(13 * 60 * MINUTE).await;
            shop.post_form(&[("name", "Maria Lopez"), ("email", MARIA_MAIL), ("message", "And the bath")]).await;
            shop.passes(31 * MINUTE).await;

            let told = shop.messages().await;
            let answers: Vec<&String> = told.iter().filter(|m| m.contains("unsubscribed from your mails")).collect();
            assert!(!answers.is_empty(), "{told:#?}");
            let mails = shop.smtp.taken();
            assert_eq!(mails.iter().filter(|mail| mail.to == MARIA_MAIL).count(), 2, "{press} {forgets}");
            shop.whatever_came();
        }
    }
}

#[tokio::test]
async fn a_link_that_is_not_ours_is_a_page_that_does_not_exist() {
    let shop = Shop::open().await;
    by_mail(&shop).await;
    follow(&shop, "").await;
    comes_in(&shop).await;
    shop.passes(31 * MINUTE).await;
    let path = link(&shop.inbox(MARIA_MAIL).expects_mail("Still interested?"));
    let (id, tag) = path.trim_start_matches("/u/").rsplit_once('.').unwrap();
    let all = shop.api("/messages?limit=500").await;
    let mut others = all["items"].as_array().unwrap().iter().filter(|m| m["purpose"] == "owner_alert");
    let alert = others.next().unwrap()["id"].as_str().unwrap();

    let mut shown = std::collections::BTreeSet::new();
    for guess in [
        format!("{id}.{}", "A".repeat(22)),
        format!("{id}."),
        id.to_owned(),
        format!("{alert}.{tag}"),
        format!("{id}x.{tag}"),
        format!(".{tag}"),
        "https:%2F%2Fevil.example".to_owned(),
        "..%2f..%2fb%2fharbor".to_owned(),
    ] {
        for method in ["GET", "POST"] {
            let answer = shop.ask(method, &format!("/u/{guess}"), &[("accept", "text/html")], "").await;
            assert_eq!(answer.status, 404, "{method} {guess}");
            shown.insert(answer.text);
        }
    }
    assert_eq!(shown.len(), 1, "all look alike");
    let away = shop.ask("POST", &format!("{path}?next=https://evil.example"), &[], "next=https://evil.example").await;
    assert_eq!((away.status, away.header("location")), (200, ""));
}

#[tokio::test]
async fn marketing_goes_to_those_alone_who_ticked_a_box_for_it() {
    let table: [(&[(&str, &str)], bool); 4] = [
        (&[], false),
        (&[("newsletter", "no")], false),
        (&[("newsletter", "yes")], true),
        (&[("marketing_emails", "I agree to receive news and offers")], true),
    ];
    for (said, goes) in table {
        let shop = Shop::open().await;
        follow(&shop, "yes").await;
        let fields: Vec<(&str, &str)> = ENQUIRY.iter().chain(said).copied().collect();
        shop.post_form(&fields).await.lead();
        shop.works().await;
        shop.phone(MARIA).expects_text("Hi Maria");
        shop.owner_is_told("New lead");

        shop.passes(31 * MINUTE).await;

        if goes {
            shop.phone(MARIA).expects_text("Still interested?");
        } else {
            let why = "Not sent: it is marketing, and they did not agree to get any.";
            assert_eq!(follow_ups(&shop).await, [format!("follow_up sms cancelled {why}")], "{said:?}");
        }
    }
}

#[tokio::test]
async fn a_box_that_is_left_unticked_on_a_second_form_ends_the_texts_that_follow_the_first() {
    let shop = Shop::open().await;
    follow(&shop, "").await;
    shop.post_form(ENQUIRY).await.lead();
    shop.works().await;
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");

    let unticked =
        [("name", "Maria Lopez"), ("phone", "(512) 555-0142"), ("sms_consent", "no"), ("message", "Also the bath")];
    shop.post_form(&unticked).await;
    shop.passes(31 * MINUTE).await;

    shop.owner_is_told("wrote again");
    assert_eq!(
        follow_ups(&shop).await,
        ["follow_up sms cancelled Not texted: the box that allows texts was not ticked."]
    );
}
