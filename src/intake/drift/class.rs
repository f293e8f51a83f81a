//! What sort of value a text is: coarse, by its look alone, the same for everybody who answers the same question.

use serde::{Deserialize, Serialize};

/// The class of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// Any words.
    Text,
    /// `ana@example.com`.
    Email,
    /// Seven to fifteen digits, with what people write between them.
    Phone,
    /// A number alone.
    Number,
    /// A number with a unit or a currency.
    Quantity,
    /// `2026-03-04`.
    Date,
    /// `2026-03-04T10:00:00Z`.
    Moment,
    /// `3/4/2026`.
    DateSlash,
    /// `4.3.2026`.
    DateDot,
    /// `04-03-2026`.
    DateDash,
    /// `March 4, 2026`.
    DateWords,
    /// `yes`, `false`, `on`.
    Bool,
    /// `https://…`.
    Link,
    /// An id made by a machine.
    Token,
    /// `{{email}}`, `[your-name]`, `%name%`: what should have been filled in and was not.
    Placeholder,
}

impl Class {
    /// The class of a text; spaces around it do not matter.
    pub fn of(text: &str) -> Class {
        let text = text.trim();
        let short = &text[..text.floor_char_boundary(SHORT_MAX)];
        let lower = short.to_lowercase();
        let is_short = short.len() == text.len();
        if is_placeholder(text) {
            Class::Placeholder
        } else if is_email(text) {
            Class::Email
        } else if ["http://", "https://", "www."].iter().any(|start| lower.starts_with(start)) {
            Class::Link
        } else if let Some(date) = date(text).filter(|_| is_short) {
            date
        } else if matches!(&*lower, "yes" | "no" | "true" | "false" | "on" | "off") {
            Class::Bool
        } else if is_short && is_phone(text) {
            Class::Phone
        } else if number(text).is_some() {
            Class::Number
        } else if is_quantity(text) {
            Class::Quantity
        } else if is_token(text) {
            Class::Token
        } else if is_short && is_date_in_words(&lower) {
            Class::DateWords
        } else {
            Class::Text
        }
    }

    /// Whether it is written by a rule, so that two fields of this class are likely the same question.
    pub fn is_strict(self) -> bool {
        !matches!(self, Class::Text | Class::Number | Class::Bool | Class::Placeholder)
    }

    /// What values of it are, for people.
    pub fn words(self) -> &'static str {
        match self {
            Class::Text => "words",
            Class::Email => "an email address",
            Class::Phone => "a phone number",
            Class::Number => "a number",
            Class::Quantity => "a number with a unit",
            Class::Bool => "yes or no",
            Class::Link => "a link",
            Class::Token => "an id",
            Class::Placeholder => "a placeholder",
            Class::Date | Class::Moment | Class::DateSlash | Class::DateDot | Class::DateDash | Class::DateWords => {
                "a date"
            }
        }
    }
}

/// Whether a text is what a template left unfilled.
pub fn is_placeholder(text: &str) -> bool {
    let inside = |open: &str, close: &str| {
        text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(|name| {
            name.len() <= 60
                && name.contains(|c: char| c.is_alphabetic())
                && name.chars().all(|c| c.is_alphanumeric() || " _-.:".contains(c))
        })
    };
    (text.contains("{{") && text.contains("}}"))
        || [("${", "}"), ("{", "}"), ("[", "]"), ("%", "%"), ("<%=", "%>")].iter().any(|(a, b)| inside(a, b))
        || matches!(text, "undefined" | "[object Object]" | "NaN")
        || text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("no label"))
}

/// The longest text that may be a date, a phone or a number, in bytes.
const SHORT_MAX: usize = 400;

/// The value of a number alone, commas and an exponent included.
pub fn number(text: &str) -> Option<f64> {
    let plain = |t: &str| t.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let text = text.trim();
    if text.len() > SHORT_MAX {
        return None;
    }
    let text = match text.rsplit_once(',') {
        Some((whole, cents)) if cents.len() <= 2 && !cents.is_empty() => format!("{}.{cents}", whole.replace('.', "")),
        _ => text.replace(',', ""),
    };
    (plain(&text) && text.bytes().any(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    !user.is_empty()
        && host.contains('.')
        && !host.contains('@')
        && !host.starts_with('.')
        && !text.contains(char::is_whitespace)
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_decimal = text.matches('.').count() == 1 && !text.contains(' ');
    (7..=15).contains(&digits)
        && !is_decimal
        && text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '(')
        && text.chars().all(|c| c.is_ascii_digit() || " +-().x/".contains(c))
}

fn is_quantity(text: &str) -> bool {
    if text.len() > 24 {
        return false;
    }
    let is_figure = |c: char| c.is_ascii_digit() || ".,+- ".contains(c);
    let unit: String = text.trim_matches(is_figure).to_owned();
    let figure = text.replacen(&unit, "", 1);
    !unit.is_empty() && unit.chars().count() <= 6 && !unit.contains(is_figure) && number(figure.trim()).is_some()
}

fn is_token(text: &str) -> bool {
    text.len() >= 14
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_:.".contains(&b))
}

/// A date in figures, with or without a time behind it.
fn date(text: &str) -> Option<Class> {
    let (day, time) = match text.find(['T', ' ', ',']) {
        Some(at) => (&text[..at], text[at + 1..].trim()),
        None => (text, ""),
    };
    if !(time.is_empty() || time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let mark = day.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = day.split(mark).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let figures = |t: &str, lengths: &[usize]| lengths.contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !figures(second, &[1, 2]) {
        return None;
    }
    if mark == '-' && figures(first, &[4]) && figures(third, &[2]) {
        return Some(if time.is_empty() { Class::Date } else { Class::Moment });
    }
    let turned = figures(first, &[1, 2]) && figures(third, &[2, 4]) || figures(first, &[4]) && figures(third, &[1, 2]);
    match mark {
        '/' if turned => Some(Class::DateSlash),
        '.' if turned => Some(Class::DateDot),
        '-' if turned => Some(Class::DateDash),
        _ => None,
    }
}

fn is_date_in_words(lower: &str) -> bool {
    const MONTHS: &[&str] = &[
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär", "mai", "okt", "dez",
    ];
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    lower.len() <= 32
        && words
            .clone()
            .any(|word| word.len() == 4 && word.starts_with("20") && word.bytes().all(|b| b.is_ascii_digit()))
        && words.any(|word| MONTHS.iter().any(|month| word.starts_with(month)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_known_by_its_look() {
        let table = [
            (Class::Text, "Kitchen tap leaking"),
            (Class::Text, "12 Main Street"),
            (Class::Text, "I need 3 rooms by 2026"),
            (Class::Email, " maria.lopez@example.com "),
            (Class::Phone, "(512) 555-0142"),
            (Class::Phone, "+15125550142"),
            (Class::Phone, "5125550142"),
            (Class::Phone, "512.555.0142"),
            (Class::Number, "42"),
            (Class::Number, "1,250.50"),
            (Class::Number, "1.5125550142E+10"),
            (Class::Quantity, "250 EUR"),
            (Class::Quantity, "$1,200"),
            (Class::Quantity, "120 sqft"),
            (Class::Date, "2026-03-04"),
            (Class::Moment, "2026-03-04T10:00:00Z"),
            (Class::DateSlash, "3/4/2026"),
            (Class::DateDot, "04.03.2026"),
            (Class::DateDash, "04-03-2026"),
            (Class::DateWords, "March 4, 2026"),
            (Class::Bool, "Yes"),
            (Class::Link, "https://shop.example/contact"),
            (Class::Token, "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
            (Class::Placeholder, "{{email}}"),
            (Class::Placeholder, "[your-name]"),
            (Class::Placeholder, "%name%"),
            (Class::Placeholder, "No Label field_3"),
            (Class::Placeholder, "[object Object]"),
            (Class::Text, "50% off {really}, [see below]"),
        ];

        for (class, text) in table {
            assert_eq!(Class::of(text), class, "{text}");
        }
    }
}
