//! Keys are changed while leads come in: nothing is refused in between, and the old key ends when it should.

use crate::support::shop::{PUBLIC_URL, Setup, Shop};
use crate::support::soon;
use serde_json::json;
use std::time::Duration;

/// Posts a ping, signed with a secret, and says what it was answered.
async fn pings(shop: &Shop, token: &str, secret: &str, n: usize) -> u16 {
    let ping = json!({"event": "ping", "n": n, "by": secret});
    let door = shop.door_of(token).header("x-leadbell-secret", secret);
    door.only("application/json", ping.to_string()).await.status
}

/// The token of the address that the page of a source shows.
fn shown(page: &str) -> String {
    let start = format!("{PUBLIC_URL}/in/");
    let rest = page.split_once(&start).unwrap().1;
    rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap().to_owned()
}

#[tokio::test]
async fn changing_address_and_secret_under_load_refuses_nothing_for_seven_days() {
    let shop = Shop::with(Setup { secret: Some("old-secret"), ..Setup::default() }).await;
    let office = shop.office().await;
    let receipts = office.opens("/b/harbor/sources").await;
    let id = receipts.split_once("id=\"s-").unwrap().1.split('"').next().unwrap().to_owned();
    let page = format!("/b/harbor/sources/{id}");
    let old = shop.token.clone();

    let load = async {
        let mut refused = 0;
        for n in 0..300 {
            refused += usize::from(pings(&shop, &old, "old-secret", n).await != 200);
        }
        refused
    };
    let change = async {
        let mut refused = 0;
        assert_eq!(office.presses(&format!("{page}/secret"), &[("secret", "new-secret")]).await.status, 303);
        for n in 0..50 {
            refused += usize::from(pings(&shop, &old, "new-secret", n).await != 200);
        }
        assert_eq!(office.presses(&format!("{page}/address"), &[]).await.status, 303);
        let new = shown(&office.opens(&page).await);
        for n in 50..100 {
            refused += usize::from(pings(&shop, &new, "new-secret", n).await != 200);
            refused += usize::from(pings(&shop, &new, "old-secret", n).await != 200);
        }
        (refused, new)
    };
    let (by_load, (by_change, new)) = tokio::join!(load, change);

    assert_eq!((by_load, by_change), (0, 0));
    assert_ne!(new, old);
    assert_eq!(pings(&shop, &new, "guess", 1).await, 401);
    let told = office.opens(&page).await;
    assert!(
        told.contains("Old address") && told.contains("Old secret") && told.contains("Works until Wed 18 Feb"),
        "{told}"
    );
    shop.clock.advance(Duration::from_secs(7 * 24 * 3_600 + 1));
    assert_eq!(pings(&shop, &old, "new-secret", 2).await, 404);
    assert_eq!(pings(&shop, &new, "old-secret", 3).await, 401);
    assert_eq!(pings(&shop, &new, "new-secret", 4).await, 200);
    assert!(!office.opens(&page).await.contains("Replaced, and still working"));
}

#[tokio::test]
async fn an_old_key_shows_when_it_was_last_used_and_can_be_ended_at_once() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    let (id, token) = shop.source_from("typeform", None).await;
    let page = format!("/b/harbor/sources/{id}");
    assert!(office.opens(&page).await.contains("Typeform can sign what it sends"));

    office.presses(&format!("{page}/address"), &[]).await;
    let told = office.opens(&page).await;
    assert!(told.contains("not used any more") && told.contains("not used yet"), "{told}");
    shop.door_of(&token).only("application/json", r#"{"event":"ping"}"#).await;
    // It is noted behind the answer's back.
    let used = soon("the use to be noted", async {
        loop {
            let told = office.opens(&page).await;
            if told.contains("last used") {
                return told;
            }
            tokio::task::yield_now().await;
        }
    });
    let key = used.await.split_once("name=\"key\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    office.presses(&format!("{page}/end"), &[("key", &key)]).await;

    assert_eq!(shop.ask("GET", &format!("/in/{token}"), &[], "").await.status, 404);
    assert!(!office.opens(&page).await.contains("Old address"));
}

#[tokio::test]
async fn a_secret_that_cannot_be_one_is_not_taken() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    for (provider, wrong, words) in [
        ("standard-webhooks", "whsec_", "cannot be one"),
        ("standard-webhooks", "not base 64!", "cannot be one"),
        ("custom-hmac", "just-a-secret", "must end with"),
        ("typeform", " ", "is empty"),
    ] {
        let (id, _) = shop.source_from(provider, None).await;
        let answer = office.presses(&format!("/b/harbor/sources/{id}/secret"), &[("secret", wrong)]).await;

        assert!(answer.status == 200 && answer.text.contains(words), "{provider} {wrong}: {}", answer.text);
        assert!(!office.opens(&format!("/b/harbor/sources/{id}")).await.contains("New secret"), "{provider}");
    }
}
