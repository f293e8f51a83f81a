//! The brain of reading: from a flat list of answers, who wrote, how to reach them, what they want.
//!
//! Evidence counts in this order: the declared type, the label, the key, the shape of the value. Each answer gets a score
//! for each role; the best wins, and everything that won nothing is kept and shown under its own label. Address and
//! number are looked for before the name, because the name that stands beside them is the visitor's.

mod consent;
mod digits;
mod email;
mod hash;
mod item;
mod judge;
mod lexicon;
mod message;
mod name;
mod phone;
mod repair;
mod sort;
mod words;

use super::flatten::Answer;
use crate::base::text::{clean_line, clean_text};
use crate::lead::reading::{About, Consent, Field, Kind, Reading};
use item::Item;
use lexicon::Concept;
pub use name::given_name;
pub use words::humanise;

const CAPTCHA: &[u8] = b"captcha";

/// Whether a field of this name carries a key or a test of humanity: never an answer, and never stored.
pub fn is_secret(name: &str) -> bool {
    if !name.is_ascii() {
        let name = name.to_lowercase();
        return lexicon::SECRETS.contains(&name.as_str()) || name.contains("captcha");
    }
    lexicon::SECRETS.iter().any(|secret| secret.eq_ignore_ascii_case(name))
        || name.as_bytes().windows(CAPTCHA.len()).any(|part| part.eq_ignore_ascii_case(CAPTCHA))
}

/// Whether a field of this name asks for what somebody wants, in their words.
pub fn asks_for_words(name: &str) -> bool {
    lexicon::Concepts::of(&words::words(name)).has(Concept::Message)
}

/// Longest other answer, in characters.
const VALUE_MAX: usize = 4_000;

/// Reads answers. `country` is where national numbers are dialled; `files` came along.
pub fn recognise(answers: &[Answer], country: &str, files: u32) -> Reading {
    let sort::Sorted { mut items, redirect, reply_to, is_trapped, is_test } = sort::sort(answers);
    let answers_hash = hash::hash(&items);
    let (marketing, consent) = (consent::marketing(&items), consent::take(&mut items));
    let mut beside = Vec::with_capacity(2);
    let email = email::take(&mut items).map(|(email, at)| {
        beside.push(at);
        email
    });
    let mut phone = phone::take(&mut items, country);
    beside.extend(phone.as_ref().and_then(|found| found.at));
    let (name, first_name) = name::take(&mut items, &beside);
    if phone.is_none() && email.is_none() && reply_to.is_none() && name.is_some() {
        phone = phone::take_unsure(&mut items, country);
    }
    let shown = if name.is_none() { email::display_name(&items, &beside) } else { None };
    let first_name = first_name.or_else(|| shown.as_deref().and_then(name::given_name));
    let name = name.or(shown);
    let email = email.or(reply_to).or_else(|| email::in_free_text(&items));
    let (message, is_asked) = message::take(&mut items).unzip();
    if phone.is_none() {
        phone = message.as_deref().and_then(|text| phone::in_free_text(text, country));
    }
    let page = take_page(&mut items);
    let (phone, phone_as_given) = phone.map_or((None, None), |found| (found.phone, Some(found.given)));
    let mut reading = Reading {
        kind: Kind::Lead,
        about: About::Form,
        fetch: None,
        name,
        first_name,
        email,
        phone,
        phone_as_given,
        message,
        consent,
        marketing,
        page,
        fields: rest(&items),
        event_id: None,
        redirect,
        files,
        answers_hash,
        problem: None,
    };
    let is_asked = is_asked.unwrap_or(false) && !items.iter().any(is_machine_talk);
    judge::judge(&mut reading, is_trapped, is_asked, items.iter().any(email::is_tried));
    if is_test && reading.kind == Kind::Lead {
        reading.kind = Kind::Test;
    }
    reading
}

/// The answers of people among all that came: no instructions, secrets, traps and empty ones.
pub fn asked(answers: &[Answer]) -> Vec<&Answer> {
    sort::sort(answers).items.into_iter().filter(|item| !item.trimmed().is_empty()).map(|item| item.answer).collect()
}

/// An answer as it is shown where it is none of name, phone, e-mail and message.
pub fn shown(answer: &Answer) -> Field {
    let item = Item::new(answer, None);
    Field { label: clean_line(&item.title(), 120), value: clean_text(&item.text, VALUE_MAX) }
}

/// An answer as permission to text, whatever its words say.
pub fn permission(answer: &Answer) -> Consent {
    consent::of(&Item::new(answer, None))
}

/// What nobody could be found in is a lead after all once there is somebody to be answered.
pub fn judge_again(reading: &mut Reading) {
    if reading.kind == Kind::Unreadable {
        (reading.kind, reading.problem) = (Kind::Lead, None);
        judge::judge(reading, false, reading.message.is_some(), false);
    }
}

/// Logs and alerts hold messages too, written by no person.
fn is_machine_talk(item: &Item<'_>) -> bool {
    const NAMES: &[&str] = &[
        "level",
        "severity",
        "host",
        "hostname",
        "alert",
        "alerts",
        "error",
        "exception",
        "stack",
        "event",
        "event_type",
        "code",
        "status",
        "status_code",
        "success",
        "environment",
        "env",
        "pid",
        "logger",
        "monitor",
        "build",
        "commit",
    ];
    NAMES.contains(&item.key.as_str())
}

fn take_page(items: &mut [Item<'_>]) -> Option<String> {
    let item = items.iter_mut().find(|i| {
        let text = i.trimmed();
        !i.used
            && (text.starts_with("http://") || text.starts_with("https://"))
            && text.len() < 2_000
            && i.says(Concept::Page)
    })?;
    item.used = true;
    Some(clean_line(&item.text, 2_000))
}

fn rest(items: &[Item<'_>]) -> Vec<Field> {
    items
        .iter()
        .filter(|i| !i.used)
        .map(|i| Field { label: clean_line(&i.title(), 120), value: clean_text(&i.text, VALUE_MAX) })
        .filter(|f| !f.value.is_empty())
        .collect()
}

#[cfg(test)]
mod tests;
