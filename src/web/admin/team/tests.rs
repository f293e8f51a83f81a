//! The team page: what each form changes, what it says when it cannot, and whose it is.

use crate::web::admin::tests::{open, sign_in};
use crate::web::sample::Standing;
use axum::http::StatusCode;

const TEAM: &str = "/b/harbor/team";

/// Signs in at the team page of `harbor`, where everybody has a number.
async fn desk() -> (Standing, String, String) {
    let standing = open().await;
    for sql in [
        "UPDATE person SET phone = '+15125550100' WHERE id = 'dave'",
        "UPDATE person SET phone = '+15125550101' WHERE id = 'ana'",
    ] {
        crate::web::admin::tests::set(&standing.house.db, sql).await;
    }
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    (standing, cookie, csrf)
}

async fn press(desk: &(Standing, String, String), path: &str, form: &str) -> (StatusCode, String) {
    let (standing, cookie, csrf) = desk;
    let answer = standing.post(&format!("{TEAM}{path}"), cookie, &format!("csrf={csrf}&{form}")).await;
    (answer.status, answer.text)
}

async fn page(desk: &(Standing, String, String)) -> String {
    desk.0.get(TEAM, &desk.1).await.text
}

/// The steps that are stored: minutes, whom, by text, by mail.
async fn steps(desk: &(Standing, String, String)) -> Vec<(i64, String, bool, bool)> {
    sqlx::query_as(
        "SELECT after_ms / 60000, coalesce(person_id, 'all'), by_text, by_mail FROM handoff_step \
         WHERE business_id = 'harbor' ORDER BY n",
    )
    .fetch_all(desk.0.house.db.read())
    .await
    .unwrap()
}

fn step(at: i64, who: &str, text: bool, mail: bool) -> (i64, String, bool, bool) {
    (at, who.to_owned(), text, mail)
}

#[tokio::test]
async fn the_usual_order_is_shown_and_the_first_change_makes_it_ones_own() {
    let desk = desk().await;
    let usual = page(&desk).await;
    assert!(usual.contains("The usual order") && usual.contains("3 min") && usual.contains("10 min"));

    let (status, _) = press(&desk, "/steps", "after=20&who=dave&mail=yes").await;

    assert_eq!(status, StatusCode::SEE_OTHER);
    let own = [step(0, "dave", true, true), step(3, "ana", true, true), step(10, "all", true, true)];
    assert_eq!(steps(&desk).await, [&own[..], &[step(20, "dave", false, true)]].concat());
    assert!(page(&desk).await.contains("The order that you set."));
    press(&desk, "/steps/usual", "").await;
    assert!(steps(&desk).await.is_empty());
}

#[tokio::test]
async fn steps_are_changed_moved_and_removed() {
    let desk = desk().await;

    press(&desk, "/steps/1", "after=5&who=ana&text=yes").await;
    assert_eq!(steps(&desk).await[1], step(5, "ana", true, false));
    press(&desk, "/steps/1/up", "").await;
    assert_eq!(steps(&desk).await[..2], [step(0, "ana", true, false), step(5, "dave", true, true)]);
    press(&desk, "/steps/0/remove", "").await;
    assert_eq!(steps(&desk).await, [step(0, "dave", true, true), step(5, "all", true, true)]);
}

#[tokio::test]
async fn a_step_that_makes_no_sense_is_shown_again_as_it_was_typed() {
    let desk = desk().await;

    for (form, words) in [
        ("after=soon&who=ana&text=yes", "Write whole minutes between 0 and 1440."),
        ("after=5&who=rita&text=yes", "Choose somebody of the team."),
        ("after=77&who=ana", "Tick text, phone call, email or all of them."),
    ] {
        let (status, html) = press(&desk, "/steps", form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(html.contains(words), "{form}");
        assert!(html.contains("href=\"#newstep-"), "{form}: the summary leads to the field");
    }
    assert!(press(&desk, "/steps", "after=77&who=ana").await.1.contains("value=\"77\""));
    let (status, html) = press(&desk, "/steps/0", "after=2&who=dave&text=yes").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("The first step is at 0 minutes: somebody is told at once."));
    assert!(steps(&desk).await.is_empty());
}

#[tokio::test]
async fn a_person_is_added_with_number_hours_and_days_off() {
    let desk = desk().await;
    let form = "name=Bob+Stone&phone=512+555+0103&email=bob%40shop.test&mon=8-17&tue=8-12%2C+13-17&days_off=2026-12-24";

    let (status, _) = press(&desk, "/people", form).await;

    assert_eq!(status, StatusCode::SEE_OTHER);
    let sql = "SELECT name || '|' || phone || '|' || email || '|' || hours || '|' || days_off || '|' || position FROM person \
               WHERE name LIKE 'Bob%'";
    let bob: String = sqlx::query_scalar(sql).fetch_one(desk.0.house.db.read()).await.unwrap();
    let hours = r#"{"mon":["08:00-17:00"],"tue":["08:00-12:00","13:00-17:00"]}"#;
    assert_eq!(bob, format!("Bob Stone|+15125550103|bob@shop.test|{hours}|[[\"2026-12-24\",\"2026-12-24\"]]|2"));
    let html = page(&desk).await;
    assert!(html.contains("Mon 8 to 17, Tue 8 to 12 and 13 to 17, closed Wed to Sun. Off: 2026-12-24."));
}

#[tokio::test]
async fn mistakes_about_a_person_are_named_beside_their_field_and_nothing_is_lost() {
    let desk = desk().await;

    let form = "name=&phone=12&email=nobody&mon=8-7&days_off=soon";
    let (status, html) = press(&desk, "/people/ana", form).await;

    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Type a name.",
        "That number cannot be called.",
        "That is not an email address.",
        "Monday: write hours such as 8-12, 13-18",
        "Write days such as 2026-12-24",
    ] {
        assert!(html.contains(words), "{words}");
    }
    for value in ["value=\"12\"", "value=\"nobody\"", "value=\"8-7\"", "value=\"soon\""] {
        assert!(html.contains(value), "{value}");
    }
    let (_, html) = press(&desk, "/people/ana", "name=Ana&phone=512+555+0100").await;
    assert!(html.contains("That is the number of Dave."));
    let (_, html) = press(&desk, "/people/ana", "name=Ana").await;
    assert!(html.contains("Give a number or an email"));
    let kept: String = sqlx::query_scalar("SELECT name || phone FROM person WHERE id = 'ana'")
        .fetch_one(desk.0.house.db.read())
        .await
        .unwrap();
    assert_eq!(kept, "Ana+15125550101");
}

#[tokio::test]
async fn who_is_removed_leaves_no_step_no_link_and_no_lead_behind() {
    let desk = desk().await;
    let db = &desk.0.house.db;
    press(&desk, "/steps", "after=20&who=ana&text=yes").await;
    press(&desk, "/rule", "after_hours=wake&on_call=dave&unanswered=30").await;
    crate::lead::store::sample::link(db, "code", "a", "dave", i64::MAX).await;
    crate::web::admin::tests::set(
        db,
        "UPDATE lead SET state = 'taken', taken_at = 5, taken_by = 'dave' WHERE id = 'a'",
    )
    .await;
    assert_eq!(desk.0.get("/l/code", "").await.status, StatusCode::OK);

    let (status, _) = press(&desk, "/people/dave/remove", "").await;

    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(steps(&desk).await[0], step(0, "ana", true, true), "the next one is the first");
    assert!(steps(&desk).await.iter().all(|step| step.1 != "dave"));
    assert_eq!(desk.0.get("/l/code", "").await.status, StatusCode::GONE);
    let lead: (String, Option<String>) =
        sqlx::query_as("SELECT state, taken_by FROM lead WHERE id = 'a'").fetch_one(db.read()).await.unwrap();
    assert_eq!(lead, ("waiting".to_owned(), None));
    assert!(desk.0.get("/b/harbor/leads/a", &desk.1).await.text.contains("Dave handed it back"));
    let (status, html) = press(&desk, "/people/ana/remove", "").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(html.contains("Somebody must be told about leads."));
}

#[tokio::test]
async fn opening_hours_and_what_happens_after_them_are_set_here() {
    let desk = desk().await;
    assert!(page(&desk).await.contains("Always open: no hours are set."));

    press(&desk, "/hours", "mon=8-18&tue=8-18&wed=8-18&thu=8-18&fri=8-18&sat=9-13").await;
    press(&desk, "/rule", "after_hours=wait&unanswered=45").await;

    let html = page(&desk).await;
    assert!(html.contains("Open Mon to Fri 8 to 18, Sat 9 to 13, closed Sun."), "{html}");
    assert!(html.contains("value=\"wait\" checked") && html.contains("value=\"45\""));
    let (status, html) = press(&desk, "/hours", "mon=noon").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("Monday: write hours such as") && html.contains("value=\"noon\""));
    let (status, html) = press(&desk, "/rule", "after_hours=wake&unanswered=1").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("Write whole minutes between 10 and 1440."));
}

#[tokio::test]
async fn a_test_alert_goes_once_a_minute_and_a_channel_is_proven_once_it_was_taken() {
    let desk = desk().await;
    let db = &desk.0.house.db;
    crate::web::admin::tests::set(db, "UPDATE person SET email = 'dave@shop.test' WHERE id = 'dave'").await;
    assert!(page(&desk).await.contains("0 of 2 channels proven"));

    for _ in 0..2 {
        assert_eq!(press(&desk, "/people/dave/test", "").await.0, StatusCode::SEE_OTHER);
    }

    let sent: Vec<(String, String, String)> =
        sqlx::query_as("SELECT channel, recipient, purpose FROM outbox ORDER BY channel")
            .fetch_all(db.read())
            .await
            .unwrap();
    let row = |channel: &str, to: &str| (channel.to_owned(), to.to_owned(), "notice".to_owned());
    assert_eq!(sent, [row("mail", "dave@shop.test"), row("sms", "+15125550100")]);
    assert!(page(&desk).await.contains("The test alert is on its way."));
    crate::web::admin::tests::set(db, "UPDATE outbox SET state = 'accepted', accepted_at = 5 WHERE channel = 'sms'")
        .await;
    crate::web::admin::tests::set(db, "UPDATE outbox SET state = 'failed' WHERE channel = 'mail'").await;
    let html = page(&desk).await;
    assert!(html.contains("1 of 2 channels proven") && html.contains("Proven: a message was taken for it"));
    assert!(html.contains("The test alert did not get through."));
    press(&desk, "/people/dave", "name=Dave&phone=512+555+0199&email=dave%40shop.test").await;
    assert!(page(&desk).await.contains("0 of 2 channels proven"), "another number is not proven by the old one");
}

#[tokio::test]
async fn nobody_changes_another_shops_team_and_no_forged_form_changes_ones_own() {
    let desk = desk().await;
    let (standing, cookie, _) = &desk;
    let (rival, csrf) = sign_in(standing, "rival").await;
    let before = page(&desk).await;

    for path in [
        "steps",
        "steps/usual",
        "steps/0",
        "steps/1/up",
        "steps/0/remove",
        "people",
        "people/dave",
        "people/dave/remove",
        "people/dave/test",
        "hours",
        "rule",
    ] {
        let form = "after=0&who=&text=yes&name=Eve&phone=512+555+0109&mon=8-9&unanswered=30&after_hours=wait";
        let foreign = standing.post(&format!("{TEAM}/{path}"), &rival, &format!("csrf={csrf}&{form}")).await;
        let forged = standing.post(&format!("{TEAM}/{path}"), cookie, form).await;
        let seen = standing.get(&format!("{TEAM}/{path}"), cookie).await;
        assert_eq!((foreign.status, forged.status), (StatusCode::NOT_FOUND, StatusCode::FORBIDDEN), "{path}");
        assert_eq!(seen.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    for path in ["people/dave", "people/dave/remove", "people/dave/test"] {
        let own = standing.post(&format!("/b/rival/team/{path}"), &rival, &format!("csrf={csrf}&name=Eve")).await;
        assert_eq!(own.status, StatusCode::NOT_FOUND, "{path} of another shop");
    }
    assert_eq!(standing.get(TEAM, &rival).await.status, StatusCode::NOT_FOUND);

    assert_eq!(page(&desk).await, before);
}
