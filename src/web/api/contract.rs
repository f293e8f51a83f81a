//! The description against the answers: every route is described and every description is a route; every status that is
//! described is provoked, and each answer is of the shape that is promised, field by field.

use super::tests::house;
use super::{BODY_MAX, DESCRIPTION};
use crate::web::sample::{Answer, Standing};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// One call and the status that it must get.
struct Try {
    method: &'static str,
    path: &'static str,
    id: &'static str,
    /// Behind the path.
    query: &'static str,
    body: String,
    status: u16,
}

fn ask(path: &'static str, id: &'static str, query: &'static str, status: u16) -> Try {
    Try { method: "get", path, id, query, body: String::new(), status }
}

fn act(path: &'static str, id: &'static str, body: &Value, status: u16) -> Try {
    Try { method: "post", path, id, query: "", body: body.to_string(), status }
}

fn too_long() -> Value {
    json!({ "body": "x".repeat(BODY_MAX) })
}

/// Every status of every call but 401, 429 and 503, which come by themselves.
fn tries() -> Vec<Try> {
    const TAKE: &str = "/leads/{id}/take";
    const PERSON: &str = "/leads/{id}/person";
    const OUTCOME: &str = "/leads/{id}/outcome";
    const TEXTS: &str = "/leads/{id}/texts";
    vec![
        ask("/openapi.json", "", "", 200),
        ask("/leads", "", "?limit=1", 200),
        ask("/leads", "", "?state=waiting&source=web&since=2026-01-01T00:00:00Z&q=maria&business=harbor", 200),
        ask("/leads", "", "?limit=0", 400),
        ask("/leads/{id}", "maria", "", 200),
        ask("/leads/{id}", "nobody", "", 404),
        act(TAKE, "maria", &json!({}), 200),
        act(TAKE, "maria", &json!({"anyway": true}), 200),
        act(TAKE, "maria", &json!({"anyway": 1}), 400),
        act(TAKE, "nobody", &json!({}), 404),
        act(TAKE, "maria", &too_long(), 413),
        act(PERSON, "maria", &json!({"how": "call"}), 200),
        act(PERSON, "maria", &json!({"how": "call", "at": "2026-11-21T11:59:30Z"}), 200),
        act(PERSON, "maria", &json!({}), 400),
        act(PERSON, "nobody", &json!({"how": "call"}), 404),
        act(PERSON, "maria", &too_long(), 413),
        act(TEXTS, "maria", &json!({"body": "On my way."}), 200),
        act(TEXTS, "maria", &json!({}), 400),
        act(TEXTS, "nobody", &json!({"body": "On my way."}), 404),
        act(TEXTS, "tom", &json!({"body": "On my way."}), 409),
        act(TEXTS, "maria", &too_long(), 413),
        act(OUTCOME, "maria", &json!({"outcome": "booked"}), 200),
        act(OUTCOME, "maria", &json!({}), 400),
        act(OUTCOME, "nobody", &json!({"outcome": "booked"}), 404),
        act(OUTCOME, "maria", &too_long(), 413),
        act(TAKE, "maria", &json!({}), 409),
        ask("/messages", "", "?state=queued&lead=maria&business=harbor&limit=5", 200),
        ask("/messages", "", "?state=sent", 400),
        ask("/receipts", "", "?source=web&business=harbor", 200),
        ask("/receipts", "", "?state=good", 400),
        ask("/receipts/{id}", "receipt1", "", 200),
        ask("/receipts/{id}", "none", "", 404),
        ask("/stats", "", "?from=2026-11-01&to=2026-11-21", 200),
        ask("/stats", "", "?from=yesterday", 400),
    ]
}

impl Standing {
    async fn tries(&self, it: &Try, authorization: &str) -> Answer {
        let path = format!("/api/v1{}{}", it.path.replace("{id}", it.id), it.query);
        let headers = [("authorization", authorization), ("content-type", "application/json")];
        self.ask(&it.method.to_uppercase(), &path, &headers, &it.body).await
    }
}

/// The method and path of each description.
fn described(description: &Value) -> BTreeSet<(String, String)> {
    let paths = description["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, calls)| calls.as_object().unwrap().keys().map(move |m| (m.clone(), path.clone())))
        .collect()
}

/// The method and path of each route, as they stand in the code.
fn routes() -> BTreeSet<(String, String)> {
    let code = include_str!("mod.rs").split(".route(\"").skip(1);
    code.map(|line| {
        let (path, rest) = line.split_once("\", ").unwrap();
        (rest.split_once('(').unwrap().0.to_owned(), path.to_owned())
    })
    .collect()
}

fn complaints(description: &Value, it: &Try, answer: &Answer) -> Vec<String> {
    let call = format!("{} {}{}", it.method, it.path, it.query);
    if answer.status.as_u16() != it.status {
        return vec![format!("{call}: {} instead of {}: {}", answer.status, it.status, answer.text)];
    }
    let responses = &description["paths"][it.path][it.method]["responses"];
    let schema = &responses[it.status.to_string()]["content"]["application/json"]["schema"];
    let mut complaints = Vec::new();
    Checker { description, complaints: &mut complaints }.check(
        &format!("{call} {}", it.status),
        schema,
        &answer.json(),
    );
    complaints
}

#[test]
fn every_route_is_described_and_every_description_is_a_route() {
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();

    assert_eq!(described(&description), routes());
    assert!(routes().len() >= 11, "the routes are not where this test looks");
}

#[tokio::test]
async fn every_described_status_of_every_call_is_given_and_has_the_shape_that_is_promised() {
    let house = house().await;
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    let bearer = format!("Bearer {}", house.key(Some("harbor")).await);
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());

    for it in tries() {
        let answer = house.tries(&it, &bearer).await;
        wrong.extend(complaints(&description, &it, &answer));
        seen.insert((it.method.to_owned(), it.path.to_owned(), it.status));
    }
    let of = |status: u16| {
        tries()
            .into_iter()
            .filter(|it| it.status == 200 && it.path != "/openapi.json")
            .map(move |it| Try { status, ..it })
    };
    for it in of(401) {
        let answer = house.tries(&it, "").await;
        wrong.extend(complaints(&description, &it, &answer));
        seen.insert((it.method.to_owned(), it.path.to_owned(), 401));
    }
    for n in 0..100 {
        house.tries(&ask("/leads", "", "", 401), &format!("Bearer lb_{n}")).await;
    }
    for it in of(429) {
        let answer = house.tries(&it, "Bearer lb_x").await;
        wrong.extend(complaints(&description, &it, &answer));
        seen.insert((it.method.to_owned(), it.path.to_owned(), 429));
    }

    for it in [
        act("/leads/{id}/take", "tom", &json!({}), 503),
        act("/leads/{id}/person", "tom", &json!({"how": "call"}), 503),
        act("/leads/{id}/outcome", "tom", &json!({"outcome": "lost"}), 503),
        act("/leads/{id}/texts", "maria", &json!({"body": "On my way."}), 503),
    ] {
        // The database takes no write, until the writer has opened it anew.
        let ending = house
            .house
            .db
            .write(|c| Box::pin(async move { sqlx::query("PRAGMA query_only = ON").execute(c).await.map(drop) }));
        ending.await.unwrap();
        let answer = house.tries(&it, &bearer).await;
        wrong.extend(complaints(&description, &it, &answer));
        seen.insert((it.method.to_owned(), it.path.to_owned(), 503));
    }

    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    let promised = described(&description).into_iter().flat_map(|(method, path)| {
        let responses = description["paths"][&path][&method]["responses"].as_object().unwrap();
        let statuses: Vec<u16> = responses.keys().map(|status| status.parse().unwrap()).collect();
        statuses.into_iter().map(move |status| (method.clone(), path.clone(), status))
    });
    let promised: BTreeSet<_> = promised.collect();
    assert_eq!(promised, seen);
}

#[tokio::test]
async fn every_described_parameter_is_read_and_every_required_field_is_asked_for() {
    let house = house().await;
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    let bearer = format!("Bearer {}", house.key(None).await);
    let mut read = 0;

    for (method, path) in described(&description) {
        let call = &description["paths"][&path][&method];
        for parameter in call["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            // Whatever it is, this is none: refused, or found nowhere.
            let asked = format!(
                "/api/v1{path}?{name}=nonesuch{}",
                if path == "/stats" && name != "business" { "&business=harbor" } else { "" }
            );
            let answer = house.ask("GET", &asked, &[("authorization", &bearer)], "").await;
            let found = answer.json()["items"].as_array().map(Vec::len);
            let none = answer.status == 200 && (found == Some(0) || answer.json()["leads"] == 0);
            assert!(none || [400, 404].contains(&answer.status.as_u16()), "{asked}: {} {}", answer.status, answer.text);
            read += 1;
        }
        for field in
            call["requestBody"]["content"]["application/json"]["schema"]["required"].as_array().into_iter().flatten()
        {
            let address = format!("/api/v1{}", path.replace("{id}", "maria"));
            let answer = house.ask("POST", &address, &[("authorization", &bearer)], "{}").await;
            assert_eq!(answer.status, 400, "{address} without {field}: {}", answer.text);
        }
    }
    assert!(read >= 20, "{read}");
}

/// Judges a value by the part of JSON Schema that the description uses; a word that it does not know is a complaint too.
struct Checker<'a> {
    description: &'a Value,
    complaints: &'a mut Vec<String>,
}

const KNOWN: [&str; 11] = [
    "type",
    "properties",
    "required",
    "items",
    "enum",
    "format",
    "description",
    "minimum",
    "maximum",
    "default",
    "additionalProperties",
];

impl Checker<'_> {
    fn check(&mut self, at: &str, schema: &Value, value: &Value) {
        let schema = self.resolved(schema);
        let Some(rules) = schema.as_object() else { return self.complain(at, "nothing is promised") };
        if let Some(strange) = rules.keys().find(|word| !KNOWN.contains(&word.as_str())) {
            self.complain(at, &format!("{strange} is not checked here"));
        }
        if !types(rules).iter().any(|word| is(word, value)) {
            return self.complain(at, &format!("{value} is not {}", schema["type"]));
        }
        if let Some(words) = rules.get("enum").and_then(Value::as_array)
            && !value.is_null()
            && !words.contains(value)
        {
            self.complain(at, &format!("{value} is not among {words:?}"));
        }
        if rules.get("format").is_some_and(|format| format == "date-time")
            && let Some(text) = value.as_str()
            && !(text.len() == 24 && text.ends_with('Z') && text.parse::<jiff::Timestamp>().is_ok())
        {
            self.complain(at, &format!("{text} is no instant with milliseconds"));
        }
        if let (Some(items), Some(values)) = (rules.get("items"), value.as_array()) {
            values.iter().for_each(|value| self.check(&format!("{at}[]"), items, value));
        }
        if let (Some(promised), Some(given)) = (rules.get("properties").and_then(Value::as_object), value.as_object()) {
            self.fields(at, promised, rules.get("required"), given);
        }
    }

    fn fields(
        &mut self,
        at: &str,
        promised: &Map<String, Value>,
        required: Option<&Value>,
        given: &Map<String, Value>,
    ) {
        for name in required.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !given.contains_key(name) {
                self.complain(at, &format!("{name} is missing"));
            }
        }
        for (name, value) in given {
            match promised.get(name) {
                Some(schema) => self.check(&format!("{at}.{name}"), schema, value),
                None => self.complain(at, &format!("{name} is not described")),
            }
        }
    }

    /// Follows a `$ref`; lays the parts of an `allOf` on top of each other.
    fn resolved(&self, schema: &Value) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            return self.description.pointer(&name[1..]).map_or(Value::Null, |schema| self.resolved(schema));
        }
        let Some(parts) = schema["allOf"].as_array() else { return schema.clone() };
        let mut whole = json!({"type": "object", "properties": {}, "required": []});
        for part in parts {
            let part = self.resolved(part);
            for (name, property) in part["properties"].as_object().into_iter().flatten() {
                whole["properties"][name] = property.clone();
            }
            let required = part["required"].as_array().cloned().unwrap_or_default();
            whole["required"].as_array_mut().into_iter().for_each(|all| all.extend(required.clone()));
        }
        whole
    }

    fn complain(&mut self, at: &str, what: &str) {
        self.complaints.push(format!("{at}: {what}"));
    }
}

fn types(rules: &Map<String, Value>) -> Vec<&str> {
    match rules.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is(word: &str, value: &Value) -> bool {
    match word {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn the_checker_finds_what_does_not_fit() {
    let description = json!({"components": {"schemas": {"A": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}}}});
    let schema = json!({"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object", "properties": {
        "at": {"type": ["string", "null"], "format": "date-time"}, "word": {"type": "string", "enum": ["a"]}}, "required": ["at"]}]});
    let judged = |value: Value| {
        let mut complaints = Vec::new();
        Checker { description: &description, complaints: &mut complaints }.check("x", &schema, &value);
        complaints.len()
    };

    assert_eq!(judged(json!({"n": 1, "at": null})), 0);
    assert_eq!(judged(json!({"n": 1, "at": "2026-11-21T11:59:00.000Z", "word": "a"})), 0);
    for wrong in [
        json!({"at": null}),
        json!({"n": 1}),
        json!({"n": 1.5, "at": null}),
        json!({"n": 1, "at": "2026-11-21T11:59:00Z"}),
        json!({"n": 1, "at": null, "word": "b"}),
        json!({"n": 1, "at": null, "more": 1}),
        json!([]),
    ] {
        assert_eq!(judged(wrong.clone()), 1, "{wrong}");
    }
}
