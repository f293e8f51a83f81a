//! Bodies made to hurt: each a megabyte of one shape. They are read to an end, what comes out is small, and a person
//! among the noise is still found where there is room.

use super::{FORM, JSON, read};
use crate::intake::reading::{Kind, Reading};

const SIZE: usize = 1024 * 1024;

fn filled(open: &str, piece: &str, close: &str) -> Vec<u8> {
    let count = (SIZE - open.len() - close.len()) / piece.len();
    format!("{open}{}{close}", piece.repeat(count)).into_bytes()
}

fn held(r: &Reading) -> usize {
    r.fields.iter().map(|f| f.label.len() + f.value.len()).sum::<usize>() + r.message.as_ref().map_or(0, String::len)
}

#[test]
fn a_megabyte_of_any_shape_is_read_and_little_comes_out() {
    let person = r#""name":"Ana Ruiz","email":"ana@example.com","#;
    let bodies: Vec<(&str, &str, Vec<u8>)> = vec![
        ("deep arrays", JSON, filled("", "[", "")),
        ("deep objects", JSON, filled("", "{\"a\":", "")),
        ("deep xml", "text/xml", filled("", "<a>", "")),
        ("flat xml", "text/xml", filled("<r>", "<a>1</a>", "</r>")),
        ("short fields", FORM, filled("", "a=1&", "")),
        ("one key again and again", JSON, filled("{", "\"a\":1,", "\"b\":2}")),
        ("one list again and again", JSON, filled("{", "\"data\":1,", "\"b\":2}")),
        ("one bracketed key", FORM, filled("", "a[]=1&", "")),
        ("new keys under one", FORM, filled("", "a[b][c][d][e][f][g][h][i]=1&", "")),
        ("separators alone", FORM, filled("", "&", "")),
        ("semicolons", FORM, filled("", "a=1;", "")),
        ("numbers", JSON, filled("[", "1,", "1]")),
        ("items", JSON, filled("[", r#"{"label":"a","value":"b"},"#, "{}]")),
        ("people", JSON, filled("[", r#"{"name":"Ana Ruiz","email":"a@b.example"},"#, "{}]")),
        ("definitions", JSON, filled("[", r#"{"id":"a","label":"b","type":"c"},"#, "{}]")),
        (
            "options",
            JSON,
            format!(
                "{{\"label\":\"x\",\"value\":[{0}\"a\"],\"options\":[{1}{{}}]}}",
                "\"a\",".repeat(60_000),
                r#"{"id":"b","text":"c"},"#.repeat(30_000)
            )
            .into_bytes(),
        ),
        (
            "long names around many answers",
            JSON,
            format!("{{\"{}\":[{}{{}}]}}", "k".repeat(SIZE / 2), r#"{"a":1},"#.repeat(SIZE / 16)).into_bytes(),
        ),
        ("json in json in json", JSON, {
            let inner = serde_json::to_string(&format!("[{}1]", "[1],".repeat(40_000))).unwrap();
            format!("{{\"a\":{inner}}}").into_bytes()
        }),
        ("json lines", JSON, filled("", "{\"a\":1}\n", "")),
        ("quotes", JSON, filled("{\"a\":\"", "\\\"", "\"}")),
        ("lone surrogates", JSON, filled("{\"a\":\"", "\\ud800", "\"}")),
        ("entities", FORM, filled("message=", "&amp;", "")),
        ("entities in one text", JSON, filled("{\"message\":\"", "&amp;", "\"}")),
        ("at signs", FORM, filled("message=", "a@b ", "")),
        ("digits", FORM, filled("message=", "512 ", "")),
        ("digits without end", FORM, filled("message=", "5", "")),
        ("one long word", FORM, filled("name=", "x", "")),
        ("marks", FORM, filled("name=", "\u{301}", "")),
        ("plus signs", FORM, filled("", "+", "")),
        ("escapes", FORM, filled("a=", "%", "")),
        ("labelled lines", "text/plain", filled("", "a: b\n", "")),
        ("colons", "text/plain", filled("x y ", ":", "")),
        ("templates", FORM, filled("name=", "{{a}}", "")),
        ("delimiters", "multipart/form-data; boundary=x", filled("--x\r\n", "\r\n--x", "")),
        ("heads", "multipart/form-data; boundary=x", filled("--x\r\n", "name=\"a\";", "")),
        ("empty lines", "multipart/form-data; boundary=x", filled("--x\r\n", "\r\n", "")),
        (
            "two bytes a character",
            "text/plain",
            "\u{feff}a=1&".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>().repeat(100_000),
        ),
        ("noise behind a person", JSON, filled(&format!("{{{person}"), "\"a\":1,", "\"b\":2}")),
    ];
    for (what, content_type, body) in bodies {
        let reading = read("US", content_type, "", &body);

        assert!(reading.fields.len() <= 700, "{what}: {} fields", reading.fields.len());
        assert!(held(&reading) <= 3 * SIZE, "{what}: {} bytes", held(&reading));
        if what == "noise behind a person" {
            assert_eq!((reading.kind, reading.name.as_deref()), (Kind::Lead, Some("Ana Ruiz")));
        }
    }
}

#[test]
fn what_is_over_the_limits_is_cut_and_the_owner_is_told() {
    let fields: String = (0..600).map(|n| format!("&q{n}=answer+{n}")).collect();
    let long = format!("name=Ana+Ruiz&email=ana@example.com&notes={}", "word+".repeat(20_000));

    for body in [format!("name=Ana+Ruiz&email=ana@example.com{fields}"), long] {
        let reading = read("US", FORM, "", body.as_bytes());

        assert_eq!((reading.kind, reading.name.as_deref()), (Kind::Lead, Some("Ana Ruiz")));
        assert!(reading.fields.iter().any(|f| f.label == "Left out"), "{:?}", reading.fields.last());
    }
    let whole = read("US", FORM, "", b"name=Ana+Ruiz&email=ana@example.com&a=1&b=2");
    assert!(!whole.fields.iter().any(|f| f.label == "Left out"));
}

#[test]
fn every_person_of_a_delivery_is_kept_and_none_are_mixed() {
    let people: Vec<String> = (0..5)
        .map(|n| {
            format!(
                r#"{{"name":"Person Number{}","email":"p{n}@example.com","phone":"512-555-010{n}","note":"Wish {n}"}}"#,
                ["a", "b", "c", "d", "e"][n]
            )
        })
        .collect();

    let reading = read("US", JSON, "", format!("[{}]", people.join(",")).as_bytes());
    let again = read("US", JSON, "", format!("[{}]", people[..4].join(",")).as_bytes());

    assert_eq!(reading.email.as_ref().map(|e| e.as_str()), Some("p0@example.com"));
    let others: Vec<&str> =
        reading.fields.iter().filter(|f| f.label.starts_with("Person ")).map(|f| f.value.as_str()).collect();
    assert_eq!(others.len(), 4);
    for (n, other) in others.iter().enumerate() {
        let n = n + 1;
        assert!(
            other.contains(&format!("p{n}@example.com"))
                && other.contains(&format!("010{n}"))
                && other.contains(&format!("Wish {n}")),
            "{other}"
        );
        assert!(!other.contains("p0@"), "{other}");
    }
    assert_ne!(reading.answers_hash, again.answers_hash);
}
