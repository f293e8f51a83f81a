//! A phone number, made once at the border and trusted after.

use super::strip_scheme;
use crate::base::text;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest number as people type it, with extension and words around it, in characters.
const PHONE_TEXT_MAX: usize = 60;

/// A phone number in E.164 (ITU-T), such as `+15125550142`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

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

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::base::mask::phone(&self.0))
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
