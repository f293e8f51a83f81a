//! Ways to reach a person, made once at the border and trusted after.

mod email;
mod phone;

pub use email::Email;
pub use phone::{Phone, PhoneKind, is_country};

fn strip_scheme(text: &str) -> &str {
    ["tel:", "mailto:", "TEL:", "MAILTO:", "Mailto:", "Tel:"].iter().find_map(|s| text.strip_prefix(s)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
