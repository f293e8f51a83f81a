//! Mappings by table: what the owner says, what is read then, and what stays with the guess.

use super::*;
use crate::intake::providers;
use crate::lead::mapping::Field;

fn form(body: &str) -> Request<'_> {
    Request {
        method: "POST",
        url: "",
        content_type: None,
        headers: &[],
        query: "",
        body: body.as_bytes(),
        country: "US",
        received_at: 0,
    }
}

fn mapping(fields: &[(&str, Meaning)]) -> Mapping {
    let field = |(at, is): &(&str, Meaning)| Field { place: Place { at: (*at).to_owned(), label: None }, is: *is };
    Mapping::of(fields.iter().map(field))
}

/// The reading of a body under a mapping, by the provider that reads anything.
fn read(body: &str, fields: &[(&str, Meaning)]) -> Reading {
    let (provider, request) = (providers::generic(), form(body));
    let mut reading = provider.read(&request);
    apply(&mut reading, &provider.answers(&request), &mapping(fields), "US");
    reading
}

fn phone(reading: &Reading) -> Option<&str> {
    reading.phone.as_ref().map(Phone::as_str)
}

fn shows(reading: &Reading, value: &str) -> bool {
    reading.fields.iter().any(|field| field.value == value)
}

#[test]
fn the_owners_word_counts_and_what_lost_its_place_is_shown() {
    let body = "name=Maria+Lopez&phone=512-555-0142&callback=512-555-0199&notes=Tap+leaks&need=New+boiler+for+a+flat";

    let reading = read(body, &[("callback", Meaning::Phone), ("need", Meaning::Message)]);

    assert_eq!(phone(&reading), Some("+15125550199"));
    assert_eq!(reading.message.as_deref(), Some("New boiler for a flat"));
    assert!(shows(&reading, "512-555-0142") && shows(&reading, "Tap leaks"), "{reading:?}");
    assert!(!shows(&reading, "512-555-0199") && !shows(&reading, "New boiler for a flat"), "{reading:?}");
}

#[test]
fn a_field_that_is_something_else_leaves_its_place_to_the_next_best() {
    let body = r#"{"name":"Ask for Bob","contact":"Maria Lopez","email":"front@shop.com","reply":"maria@x.com","q":"Tap leaks here"}"#;

    let reading = read(body, &[("name", Meaning::Other), ("email", Meaning::Other)]);

    assert_eq!(reading.name.as_deref(), Some("Maria Lopez"));
    assert_eq!(reading.email.as_ref().map(Email::as_str), Some("maria@x.com"));
    assert!(shows(&reading, "Ask for Bob") && shows(&reading, "front@shop.com"), "{reading:?}");
}

#[test]
fn what_cannot_be_what_it_should_be_never_costs_a_way_to_reach_somebody() {
    let body = "name=Maria+Lopez&tel=512-555-0142&code=none&email=maria%40x.com&other=later";

    let reading = read(body, &[("code", Meaning::Phone), ("other", Meaning::Email)]);

    assert_eq!(phone(&reading), Some("+15125550142"));
    assert_eq!(reading.email.as_ref().map(Email::as_str), Some("maria@x.com"));
    assert!(shows(&reading, "none") && shows(&reading, "later"), "{reading:?}");
}

#[test]
fn an_empty_or_missing_field_is_guessed_as_before() {
    let fields = [("callback", Meaning::Phone), ("gone", Meaning::Email)];
    let body = "name=Maria+Lopez&phone=512-555-0142&callback=&email=maria%40x.com";

    assert_eq!(read(body, &fields), providers::generic().read(&form(body)));
}

#[test]
fn a_name_is_put_together_from_the_parts_that_were_pointed_out() {
    let parts = |body: &str, fields: &[(&str, Meaning)]| {
        let reading = read(body, fields);
        (reading.name.unwrap_or_default(), reading.first_name.unwrap_or_default())
    };
    let told = |name: &str, first: &str| (name.to_owned(), first.to_owned());
    let body = "a=Maria&b=Lopez&email=m%40x.com";

    let both = [("a", Meaning::FirstName), ("b", Meaning::LastName)];
    assert_eq!(parts(body, &both), told("Maria Lopez", "Maria"));
    assert_eq!(parts("a=Maria&last_name=Lopez&email=m%40x.com", &both[..1]), told("Maria Lopez", "Maria"));
    assert_eq!(parts("first_name=Maria&b=Lopez&email=m%40x.com", &both[1..]), told("Maria Lopez", "Maria"));
    assert_eq!(parts("x=Lopez+Maria&email=m%40x.com", &[("x", Meaning::Name)]).0, "Lopez Maria");
}

#[test]
fn somebody_found_by_a_mapping_is_a_lead_and_a_box_can_be_pointed_out() {
    let body = "f1=five+one+two&f2=0&f3=ok";
    assert_eq!(providers::generic().read(&form(body)).kind, Kind::Unreadable);

    let reading = read(body, &[("f1", Meaning::Phone), ("f2", Meaning::Consent)]);

    assert_eq!((reading.kind, reading.problem.as_deref()), (Kind::Lead, None));
    assert_eq!(reading.phone_as_given.as_deref(), Some("five one two"));
    assert_eq!(reading.consent.map(|consent| consent.given), Some(false));
}

#[test]
fn a_trap_or_a_secret_cannot_be_given_a_meaning() {
    let body = "name=Maria+Lopez&email=m%40x.com&_gotcha=512-555-0142&g-recaptcha-response=512-555-0142";
    let fields = [("_gotcha", Meaning::Phone), ("g-recaptcha-response", Meaning::Phone)];

    let reading = read(body, &fields);

    assert_eq!((reading.kind, phone(&reading)), (Kind::Spam, None));
}

#[test]
fn each_event_of_a_request_is_read_by_its_own_answers() {
    let body = r#"[{"form":"f","answers":{"who":"Ana Ruiz","tel":"512-555-0101","alt":"512-555-0111"}}]"#;
    let provider = providers::generic();
    let request = form(body);
    let mut readings = vec![provider.read(&request), provider.read(&request)];
    let part = body.replace("0111", "0122");

    apply_all(
        &mut readings,
        &[body.to_owned(), part],
        provider,
        &request,
        &mapping(&[("answers.alt", Meaning::Phone)]),
    );

    assert_eq!(readings.iter().map(phone).collect::<Vec<_>>(), [Some("+15125550111"), Some("+15125550122")]);
}

#[test]
fn fields_are_told_with_examples_and_how_surely_they_are_known() {
    let bodies = [
        "name=Maria+Lopez&phone=512-555-0142&budget=500&message=Kitchen+tap+leaks",
        "name=Tom+Becker&phone=512-555-0143&budget=&message=Boiler+is+cold",
        "name=Ana&phone=later&budget=500&message=Please+call+me+back&sms_consent=yes",
    ];
    let requests: Vec<Request<'_>> = bodies.iter().map(|body| form(body)).collect();

    let found = guesses(providers::generic(), &requests);

    let told: Vec<_> = found.iter().map(|g| (g.title.as_str(), g.filled, g.role())).collect();
    assert_eq!(
        told,
        [
            ("Name", 3, Some(("name", 3))),
            ("Phone", 3, Some(("phone number", 2))),
            ("Budget", 2, None),
            ("Message", 3, Some(("message", 3))),
            ("Sms consent", 1, Some(("consent to texts", 1))),
        ]
    );
    assert_eq!(found[0].samples, ["Maria Lopez", "Tom Becker"]);
    assert_eq!(found[2].samples, ["500"]);
}
