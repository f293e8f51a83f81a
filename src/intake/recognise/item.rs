//! One answer on the table: its repaired text, and what its names mean.

use super::lexicon::{Concept, Concepts};
use super::repair::repair;
use super::words::words;
use crate::intake::flatten::Answer;
use std::borrow::Cow;

/// Names that only say "here is the value" of what holds it.
const SHELLS: &[&str] = &[
    "full",
    "value",
    "val",
    "text",
    "answer",
    "number",
    "raw",
    "formatted",
    "e164",
    "international",
    "address",
    "complete",
    "",
];

/// Names of lists of answers.
const LISTS: &[&str] = &["form", "data", "fields", "answers", "responses", "values", "submission", "entry", "entries"];

/// One answer.
pub(super) struct Item<'a> {
    /// As it was flattened.
    pub answer: &'a Answer,
    /// What was answered, repaired; less what another role has taken out of it.
    pub text: String,
    /// The technical name in lower case.
    pub key: String,
    /// The words of label and key.
    pub words: Vec<String>,
    /// What the names around it mean.
    pub around: Concepts,
    /// An owner: of the shop, as sales tools say, or of the pet.
    pub is_owner: bool,
    /// Taken by a role: not shown again.
    pub used: bool,
    /// Which part of a name its number says it is (see [`Part`]).
    pub part: Option<Part>,
    label: Concepts,
    label_words: usize,
    in_key: Concepts,
    key_words: Vec<String>,
    declared: Concepts,
}

/// Parts of a name that Gravity Forms numbers `<field>.3` and `<field>.6`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    First,
    Middle,
    Last,
}

impl<'a> Item<'a> {
    pub fn new(answer: &'a Answer, part: Option<Part>) -> Item<'a> {
        let label = answer.label.as_deref().map(|label| words(&repair(label))).unwrap_or_default();
        let generated = !label.is_empty() && is_generated(&answer.key);
        let mut key_words =
            if generated { Vec::new() } else { named(words(&repair(&without_ids(own_name(&answer.key))))) };
        // A labelled answer that is called after the list that it stands in.
        if !label.is_empty() && key_words.iter().all(|word| LISTS.contains(&word.as_str())) {
            key_words.clear();
        }
        // `{"phone":{"full":"…"}}`: what holds the value gives it its name.
        if label.is_empty()
            && SHELLS.contains(&answer.key.to_lowercase().as_str())
            && let Some(holder) = answer.path.last()
        {
            key_words.splice(0..0, words(&repair(holder)));
        }
        let around = answer.path.iter().rev().take(4).fold(Concepts::default(), |all, name| {
            let mut path = words(name);
            path.push(path.concat());
            all.with(Concepts::of(&path))
        });
        Item {
            answer,
            text: repair(&answer.text()).into_owned(),
            key: answer.key.to_lowercase(),
            around,
            is_owner: label.iter().chain(&key_words).any(|w| w == "owner")
                || answer.path.iter().any(|name| words(name).iter().any(|w| w == "owner")),
            used: false,
            part,
            label: meaning(&label),
            label_words: label.len(),
            in_key: meaning(&key_words),
            declared: meaning(&words(&answer.declared)),
            words: label.iter().chain(&key_words).cloned().collect(),
            key_words,
        }
    }

    /// 40 for the declared type, 30 for the label, 20 for the key, less for every word of another matter.
    pub fn score(&self, concept: Concept) -> i32 {
        let of_type = if concept == Concept::Message { Concept::Long } else { concept };
        let mut score = 0;
        if self.declared.has(of_type) {
            score += 40;
        }
        if self.label.has(concept) {
            score += 30 - small(self.label_words, 10);
        }
        if self.in_key.has(concept) {
            score += 20 - small(self.key_words.len(), 8);
        }
        score
    }

    /// Whether label or key say so.
    pub fn says(&self, concept: Concept) -> bool {
        self.meaning().has(concept)
    }

    /// Whether label or key say one of these.
    pub fn says_any(&self, concepts: &[Concept]) -> bool {
        self.meaning().any(concepts)
    }

    /// Whether label, key or declared type say so: `{"type":"fax","value":"…"}`.
    pub fn hints(&self, concept: Concept) -> bool {
        self.says(concept) || self.declared.has(concept)
    }

    /// Whether the sender declared it so.
    pub fn is_declared(&self, concept: Concept) -> bool {
        self.declared.has(concept)
    }

    /// Whether the names say nothing: `field_3`, `q12`, `input.4`.
    pub fn is_anonymous(&self) -> bool {
        self.label_words == 0
            && self.key_words.iter().all(|word| {
                word.chars().all(|c| c.is_ascii_digit())
                    || word.len() <= 2
                    || is_generated(word)
                    || Concepts::of(std::slice::from_ref(word)).has(Concept::Empty)
            })
    }

    /// Somebody who is not the visitor: a friend, a spouse, the organiser. A pet's owner and a child's parent are.
    pub fn is_of_another(&self) -> bool {
        let answers_for = self.words.iter().any(|w| matches!(w.as_str(), "owner" | "parent" | "guardian"));
        let is_recipient = self.words.first().is_some_and(|w| w == "to") && self.says(Concept::Email);
        self.around.has(Concept::Other) || is_recipient || (self.says(Concept::Other) && !answers_for)
    }

    /// A firm, a form, a street: something that has a name and is no person. A firm's contact is one.
    pub fn is_thing(&self) -> bool {
        if !self.says(Concept::Thing) || self.is_user_by_name() {
            return false;
        }
        let place = |concept| self.words.iter().rposition(|w| Concepts::of(std::slice::from_ref(w)).has(concept));
        let contact = place(Concept::Someone).or_else(|| self.words.iter().rposition(|w| w == "owner"));
        !matches!((place(Concept::Work), contact), (Some(work), Some(contact)) if contact > work)
    }

    /// `userName: Ana Ruiz`: most of these are log-ins, but none of those looks like a name of two words.
    fn is_user_by_name(&self) -> bool {
        let is_user = |word: &String| matches!(word.as_str(), "user" | "username");
        let things = |word: &&String| Concepts::of(std::slice::from_ref(*word)).has(Concept::Thing);
        self.words.iter().any(is_user)
            && self.words.iter().filter(things).all(is_user)
            && super::name::is_capitalised(self.trimmed(), 2)
    }

    /// The first value of the text, trimmed.
    pub fn trimmed(&self) -> &str {
        self.text.trim()
    }

    /// The words that people saw, or the technical name made readable.
    pub fn title(&self) -> String {
        match &self.answer.label {
            Some(label) => repair(label).into_owned(),
            None => super::words::humanise(&repair(&self.answer.key)),
        }
    }

    fn meaning(&self) -> Concepts {
        self.label.with(self.in_key)
    }
}

/// A name without what surrounds it on an ASP.NET page: `ctl00$MainContent$txtName`, `ctl00_MainContent_txtName`.
fn own_name(key: &str) -> &str {
    if let Some((_, own)) = key.rsplit_once('$') {
        return own;
    }
    let numbered =
        |piece: &str| piece.strip_prefix("ctl").is_some_and(|n| n.len() == 2 && n.bytes().all(|b| b.is_ascii_digit()));
    match key.splitn(3, '_').collect::<Vec<_>>()[..] {
        [first, _, own] if numbered(first) => own,
        _ => key,
    }
}

/// A name without the pieces that a machine made up: `form-field-ffb7c7` is `form-field-`.
fn without_ids(key: &str) -> Cow<'_, str> {
    let is_id = |piece: &str| {
        let longest = piece.split(|c: char| !c.is_alphabetic()).map(str::len).max().unwrap_or(0);
        longest <= 3 && is_generated(piece)
    };
    let between = |c: char| matches!(c, '_' | '-' | ':' | '.' | ' ');
    if !key.split(between).any(is_id) {
        return Cow::Borrowed(key);
    }
    Cow::Owned(key.split_inclusive(between).filter(|piece| !is_id(piece.trim_end_matches(between))).collect())
}

/// Without Jotform's `typeA`, which stands where nobody named the question.
fn named(mut words: Vec<String>) -> Vec<String> {
    if let Some(at) = words.windows(2).position(|pair| pair[0] == "type" && pair[1] == "a") {
        words.drain(at..at + 2);
    }
    words
}

/// What words mean, one by one and run together (`mobile number`, `mobilenumber`).
fn meaning(words: &[String]) -> Concepts {
    Concepts::of(words).with(Concepts::of_pairs(words))
}

fn small(count: usize, most: usize) -> i32 {
    i32::try_from(count.min(most)).unwrap_or(0)
}

/// `question_mVGEg3_8b5711e3`, `field_3c0f1b2`, `5AtgG35AAZVcrSVfRubvp1`: made by a machine, means nothing.
fn is_generated(key: &str) -> bool {
    key.split(['_', '-', ':', '.', ' ']).any(|piece| {
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        let turns = piece.as_bytes().windows(2).filter(|w| w[0].is_ascii_digit() != w[1].is_ascii_digit()).count();
        piece.len() >= 6 && digits >= 1 && turns >= 2
    })
}
