//! Ways to reach a person, made once at the border and trusted after.
//!
//! A text becomes a [`Phone`] only if it is a valid number that people can be called on, an [`Email`] only if our
//! policy would write to it. Refused: short codes, premium and shared-cost lines, pagers, words on a keypad, quoted
//! local parts, address literals. Price: a number of a range that opened last week is refused until the
//! metadata is updated; it is still shown as typed.

mod email;
mod phone;
#[cfg(test)]
mod tests;

pub use email::Email;
pub use phone::{Phone, PhoneKind, is_country};

fn strip_scheme(text: &str) -> &str {
    ["tel:", "mailto:", "TEL:", "MAILTO:", "Mailto:", "Tel:"].iter().find_map(|s| text.strip_prefix(s)).unwrap_or(text)
}
