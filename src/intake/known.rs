//! What a reading found, looked for among the values of the submission that it was made from: which field carried what.

use crate::lead::reading::Reading;

/// The letters and digits of a name, lower case.
pub fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The same, unless it is longer than so many bytes.
fn plain_up_to(text: &str, most: usize) -> Option<String> {
    let mut plain = String::new();
    for c in text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase) {
        plain.push(c);
        if plain.len() > most {
            return None;
        }
    }
    Some(plain)
}

/// Longest text that may be a name or an address, in bytes.
const SHORT_MAX: usize = 1_000;

/// See the file's head.
pub struct Known {
    names: Vec<String>,
    phone: Option<String>,
    email: Option<String>,
    message: Option<String>,
}

impl Known {
    /// Of a reading.
    pub fn of(reading: &Reading) -> Known {
        let mut names: Vec<String> = reading.name.iter().map(|name| name.to_lowercase()).collect();
        if let Some(name) = names.first().cloned() {
            names.extend(name.split(' ').map(str::to_owned));
            names.extend(name.split_once(' ').map(|(_, rest)| rest.to_owned()));
            names.extend(name.rsplit_once(' ').map(|(rest, _)| rest.to_owned()));
        }
        let phone = reading.phone.as_ref().map(|p| p.as_str()).or(reading.phone_as_given.as_deref());
        Known {
            names,
            phone: phone.map(digits).filter(|d| d.len() >= 7).map(|d| d[d.len() - 7..].to_owned()),
            email: reading.email.as_ref().map(|email| email.as_str().to_lowercase()),
            message: reading.message.as_deref().map(plain).filter(|m| !m.is_empty()),
        }
    }

    /// Which of name, phone, e-mail and message were found.
    pub fn roles(&self) -> [bool; 4] {
        [!self.names.is_empty(), self.phone.is_some(), self.email.is_some(), self.message.is_some()]
    }

    /// Which of name, phone, e-mail and message a value carried, as a whole or in part.
    pub fn carried(&self, text: &str) -> [bool; 4] {
        if text.is_empty() {
            return [false; 4];
        }
        // No name and no address is longer.
        let lower = if text.len() <= SHORT_MAX { text.to_lowercase() } else { String::new() };
        let is_message = self.message.as_ref().is_some_and(|message| {
            let text = plain_up_to(text, message.len());
            text.is_some_and(|text| text == *message || (text.len() >= 12 && message.contains(&text)))
        });
        [
            self.names.contains(&lower),
            text.len() <= 40 && self.phone.as_ref().is_some_and(|phone| digits(text).ends_with(phone)),
            self.email.as_ref().is_some_and(|email| lower == *email),
            is_message,
        ]
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
