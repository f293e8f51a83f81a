//! Our own form on the whole road: from a stranger's browser to two phones, and what robots make of it.

use crate::support::door::Answer;
use crate::support::shop::{DAVE, MARIA, MARIA_MAIL, Setup, Shop};
use std::time::Duration;
use url::form_urlencoded::Serializer;

const TYPED: &[(&str, &str)] = &[
    ("name", "Maria Lopez"),
    ("phone", "(512) 555-0142"),
    ("email", MARIA_MAIL),
    ("message", "Kitchen tap leaking under the sink"),
    ("homepage", ""),
];

/// Opens the form; returns its stamp and the words beside its box.
async fn opened(shop: &Shop) -> (String, String) {
    let page = shop.ask("GET", "/f/harbor", &[("accept", "text/html")], "").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let value = |name: &str| {
        let (_, rest) = page.text.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    (value("stamp"), value("consent"))
}

/// Sends the form as a browser on any page does, and does what follows.
async fn sent(shop: &Shop, fields: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "cross-site"),
        ("origin", "null"),
    ];
    let answer = shop.ask("POST", "/f/harbor", &headers, body).await;
    shop.works().await;
    answer
}

async fn states(shop: &Shop) -> Vec<String> {
    let receipts = shop.api("/receipts").await;
    let items = receipts["items"].as_array().unwrap().iter();
    items.map(|item| item["state"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn who_ticks_the_box_is_texted_and_the_words_are_kept() {
    let shop = Shop::open().await;
    let (stamp, words) = opened(&shop).await;
    shop.clock.advance(Duration::from_secs(20));

    let answer = sent(&shop, &[TYPED, &[("stamp", &stamp), ("consent", &words)]].concat()).await;

    assert_eq!((answer.status, answer.header("location")), (303, "/f/harbor/thanks"));
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    let lead = shop.api("/leads").await["items"][0].clone();
    assert_eq!(lead["message"], "Kitchen tap leaking under the sink");
    assert_eq!(lead["fields"].as_array().unwrap().len(), 0, "{lead}");
    let consent: String =
        sqlx::query_scalar("SELECT consent FROM lead").fetch_one(shop.standing().house.db.read()).await.unwrap();
    assert!(consent.contains("I agree that Harbor Plumbing may text me") && consent.contains("true"), "{consent}");
}

#[tokio::test]
async fn who_leaves_the_box_empty_gets_a_mail() {
    let shop = Shop::open().await;
    let (stamp, _) = opened(&shop).await;
    shop.clock.advance(Duration::from_secs(20));

    sent(&shop, &[TYPED, &[("stamp", &stamp)]].concat()).await;

    shop.phone(MARIA).is_quiet();
    shop.inbox(MARIA_MAIL).expects_mail("Harbor Plumbing");
    shop.owner_is_told("New lead: Maria Lopez");
}

#[tokio::test]
async fn a_double_press_counts_once_and_a_second_message_is_told() {
    let shop = Shop::open().await;
    let (stamp, words) = opened(&shop).await;
    shop.clock.advance(Duration::from_secs(20));
    let form = [TYPED, &[("stamp", &stamp), ("consent", &words)]].concat();
    let more: Vec<_> = form.iter().map(|(n, v)| (*n, if *n == "message" { "And the bath" } else { *v })).collect();

    for _ in 0..3 {
        assert_eq!(sent(&shop, &form).await.status, 303);
    }
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    shop.clock.advance(Duration::from_secs(3_600));
    sent(&shop, &form).await;
    shop.phone(DAVE).is_quiet();
    sent(&shop, &more).await;

    shop.owner_is_told("Maria Lopez wrote again");
    assert_eq!(states(&shop).await, ["accepted", "accepted"]);
}

#[tokio::test]
async fn robots_are_thanked_and_kept_as_spam_and_nobody_is_told() {
    let shop = Shop::open().await;
    let (stamp, words) = opened(&shop).await;
    let trap = [&TYPED[..4], &[("homepage", "https://seo.example"), ("consent", &words)]].concat();
    let forged =
        [("name", "Bot"), ("phone", "512 555 0199"), ("message", "SEO"), ("stamp", "1770829212000.abc.def")].to_vec();
    let fast = [TYPED, &[("stamp", &stamp), ("consent", &words)]].concat();

    for robot in [trap, forged, fast] {
        let answer = sent(&shop, &robot).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/f/harbor/thanks"));
    }

    assert_eq!(states(&shop).await, ["spam", "spam", "spam"]);
    shop.phone(MARIA).is_quiet();
    shop.phone(DAVE).is_quiet();
}

#[tokio::test]
async fn a_page_left_open_for_days_is_a_lead_with_a_note() {
    let shop = Shop::open().await;
    let (stamp, words) = opened(&shop).await;
    shop.clock.advance(Duration::from_secs(3 * 86_400));

    sent(&shop, &[TYPED, &[("stamp", &stamp), ("consent", &words)]].concat()).await;

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    let lead = shop.api("/leads").await["items"][0].clone();
    assert!(lead["fields"].to_string().contains("72 hours"), "{lead}");
}

#[tokio::test]
async fn a_copy_in_another_page_needs_no_stamp_and_goes_where_its_host_is_allowed() {
    let shop = Shop::open().await;
    let words = "I agree that Harbor Plumbing may text me. Reply STOP to opt out.";
    let copy = |next: &'static str| [TYPED, &[("consent", words), ("_next", next)]].concat();

    let evil = [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https://leads.example.com@evil.example/",
    ];
    for next in evil {
        let answer = sent(&shop, &copy(next)).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/f/harbor/thanks"), "{next}");
    }
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
    assert_eq!(states(&shop).await.len(), 1, "the same answers within ten minutes");
}

#[tokio::test]
async fn a_hundred_first_submissions_at_once_make_one_source() {
    let shop = Shop::open().await;
    let body = |n: u32| format!("name=Robin&phone=512555{:04}&message=Number+{n}", 200 + n);
    let posts = (0..100).map(|n| {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
        let (shop, body) = (&shop, body(n));
        async move { shop.ask("POST", "/f/harbor", &headers, body).await.status }
    });

    let answers = futures_util::future::join_all(posts).await;

    assert!(answers.iter().all(|status| *status == 303), "{answers:?}");
    let (sources, leads): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM source WHERE provider = 'leadbell-form'), (SELECT count(*) FROM lead)",
    )
    .fetch_one(shop.standing().house.db.read())
    .await
    .unwrap();
    assert_eq!((sources, leads), (1, 100));
    shop.passes(Duration::from_secs(86_400)).await;
    shop.whatever_came();
}

#[tokio::test]
async fn what_a_stranger_types_reaches_no_other_strangers_phone() {
    let shop = Shop::open().await;
    let words = "I agree that Harbor Plumbing may text me. Reply STOP to opt out.";
    let evil = "WIN $500 at http://evil.example\r\nBcc: all@example.com\u{202e}";
    let form = [("name", evil), ("phone", "(512) 555-0142"), ("message", evil), ("consent", words), ("_subject", evil)];

    sent(&shop, &form).await;

    let text = shop.phone(MARIA).expects_text("Hi there");
    assert!(!text.body.contains("evil") && !text.body.contains("500") && !text.body.contains('\n'), "{}", text.body);
    shop.owner_is_told("New lead");
}

#[tokio::test]
async fn the_caps_hold_for_our_own_form_as_for_any() {
    let shop = Shop::open().await;
    let words = "I agree that Harbor Plumbing may text me. Reply STOP to opt out.";
    for n in 0..60 {
        let phone = format!("(512) 555-{:04}", 1_000 + n * 97);
        let fields = [("name", "Robin"), ("phone", &*phone), ("message", "Please call"), ("consent", words)];
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
        assert_eq!(shop.ask("POST", "/f/harbor", &headers, body).await.status, 303);
    }
    shop.works().await;

    let replies: Vec<String> =
        shop.messages().await.into_iter().filter(|line| line.starts_with("lead_reply sms")).collect();
    let held = replies.iter().filter(|line| line.contains(" held ")).count();
    assert_eq!(replies.len(), 60, "every lead has its text, sent or held");
    assert!(held >= 50, "one network may have a handful an hour: {held} held");
    shop.passes(Duration::from_secs(86_400)).await;
    shop.whatever_came();
}

#[tokio::test]
async fn a_secret_on_its_source_does_not_lock_visitors_out() {
    let shop = Shop::with(Setup::default()).await;
    sent(&shop, &[("name", "Tom"), ("phone", "512 555 0143"), ("message", "First")]).await;
    shop.owner_is_told("New lead: Tom");
    let house = &shop.standing().house;
    let sealed = house.keys.seal(&house.random, "s3cret");
    let give = "UPDATE source SET secret_sealed = $1 WHERE provider = 'leadbell-form'";
    house
        .db
        .write(move |c| Box::pin(async move { sqlx::query(give).bind(sealed).execute(c).await.map(drop) }))
        .await
        .unwrap();
    shop.clock.advance(Duration::from_secs(60));

    let answer = sent(&shop, &[("name", "Ana"), ("phone", "512 555 0144"), ("message", "Second")]).await;

    assert_eq!(answer.status, 303);
    shop.owner_is_told("New lead: Ana");
}
