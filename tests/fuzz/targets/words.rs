//! Single answers: numbers, addresses, names, amounts, opening hours, links. What has been read once reads the same again.

use super::{Target, WORD_MAX};
use crate::corpus::Corpus;
use jiff::tz::TimeZone;
use leadbell::base::money::Money;
use leadbell::base::{sms, text};
use leadbell::intake::redirect::thank_you;
use leadbell::lead::contact::{Email, Phone};
use leadbell::lead::hours::Hours;
use leadbell::lead::keyword::keyword;
use leadbell::lead::shop::slug;

const PHONES: [&str; 8] = [
    "(512) 555-0142 ext. 3",
    "+1 512-555-0142",
    "0049 (0)30 1234567",
    " 4915112345678",
    "020 7946 0018",
    "tel:+15125550142",
    "+55 11 91234-5678",
    "1-800-FLOWERS",
];
const EMAILS: [&str; 4] =
    ["Ana <ana@example.com>", "mailto:a.b+c@sub.example.co.uk", "\"a b\"@example.com", "ana@bücher.example"];
const AMOUNTS: [&str; 5] = ["29.35", "-0.005", "1000000", "12.500", "92233720368547758.07"];
const HOURS: [&str; 2] =
    [r#"{"mon":["08:00-12:00","13:00-18:00"],"sat":["09:00-13:00"]}"#, r#"{"sun":["00:00-23:59:59"],"tue":[]}"#];
const CURRENCIES: [&str; 8] = ["USD", "eur", "JPY", "KWD", "ISK", "UGX", "MGA", "XYZ"];
const ZONES: [&str; 4] = ["America/Chicago", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu"];

pub fn targets(corpus: &Corpus) -> Vec<Target> {
    let target = |name: &str, own: &[&str], check: fn(&[u8])| {
        let own: Vec<Vec<u8>> = own.iter().map(|text| text.as_bytes().to_vec()).collect();
        let many = own.iter().cycle().take(if own.is_empty() { 0 } else { 2 * corpus.words.len() });
        Target {
            name: name.to_owned(),
            inputs: 2_000,
            seeds: many.chain(&corpus.words).cloned().collect(),
            most: WORD_MAX,
            check: Box::new(check),
        }
    };
    vec![
        target("phone", &PHONES, phone),
        target("email", &EMAILS, email),
        target("text", &[], cleaned),
        target("sms", &[], shortened),
        target("money", &AMOUNTS, money),
        target("hours", &HOURS, hours),
        target("link", &["https://shop.example/thanks?a=1#b", "/thanks", "//shop.example"], link),
        target("keyword", &["STOP", "start", "Stop all"], word),
    ]
}

fn phone(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for country in ["US", "DE", "GB", "BR", "", "ZZ"] {
        let Some(phone) = Phone::parse(&text, country) else { continue };

        let e164 = phone.as_str();
        assert!(e164.len() <= 16 && e164.strip_prefix('+').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit())));
        assert_eq!(Phone::parse(e164, country).as_ref().map(Phone::as_str), Some(e164), "from {text:?}");
        let stored = Phone::from_stored(e164.to_owned());
        assert_eq!(
            (stored.national(country), stored.region(), stored.kind()),
            (phone.national(country), phone.region(), phone.kind())
        );
    }
}

fn email(bytes: &[u8]) {
    let Some(email) = Email::parse(&String::from_utf8_lossy(bytes)) else { return };

    let address = email.as_str();
    assert!(!address.chars().any(|c| c.is_control() || c.is_whitespace() || "<>,;\"".contains(c)), "{address:?}");
    assert!(address.contains('@') && address.len() <= 320 && !email.domain().is_empty());
    assert_eq!(Email::parse(address).as_ref().map(Email::as_str), Some(address));
    email.is_role();
}

fn cleaned(bytes: &[u8]) {
    let dirty = String::from_utf8_lossy(bytes);

    let (line, several) = (text::clean_line(&dirty, WORD_MAX), text::clean_text(&dirty, WORD_MAX));

    assert_eq!(text::clean_line(&line, WORD_MAX), line, "a clean line changes");
    assert_eq!(text::clean_text(&several, WORD_MAX), several, "a clean text changes");
    assert!(text::clean_line(&dirty, 20).chars().count() <= 20);
    assert!(text::clean_text(&dirty, 20).chars().count() <= 20);
    if let Some(name) = text::safe_first_name(&dirty) {
        assert!(!name.chars().any(|c| c.is_numeric() || "/:@\n".contains(c)), "{name:?}");
        assert_eq!(text::safe_first_name(&name), Some(name));
    }
}

fn shortened(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);

    let plain = sms::to_gsm(&text);

    assert_eq!(sms::to_gsm(&plain), plain, "a plain text changes");
    let cut = sms::cut_to_units(&text, 40, sms::encoding(&text));
    assert!(sms::units(&cut, sms::encoding(&text)) <= 40);
    assert_eq!(sms::parts(&sms::fit_one_part("New lead: ", &text, "\nReply 1")).segments, 1);
}

fn money(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for currency in CURRENCIES {
        if let Some(money) = Money::from_decimal(&text, currency) {
            assert_eq!(Money::from_decimal(&money.decimal(), currency).as_ref(), Some(&money), "from {text:?}");
            assert!(!money.display().is_empty() && money.brief().len() <= money.display().len());
        }
        if let Ok(minor) = text.trim().parse::<i64>() {
            for money in [Money::from_minor(minor, currency), Money::from_stripe(minor, currency)].into_iter().flatten()
            {
                assert_eq!(Money::from_decimal(&money.decimal(), currency).map(|m| m.minor), Some(money.minor));
                assert!(!money.display().is_empty());
            }
        }
    }
    Money::from_minor(1, &text);
}

fn hours(bytes: &[u8]) {
    let Some(hours) = Hours::parse(&String::from_utf8_lossy(bytes)) else { return };
    let zone = TimeZone::get(ZONES[bytes.len() % ZONES.len()]).unwrap();
    let second = i64::try_from(bytes.len()).unwrap() * 7_919_000;
    for at in [0, i64::MIN, i64::MAX, 253_402_207_200_000, -377_705_023_201_000, 1_770_802_212_000 + second] {
        hours.is_open(at, &zone);
        let next = hours.next_opening(at, &zone);
        assert!(next.is_none_or(|next| next.timestamp().as_millisecond() > at));
    }
}

fn link(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);

    if let Some(target) = thank_you(&text, &["shop.example"]) {
        assert!(!target.chars().any(|c| c.is_control() || c.is_whitespace()), "{target:?}");
    }
    assert!(slug(&text).bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{text:?}");
}

fn word(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for opted_out in [false, true] {
        assert_eq!(keyword(&text, opted_out), keyword(&text, opted_out));
    }
}
