//! A phone number, made once at the border and trusted after.
//!
//! A text becomes a [`Phone`] only if it is a valid number that people can be called on. Refused: short codes, premium and
//! shared-cost lines, pagers, words on a keypad, and what could be two different numbers. Price: a national number of a
//! range that opened last week is refused until the metadata is updated; it is still shown as typed.

use super::strip_scheme;
use crate::base::text;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Longest number as people type it, with extension and words around it, in characters.
const PHONE_TEXT_MAX: usize = 60;

/// Longest number with its plus sign (ITU-T E.164: 15 digits). The metadata lets some countries have longer ones, which
/// nobody can be reached on.
const E164_MAX: usize = 16;

/// A phone number in E.164 (ITU-T), such as `+15125550142`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Phone {
    e164: String,
    /// What was found out when it was read; a number from the database is read again when somebody asks.
    known: Option<Arc<Known>>,
}

/// A number taken apart. Finding out its country and its sort means trying the patterns of every country that shares its
/// code, so that is done once.
struct Known {
    number: PhoneNumber,
    sort: PhoneNumberType,
    region: Option<Region>,
}

impl Known {
    fn of(mut number: PhoneNumber) -> Self {
        number.extension = None;
        Known { sort: number.get_type(), region: number.get_region_code(), number }
    }

    fn is_valid(&self) -> bool {
        self.region.is_some_and(|region| self.number.is_valid_for_region(region))
    }
}

/// What stands at the other end of a number, as far as its digits tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneKind {
    /// A mobile.
    Mobile,
    /// A landline.
    Fixed,
    /// Either: North American numbers do not tell, and new ranges are not known yet.
    FixedOrMobile,
    /// Toll-free, internet telephony and the rest.
    Other,
}

impl Phone {
    /// Reads a number as a person typed it: national for `country` (ISO 3166 alpha-2), or international with `+`,
    /// `00` or bare digits; brackets, full-width digits and extensions are understood, the extension is dropped. A single
    /// space before the first digit may be a `+` that urlencoding swallowed. `None` for everything that is not one valid,
    /// ordinary number, and for what could be read as two different ones: nobody but its writer may be texted.
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
        let number = if typed.contains('+') {
            abroad(&typed).or_else(|| valid(&typed, home))
        } else if may_have_lost_its_plus(text) && !digits.starts_with('0') {
            let plus = format!("+{digits}");
            match (valid(&plus, None), valid(&typed, home)) {
                (Some(there), Some(here)) if e164(&there.number) != e164(&here.number) => None,
                (there, here) => there.or(here).or_else(|| abroad(&plus)),
            }
        } else if let Some(here) = valid(&typed, home) {
            Some(here)
        } else if let Some(rest) = digits.strip_prefix("00").filter(|d| d.len() >= 9) {
            abroad(&format!("+{rest}"))
        } else if digits.len() >= 11 && !digits.starts_with('0') && !is_one_digit_too_long(&digits, home) {
            valid(&format!("+{digits}"), None)
        } else {
            None
        };
        let made = number.map(|known| Phone { e164: e164(&known.number), known: Some(Arc::new(known)) });
        made.filter(|phone| phone.e164.len() <= E164_MAX && phone.reads_the_same())
    }

    /// A number read back from the database.
    pub fn from_stored(number: String) -> Phone {
        Phone { e164: number, known: None }
    }

    /// The number as stored.
    pub fn as_str(&self) -> &str {
        &self.e164
    }

    /// As people at home in `country` write it: `(512) 555-0142` at home, `+44 20 7946 0123` abroad.
    pub fn national(&self, country: &str) -> String {
        let read = self.known.is_none().then(|| PHONE_NUMBER_UTIL.parse(&self.e164, None).ok()).flatten();
        let number = self.known.as_ref().map(|known| &known.number).or(read.as_ref());
        let Some(number) = number else { return self.e164.clone() };
        let at_home = region_of(country)
            .is_some_and(|home| PHONE_NUMBER_UTIL.get_country_code_for_region(home) == Some(number.country_code));
        let format = if at_home { PhoneNumberFormat::National } else { PhoneNumberFormat::International };
        number.format_as(format).into_owned()
    }

    /// The country of the number, ISO 3166 alpha-2, where its digits tell.
    pub fn region(&self) -> Option<String> {
        let known = self.known()?;
        let region = known.region.filter(|region| *region != Region::World).or_else(|| main_region(&known.number));
        region.map(|region| region.to_string())
    }

    /// Mobile, landline or neither, as far as the digits tell.
    pub fn kind(&self) -> PhoneKind {
        match self.known().map(|known| known.sort) {
            Some(PhoneNumberType::Mobile) => PhoneKind::Mobile,
            Some(PhoneNumberType::FixedLine) => PhoneKind::Fixed,
            Some(PhoneNumberType::FixedLineOrMobile | PhoneNumberType::Unknown) => PhoneKind::FixedOrMobile,
            _ => PhoneKind::Other,
        }
    }

    /// A zero behind the country code belongs to the number in Italy and few other countries; elsewhere it was typed once
    /// too often, and what is stored would be dialled as another number.
    fn reads_the_same(&self) -> bool {
        let Some(known) = &self.known else { return true };
        let starts_with_zero = self.e164.get(1..).is_some_and(|digits| {
            digits.strip_prefix(&known.number.country_code.to_string()).is_some_and(|rest| rest.starts_with('0'))
        });
        !starts_with_zero || PHONE_NUMBER_UTIL.parse(&self.e164, None).is_ok_and(|again| e164(&again) == self.e164)
    }

    fn known(&self) -> Option<Arc<Known>> {
        let read = || PHONE_NUMBER_UTIL.parse(&self.e164, None).ok().map(|number| Arc::new(Known::of(number)));
        self.known.clone().or_else(read)
    }
}

impl From<String> for Phone {
    fn from(number: String) -> Self {
        Phone::from_stored(number)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.e164
    }
}

impl PartialEq for Phone {
    fn eq(&self, other: &Self) -> bool {
        self.e164 == other.e164
    }
}

impl Eq for Phone {}

impl PartialOrd for Phone {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Phone {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.e164.cmp(&other.e164)
    }
}

impl Hash for Phone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.e164.hash(state);
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::base::mask::phone(&self.e164))
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

fn valid(typed: &str, home: Option<Region>) -> Option<Known> {
    let known = Known::of(PHONE_NUMBER_UTIL.parse(typed, home).ok()?);
    let ordinary = !matches!(
        known.sort,
        PhoneNumberType::PremiumRate
            | PhoneNumberType::SharedCost
            | PhoneNumberType::Pager
            | PhoneNumberType::VoiceMail
            | PhoneNumberType::Unknown
    );
    ((ordinary && known.is_valid()) || is_for_show(&known.number)).then_some(known)
}

/// British mobiles set aside by Ofcom for film and examples (07700 900000 to 900999): nobody has them, people try forms
/// with them, and the metadata calls them invalid. North America's (555-01xx) it calls valid.
fn is_for_show(number: &PhoneNumber) -> bool {
    number.country_code == 44 && (7_700_900_000..=7_700_900_999).contains(&number.national_number)
}

/// A number with its country code. One of a range that the metadata does not know (yet) is taken at its word if it
/// is as long as numbers there are; North America's plan is known to the last exchange, so there it is not.
fn abroad(typed: &str) -> Option<Known> {
    valid(typed, None).or_else(|| {
        let known = Known::of(PHONE_NUMBER_UTIL.parse(typed, None).ok()?);
        let number = &known.number;
        let unknown = known.sort == PhoneNumberType::Unknown && number.country_code != 1;
        let of_a_country = main_region(number).is_some();
        let national = number.national_number.to_string();
        let varied = national.bytes().any(|b| Some(&b) != national.as_bytes().first());
        let long_enough = national.len() >= 8 && number.is_possible_with_reason().is_ok();
        (unknown && of_a_country && varied && long_enough).then_some(known)
    })
}

fn e164(number: &PhoneNumber) -> String {
    number.format_as(PhoneNumberFormat::E164).into_owned()
}

/// The country that a country code stands for; none for satellites and networks without one.
fn main_region(number: &PhoneNumber) -> Option<Region> {
    let region = PHONE_NUMBER_UTIL.get_regions_for_country_calling_code(number.country_code)?.next()?;
    (region != Region::World).then_some(region)
}

/// One space before the first digit: typed, or what urlencoding makes of `+`.
fn may_have_lost_its_plus(text: &str) -> bool {
    text.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether the digits are a number at home with one digit typed twice or one too many at the end: read as a foreign
/// number they would reach a stranger.
fn is_one_digit_too_long(digits: &str, home: Option<Region>) -> bool {
    let bytes = digits.as_bytes();
    let doubled = (1..bytes.len()).filter(|n| bytes[*n] == bytes[n - 1]);
    doubled.chain([digits.len() - 1]).any(|n| valid(&format!("{}{}", &digits[..n], &digits[n + 1..]), home).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("447911123456", "US", "+447911123456"),
            (" 33612345678", "US", "+33612345678"),
            (" 15125550142", "US", "+15125550142"),
            (" 512 555 0142", "US", "+15125550142"),
            (" 07911 123456", "GB", "+447911123456"),
            ("+44 7700 900456", "US", "+447700900456"),
            ("0044 7700 900456", "DE", "+447700900456"),
            ("07700 900123", "GB", "+447700900123"),
            ("+972 52-123-4567", "US", "+972521234567"),
            ("55 1234 5678", "MX", "+525512345678"),
            ("0412 345 678", "AU", "+61412345678"),
            ("912 345 678", "PT", "+351912345678"),
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
            "33612345678",
            "55125550142",
            "+1 012 345 6789",
            "+44 0000 000000",
            "+44 123",
            "+882 16 1234 5678 9012",
        ] {
            assert_eq!(e164(text, "US"), None, "{text}");
        }
        // The metadata has room for numbers that long in Germany; the world's exchanges have not.
        assert_eq!(e164(" 49151235112345678", "US"), None);
        assert_eq!(e164("0049 (00.1 1234567", "US"), None);
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
}
