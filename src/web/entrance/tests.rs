//! Setting up and signing in, as browsers and strangers try it.

use super::routes;
use crate::account::{key, link, session, store};
use crate::base::ids::BusinessId;
use crate::web::App;
use crate::web::sample::{Answer, NOW, Standing, at, open};
use crate::web::session::{InBusiness, SignedIn};
use axum::Router;
use axum::routing::{get, post};
use std::time::Duration;

const PASSWORD: &str = "correct horse battery";

/// Our routes, and two of somebody else's that need a session.
fn all() -> Router<App> {
    let theirs = get(async |who: InBusiness| format!("shop {}", who.business.name))
        .post(async |who: InBusiness| format!("changed {}", who.business.name));
    routes().route("/b/{slug}/today", theirs).route("/any", get(async |who: SignedIn| who.account.email))
}

async fn house() -> Standing {
    let house = open(all()).await;
    house.account("dave@harbor.test", Some(PASSWORD), None).await;
    house
}

fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl Standing {
    async fn sign_in(&self, cookie: &str, email: &str, password: &str) -> Answer {
        self.post("/login", cookie, &form(&[("email", email), ("password", password)])).await
    }

    async fn guess(&self, from: &str, cookie: &str, password: &str) -> Answer {
        let headers = [("x-forwarded-for", from), ("cookie", cookie), ("content-type", FORM), ("origin", OURS)];
        let body = form(&[("email", "Dave@Harbor.test"), ("password", password)]);
        self.ask("POST", "/login", &headers, &body).await
    }

    async fn is_in(&self, cookie: &str) -> bool {
        self.get("/any", cookie).await.status == 200
    }

    async fn link(&self) -> String {
        let house = &self.house;
        link::make(&house.db, &house.random, "dave@harbor.test", house.clock.now_ms()).await.unwrap().unwrap()
    }

    async fn setup_link(&self) -> String {
        let house = &self.house;
        link::make_setup(&house.db, &house.random, house.clock.now_ms()).await.unwrap().unwrap()
    }

    /// Everything that signing in and its pages can change, as one text.
    async fn state(&self) -> String {
        let db = self.house.db.read();
        let sessions: Vec<(String, String)> =
            sqlx::query_as("SELECT token_hash, account_id FROM session ORDER BY 1").fetch_all(db).await.unwrap();
        let links: Vec<(String, Option<i64>)> =
            sqlx::query_as("SELECT token_hash, used_at FROM login_link ORDER BY 1").fetch_all(db).await.unwrap();
        let accounts: Vec<(String, Option<String>)> =
            sqlx::query_as("SELECT email, password_hash FROM account ORDER BY 1").fetch_all(db).await.unwrap();
        let keys: Vec<(String,)> = sqlx::query_as("SELECT id FROM api_token ORDER BY 1").fetch_all(db).await.unwrap();
        let shops: Vec<(String, String)> =
            sqlx::query_as("SELECT slug, name FROM business ORDER BY 1").fetch_all(db).await.unwrap();
        format!("{sessions:?} {links:?} {accounts:?} {keys:?} {shops:?}")
    }
}

const FORM: &str = "application/x-www-form-urlencoded";
const OURS: &str = "http://localhost:8080";

#[tokio::test]
async fn the_right_password_lets_in_and_goes_where_one_wanted_to_go() {
    let house = house().await;

    let body = form(&[("email", " DAVE@harbor.test"), ("password", PASSWORD), ("next", "/b/harbor/leads?q=a")]);
    let came = house.post("/login", "", &body).await;

    assert_eq!((came.status.as_u16(), came.header("location")), (303, "/b/harbor/leads?q=a"));
    assert!(house.is_in(&came.cookies()).await);
    let set = came.header("set-cookie");
    assert!(
        set.starts_with("leadbell=") && set.ends_with("; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax"),
        "{set}"
    );
}

#[tokio::test]
async fn over_https_the_cookie_belongs_to_this_host_alone() {
    let house = at("https://leads.harbor.test", all()).await;
    house.account("dave@harbor.test", Some(PASSWORD), None).await;

    let came = house.sign_in("", "dave@harbor.test", PASSWORD).await;

    let set = came.header("set-cookie");
    assert!(set.starts_with("__Host-leadbell=") && set.ends_with("; Secure") && set.contains("; Path=/;"), "{set}");
    assert!(!set.contains("Domain"));
    assert!(house.is_in(&came.cookies()).await);
    assert!(!house.is_in(&came.cookies().replace("__Host-", "")).await, "a neighbour can set the plain name");
}

#[tokio::test]
async fn a_cookie_that_was_there_before_is_never_the_session() {
    let house = house().await;
    let planted = "leadbell=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let first = house.sign_in(planted, "dave@harbor.test", PASSWORD).await.cookies();

    let second = house.sign_in(&first, "dave@harbor.test", PASSWORD).await.cookies();

    assert!(!house.is_in(planted).await);
    assert_ne!(first, second);
    assert!(house.is_in(&second).await && !house.is_in(&first).await, "the one it brought along has ended");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let house = house().await;
    let account = store::by_email(&house.house.db, "dave@harbor.test").await.unwrap().unwrap().0.id;
    let (cookie, csrf) = house.signed_in(&account).await;

    let left = house.post("/logout", &cookie, &form(&[("csrf", &csrf)])).await;

    assert_eq!((left.status.as_u16(), left.header("location")), (303, "/login?out=1"));
    assert!(left.header("set-cookie").starts_with("leadbell=; ") && left.header("set-cookie").contains("Max-Age=0"));
    assert!(!house.is_in(&cookie).await);
    assert!(house.get("/login?out=1", "").await.text.contains("You are signed out."));
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_look_the_same() {
    let house = house().await;
    house.account("link@harbor.test", None, None).await;

    let wrong = house.sign_in("", "dave@harbor.test", "not the password").await;
    let unknown = house.sign_in("", "eve@harbor.test", "not the password").await;
    let without = house.sign_in("", "link@harbor.test", "").await;

    let page = |answer: &Answer, who: &str| (answer.status.as_u16(), answer.text.replace(who, "WHO"));
    assert_eq!(page(&wrong, "dave@harbor.test"), page(&unknown, "eve@harbor.test"));
    assert_eq!(page(&wrong, "dave@harbor.test"), page(&without, "link@harbor.test"));
    assert_eq!((wrong.status.as_u16(), wrong.header("set-cookie")), (401, ""));
    assert!(wrong.text.contains("Email and password do not fit together.") && !wrong.text.contains("not the password"));
}

#[tokio::test]
async fn after_five_wrong_passwords_one_waits_and_forged_addresses_do_not_help() {
    let house = house().await;

    let mut statuses = Vec::new();
    for n in 0..8 {
        statuses.push(house.guess(&format!("6.6.{n}.6, 203.0.113.{n}"), "", "a wrong one").await.status.as_u16());
    }
    let right = house.guess("203.0.113.9", "", PASSWORD).await;
    house.house.clock.advance(Duration::from_secs(15));
    let later = house.guess("203.0.113.9", "", PASSWORD).await;

    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
    assert_eq!((right.status.as_u16(), right.header("retry-after")), (429, "15"), "not even the right one is weighed");
    assert_eq!(later.status, 303, "and nothing is locked for good");
}

#[tokio::test]
async fn guessing_from_a_thousand_networks_is_weighed_rarely_and_never_keeps_the_owner_out() {
    let house = house().await;
    let mine = house.guess("198.51.100.1", "", PASSWORD).await.cookies();
    let known = mine.split("; ").find(|pair| pair.starts_with("leadbell-known=")).unwrap();

    let mut weighed = 0;
    for n in 0..1_000 {
        house.house.clock.advance(Duration::from_millis(360));
        weighed +=
            usize::from(house.guess(&format!("11.{}.{}.1", n / 250, n % 250), "", "a guess").await.status == 401);
    }
    let owner = house.guess("192.0.2.1", known, PASSWORD).await;
    let thief = house.guess("192.0.2.2", &known.replace("known=", "known=x"), PASSWORD).await;

    assert!((20..=100).contains(&weighed), "{weighed} of 1,000 in six minutes");
    assert_eq!(
        (owner.status.as_u16(), thief.status.as_u16()),
        (303, 429),
        "a mark that we did not make counts for nothing"
    );
}

#[tokio::test]
async fn after_signing_in_nobody_is_sent_elsewhere() {
    let house = house().await;
    let account = store::by_email(&house.house.db, "dave@harbor.test").await.unwrap().unwrap().0.id;
    let (mine, _) = house.signed_in(&account).await;

    for next in [
        "//evil.test",
        "/\\evil.test",
        "\\/evil.test",
        "https://evil.test",
        "javascript:alert(1)",
        "/%0d%0aX: y\r\nX: y",
        "/\t/evil.test",
        " //evil.test",
        "evil.test",
        "",
        "/a\u{2028}b",
        "//",
        "http:evil.test",
        "/\u{0}",
    ] {
        let body = form(&[("email", "dave@harbor.test"), ("password", PASSWORD), ("next", next)]);
        let answer = house.post("/login", "", &body).await;
        assert_eq!(answer.header("location"), "/", "{next:?}");
        let query = form(&[("next", next)]);
        assert_eq!(house.get(&format!("/login?{query}"), &mine).await.header("location"), "/", "{next:?}");
    }
}

#[tokio::test]
async fn a_link_signs_in_once_and_looking_at_it_uses_nothing_up() {
    let house = house().await;
    let path = format!("/login/link/{}", house.link().await);
    let before = house.state().await;

    let looks = [house.get(&path, "").await, house.get(&path, "").await];
    let unchanged = house.state().await == before;
    let (one, two) = tokio::join!(house.post(&path, "", ""), house.post(&path, "", ""));

    assert!(looks.iter().all(|look| look.status == 200 && look.text.contains("dave@harbor.test")) && unchanged);
    assert!(looks[0].text.contains(&format!("action=\"{path}\"")));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    let cookies = [one.cookies(), two.cookies()];
    assert!(house.is_in(cookies.iter().find(|c| !c.is_empty()).unwrap()).await);
    assert_eq!(house.get(&path, "").await.status, 410);
}

#[tokio::test]
async fn a_link_that_is_too_old_or_made_up_opens_nothing() {
    let house = house().await;
    let old = house.link().await;
    house.house.clock.advance(Duration::from_millis(link::LASTS_MS.unsigned_abs()));

    for token in [old.as_str(), "madeup", "%00"] {
        let path = format!("/login/link/{token}");
        assert_eq!(house.get(&path, "").await.status, 410, "{token}");
        let pressed = house.post(&path, "", "").await;
        assert_eq!((pressed.status.as_u16(), pressed.header("set-cookie")), (410, ""), "{token}");
    }
}

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_goes_on_in_a_new_one() {
    let house = house().await;
    let account = store::by_email(&house.house.db, "dave@harbor.test").await.unwrap().unwrap().0.id;
    let (mine, csrf) = house.signed_in(&account).await;
    let (other, _) = house.signed_in(&account).await;
    let change = async |old: &str, new: &str| {
        house.post("/account/password", &mine, &form(&[("csrf", &csrf), ("old", old), ("new", new)])).await
    };

    let wrong = change("not my password", "a new password").await;
    let short = change(PASSWORD, "short").await;
    let changed = change(PASSWORD, "a new password").await;

    assert_eq!((wrong.status.as_u16(), short.status.as_u16(), changed.status.as_u16()), (422, 422, 303));
    assert!(wrong.text.contains("not your password of now") && short.text.contains("at least 10"));
    assert!(!house.is_in(&mine).await && !house.is_in(&other).await && house.is_in(&changed.cookies()).await);
    assert_eq!(house.sign_in("", "dave@harbor.test", PASSWORD).await.status, 401);
    assert_eq!(house.sign_in("", "dave@harbor.test", "a new password").await.status, 303);
}

#[tokio::test]
async fn who_took_over_a_session_cannot_guess_the_password_through_it() {
    let house = house().await;
    let account = store::by_email(&house.house.db, "dave@harbor.test").await.unwrap().unwrap().0.id;
    let (mine, csrf) = house.signed_in(&account).await;

    let mut last = String::new();
    for n in 0..6 {
        let body = form(&[("csrf", &csrf), ("old", &format!("guess number {n}")), ("new", "a new password")]);
        last = house.post("/account/password", &mine, &body).await.text;
    }

    assert!(last.contains("Too many tries. Wait 15 seconds."));
}

#[tokio::test]
async fn a_form_without_the_sessions_token_or_from_another_page_changes_nothing() {
    let house = house().await;
    let account = store::by_email(&house.house.db, "dave@harbor.test").await.unwrap().unwrap().0.id;
    let eve = house.account("eve@harbor.test", None, None).await;
    let (mine, csrf) = house.signed_in(&account).await;
    let (_, hers) = house.signed_in(&eve).await;
    let fresh = key::add(&house.house.db, &house.house.random, "n8n", None, NOW).await.unwrap();
    let sign_in_link = house.link().await;
    let before = house.state().await;

    let with_session = [
        ("/logout", String::new()),
        ("/account/password", form(&[("old", PASSWORD), ("new", "a new password")])),
        ("/account/sessions/end", form(&[("id", "0")])),
        ("/account/sessions/end-others", String::new()),
        ("/account/keys", form(&[("name", "mine")])),
        ("/account/keys/revoke", form(&[("id", &fresh.id)])),
        ("/b/harbor/today", String::new()),
        ("/nowhere", String::new()),
    ];
    for (path, body) in &with_session {
        for token in ["", "csrf=", &format!("csrf={hers}"), &format!("CSRF={csrf}"), &format!("csrf={csrf}x")] {
            let answer = house.post(path, &mine, &format!("{token}&{body}")).await;
            assert_eq!(answer.status, 403, "{path} {token}");
        }
        let right = format!("csrf={csrf}&{body}");
        for foreign in
            [("origin", "https://evil.test"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site")]
        {
            let headers = [("cookie", mine.as_str()), ("content-type", FORM), foreign];
            assert_eq!(house.ask("POST", path, &headers, &right).await.status, 403, "{path} {foreign:?}");
        }
        let nobody = house.post(path, "", &right).await;
        assert_eq!((nobody.status.as_u16(), nobody.header("location")), (303, "/login"), "{path}");
    }
    let setup = form(&[("name", "Eve"), ("email", "eve@evil.test")]);
    let without_session = [
        ("/login".to_owned(), form(&[("email", "dave@harbor.test"), ("password", PASSWORD)])),
        (format!("/login/link/{sign_in_link}"), String::new()),
    ];
    for (path, body) in &without_session {
        for foreign in [("origin", "https://evil.test"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
            let answer = house.ask("POST", path, &[("content-type", FORM), foreign], body).await;
            assert_eq!((answer.status.as_u16(), answer.header("set-cookie")), (403, ""), "{path} {foreign:?}");
        }
    }
    let foreign = [("content-type", FORM), ("origin", "https://evil.test")];
    assert_eq!(house.ask("POST", "/setup/any", &foreign, &setup).await.status, 403);
    assert_eq!(house.state().await, before);
}

#[tokio::test]
async fn the_token_may_come_as_a_header_and_a_page_without_referrer_still_works() {
    let house = house().await;
    let account = store::by_email(&house.house.db, "dave@harbor.test").await.unwrap().unwrap().0.id;
    let (mine, csrf) = house.signed_in(&account).await;

    let headers = [("cookie", mine.as_str()), ("origin", "null"), ("x-csrf-token", csrf.as_str())];
    let answer = house.ask("POST", "/b/harbor/today", &headers, "{\"any\":\"body\"}").await;

    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "changed Harbor Plumbing"));
}

#[tokio::test]
async fn a_route_outside_the_guard_is_shut() {
    let outside = Router::new().route("/open", post(async |who: SignedIn| who.account.email));
    let house = open(routes()).await;
    let account = house.account("dave@harbor.test", None, None).await;
    let (mine, csrf) = house.signed_in(&account).await;
    let request = axum::http::Request::builder()
        .method("POST")
        .uri("/open")
        .header("cookie", mine)
        .header("x-csrf-token", csrf)
        .body(axum::body::Body::empty())
        .unwrap();

    let answer = tower::ServiceExt::oneshot(outside.with_state(house.house.clone()), request).await.unwrap();

    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn another_shop_does_not_exist() {
    let house = house().await;
    let rita = house.account("rita@rival.test", None, Some("rival")).await;
    let (hers, csrf) = house.signed_in(&rita).await;
    let all = house.sign_in("", "dave@harbor.test", PASSWORD).await.cookies();

    let own = house.get("/b/rival/today", &hers).await;
    let theirs = house.get("/b/harbor/today", &hers).await;
    let nobodys = house.get("/b/never/today", &hers).await;
    let posted = house.post("/b/harbor/today", &hers, &form(&[("csrf", &csrf)])).await;

    assert_eq!((own.status.as_u16(), own.text.as_str()), (200, "shop Rival Pipes"));
    assert_eq!((theirs.status.as_u16(), &theirs.text), (404, &nobodys.text));
    assert_eq!((posted.status.as_u16(), &posted.text), (404, &nobodys.text));
    assert_eq!(house.get("/b/harbor/today", &all).await.text, "shop Harbor Plumbing");
}

#[tokio::test]
async fn a_page_asks_to_sign_in_and_a_script_is_told_so() {
    let house = house().await;

    let page = house.get("/b/harbor/today?period=7", "").await;
    let script = house.ask("GET", "/b/harbor/today", &[("accept", "text/html"), ("sec-fetch-mode", "cors")], "").await;
    let program = house.ask("GET", "/b/harbor/today", &[], "").await;

    assert_eq!(
        (page.status.as_u16(), page.header("location")),
        (303, "/login?next=%2Fb%2Fharbor%2Ftoday%3Fperiod%3D7")
    );
    assert_eq!((script.status.as_u16(), program.status.as_u16()), (401, 401));
    assert!(house.get(page.header("location"), "").await.text.contains("value=\"/b/harbor/today?period=7\""));
}

#[tokio::test]
async fn a_session_that_ended_by_age_lets_nobody_in() {
    let house = house().await;
    let mine = house.sign_in("", "dave@harbor.test", PASSWORD).await.cookies();

    house.house.clock.advance(Duration::from_millis(session::IDLE_MS.unsigned_abs()));

    assert!(!house.is_in(&mine).await);
}

#[tokio::test]
async fn a_key_is_shown_once_and_opens_no_more_than_its_maker() {
    let house = house().await;
    let rita = house.account("rita@rival.test", None, Some("rival")).await;
    let (hers, csrf) = house.signed_in(&rita).await;
    let db = &house.house.db;
    let theirs = key::add(db, &house.house.random, "harbor's", Some("harbor".into()), NOW).await.unwrap();
    let make = async |pairs: &[(&str, &str)]| {
        let body = format!("{}&csrf={csrf}", form(pairs));
        house.post("/account/keys", &hers, &body).await
    };

    let made = make(&[("name", "n8n <b>")]).await;
    let nameless = make(&[("name", " ")]).await;
    let beyond = make(&[("name", "x"), ("business", "harbor")]).await;
    let token = made.text.split("<pre class=\"code gap\">").nth(1).unwrap().split('<').next().unwrap();
    let found = key::find(db, token).await.unwrap().unwrap();
    let revoke = async |id: &str| {
        house.post("/account/keys/revoke", &hers, &form(&[("csrf", &csrf), ("id", id)])).await.status.as_u16()
    };

    assert_eq!((made.status.as_u16(), nameless.status.as_u16(), beyond.status.as_u16()), (200, 422, 404));
    assert_eq!(found.business_id, Some(BusinessId::from("rival")));
    let page = house.get("/account", &hers).await.text;
    assert!(!page.contains(token) && page.contains("n8n &#60;b&#62;") && !page.contains("harbor&#39;s"));
    assert_eq!((revoke(&theirs.id).await, revoke("never").await, revoke(&found.id).await), (404, 404, 303));
    assert!(key::find(db, token).await.unwrap().is_none() && key::find(db, &theirs.token).await.unwrap().is_some());
}

#[tokio::test]
async fn sessions_are_listed_and_can_be_ended_from_the_page() {
    let house = house().await;
    let account = store::by_email(&house.house.db, "dave@harbor.test").await.unwrap().unwrap().0.id;
    let (mine, csrf) = house.signed_in(&account).await;
    let (second, _) = house.signed_in(&account).await;
    let (third, _) = house.signed_in(&account).await;
    let of_second = second.trim_start_matches("leadbell=");
    let id = session::find(&house.house.db, of_second, NOW).await.unwrap().unwrap().session.id;

    let listed = house.get("/account", &mine).await.text;
    house.post("/account/sessions/end", &mine, &form(&[("csrf", &csrf), ("id", &id)])).await;
    let after_one = (house.is_in(&second).await, house.is_in(&third).await);
    house.post("/account/sessions/end-others", &mine, &form(&[("csrf", &csrf)])).await;

    assert_eq!((listed.matches("Another browser").count(), listed.matches("This browser").count()), (2, 1));
    assert!(!listed.contains(of_second));
    assert_eq!(after_one, (false, true));
    assert!(house.is_in(&mine).await && !house.is_in(&third).await);
}

#[tokio::test]
async fn before_the_first_run_the_sign_in_page_says_where_to_look() {
    let house = open(all()).await;

    let page = house.get("/login", "").await;

    assert!(page.text.contains("Not set up yet.") && page.text.contains("Look in the terminal."));
}

#[tokio::test]
async fn the_first_run_names_the_shop_signs_in_and_closes_behind_itself() {
    let house = open(all()).await;
    let path = format!("/setup/{}", house.setup_link().await);
    let fill = |mobile: &str, password: &str| {
        form(&[
            ("name", "Dave\r\nMiller"),
            ("email", "Dave@Harbor.test"),
            ("password", password),
            ("business", "Harbor Heating & Co"),
            ("country", "US"),
            ("timezone", "America/Chicago"),
            ("mobile", mobile),
        ])
    };

    let shown = house.get(&path, "").await;
    let wrong = house.post(&path, "", &fill("12", "a canary")).await;
    let done = house.post(&path, "", &fill("(512) 555-0142", PASSWORD)).await;

    assert_eq!((shown.status.as_u16(), wrong.status.as_u16()), (200, 422));
    assert!(wrong.text.contains("That number cannot be called.") && wrong.text.contains("at least 10"));
    assert!(wrong.text.contains("Harbor Heating &#38; Co") && !wrong.text.contains("a canary"));
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/b/harbor-heating-co/today"));
    assert!(house.is_in(&done.cookies()).await);
    assert_eq!(house.get("/any", &done.cookies()).await.text, "dave@harbor.test");
    let person: (String, String) = sqlx::query_as(
        "SELECT p.name, p.phone FROM person p JOIN business b ON b.id = p.business_id WHERE b.slug = 'harbor-heating-co' AND p.position = 0",
    )
    .fetch_one(house.house.db.read())
    .await
    .unwrap();
    assert_eq!(person, ("Dave Miller".to_owned(), "+15125550142".to_owned()));
    assert_eq!(house.get(&path, "").await.status, 410);
    assert_eq!(house.post(&path, "", &fill("", PASSWORD)).await.status, 410);
    assert_eq!(house.sign_in("", "dave@harbor.test", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn every_mistake_of_the_first_run_is_named_beside_its_field() {
    let house = open(all()).await;
    let path = format!("/setup/{}", house.setup_link().await);

    let empty = house.post(&path, "", "").await;

    assert_eq!(empty.status, 422);
    for words in [
        "Type your name.",
        "That is not an e-mail address.",
        "Use at least 10 characters.",
        "Type the name of the business.",
        "Choose a country.",
        "Choose a time zone.",
    ] {
        assert!(empty.text.contains(words), "{words}");
    }
    assert!(!store::anybody(&house.house.db).await.unwrap());
}

#[tokio::test]
async fn pages_with_a_form_let_the_browser_say_where_it_comes_from() {
    let house = house().await;

    let page = house.get("/login", "").await;

    assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("same-origin", "no-store"));
}
