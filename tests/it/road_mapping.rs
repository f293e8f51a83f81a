//! The owner says what a form's fields mean: that counts at once, for what comes and for what is run again.

use crate::support::office::Office;
use crate::support::shop::{DAVE, DAVE_MAIL, Shop};

const FORM: [(&str, &str); 4] =
    [("name", "Maria Lopez"), ("contact_number", "5125550142"), ("site_number", "5125550199"), ("note", "Kitchen tap")];

/// Says so on the page of the only source; every submission of `FORM` counts from then on.
async fn say(office: &Office<'_>, fields: &[(&str, &str)]) {
    let list = office.opens("/b/harbor/sources").await;
    let id = list.split_once("id=\"s-").unwrap().1.split('"').next().unwrap().to_owned();
    let mut form = Vec::new();
    for (at, is) in fields {
        form.extend([("at", *at), ("label", ""), ("is", *is)]);
    }
    form.push(("do", "save"));
    assert_eq!(office.presses(&format!("/b/harbor/sources/{id}/fields"), &form).await.status, 303);
}

#[tokio::test]
async fn what_a_field_means_counts_from_the_next_submission_on() {
    let shop = Shop::open().await;
    let office = shop.office().await;

    say(&office, &[("site_number", "phone"), ("contact_number", "other")]).await;
    let answer = shop.post_form(&FORM).await;
    shop.works().await;

    let lead = shop.lead(&answer.lead()).await;
    assert_eq!(lead["phone"], "+15125550199");
    let shown = lead["fields"].as_array().unwrap();
    assert!(shown.iter().any(|field| field["value"] == "5125550142"), "{shown:?}");
    shop.phone("+15125550199").expects_text("Hi Maria");
    shop.owner_is_told("New lead: Maria Lopez");
}

#[tokio::test]
async fn what_was_kept_is_read_by_it_when_it_is_run_again() {
    let shop = Shop::open().await;
    let office = shop.office().await;
    let kept = shop.post_form(&[("f1", "maria lopez"), ("f2", "512 and the rest"), ("f3", "x")]).await;
    assert_eq!(kept.word("status"), "kept");
    shop.works().await;
    shop.phone(DAVE).expects_text("could not read it");
    shop.inbox(DAVE_MAIL).expects_mail("Could not read");
    let again = format!("/b/harbor/receipts/{}/again", kept.word("receipt"));

    let before = office.presses(&again, &[]).await.text;
    say(&office, &[("f1", "name"), ("f2", "phone")]).await;
    let looked = office.presses(&again, &[]).await.text;
    office.presses(&again, &[("send", "yes")]).await;
    shop.works().await;

    assert!(!before.contains("New lead") && looked.contains("New lead: maria lopez"), "{looked}");
    shop.owner_is_told("New lead: maria lopez");
    let leads = shop.api("/leads").await;
    assert_eq!(leads["items"][0]["name"], "maria lopez");
}
