//! Forms that nobody recorded: invented in the shapes that builders, agencies and shop owners give them.

mod builders;
mod contacts;
mod crms;
mod english;
mod languages;
mod people;
mod questions;
mod sites;
mod stacks;
mod traps;
mod wire;
mod wordpress;

use super::{FORM, JSON, read_by};
use crate::intake::reading::{Kind, Reading};

/// One submission and what a person would read in it. What is not expected must be absent.
struct Case {
    provider: &'static str,
    country: &'static str,
    content_type: &'static str,
    query: &'static str,
    body: Vec<u8>,
    kind: Kind,
    name: Option<&'static str>,
    email: Option<&'static str>,
    phone: Option<&'static str>,
    e164: Option<&'static str>,
    message: Option<&'static str>,
    consent: Option<bool>,
}

/// A submission of any type.
fn raw(country: &'static str, content_type: &'static str, body: &[u8]) -> Case {
    Case {
        provider: "generic",
        country,
        content_type,
        query: "",
        body: body.to_vec(),
        kind: Kind::Lead,
        name: None,
        email: None,
        phone: None,
        e164: None,
        message: None,
        consent: None,
    }
}

/// A form: `label=answer` on each line, encoded as browsers do it.
fn form(country: &'static str, lines: &str) -> Case {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (label, answer) = line.split_once('=').unwrap_or((line, ""));
        body.append_pair(label.trim(), &answer.trim().replace("\\n", "\r\n"));
    }
    raw(country, FORM, body.finish().as_bytes())
}

/// A JSON document.
fn json(country: &'static str, body: &str) -> Case {
    raw(country, JSON, body.as_bytes())
}

impl Case {
    /// Read as what a source of that provider gets.
    fn by(mut self, provider: &'static str) -> Case {
        self.provider = provider;
        self
    }
    fn kind(mut self, kind: Kind) -> Case {
        self.kind = kind;
        self
    }
    fn name(mut self, name: &'static str) -> Case {
        self.name = Some(name);
        self
    }
    fn email(mut self, email: &'static str) -> Case {
        self.email = Some(email);
        self
    }
    /// As given, and dialable.
    fn phone(mut self, given: &'static str, e164: &'static str) -> Case {
        (self.phone, self.e164) = (Some(given), Some(e164));
        self
    }
    /// As given; not dialable.
    fn undialable(mut self, given: &'static str) -> Case {
        self.phone = Some(given);
        self
    }
    fn message(mut self, message: &'static str) -> Case {
        self.message = Some(message);
        self
    }
    fn consent(mut self, given: bool) -> Case {
        self.consent = Some(given);
        self
    }

    fn misses(&self) -> Vec<String> {
        let r: Reading = read_by(self.provider, self.country, self.content_type, self.query, &self.body);
        let mut misses = Vec::new();
        let mut compare = |what: &str, got: Option<&str>, want: Option<&str>| {
            if got != want {
                misses.push(format!("{what} is {got:?}, not {want:?}"));
            }
        };
        compare("name", r.name.as_deref(), self.name);
        compare("email", r.email.as_ref().map(|e| e.as_str()), self.email);
        compare("phone", r.phone_as_given.as_deref(), self.phone);
        compare("e164", r.phone.as_ref().map(|p| p.as_str()), self.e164);
        compare("message", r.message.as_deref(), self.message);
        if r.kind != self.kind {
            misses.push(format!("kind is {:?}, not {:?}", r.kind, self.kind));
        }
        let consent = r.consent.as_ref().map(|c| c.given);
        if consent != self.consent {
            misses.push(format!("consent is {:?}, not {:?}", r.consent, self.consent));
        }
        misses
    }
}

#[test]
fn every_invented_form_is_read_as_a_person_would_read_it() {
    let groups = [
        ("builders", builders::cases()),
        ("english", english::cases()),
        ("languages", languages::cases()),
        ("contacts", contacts::cases()),
        ("people", people::cases()),
        ("traps", traps::cases()),
        ("wire", wire::cases()),
        ("sites", sites::cases()),
        ("wordpress", wordpress::cases()),
        ("questions", questions::cases()),
        ("crms", crms::cases()),
        ("stacks", stacks::cases()),
    ];
    let mut missed = Vec::new();
    let mut count = 0;
    for (group, cases) in groups {
        for (n, case) in cases.iter().enumerate() {
            count += 1;
            for miss in case.misses() {
                missed.push(format!(
                    "{group} {}: {miss}\n      {}",
                    n + 1,
                    String::from_utf8_lossy(&case.body[..case.body.len().min(300)])
                ));
            }
        }
    }

    assert!(count >= 300, "{count} forms");
    assert!(missed.is_empty(), "{} missed in {count} forms\n{}", missed.len(), missed.join("\n"));
}
