//! What one field usually holds: whether it comes and is filled in, how it is written, which choices it has, how large
//! its numbers are, what it carries.

use super::change::Sort;
use super::class::Class;
use super::odds::Odds;
use super::shape::{Leaf, Role, Written};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// So many answers of one field show which classes and sizes are usual.
const FIELD_LEARNING: f32 = 12.0;
/// So many answers are needed to take the choices of a field for all there are.
const CHOICES_KNOWN: f32 = 18.0;
const CHOICES_MAX: usize = 12;
/// So often as unlikely is a placeholder as any other odd value.
const PLACEHOLDER: f64 = 0.01;
/// How far a number may lie outside all that came before, as a decimal logarithm: five times.
const SIZE_SLACK: f32 = 0.7;

/// What one field usually holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// With which submission it came first.
    #[serde(rename = "b")]
    pub born: u32,
    /// With which one last.
    #[serde(rename = "l")]
    pub last: u32,
    #[serde(rename = "p")]
    pub present: Odds,
    #[serde(rename = "f")]
    filled: Odds,
    #[serde(rename = "c")]
    class: Odds,
    #[serde(rename = "cs", default)]
    pub classes: BTreeSet<Class>,
    #[serde(rename = "w")]
    written: Odds,
    #[serde(rename = "ws", default)]
    ways: BTreeSet<Written>,
    #[serde(rename = "v")]
    choice: Odds,
    /// The choices seen: hash and count; empty once they are too many.
    #[serde(rename = "vs", default)]
    choices: Vec<(u32, u16)>,
    /// Choices of the present run.
    #[serde(rename = "vf", default)]
    fresh: Vec<u32>,
    #[serde(rename = "o", default)]
    is_open: bool,
    #[serde(rename = "z")]
    size: Odds,
    #[serde(rename = "zs", default)]
    sizes: Option<(f32, f32)>,
    #[serde(rename = "r")]
    pub roles: [u16; 4],
}

/// Something that could be a change.
pub struct Suspect {
    pub sort: Sort,
    pub path: String,
    pub chance: f64,
    pub run: u8,
    pub now: Option<String>,
}

impl Key {
    /// A field that came first with the `seen`th submission.
    pub fn born_with(seen: u32) -> Self {
        Key { born: seen, ..Key::default() }
    }

    /// It came with the `seen`th submission.
    pub fn came(&mut self, path: &str, leaf: &Leaf, seen: u32, learns: bool, suspects: &mut Vec<Suspect>) {
        self.last = seen;
        self.present.kept();
        let Some(written) = leaf.written else {
            if learns {
                self.filled.learn(true);
            } else {
                self.filled.broken();
                suspects.push(Suspect::new(Sort::Emptied, path, &self.filled, 0.0, None));
            }
            return;
        };
        self.filled.kept();
        for (count, carried) in self.roles.iter_mut().zip(leaf.roles) {
            *count = count.saturating_add(u16::from(carried));
        }
        let new = usual(&mut self.written, &mut self.ways, written);
        if new {
            let now = Some(words(written).to_owned());
            suspects.push(Suspect::new(Sort::Retyped, path, &self.written, 0.0, now));
        }
        if usual(&mut self.class, &mut self.classes, leaf.class) {
            let (sort, more) = match leaf.class {
                Class::Placeholder => (Sort::Placeholder, PLACEHOLDER.powi(i32::from(self.class.run()))),
                _ => (Sort::Rewritten, 1.0),
            };
            let mut suspect = Suspect::new(sort, path, &self.class, 0.0, Some(leaf.class.words().to_owned()));
            suspect.chance *= more;
            suspects.push(suspect);
        }
        self.chose(path, leaf, suspects);
        self.measured(path, leaf, suspects);
    }

    /// Fields with a few short answers that come again and again have choices; a row of answers that never came is news.
    fn chose(&mut self, path: &str, leaf: &Leaf, suspects: &mut Vec<Suspect>) {
        if self.is_open {
            return;
        }
        let known = self.choices.iter_mut().find(|(value, _)| *value == leaf.value);
        if let (Some((_, count)), true) = (known, leaf.value != 0) {
            *count = count.saturating_add(1);
            self.choice.kept();
            let fresh: Vec<u32> = self.fresh.drain(..).collect();
            self.choices.extend(fresh.into_iter().map(|value| (value, 1)));
            return;
        }
        let cases = self.choice.cases();
        let once = self.choices.iter().filter(|(_, count)| *count == 1).count() as f32;
        let closed = leaf.value != 0 && self.choices.len() >= 2 && self.choices.len() as f32 <= cases / 3.0;
        if cases >= CHOICES_KNOWN && closed && leaf.class != Class::Placeholder {
            self.choice.broken();
            self.fresh.push(leaf.value);
            self.fresh.truncate(CHOICES_MAX);
            suspects.push(Suspect::new(Sort::Choices, path, &self.choice, once, None));
        } else {
            self.choice.learn(false);
            self.choices.push((leaf.value, 1));
        }
        if leaf.value == 0 || self.choices.len() > CHOICES_MAX {
            self.is_open = true;
            self.choices.clear();
            self.fresh.clear();
        }
    }

    fn measured(&mut self, path: &str, leaf: &Leaf, suspects: &mut Vec<Suspect>) {
        let Some(size) = leaf.size.filter(|_| leaf.class == Class::Number) else { return };
        let (low, high) = self.sizes.unwrap_or((size, size));
        if self.size.cases() >= FIELD_LEARNING && (size < low - SIZE_SLACK || size > high + SIZE_SLACK) {
            self.size.broken();
            suspects.push(Suspect::new(Sort::Unit, path, &self.size, 0.0, None));
        } else {
            self.size.kept();
            self.sizes = Some((low.min(size), high.max(size)));
        }
    }

    /// What it carried most of the time.
    pub fn role(&self) -> Option<Role> {
        let (role, count) = Role::ALL.into_iter().zip(self.roles).max_by_key(|(_, count)| *count)?;
        (f32::from(count) * 2.0 > self.filled.cases().min(FIELD_LEARNING)).then_some(role)
    }
}

impl Suspect {
    /// The present run of a habit.
    pub fn new(sort: Sort, path: &str, odds: &Odds, more: f32, now: Option<String>) -> Self {
        Suspect { sort, path: path.to_owned(), chance: odds.chance(more), run: odds.run(), now }
    }
}

/// Learns one answer of a field, or, once its usual ways are known, counts a departure from them. True for a departure.
fn usual<T: Ord + Copy>(odds: &mut Odds, known: &mut BTreeSet<T>, one: T) -> bool {
    if known.contains(&one) {
        odds.kept();
        return false;
    }
    if odds.cases() < FIELD_LEARNING {
        // Whoever answers in many ways early will do so later.
        odds.learn(!known.is_empty());
        known.insert(one);
        return false;
    }
    odds.broken();
    true
}

fn words(written: Written) -> &'static str {
    match written {
        Written::Text => "words, not as it did",
        Written::Number => "a plain number",
        Written::Bool => "yes or no",
    }
}
