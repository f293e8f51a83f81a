//! Answers of vendors that were asked for what their events leave out, made up after what each documents.

use super::super::providers;
use super::super::reading::{About, Kind, Reading, Request};
use crate::lead::reading::PaymentState;
use serde_json::Value;

fn cases(vendor: &str) -> Vec<Value> {
    let path = format!("{}/tests/fixtures/fetched/{vendor}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(&path).unwrap_or_else(|_| panic!("no answers of {vendor}: {path}"));
    let all: Value = serde_json::from_slice(&text).unwrap();
    assert!(all["made"].as_str().unwrap().contains("https://"), "{vendor}: after what they are made");
    all["cases"].as_array().unwrap().clone()
}

fn kind(reading: &Reading) -> &'static str {
    match (&reading.about, reading.kind) {
        (_, Kind::Test) => "test",
        (_, Kind::Ignored) => "ignored",
        (About::Payment(payment), Kind::Lead) => match payment.state {
            PaymentState::Paid => "payment",
            PaymentState::Pending => "payment_pending",
            PaymentState::Failed => "payment_failed",
            PaymentState::Refunded => "refund",
        },
        (About::Booking(_), Kind::Lead) => "booking",
        (_, Kind::Lead) => "lead",
        _ => "something else",
    }
}

fn misses(reading: &Reading, want: &Value) -> Vec<String> {
    let mut misses = Vec::new();
    let mut compare = |what: &str, got: Option<&str>, want: Option<&str>| {
        if got != want {
            misses.push(format!("{what} is {got:?}, not {want:?}"));
        }
    };
    compare("kind", Some(kind(reading)), want["kind"].as_str().or(Some("lead")));
    if reading.kind == Kind::Ignored {
        return misses;
    }
    if want["accept_any_name"] != true {
        compare("name", reading.name.as_deref(), want["name"].as_str());
        compare("message", reading.message.as_deref(), want["message"].as_str());
    }
    compare("email", reading.email.as_ref().map(|e| e.as_str()), want["email"].as_str());
    if let Some(phone) = want["phone"].as_str() {
        compare("phone", reading.phone.as_ref().map(|p| p.as_str()), Some(phone));
    }
    let payment = match &reading.about {
        About::Payment(payment) => Some(payment),
        _ => None,
    };
    let money = payment.map(|p| format!("{} {}", p.money.minor, p.money.currency));
    let wanted = want["amount_minor"].as_i64().map(|minor| format!("{minor} {}", want["currency"].as_str().unwrap()));
    compare("money", money.as_deref(), wanted.as_deref());
    if let Some(reference) = want["payment_ref"].as_str()
        && !payment.is_some_and(|p| p.references.iter().any(|r| r == reference))
    {
        misses.push(format!("no payment {reference}"));
    }
    let fields: Vec<String> = reading.fields.iter().map(|f| format!("{}: {}", f.label, f.value)).collect();
    for field in want["fields"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !fields.iter().any(|f| f.eq_ignore_ascii_case(field)) {
            misses.push(format!("no {field:?} among {fields:?}"));
        }
    }
    misses
}

#[test]
fn every_vendor_that_can_be_asked_is_read_by_what_it_documents() {
    let mut missed = Vec::new();
    for provider in providers::all().iter().filter(|provider| provider.asking().is_some()) {
        let cases = cases(provider.id());
        for name in ["good", "refused", "forbidden", "not found", "rate limited"] {
            assert!(cases.iter().any(|case| case["case"] == name), "{}: no answer {name:?}", provider.id());
        }
        for case in cases.iter().filter(|case| case["status"] == 200) {
            let body = case["body"].to_string().into_bytes();
            let reading = provider.read_answer(&Request {
                method: "GET",
                url: "",
                content_type: Some("application/json"),
                headers: &[],
                query: "",
                body: &body,
                country: "US",
                received_at: 0,
            });

            let misses = misses(&reading, &case["expected"]);

            assert_eq!(reading.fetch, None, "an answer asks for nothing more");
            missed.extend(misses.iter().map(|miss| format!("{} {}: {miss}", provider.id(), case["case"])));
        }
    }

    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}
