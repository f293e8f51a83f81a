//! Whatever order the events of several sales come in, alone or at once, once or again: the sums are right and nobody is
//! told anything twice.

use crate::support::door::Door;
use crate::support::shop::{MARIA, MARIA_MAIL, Shop};
use crate::support::stripe::Sale;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

const TOM: &str = "+15125550177";

fn everything() -> Vec<Value> {
    let maria = Sale::of(14_999, "usd");
    let tom = Sale { n: 2, email: "tom@example.com", phone: TOM, ..Sale::of(5_000, "jpy") };
    let mut all = Vec::new();
    for sale in [maria, tom] {
        all.extend(sale.four());
        all.extend([sale.session("unpaid"), sale.declined(1), sale.declined(2), sale.refunded(1_000)]);
    }
    all.push(maria.refunded(4_000));
    all
}

/// Posts in groups of `at_once`, and everything a second time.
async fn holds(order: Vec<Value>, at_once: usize) {
    let shop = Shop::open().await;
    let stripe = shop.source_of("stripe", "Stripe").await;
    for group in order.chunks(at_once).chain(order.chunks(at_once)) {
        let posts = group.iter().map(|event| Door::new(&shop, &stripe).only("application/json", event.to_string()));
        for answer in futures_util::future::join_all(posts).await {
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        shop.works().await;
    }

    let leads = shop.api("/leads").await["items"].as_array().unwrap().clone();
    let mut sums = BTreeMap::new();
    for lead in &leads {
        for payment in shop.lead(lead["id"].as_str().unwrap()).await["payments"].as_array().unwrap() {
            assert!(payment["paid_at"].is_string() && payment["state"] == "refunded", "{payment:#}");
            let minor = [&payment["minor"], &payment["refunded_minor"]].map(|minor| minor.as_i64().unwrap());
            assert!(sums.insert(payment["currency"].to_string(), minor).is_none(), "one sale, two payments");
        }
    }
    assert_eq!(leads.len(), 2, "{leads:#?}");
    assert_eq!(sums, BTreeMap::from([("\"USD\"".to_owned(), [14_999, 4_000]), ("\"JPY\"".to_owned(), [5_000, 1_000])]));
    let words: Vec<String> = shop.api("/messages?limit=500").await["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| format!("{} {} {}", m["channel"], m["to"], m["body"].as_str().unwrap()))
        .collect();
    let told = |sign: &str, amount: &str| words.iter().filter(|w| w.contains(sign) && w.contains(amount)).count();
    for amount in ["$149.99", "¥5,000"] {
        assert_eq!(told("New payment:", amount), 1, "{words:#?}");
        assert!(told("payment arrived, thank you", amount) <= 1, "{words:#?}");
        assert!(told("Payment failed:", amount) <= 1 && told("Payment started:", amount) <= 1, "{words:#?}");
    }
    assert!(
        words.iter().filter(|w| w.contains(MARIA) || w.contains(MARIA_MAIL)).filter(|w| w.contains("Hi Maria")).count()
            <= 1
    );
    shop.passes(std::time::Duration::from_secs(24 * 3_600)).await;
    shop.takes_everything();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_any_events_comes_to_the_same(order in Just(everything()).prop_shuffle(), at_once in 1usize..7) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(holds(order, at_once));
    }
}
