//! What the newest submissions of a source show of its fields: what each holds, what we take it for, and how surely.

use super::place;
use crate::base::text::clean_line;
use crate::intake::drift::Role;
use crate::intake::known::Known;
use crate::intake::providers::Provider;
use crate::intake::reading::{Kind, Request};
use crate::intake::recognise::{asked, shown};
use crate::lead::mapping::Place;

/// Most fields that are looked at.
const FIELDS_MAX: usize = 60;
/// Most examples of a field.
const SAMPLES_MAX: usize = 2;
/// Longest example, in characters.
const SAMPLE_MAX: usize = 80;

/// One field, as the submissions show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// How it is known again.
    pub place: Place,
    /// Its question, or its technical name made readable.
    pub title: String,
    /// What was answered, the newest first.
    pub samples: Vec<String>,
    /// In how many submissions it was filled in.
    pub filled: u32,
    /// In how many of those it was what we took for the name, the phone, the e-mail and the message.
    pub carried: [u32; 4],
    /// In how many of those it was taken for the permission to text.
    pub permits: u32,
}

impl Guess {
    /// What it is taken for, in words, and in how many of the submissions in which it was filled in.
    pub fn role(&self) -> Option<(&'static str, u32)> {
        let roles = Role::ALL.into_iter().map(Role::words).zip(self.carried);
        let best = roles.chain([("consent to texts", self.permits)]).max_by_key(|(_, count)| *count)?;
        Some(best).filter(|(_, count)| *count > 0)
    }
}

/// Looks at submissions, the newest first, as they are read by guess alone.
pub fn guesses(provider: &dyn Provider, submissions: &[Request<'_>]) -> Vec<Guess> {
    let mut found: Vec<Guess> = Vec::new();
    for request in submissions {
        let reading = provider.read(request);
        if reading.kind == Kind::Ignored {
            continue;
        }
        let known = Known::of(&reading);
        let answers = provider.answers(request);
        let mut seen: Vec<Place> = Vec::new();
        for answer in asked(&answers) {
            let place = place(answer);
            // Two fields of one name and question cannot be told apart: the first one counts.
            if seen.contains(&place) {
                continue;
            }
            if let Some(guess) = note(&mut found, &place, shown(answer).label, answer.text().trim(), &known) {
                let permits = reading.consent.as_ref().is_some_and(|consent| consent.field == answer.key);
                guess.permits += u32::from(permits);
            }
            seen.push(place);
        }
    }
    found
}

fn note<'a>(
    found: &'a mut Vec<Guess>,
    place: &Place,
    title: String,
    text: &str,
    known: &Known,
) -> Option<&'a mut Guess> {
    let at = found.iter().position(|guess| guess.place == *place).or_else(|| {
        let new = Guess { place: place.clone(), title, samples: Vec::new(), filled: 0, carried: [0; 4], permits: 0 };
        (found.len() < FIELDS_MAX).then(|| {
            found.push(new);
            found.len() - 1
        })
    });
    let guess = found.get_mut(at?)?;
    guess.filled += 1;
    for (count, carries) in guess.carried.iter_mut().zip(known.carried(text)) {
        *count += u32::from(carries);
    }
    let sample = clean_line(text, SAMPLE_MAX);
    if guess.samples.len() < SAMPLES_MAX && !sample.is_empty() && !guess.samples.contains(&sample) {
        guess.samples.push(sample);
    }
    Some(guess)
}
