//! What a visitor typed into our form, and what is wrong with it. Only a form that leaves nobody to answer is shown
//! again, once: pressed a second time, whatever was typed goes through as it stands.

use crate::intake::providers::Provider;
use crate::intake::providers::leadbell_form::LEADBELL_FORM;
use crate::intake::reading::{Kind, Request};
use crate::web::views::form::Wrong;

/// The fields of our form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Their name.
    pub name: String,
    /// Their number.
    pub phone: String,
    /// Their address.
    pub email: String,
    /// What they want.
    pub message: String,
    /// Whether the box is ticked.
    pub ticked: bool,
    /// The hidden field that people leave empty.
    pub homepage: String,
    /// The page's stamp.
    pub stamp: String,
    /// Whether the mistakes were shown before.
    pub again: bool,
}

impl Typed {
    /// Reads an urlencoded body; none for any other.
    pub fn read(content_type: Option<&str>, body: &[u8]) -> Option<Self> {
        let content_type = content_type.unwrap_or_default().trim_start().to_ascii_lowercase();
        if !content_type.starts_with("application/x-www-form-urlencoded") {
            return None;
        }
        let mut typed = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            let field = match name.as_ref() {
                "name" => &mut typed.name,
                "phone" => &mut typed.phone,
                "email" => &mut typed.email,
                "message" => &mut typed.message,
                "homepage" => &mut typed.homepage,
                "stamp" => &mut typed.stamp,
                "consent" => {
                    typed.ticked |= !value.trim().is_empty();
                    continue;
                }
                "again" => {
                    typed.again = true;
                    continue;
                }
                _ => continue,
            };
            if field.is_empty() {
                *field = value.into_owned();
            }
        }
        Some(typed)
    }

    /// What to say beside which field; nothing if it can go through.
    pub fn wrong(&self, request: &Request<'_>) -> Vec<Wrong> {
        let reading = LEADBELL_FORM.read(request);
        let reachable = reading.phone.is_some() || reading.email.is_some();
        let is_robot = !self.homepage.trim().is_empty();
        let (phone, email) = (self.phone.trim(), self.email.trim());
        let insists = self.again && !(phone.is_empty() && email.is_empty());
        if reachable || is_robot || insists || reading.kind == Kind::Test {
            return Vec::new();
        }
        let mut wrong = Vec::new();
        if phone.is_empty() && email.is_empty() {
            wrong.push(Wrong { id: "phone", words: "Leave a phone number or an email, or nobody can answer you." });
        }
        if !phone.is_empty() {
            wrong.push(Wrong { id: "phone", words: "That number cannot be called. Type it with its area code." });
        }
        if !email.is_empty() {
            wrong.push(Wrong { id: "email", words: "That is not an email address. Look for a slip of the finger." });
        }
        wrong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

    fn wrong(body: &str) -> Vec<&'static str> {
        let request = Request {
            method: "POST",
            url: "",
            content_type: Some(FORM),
            headers: &[],
            query: "",
            body: body.as_bytes(),
            country: "US",
            received_at: 0,
        };
        Typed::read(Some(FORM), body.as_bytes()).unwrap().wrong(&request).iter().map(|wrong| wrong.id).collect()
    }

    #[test]
    fn only_a_form_that_nobody_could_answer_is_shown_again() {
        assert_eq!(wrong("name=Maria&phone=512+555+0142"), [""; 0]);
        assert_eq!(wrong("name=&email=maria%40example.com"), [""; 0]);
        assert_eq!(wrong("phone=12&email=maria%40example.com"), [""; 0], "one way is enough");
        assert_eq!(wrong("Ihr+Telefon=512+555+0142"), [""; 0], "a copy with names of its own");
        assert_eq!(wrong("name=Maria&message=Tap"), ["phone"]);
        assert_eq!(wrong("name=Maria&phone=12"), ["phone"]);
        assert_eq!(wrong("name=Maria&phone=12&email=maria"), ["phone", "email"]);
        assert_eq!(wrong("name=Maria&phone=12&again=1"), [""; 0], "somebody insists");
        assert_eq!(wrong("name=Maria&again=1"), ["phone"], "but not on nothing");
        assert_eq!(wrong("name=Maria&homepage=x"), [""; 0], "a robot learns nothing");
    }

    #[test]
    fn what_is_no_plain_form_is_not_judged() {
        assert_eq!(Typed::read(Some("application/json"), b"{}"), None);
        assert_eq!(Typed::read(None, b"name=Maria"), None);
    }
}
