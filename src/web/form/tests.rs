//! Our form as a stranger's browser sees it. What becomes of a submission is tried on the whole road elsewhere.

use super::routes;
use crate::lead::store::sample::everything;
use crate::web::sample::{Standing, open as stand};
use axum::http::StatusCode;
use std::time::Duration;

const FORM: &str = "application/x-www-form-urlencoded";

/// Posts as a foreign page would: no cookie, another origin.
async fn post(standing: &Standing, path: &str, form: &str) -> crate::web::sample::Answer {
    let headers = [
        ("content-type", FORM),
        ("accept", "text/html"),
        ("origin", "https://elsewhere.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    standing.ask("POST", path, &headers, form).await
}

fn value<'a>(html: &'a str, name: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn opening_the_form_changes_nothing_and_names_the_shop_and_not_us() {
    let standing = stand(routes()).await;
    let before = everything(&standing.house.db).await;

    let page = standing.get("/f/harbor", "").await;
    let thanks = standing.get("/f/harbor/thanks", "").await;
    let code = standing.get("/f/harbor/qr.svg", "").await;

    assert_eq!(everything(&standing.house.db).await, before);
    assert!(page.text.contains("How can we help?") && page.text.contains("Reply STOP to opt out"));
    assert!(thanks.text.contains("Thank you. We have your message."));
    for html in [&page.text, &thanks.text] {
        assert!(!html.to_lowercase().contains("leadbell") && !html.contains("<script"), "{html}");
    }
    assert_eq!((page.header("cache-control"), code.header("content-type")), ("no-store", "image/svg+xml"));
    for nobody in ["/f/nobody", "/f/nobody/thanks", "/f/nobody/qr.svg", "/f/HARBOR", "/f/harbor%2f"] {
        assert_eq!(standing.get(nobody, "").await.status, StatusCode::NOT_FOUND, "{nobody}");
    }
    assert_eq!(post(&standing, "/f/nobody", "name=Maria&phone=5125550142").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_the_page_for_frames_may_be_framed_and_neither_runs_script() {
    let standing = stand(routes()).await;

    for (path, framers) in [("/f/harbor", "frame-ancestors 'none'"), ("/f/harbor?embed=1", "frame-ancestors *")] {
        let page = standing.get(path, "").await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains(framers) && policy.contains("default-src 'none'") && !policy.contains("script-src"));
        assert!(policy.contains("form-action 'self'") && page.text.contains(&format!("action=\"{path}\"")), "{path}");
    }
}

#[tokio::test]
async fn a_mistake_stands_by_its_field_and_everything_typed_stays() {
    let standing = stand(routes()).await;
    let page = standing.get("/f/harbor", "").await.text;
    let stamp = value(&page, "stamp").to_owned();
    standing.house.clock.advance(Duration::from_secs(9));

    let form = format!("name=%3Cb%3EMaria&phone=12&message=Tap%0D%0Aleaks+%26amp;&consent=yes&stamp={stamp}");
    let again = post(&standing, "/f/harbor", &form).await;

    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("<a href=\"#phone\">That number cannot be called."));
    assert!(again.text.contains("aria-describedby=\"phone-h phone-e\"") && again.text.contains("id=\"phone-e\""));
    assert_eq!((value(&again.text, "stamp"), value(&again.text, "again")), (stamp.as_str(), "1"));
    assert!(again.text.contains("value=\"&#60;b&#62;Maria\"") && again.text.contains("value=\"12\""));
    assert!(again.text.contains("Tap\r\nleaks &#38;amp;") && again.text.contains(" checked"));
    assert!(again.text.contains("<title>Please look again"));
}

#[tokio::test]
async fn while_nothing_can_be_stored_the_form_comes_back_with_what_was_typed() {
    // The road of this house is not connected, as if the disk were gone.
    let standing = stand(routes()).await;

    let answer = post(&standing, "/f/harbor", "name=Maria&phone=5125550142&message=Tap+leaks").await;

    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "30"));
    assert!(answer.text.contains("Please press Send again in a minute.") && answer.text.contains("Tap leaks"));
}

#[tokio::test]
async fn what_is_too_large_or_hostile_gets_a_page_and_no_script() {
    let standing = stand(routes()).await;

    let large = post(&standing, "/f/harbor", &"a".repeat(1 << 21)).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    for evil in ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</textarea><script>alert(1)</script>"]
    {
        let typed: String = url::form_urlencoded::byte_serialize(evil.as_bytes()).collect();
        for field in ["name", "phone", "email", "message", "stamp", "consent", "again", "homepage&x"] {
            let page = post(&standing, "/f/harbor", &format!("{field}={typed}")).await.text;
            assert!(!page.contains("<script") && !page.contains("<img"), "{field}: {page}");
        }
        let page = standing.get(&format!("/f/harbor?embed={typed}&utm_source={typed}"), "").await.text;
        assert!(!page.contains("<script") && !page.contains("<img"));
    }
}
