//! The same few answers in every wrapping and damage that bodies come in.

use super::{Case, form, json, raw};
use crate::intake::tests::FORM;

fn sam(case: Case) -> Case {
    case.name("Sam Lee").email("sam@example.com").message("Fix the gate")
}

fn wide(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

pub fn cases() -> Vec<Case> {
    let object = r#"{"name":"Sam Lee","email":"sam@example.com","message":"Fix the gate"}"#;
    let pairs = "name=Sam+Lee&email=sam%40example.com&message=Fix+the+gate";
    let parts = |boundary: &str, end: &str| {
        let part = |name: &str, text: &str| {
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        };
        format!(
            "{}{}{}{end}",
            part("name", "Sam Lee"),
            part("email", "sam@example.com"),
            part("message", "Fix the gate")
        )
    };
    let mut query = raw("US", "", b"");
    query.query = "name=Sam+Lee&email=sam%40example.com&message=Fix+the+gate&token=x";
    vec![
        sam(query),
        sam(raw("US", FORM, object.as_bytes())),
        sam(raw("US", "text/plain;charset=UTF-8", object.as_bytes())),
        sam(raw("US", "application/json", pairs.as_bytes())),
        sam(raw("US", "", pairs.as_bytes())),
        sam(json("US", &serde_json::to_string(object).unwrap())),
        sam(json("US", &format!("[{object}]"))),
        sam(json("US", &format!("{{\"payload\":{}}}", serde_json::to_string(object).unwrap()))),
        sam(raw("US", FORM, format!("data={}", url::form_urlencoded::byte_serialize(object.as_bytes()).collect::<String>()).as_bytes())),
        sam(raw("US", FORM, format!("{}=", url::form_urlencoded::byte_serialize(object.as_bytes()).collect::<String>()).as_bytes())),
        sam(raw("US", "application/json", &wide(&format!("\u{feff}{object}"), true))),
        sam(raw("US", "application/json", &wide(object, false))),
        sam(raw("US", FORM, &wide(&format!("\u{feff}{pairs}"), false))),
        sam(raw("US", FORM, b"name=Sam Lee;email=sam@example.com;message=Fix the gate")),
        sam(raw("US", "text/plain", b"name=Sam Lee\r\nemail=sam@example.com\r\nmessage=Fix the gate\r\n")),
        sam(raw("US", "text/plain", b"New submission\n\nName: Sam Lee\nEmail: sam@example.com\nMessage: Fix the gate\n")),
        sam(raw("US", "multipart/form-data; boundary=\"a b\"", parts("a b", "--a b--\r\n").as_bytes())),
        sam(raw("US", "multipart/form-data; boundary=zzz", parts("XyZ", "").as_bytes())),
        sam(raw("US", "multipart/form-data", parts("XyZ", "--XyZ--").replace("\r\n", "\n").as_bytes())),
        sam(raw("US", "text/xml", b"<?xml version='1.0'?><lead><name>Sam Lee</name><email>sam@example.com</email><message>Fix the gate</message></lead>")),
        sam(raw("US", "text/xml", b"<form><field name='name'>Sam Lee</field><field name='email'>sam@example.com</field><field name='message'>Fix the gate</field></form>")),
        sam(raw("US", FORM, format!("{pairs}&broken=%zz%&=x&&also").as_bytes())),
        sam(raw("US", FORM, b"name=S\x00am+Lee%00&email=sam%40example.com&message=Fix\xe2\x80\xae+the+gate")),
        sam(json("US", &format!("{}{}", "\u{feff}", object.replace("\"name\"", "\"utm\":null,\"name\"")))),
        sam(json("US", &object.replace('}', ",\"tags\":[],}"))),
        sam(json("US", r#"{"name":["Sam Lee"],"email":["sam@example.com"],"message":["Fix the gate"]}"#)),
        sam(json("US", r#"{"fields":{"a1":{"label":"Name","value":"Sam Lee"},"a2":{"label":"Email","value":"sam@example.com"},"a3":{"label":"Message","value":"Fix the gate"}}}"#)),
        sam(json("US", r#"{"answers":{"Name":{"answer":"Sam Lee"},"Email":{"answer":"sam@example.com"},"Message":{"answer":"Fix the gate"}}}"#)),
        sam(json("US", r#"{"properties":{"firstname":{"value":"Sam"},"lastname":{"value":"Lee"},"email":{"value":"sam@example.com"},"message":{"value":"Fix the gate"}}}"#)),
        sam(json("US", r#"{"responses":[["Name","Sam Lee"],["Email","sam@example.com"],["Message","Fix the gate"]]}"#)),
        sam(raw("US", FORM, b"_charset_=iso-8859-1&name=Sam+Lee&email=sam%40example.com&message=Fix+the+gate")),
        form("DE", "x=").kind(crate::intake::reading::Kind::Unreadable),
        raw("DE", "application/x-www-form-urlencoded; charset=windows-1252", b"name=J%F6rg+Wei%DF&email=j%40example.de&message=%84Dach%93+undicht")
            .name("Jörg Weiß").email("j@example.de").message("„Dach“ undicht"),
        raw("DE", "application/json", b"{\"name\":\"J\xf6rg Wei\xdf\",\"email\":\"j@example.de\",\"message\":\"Dach \x93undicht\x94\"}")
            .name("Jörg Weiß").email("j@example.de").message("Dach “undicht”"),
        raw("US", FORM, b"name=Sam+Lee&email=sam%40example.com&message=a%0D%0Ab%0D%0A%0D%0Ac+%2B+d+100%25").name("Sam Lee").email("sam@example.com").message("a\nb\n\nc + d 100%"),
        raw("US", "", b"").kind(crate::intake::reading::Kind::Unreadable),
        raw("US", FORM, b"\xff\xfe\xfd\x00\x01\x02\x80\x81=\x90").kind(crate::intake::reading::Kind::Unreadable),
    ]
}
