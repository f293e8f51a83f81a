//! What a thin event leaves out is asked for at its vendor. Here is what a vendor must be known by to be asked, as data;
//! [`machine`] says what becomes of a question, [`store`] keeps it.
//!
//! An address is never built from anything but a fixed host, a fixed path and an id of a narrow shape, so that no event
//! and no answer can send a token, or us, anywhere else.

pub mod machine;
pub mod store;

/// How a vendor is asked for what its events leave out.
#[derive(Clone, Copy, Debug)]
pub struct Asking {
    /// Its host, spoken to by https.
    pub host: &'static str,
    /// Where the token goes.
    pub place: Place,
    /// What every question carries besides, names in lower case: the version of an API.
    pub headers: &'static [(&'static str, &'static str)],
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
    /// The token is `client id:secret`. It is given at this path of the same host for one that holds for hours (RFC 6749,
    /// 4.4), which then stands behind `Bearer`.
    Exchange(&'static str),
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
    /// What is asked for after it, by what its answer names; the answers become one.
    pub then: &'static [Step],
}

/// A further question that the answer to the one before makes possible: `GET https://{host}{path}{id}`.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Where in the answers so far the id stands, as a JSON pointer.
    pub at: &'static str,
    /// What stands before the id, with slashes at both ends.
    pub path: &'static str,
    /// Which ids there are.
    pub id: Shape,
}

/// Which ids a vendor gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Up to 32 digits.
    Digits,
    /// This prefix, then up to 48 letters and digits.
    Prefix(&'static str),
    /// Up to 64 letters, digits and dashes, a letter or digit first.
    Dashed,
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
        match self.place {
            Place::Basic if parts.is_none() => {
                Err("Write user id and key with a colon between them: 12345:abc…".to_owned())
            }
            Place::Exchange(_) if parts.is_none() => {
                Err("Write client id and secret with a colon between them: AbC…:EfG…".to_owned())
            }
            _ => Ok(()),
        }
    }
}

impl Shape {
    /// Whether an id is one of these.
    pub fn fits(self, id: &str) -> bool {
        let (rest, most) = match self {
            Shape::Digits => (Some(id), 32),
            Shape::Prefix(prefix) => (id.strip_prefix(prefix), 48),
            Shape::Dashed => (Some(id).filter(|id| !id.starts_with('-')), 64),
        };
        let is_one = |b: u8| match self {
            Shape::Digits => b.is_ascii_digit(),
            Shape::Prefix(_) => b.is_ascii_alphanumeric(),
            Shape::Dashed => b.is_ascii_alphanumeric() || b == b'-',
        };
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
        assert!(Shape::Dashed.fits("50e47b41-e7e6-4f51-8f48-4a8b5c6d7e8f-1"));
        for bad in ["", "-1", "--", "a.b", "a/b", "a%2Fb", "a:b", "a b", &"a".repeat(65)] {
            assert!(!Shape::Dashed.fits(bad), "{bad}");
        }
        assert!(!Shape::Prefix("tr_").fits("tr_a/b") && !Shape::Prefix("tr_").fits(&format!("tr_{}", "a".repeat(49))));
    }

    #[test]
    fn a_token_that_cannot_be_one_is_told_with_the_reason() {
        let asking = |place| Asking { host: "", place, headers: &[], token: "", found: "", calls: &[], codes: &[] };

        assert_eq!(asking(Place::Bearer).usable("live_abc"), Ok(()));
        assert_eq!(asking(Place::Basic).usable("123:abc"), Ok(()));
        for (place, token, why) in [
            (Place::Bearer, "", "empty"),
            (Place::Bearer, "a b", "no spaces"),
            (Place::Query("t"), "a\r\nx: y", "no spaces"),
            (Place::Basic, "123", "colon"),
            (Place::Basic, ":abc", "colon"),
            (Place::Exchange("/token"), "client", "client id and secret"),
        ] {
            assert!(asking(place).usable(token).unwrap_err().contains(why), "{token}");
        }
    }
}
