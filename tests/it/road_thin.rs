//! Each vendor whose events only name things, from the event to the name in the alert: before the token, after it, and
//! when the vendor refuses. The answers are those of `tests/fixtures/fetched`.

use crate::support::ads::{Ads, events, open};
use crate::support::door::Door;
use crate::support::fake_vendors::{ACUITY_TOKEN, FakeVendors, Fault, PAYPAL_TOKEN, TOKEN};
use crate::support::shop::{DAVE, Shop};
use serde_json::{Value, json};
use std::time::Duration;

/// One vendor, the event that names something, and where it is asked for.
struct Thin {
    provider: &'static str,
    token: &'static str,
    event: Value,
    /// What each path has: a part of the answer that is kept as one.
    paths: &'static [(&'static str, &'static str)],
    /// The vendor's own name for the thing.
    noun: &'static str,
    name: &'static str,
    /// The same as texts spell it.
    spoken: &'static str,
}

fn linkedin() -> Thin {
    Thin {
        provider: "linkedin",
        token: TOKEN,
        event: json!({"type": "LEAD_ACTION", "leadAction": "CREATED", "leadType": "SPONSORED",
            "leadGenFormResponse": "urn:li:leadGenFormResponse:50e47b41-e7e6-4f51-8f48-4a8b5c6d7e8f-1"}),
        paths: &[("/rest/leadFormResponses/50e47b41-e7e6-4f51-8f48-4a8b5c6d7e8f-1", "")],
        noun: "lead response",
        name: "Lucía Gómez Ruiz",
        spoken: "Lucia Gomez Ruiz",
    }
}

fn gocardless() -> Thin {
    Thin {
        provider: "gocardless",
        token: TOKEN,
        event: json!({"events": [{"id": "EV1", "resource_type": "payments", "action": "confirmed",
            "links": {"payment": "PM000AMA19XGEC"}}]}),
        paths: &[
            ("/payments/PM000AMA19XGEC", "payments"),
            ("/mandates/MD000AMA19XGEC", "mandates"),
            ("/customers/CU123", "customers"),
        ],
        noun: "payment",
        name: "Frank Osborne",
        spoken: "Frank Osborne",
    }
}

fn hubspot() -> Thin {
    Thin {
        provider: "hubspot",
        token: TOKEN,
        event: json!([{"eventId": 1, "portalId": 62_515, "subscriptionType": "object.creation", "objectTypeId": "0-1",
            "objectId": 123}]),
        paths: &[("/crm/v3/objects/contacts/123", "")],
        noun: "contact",
        name: "Rosa Delgado",
        spoken: "Rosa Delgado",
    }
}

fn paypal() -> Thin {
    Thin {
        provider: "paypal",
        token: PAYPAL_TOKEN,
        event: json!({"id": "WH-1", "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": {"id": "42311647XV020574X",
            "amount": {"currency_code": "GBP", "value": "89.00"},
            "supplementary_data": {"related_ids": {"order_id": "5O190127TN364715T"}}}}),
        paths: &[("/v2/checkout/orders/5O190127TN364715T", "")],
        noun: "order",
        name: "Holly Marsh",
        spoken: "Holly Marsh",
    }
}

fn all() -> [Thin; 4] {
    [linkedin(), gocardless(), hubspot(), paypal()]
}

/// The case of that name.
fn answer(vendor: &str, name: &str) -> Value {
    let path = format!("{}/tests/fixtures/fetched/{vendor}.json", env!("CARGO_MANIFEST_DIR"));
    let all: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    all["cases"].as_array().unwrap().iter().find(|case| case["case"] == name).unwrap().clone()
}

impl Thin {
    /// The vendor knows it from now on.
    fn is_known(&self, vendors: &FakeVendors) {
        let body = &answer(self.provider, "good")["body"];
        for (path, part) in self.paths {
            vendors.has(path, if part.is_empty() { body.clone() } else { json!({ *part: body[*part] }) });
        }
    }

    async fn comes(&self, shop: &Shop, source: &Ads<'_>) -> String {
        Door::new(shop, &source.token).json(&self.event).await.lead()
    }

    /// Questions for the thing itself, without those for a token.
    fn asked(&self, vendors: &FakeVendors) -> Vec<String> {
        vendors.asked().into_iter().filter(|path| !path.contains("oauth2")).collect()
    }

    fn paths(&self) -> Vec<&'static str> {
        self.paths.iter().map(|(path, _)| *path).collect()
    }
}

/// How often the owner was told something with these words.
fn told(shop: &Shop, words: &str) -> usize {
    shop.twilio.accepted().iter().filter(|text| text.to == DAVE && text.body.contains(words)).count()
}

#[tokio::test]
async fn with_a_token_every_vendor_is_asked_and_the_owner_is_told_once_with_the_name() {
    for thin in all() {
        let (shop, vendors) = open().await;
        let office = shop.office().await;
        let source = Ads::of(&shop, thin.provider).await;
        source.gets_token(&office, thin.token).await;
        thin.is_known(&vendors);

        let id = thin.comes(&shop, &source).await;
        shop.passes(Duration::from_secs(60)).await;

        assert_eq!(thin.asked(&vendors), thin.paths(), "{}", thin.provider);
        let lead = shop.lead(&id).await;
        assert_eq!(lead["name"], thin.name, "{}: {lead}", thin.provider);
        assert!(!lead["email"].is_null() && events(&lead).contains("fetched "), "{}: {}", thin.provider, events(&lead));
        let alerts: Vec<String> =
            shop.twilio.accepted().iter().filter(|t| t.to == DAVE).map(|t| t.body.clone()).collect();
        assert!(alerts.len() == 1 && alerts[0].contains(thin.spoken), "{}: {alerts:#?}", thin.provider);
        assert_eq!(shop.api("/leads?limit=10").await["items"].as_array().unwrap().len(), 1);
        shop.takes_everything();
    }
}

#[tokio::test]
async fn without_a_token_the_lead_is_there_the_page_says_what_to_add_and_the_rest_follows() {
    for thin in all() {
        let (shop, vendors) = open().await;
        let office = shop.office().await;
        let source = Ads::of(&shop, thin.provider).await;
        thin.is_known(&vendors);

        let id = thin.comes(&shop, &source).await;
        shop.passes(Duration::from_secs(3_600)).await;

        assert_eq!((vendors.asked().len(), told(&shop, thin.spoken)), (0, 0), "{}", thin.provider);
        assert_eq!(shop.twilio.accepted().iter().filter(|text| text.to == DAVE).count(), 1, "{}", thin.provider);
        let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
        assert!(page.contains(&format!("only told us the number of this {}.", thin.noun)), "{page}");
        assert!(page.contains(&format!("{}#keys", source.page)), "{page}");

        source.gets_token(&office, thin.token).await;
        shop.passes(Duration::from_secs(60)).await;

        assert_eq!(shop.lead(&id).await["name"], thin.name, "{}", thin.provider);
        assert_eq!(told(&shop, thin.spoken), 1, "{}: {:#?}", thin.provider, shop.twilio.accepted());
        let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
        assert!(!page.contains("only told us the number") && !page.contains(thin.token), "{page}");
        shop.takes_everything();
    }
}

#[tokio::test]
async fn a_refusal_is_told_in_words_and_trouble_is_waited_out() {
    for thin in all() {
        for (case, says, asked_again_within) in [
            ("refused", "did not accept the API token", 3_700),
            ("forbidden", "does not let this API token read it", 3_700),
            ("not found", "of that number", 70),
            ("rate limited", "wants fewer questions", 130),
        ] {
            let (shop, vendors) = open().await;
            let office = shop.office().await;
            let source = Ads::of(&shop, thin.provider).await;
            source.gets_token(&office, thin.token).await;
            thin.is_known(&vendors);
            let case = answer(thin.provider, case);
            let status = u16::try_from(case["status"].as_u64().unwrap()).unwrap();
            vendors.next(Fault::Say(status, case["body"].to_string().leak()));

            let id = thin.comes(&shop, &source).await;

            let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
            assert!(page.contains(says), "{} {status}: {page}", thin.provider);
            assert_eq!(vendors.asked().len(), 1, "{} {status}", thin.provider);
            shop.passes(Duration::from_secs(asked_again_within)).await;
            assert_eq!(thin.asked(&vendors).last().map(String::as_str), thin.paths().last().copied());
            assert_eq!(shop.lead(&id).await["name"], thin.name, "{} {status}", thin.provider);
            assert_eq!(told(&shop, thin.spoken), 1, "{} {status}", thin.provider);
            shop.takes_everything();
        }
    }
}

#[tokio::test]
async fn what_no_vendor_finds_is_given_up_where_everybody_sees_it() {
    for thin in all() {
        let (shop, vendors) = open().await;
        let office = shop.office().await;
        let source = Ads::of(&shop, thin.provider).await;
        source.gets_token(&office, thin.token).await;

        let id = thin.comes(&shop, &source).await;
        shop.passes(Duration::from_secs(5 * 3_600)).await;

        assert_eq!(thin.asked(&vendors).len(), 4, "{}", thin.provider);
        let lead = shop.lead(&id).await;
        assert!(events(&lead).contains("of that number (404). Given up."), "{}", events(&lead));
        let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
        assert!(page.contains("did not tell us the rest."), "{page}");
        shop.takes_everything();
    }
}

#[tokio::test]
async fn an_answer_is_kept_and_reads_the_same_when_it_is_run_again() {
    for thin in all() {
        let (shop, vendors) = open().await;
        let office = shop.office().await;
        let source = Ads::of(&shop, thin.provider).await;
        source.gets_token(&office, thin.token).await;
        thin.is_known(&vendors);
        let id = thin.comes(&shop, &source).await;
        shop.passes(Duration::from_secs(60)).await;
        shop.takes_everything();
        let asked = vendors.asked().len();
        let receipts = shop.api("/receipts?limit=10").await;
        assert_eq!(receipts["items"].as_array().unwrap().len(), 2, "{}: the event and the answer", thin.provider);

        let house = &shop.standing().house;
        for receipt in receipts["items"].as_array().unwrap() {
            let receipt = receipt["id"].as_str().unwrap();
            let is_answer = !shop.api(&format!("/receipts/{receipt}")).await["reading"]["name"].is_null();
            let dry = house.engine.pipeline.replay(None, &receipt.into(), false).await.unwrap().unwrap();
            assert!(dry.would_send.is_empty() && dry.after.lead.as_deref() == Some(&*id), "{}: {dry:?}", thin.provider);
            let name = dry.after.reading.unwrap().name;
            assert_eq!(name.as_deref(), is_answer.then_some(thin.name), "{}", thin.provider);
        }

        shop.works().await;
        assert_eq!(vendors.asked().len(), asked, "{}: a dry run asks nobody", thin.provider);
    }
}

#[tokio::test]
async fn a_payer_who_approved_the_order_is_known_and_nobody_is_asked() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let source = Ads::of(&shop, "paypal").await;
    let order = json!({"id": "WH-0", "event_type": "CHECKOUT.ORDER.APPROVED", "resource": {"id": "5O190127TN364715T",
        "payer": {"name": {"given_name": "Holly", "surname": "Marsh"}, "email_address": "holly@example.co.uk"},
        "purchase_units": [{"amount": {"currency_code": "GBP", "value": "89.00"}}]}});
    let id = Door::new(&shop, &source.token).json(&order).await.lead();
    shop.takes_everything();

    assert_eq!(paypal().comes(&shop, &source).await, id);

    shop.owner_is_told("New payment: Holly Marsh");
    let page = office.opens(&format!("/b/harbor/leads/{id}")).await;
    assert!(!page.contains("only told us the number"), "{page}");
    source.gets_token(&office, PAYPAL_TOKEN).await;
    shop.passes(Duration::from_secs(60)).await;
    assert_eq!(vendors.asked(), [""; 0]);
    shop.takes_everything();
}

#[tokio::test]
async fn a_capture_is_one_payment_thanked_once_when_the_payer_is_known() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let source = Ads::of(&shop, "paypal").await;
    source.gets_token(&office, PAYPAL_TOKEN).await;
    let thin = paypal();
    thin.is_known(&vendors);

    let id = thin.comes(&shop, &source).await;
    shop.passes(Duration::from_secs(60)).await;

    shop.owner_is_told("New payment: Holly Marsh");
    let lead = shop.lead(&id).await;
    assert_eq!(
        (lead["kind"].as_str(), lead["payments"].as_array().map(Vec::len)),
        (Some("payment"), Some(1)),
        "{lead}"
    );
    let thanks = lead["messages"].as_array().unwrap().iter().filter(|m| m["purpose"] == "lead_reply").count();
    assert_eq!(thanks, 1, "{lead}");
    let again = Door::new(&shop, &source.token).json(&thin.event).await;
    assert_eq!(again.word("status"), "duplicate");
    shop.passes(Duration::from_secs(60)).await;
    assert_eq!(thin.asked(&vendors).len(), 1);
    shop.takes_everything();
}

#[tokio::test]
async fn a_payment_by_card_that_names_nobody_to_write_to_is_told_once_all_the_same() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let source = Ads::of(&shop, "paypal").await;
    source.gets_token(&office, PAYPAL_TOKEN).await;
    vendors.has(paypal().paths[0].0, answer("paypal", "by card")["body"].clone());

    let id = paypal().comes(&shop, &source).await;
    shop.passes(Duration::from_secs(60)).await;

    shop.owner_is_told("New payment: Holly Marsh");
    assert_eq!(shop.lead(&id).await["name"], "Holly Marsh");
    assert_eq!(told(&shop, "89"), 1, "{:#?}", shop.twilio.accepted());
}

#[tokio::test]
async fn a_customer_who_was_deleted_costs_no_payment() {
    let (shop, vendors) = open().await;
    let office = shop.office().await;
    let source = Ads::of(&shop, "gocardless").await;
    source.gets_token(&office, TOKEN).await;
    let thin = gocardless();
    let body = &answer("gocardless", "good")["body"];
    vendors.has("/payments/PM000AMA19XGEC", json!({"payments": body["payments"]}));
    vendors.has("/mandates/MD000AMA19XGEC", json!({"mandates": body["mandates"]}));

    let id = thin.comes(&shop, &source).await;
    shop.passes(Duration::from_secs(60)).await;

    assert_eq!(told(&shop, "£120.50"), 1, "{:#?}", shop.twilio.accepted());
    assert!(shop.lead(&id).await["payments"].to_string().contains("12050"));
    assert_eq!(thin.asked(&vendors), thin.paths());
    shop.takes_everything();
}

#[tokio::test]
async fn an_answer_sends_neither_us_nor_the_token_anywhere_else() {
    let (shop, vendors) = open().await;
    let elsewhere = FakeVendors::start().await;
    let office = shop.office().await;
    let source = Ads::of(&shop, "gocardless").await;
    source.gets_token(&office, TOKEN).await;
    let mut payment = answer("gocardless", "good")["body"]["payments"].clone();
    payment["links"]["mandate"] = json!(format!("MD1@{}/x", elsewhere.address));
    vendors.has("/payments/PM000AMA19XGEC", json!({"payments": payment}));

    gocardless().comes(&shop, &source).await;
    shop.passes(Duration::from_secs(60)).await;

    assert_eq!(elsewhere.asked(), [""; 0]);
    assert_eq!(vendors.asked(), ["/payments/PM000AMA19XGEC"]);
    shop.takes_everything();
}

#[tokio::test]
async fn a_token_of_the_wrong_form_is_refused_where_it_is_typed() {
    let (shop, _) = open().await;
    let office = shop.office().await;
    let source = Ads::of(&shop, "paypal").await;

    let answer = office.presses(&format!("{}/token", source.page), &[("token", TOKEN)]).await;

    assert!(answer.status == 200 && answer.text.contains("client id and secret with a colon"), "{}", answer.text);
    source.gets_token(&office, ACUITY_TOKEN).await;
}
