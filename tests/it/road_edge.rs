//! What the address refuses, and where it sends browsers.

use crate::support::shop::{DAVE, ENQUIRY, MARIA, PUBLIC_URL, Setup, Shop};

const FORM: &str = "application/x-www-form-urlencoded";

async fn signed() -> Shop {
    Shop::with(Setup { secret: Some("s3cret"), ..Setup::default() }).await
}

#[tokio::test]
async fn a_wrong_signature_is_refused_and_never_a_lead() {
    let shop = signed().await;
    let wrong = [
        ("x-leadbell-secret", "guessed"),
        ("authorization", "Bearer guessed"),
        ("x-leadbell-signature", "sha256=00"),
        ("accept", "*/*"),
    ];
    for (name, value) in wrong {
        let answer = shop.door().header(name, value).form(ENQUIRY).await;

        assert_eq!((answer.status, &*answer.word("status")), (401, "refused"), "{name}");
        assert!(!answer.word("problem").is_empty());
    }
    let leads = shop.api("/leads").await;
    let refused = shop.api("/receipts?state=refused").await;
    assert_eq!((leads["items"].as_array().unwrap().len(), refused["items"].as_array().unwrap().len()), (0, 4));

    let right = shop.door().header("x-leadbell-secret", "s3cret").form(ENQUIRY).await;

    right.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
}

#[tokio::test]
async fn a_wrong_address_is_told_so() {
    let shop = Shop::open().await;

    let program = shop.ask("POST", "/in/nobodys0000000000000000000", &[("content-type", FORM)], "name=Maria").await;
    let browser = shop.ask("GET", "/in/nobodys0000000000000000000", &[("accept", "text/html")], "").await;

    assert_eq!((program.status, browser.status), (404, 404));
    assert!(browser.header("content-type").starts_with("text/html"), "{:?}", browser.headers);
}

#[tokio::test]
async fn a_flood_is_slowed_down_where_nobody_signs_and_nowhere_else() {
    for secret in [None, Some("s3cret")] {
        let shop = Shop::with(Setup { secret, ..Setup::default() }).await;
        let post = || {
            let door = shop.door().header("x-leadbell-secret", "s3cret");
            door.only(FORM, "name=Maria+Lopez&phone=5125550142")
        };
        post().await.lead();

        let answers = futures_util::future::join_all((0..502).map(|_| post())).await;

        let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
        assert_eq!(refused.len(), if secret.is_none() { 3 } else { 0 });
        assert!(refused.iter().all(|answer| answer.header("retry-after") == "1"));
        shop.works().await;
        shop.phone(MARIA).expects_text("Hi Maria");
        shop.owner_is_told("New lead");
    }
}

#[tokio::test]
async fn what_is_too_large_or_compressed_is_refused_before_it_is_read() {
    let shop = Shop::open().await;
    let mib = 1 << 20;

    let form = shop.post_raw(FORM, vec![b'a'; mib + 1]).await;
    let json = shop.post_raw("application/json", vec![b' '; mib + 1]).await;
    let multipart = shop.post_raw("multipart/form-data; boundary=b", vec![b'a'; 10 * mib + 1]).await;
    let compressed = shop.door().header("content-encoding", "gzip").form(ENQUIRY).await;
    let fits = shop.post_form(&[("name", "Maria"), ("phone", "5125550142"), ("notes", &"a".repeat(60_000))]).await;

    assert_eq!([form.status, json.status, multipart.status, compressed.status], [413, 413, 413, 415]);
    fits.lead();
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
}

#[tokio::test]
async fn a_photo_of_five_megabytes_does_not_stop_a_lead() {
    let shop = Shop::open().await;
    let mut body = b"--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n".to_vec();
    body.extend(std::iter::repeat_n(b'x', 5 << 20));
    body.extend(b"\r\n--b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n5125550142\r\n--b--\r\n");

    shop.post_raw("multipart/form-data; boundary=b", body).await.lead();

    shop.phone(MARIA).expects_text("Hi there");
    shop.owner_is_told("New lead: (512) 555-0142");
}

/// Where a browser is sent after a form with `_next`.
async fn sent_to(shop: &Shop, next: Option<&str>) -> String {
    let mut fields = ENQUIRY.to_vec();
    fields.extend(next.map(|next| ("_next", next)));
    let answer = shop.door().by_browser().form(&fields).await;
    assert_eq!((answer.status, &*answer.text), (303, ""));
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_browser_goes_where_the_form_may_send_it() {
    let shop = Shop::with(Setup { allowed_hosts: "shop.example", ..Setup::default() }).await;

    let ours = sent_to(&shop, None).await;
    let allowed = sent_to(&shop, Some("https://shop.example/thanks")).await;
    let foreign = sent_to(&shop, Some("https://evil.example/")).await;
    let tricky = sent_to(&shop, Some("//evil.example")).await;

    let thanks = format!("{PUBLIC_URL}/in/{}/thanks", shop.token);
    assert_eq!([&*ours, &*allowed, &*foreign, &*tricky], [&*thanks, "https://shop.example/thanks", &*thanks, &*thanks]);
    let page = shop.ask("GET", &format!("/in/{}/thanks", shop.token), &[], "").await;
    assert!(page.text.contains("Harbor Plumbing"), "{}", page.text);
    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
}

#[tokio::test]
async fn a_source_may_have_a_thank_you_page_of_its_own() {
    let thanks_url = Some("https://harbor.example/danke");
    let shop = Shop::with(Setup { thanks_url, ..Setup::default() }).await;

    assert_eq!(sent_to(&shop, None).await, "https://harbor.example/danke");
    assert_eq!(sent_to(&shop, Some("https://evil.example/")).await, "https://harbor.example/danke");

    shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
}

#[tokio::test]
async fn any_page_may_post_here() {
    let shop = Shop::open().await;
    let path = format!("/in/{}", shop.token);

    let preflight = shop.ask("OPTIONS", &path, &[("origin", "https://shop.example")], "").await;
    let page = shop.ask("GET", &path, &[("accept", "text/html")], "").await;

    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, "*"));
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn a_callback_that_twilio_did_not_sign_changes_nothing() {
    let shop = Shop::open().await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    let text = shop.phone(MARIA).expects_text("Hi Maria");
    shop.owner_is_told("New lead");
    let before = shop.lead(&lead).await;

    let mut status = shop.twilio.status(&text.sid, "delivered", None);
    status.signature = "bm90IHR3aWxpbyE=".to_owned();
    let mut stop = shop.twilio.inbound(PUBLIC_URL, MARIA, "STOP");
    stop.form = stop.form.replace("STOP", "START");
    let answers = [shop.hears(&status).await, shop.hears(&stop).await];

    assert!(answers.iter().all(|answer| answer.status == 403 && answer.header("content-type") == "text/xml"));
    assert_eq!(shop.lead(&lead).await, before);
    assert_eq!(shop.twilio.accepted().len(), 2);
    shop.phone(DAVE).is_quiet();
}
