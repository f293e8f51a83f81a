//! The words of each change, and what ends one.

use super::super::{Baseline, Role, Shape, Sort};
use crate::intake::json;
use crate::intake::providers::generic;
use serde_json::{Value, json};

fn shape(body: &Value) -> Shape {
    let text = body.to_string();
    let request = super::request(Some("application/json"), &[], text.as_bytes());
    Shape::of(&json::parse_all(&text).unwrap(), &generic().read(&request))
}

/// The form as the `n`th visitor fills it in.
fn usual(n: usize) -> Value {
    let name = ["Maria Lopez", "Tom Becker", "Ana Ruiz", "Priya Nair", "Omar Haddad"][n % 5];
    json!({
        "name": name,
        "phone": format!("(512) 555-01{:02}", n % 100),
        "email": format!("visitor{n}@example.com"),
        "message": format!("Kitchen tap number {n} is leaking"),
    })
}

fn learned() -> Baseline {
    let mut baseline = Baseline::default();
    (0..30).for_each(|n| assert_eq!(baseline.observe(&shape(&usual(n)), n as i64), []));
    baseline
}

/// What is found when the form is changed so, after how many submissions.
fn after(change: &dyn Fn(&mut Value)) -> (String, Sort, Option<Role>, usize) {
    let mut baseline = learned();
    for n in 30..60 {
        let mut body = usual(n);
        change(&mut body);
        if let Some(first) = baseline.observe(&shape(&body), n as i64).first() {
            return (first.words(), first.sort, first.role, n - 29);
        }
    }
    panic!("nothing was noticed");
}

fn moved(body: &mut Value, from: &str, to: &str) {
    let value = body.as_object_mut().unwrap().remove(from).unwrap();
    body[to] = value;
}

#[test]
fn each_change_is_told_in_a_sentence_of_its_own() {
    let told = |change: &dyn Fn(&mut Value)| after(change).0;

    assert_eq!(told(&|b| moved(b, "phone", "tel")), "\"phone\" is now called \"tel\"");
    assert_eq!(told(&|b| moved(b, "email", "Email")), "\"email\" is now called \"Email\"");
    assert_eq!(told(&|b| b["phone"] = json!([b["phone"]])), "\"phone\" now stands in a list");
    let nested = |b: &mut Value| {
        let phone = b.as_object_mut().unwrap().remove("phone").unwrap();
        b["contact"] = json!({ "phone": phone });
    };
    assert_eq!(told(&nested), "\"phone\" now stands inside \"contact\"");
    let split = |b: &mut Value| {
        let name = b.as_object_mut().unwrap().remove("name").unwrap();
        let (first, last) = name.as_str().unwrap().split_once(' ').unwrap();
        (b["first_name"], b["last_name"]) = (json!(first), json!(last));
    };
    assert_eq!(told(&split), "\"name\" now comes as \"first_name\" and \"last_name\"");
    assert_eq!(told(&|b| b["phone"] = Value::Null), "\"phone\" now comes empty");
    assert_eq!(told(&|b| b["email"] = json!("{{email}}")), "\"email\" holds a placeholder where the answer should be");
    assert_eq!(told(&|b| drop(b.as_object_mut().unwrap().remove("message"))), "\"message\" no longer comes");
}

#[test]
fn a_field_that_reaches_somebody_is_grave_and_is_missed_soon() {
    let (_, sort, role, submissions) = after(&|b| drop(b.as_object_mut().unwrap().remove("phone")));

    assert_eq!((sort, role), (Sort::Vanished, Some(Role::Phone)));
    assert!(submissions <= 5, "{submissions}");
}

#[test]
fn one_change_is_told_once_and_ends_when_the_form_is_as_it_was() {
    let mut baseline = learned();
    let mut told = 0;
    for n in 30..60 {
        let mut body = usual(n);
        moved(&mut body, "phone", "tel");
        told += baseline.observe(&shape(&body), n as i64).len();
    }
    let stands = baseline.open().len();
    for n in 60..63 {
        told += baseline.observe(&shape(&usual(n)), n as i64).len();
    }

    assert_eq!((told, stands, baseline.open().len()), (1, 1, 0));
    assert_eq!(baseline.observe(&shape(&usual(63)), 63), []);
}

#[test]
fn two_forms_at_one_address_are_both_usual() {
    let mut baseline = Baseline::default();
    let other = |n: usize| json!({"Your name": "Ana Ruiz", "Mail": format!("v{n}@example.com"), "Wish": "A quote"});
    let mut found = Vec::new();
    for n in 0..200 {
        let is_other = (n / 7) % 2 == 1;
        let body = if is_other { other(n) } else { usual(n) };
        found.extend(baseline.observe(&shape(&body), n as i64));
    }

    assert_eq!(found, []);
}

#[test]
fn a_baseline_outlives_a_restart_and_holds_nobodys_answers() {
    let baseline = learned();

    let stored = serde_json::to_string(&baseline).unwrap();

    assert_eq!(serde_json::from_str::<Baseline>(&stored).unwrap(), baseline);
    assert!(stored.len() < 4_000, "{} bytes", stored.len());
    assert!(["Lopez", "example.com", "5550", "Kitchen"].iter().all(|told| !stored.contains(told)), "{stored}");
}

#[test]
fn little_seen_is_no_reason_to_speak() {
    let mut baseline = Baseline::default();
    (0..5).for_each(|n| drop(baseline.observe(&shape(&usual(n)), 0)));

    let found: Vec<_> = (5..20)
        .flat_map(|n| baseline.observe(&shape(&json!({"tel": format!("512 555 01{n:02}"), "who": "Ana Ruiz"})), 0))
        .collect();

    assert_eq!(found, []);
}
