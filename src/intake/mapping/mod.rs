//! What the owner said of a form's fields overrules what we guessed. Pure: the reading that was guessed, the answers and
//! the mapping go in.
//!
//! A field that was given a meaning carries it, as long as it is filled in and can: an address that is none, or a number
//! that nobody can dial where another one can be, is shown and leaves its place to the guess. Whatever loses its place
//! is shown under its own words, so nothing that came is lost by a mapping, and no lead either.

mod guesses;

pub use guesses::{Guess, guesses};

use super::flatten::Answer;
use super::known::Known;
use super::providers::Provider;
use super::reading::{Kind, Reading, Request};
use super::recognise::{asked, given_name, judge_again, permission, recognise, shown};
use crate::base::text::{clean_line, clean_text};
use crate::lead::contact::{Email, Phone};
use crate::lead::mapping::{Mapping, Meaning, Place};

/// Longest name, in characters.
const NAME_MAX: usize = 200;
/// Longest number as it is shown, in characters.
const GIVEN_MAX: usize = 60;
/// Longest message, in characters.
const MESSAGE_MAX: usize = 10_000;

/// How the field of an answer is known again.
pub fn place(answer: &Answer) -> Place {
    let mut at = answer.path.join(".");
    if !answer.key.is_empty() {
        if !at.is_empty() {
            at.push('.');
        }
        at.push_str(&answer.key);
    }
    Place { at, label: answer.label.clone() }
}

/// Applies a mapping to each event of a request. `parts` holds the body of each where there are several.
pub fn apply_all(
    readings: &mut [Reading],
    parts: &[String],
    provider: &dyn Provider,
    request: &Request<'_>,
    mapping: &Mapping,
) {
    if mapping.is_empty() {
        return;
    }
    for (n, reading) in readings.iter_mut().enumerate() {
        let body = parts.get(n).map_or(request.body, |part| part.as_bytes());
        let answers = provider.answers(&Request { body, ..*request });
        apply(reading, &answers, mapping, request.country);
    }
}

/// Applies a mapping to one reading of these answers.
pub fn apply(reading: &mut Reading, answers: &[Answer], mapping: &Mapping, country: &str) {
    if mapping.is_empty() || matches!(reading.kind, Kind::Ignored) {
        return;
    }
    let asked = asked(answers);
    let places: Vec<Place> = asked.iter().map(|answer| place(answer)).collect();
    let meanings = mapping.meanings(&places);
    if meanings.iter().all(Option::is_none) {
        return;
    }
    let said: Vec<(&Answer, Meaning)> =
        asked.iter().zip(&meanings).filter_map(|(answer, meaning)| Some((*answer, (*meaning)?))).collect();
    let free: Vec<Answer> =
        asked.iter().zip(&meanings).filter(|(_, meaning)| meaning.is_none()).map(|(a, _)| (*a).clone()).collect();
    let before = reading.clone();
    let over = Overrule { said: &said, guess: recognise(&free, country, 0), before: Known::of(&before), country };
    over.name(reading);
    over.reach(reading);
    over.message(reading);
    over.consent(reading);
    over.fields(reading, &before, &asked);
    judge_again(reading);
}

struct Overrule<'a> {
    said: &'a [(&'a Answer, Meaning)],
    /// What the fields say that were given no meaning.
    guess: Reading,
    before: Known,
    country: &'a str,
}

impl Overrule<'_> {
    /// The first answer that was given this meaning.
    fn answer(&self, meaning: Meaning) -> Option<&Answer> {
        self.said.iter().find(|(_, is)| *is == meaning).map(|(answer, _)| *answer)
    }

    fn line(&self, meaning: Meaning) -> Option<String> {
        self.answer(meaning).map(|answer| clean_line(&answer.text(), NAME_MAX)).filter(|line| !line.is_empty())
    }

    /// What was guessed stood in a field that means something else.
    fn has_moved(&self, role: usize) -> bool {
        self.said.iter().any(|(answer, _)| self.before.carried(answer.text().trim())[role])
    }

    fn name(&self, reading: &mut Reading) {
        let (whole, first, last) =
            (self.line(Meaning::Name), self.line(Meaning::FirstName), self.line(Meaning::LastName));
        if whole.is_none() && first.is_none() && last.is_none() {
            if self.has_moved(0) {
                (reading.name, reading.first_name) = (self.guess.name.clone(), self.guess.first_name.clone());
            }
            return;
        }
        let (name, given) = match (whole, first, last) {
            (Some(whole), first, _) => {
                let given = first.or_else(|| given_name(&whole));
                (whole, given)
            }
            (None, Some(first), Some(last)) => (format!("{first} {last}"), Some(first)),
            (None, Some(first), None) => (joined(&first, self.guess.name.as_deref(), true), Some(first)),
            (None, None, last) => {
                let given = self.guess.first_name.clone().or_else(|| self.guess.name.clone());
                (joined(&last.unwrap_or_default(), given.as_deref(), false), given)
            }
        };
        reading.name = Some(clean_line(&name, NAME_MAX));
        reading.first_name = given;
    }

    fn reach(&self, reading: &mut Reading) {
        let typed = self.answer(Meaning::Phone).map(|answer| clean_line(&answer.text(), GIVEN_MAX));
        let dialled = typed.as_deref().and_then(|typed| Phone::parse(typed, self.country));
        let other = if self.has_moved(1) { &self.guess } else { &*reading };
        let (other, other_given) = (other.phone.clone(), other.phone_as_given.clone());
        (reading.phone, reading.phone_as_given) = match (typed, dialled) {
            (Some(typed), Some(phone)) => (Some(phone), Some(typed)),
            (Some(typed), None) if other.is_none() && !typed.is_empty() => (None, Some(typed)),
            _ => (other, other_given),
        };
        let email = self.answer(Meaning::Email).and_then(|answer| Email::parse(answer.text().trim()));
        match email {
            Some(email) => reading.email = Some(email),
            None if self.has_moved(2) => reading.email.clone_from(&self.guess.email),
            None => {}
        }
    }

    fn message(&self, reading: &mut Reading) {
        let parts: Vec<String> = self
            .said
            .iter()
            .filter(|(_, is)| *is == Meaning::Message)
            .map(|(answer, _)| clean_text(&answer.text(), MESSAGE_MAX))
            .filter(|text| !text.is_empty())
            .collect();
        if !parts.is_empty() {
            reading.message = Some(clean_text(&parts.join("\n"), MESSAGE_MAX));
        } else if self.has_moved(3) {
            reading.message.clone_from(&self.guess.message);
        }
    }

    fn consent(&self, reading: &mut Reading) {
        if let Some(answer) = self.answer(Meaning::Consent) {
            reading.consent = Some(permission(answer));
        } else if let Some(consent) = &reading.consent
            && self.said.iter().any(|(answer, _)| answer.key == consent.field)
        {
            reading.consent.clone_from(&self.guess.consent);
        }
    }

    /// What carries something is no longer shown as the rest, and what lost its place is.
    fn fields(&self, reading: &mut Reading, before: &Reading, asked: &[&Answer]) {
        let after = Known::of(reading);
        let consent = reading.consent.as_ref().map(|consent| consent.field.clone());
        let was_consent = before.consent.as_ref().map(|consent| consent.field.clone());
        for answer in asked {
            let text = answer.text();
            let text = text.trim();
            let means = self.said.iter().find(|(said, _)| std::ptr::eq(*said, *answer)).map(|(_, is)| *is);
            let is_told = match means {
                Some(Meaning::Other) => false,
                Some(Meaning::Consent) => consent.as_deref() == Some(&answer.key),
                _ => after.carried(text).contains(&true),
            };
            let had_a_place = self.before.carried(text).contains(&true) || was_consent.as_deref() == Some(&answer.key);
            let field = shown(answer);
            if is_told && means.is_some() {
                reading.fields.retain(|there| *there != field);
            } else if !is_told
                && (means.is_some() || had_a_place)
                && !field.value.is_empty()
                && !reading.fields.contains(&field)
            {
                reading.fields.push(field);
            }
        }
    }
}

/// A part of a name and what else is known of it.
fn joined(part: &str, other: Option<&str>, part_first: bool) -> String {
    match other.filter(|other| !other.to_lowercase().contains(&part.to_lowercase())) {
        Some(other) if part_first => format!("{part} {other}"),
        Some(other) => format!("{other} {part}"),
        None => part.to_owned(),
    }
}

#[cfg(test)]
mod tests;
