//! The page of messages: what it shows, what it refuses, and for whom.

use crate::web::admin::tests::{open, set, sign_in};
use axum::http::StatusCode;

const HERE: &str = "/b/harbor/messages";
const OWN: &str = "Hi+%7Bfirst%7D%2C+%7Bshop%7D+here.+Thanks+a+lot.+STOP+to+opt+out.";

#[tokio::test]
async fn every_text_is_shown_as_it_looks_and_what_it_costs() {
    let standing = open().await;
    let (cookie, _) = sign_in(&standing, "harbor").await;

    let page = standing.get(HERE, &cookie).await.text;

    assert!(page.contains("Hi Maria, Harbor Plumbing here. Got your message"), "{page}");
    assert!(page.contains("1 part, $0.008") && page.contains("The usual words."), "{page}");
    assert!(
        page.contains("Sorry, we&#39;re on a job") && page.contains("Answer at night too")
            || page.contains("Wait for the morning")
    );
}

#[tokio::test]
async fn words_that_break_a_rule_are_shown_again_with_the_reason_and_not_saved() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;

    let wrong = standing.post(&format!("{HERE}/open"), &cookie, &format!("csrf={csrf}&body=Hello+you&do=save")).await;
    let step = format!("csrf={csrf}&id=&after=900000&body=Hello+again&on=yes&do=save");
    let follow = standing.post(&format!("{HERE}/follow-ups"), &cookie, &step).await;

    assert_eq!((wrong.status, follow.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert!(wrong.text.contains("Hello you") && wrong.text.contains("name your shop"), "{}", wrong.text);
    assert!(follow.text.contains("Hello again") && follow.text.contains("how to stop"), "{}", follow.text);
    let after = standing.get(HERE, &cookie).await.text;
    assert!(!after.contains("Your own words.") && !after.contains("Remove it"), "{after}");
}

#[tokio::test]
async fn own_words_are_saved_looked_at_and_given_up_again() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    let (rival, rival_csrf) = sign_in(&standing, "rival").await;
    let path = format!("{HERE}/open");
    let press = async |deed: &str| standing.post(&path, &cookie, &format!("csrf={csrf}&body={OWN}&do={deed}")).await;
    let page = async || standing.get(HERE, &cookie).await.text;

    assert!(press("look").await.text.contains("Thanks a lot."));
    assert!(!page().await.contains("Your own words."), "looking saves nothing");
    let foreign = standing.post(&path, &rival, &format!("csrf={rival_csrf}&body={OWN}&do=save")).await;
    let forged = standing.post(&path, &cookie, &format!("body={OWN}&do=save")).await;
    assert_eq!((foreign.status, forged.status), (StatusCode::NOT_FOUND, StatusCode::FORBIDDEN));
    assert_eq!(press("save").await.status, StatusCode::SEE_OTHER);
    assert!(page().await.contains("Your own words.") && page().await.contains("Thanks a lot."));
    press("usual").await;
    assert!(!page().await.contains("Your own words."));
    assert_eq!(
        standing.post(&format!("{HERE}/nope"), &cookie, &format!("csrf={csrf}")).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_follow_up_is_added_changed_and_removed_by_its_own_shop_alone() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    set(
        &standing.house.db,
        "INSERT INTO follow_up (id, business_id, after_ms, body, is_on, created_at) VALUES ('theirs', 'rival', 900000, 'x', 1, 1)",
    )
    .await;
    let path = format!("{HERE}/follow-ups");
    let press = async |fields: &str| standing.post(&path, &cookie, &format!("csrf={csrf}&{fields}")).await.status;
    let page = async || standing.get(HERE, &cookie).await.text;

    assert_eq!(press(&format!("id=&after=3600000&body={OWN}&on=yes&do=save")).await, StatusCode::SEE_OTHER);
    let added = page().await;
    let id = added.split("id=\"f-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(added.contains("value=\"3600000\" selected"), "{added}");
    assert_eq!(press(&format!("id={id}&after=7200000&body={OWN}&do=save")).await, StatusCode::SEE_OTHER);
    assert!(page().await.contains("value=\"7200000\" selected"));
    for foreign in [format!("id=theirs&after=7200000&body={OWN}&do=save"), "id=theirs&do=remove".to_owned()] {
        assert_eq!(press(&foreign).await, StatusCode::NOT_FOUND);
    }
    assert_eq!(press(&format!("id={id}&do=remove")).await, StatusCode::SEE_OTHER);
    assert!(!page().await.contains("Remove it"));
}
