//! Whatever shape a form takes, the lead arrives; and what is not a lead is kept for what it is.

use crate::support::shop::{DAVE, DAVE_MAIL, ENQUIRY, MARIA, MARIA_MAIL, Shop};
use serde_json::json;
use std::time::Duration;

/// Maria and Dave have been told of one lead, and nobody of anything else.
async fn maria_is_known(shop: &Shop, lead: &str) {
    shop.phone(MARIA).expects_text("Hi Maria");
    let alert = shop.owner_is_told("New lead: Maria Lopez");
    assert!(alert.body.contains("Kitchen tap"), "{}", alert.body);
    let told = shop.lead(lead).await;
    let contact = [&told["name"], &told["phone"], &told["email"]];
    assert_eq!(contact, ["Maria Lopez", MARIA, MARIA_MAIL]);
}

#[tokio::test]
async fn json_of_any_depth_is_a_lead() {
    let shop = Shop::open().await;

    let answer = shop
        .post_json(
            &json!({"form": {"id": 7}, "data": {"full_name": "Maria Lopez", "contact": {"mobile": "512-555-0142",
            "e-mail": MARIA_MAIL}, "your_message": "Kitchen tap"}}),
        )
        .await;

    maria_is_known(&shop, &answer.lead()).await;
}

#[tokio::test]
async fn a_multipart_form_is_a_lead_and_its_files_are_counted_and_dropped() {
    let shop = Shop::open().await;
    let mut body = String::new();
    for (name, value) in ENQUIRY {
        body += &format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"tap.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nCANARY-PIXELS\r\n--b--\r\n";

    let answer = shop.post_raw("multipart/form-data; boundary=b", body).await;

    maria_is_known(&shop, &answer.lead()).await;
    let receipt = shop.api(&format!("/receipts/{}", answer.word("receipt"))).await;
    assert_eq!(receipt["files"], 1);
    assert!(!receipt.to_string().contains("CANARY"), "{receipt}");
}

#[tokio::test]
async fn latin_1_arrives_with_its_accents() {
    let shop = Shop::open().await;
    let body = b"name=Zo\xeb+N\xfa\xf1ez&phone=5125550142&message=Caf\xe9+sink".to_vec();

    let lead = shop.post_raw("application/x-www-form-urlencoded; charset=iso-8859-1", body).await.lead();

    assert_eq!(shop.lead(&lead).await["name"], "Zoë Núñez");
    shop.phone(MARIA).expects_text("Hi Zoe,");
    shop.owner_is_told("Café sink");
}

#[tokio::test]
async fn percent_encoded_latin_1_arrives_with_its_accents() {
    let shop = Shop::open().await;

    let lead = shop
        .post_raw("application/x-www-form-urlencoded", "_charset_=windows-1252&name=Zo%EB&phone=5125550142")
        .await
        .lead();

    assert_eq!(shop.lead(&lead).await["name"], "Zoë");
    shop.phone(MARIA).expects_text("Hi Zoe,");
    shop.owner_is_told("New lead: Zoe");
}

#[tokio::test]
async fn a_beacon_and_a_mislabelled_form_are_leads_too() {
    let beacon = json!({"name": "Maria Lopez", "phone": "5125550142", "email": MARIA_MAIL, "message": "Kitchen tap"});
    let form = "name=Maria+Lopez&phone=5125550142&email=maria.lopez%40example.com&message=Kitchen+tap";
    let shapes = [
        ("text/plain;charset=UTF-8", beacon.to_string()),
        ("application/x-www-form-urlencoded", format!("\u{feff}{beacon}")),
        ("application/json", form.to_owned()),
        ("", form.to_owned()),
    ];
    for (content_type, body) in shapes {
        let shop = Shop::open().await;

        let answer = shop.post_raw(content_type, body).await;

        maria_is_known(&shop, &answer.lead()).await;
    }
}

#[tokio::test]
async fn the_same_post_again_is_a_duplicate_and_sends_nothing() {
    let shop = Shop::open().await;
    let first = shop.post_form(ENQUIRY).await;
    let lead = first.lead();
    maria_is_known(&shop, &lead).await;

    for wait in [0, 5, 300] {
        shop.passes(Duration::from_secs(wait)).await;
        let again = shop.post_form(ENQUIRY).await;

        assert_eq!((again.status, &*again.word("status")), (200, "duplicate"));
        assert_eq!((again.word("receipt"), again.word("lead")), (first.word("receipt"), lead.clone()));
    }

    let receipts = shop.api("/receipts").await;
    assert_eq!((receipts["items"].as_array().unwrap().len(), &receipts["items"][0]["repeats"]), (1, &json!(3)));
}

#[tokio::test]
async fn a_delivery_is_known_by_its_id_for_days() {
    let shop = Shop::open().await;
    let once = || shop.door().header("webhook-id", "evt_2026_0001");
    let first = once().form(ENQUIRY).await;
    maria_is_known(&shop, &first.lead()).await;

    shop.passes(Duration::from_secs(4 * 24 * 3_600)).await;
    let again = once().form(&[("name", "Maria Lopez"), ("phone", "5125550142"), ("message", "changed")]).await;

    assert_eq!((again.word("status"), again.word("receipt")), ("duplicate".to_owned(), first.word("receipt")));
}

#[tokio::test]
async fn what_nobody_can_read_is_kept_and_the_owner_is_told_once_in_a_while() {
    let shop = Shop::open().await;

    let mut kept = Vec::new();
    for body in [&b"\x00\xff\x13"[..], b"<<<>>>", b"{\"a\":"] {
        let answer = shop.post_raw("application/octet-stream", body).await;
        assert_eq!((answer.status, &*answer.word("status")), (200, "kept"), "{}", answer.text);
        kept.push((answer.word("receipt"), body.to_vec()));
    }

    shop.phone(DAVE).expects_text("could not read it");
    shop.inbox(DAVE_MAIL).expects_mail("could not read it");
    for (receipt, body) in kept {
        let stored = shop.api(&format!("/receipts/{receipt}")).await;
        let size = i64::try_from(body.len()).unwrap();
        assert_eq!((&stored["state"], &stored["size"]), (&json!("kept"), &json!(size)));
    }
}

#[tokio::test]
async fn a_filled_honeypot_looks_accepted_and_nobody_is_told() {
    let shop = Shop::open().await;

    let answer = shop
        .post_form(&[("name", "Bot"), ("phone", "5125550142"), ("message", "Cheap watches"), ("_gotcha", "http://x")])
        .await;

    assert_eq!((answer.status, &*answer.word("status")), (200, "accepted"));
    shop.phone(MARIA).is_quiet();
    shop.phone(DAVE).is_quiet();
    let leads = shop.api("/leads").await;
    assert_eq!(leads["items"], json!([]));
}

#[tokio::test]
async fn a_test_is_told_to_the_owner_only_and_counts_nowhere() {
    let shop = Shop::open().await;

    let by_query = shop.door().query("test=1").form(ENQUIRY).await;
    let by_header = shop.door().header("x-leadbell-test", "1").form(&[("name", "Tom"), ("phone", "5125550143")]).await;

    assert_eq!([by_query.word("status"), by_header.word("status")], ["test", "test"]);
    shop.owner_is_told("TEST lead: Maria Lopez");
    shop.owner_is_told("TEST lead: Tom");
    let stats = shop.api("/stats?from=2026-02-11&to=2026-02-12").await;
    assert_eq!((&stats["leads"], &stats["excluded"]["test"]), (&json!(0), &json!(2)));
}
