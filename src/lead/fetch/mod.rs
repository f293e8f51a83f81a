//! What a thin event leaves out is asked for at its vendor. Here is what a vendor must be known by to be asked, as data;
//! [`machine`] says what becomes of a question, [`store`] keeps it.
//!
//! An address is never built from anything but a fixed host, a fixed path and an id of a narrow shape, so that no event
//! can send a token, or us, anywhere else.

pub mod machine;
pub mod store;

/// How a vendor is asked for what its events leave out.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// Its host, spoken to by https.
    pub host: &'static str,
    /// Where the token goes.
    pub place: Place,
    /// What the owner has to add, as the end of "Add …": `a page access token`.
    pub token: &'static str,
    /// Where it is found, a whole sentence.
    pub found: &'static str,
    /// What can be asked for.
    pub calls: &'static [Call],
    /// Codes in the body of a refusal that say more than its status does.
    pub codes: &'static [Code],
}

/// Where the token goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `Authorization: Bearer …`
    Bearer,
    /// `Authorization: Basic …`; the token is `user:key`.
    Basic,
    /// A parameter of the query. Such an address is never written down.
    Query(&'static str),
}

/// One thing that can be asked for: `GET https://{host}{path}{id}?{query}`.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// As events name it: [`crate::lead::reading::Fetch::what`].
    pub what: &'static str,
    /// In words for people: `lead`.
    pub noun: &'static str,
    /// What stands before the id, with slashes at both ends.
    pub path: &'static str,
    /// What is asked for besides, as it stands in the query; may be empty.
    pub query: &'static str,
    /// Which ids there are.
    pub id: Shape,
    /// Whether the same id may say something else later, so that an event that came before is worth a further look.
    pub changes: bool,
}

/// Which ids a vendor gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Up to 32 digits.
    Digits,
    /// This prefix, then up to 48 letters and digits.
    Prefix(&'static str),
}

/// A code in the body of a refusal.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// Where it stands, as a JSON pointer.
    pub at: &'static str,
    /// Its values.
    pub values: &'static [i64],
    /// What they mean.
    pub means: Meaning,
}

/// What a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The token does not hold.
    Token,
    /// The token may not read this.
    Forbidden,
    /// Too many questions.
    Busy,
}

impl Asking {
    /// How this is asked for, if it can be: the id must be one of this vendor's.
    pub fn call(&self, what: &str, id: &str) -> Option<&'static Call> {
        self.calls.iter().find(|call| call.what == what && call.id.fits(id))
    }

    /// What is wrong with a token that was typed, as far as it shows; for whoever typed it.
    ///
    /// # Errors
    /// The sentence.
    pub fn usable(&self, token: &str) -> Result<(), String> {
        if token.is_empty() {
            return Err("The token is empty.".to_owned());
        }
        if token.len() > 2_000 || !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err("A token has no spaces and no line breaks. Copy it again.".to_owned());
        }
        let parts = token.split_once(':').filter(|(user, key)| !user.is_empty() && !key.is_empty());
        if self.place == Place::Basic && parts.is_none() {
            return Err("Write user id and key with a colon between them: 12345:abc…".to_owned());
        }
        Ok(())
    }
}

impl Shape {
    /// Whether an id is one of these.
    pub fn fits(self, id: &str) -> bool {
        let (rest, most) = match self {
            Shape::Digits => (Some(id), 32),
            Shape::Prefix(prefix) => (id.strip_prefix(prefix), 48),
        };
        let is_one = |b: u8| if self == Shape::Digits { b.is_ascii_digit() } else { b.is_ascii_alphanumeric() };
        rest.is_some_and(|rest| (1..=most).contains(&rest.len()) && rest.bytes().all(is_one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_the_vendors_own_shape_become_part_of_an_address() {
        for good in ["1", "1234567890123456"] {
            assert!(Shape::Digits.fits(good), "{good}");
        }
        assert!(Shape::Prefix("tr_").fits("tr_7UhSN1zuXS"));
        for bad in
            ["", "12/../me", "12?x=1", "12#", "１２", "-1", "1 2", "12%2F", &"1".repeat(33), "@evil.example", "tr_"]
        {
            assert!(!Shape::Digits.fits(bad), "{bad}");
            assert!(!Shape::Prefix("tr_").fits(bad), "{bad}");
        }
        assert!(!Shape::Prefix("tr_").fits("tr_a/b") && !Shape::Prefix("tr_").fits(&format!("tr_{}", "a".repeat(49))));
    }

    #[test]
    fn a_token_that_cannot_be_one_is_told_with_the_reason() {
        let asking = |place| Asking { host: "", place, token: "", found: "", calls: &[], codes: &[] };

        assert_eq!(asking(Place::Bearer).usable("live_abc"), Ok(()));
        assert_eq!(asking(Place::Basic).usable("123:abc"), Ok(()));
        for (place, token, why) in [
            (Place::Bearer, "", "empty"),
            (Place::Bearer, "a b", "no spaces"),
            (Place::Query("t"), "a\r\nx: y", "no spaces"),
            (Place::Basic, "123", "colon"),
            (Place::Basic, ":abc", "colon"),
        ] {
            assert!(asking(place).usable(token).unwrap_err().contains(why), "{token}");
        }
    }
}
