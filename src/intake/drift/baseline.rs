//! What a source usually sends, and what it does not do any more.
//!
//! A departure is never learned while it lasts: it is a run, and either the run ends and counts as a few odd cases, or it
//! becomes a [`Change`] and stays one until three submissions in a row are as they used to be, or until the owner says
//! that it looks right and a new baseline begins.

use super::change::{Change, Sort};
use super::key::{Key, Suspect};
use super::odds::{CHANGED, Odds};
use super::shape::{Role, Shape, name_of, plain};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// So many submissions are only learned from.
const LEARNING: u32 = 8;
const KEYS_MAX: usize = 200;
const EVENTS_MAX: usize = 12;
const PRINTS_MAX: usize = 64;
/// A field that was always left out since so many submissions makes room for others.
const FORGET_AFTER: u32 = 150;
/// How much likelier a missing field is called something else when a new one like it came with every miss.
const PARTNER: f64 = 0.05;
/// So many usual submissions in a row end a change.
const CALM: u8 = 3;

/// See the file's head.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    events: BTreeMap<String, Usual>,
    open: Vec<Change>,
    told: BTreeSet<String>,
}

/// What one sort of event usually holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Usual {
    /// How many came.
    seen: u32,
    /// When the newest came.
    times: VecDeque<i64>,
    keys: BTreeMap<String, Key>,
    roles: [Odds; 4],
    /// Which sets of fields came, and how often.
    prints: BTreeMap<u32, u16>,
}

impl Baseline {
    /// What is different now; empty = it sends as it usually does.
    pub fn open(&self) -> &[Change] {
        &self.open
    }

    /// How many submissions it has learned from.
    pub fn seen(&self) -> u32 {
        self.events.values().map(|usual| usual.seen).sum()
    }

    /// Whether it has seen enough to notice a change.
    pub fn is_learned(&self) -> bool {
        self.events.values().any(|usual| usual.seen > LEARNING)
    }

    /// Looks at one more submission, which came at `at` (UTC milliseconds). Returns the changes that it brings to light,
    /// each once, the gravest first.
    pub fn observe(&mut self, shape: &Shape, at: i64) -> Vec<Change> {
        if self.events.len() >= EVENTS_MAX && !self.events.contains_key(&shape.event) {
            return Vec::new();
        }
        let usual = self.events.entry(shape.event.clone()).or_default();
        let suspects = usual.observe(shape, at);
        let running: BTreeSet<(Sort, String)> = suspects.iter().map(|s| (s.sort, s.path.clone())).collect();
        let mut found: Vec<Change> = Vec::new();
        for suspect in suspects.into_iter().filter(|suspect| suspect.chance <= CHANGED) {
            found.extend(usual.change(&suspect, &shape.event));
        }
        self.calm_down(&shape.event, &running);
        found.retain(|change| !self.told.contains(&change.id()));
        // That a number cannot be read is said by what happened to its field.
        let explained = |change: &Change, all: &[Change]| {
            change.sort == Sort::Lost && all.iter().any(|c| c.sort != Sort::Lost && c.role == change.role)
        };
        let all: Vec<Change> = self.open.iter().chain(&found).cloned().collect();
        found.retain(|change| !explained(change, &all));
        found.sort_by_key(|change| (!change.is_grave(), change.sort));
        self.told.extend(found.iter().map(Change::id));
        self.open.extend(found.iter().cloned());
        found
    }

    fn calm_down(&mut self, event: &str, running: &BTreeSet<(Sort, String)>) {
        for change in self.open.iter_mut().filter(|change| change.event == event) {
            let lasts = running.iter().any(|(_, path)| *path == change.path);
            change.calm = if lasts { 0 } else { change.calm + 1 };
        }
        self.open.retain(|change| change.calm < CALM);
    }
}

impl Usual {
    fn observe(&mut self, shape: &Shape, at: i64) -> Vec<Suspect> {
        self.seen += 1;
        self.times.push_back(at);
        if self.times.len() > 12 {
            self.times.pop_front();
        }
        let learns = self.seen <= LEARNING;
        self.make_room();
        for path in shape.leaves.keys() {
            if self.keys.len() < KEYS_MAX && !self.keys.contains_key(path) {
                self.keys.insert(path.clone(), Key::born_with(self.seen));
            }
        }
        let print = shape.print();
        let is_known = !learns && self.prints.get(&print).is_some_and(|times| *times >= 2);
        let mut suspects = Vec::new();
        let mut lacks = false;
        for (path, key) in &mut self.keys {
            match shape.leaves.get(path) {
                Some(leaf) => key.came(path, leaf, self.seen, learns, &mut suspects),
                None if learns => key.present.learn(true),
                None if is_known => {}
                None => {
                    lacks |= key.present.share() >= 0.9;
                    key.present.broken();
                    suspects.push(Suspect::new(Sort::Vanished, path, &key.present, 0.0, None));
                }
            }
        }
        if !lacks && (self.prints.len() < PRINTS_MAX || self.prints.contains_key(&print)) {
            let times = self.prints.entry(print).or_default();
            *times = times.saturating_add(1);
        }
        for (role, odds) in Role::ALL.iter().zip(&mut self.roles) {
            match (shape.roles[*role as usize], learns) {
                (true, _) => odds.kept(),
                (false, true) => odds.learn(true),
                (false, false) => {
                    odds.broken();
                    suspects.push(Suspect::new(Sort::Lost, role.words(), odds, 0.0, None));
                }
            }
        }
        self.pair(&mut suspects);
        suspects
    }

    /// A field that is missing while a new one like it comes is likelier one that is called something else.
    fn pair(&self, suspects: &mut [Suspect]) {
        for suspect in suspects.iter_mut().filter(|s| s.sort == Sort::Vanished && s.run >= 2) {
            let is_usual = self.keys.get(&suspect.path).is_some_and(|key| key.present.share() >= 0.5);
            if is_usual && !self.partners(&suspect.path, suspect.run).is_empty() {
                suspect.chance *= PARTNER.powi(i32::from(suspect.run));
            }
        }
    }

    /// Fields that came with every miss of this one, never before, and hold the like.
    fn partners(&self, path: &str, run: u8) -> Vec<&str> {
        let Some(old) = self.keys.get(path) else { return Vec::new() };
        let began = self.seen + 1 - u32::from(run).min(self.seen);
        let is_new =
            |key: &Key| key.born >= began && key.last == self.seen && key.present.cases() + 1.0 >= f32::from(run);
        let found = self.keys.iter().filter(|(at, key)| is_new(key) && is_like(path, old, at, key));
        found.map(|(at, _)| at.as_str()).collect()
    }

    fn change(&self, suspect: &Suspect, event: &str) -> Option<Change> {
        let key = self.keys.get(&suspect.path);
        let role = match key {
            Some(key) => key.role(),
            None => Role::ALL.into_iter().find(|role| role.words() == suspect.path),
        };
        let began = self.times.len().saturating_sub(usize::from(suspect.run));
        let mut change = Change {
            sort: suspect.sort,
            field: if key.is_some() { name_of(&suspect.path) } else { suspect.path.clone() },
            now: suspect.now.clone(),
            role,
            since: self.times.get(began).copied().unwrap_or_default(),
            path: suspect.path.clone(),
            event: event.to_owned(),
            calm: 0,
        };
        if suspect.sort == Sort::Vanished {
            let partners = self.partners(&suspect.path, suspect.run);
            (change.sort, change.now) = what_became(&suspect.path, role, &partners);
        }
        Some(change)
    }

    fn make_room(&mut self) {
        if self.keys.len() >= KEYS_MAX {
            let now = self.seen;
            self.keys.retain(|_, key| now - key.last < FORGET_AFTER);
        }
    }
}

/// Two fields that are likely one: same carrier, same strict class, or names with something in common.
fn is_like(old_path: &str, old: &Key, new_path: &str, new: &Key) -> bool {
    let role = old.role();
    if let Some(role) = role
        && new.roles[role as usize] > 0
    {
        return true;
    }
    let strict = |key: &Key| key.classes.iter().copied().find(|class| class.is_strict());
    if strict(old).is_some() && strict(old) == strict(new) {
        return true;
    }
    let (a, b) = (plain(&name_of(old_path)), plain(&name_of(new_path)));
    !a.is_empty() && !b.is_empty() && (a == b || a.len() >= 4 && b.contains(&a) || b.len() >= 4 && a.contains(&b))
}

/// What became of a field that does not come any more.
fn what_became(path: &str, role: Option<Role>, partners: &[&str]) -> (Sort, Option<String>) {
    let name = name_of(path);
    let quoted = |path: &&str| format!("\"{}\"", name_of(path));
    let Some(first) = partners.first() else { return (Sort::Vanished, None) };
    let bare = |path: &str| path.replace("[]", "");
    if let Some(listed) = partners.iter().find(|partner| bare(partner) == bare(path)) {
        let now = if listed.len() > path.len() { "in a list" } else { "outside its list" };
        return (Sort::Moved, Some(now.to_owned()));
    }
    if let Some(moved) = partners.iter().find(|partner| name_of(partner) == name) {
        let outer = moved.rsplit_once('.').map(|(outer, _)| name_of(outer)).filter(|outer| *outer != name);
        return (Sort::Moved, Some(outer.map_or_else(|| "elsewhere".to_owned(), |o| format!("inside \"{o}\""))));
    }
    if role == Some(Role::Name) && partners.len() >= 2 {
        return (Sort::Split, Some(partners.iter().map(quoted).collect::<Vec<_>>().join(" and ")));
    }
    let nearest = partners.iter().find(|partner| plain(&name_of(partner)) == plain(&name)).unwrap_or(first);
    (Sort::Renamed, Some(name_of(nearest)))
}
