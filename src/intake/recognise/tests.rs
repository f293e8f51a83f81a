//! Forms as people build them, in seven languages, and what is recognised in each.

use crate::intake::providers;
use crate::intake::reading::{Kind, Reading, Request};

fn read(content_type: &str, body: &str) -> Reading {
    let request = Request {
        method: "POST",
        url: "",
        content_type: Some(content_type),
        headers: &[],
        query: "",
        body: body.as_bytes(),
        country: "US",
        received_at: 0,
    };
    providers::generic().read(&request)
}

fn form(body: &str) -> Reading {
    read("application/x-www-form-urlencoded", body)
}

fn json(body: &str) -> Reading {
    read("application/json", body)
}

fn who(r: &Reading) -> (Option<&str>, Option<&str>, Option<&str>, Option<&str>) {
    (r.name.as_deref(), r.email.as_ref().map(|e| e.as_str()), r.phone_as_given.as_deref(), r.message.as_deref())
}

#[test]
fn seven_languages_name_the_same_things() {
    for (body, name) in [
        ("nombre=Ana+Ruiz&correo=a@b.es&telefono=%2B34600112233&mensaje=Hola+necesito+ayuda", "Ana Ruiz"),
        ("prenom=Luc&nom=Petit&courriel=a@b.fr&telephone=%2B33612345678&demande=Une+fuite", "Luc Petit"),
        ("vorname=Jens&nachname=Kahl&email=a@b.de&handy=%2B491711234567&nachricht=Bitte+anrufen", "Jens Kahl"),
        ("nome=Rui+Alves&email=a@b.pt&telemovel=%2B351912345678&mensagem=Preciso+de+ajuda", "Rui Alves"),
        ("nome=Gia&cognome=Riva&email=a@b.it&cellulare=%2B393331234567&messaggio=Buongiorno+a+tutti", "Gia Riva"),
        ("voornaam=Piet&achternaam=Bos&email=a@b.nl&telefoon=%2B31612345678&bericht=Graag+bellen", "Piet Bos"),
        ("firstName=Sam&lastName=Lee&emailAddress=a@b.com&mobile=%2B15125550142&comments=Please+call", "Sam Lee"),
    ] {
        let r = form(body);

        assert_eq!(r.name.as_deref(), Some(name), "{body}");
        assert!(r.email.is_some() && r.phone.is_some() && r.message.is_some(), "{body}: {r:?}");
    }
}

#[test]
fn words_inside_words_fool_nobody() {
    let r =
        form("hotel=Grand&company_name=Acme+Ltd&username=slee&form_name=Contact&your-name=Sam+Lee&your-email=s@x.com");

    assert_eq!(who(&r), (Some("Sam Lee"), Some("s@x.com"), None, None));
    assert!(r.fields.iter().any(|f| f.value == "Acme Ltd"));
}

#[test]
fn a_form_whose_fields_say_nothing_is_read_by_shape() {
    let r = form(
        "field_1=Maria+Lopez&field_2=maria@example.com&field_3=(512)+555-0142&field_4=The+kitchen+tap+is+leaking+under+the+sink+please+come",
    );

    assert_eq!(who(&r).0, Some("Maria Lopez"));
    assert!(r.phone.is_some());
    assert!(r.message.unwrap().starts_with("The kitchen tap"));
}

#[test]
fn json_that_lies_about_its_type_is_still_read() {
    let r = read(
        "text/plain",
        "\u{feff}{\"Name\":\"Mia Keller\",\"Email\":\"mia@example.ch\",\"Message\":\"Grüezi mitenand\"}",
    );
    let s = form(r#"{"name":"Mia Keller","phone":15125550142}"#);

    assert_eq!(who(&r), (Some("Mia Keller"), Some("mia@example.ch"), None, Some("Grüezi mitenand")));
    assert_eq!(s.phone.unwrap().as_str(), "+15125550142");
}

#[test]
fn secrets_are_not_kept_and_robots_are_noticed() {
    let r = form("name=Sam&email=s@x.com&g-recaptcha-response=abc&password=hunter2&bot-field=");
    let robot = form("name=Sam&email=s@x.com&_honey=yes");

    assert!(r.fields.is_empty(), "{:?}", r.fields);
    assert_eq!((r.kind, robot.kind), (Kind::Lead, Kind::Spam));
}

#[test]
fn consent_is_what_the_box_says() {
    let yes = form("name=Sam+Lee&phone=5125550142&sms_consent=on");
    let no = json(r#"{"name":"Sam Lee","phone":"512 555 0142","sms_consent":false}"#);

    assert_eq!(yes.consent.map(|c| c.given), Some(true));
    assert_eq!(no.consent.map(|c| c.given), Some(false));
}

#[test]
fn what_answers_nobody_is_kept_as_unreadable() {
    assert_eq!(form("foo=bar").kind, Kind::Unreadable);
    assert_eq!(form("").kind, Kind::Unreadable);
    assert_eq!(json(r#"{"event":"ping"}"#).kind, Kind::Ignored);
}

#[test]
fn the_same_answers_hash_alike_in_any_order() {
    let a = form("name=Sam&email=s@x.com&timestamp=1");
    let b = form("timestamp=2&email=s@x.com&name=Sam");
    let c = form("name=Sam&email=t@x.com");

    assert_eq!(a.answers_hash, b.answers_hash);
    let wish = |text: &str| form(&format!("name=Sam&email=s@x.com&What+is+unique+about+it=no+{text}+2")).answers_hash;
    assert_ne!(wish("roof"), wish("door"));
    assert_ne!(a.answers_hash, c.answers_hash);
}
