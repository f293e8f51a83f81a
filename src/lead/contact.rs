//! Ways to reach a person, made once at the border and trusted after.
//!
//! A text becomes a [`Phone`] only if it is a valid number that people can be called on, an [`Email`] only if our
//! policy would write to it. Refused: short codes, premium and shared-cost lines, pagers, words on a keypad, quoted
//! local parts, address literals. Price: a number of a range that opened last week is refused until the
//! metadata is updated; it is still shown as typed.

use crate::base::text;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest number as people type it, with extension and words around it, in characters.
const PHONE_TEXT_MAX: usize = 60;
/// RFC 5321 §4.5.3.1.3 less the angle brackets.
const EMAIL_MAX: usize = 254;

/// A phone number in E.164 (ITU-T), such as `+15125550142`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

/// An e-mail address that our policy would write to: one `@`, a dotted domain, no quotes, no address literal,
/// at most 254 characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

/// What stands at the other end of a number, as far as its digits tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// A mobile.
    Mobile,
    /// A landline.
    Fixed,
    /// Either: North American numbers do not tell.
    FixedOrMobile,
    /// Toll-free, internet telephony and the rest.
    Other,
}

impl Phone {
    /// Reads a number as a person typed it: national for `country` (ISO 3166 alpha-2), or international with `+`,
    /// `00` or bare digits; brackets, full-width digits and extensions are understood, the extension is dropped.
    /// `None` for everything that is not one valid, ordinary number.
    ///
    /// ```
    /// use leadbell::lead::contact::Phone;
    /// let phone = Phone::parse("(512) 555-0142 ext. 3", "US");
    /// assert_eq!(phone.as_ref().map(Phone::as_str), Some("+15125550142"));
    /// ```
    pub fn parse(text: &str, country: &str) -> Option<Phone> {
        let typed = plain_digits(text)?;
        let home = region_of(country);
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let foreign = || (digits.len() >= 11 && !digits.starts_with('0')).then(|| format!("+{digits}"));
        let zeros = || digits.strip_prefix("00").filter(|d| d.len() >= 9).map(|d| format!("+{d}"));
        valid(&typed, home)
            .or_else(|| if typed.contains('+') { None } else { zeros().or_else(foreign).and_then(|t| valid(&t, None)) })
            .map(|number| Phone(number.format_as(PhoneNumberFormat::E164).into_owned()))
    }

    /// A number read back from the database.
    pub fn from_stored(number: String) -> Phone {
        Phone(number)
    }

    /// The number as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people at home in `country` write it: `(512) 555-0142` at home, `+44 20 7946 0123` abroad.
    pub fn national(&self, country: &str) -> String {
        let Some(number) = self.number() else { return self.0.clone() };
        let at_home = region_of(country)
            .is_some_and(|home| PHONE_NUMBER_UTIL.get_country_code_for_region(home) == Some(number.country_code));
        let format = if at_home { PhoneNumberFormat::National } else { PhoneNumberFormat::International };
        number.format_as(format).into_owned()
    }

    /// The country of the number, ISO 3166 alpha-2, where its digits tell.
    pub fn region(&self) -> Option<String> {
        let region = self.number()?.get_region_code()?;
        (region != Region::World).then(|| region.to_string())
    }

    /// Mobile, landline or neither, as far as the digits tell.
    pub fn kind(&self) -> PhoneKind {
        match self.number().map(|number| number.get_type()) {
            Some(PhoneNumberType::Mobile) => PhoneKind::Mobile,
            Some(PhoneNumberType::FixedLine) => PhoneKind::Fixed,
            Some(PhoneNumberType::FixedLineOrMobile) => PhoneKind::FixedOrMobile,
            _ => PhoneKind::Other,
        }
    }

    fn number(&self) -> Option<PhoneNumber> {
        PHONE_NUMBER_UTIL.parse(&self.0, None).ok()
    }
}

impl Email {
    /// Reads an address as a person typed it, also as `Name <a@b.example>` or `mailto:`. The domain is lower-cased.
    /// `None` for everything that our policy would not write to.
    ///
    /// ```
    /// use leadbell::lead::contact::Email;
    /// let email = Email::parse("Grace <grace.okafor@Example.COM>");
    /// assert_eq!(email.as_ref().map(Email::as_str), Some("grace.okafor@example.com"));
    /// ```
    pub fn parse(text: &str) -> Option<Email> {
        if text.len() > 4 * EMAIL_MAX || !text.contains(['@', '＠']) {
            return None;
        }
        let line = text::clean_line(text, 2 * EMAIL_MAX).replace('＠', "@");
        let bare = between_brackets(&line).unwrap_or(&line).trim();
        let bare =
            strip_scheme(bare).trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | '\'' | '"'));
        let (local, domain) = bare.rsplit_once('@')?;
        let address = format!("{local}@{}", domain.to_lowercase());
        (is_local_part(local) && is_domain(domain) && address.len() <= EMAIL_MAX)
            .then(|| address.parse::<lettre::Address>().ok())
            .flatten()
            .map(|_| Email(address))
    }

    /// An address read back from the database.
    pub fn from_stored(address: String) -> Email {
        Email(address)
    }

    /// The address as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether a machine or an office reads it (`noreply@`, `postmaster@`): such addresses get no automatic answer
    /// (RFC 2142, RFC 3834).
    pub fn is_role(&self) -> bool {
        let local = self.0.split(['@', '+']).next().unwrap_or("").to_ascii_lowercase();
        let plain: String = local.chars().filter(|c| !matches!(c, '-' | '_' | '.')).collect();
        const ROLES: &[&str] = &[
            "noreply",
            "donotreply",
            "dontreply",
            "noresponse",
            "nobody",
            "postmaster",
            "mailerdaemon",
            "hostmaster",
            "webmaster",
            "abuse",
            "root",
            "daemon",
            "bounce",
            "bounces",
            "listserv",
            "majordomo",
            "mailman",
            "autoresponder",
            "autoreply",
            "usenet",
            "news",
            "uucp",
            "noc",
            "security",
            "null",
            "devnull",
            "unsubscribe",
            "spam",
            "automated",
            "notifications",
            "notification",
            "alerts",
        ];
        ROLES.contains(&plain.as_str())
            || plain.starts_with("noreply")
            || plain.starts_with("bounce")
            || plain.starts_with("donotreply")
            || local.starts_with("owner-")
            || local.ends_with("-request")
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::base::mask::phone(&self.0))
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::base::mask::email(&self.0))
    }
}

/// Whether this is a country (ISO 3166 alpha-2, upper case) whose numbers can be read.
pub fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) && region_of(code).is_some()
}

fn region_of(country: &str) -> Option<Region> {
    country.to_ascii_uppercase().parse().ok()
}

/// The text with full-width digits made plain and the extension cut off; `None` when it cannot be one number.
fn plain_digits(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > 4 * PHONE_TEXT_MAX || text.chars().count() > PHONE_TEXT_MAX {
        return None;
    }
    let text = strip_scheme(text);
    let mut typed: String = text::clean_line(text, PHONE_TEXT_MAX).chars().map(plain_char).collect();
    if let Some(cut) = extension_start(&typed) {
        typed.truncate(cut);
    }
    let typed = typed.replace("(0)", " ");
    let digits = typed.bytes().filter(u8::is_ascii_digit).count();
    let fits = (7..=17).contains(&digits) && typed.chars().all(|c| !c.is_alphabetic() && c != '@' && c != '%');
    (fits && !typed.trim_start_matches(['(', ' ']).get(1..).is_some_and(|rest| rest.contains('+'))).then_some(typed)
}

fn plain_char(c: char) -> char {
    let digit = |zero: u32| char::from_digit(u32::from(c).wrapping_sub(zero), 10);
    match u32::from(c) {
        0xFF10..=0xFF19 => digit(0xFF10).unwrap_or(c),
        0x0660..=0x0669 => digit(0x0660).unwrap_or(c),
        0x06F0..=0x06F9 => digit(0x06F0).unwrap_or(c),
        0x0966..=0x096F => digit(0x0966).unwrap_or(c),
        0xFF0B => '+',
        0xFF08 => '(',
        0xFF09 => ')',
        0x2010..=0x2015 | 0x2212 | 0xFF0D | 0x30FC => '-',
        _ => c,
    }
}

/// Where an extension (`x12`, `ext. 12`, `#12`, `;ext=12`) begins, if one follows the number.
fn extension_start(typed: &str) -> Option<usize> {
    let start = typed.char_indices().find(|(_, c)| c.is_alphabetic() || matches!(c, '#' | ';' | ','))?.0;
    let (number, tail) = typed.split_at(start);
    let word: String = tail.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let digits = tail.bytes().filter(u8::is_ascii_digit).count();
    let known = matches!(
        word.as_str(),
        "" | "x" | "ext" | "extn" | "extension" | "poste" | "int" | "interno" | "ramal" | "app" | "toestel" | "dw"
    );
    (known && (1..=6).contains(&digits) && number.bytes().filter(u8::is_ascii_digit).count() >= 7).then_some(start)
}

fn valid(typed: &str, home: Option<Region>) -> Option<PhoneNumber> {
    let number = PHONE_NUMBER_UTIL.parse(typed, home).ok()?;
    let ordinary = !matches!(
        number.get_type(),
        PhoneNumberType::PremiumRate
            | PhoneNumberType::SharedCost
            | PhoneNumberType::Pager
            | PhoneNumberType::VoiceMail
            | PhoneNumberType::Unknown
    );
    (ordinary && number.is_valid()).then_some(number)
}

fn strip_scheme(text: &str) -> &str {
    ["tel:", "mailto:", "TEL:", "MAILTO:", "Mailto:", "Tel:"].iter().find_map(|s| text.strip_prefix(s)).unwrap_or(text)
}

fn between_brackets(line: &str) -> Option<&str> {
    let (_, tail) = line.split_once('<')?;
    tail.split_once('>').map(|(inner, _)| inner).filter(|inner| inner.contains('@'))
}

fn is_local_part(local: &str) -> bool {
    (1..=64).contains(&local.len())
        && !local.contains('@')
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b) || b >= 0x80)
}

fn is_domain(domain: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let top = domain.rsplit('.').next().unwrap_or("");
    domain.contains('.')
        && domain.split('.').all(label)
        && top.chars().count() >= 2
        && (top.starts_with("xn--") || top.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
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
}
