//! A tree becomes a flat, ordered list of answers: what was asked, what was answered, and under which names it stood.
//!
//! Lists of labelled items (`{label, value}`, `{question, answer}`, `{name, values}`, `{type, email, field:{id}}` …) become
//! one answer an item; labels that stand apart (`definition.fields`, `schema`) are joined by their ids; option ids are
//! turned into option texts; what is packed into a text or a name is opened (`open`). At most 500 answers are read.

mod keys;
mod open;

use super::node::{FIELDS_MAX, Node, VALUE_MAX};
use keys::{DESCRIPTIONS, HEADS, IDS, LABELLED_VALUES, PERSON_KEYS, ROWS, STRONG_LABELS, TYPES, VALUES, WEAK_LABELS};
use std::collections::HashMap;

/// Most answers that are looked at, empty ones among them.
const VISITS_MAX: usize = 5_000;
/// Longest label, in bytes.
const LABEL_MAX: usize = 500;

/// A flattened tree.
#[derive(Debug, Default)]
pub struct Flat {
    /// Its answers, at most 500 that are not empty.
    pub answers: Vec<Answer>,
    /// Something was over the limits and left in the raw body.
    pub cut: bool,
}

/// One answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The names it stands under, outermost first.
    pub path: Vec<String>,
    /// Its own technical name.
    pub key: String,
    /// The words that people saw, where they are known.
    pub label: Option<String>,
    /// What the sender calls its type; several words if it was said twice.
    pub declared: String,
    /// What was answered; empty when nothing was.
    pub values: Vec<String>,
    /// It was a number, not a text.
    pub is_number: bool,
    /// It was a boolean.
    pub is_bool: bool,
    /// The question offered choices.
    pub has_options: bool,
}

impl Answer {
    /// All values as one text.
    pub fn text(&self) -> String {
        self.values.join(", ")
    }

    /// The one value, unless there are several or none.
    pub fn single(&self) -> Option<&str> {
        match self.values.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// Flattens a tree.
pub fn flatten(tree: &Node) -> Vec<Answer> {
    flatten_noting(tree).answers
}

/// Flattens a tree and tells whether that was all of it.
pub fn flatten_noting(tree: &Node) -> Flat {
    let opened = open::open(tree);
    let tree = opened.as_ref().unwrap_or(tree);
    let mut definitions = HashMap::new();
    define(tree, false, &mut definitions);
    let mut walk = Walk { definitions, flat: Flat::default(), filled: 0, path: Vec::new() };
    walk.node("", tree);
    walk.flat
}

struct Definition {
    label: String,
    declared: String,
}

/// Collects labels that stand apart from their answers: list items with an id and a label, without a value.
fn define<'a>(node: &'a Node, in_list: bool, into: &mut HashMap<&'a str, Definition>) {
    match node {
        Node::List(items) => items.iter().for_each(|item| define(item, true, into)),
        Node::Map(entries) => {
            let label = STRONG_LABELS.iter().chain(&["name"]).find_map(|k| text_of(node, k));
            if in_list
                && let Some(label) = label
                && value_key(node, true).is_none()
            {
                let declared = TYPES.iter().find_map(|k| text_of(node, k)).unwrap_or("");
                for id in IDS.iter().filter_map(|k| text_of(node, k)) {
                    into.entry(id).or_insert_with(|| Definition { label: short(label), declared: short(declared) });
                }
            }
            entries.iter().for_each(|(_, child)| define(child, false, into));
        }
        _ => {}
    }
}

fn text_of<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    match node.get(key) {
        Some(Node::Text(text) | Node::Number(text)) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

fn value_key<'a>(node: &Node, labelled: bool) -> Option<&'a str> {
    let plain = VALUES.iter().find(|k| node.get(k).is_some());
    let extra = || LABELLED_VALUES.iter().filter(|_| labelled).find(|k| node.get(k).is_some());
    plain.or_else(extra).copied()
}

struct Walk<'a> {
    definitions: HashMap<&'a str, Definition>,
    flat: Flat,
    filled: usize,
    path: Vec<String>,
}

impl Walk<'_> {
    fn node(&mut self, key: &str, node: &Node) {
        if self.filled >= FIELDS_MAX || self.flat.answers.len() >= VISITS_MAX {
            self.flat.cut = true;
            return;
        }
        match node {
            Node::Null => self.push(Answer { key: key.to_owned(), ..Answer::default() }),
            Node::Text(_) | Node::Number(_) | Node::Bool(_) => self.scalars(key, std::slice::from_ref(node)),
            Node::List(items) if items.iter().all(|i| i.is_scalar() || *i == Node::Null) => self.scalars(key, items),
            Node::List(items) if are_pairs(items) => items.iter().for_each(|item| self.pair(item)),
            Node::List(items) => items.iter().for_each(|item| self.node(key, item)),
            Node::Map(entries) => {
                if self.item(key, node) || self.table(node) || is_description(node) {
                    return;
                }
                self.inside(key, |walk| {
                    for (name, child) in entries {
                        if child.is_scalar() || !DESCRIPTIONS.contains(&name.as_str()) {
                            walk.node(name, child);
                        }
                    }
                });
            }
        }
    }

    /// `["Name", "Ana"]`.
    fn pair(&mut self, item: &Node) {
        if let Node::List(pair) = item
            && let [Node::Text(label), value] = pair.as_slice()
        {
            self.node(&short(label), value);
        }
    }

    /// `{"headers":["Name","Phone"],"values":["Ana","…"]}`.
    fn table(&mut self, node: &Node) -> bool {
        let list = |names: &[&str]| {
            names.iter().find_map(|name| match node.get(name) {
                Some(Node::List(items)) if items.len() > 1 && items.iter().all(|i| !matches!(i, Node::Map(_))) => {
                    Some(items)
                }
                _ => None,
            })
        };
        let (Some(head), Some(row)) = (list(HEADS), list(ROWS)) else { return false };
        if head.len() != row.len() || !head.iter().all(|h| matches!(h, Node::Text(_))) {
            return false;
        }
        for (name, value) in head.iter().zip(row) {
            self.node(&short(&name.as_text().unwrap_or_default()), value);
        }
        true
    }

    fn inside(&mut self, key: &str, run: impl FnOnce(&mut Self)) {
        let named = !key.is_empty();
        if named {
            self.path.push(key.to_owned());
        }
        run(self);
        if named {
            self.path.pop();
        }
    }

    fn scalars(&mut self, key: &str, items: &[Node]) {
        let values = items
            .iter()
            .take(FIELDS_MAX)
            .filter_map(Node::as_text)
            .filter(|t| !t.trim().is_empty())
            .map(|t| t.into_owned())
            .collect();
        let is_number = matches!(items, [Node::Number(_)]);
        let is_bool = matches!(items, [Node::Bool(_)]);
        self.push(Answer { key: key.to_owned(), values, is_number, is_bool, ..Answer::default() });
    }

    fn push(&mut self, mut answer: Answer) {
        self.filled += usize::from(!answer.values.is_empty());
        self.flat.cut |= answer.values.iter().any(|value| value.len() + 4 > VALUE_MAX);
        if answer.path.is_empty() {
            answer.path.clone_from(&self.path);
        }
        if answer.label.is_none()
            && let Some(known) = self.definitions.get(answer.key.as_str())
        {
            answer.label = Some(known.label.clone());
            answer.declared.clone_from(&known.declared);
        }
        self.flat.answers.push(answer);
    }

    /// Reads a labelled item; false when the map is something else.
    fn item(&mut self, map_key: &str, node: &Node) -> bool {
        let Node::Map(entries) = node else { return false };
        let strong = STRONG_LABELS.iter().find_map(|k| text_of(node, k));
        let declared = TYPES.iter().find_map(|k| text_of(node, k)).unwrap_or("");
        let typed = (node.get("field").is_some() && node.get(declared).is_some()).then_some(declared);
        let Some(value_key) = typed.or_else(|| value_key(node, strong.is_some())) else { return false };
        let is_person = entries.iter().any(|(k, _)| k != value_key && PERSON_KEYS.contains(&k.as_str()));
        let weak = WEAK_LABELS.iter().find_map(|k| text_of(node, k));
        let field =
            ["field", "item", "question"].iter().find_map(|k| node.get(k)).filter(|f| matches!(f, Node::Map(_)));
        let of_field = field.is_some_and(|f| STRONG_LABELS.iter().any(|k| text_of(f, k).is_some()));
        let alone = entries
            .iter()
            .all(|(k, _)| k == value_key || TYPES.contains(&k.as_str()) || DESCRIPTIONS.contains(&k.as_str()));
        let named = !map_key.is_empty() && alone;
        let named = named || (!map_key.is_empty() && text_of(node, "part").is_some() && entries.len() == 2);
        let of_type = weak.is_none() && strong.is_none() && !declared.is_empty();
        if is_person || !(strong.is_some() || weak.is_some() || named || of_type || of_field) {
            return false;
        }
        let Some(value) = node.get(value_key) else { return false };
        let known = [Some(node), field]
            .into_iter()
            .flatten()
            .flat_map(|n| IDS.iter().filter_map(|k| text_of(n, k)))
            .find_map(|id| self.definitions.get(id));
        let in_field = |keys: &[&str]| field.and_then(|f| keys.iter().find_map(|k| text_of(f, k)));
        let label = strong.or_else(|| in_field(STRONG_LABELS)).map(short).or_else(|| known.map(|d| d.label.clone()));
        let field_type = in_field(TYPES).map(short).or_else(|| known.map(|d| d.declared.clone())).unwrap_or_default();
        let own_key = weak.or_else(|| in_field(IDS)).map(short);
        let key = if strong.is_none()
            && label.is_none()
            && (named || own_key.is_none())
            && !map_key.is_empty()
            && !is_index(map_key)
            && weak.is_none()
        {
            map_key.to_owned()
        } else {
            own_key.unwrap_or_else(|| map_key.to_owned())
        };
        // `<name part="first">`, as car dealers' leads (ADF) are written.
        let key =
            text_of(node, "part").filter(|_| weak.is_none()).map_or(key, |part| format!("{}_{part}", short(map_key)));
        let declared = short(&format!("{declared} {field_type}"));
        self.labelled(map_key, key, label, declared, value, node);
        true
    }

    fn labelled(
        &mut self,
        map_key: &str,
        key: String,
        label: Option<String>,
        declared: String,
        value: &Node,
        item: &Node,
    ) {
        let options = ["options", "choices"].iter().find_map(|k| item.get(k));
        let plain = match value {
            Node::Map(_) => ["labels", "label", "text", "full", "value", "other"]
                .iter()
                .filter(|_| !has_person_parts(value))
                .find_map(|k| value.get(k)),
            other => Some(other),
        };
        let items: Vec<&Node> = match plain {
            Some(Node::List(items)) => items.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        if plain.is_none() || items.iter().any(|i| matches!(i, Node::Map(_) | Node::List(_))) {
            let name = label.unwrap_or(key);
            self.inside(&name, |walk| walk.node("", plain.unwrap_or(value)));
            return;
        }
        let mut path = self.path.clone();
        if !map_key.is_empty() && map_key != key {
            path.push(map_key.to_owned());
        }
        let values = items
            .iter()
            .take(FIELDS_MAX)
            .filter_map(|i| i.as_text())
            .map(|t| option_text(options, &t))
            .filter(|t| !t.trim().is_empty())
            .collect();
        self.push(Answer {
            path,
            key,
            label,
            declared,
            values,
            is_number: matches!(items.as_slice(), [Node::Number(_)]),
            is_bool: matches!(items.as_slice(), [Node::Bool(_)]),
            has_options: options.is_some(),
        });
    }
}

fn has_person_parts(value: &Node) -> bool {
    ["first", "last", "First", "Last", "area", "phone"].iter().any(|k| value.get(k).is_some())
}

fn short(text: &str) -> String {
    text[..text.floor_char_boundary(LABEL_MAX)].to_owned()
}

fn is_index(key: &str) -> bool {
    key.bytes().all(|b| b.is_ascii_digit())
}

/// Rows of a label and its answer.
fn are_pairs(items: &[Node]) -> bool {
    let is_pair = |item: &Node| matches!(item, Node::List(pair) if matches!(pair.as_slice(), [Node::Text(_), value] if !matches!(value, Node::Map(_))));
    items.len() > 1 && items.iter().all(is_pair)
}

/// Tells about a question, not what was answered: a label, an id and a type, without a value.
fn is_description(node: &Node) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|k| text_of(node, k).is_some());
    let is_person = PERSON_KEYS.iter().any(|k| node.get(k).is_some());
    has(STRONG_LABELS)
        && has(&["id", "ID", "Id", "ref", "fieldElementId"])
        && has(&["type", "Type", "fieldType", "field_type"])
        && !is_person
}

/// The visible text of an option that was answered by its id.
fn option_text(options: Option<&Node>, id: &str) -> String {
    let Some(Node::List(options)) = options else { return id.to_owned() };
    let hit =
        options.iter().take(FIELDS_MAX).find(|o| ["id", "value", "key"].iter().any(|k| text_of(o, k) == Some(id)));
    hit.and_then(|o| ["text", "label", "name", "title"].iter().find_map(|k| text_of(o, k))).unwrap_or(id).to_owned()
}
