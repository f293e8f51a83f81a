//! One submission without what the visitor said.
//!
//! Every value stands under its path: names with dots between them, `[]` for a list, and `[Phone]` for the item of a list
//! that says of itself which question it answers. The order of keys, spaces and the order of such items do not matter.

use super::class::{Class, is_placeholder, number};
use crate::base::text::clean_line;
use crate::intake::json;
use crate::intake::known::Known;
pub use crate::intake::known::plain;
use crate::intake::node::Node;
use crate::lead::reading::Reading;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most fields of one submission that are looked at.
const LEAVES_MAX: usize = 200;
const DEPTH_MAX: usize = 12;
/// Most values of one submission that are looked at, those under one name included.
const VALUES_MAX: usize = 2_000;
/// Longest name of one step, in characters.
const STEP_MAX: usize = 60;
/// Names under which an item of a list says which question it answers.
const QUESTIONS: &[&str] = &["label", "title", "question", "field_name", "ref", "key", "slug", "field", "name", "id"];
/// Names under which such an item gives the answer.
const ANSWERS: &[&str] = &[
    "value",
    "values",
    "answer",
    "answers",
    "text",
    "response",
    "content",
    "email",
    "phone_number",
    "number",
    "boolean",
    "date",
    "url",
    "choice",
    "choices",
    "stringValue",
    "string_value",
    "full",
];
/// What is sent along and is no answer of the visitor's.
const MACHINERY: &[&str] = &[
    "utm",
    "gclid",
    "fbclid",
    "msclkid",
    "referrer",
    "referer",
    "url",
    "uri",
    "href",
    "page",
    "ip",
    "useragent",
    "agent",
    "browser",
    "token",
    "nonce",
    "csrf",
    "captcha",
    "recaptcha",
    "signature",
    "id",
    "uuid",
    "guid",
    "hash",
    "created",
    "updated",
    "modified",
    "timestamp",
    "createdat",
    "updatedat",
    "submittedat",
    "at",
    "version",
    "locale",
    "lang",
    "timezone",
    "session",
    "cookie",
    "method",
    "type",
    "object",
    "livemode",
    "mode",
    "score",
];

/// What a field carried for the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// The name, or a part of it.
    Name,
    /// The number.
    Phone,
    /// The address.
    Email,
    /// The wish.
    Message,
}

impl Role {
    /// All of them, in the order of their numbers.
    pub const ALL: [Role; 4] = [Role::Name, Role::Phone, Role::Email, Role::Message];

    /// What it is called on pages.
    pub fn words(self) -> &'static str {
        match self {
            Role::Name => "name",
            Role::Phone => "phone number",
            Role::Email => "email address",
            Role::Message => "message",
        }
    }
}

/// How a value was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Written {
    /// As a text; in forms everything is.
    Text,
    /// As a JSON number.
    Number,
    /// As `true` or `false`.
    Bool,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// How it was written; `None` = nothing was answered.
    pub written: Option<Written>,
    /// What it looks like.
    pub class: Class,
    /// What it carried.
    pub roles: [bool; 4],
    /// A hash of a short text, lower case; 0 for long ones.
    pub value: u32,
    /// The size of a number: its decimal logarithm.
    pub size: Option<f32>,
}

/// See the file's head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// The event's kind, where the sender says so: its events are compared among themselves only.
    pub event: String,
    /// The values by their paths.
    pub leaves: BTreeMap<String, Leaf>,
    /// How many values were looked at.
    seen: usize,
    /// Which of name, phone, e-mail and message were read.
    pub roles: [bool; 4],
}

impl Shape {
    /// The shape of a body that was read so.
    pub fn of(tree: &Node, reading: &Reading) -> Shape {
        let known = Known::of(reading);
        let mut shape = Shape { event: event(tree), roles: known.roles(), ..Shape::default() };
        shape.walk(String::new(), tree, &known, 0);
        shape
    }

    /// A number for the set of its fields.
    pub fn print(&self) -> u32 {
        fnv(self.leaves.keys().flat_map(|path| path.bytes().chain([0])))
    }

    fn walk(&mut self, path: String, node: &Node, known: &Known, depth: usize) {
        if depth > DEPTH_MAX || self.leaves.len() >= LEAVES_MAX {
            return;
        }
        match node {
            Node::Map(entries) => {
                for (name, child) in entries {
                    let dot = if path.is_empty() { "" } else { "." };
                    self.walk(format!("{path}{dot}{}", step(name)), child, known, depth + 1);
                }
            }
            Node::List(items) => {
                for item in items {
                    let question = question(item);
                    let inner = format!("{path}[{}]", question.map(|(_, text)| step(text)).unwrap_or_default());
                    match (item, question) {
                        (Node::Map(entries), Some(_)) => {
                            for (name, child) in entries.iter().filter(|(name, _)| !is_about_the_question(name)) {
                                self.walk(format!("{inner}.{}", step(name)), child, known, depth + 2);
                            }
                        }
                        _ => self.walk(inner, item, known, depth + 1),
                    }
                }
                if items.is_empty() {
                    self.leaf(path, node, known);
                }
            }
            Node::Text(text) if text.trim_start().starts_with(['{', '[']) => match json::parse(text) {
                Some(inner @ (Node::Map(_) | Node::List(_))) => self.walk(path, &inner, known, depth + 1),
                _ => self.leaf(path, node, known),
            },
            _ => self.leaf(path, node, known),
        }
    }

    fn leaf(&mut self, path: String, node: &Node, known: &Known) {
        self.seen += 1;
        if self.seen > VALUES_MAX {
            return;
        }
        let text = node.as_text().unwrap_or_default();
        let text = text.trim();
        let roles = known.carried(text);
        if is_machinery(&path) && roles == [false; 4] && !is_placeholder(text) {
            return;
        }
        let written = match node {
            Node::Number(_) => Some(Written::Number),
            Node::Bool(_) => Some(Written::Bool),
            _ if text.is_empty() => None,
            _ => Some(Written::Text),
        };
        if let Some(there) = self.leaves.get_mut(&path).filter(|there| there.written.is_some()) {
            Role::ALL.iter().enumerate().for_each(|(n, _)| there.roles[n] |= roles[n]);
            return;
        }
        let is_short = !text.is_empty() && text.chars().nth(60).is_none();
        let leaf = Leaf {
            written,
            class: Class::of(text),
            roles,
            value: if is_short { fnv(text.to_lowercase().bytes()) } else { 0 },
            size: number(text).map(f64::abs).filter(|n| *n > 0.0).map(|n| n.log10() as f32),
        };
        self.leaves.insert(path, leaf);
    }
}

/// The name of a field for people: its question, or its last name that says anything.
pub fn name_of(path: &str) -> String {
    let steps: Vec<&str> = path.split(['.', '[']).map(|s| s.trim_end_matches(']')).filter(|s| !s.is_empty()).collect();
    let telling = steps.iter().rposition(|step| !ANSWERS[..7].contains(step) && *step != "full");
    let at = match (telling, path.rfind("].")) {
        // `answers[Phone].phone_number`: the question is its name.
        (Some(at), Some(close)) if at + 1 == steps.len() && !path[close + 2..].contains('.') && at > 0 => at - 1,
        (Some(at), _) => at,
        (None, _) => steps.len().saturating_sub(1),
    };
    clean_line(steps.get(at).copied().unwrap_or(path), 40)
}

/// What an item of a list says it answers, under which name.
fn question(item: &Node) -> Option<(&'static str, &str)> {
    let text = |node: &'_ Node| match node {
        Node::Text(text) | Node::Number(text) if !text.trim().is_empty() => Some(()),
        _ => None,
    };
    let Node::Map(entries) = item else { return None };
    let rest: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).filter(|n| !is_about_the_question(n)).collect();
    // Several answers beside each other are a person's, whose name is no question.
    let is_answer = matches!(rest.as_slice(), [one] | [one, _] if ANSWERS.contains(one))
        && rest.iter().filter(|name| matches!(**name, "email" | "phone" | "message")).count() < rest.len().max(2);
    let found = QUESTIONS.iter().find_map(|name| {
        let holder = item.get(name)?;
        let node = match holder {
            Node::Map(_) => ["ref", "id", "label", "title"].iter().find_map(|inner| holder.get(inner))?,
            plain => plain,
        };
        text(node)?;
        match node {
            Node::Text(text) | Node::Number(text) => Some((*name, text.as_str())),
            _ => None,
        }
    });
    found.filter(|_| is_answer)
}

fn is_about_the_question(name: &str) -> bool {
    QUESTIONS.contains(&name) || matches!(name, "type" | "order" | "options" | "required" | "position" | "index")
}

/// One name of a path. Names that hold somebody's data are no names.
fn step(name: &str) -> String {
    let figures = name.bytes().filter(u8::is_ascii_digit).count();
    if name.contains('@') || figures >= 7 && name.bytes().all(|b| !b.is_ascii_alphabetic()) {
        return "*".to_owned();
    }
    name.chars().map(|c| if matches!(c, '.' | '[' | ']') { '·' } else { c }).take(STEP_MAX).collect()
}

fn is_machinery(path: &str) -> bool {
    let name = path.rsplit(['.', '[']).next().unwrap_or(path).trim_end_matches(']');
    MACHINERY.contains(&plain(name).as_str())
        || name.split(|c: char| !c.is_alphanumeric()).any(|word| {
            matches!(
                &*word.to_lowercase(),
                "utm" | "gclid" | "id" | "ip" | "url" | "uuid" | "token" | "referrer" | "at"
            )
        })
        || name.len() > 2 && (name.ends_with("Id") || name.ends_with("At") || name.ends_with("Url"))
}

/// What a sender calls this sort of event, if it sends several sorts.
fn event(tree: &Node) -> String {
    const NAMES: &[&str] =
        &["event", "event_type", "eventType", "type", "triggerEvent", "triggerType", "trigger", "topic", "event_name"];
    let looks_so = |text: &str| {
        text.len() <= 60
            && !text.contains(' ')
            && (text.contains(['.', '_', ':', '/']) || text.bytes().all(|b| b.is_ascii_uppercase()))
    };
    NAMES
        .iter()
        .filter_map(|name| match tree.get(name) {
            Some(Node::Text(text)) if looks_so(text) => Some(step(text)),
            _ => None,
        })
        .next()
        .unwrap_or_default()
}

fn fnv(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
