//! Identifiers: opaque text that sorts by birth and cannot be guessed.
//!
//! 45 bits of milliseconds, then 130 random bits, as 35 characters of Crockford's base 32 in lower case.
//! The time in front keeps inserts at the end of every index; the random part is what makes an id a poor
//! thing to enumerate. Price: the time of birth can be read from it, which is on the page anyway.

use super::random::Random;
use std::fmt;
use std::ops::Deref;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A new identifier for something born at `now_ms`.
pub fn new_id(random: &Random, now_ms: i64) -> String {
    let mut noise = [0u8; 26];
    random.fill(&mut noise);
    let time = u64::try_from(now_ms.max(0)).unwrap_or(0);
    let mut id = String::with_capacity(35);
    for place in (0..9).rev() {
        id.push(char::from(ALPHABET[(time >> (place * 5) & 31) as usize]));
    }
    id.extend(noise.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])));
    id
}

/// An unguessable token of 130 bits for addresses and links: 26 characters, easy to read out.
pub fn new_token(random: &Random) -> String {
    let mut noise = [0u8; 26];
    random.fill(&mut noise);
    noise.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect()
}

/// A code of 128 bits for links in texts, as short as it gets: 22 characters, case matters.
pub fn new_code(random: &Random) -> String {
    use base64::Engine;
    let mut noise = [0u8; 16];
    random.fill(&mut noise);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(noise)
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new one, born at `now_ms` (UTC milliseconds).
            pub fn new(random: &Random, now_ms: i64) -> Self {
                Self(new_id(random, now_ms))
            }

            /// The text as stored and shown.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

id! {
    /// A shop with its own leads, people and sources.
    BusinessId,
    /// Someone who is told about leads.
    PersonId,
    /// An address that takes submissions.
    SourceId,
    /// One submission as it came.
    ReceiptId,
    /// One enquiry of one person.
    LeadId,
    /// One message in the outbox.
    MessageId,
    /// A sign-in.
    UserId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_birth_and_never_repeat() {
        let random = Random::seeded(1);

        let ids: Vec<String> = (0..500).map(|n| new_id(&random, 1_700_000_000_000 + n)).collect();

        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(ids.iter().all(|id| id.len() == 35));
    }
}
