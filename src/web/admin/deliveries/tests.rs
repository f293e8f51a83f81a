//! The page of deliveries: what stands on it, what its buttons do, and for whom.

use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::web::admin::tests::{open, set, sign_in};
use crate::web::sample::{NOW, Standing};
use axum::http::StatusCode;

const NOT_REGISTERED: &str = "Your number is not registered with US carriers.";

struct Planned {
    id: &'static str,
    channel: &'static str,
    purpose: &'static str,
    state: &'static str,
    reason: Option<&'static str>,
    class: Option<&'static str>,
    code: Option<i64>,
    attempts: i64,
    at: i64,
}

/// A text to the lead that failed because the number is not registered.
fn failed(id: &'static str, at: i64) -> Planned {
    Planned {
        id,
        channel: "sms",
        purpose: "lead_reply",
        state: "failed",
        reason: Some(NOT_REGISTERED),
        class: Some("rejected"),
        code: Some(30_034),
        attempts: 1,
        at,
    }
}

async fn plan(standing: &Standing, business: &'static str, planned: Vec<Planned>) {
    let job = standing.house.db.write(move |c| {
        Box::pin(async move {
            for m in planned {
                sqlx::query(
                    "INSERT INTO outbox (id, business_id, lead_id, purpose, step, channel, recipient, body, prio, queued_at, \
                     due_at, expires_at, state, reason, last_class, last_code, attempts) VALUES ($1, $2, $3, $4, $1, $5, \
                     '+15125550142', 'Hi Maria', 0, $6, $6 + 300000, $6 + 3600000, $7, $8, $9, $10, $11)",
                )
                .bind(m.id)
                .bind(business)
                .bind((business == "harbor").then_some("a"))
                .bind(m.purpose)
                .bind(m.channel)
                .bind(m.at)
                .bind(m.state)
                .bind(m.reason)
                .bind(m.class)
                .bind(m.code)
                .bind(m.attempts)
                .execute(&mut *c)
                .await?;
                for n in 1..=m.attempts {
                    sqlx::query(
                        "INSERT INTO attempt (message_id, n, business_id, started_at, class, code, reason) \
                         VALUES ($1, $2, $3, $4, $5, $6, 'busy')",
                    )
                    .bind(m.id)
                    .bind(n)
                    .bind(business)
                    .bind(m.at + n * MINUTE_MS)
                    .bind(m.class)
                    .bind(m.code)
                    .execute(&mut *c)
                    .await?;
                }
            }
            Ok(())
        })
    });
    job.await.unwrap();
}

async fn states(standing: &Standing) -> Vec<String> {
    sqlx::query_scalar("SELECT id || ' ' || state FROM outbox ORDER BY id")
        .fetch_all(standing.house.db.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn what_fails_stands_first_by_its_reason_with_a_way_to_fix_it_and_to_retry_all() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    let busy = Planned {
        reason: Some("The mail server is busy."),
        class: Some("not_sent"),
        code: Some(451),
        channel: "mail",
        state: "queued",
        attempts: 2,
        ..failed("m3", NOW - HOUR_MS)
    };
    let done = Planned { state: "delivered", reason: None, class: Some("accepted"), code: None, ..failed("m4", NOW) };
    let old = failed("m5", NOW - 8 * DAY_MS);
    plan(&standing, "harbor", vec![failed("m1", NOW - MINUTE_MS), failed("m2", NOW - 2 * MINUTE_MS), busy, done, old])
        .await;

    let page = standing.get("/b/harbor/deliveries", &cookie).await.text;

    assert!(page.contains("2 failing:") && page.contains("is not registered with the US carriers.</p>"), "{page}");
    assert!(
        page.contains("href=\"/b/harbor/registration\">Open the registration kit") && page.contains("Retry both"),
        "{page}"
    );
    assert!(page.find("2 failing:") < page.find("delivered</span>"), "failing comes first");
    let order: Vec<_> = ["m1/drop", "m2/drop", "m5/drop"].map(|m| page.find(m).unwrap()).to_vec();
    assert!(order.is_sorted(), "newest first");
    assert!(page.contains(">again 5:05 am</span>") || page.contains(">again 6:00 am</span>"), "{page}");
    assert!(page.contains("try 1 5:01 am 451 busy") && page.contains("try 2 5:02 am 451 busy"), "{page}");
    assert!(page.contains("/b/harbor/leads/a\">Maria Lopez"));

    let form = format!("csrf={csrf}&reason={}", NOT_REGISTERED.replace(' ', "+"));
    let pressed = standing.post("/b/harbor/deliveries/retry", &cookie, &form).await;

    assert_eq!(pressed.header("location"), "/b/harbor/deliveries?done=retry&n=2");
    assert_eq!(states(&standing).await, ["m1 queued", "m2 queued", "m3 queued", "m4 delivered", "m5 failed"]);
    let after = standing.get("/b/harbor/deliveries?done=retry&n=2", &cookie).await.text;
    assert!(after.contains("2 messages queued again."), "{after}");
}

#[tokio::test]
async fn nothing_failing_is_said_with_what_was_delivered_this_week() {
    let standing = open().await;
    let (cookie, _) = sign_in(&standing, "harbor").await;
    let text =
        |id, at| Planned { state: "delivered", reason: None, class: None, code: None, attempts: 0, ..failed(id, at) };

    let none = standing.get("/b/harbor/deliveries", &cookie).await.text;
    plan(&standing, "harbor", vec![text("m1", NOW), text("m2", NOW - DAY_MS), text("m3", NOW - 9 * DAY_MS)]).await;
    plan(&standing, "rival", vec![failed("r1", NOW)]).await;
    let calm = standing.get("/b/harbor/deliveries", &cookie).await.text;

    assert!(
        none.contains("Nothing failing. Nothing was sent this week.") && none.contains("No message yet."),
        "{none}"
    );
    assert!(calm.contains("Nothing failing. 2 texts this week, all delivered."), "{calm}");
}

#[tokio::test]
async fn it_is_narrowed_to_what_fails_to_a_day_of_the_shop_and_to_a_lead_and_leafed_through() {
    let standing = open().await;
    let (cookie, _) = sign_in(&standing, "harbor").await;
    let ids: Vec<&'static str> = (0..60).map(|n| &*Box::leak(format!("n{n:02}").into_boxed_str())).collect();
    let done = |id, at| Planned { state: "delivered", reason: None, class: None, attempts: 0, ..failed(id, at) };
    plan(&standing, "harbor", ids.iter().map(|id| done(id, NOW - HOUR_MS)).collect()).await;
    // 11 pm of the 20th in Chicago, and half past midnight of the 21st.
    plan(&standing, "harbor", vec![failed("late", NOW - 7 * HOUR_MS), failed("early", NOW - 330 * MINUTE_MS)]).await;
    set(&standing.house.db, "UPDATE outbox SET lead_id = 'b' WHERE id = 'late'").await;
    let drops = async |query: &str| {
        let page = standing.get(&format!("/b/harbor/deliveries{query}"), &cookie).await.text;
        ["late/drop", "early/drop"].map(|m| page.contains(m))
    };

    let first = standing.get("/b/harbor/deliveries", &cookie).await.text;
    let next = first.split("class=\"btn\" href=\"").find(|rest| rest.contains("rel=\"next\"")).unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let second = standing.get(&next, &cookie).await.text;

    assert_eq!((first.matches("<time").count(), second.matches("<time").count()), (50, 12));
    assert_eq!(drops("?show=failing").await, [true, true]);
    assert_eq!(drops("?day=2026-11-20").await, [true, false]);
    assert_eq!(drops("?day=2026-11-21&show=failing").await, [false, true]);
    assert_eq!(drops("?lead=a&show=failing").await, [false, true]);
    assert_eq!(drops("?day=tomorrow&show=failing").await, [true, true], "what is no day asks for none");
    assert!(
        standing
            .get("/b/harbor/deliveries?lead=a", &cookie)
            .await
            .text
            .contains("About <a href=\"/b/harbor/leads/a\">Maria")
    );
    let empty = standing.get("/b/harbor/deliveries?day=2020-01-01", &cookie).await.text;
    assert!(empty.contains("No message matches."), "{empty}");
}

#[tokio::test]
async fn what_is_held_failed_or_too_late_is_sent_or_dropped_and_nothing_else_is() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    let state = |id, state| Planned { state, ..failed(id, NOW) };
    let press = async |id: &str, what: &str| {
        let path = format!("/b/harbor/deliveries/{id}/{what}");
        standing.post(&path, &cookie, &format!("csrf={csrf}")).await.header("location").to_owned()
    };
    let all = ["held", "failed", "expired", "delivered", "sending", "cancelled", "queued", "accepted"];
    plan(&standing, "harbor", all.map(|s| state(s, s)).into()).await;

    for id in all {
        let moved = press(id, "retry").await.ends_with("done=retry&n=1");
        assert_eq!(moved, matches!(id, "held" | "failed" | "expired"), "{id}");
    }
    assert_eq!(
        states(&standing).await,
        [
            "accepted accepted",
            "cancelled cancelled",
            "delivered delivered",
            "expired queued",
            "failed queued",
            "held queued",
            "queued queued",
            "sending sending"
        ]
    );
    set(&standing.house.db, "UPDATE outbox SET state = id").await;
    for id in all {
        let moved = press(id, "drop").await.ends_with("done=drop");
        assert_eq!(moved, matches!(id, "held" | "failed" | "expired"), "{id}");
    }
    assert!(states(&standing).await.contains(&"held cancelled".to_owned()));
}

#[tokio::test]
async fn what_may_have_arrived_goes_to_a_lead_again_only_by_a_ticked_box_and_never_with_others() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    let why = "Nobody could tell whether it arrived.";
    let doubt = |id, state| Planned { state, class: Some("unknown"), code: None, reason: Some(why), ..failed(id, NOW) };
    let alert = Planned { purpose: "owner_alert", ..doubt("alert", "failed") };
    plan(&standing, "harbor", vec![doubt("held", "held"), doubt("open", "unknown"), alert]).await;

    let page = standing.get("/b/harbor/deliveries", &cookie).await.text;
    assert_eq!(page.matches("It may have arrived already. Send it again all the same").count(), 2, "{page}");
    assert!(!page.contains("Retry all") && !page.contains("Retry both"), "{page}");
    standing
        .post("/b/harbor/deliveries/retry", &cookie, &format!("csrf={csrf}&reason={}", why.replace(' ', "+")))
        .await;
    for id in ["held", "open"] {
        let path = format!("/b/harbor/deliveries/{id}/retry");
        let unticked = standing.post(&path, &cookie, &format!("csrf={csrf}")).await;
        assert_eq!(unticked.header("location"), "/b/harbor/deliveries?done=doubt", "{id}");
    }
    assert_eq!(states(&standing).await, ["alert failed", "held held", "open unknown"]);

    for id in ["held", "open", "alert"] {
        let path = format!("/b/harbor/deliveries/{id}/retry");
        standing
            .post(&path, &cookie, &format!("csrf={csrf}{}", if id == "alert" { "" } else { "&although=yes" }))
            .await;
    }

    assert_eq!(states(&standing).await, ["alert queued", "held queued", "open queued"]);
}

#[tokio::test]
async fn another_shop_and_a_forged_form_move_nothing() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "rival").await;
    plan(&standing, "harbor", vec![failed("m1", NOW)]).await;

    for path in ["deliveries/m1/retry", "deliveries/m1/drop", "deliveries/retry"] {
        let form = format!("csrf={csrf}&reason={}", NOT_REGISTERED.replace(' ', "+"));
        let foreign = standing.post(&format!("/b/harbor/{path}"), &cookie, &form).await;
        let strayed = standing.post(&format!("/b/rival/{path}"), &cookie, &form).await;
        let forged = standing.post(&format!("/b/rival/{path}"), &cookie, "reason=x").await;
        let opened = standing.get(&format!("/b/rival/{path}"), &cookie).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(strayed.status == StatusCode::NOT_FOUND, path.contains("m1"), "{path}");
        assert_eq!((forged.status, opened.status), (StatusCode::FORBIDDEN, StatusCode::METHOD_NOT_ALLOWED), "{path}");
    }
    let seen = standing.get("/b/harbor/deliveries", &cookie).await;
    let own = standing.get("/b/rival/deliveries?lead=a", &cookie).await;

    assert_eq!((seen.status, own.status), (StatusCode::NOT_FOUND, StatusCode::OK));
    assert!(!own.text.contains("Maria"), "{}", own.text);
    assert_eq!(states(&standing).await, ["m1 failed"]);
}
