//! Money arrives: whatever a vendor sends of one sale, in whatever order, it is one payment of one person, told once.

use crate::support::door::{Answer, Door};
use crate::support::shop::{DAVE, ENQUIRY, MARIA, MARIA_MAIL, Shop};
use crate::support::stripe::Sale;
use serde_json::{Value, json};
use std::time::Duration;

const THANKS: &str = "Hi Maria, Harbor Plumbing here. Your $149.99 payment arrived, thank you. Dave will call you to fix \
                      a time. STOP to opt out.";

async fn post(shop: &Shop, token: &str, event: &Value) -> Answer {
    let answer = Door::new(shop, token).json(event).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

/// The only payment of the only lead that is not a test.
async fn the_payment(shop: &Shop) -> Value {
    let leads = shop.api("/leads").await["items"].as_array().unwrap().clone();
    assert_eq!(leads.len(), 1, "{leads:#?}");
    let lead = shop.lead(leads[0]["id"].as_str().unwrap()).await;
    assert_eq!(lead["payments"].as_array().unwrap().len(), 1, "{:#}", lead["payments"]);
    lead["payments"][0].clone()
}

/// How many messages of a purpose there are, whatever became of them.
async fn count(shop: &Shop, purpose: &str) -> usize {
    shop.messages().await.iter().filter(|line| line.starts_with(purpose)).count()
}

fn orders() -> Vec<[usize; 4]> {
    let mut all = Vec::new();
    for n in 0..256 {
        let order = [n / 64, n / 16 % 4, n / 4 % 4, n % 4];
        if (0..4).all(|event| order.contains(&event)) {
            all.push(order);
        }
    }
    all
}

#[tokio::test]
async fn the_four_events_of_one_sale_are_one_payment_one_thank_you_and_one_alert_in_every_order() {
    let sale = Sale::of(14_999, "usd");
    let orders = orders();
    assert_eq!(orders.len(), 24);
    for order in orders {
        let shop = Shop::open().await;
        let stripe = shop.source_of("stripe", "Stripe").await;

        for event in order {
            post(&shop, &stripe, &sale.four()[event]).await;
        }
        for event in sale.four() {
            assert_eq!(post(&shop, &stripe, &event).await.word("status"), "duplicate");
        }

        let payment = the_payment(&shop).await;
        let money = [&payment["state"], &payment["minor"], &payment["currency"], &payment["refunded_minor"]];
        assert_eq!(money, [&json!("paid"), &json!(14_999), &json!("USD"), &json!(0)], "{order:?}");
        let lead = &shop.api("/leads").await["items"][0];
        assert_eq!(
            [&lead["kind"], &lead["name"], &lead["phone"], &lead["email"]],
            ["payment", "Maria Lopez", MARIA, MARIA_MAIL]
        );
        assert_eq!((count(&shop, "lead_reply").await, count(&shop, "owner_alert").await), (1, 2), "{order:?}");
        assert!(shop.owner_is_told("New payment: ").body.contains("$149.99\n"), "{order:?}");
        // Whichever event brings the first way to reach her decides how she is thanked.
        if order.iter().find(|event| **event != 1) == Some(&0) {
            assert_eq!(shop.phone(MARIA).expects_text("Hi Maria").body, THANKS);
        } else {
            shop.inbox(MARIA_MAIL).expects_mail("Your $149.99 payment arrived, thank you.");
        }
    }
}

#[tokio::test]
async fn events_that_come_at_the_same_moment_are_one_sale_too() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    let sale = Sale::of(14_999, "usd");

    let bodies = sale.four().map(|event| event.to_string());
    let posts = bodies.iter().map(|body| Door::new(&shop, &stripe).only("application/json", body.as_str()));
    let answers = futures_util::future::join_all(posts).await;
    shop.works().await;

    let lead = answers[0].lead();
    assert!(answers.iter().all(|answer| answer.lead() == lead));
    assert_eq!(the_payment(&shop).await["minor"], 14_999);
    assert_eq!((count(&shop, "lead_reply").await, count(&shop, "owner_alert").await), (1, 2));
    shop.takes_everything();
}

#[tokio::test]
async fn money_without_decimals_and_with_three_is_right_to_the_last_unit() {
    for (minor, currency, shown, stored) in
        [(5_000, "jpy", "¥5,000", 5_000), (12_500, "kwd", "12.500 KWD", 12_500), (9_900, "eur", "€99.00", 9_900)]
    {
        let shop = Shop::open().await;
        let stripe = shop.source_of("stripe", "Stripe").await;

        post(&shop, &stripe, &Sale::of(minor, currency).session("paid")).await;

        let payment = the_payment(&shop).await;
        assert_eq!(
            (&payment["minor"], payment["currency"].as_str()),
            (&json!(stored), Some(&*currency.to_uppercase()))
        );
        shop.phone(MARIA).expects_text(&format!("Your {shown} payment arrived"));
        shop.owner_is_told(&format!("New payment: Maria Lopez {shown}\n(512) 555-0142\n"));
    }
}

#[tokio::test]
async fn unpaid_is_not_paid_until_it_is() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    let sale = Sale::of(14_999, "usd");

    let lead = post(&shop, &stripe, &sale.session("unpaid")).await.lead();

    shop.owner_is_told("Payment started: Maria Lopez $149.99");
    shop.phone(MARIA).is_quiet();
    let payment = the_payment(&shop).await;
    assert_eq!((&payment["state"], &payment["paid_at"]), (&json!("pending"), &Value::Null));
    assert_eq!(shop.lead(&lead).await["state"], "waiting");

    shop.passes(Duration::from_secs(3_600)).await;
    post(&shop, &stripe, &sale.intent()).await;
    post(&shop, &stripe, &sale.session("paid")).await;

    assert_eq!(the_payment(&shop).await["state"], "paid");
    shop.owner_is_told("$149.99");
    shop.phone(MARIA).expects_text(THANKS);
}

#[tokio::test]
async fn a_declined_card_is_told_once_with_its_reason_and_the_customer_hears_nothing() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    let sale = Sale::of(14_999, "usd");

    post(&shop, &stripe, &sale.declined(1)).await;
    post(&shop, &stripe, &sale.declined(2)).await;

    let alert = shop.owner_is_told("Payment failed: Maria Lopez $149.99\n(512) 555-0142\n");
    assert!(alert.body.contains("Your card was declined."), "{}", alert.body);
    let payment = the_payment(&shop).await;
    assert_eq!([&payment["state"], &payment["reason"]], ["failed", "Your card was declined."]);
    shop.phone(MARIA).is_quiet();

    post(&shop, &stripe, &sale.session("paid")).await;
    post(&shop, &stripe, &sale.declined(3)).await;

    shop.owner_is_told("New payment: Maria Lopez");
    shop.phone(MARIA).expects_text(THANKS);
    assert_eq!(the_payment(&shop).await["state"], "paid");
}

#[tokio::test]
async fn refunds_add_up_and_each_is_told() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    let sale = Sale::of(14_999, "usd");
    post(&shop, &stripe, &sale.session("paid")).await;
    shop.owner_is_told("New payment");
    shop.phone(MARIA).expects_text(THANKS);

    post(&shop, &stripe, &sale.refunded(5_000)).await;
    post(&shop, &stripe, &sale.refunded(8_000)).await;
    post(&shop, &stripe, &sale.charge()).await;

    shop.phone(DAVE).expects_text("Refund: Maria Lopez\n$50.00 of $149.99 given back.\nhttps://");
    shop.phone(DAVE).expects_text("Refund: Maria Lopez\n$80.00 of $149.99 given back.\nhttps://");
    let payment = the_payment(&shop).await;
    assert_eq!((&payment["state"], &payment["refunded_minor"]), (&json!("refunded"), &json!(8_000)));
}

#[tokio::test]
async fn single_refunds_of_a_shop_are_added_up_and_none_is_counted_twice() {
    let shop = Shop::open().await;
    let shopify = shop.source_of("shopify", "Shop").await;
    let order = json!({"id": 77, "email": MARIA_MAIL, "phone": MARIA, "financial_status": "paid", "currency": "USD",
        "total_price": "90.00", "customer": {"first_name": "Maria", "last_name": "Lopez"}});
    let refund = |id: u32, amount: &str| json!({"id": id, "order_id": 77, "transactions": [{"amount": amount, "currency": "USD"}]});
    let send = async |topic: &str, delivery: &str, event: &Value| {
        let door = Door::new(&shop, &shopify).header("x-shopify-topic", topic).header("x-shopify-webhook-id", delivery);
        assert_eq!(door.json(event).await.status, 200);
    };

    send("orders/create", "d1", &order).await;
    send("orders/paid", "d2", &order).await;
    send("refunds/create", "d3", &refund(1, "20.00")).await;
    send("refunds/create", "d4", &refund(1, "20.00")).await;
    send("refunds/create", "d5", &refund(2, "30.00")).await;

    assert_eq!(the_payment(&shop).await["refunded_minor"], 5_000);
    shop.owner_is_told("New payment: Maria Lopez $90.00");
    shop.phone(MARIA).expects_text("Your $90.00 payment");
    shop.phone(DAVE).expects_text("$20.00 of $90.00 given back.");
    shop.phone(DAVE).expects_text("$50.00 of $90.00 given back.");
}

#[tokio::test]
async fn a_refund_of_a_sale_that_nobody_knows_is_told_and_makes_nobody_wait() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;

    let answer = post(&shop, &stripe, &Sale::of(14_999, "usd").refunded(5_000)).await;

    assert_eq!((answer.word("status"), answer.word("lead")), ("accepted".to_owned(), String::new()));
    shop.phone(DAVE)
        .expects_text("Refund: Maria Lopez\n$50.00 given back.\nhttps://leads.example.com/b/harbor/receipts/");
    assert_eq!(shop.api("/leads").await["items"], json!([]));

    post(&shop, &stripe, &Sale::of(14_999, "usd").session("paid")).await;

    shop.owner_is_told("New payment: Maria Lopez $149.99");
    let payment = the_payment(&shop).await;
    assert_eq!([&payment["minor"], &payment["refunded_minor"]], [&json!(14_999), &json!(5_000)]);
}

#[tokio::test]
async fn who_filled_in_the_form_and_then_pays_is_one_lead_and_is_not_texted_twice() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    let lead = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Got your message");
    shop.owner_is_told("New lead: Maria Lopez");
    shop.passes(Duration::from_secs(600)).await;

    for event in Sale::of(14_999, "usd").four() {
        assert_eq!(post(&shop, &stripe, &event).await.lead(), lead);
    }

    shop.owner_is_told("New payment: Maria Lopez $149.99");
    shop.phone(MARIA).is_quiet();
    let told = shop.lead(&lead).await;
    assert_eq!((&told["kind"], &told["payments"][0]["state"]), (&json!("form"), &json!("paid")));
    let notes: Vec<&Value> = told["events"].as_array().unwrap().iter().filter(|e| e["kind"] == "note").collect();
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert!(notes[0]["detail"].as_str().unwrap().starts_with("No thank-you for the payment"), "{notes:#?}");
    let stats = shop.api("/stats?from=2026-02-11&to=2026-02-12").await;
    assert_eq!((&stats["leads"], &stats["excluded"]["duplicate"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn who_pays_days_after_the_form_is_thanked_and_a_box_left_unticked_still_holds() {
    for (consent, by_text) in [("yes", true), ("no", false)] {
        let shop = Shop::open().await;
        let stripe = shop.source_of("stripe", "Stripe").await;
        let mut form = ENQUIRY.to_vec();
        form.push(("sms_consent", consent));
        let lead = shop.post_form(&form).await.lead();
        shop.takes_everything();
        shop.passes(Duration::from_secs(3 * 24 * 3_600)).await;
        shop.takes_everything();

        assert_eq!(post(&shop, &stripe, &Sale::of(14_999, "usd").session("paid")).await.lead(), lead);

        shop.owner_is_told("New payment: Maria Lopez $149.99");
        if by_text {
            shop.phone(MARIA).expects_text(THANKS);
        } else {
            shop.phone(MARIA).is_quiet();
            shop.inbox(MARIA_MAIL).expects_mail("thank you");
        }
    }
}

#[tokio::test]
async fn a_payment_that_named_nobody_goes_to_the_person_as_soon_as_one_is_named() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    let sale = Sale::of(14_999, "usd");
    let nobody = post(&shop, &stripe, &sale.intent()).await.lead();
    shop.owner_is_told("New payment: someone $149.99\nDeposit\n");
    let stats = shop.api("/stats?from=2026-02-11&to=2026-02-12").await;
    assert_eq!(stats["leads"], 0, "nobody could be answered");
    let form = shop.post_form(ENQUIRY).await.lead();
    shop.phone(MARIA).expects_text("Got your message");
    shop.owner_is_told("New lead: Maria Lopez");

    let named = post(&shop, &stripe, &sale.session("paid")).await.lead();

    assert_ne!(nobody, form);
    assert_eq!(named, form);
    assert_eq!(the_payment(&shop).await["state"], "paid");
    shop.texts_in(DAVE, "1").await;
    shop.phone(DAVE).expects_text("Yours: Maria Lopez");
}

#[tokio::test]
async fn paypals_order_and_capture_are_one_sale() {
    let shop = Shop::open().await;
    let paypal = shop.source_of("paypal", "PayPal").await;
    let order = json!({"id": "WH-1", "event_type": "CHECKOUT.ORDER.APPROVED", "resource": {"id": "O1",
        "payer": {"name": {"given_name": "Maria", "surname": "Lopez"}, "email_address": MARIA_MAIL,
                  "phone": {"phone_number": {"national_number": "5125550142"}}},
        "purchase_units": [{"amount": {"currency_code": "USD", "value": "89.00"}}]}});
    let capture = json!({"id": "WH-2", "event_type": "PAYMENT.CAPTURE.COMPLETED", "resource": {"id": "C1",
        "amount": {"currency_code": "USD", "value": "89.00"}, "supplementary_data": {"related_ids": {"order_id": "O1"}}}});

    let lead = post(&shop, &paypal, &order).await.lead();
    shop.owner_is_told("Payment started: Maria Lopez $89.00");
    assert_eq!(post(&shop, &paypal, &capture).await.lead(), lead);

    shop.owner_is_told("New payment: Maria Lopez $89.00");
    let payment = the_payment(&shop).await;
    assert_eq!([&payment["state"], &payment["minor"]], [&json!("paid"), &json!(8_900)]);
    shop.phone(MARIA).expects_text("Your $89.00 payment arrived, thank you.");
}

#[tokio::test]
async fn a_guests_order_that_woocommerce_tells_twice_at_once_is_one_sale() {
    let shop = Shop::open().await;
    let woo = shop.source_of("woocommerce", "Shop").await;
    let order = json!({"id": 727, "status": "processing", "currency": "USD", "total": "29.35",
        "billing": {"first_name": "Maria", "last_name": "Lopez", "email": MARIA_MAIL, "phone": MARIA, "country": "US"},
        "line_items": [{"name": "Tap"}]});
    let send = |topic: &'static str, delivery: &'static str| {
        let door = Door::new(&shop, &woo).header("x-wc-webhook-topic", topic);
        door.header("x-wc-webhook-delivery-id", delivery).only("application/json", order.to_string())
    };

    let (created, updated) = tokio::join!(send("order.created", "1"), send("order.updated", "2"));
    shop.works().await;

    assert_eq!(created.lead(), updated.lead());
    assert_eq!(the_payment(&shop).await["minor"], 2_935);
    shop.owner_is_told("New payment: Maria Lopez $29.35\n(512) 555-0142\nTap\n");
    shop.phone(MARIA).expects_text("Your $29.35 payment");
}

#[tokio::test]
async fn test_money_is_a_test_told_once_to_the_owner_and_never_meets_real_money() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    let trial = Sale { live: false, ..Sale::of(14_999, "usd") };

    for event in trial.four() {
        assert_eq!(post(&shop, &stripe, &event).await.word("status"), "test");
    }

    shop.owner_is_told("TEST payment: Maria Lopez $149.99");
    let stats = shop.api("/stats?from=2026-02-11&to=2026-02-12").await;
    assert_eq!((&stats["leads"], &stats["excluded"]["test"]), (&json!(0), &json!(1)));

    let mut real = Sale::of(14_999, "usd").session("paid");
    real["id"] = json!("evt_real");
    let lead = post(&shop, &stripe, &real).await.lead();

    shop.owner_is_told("New payment: Maria Lopez $149.99");
    shop.phone(MARIA).expects_text(THANKS);
    assert_eq!(shop.lead(&lead).await["test"], false);
}

#[tokio::test]
async fn an_amount_that_cannot_be_read_is_kept_and_told() {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    let mut event = Sale::of(14_999, "usd").session("paid");
    event["data"]["object"]["currency"] = json!("doubloons");

    let answer = post(&shop, &stripe, &event).await;

    assert_eq!(answer.word("status"), "kept");
    shop.phone(DAVE).expects_text("Someone wrote through Stripe, but we could not read it.");
    shop.inbox(crate::support::shop::DAVE_MAIL).expects_mail("Could not read");
}
