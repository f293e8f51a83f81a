//! What must hold for every body there can be: nothing panics, nothing grows, nothing hostile comes out, and the same
//! answers read the same in every wrapping and order.

use super::{FORM, JSON, read};
use crate::intake::reading::{Kind, Reading};
use proptest::prelude::*;
use std::fmt::Write;

const MULTIPART: &str = "multipart/form-data; boundary=XyZ";

/// Most bytes that a reading may hold of one body: fields are cut, so a body cannot grow on its way through.
fn size(r: &Reading) -> usize {
    let fields: usize = r.fields.iter().map(|f| f.label.len() + f.value.len()).sum();
    let texts = [&r.name, &r.first_name, &r.phone_as_given, &r.message, &r.page, &r.event_id, &r.redirect, &r.problem];
    fields + texts.into_iter().flatten().map(String::len).sum::<usize>()
}

/// Nothing that comes out can break out of a line, a header or a page's direction.
fn check(r: &Reading) -> Result<(), TestCaseError> {
    let hostile = |c: char| {
        c.is_control()
            || matches!(u32::from(c), 0x200E | 0x200F | 0x202A..=0x202E | 0x2028 | 0x2029 | 0x2066..=0x2069 | 0xFEFF)
    };
    let lines = [&r.name, &r.first_name, &r.phone_as_given, &r.page, &r.event_id];
    for line in lines.into_iter().flatten() {
        prop_assert!(!line.chars().any(hostile), "{line:?}");
    }
    let consent = r.consent.iter().flat_map(|c| [&c.field, &c.words]);
    let labels = r.fields.iter().map(|f| &f.label);
    for line in labels.chain(consent) {
        prop_assert!(!line.chars().any(hostile), "{line:?}");
    }
    for text in r.fields.iter().map(|f| &f.value).chain(&r.message) {
        prop_assert!(!text.chars().any(|c| c != '\n' && hostile(c)), "{text:?}");
    }
    prop_assert!(r.name.as_ref().is_none_or(|n| n.chars().count() <= 200));
    prop_assert!(r.phone_as_given.as_ref().is_none_or(|p| p.chars().count() <= 61));
    prop_assert!(r.fields.len() <= 700 && r.answers_hash.len() == 64);
    prop_assert_eq!(r.kind == Kind::Lead, r.problem.is_none() && r.kind != Kind::Test);
    Ok(())
}

/// Names of fields with what a stranger may put into them.
fn any_answers() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![
        Just("name"),
        Just("First Name"),
        Just("nachname"),
        Just("email"),
        Just("phone"),
        Just("Teléfono móvil"),
        Just("message"),
        Just("Company"),
        Just("consent"),
        Just("field_3"),
        Just("a[b][c]"),
        Just("x[]"),
        Just("data"),
        Just("_next"),
        Just("date"),
        Just("1.3"),
        Just("country"),
        Just("Confirm email"),
        Just(""),
        Just("🙂"),
    ];
    let value = prop_oneof![
        "(?s).{0,40}",
        "[ -~]{0,60}",
        "[0-9+() .x-]{0,20}",
        "[a-z.]{1,8}@[a-z]{1,8}\\.[a-z]{2,4}",
        "[{}\\[\\]\":,a-z0-9 ]{0,40}",
        "\\PC{0,30}[\u{202e}\u{2066}\u{feff}\r\n\0]\\PC{0,10}",
        Just("&amp;#8238;&#0;&#x2028;Ã©".to_owned()),
    ];
    prop::collection::vec((name.prop_map(str::to_owned), value), 0..12)
}

fn as_form(answers: &[(String, String)]) -> Vec<u8> {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(answers).finish().into_bytes()
}

fn as_json(answers: &[(String, String)]) -> Vec<u8> {
    let pairs: Vec<String> = answers
        .iter()
        .map(|(name, value)| {
            format!("{}:{}", serde_json::Value::from(name.as_str()), serde_json::Value::from(value.as_str()))
        })
        .collect();
    format!("{{{}}}", pairs.join(",")).into_bytes()
}

fn as_multipart(answers: &[(String, String)]) -> Vec<u8> {
    let mut out = String::new();
    for (name, value) in answers {
        write!(out, "--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").unwrap();
    }
    (out + "--XyZ--\r\n").into_bytes()
}

/// One honest answer for each role, and a few beside.
fn honest_answers() -> impl Strategy<Value = Vec<(String, String)>> {
    let person = (
        "[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}",
        "[a-z]{3,8}@[a-z]{3,8}\\.example",
        "\\+1512555[0-9]{4}",
        "[A-Z][a-z]{2,6}( [a-z]{3,7}){3,9}(\n[a-z]{3,7} [a-z]{3,7})?",
        "[a-z]{4,9}",
        any::<bool>(),
    );
    person.prop_map(|(name, email, phone, message, colour, ticked)| {
        [
            ("your_name", name),
            ("email", email),
            ("phone", phone),
            ("message", message),
            ("colour", colour),
            ("sms_consent", if ticked { "yes" } else { "no" }.to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .to_vec()
    })
}

fn contacts(r: &Reading) -> [Option<String>; 5] {
    [
        r.name.clone(),
        r.email.as_ref().map(|e| e.as_str().to_owned()),
        r.phone.as_ref().map(|p| p.as_str().to_owned()),
        r.message.clone(),
        Some(r.answers_hash.clone()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_bytes_do_harm(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        content_type in prop_oneof![Just(FORM), Just(JSON), Just(MULTIPART), Just("text/xml"), Just(""), Just("text/plain; charset=utf-16")],
        country in prop_oneof![Just("US"), Just("DE"), Just("XX"), Just("")],
    ) {
        check(&read(country, content_type, "", &bytes))?;
    }

    #[test]
    fn no_text_of_a_known_shape_does_harm(
        text in prop_oneof![
            "[{\\[][{}\\[\\]\":,a-z0-9@. \\\\u]{0,200}",
            "<[<>/a-z =\"'&;#0-9@.]{0,200}",
            "([a-z\\[\\]]{0,8}=[ -~]{0,20}[&;\n]){0,12}",
            "([A-Z][a-z]{0,8}: ?[ -~]{0,20}\n){0,12}",
            "--XyZ\r\n([ -~]{0,30}(\r\n|\n|\r\n\r\n|: |--XyZ)){0,12}",
        ],
        content_type in prop_oneof![Just(FORM), Just(JSON), Just(MULTIPART), Just("text/plain")],
    ) {
        check(&read("US", content_type, "", text.as_bytes()))?;
    }

    #[test]
    fn no_answers_do_harm_in_any_wrapping(answers in any_answers()) {
        for (content_type, body) in [(FORM, as_form(&answers)), (JSON, as_json(&answers)), (MULTIPART, as_multipart(&answers))] {
            let reading = read("US", content_type, "", &body);
            check(&reading)?;
            prop_assert!(size(&reading) <= 4 * body.len() + 4_000, "{} of {}", size(&reading), body.len());
        }
    }

    #[test]
    fn the_same_answers_are_the_same_in_every_wrapping_and_order(answers in honest_answers().prop_shuffle(), turn in 0usize..6) {
        let first = contacts(&read("US", FORM, "", &as_form(&answers)));
        let mut turned = answers.clone();
        turned.rotate_left(turn);
        let crlf: Vec<(String, String)> = turned.iter().map(|(k, v)| (k.clone(), v.replace('\n', "\r\n"))).collect();

        prop_assert!(first.iter().all(Option::is_some), "{first:?}");
        prop_assert_eq!(&contacts(&read("US", JSON, "", &as_json(&turned))), &first);
        prop_assert_eq!(&contacts(&read("US", MULTIPART, "", &as_multipart(&crlf))), &first);
        prop_assert_eq!(&contacts(&read("US", "", &String::from_utf8(as_form(&turned)).unwrap(), b"")), &first);
    }
}
