//! Connecting, as the owner of a shop does it; and their own form.

use super::*;
use crate::web::admin::tests::{open, set, sign_in};
use crate::web::sample::Standing;
use axum::http::StatusCode;

/// Connects a vendor and returns the page to which that leads.
async fn connected(standing: &Standing, login: &(String, String), provider: &str, rest: &str) -> String {
    let (cookie, csrf) = login;
    let form = format!("csrf={csrf}&name=A+{provider}{rest}");
    let made = standing.post(&format!("/b/harbor/sources/new/{provider}"), cookie, &form).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{provider}: {}", made.text);
    made.header("location").to_owned()
}

#[tokio::test]
async fn every_sender_has_a_tile_and_can_be_connected() {
    let standing = open().await;
    let login = sign_in(&standing, "harbor").await;

    let tiles = standing.get("/b/harbor/sources/new", &login.0).await.text;
    for provider in providers::all().iter().map(|provider| provider.id()).filter(|id| *id != "leadbell-form") {
        assert!(tiles.contains(&format!("/b/harbor/sources/new/{provider}\"")), "{provider} has no tile");
        let ask = standing.get(&format!("/b/harbor/sources/new/{provider}"), &login.0).await;
        assert_eq!(ask.status, StatusCode::OK, "{provider}");
        let there = connected(&standing, &login, provider, "").await;
        let page = standing.get(&there, &login.0).await.text;
        assert!(page.contains("http://localhost:8080/in/") && page.contains("Waiting for your first submission"));
        assert!(page.contains("<ol class=\"steps gap\">") && page.contains(&format!("A {provider}")), "{provider}");
    }
    assert!(tiles.contains("/b/harbor/form\""));
    for nobody in ["new/nobody", "new/leadbell-form", "web2/connect"] {
        assert_eq!(standing.get(&format!("/b/harbor/sources/{nobody}"), &login.0).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn a_vendor_that_signs_says_so_until_its_secret_is_here() {
    let standing = open().await;
    let login = sign_in(&standing, "harbor").await;
    let there = connected(&standing, &login, "stripe", "").await;
    let page = there.split('?').next().unwrap();
    let own = page.trim_end_matches("/connect");

    let before = (standing.get(page, &login.0).await.text, standing.get(own, &login.0).await.text);
    let empty = standing.post(page, &login.0, &format!("csrf={}&secret=+", login.1)).await;
    let given = standing.post(page, &login.0, &format!("csrf={}&secret=whsec_abc", login.1)).await;
    let after = (standing.get(given.header("location"), &login.0).await.text, standing.get(own, &login.0).await.text);

    assert!(before.0.contains("Not signed yet") && before.1.contains("there is no secret here"));
    assert!(empty.text.contains("Paste the secret first."));
    assert!(after.0.contains("There is a secret here.") && after.0.contains("what does not carry it is refused"));
    assert!(!after.1.contains("there is no secret here") && !after.0.contains("whsec_abc"));
    assert!(!after.0.contains("/sample\""), "a sample of ours would be refused");
    let id = SourceId::from(own.rsplit('/').next().unwrap());
    let source = store::source(standing.house.db.read(), &id).await.unwrap().unwrap();
    let sealed = source.secret_sealed.unwrap();
    assert_eq!(standing.house.keys.open(&sealed).unwrap(), "whsec_abc");
}

#[tokio::test]
async fn a_secret_can_be_given_at_once_and_a_description_must_make_sense() {
    let standing = open().await;
    let login = sign_in(&standing, "harbor").await;

    let typeform = connected(&standing, &login, "typeform", "&secret=abc").await;
    let odd = connected(&standing, &login, "custom-hmac", "&secret=nonsense").await;
    let carrd = connected(&standing, &login, "carrd", "&secret=abc").await;
    let page = odd.split('?').next().unwrap();
    let wrong = standing.post(page, &login.0, &format!("csrf={}&secret=header%3DX-A", login.1)).await;

    assert!(standing.get(&typeform, &login.0).await.text.contains("There is a secret here."));
    assert!(standing.get(&odd, &login.0).await.text.contains("Not signed yet"));
    assert!(wrong.text.contains("must end with `secret=") && wrong.text.contains("secret-e"));
    let carrd = standing.get(&carrd, &login.0).await.text;
    assert!(!carrd.contains("Not signed yet") && !carrd.contains("There is a secret here."), "Carrd signs nothing");
}

#[tokio::test]
async fn the_page_tells_what_came_first() {
    let standing = open().await;
    let (cookie, _) = sign_in(&standing, "harbor").await;
    let first = async || standing.get("/b/harbor/sources/web/connect", &cookie).await.text;

    let waiting = first().await;
    crate::lead::store::sample::receipt(&standing.house.db, "r", "a", crate::web::sample::NOW, 0).await;
    let got = first().await;
    set(&standing.house.db, "UPDATE receipt SET state = 'refused', problem = 'The signature does not fit.'").await;
    let refused = first().await;

    assert!(waiting.contains("Waiting for your first submission…") && waiting.contains("Look again"));
    assert!(got.contains("Got it, ") && got.contains("Maria Lopez") && got.contains("/b/harbor/receipts/r\""));
    assert!(refused.contains("Something came, ") && refused.contains("The signature does not fit."));
}

#[tokio::test]
async fn another_shops_source_cannot_be_connected_tried_or_given_a_secret() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "rival").await;

    for page in ["/b/rival/sources/web/connect", "/b/harbor/sources/web/connect", "/b/harbor/form"] {
        assert_eq!(standing.get(page, &cookie).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    for page in ["/b/rival/sources/web/connect", "/b/rival/sources/web/sample", "/b/harbor/sources/new/wix"] {
        let answer = standing.post(page, &cookie, &format!("csrf={csrf}&secret=mine&name=x")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
    }
    let secrets: i64 = sqlx::query_scalar("SELECT count(secret_sealed) FROM source WHERE id = 'web'")
        .fetch_one(standing.house.db.read())
        .await
        .unwrap();
    assert_eq!(secrets, 0);
}

#[tokio::test]
async fn the_forms_page_has_copies_a_picture_and_the_words_beside_the_box() {
    let standing = open().await;
    let (cookie, csrf) = sign_in(&standing, "harbor").await;
    let save = async |words: &str| {
        let words: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
        standing.post("/b/harbor/form", &cookie, &format!("csrf={csrf}&words={words}")).await
    };

    let page = standing.get("/b/harbor/form", &cookie).await.text;
    let lacking = save("Text me.").await;
    let name: String = sqlx::query_scalar("SELECT name FROM business WHERE id = 'harbor'")
        .fetch_one(standing.house.db.read())
        .await
        .unwrap();
    let saved = save(&format!("{name} may text me; \"rates\" apply, STOP ends it.")).await;
    let after = standing.get(saved.header("location"), &cookie).await.text;
    save("").await;

    assert!(page.contains("http://localhost:8080/f/harbor") && page.contains("/f/harbor/qr.svg\""));
    assert!(page.contains("&#60;form action=") && page.contains("&#60;iframe src=") && page.contains("usual words"));
    assert!(lacking.text.contains("Name the business in it") && lacking.text.contains("Text me."));
    assert!(after.contains("Saved.") && after.contains("value=&#34;") && after.contains("&#38;quot;rates&#38;quot;"));
    assert!(standing.get("/b/harbor/form", &cookie).await.text.contains("These are the usual words."));
}
