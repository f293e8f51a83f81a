//! Shops, their people and their sources: who is told, and where leads come in.
//!
//! Records only; what to say to whom is decided elsewhere. A source's address is a token that nobody can guess:
//! its hash finds the source, its sealed form lets the owner see the address again.

pub mod keyring;
pub mod line;
mod slug;
pub mod store;
pub mod weekly;

use crate::base::ids::{BusinessId, PersonId, SourceId, new_token};
use crate::base::keys::{Keys, Unsealable, token_hash};
use crate::base::random::Random;
pub use slug::slug;

/// A shop with its own leads, people and sources.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Business {
    /// Its id.
    pub id: BusinessId,
    /// Its name in addresses: lower-case ASCII letters, digits and dashes, unique.
    pub slug: String,
    /// Its name, as customers know it.
    pub name: String,
    /// IANA zone; its days and clock times are this zone's.
    pub timezone: String,
    /// ISO 3166 alpha-2, upper case; numbers without a country code are read with it.
    pub country: String,
    /// The number the owner calls from, E.164.
    pub phone: Option<String>,
    /// Weekly opening hours as JSON; `None` = never said, treated as open.
    pub hours: Option<String>,
    /// Whether the first answer goes at once, whatever the hour.
    pub answer_at_night: bool,
    /// UTC milliseconds.
    pub created_at: i64,
}

/// Someone who is told about leads.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// The shop they belong to.
    pub business_id: BusinessId,
    /// As colleagues call them.
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// Who is told first: 0.
    pub position: i64,
    /// UTC milliseconds.
    pub created_at: i64,
}

/// An address that takes submissions.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// The shop it belongs to.
    pub business_id: BusinessId,
    /// `generic`, `webflow`, `stripe` …
    pub provider: String,
    /// Its name, for people.
    pub name: String,
    /// SHA-256 of the token in its address, in hex.
    pub token_hash: String,
    /// The token, sealed with the key file.
    pub token_sealed: String,
    /// What the sender signs with, sealed; `None` = unsigned submissions are accepted.
    pub secret_sealed: Option<String>,
    /// What its vendor is asked with, sealed; `None` = what its events leave out waits.
    pub api_token_sealed: Option<String>,
    /// Where a browser goes after sending; `None` = our own page.
    pub thanks_url: Option<String>,
    /// Hosts that a form's own redirect may name, separated by spaces.
    pub allowed_hosts: String,
    /// `phone`, `box` or `mail`: what counts as permission to text.
    pub consent: String,
    /// Whether the customer is written to when a payment failed.
    pub nudges: bool,
    /// What its fields mean, as [`crate::lead::mapping::Mapping`] is stored; `None` = every meaning is guessed.
    pub mapping: Option<String>,
    /// UTC milliseconds.
    pub created_at: i64,
    /// The newest submission, UTC milliseconds.
    pub last_at: Option<i64>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({} {} {:?})", self.id, self.provider, self.name)
    }
}

impl Source {
    /// A new source and the token of its address, which exists in the clear only here.
    pub fn new(
        business_id: &BusinessId,
        provider: &str,
        name: &str,
        secret: Option<&str>,
        keys: &Keys,
        random: &Random,
        now_ms: i64,
    ) -> (Self, String) {
        let token = new_token(random);
        let source = Self {
            id: SourceId::new(random, now_ms),
            business_id: business_id.clone(),
            provider: provider.to_owned(),
            name: name.to_owned(),
            token_hash: token_hash(&token),
            token_sealed: keys.seal(random, &token),
            secret_sealed: secret.map(|secret| keys.seal(random, secret)),
            api_token_sealed: None,
            thanks_url: None,
            allowed_hosts: String::new(),
            consent: "phone".to_owned(),
            nudges: false,
            mapping: None,
            created_at: now_ms,
            last_at: None,
        };
        (source, token)
    }

    /// The address to paste, given what addresses start with (no slash at the end).
    ///
    /// # Errors
    /// [`Unsealable`] when the key file is not the one that sealed it.
    pub fn address(&self, public_url: &str, keys: &Keys) -> Result<String, Unsealable> {
        Ok(address(public_url, &keys.open(&self.token_sealed)?))
    }
}

/// The address of a token: `{public_url}/in/{token}`.
pub fn address(public_url: &str, token: &str) -> String {
    format!("{public_url}/in/{token}")
}
