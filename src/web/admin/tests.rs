//! The pages: what they show to whom, and what their buttons change.

use super::routes;
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::db::Db;
use crate::lead::contact::{Email, Phone};
use crate::lead::record::{Answer, Lead, Permission};
use crate::lead::state::State;
use crate::lead::store::sample::{self as leads, lead};
use crate::web::sample::{self, NOW, Standing};
use axum::http::StatusCode;
use std::time::Duration;

/// What a stranger may type.
const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}";

/// A house with one waiting lead `a` of `harbor`, sent two minutes ago.
pub(super) async fn open() -> Standing {
    let standing = sample::open(routes()).await;
    leads::store(&standing.house.db, vec![lead("a", NOW - 2 * MINUTE_MS)]).await;
    standing
}

/// The same with the submission `r` that made the lead, which came three times.
pub(super) async fn open_with_receipt() -> Standing {
    let standing = open().await;
    leads::receipt(&standing.house.db, "r", "a", NOW - 2 * MINUTE_MS, 2).await;
    standing
}

/// Cookie and token of somebody who sees `business`.
pub(super) async fn sign_in(standing: &Standing, business: &str) -> (String, String) {
    let account = standing.account(&format!("{business}@example.com"), None, Some(business)).await;
    standing.signed_in(&account).await
}

async fn column(db: &Db, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(db.read()).await.unwrap()
}

pub(super) async fn set(db: &Db, sql: &'static str) {
    db.write(move |c| Box::pin(async move { sqlx::query(sql).execute(c).await.map(drop) })).await.unwrap();
}

/// Every page that can be opened, for the shop of that slug, its lead and its link.
fn pages(slug: &str, lead: &str, code: &str) -> Vec<String> {
    let mut pages: Vec<String> = [
        "today",
        "today?period=12w",
        "leads",
        "leads?q=a&state=waiting",
        "leads?state=spam",
        "sources",
        "sources/web",
        "sources/new",
        "sources/new/stripe",
        "sources/web/connect",
        "form",
        "team",
        "receipts/r",
        "phones",
        "registration",
        "report/2026-W47",
        "more",
        "keep",
        "deliveries",
        "deliveries?show=failing&day=2026-11-21&lead=a",
        "leads.csv",
    ]
    .iter()
    .map(|page| format!("/b/{slug}/{page}"))
    .collect();
    pages.push(format!("/b/{slug}/leads/{lead}"));
    pages.push(format!("/b/{slug}/leads/{lead}/forget"));
    pages.push(format!("/l/{code}"));
    pages.push("/health".to_owned());
    pages.push("/businesses".to_owned());
    pages.push("/".to_owned());
    pages
}

#[tokio::test]
async fn opening_any_page_changes_nothing() {
    let standing = open_with_receipt().await;
    let (cookie, _) = sign_in(&standing, "harbor").await;
    leads::link(&standing.house.db, "code", "a", "dave", NOW + DAY_MS).await;
    let before = leads::everything(&standing.house.db).await;

    for page in pages("harbor", "a", "code") {
        let answer = standing.get(&page, &cookie).await;
        let expected = if page == "/" { StatusCode::SEE_OTHER } else { StatusCode::OK };
        assert_eq!(answer.status, expected, "{page}: {}", answer.text);
        assert_eq!(standing.ask("HEAD", &page, &[("cookie", &cookie)], "").await.status, expected, "{page}");
    }
    for step in ["take", "person", "texts", "outcome", "reopen", "not-spam", "hand-back"] {
        let answer = standing.get(&format!("/b/harbor/leads/a/{step}"), &cookie).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{step}");
    }
    for step in ["take", "call", "talked", "voicemail", "no", "pass"] {
        let answer = standing.get(&format!("/l/code/{step}"), "").await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{step}");
    }

    assert_eq!(leads::everything(&standing.house.db).await, before);
}

#[tokio::test]
async fn another_shops_pages_leads_and_buttons_do_not_exist() {
    let standing = open_with_receipt().await;
    let (cookie, csrf) = sign_in(&standing, "rival").await;
    let before = leads::everything(&standing.house.db).await;

    for page in pages("harbor", "a", "nobodys") {
        let answer = standing.get(&page, &cookie).await;
        let status = match page.as_str() {
            "/" => StatusCode::SEE_OTHER,
            "/health" | "/businesses" => StatusCode::OK,
            "/l/nobodys" => StatusCode::GONE,
            _ => StatusCode::NOT_FOUND,
        };
        assert_eq!(answer.status, status, "{page}");
        assert!(!answer.text.contains("Maria"), "{page}");
    }
    for (path, form) in [
        ("take", "anyway=1"),
        ("hand-back", ""),
        ("person", "how=call"),
        ("texts", "body=hello"),
        ("outcome", "outcome=lost"),
        ("reopen", ""),
        ("not-spam", ""),
    ] {
        for slug in ["harbor", "rival"] {
            let answer =
                standing.post(&format!("/b/{slug}/leads/a/{path}"), &cookie, &format!("csrf={csrf}&{form}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{slug} {path}");
        }
    }
    assert_eq!(standing.get("/b/rival/leads/a", &cookie).await.status, StatusCode::NOT_FOUND);
    assert_eq!(standing.get("/b/rival/leads/none", &cookie).await.status, StatusCode::NOT_FOUND);

    assert_eq!(leads::everything(&standing.house.db).await, before);
}

#[tokio::test]
async fn whoever_is_not_signed_in_sees_no_page_and_presses_no_button() {
    let standing = open_with_receipt().await;
    let before = leads::everything(&standing.house.db).await;

    for page in pages("harbor", "a", "nobodys") {
        let answer = standing.get(&page, "").await;
        assert!(matches!(answer.status, StatusCode::SEE_OTHER | StatusCode::GONE), "{page}");
        assert!(!answer.text.contains("Maria"), "{page}");
    }
    let pressed = standing.post("/b/harbor/leads/a/take", "", "").await;

    assert_ne!(pressed.header("location"), "/b/harbor/leads/a?done=taken");
    assert_eq!(leads::everything(&standing.house.db).await, before);
}

#[tokio::test]
async fn what_a_stranger_typed_is_text_on_every_page() {
    let standing = open_with_receipt().await;
    let (cookie, _) = sign_in(&standing, "harbor").await;
    let db = &standing.house.db;
    let hostile = |id: &str, state: State| Lead {
        name: Some(format!("{HOSTILE} name")),
        first_name: Some(HOSTILE.to_owned()),
        phone: Some(Phone::from_stored(HOSTILE.to_owned())),
        phone_given: Some(HOSTILE.to_owned()),
        email: Some(Email::from_stored(HOSTILE.to_owned())),
        message: Some(HOSTILE.to_owned()),
        page: Some(HOSTILE.to_owned()),
        permission: Some(Permission { given: true, field: HOSTILE.to_owned(), words: HOSTILE.to_owned() }),
        fields: vec![Answer { label: HOSTILE.to_owned(), value: HOSTILE.to_owned() }],
        outcome: (state == State::Closed).then(|| HOSTILE.to_owned()),
        state,
        ..lead(id, NOW - MINUTE_MS)
    };
    leads::store(db, vec![hostile("x", State::Waiting), hostile("y", State::Closed)]).await;
    leads::link(db, "code", "x", "dave", NOW + DAY_MS).await;
    set(
        db,
        "INSERT INTO event (business_id, lead_id, at, kind, by, detail) SELECT 'harbor', 'x', 5, k.kind, first_name, first_name \
         FROM lead, (SELECT 'taken' AS kind UNION SELECT 'person' UNION SELECT 'reached' UNION SELECT 'replied' \
         UNION SELECT 'wrote_again' UNION SELECT 'note' UNION SELECT 'outcome' UNION SELECT 'message_failed') AS k WHERE id = 'x'",
    )
    .await;
    set(
        db,
        "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, problem, received_at, headers, query, body, reading, lead_id) \
         SELECT 'h', 'harbor', 'web', 'h', 'kept', first_name, 5, json_array(json_array(first_name, first_name)), first_name, first_name, \
         json_object('kind', 'unreadable', 'fields', json_array(json_object('label', first_name, 'value', first_name)), 'files', 0, \
         'answers_hash', '', 'message', first_name), 'x' FROM lead WHERE id = 'x'",
    )
    .await;
    set(
        db,
        "INSERT INTO outbox (id, business_id, lead_id, purpose, step, channel, recipient, body, prio, queued_at, due_at, expires_at, state, reason) \
         SELECT 'm', 'harbor', 'x', 'lead_reply', 'first', 'sms', first_name, first_name, 0, 5, 5, 5, 'held', first_name FROM lead WHERE id = 'x'",
    )
    .await;
    set(db, "UPDATE source SET name = (SELECT first_name FROM lead WHERE id = 'x') WHERE id = 'web'").await;
    set(db, "UPDATE business SET name = (SELECT first_name FROM lead WHERE id = 'x') WHERE id = 'harbor'").await;
    set(db, "UPDATE person SET name = (SELECT first_name FROM lead WHERE id = 'x'), phone = '+15125550101' WHERE business_id = 'harbor'").await;
    let query = url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect::<String>();
    let mut visited = pages("harbor", "x", "code");
    visited.retain(|page| page != "/" && !page.ends_with(".csv"));
    visited.extend([format!("/b/harbor/leads?q={query}&source={query}&state={query}"), "/b/harbor/leads/y".to_owned()]);
    visited.push(format!("/b/harbor/leads/x?done={query}"));
    visited.push("/b/harbor/receipts/h".to_owned());

    let mut shown = 0;
    for page in visited {
        let html = standing.get(&page, &cookie).await.text;
        assert!(!html.contains("<script>alert"), "{page}");
        assert!(!html.contains("<img src=x"), "{page}");
        assert!(!html.contains("'><img") && !html.contains("\"'>"), "{page}");
        shown += html.matches("alert(1)").count();
    }

    assert!(shown > 60, "the words are there, as words: {shown}");
}

#[tokio::test]
async fn a_lead_is_taken_once_and_whoever_is_second_reads_by_whom() {
    let standing = open().await;
    set(&standing.house.db, "UPDATE person SET email = 'ana@example.com' WHERE id = 'ana'").await;
    let ana = standing.account("ANA@example.com", None, Some("harbor")).await;
    let (ana, ana_csrf) = standing.signed_in(&ana).await;
    let (dave, dave_csrf) = sign_in(&standing, "harbor").await;

    let first = standing.post("/b/harbor/leads/a/take", &ana, &format!("csrf={ana_csrf}")).await;
    let again = standing.post("/b/harbor/leads/a/take", &ana, &format!("csrf={ana_csrf}")).await;
    let second = standing.post("/b/harbor/leads/a/take", &dave, &format!("csrf={dave_csrf}")).await;

    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(first.header("location"), "/b/harbor/leads/a?done=taken");
    assert_eq!(again.header("location"), "/b/harbor/leads/a?done=taken");
    assert_eq!(second.header("location"), "/b/harbor/leads/a?done=theirs");
    assert!(standing.get("/b/harbor/leads/a?done=theirs", &dave).await.text.contains("Ana already has it"));
    assert_eq!(column(&standing.house.db, "SELECT by FROM event").await, ["Ana"]);
    assert_eq!(column(&standing.house.db, "SELECT taken_by FROM lead").await, ["ana"]);
}

#[tokio::test]
async fn the_buttons_of_a_lead_write_down_what_was_done() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    let press = async |step: &str, form: &str| {
        let answer = standing.post(&format!("/b/harbor/leads/a/{step}"), &cookie, &format!("csrf={csrf}&{form}")).await;
        (answer.status.as_u16(), answer.header("location").replace("/b/harbor/leads/a?done=", ""))
    };

    assert_eq!(press("person", "how=shouted").await.0, 400);
    assert_eq!(press("person", "how=said").await, (303, "person".to_owned()));
    assert_eq!(press("outcome", "outcome=eaten").await.0, 400);
    assert_eq!(press("outcome", "outcome=booked").await, (303, "outcome".to_owned()));
    assert_eq!(press("take", "").await, (303, "closed".to_owned()));
    assert_eq!(press("reopen", "").await, (303, "reopened".to_owned()));
    assert_eq!(press("take", "").await, (303, "taken".to_owned()));
    assert_eq!(press("hand-back", "").await, (303, "handed_back".to_owned()));
    assert_eq!(press("hand-back", "").await, (303, "nothing".to_owned()));

    let kinds = column(&standing.house.db, "SELECT kind FROM event ORDER BY seq").await;
    assert_eq!(kinds, ["person", "outcome", "reopened", "taken", "handed_back"]);
    let page = standing.get("/b/harbor/leads/a?done=outcome", &cookie).await.text;
    for words in ["Maria Lopez", "(512) 555-0142", "Kitchen tap leaking", "answered in 2m", "Marked booked"] {
        assert!(page.contains(words), "{words}");
    }
}

#[tokio::test]
async fn the_same_words_pressed_twice_are_one_text_and_an_opt_out_is_none() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    let write = async |words: &str| {
        let answer = standing.post("/b/harbor/leads/a/texts", &cookie, &format!("csrf={csrf}&body={words}")).await;
        answer.header("location").replace("/b/harbor/leads/a?done=", "")
    };

    assert_eq!(write("On+my+way").await, "text");
    assert_eq!(write("On+my+way").await, "text");
    assert_eq!(write("+%0a+").await, "no_text");
    standing.house.clock.advance(Duration::from_secs(3_600));
    assert_eq!(write("On+my+way").await, "text");
    set(
        &standing.house.db,
        "INSERT INTO opt_out (business_id, phone, at, how) VALUES ('harbor', '+15125550142', 1, 'STOP')",
    )
    .await;
    assert_eq!(write("Hello%3f").await, "opted_out");

    let queued = column(&standing.house.db, "SELECT recipient || ' ' || purpose || ' ' || body FROM outbox").await;
    assert_eq!(queued, ["+15125550142 relay On my way", "+15125550142 relay On my way"]);
    assert_eq!(column(&standing.house.db, "SELECT person_how FROM lead").await, ["text"]);
}

#[tokio::test]
async fn the_link_in_an_alert_opens_one_lead_until_it_is_closed_or_too_old() {
    let standing = open().await;
    let db = &standing.house.db;
    leads::link(db, "daves", "a", "dave", NOW + HOUR_MS).await;
    let see = async || {
        let answer = standing.get("/l/daves", "").await;
        (answer.status.as_u16(), answer.text)
    };
    let press = async |step: &str| standing.post(&format!("/l/daves/{step}"), "", "csrf=").await.status.as_u16();

    let (status, html) = see().await;
    assert_eq!(status, 200);
    assert!(html.contains("Maria Lopez") && html.contains("tel:+15125550142") && html.contains("I’ve got it"));
    assert_eq!(press("take").await, 303);
    assert!(see().await.1.contains("Yours since"));
    assert_eq!(press("call").await, 303);
    assert!(see().await.1.contains("Did you reach Maria?"));
    assert_eq!(press("talked").await, 303);
    assert!(see().await.1.contains("You talked at"));
    let kinds = column(db, "SELECT kind || ' ' || by || ' ' || coalesce(detail, '') FROM event ORDER BY seq").await;
    assert_eq!(kinds, ["taken Dave ", "person Dave call", "reached Dave talked"]);

    let before = leads::everything(db).await;
    standing.house.clock.advance(Duration::from_secs(3_600));
    let (status, html) = see().await;
    assert_eq!(status, 410);
    assert!(!html.contains("Maria") && !html.contains("555"));
    for step in ["take", "call", "talked", "voicemail", "no", "pass"] {
        assert_eq!(press(step).await, 410, "{step}");
    }
    assert_eq!(leads::everything(db).await, before);
}

#[tokio::test]
async fn a_closed_lead_and_a_code_that_nobody_has_look_the_same() {
    let standing = open().await;
    leads::link(&standing.house.db, "code", "a", "dave", NOW + HOUR_MS).await;
    set(&standing.house.db, "UPDATE lead SET state = 'closed', outcome = 'lost'").await;

    let closed = standing.get("/l/code", "").await;
    let unknown = standing.get("/l/nobodys", "").await;

    assert_eq!((closed.status, &closed.text), (StatusCode::GONE, &unknown.text));
    assert_eq!(unknown.status, StatusCode::GONE);
}

#[tokio::test]
async fn who_is_second_on_the_link_is_told_and_may_take_it_anyway() {
    let standing = open().await;
    leads::link(&standing.house.db, "daves", "a", "dave", NOW + HOUR_MS).await;
    leads::link(&standing.house.db, "anas", "a", "ana", NOW + HOUR_MS).await;
    standing.post("/l/anas/take", "", "").await;

    standing.post("/l/daves/take", "", "").await;
    let told = standing.get("/l/daves", "").await.text;
    standing.post("/l/daves/take", "", "anyway=1").await;

    assert!(told.contains("Ana has it since") && told.contains("Take it anyway"));
    assert!(standing.get("/l/daves", "").await.text.contains("Yours since"));
    assert!(standing.get("/l/anas", "").await.text.contains("Dave has it since"));
}

#[tokio::test]
async fn passing_it_on_tells_the_next_person_once_with_a_link_of_their_own() {
    let standing = open().await;
    let db = &standing.house.db;
    set(db, "UPDATE person SET phone = '+15125550101' WHERE id = 'ana'").await;
    leads::link(db, "daves", "a", "dave", NOW + HOUR_MS).await;
    standing.post("/l/daves/take", "", "").await;

    standing.post("/l/daves/pass", "", "").await;
    standing.post("/l/daves/pass", "", "").await;

    let texts = column(db, "SELECT recipient || ' ' || purpose || ' ' || body FROM outbox").await;
    assert_eq!(texts.len(), 1);
    assert!(texts[0].starts_with("+15125550101 escalation Dave passes on: Maria Lopez\n(512) 555-0142\n"), "{texts:?}");
    assert!(texts[0].contains("Reply 1 = I've got it\nhttp://localhost:8080/l/"));
    let codes = column(db, "SELECT code FROM alert_link WHERE person_id = 'ana'").await;
    assert!(texts[0].ends_with(&codes[0]));
    assert!(standing.get(&format!("/l/{}", codes[0]), "").await.text.contains("I’ve got it"));
    assert!(standing.get("/l/daves", "").await.text.contains("Passed on to Ana"));
    assert_eq!(column(db, "SELECT state FROM lead").await, ["waiting"]);
}

#[tokio::test]
async fn a_foreign_page_cannot_press_the_buttons_of_a_link() {
    let standing = open().await;
    leads::link(&standing.house.db, "daves", "a", "dave", NOW + HOUR_MS).await;
    let before = leads::everything(&standing.house.db).await;
    let headers = [("origin", "https://evil.test"), ("content-type", "application/x-www-form-urlencoded")];

    for step in ["take", "call", "talked", "voicemail", "no", "pass"] {
        let answer = standing.ask("POST", &format!("/l/daves/{step}"), &headers, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{step}");
    }

    assert_eq!(leads::everything(&standing.house.db).await, before);
}

#[tokio::test]
async fn today_shows_who_waits_and_the_numbers_of_the_period() {
    let standing = open().await;
    let (cookie, _) = sign_in(&standing, "harbor").await;
    let answered = |n: i64| {
        let mut lead = Lead { state: State::Answered, ..lead(&format!("w{n}"), NOW - n * HOUR_MS) };
        lead.clocks.person_at = Some(lead.clocks.received_at + n * MINUTE_MS);
        lead.clocks.first_text_at = Some(lead.clocks.received_at + 1_500);
        lead
    };
    let mut all: Vec<Lead> = (1..=6).map(answered).collect();
    all.push(Lead { is_test: true, ..lead("test", NOW - HOUR_MS) });
    all.push(Lead { is_spam: true, name: Some("Spammer".to_owned()), ..lead("spam", NOW - HOUR_MS) });
    leads::store(&standing.house.db, all).await;

    let html = standing.get("/b/harbor/today?period=7d", &cookie).await.text;

    // Seven real leads: waits of 1 to 6 minutes and one not yet; the middle one waited 4 minutes.
    assert!(html.contains("A person answers in"));
    assert!(html.contains("4 minutes"), "spoken");
    assert!(html.contains("1 person"));
    assert!(html.contains("1 test and 1 spam left out."));
    assert!(html.contains("83%"), "five of six are within five minutes; the one that waits is too young to count");
    assert!(html.contains("1.5 s"));
    assert!(!html.contains("Spammer"));
}

#[tokio::test]
async fn a_shop_without_leads_is_told_that_we_listen() {
    let standing = sample::open(routes()).await;
    let (cookie, _) = sign_in(&standing, "rival").await;

    let today = standing.get("/b/rival/today", &cookie).await.text;
    let list = standing.get("/b/rival/leads", &cookie).await.text;

    assert!(today.contains("Listening since"));
    assert!(list.contains("The first lead shows up here by itself."));
}

#[tokio::test]
async fn the_csv_holds_every_lead_of_the_search_and_no_formula() {
    let standing = sample::open(routes()).await;
    let (cookie, _) = sign_in(&standing, "harbor").await;
    let mut all: Vec<Lead> = (0..1_234).map(|n| lead(&format!("l{n:04}"), NOW - n * MINUTE_MS)).collect();
    all[3].name = Some("=HYPERLINK(1)".to_owned());
    all[3].message = Some("two\nlines, \"quoted\"".to_owned());
    all.push(Lead { business: "rival".into(), ..lead("theirs", NOW) });
    leads::store(&standing.house.db, all).await;

    let answer = standing.get("/b/harbor/leads.csv", &cookie).await;
    let found = standing.get("/b/harbor/leads.csv?q=hyperlink", &cookie).await;

    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let mut reader = csv::Reader::from_reader(answer.text.as_bytes());
    assert_eq!(reader.headers().unwrap().get(0), Some("id"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1_234);
    assert_eq!((&rows[3][6], &rows[3][9]), ("'=HYPERLINK(1)", "two\nlines, \"quoted\""));
    assert_eq!((&rows[0][0], &rows[0][8], &rows[0][13]), ("l0000", "'+15125550142", "2026-11-21T12:00:00.000Z"));
    assert_eq!(csv::Reader::from_reader(found.text.as_bytes()).records().count(), 1);
}

#[tokio::test]
async fn the_list_leafs_through_all_leads_and_keeps_the_search() {
    let standing = sample::open(routes()).await;
    let (cookie, _) = sign_in(&standing, "harbor").await;
    let many = (0..120).map(|n| Lead { state: State::Answered, ..lead(&format!("l{n:03}"), NOW - n * HOUR_MS) });
    leads::store(&standing.house.db, many.collect()).await;

    let (mut seen, mut next, mut pages) = (0, Some("/b/harbor/leads?q=kitchen".to_owned()), 0);
    while let Some(address) = next {
        let html = standing.get(&address, &cookie).await.text;
        seen += html.matches("/b/harbor/leads/l").count();
        pages += 1;
        let link =
            html.split("href=\"").find(|rest| rest.split('>').next().is_some_and(|tag| tag.contains("rel=\"next\"")));
        next = link.map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&"));
        assert!(next.as_ref().is_none_or(|address| address.contains("q=kitchen")));
    }

    assert_eq!((seen, pages), (120, 3));
}

#[tokio::test]
async fn a_source_is_added_with_an_address_that_is_shown_and_needs_a_name() {
    let standing = open().await;
    set(&standing.house.db, "DELETE FROM lead").await;
    set(&standing.house.db, "DELETE FROM source").await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;

    let nameless = standing.post("/b/harbor/sources/new/generic", &cookie, &format!("csrf={csrf}&name=+")).await;
    let added = standing.post("/b/harbor/sources/new/generic", &cookie, &format!("csrf={csrf}&name=Quote+form")).await;
    let shown = standing.get(added.header("location"), &cookie).await.text;

    assert!(nameless.text.contains("Give it a name."));
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    assert!(shown.contains("Quote form") && shown.contains("http://localhost:8080/in/"));
    assert_eq!(column(&standing.house.db, "SELECT name FROM source").await, ["Quote form"]);
}

#[tokio::test]
async fn what_was_done_by_mistake_has_a_button_that_undoes_it() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    let buttons = async || {
        let html = standing.get("/b/harbor/leads/a", &cookie).await.text;
        ["hand-back", "reopen", "not-spam"].map(|step| html.contains(&format!("/leads/a/{step}\"")))
    };

    assert_eq!(buttons().await, [false, false, false]);
    standing.post("/b/harbor/leads/a/take", &cookie, &format!("csrf={csrf}")).await;
    assert_eq!(buttons().await, [true, false, false]);
    standing.post("/b/harbor/leads/a/outcome", &cookie, &format!("csrf={csrf}&outcome=lost")).await;
    assert_eq!(buttons().await, [false, true, false]);
    set(&standing.house.db, "UPDATE lead SET is_spam = 1, state = 'waiting', outcome = NULL, taken_at = NULL").await;
    assert_eq!(buttons().await, [false, false, true]);
}

#[tokio::test]
async fn the_front_door_leads_to_the_only_shop_or_lets_choose() {
    let standing = open().await;
    let (one, _) = sign_in(&standing, "harbor").await;
    let agency = standing.account("agency@example.com", None, None).await;
    let (all, _) = standing.signed_in(&agency).await;

    let owner = standing.get("/", &one).await;
    let agency = standing.get("/", &all).await;
    let chooser = standing.get("/businesses", &all).await;

    assert_eq!((owner.header("location"), agency.header("location")), ("/b/harbor/today", "/businesses"));
    assert!(chooser.text.contains("/b/harbor/today") && chooser.text.contains("/b/rival/today"));
}

#[tokio::test]
async fn health_names_what_is_not_connected_and_the_next_step() {
    let standing = open().await;
    let (cookie, _) = sign_in(&standing, "harbor").await;

    let fine = standing.get("/health", &cookie).await.text;
    standing.house.clock.advance(Duration::from_secs(16));
    let stopped = standing.get("/health", &cookie).await.text;

    assert!(fine.contains("It takes writes.") && fine.contains("LEADBELL_SMTP_URL") && fine.contains("Website form"));
    assert!(!fine.contains("It has stopped."));
    assert!(stopped.contains("It has stopped.") && stopped.contains("1 check failing."));
}
