//! Phones and addresses as people type them.

use super::*;
use proptest::prelude::*;

fn e164(text: &str, country: &str) -> Option<String> {
    Phone::parse(text, country).map(|p| p.as_str().to_owned())
}

#[test]
fn a_number_is_read_as_people_type_it() {
    for (text, country, expected) in [
        ("(512) 555-0142", "US", "+15125550142"),
        ("512.555.0142", "us", "+15125550142"),
        ("1-512-555-0142", "US", "+15125550142"),
        ("5125550142 x12", "US", "+15125550142"),
        ("512-555-0142 ext. 7", "US", "+15125550142"),
        ("tel:+1-512-555-0142", "DE", "+15125550142"),
        ("+44 (0)20 7946 0123", "US", "+442079460123"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("0044 20 7946 0123", "US", "+442079460123"),
        ("011 44 20 7946 0123", "US", "+442079460123"),
        ("33612345678", "US", "+33612345678"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("0171 2345678", "DE", "+491712345678"),
        ("0171/2345678", "DE", "+491712345678"),
        ("（512）555−0142", "US", "+15125550142"),
        ("５１２５５５０１４２", "US", "+15125550142"),
        ("600 112 233", "ES", "+34600112233"),
        ("333 123 4567", "IT", "+393331234567"),
        ("06-12345678", "NL", "+31612345678"),
        ("(11) 91234-5678", "BR", "+5511912345678"),
    ] {
        assert_eq!(e164(text, country).as_deref(), Some(expected), "{text} in {country}");
    }
}

#[test]
fn what_nobody_can_be_called_on_is_no_phone() {
    for text in [
        "",
        "911",
        "12345",
        "anonymous",
        "Restricted",
        "n/a",
        "0000000000",
        "1-800-FLOWERS",
        "1-900-555-0100",
        "2026-02-11",
        "maria@example.com",
        "512 555",
        "+266696687",
        "555-0142 or 555-0143",
        "+1 512 +1 512 555 0142",
    ] {
        assert_eq!(e164(text, "US"), None, "{text}");
    }
}

#[test]
fn a_number_is_shown_as_its_reader_writes_it() {
    let phone = Phone::from_stored("+15125550142".to_owned());

    assert_eq!(phone.national("US"), "(512) 555-0142");
    assert_eq!(phone.national("CA"), "(512) 555-0142");
    assert_eq!(phone.national("DE"), "+1 512-555-0142");
    assert_eq!(phone.region().as_deref(), Some("US"));
    assert_eq!(phone.kind(), PhoneKind::FixedOrMobile);
    assert_eq!(Phone::from_stored("+491712345678".to_owned()).kind(), PhoneKind::Mobile);
    assert_eq!(Phone::from_stored("+442079460123".to_owned()).kind(), PhoneKind::Fixed);
    assert_eq!(Phone::from_stored("+18005550142".to_owned()).kind(), PhoneKind::Other);
}

#[test]
fn an_address_follows_our_policy() {
    for (text, expected) in [
        ("Maria.Lopez@Example.COM", "Maria.Lopez@example.com"),
        (" <a+b@example.co.uk> ", "a+b@example.co.uk"),
        ("Zoë Hart <zoe@example.com>", "zoe@example.com"),
        ("mailto:zoe@example.com", "zoe@example.com"),
        ("zoe@example.com.", "zoe@example.com"),
        ("jörg@müller.example", "jörg@müller.example"),
    ] {
        assert_eq!(Email::parse(text).as_ref().map(Email::as_str), Some(expected), "{text}");
    }
    let long = format!("{}@example.com", "a".repeat(250));
    for text in [
        "",
        "@",
        "a@b",
        "a@@b.example",
        "a b@example.com",
        "\"a b\"@example.com",
        "a@[127.0.0.1]",
        "a@1.2.3.4",
        "a@example..com",
        "a..b@example.com",
        "a@example.com, b@example.com",
        "a@-x.example",
        "no",
        long.as_str(),
        "a@example.com\r\nBcc: b",
        "@handle.example",
    ] {
        assert_eq!(Email::parse(text), None, "{text}");
    }
}

#[test]
fn machines_and_offices_are_told_apart_from_people() {
    let role = |a: &str| Email::from_stored(a.to_owned()).is_role();

    assert!(
        ["noreply@a.example", "No-Reply@a.example", "mailer-daemon@a.example", "postmaster@a.example"]
            .into_iter()
            .all(role)
    );
    assert!(["bounce+12@a.example", "do_not_reply@a.example", "list-request@a.example"].into_iter().all(role));
    assert!(!["maria@a.example", "info@a.example", "norena@a.example"].into_iter().any(role));
}

proptest! {
    #[test]
    fn reading_a_contact_never_panics(text in "(?s).{0,80}|[0-9+() x.-]{0,40}|[a-z@.<>]{0,30}", country in "[A-Z]{2}|.{0,3}") {
        if let Some(phone) = Phone::parse(&text, &country) {
            prop_assert!(phone.as_str().starts_with('+') && phone.as_str()[1..].bytes().all(|b| b.is_ascii_digit()));
            prop_assert!(!phone.national(&country).is_empty());
        }
        if let Some(email) = Email::parse(&text) {
            prop_assert!(!email.as_str().contains(char::is_whitespace));
        }
    }
}
