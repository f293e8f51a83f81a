//! A person is forgotten: nothing of them is left in the file, every number stays, and who asked for silence is never
//! texted again.

use crate::support::door::Door;
use crate::support::fake_twilio::{AUTH_TOKEN, Fault, NUMBER as OUR_NUMBER};
use crate::support::shop::{DAVE, PUBLIC_URL, Shop};
use crate::support::soon;
use crate::support::stripe::Sale;
use crate::support::twilio_wire::Signed;
use leadbell::app;
use leadbell::lead::shop::store;
use leadbell::lead::store::forget::Person;
use leadbell::pipeline::forget::{self, Forgotten};
use serde_json::{Value, json};
use std::time::Duration;

const NAME: &str = "Zanzibelle Quuxworth";
const NUMBER: &str = "+15125550177";
const MAIL: &str = "quux.canary@example.com";
const FORM: &[(&str, &str)] = &[
    ("name", NAME),
    ("phone", "(512) 555-0177"),
    ("email", MAIL),
    ("message", "My periwinkle boiler hums"),
    ("colour", "vermilionish"),
];
/// What must not be found anywhere: of the number any way to write it.
const CANARIES: [&str; 10] = [
    "Zanzibelle",
    "Quuxworth",
    "5125550177",
    "555-0177",
    "quux.canary",
    "periwinkle",
    "vermilionish",
    "Gramophone needles",
    "crimsonish",
    "zanzibelle",
];

const OF_OTHERS: &str = "SELECT count(*) FROM outbox WHERE lead_id IS NOT NULL AND body LIKE '%Tom Becker%'";

/// Everything of the database that is on disk.
fn on_disk(shop: &Shop) -> Vec<u8> {
    let file = shop.database();
    let log = file.with_file_name(format!("{}-wal", file.file_name().unwrap().to_string_lossy()));
    let mut bytes = std::fs::read(file).unwrap();
    bytes.extend(std::fs::read(log).unwrap_or_default());
    bytes
}

fn left(shop: &Shop) -> Vec<&'static str> {
    let bytes = on_disk(shop);
    CANARIES.into_iter().filter(|word| bytes.windows(word.len()).any(|at| at == word.as_bytes())).collect()
}

async fn forgets(shop: &Shop, who: Person) -> Forgotten {
    let house = &shop.standing().house;
    let places: Vec<_> = store::businesses(house.db.read()).await.unwrap();
    let places: Vec<_> = places.into_iter().map(|shop| (shop.id, shop.country)).collect();
    forget::person(&house.db, &house.keys, &places, &who, shop.clock.now_ms()).await.unwrap()
}

fn by_phone() -> Person {
    Person { phone: Some(NUMBER.to_owned()), ..Person::default() }
}

/// As the page does it.
fn by_both() -> Person {
    Person { email: Some(MAIL.to_owned()), ..by_phone() }
}

async fn count(shop: &Shop, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(shop.standing().house.db.read()).await.unwrap()
}

/// Others' leads, so that rows move between pages.
async fn others(shop: &Shop, from: usize) {
    for n in from..from + 60 {
        let phone = format!("512 556 {n:04}");
        let words = format!("Other enquiry {n}. {}", "Please call. ".repeat(n % 40));
        shop.post_form(&[("name", "Tom Becker"), ("phone", &*phone), ("message", &*words)]).await;
    }
    shop.whatever_came();
}

#[tokio::test]
async fn after_a_person_is_forgotten_no_byte_of_them_is_on_disk_and_every_number_is_as_before() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    others(&shop, 0).await;
    let lead = shop.post_form(FORM).await.lead();
    others(&shop, 100).await;
    // A sale with words, texts and a call from them, a refused text that is said by mail, an answer by a person, spam, and STOP.
    let sale = Sale { email: MAIL, phone: NUMBER, ..Sale::of(14_999, "usd") };
    let text = sale.session("paid").to_string().replace("Maria Lopez", NAME);
    let mut paid: Value = serde_json::from_str(&text).unwrap();
    paid["data"]["object"]["description"] = json!("Gramophone needles");
    assert_eq!(Door::new(&shop, &stripe).json(&paid).await.status, 200);
    shop.texts_in(NUMBER, "It is periwinkle still").await;
    let said = shop.api_post(&format!("/leads/{lead}/texts"), &json!({"body": "Zanzibelle, we come at 3"})).await;
    assert_eq!(said.status, 200, "{}", said.text);
    shop.post_form(&[("name", NAME), ("email", MAIL), ("message", "crimsonish too"), ("_gotcha", "x")]).await;
    shop.texts_in(NUMBER, "STOP").await;
    shop.twilio.whenever(NUMBER, Fault::Refuse { status: 400, code: 21610 });
    shop.post_form(&[("name", NAME), ("phone", NUMBER), ("email", MAIL), ("message", "crimsonish")]).await;
    let missed = [("CallSid", "CA1"), ("From", NUMBER), ("To", OUR_NUMBER), ("DialCallStatus", "no-answer")];
    shop.hears(&Signed::new(AUTH_TOKEN, &format!("{PUBLIC_URL}/twilio/voice/after"), &missed)).await;
    shop.whatever_came();
    assert_eq!(left(&shop).len(), CANARIES.len() - 1, "{:?}", left(&shop));
    let office = shop.office().await;
    let page = async || {
        let html = office.opens("/b/harbor/today?period=12w").await;
        let main = html.split("<main").nth(1).unwrap().to_owned();
        main.replace(NAME, "Someone").replace("My periwinkle boiler hums", "No message")
    };
    let (stats, today) = (shop.api("/stats").await, page().await);

    let words_of_others = count(&shop, OF_OTHERS).await;

    let done = forgets(&shop, by_both()).await;

    assert_eq!(left(&shop), Vec::<&str>::new());
    assert!(done.is_wiped && done.under_way == 0, "{done:?}");
    assert!(done.leads >= 1 && done.messages >= 6 && done.receipts >= 4, "{done:?}");
    assert_eq!(shop.api("/stats").await, stats);
    assert_eq!(page().await, today);
    let after = shop.lead(&lead).await;
    let kinds: Vec<&str> = after["events"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"replied") && kinds.contains(&"opted_out"), "the timeline keeps its kinds: {kinds:?}");
    assert_eq!((&after["name"], &after["state"]), (&Value::Null, &json!("answered")));
    assert_eq!(after["payments"][0]["minor"], 14_999);

    // A second time there is nobody left; and everybody else is as they were.
    let again = forgets(&shop, by_both()).await;
    assert_eq!((again.leads, again.messages, again.receipts), (0, 0, 0));
    assert_eq!(count(&shop, "SELECT count(*) FROM lead WHERE name = 'Tom Becker' AND phone IS NOT NULL").await, 120);
    assert_eq!(count(&shop, OF_OTHERS).await, words_of_others);

    // What was told in one message with others is worded without them.
    shop.passes(Duration::from_secs(600)).await;
    assert_eq!(left(&shop), Vec::<&str>::new());
    shop.whatever_came();
}

#[tokio::test]
async fn a_forgotten_number_that_asked_for_silence_is_never_texted_again_and_start_lifts_it() {
    let shop = Shop::open().await;
    shop.post_form(FORM).await;
    shop.texts_in(NUMBER, "STOP").await;
    shop.whatever_came();
    forgets(&shop, by_phone()).await;
    assert_eq!(count(&shop, "SELECT count(*) FROM opt_out").await, 0);
    assert_eq!(count(&shop, "SELECT count(*) FROM opt_out_hash").await, 1);

    // The same answers within ten minutes would be the same delivery.
    shop.clock.advance(Duration::from_secs(700));
    let lead = shop.post_form(FORM).await.lead();

    shop.phone(NUMBER).is_quiet();
    shop.inbox(MAIL).expects_mail("Harbor Plumbing got your message");
    shop.owner_is_told(NAME);
    // And once more after they were forgotten again, until they say START.
    forgets(&shop, by_phone()).await;
    assert_eq!(shop.lead(&lead).await["phone"], Value::Null);
    shop.texts_in(NUMBER, "START").await;
    assert_eq!(count(&shop, "SELECT (SELECT count(*) FROM opt_out) + (SELECT count(*) FROM opt_out_hash)").await, 0);
    shop.clock.advance(Duration::from_secs(700));
    shop.post_form(FORM).await;
    shop.phone(NUMBER).expects_text("Hi Zanzibelle");
    shop.owner_is_told(NAME);
}

#[tokio::test]
async fn the_last_check_before_sending_knows_a_forgotten_number_too() {
    let shop = Shop::open().await;
    shop.post_form(FORM).await;
    shop.texts_in(NUMBER, "STOP").await;
    shop.whatever_came();
    forgets(&shop, by_phone()).await;

    let sql = "INSERT INTO outbox (id, business_id, purpose, step, channel, recipient, body, prio, queued_at, due_at, expires_at, state) \
               SELECT 'stray', id, 'follow_up', 'x', 'sms', $1, 'Still interested?', 2, 1, 1, 9999999999999, 'queued' FROM business";
    shop.sql(sql, &[NUMBER]).await;
    shop.works().await;

    shop.phone(NUMBER).is_quiet();
    assert_eq!(count(&shop, "SELECT count(*) FROM outbox WHERE id = 'stray' AND state = 'cancelled'").await, 1);
}

#[tokio::test]
async fn what_waits_for_its_next_try_is_called_off_and_forgotten() {
    let shop = Shop::open().await;
    shop.twilio.whenever(NUMBER, Fault::TooMany { retry_after: Some(60) });
    shop.post_form(FORM).await;

    let done = forgets(&shop, by_phone()).await;
    shop.twilio.heal();
    shop.passes(Duration::from_secs(3_600)).await;

    assert_eq!(done.under_way, 0, "{done:?}");
    shop.phone(NUMBER).is_quiet();
    assert_eq!(left(&shop), Vec::<&str>::new());
    assert_eq!(
        count(&shop, "SELECT count(*) FROM outbox WHERE purpose = 'lead_reply' AND state = 'cancelled'").await,
        1
    );
    shop.whatever_came();
}

#[tokio::test]
async fn what_is_under_way_ends_without_a_second_try_and_is_forgotten_then() {
    for accept in [true, false] {
        let shop = Shop::open().await;
        shop.twilio.whenever(NUMBER, Fault::Hang { accept });
        let forgets = async {
            let sending = "SELECT count(*) FROM outbox WHERE state = 'sending' AND purpose = 'lead_reply'";
            soon("the text to be under way", async {
                while count(&shop, sending).await == 0 {
                    tokio::task::yield_now().await;
                }
            })
            .await;
            let done = forgets(&shop, by_phone()).await;
            assert!(done.under_way >= 1, "{done:?}");
            assert_eq!(count(&shop, sending).await, 1, "it is left to end");
            shop.twilio.release();
        };

        tokio::join!(shop.post_form(FORM), forgets);
        shop.twilio.heal();
        shop.passes(Duration::from_secs(3_600)).await;

        let texts = shop.twilio.accepted().iter().filter(|text| text.to == NUMBER).count();
        assert_eq!(texts, usize::from(accept), "accept {accept}");
        assert_eq!(left(&shop), Vec::<&str>::new(), "accept {accept}");
        assert_eq!(count(&shop, "SELECT count(*) FROM outbox WHERE forget > 0").await, 0);
        shop.whatever_came();
    }
}

#[tokio::test]
async fn raw_bodies_go_after_90_days_and_people_after_24_months_and_the_numbers_stay() {
    let shop = Shop::open().await;
    let lead = shop.post_form(FORM).await.lead();
    shop.texts_in(NUMBER, "STOP").await;
    shop.whatever_came();
    let house = &shop.standing().house;
    let months = |days: u64| Duration::from_secs(days * 86_400);

    shop.clock.advance(months(89));
    app::sweep_house(house).await;
    assert_eq!(count(&shop, "SELECT count(*) FROM receipt WHERE blanked_at IS NULL AND length(body) > 0").await, 1);
    shop.clock.advance(months(2));
    app::sweep_house(house).await;

    assert_eq!(count(&shop, "SELECT count(*) FROM receipt WHERE blanked_at IS NOT NULL AND length(body) = 0").await, 1);
    assert_eq!(shop.lead(&lead).await["name"], NAME, "the lead is kept longer");
    let sent = shop.office().await.opens(&format!("/b/harbor/leads/{lead}")).await;
    assert!(sent.contains("Raw submission, not kept any more"), "{sent}");

    shop.clock.advance(months(365 * 2 - 91 - 1));
    app::sweep_house(house).await;
    assert_eq!(shop.lead(&lead).await["name"], NAME);
    shop.clock.advance(months(2));
    app::sweep_house(house).await;

    let after = shop.lead(&lead).await;
    assert_eq!((&after["name"], &after["phone"], &after["message"]), (&Value::Null, &Value::Null, &Value::Null));
    assert!(after["first_text_at"].is_string());
    assert_eq!(count(&shop, "SELECT count(*) FROM opt_out_hash").await, 1, "the wish stays");
    assert_eq!(count(&shop, "SELECT count(*) FROM outbox WHERE body LIKE '%Zanzibelle%'").await, 0);
}

#[tokio::test]
async fn one_of_us_who_tried_the_form_with_an_own_number_still_gets_every_alert() {
    let shop = Shop::open().await;
    shop.post_form(&[("name", "Dave Harbor"), ("phone", DAVE), ("message", "Does it work?")]).await;
    shop.post_form(&[("name", "Tom Becker"), ("phone", "512 556 0001"), ("message", "Boiler")]).await;
    shop.whatever_came();

    let done = forgets(&shop, Person { phone: Some(DAVE.to_owned()), ..Person::default() }).await;

    assert_eq!(done.leads, 1);
    assert_eq!(
        count(&shop, "SELECT count(*) FROM outbox WHERE body LIKE '%Tom Becker%' AND recipient = '+15125550100'").await,
        1
    );
    shop.post_form(&[("name", "Ann Reed"), ("phone", "512 556 0002"), ("message", "Tap")]).await;
    shop.phone("+15125560002").expects_text("Hi Ann");
    shop.owner_is_told("Ann Reed");
}
