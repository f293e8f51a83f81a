//! Twelve ways in which a form breaks.

use super::vary::{AMOUNT, CHOICE, CHOICES, DATE, text};
use super::{Form, vary};
use crate::intake::node::Node;

/// A way to break a submission.
pub type Break = fn(&Form, &mut Node);

/// What a break does to the entries around the number.
type Act<'a> = &'a dyn Fn(&mut Vec<(String, Node)>, usize);

/// The ways, each with its name.
pub const ALL: &[(&str, Break)] = &[
    ("rename", rename),
    ("nest", nest),
    ("array-wrap", array_wrap),
    ("retype", retype),
    ("remove", remove),
    ("case", case),
    ("locale date", locale_date),
    ("null", null),
    ("empty", empty),
    ("split name", split_name),
    ("enum", other_choices),
    ("unit", other_unit),
];

const LABELS: &[&str] = &["label", "title", "question", "field_name", "name", "key"];
const VALUES: &[&str] = &["value", "values", "answer", "text"];

/// Calls `act` with every list of entries that holds a field whose value is the visitor's number.
fn at_the_phone(form: &Form, node: &mut Node, act: Act<'_>) {
    let is_phone = |node: &Node, form: &Form| is_phone(form, node);
    match node {
        Node::Map(entries) => {
            let place = entries.iter().position(|(_, value)| is_phone(value, form));
            match place {
                Some(at) => act(entries, at),
                None => entries.iter_mut().for_each(|(_, child)| at_the_phone(form, child, act)),
            }
        }
        Node::List(items) => items.iter_mut().for_each(|item| at_the_phone(form, item, act)),
        Node::Text(said) if said.trim_start().starts_with('{') => {
            if let Some(mut inner) = crate::intake::json::parse(said) {
                at_the_phone(form, &mut inner, act);
                *said = super::json(&inner);
            }
        }
        _ => {}
    }
}

/// Whether a value is a number to call: as many digits as the recorded one, and nothing else of that length.
fn is_phone(form: &Form, node: &Node) -> bool {
    let node = match node {
        Node::List(items) if items.len() == 1 => &items[0],
        other => other,
    };
    let given = vary::digits(form.reading.phone_as_given.as_deref().unwrap_or_default());
    node.as_text().is_some_and(|said| {
        let own = vary::digits(&said);
        said.len() < 25
            && own.len().abs_diff(given.len()) <= 1
            && own.len() >= 10
            && own[..own.len() - 4].ends_with("555")
    })
}

/// The place that names the field: the label beside the value, else the key.
fn renamed(entries: &mut [(String, Node)], at: usize, new: &dyn Fn(&str) -> String) {
    if VALUES.contains(&entries[at].0.as_str())
        && let Some(label) = LABELS.iter().find_map(|name| entries.iter().position(|(key, _)| key == name))
        && let Node::Text(said) = &mut entries[label].1
    {
        *said = new(said);
        return;
    }
    entries[at].0 = new(&entries[at].0);
}

fn rename(form: &Form, tree: &mut Node) {
    at_the_phone(form, tree, &|entries, at| renamed(entries, at, &|_| "best_number".to_owned()));
}

fn case(form: &Form, tree: &mut Node) {
    let turned = |name: &str| {
        let upper = name.to_uppercase();
        if upper == name { name.to_lowercase() } else { upper }
    };
    at_the_phone(form, tree, &|entries, at| renamed(entries, at, &turned));
}

fn nest(form: &Form, tree: &mut Node) {
    at_the_phone(form, tree, &|entries, at| {
        let (key, value) = entries[at].clone();
        entries[at] = if VALUES.contains(&key.as_str()) {
            (key, Node::Map(vec![("phone".to_owned(), value)]))
        } else {
            ("contact".to_owned(), Node::Map(vec![(key, value)]))
        };
    });
}

fn array_wrap(form: &Form, tree: &mut Node) {
    at_the_phone(form, tree, &|entries, at| {
        let value = entries[at].1.clone();
        entries[at].1 = Node::List(vec![value]);
    });
}

/// A number where a text was; in a form, what a spreadsheet makes of it.
fn retype(form: &Form, tree: &mut Node) {
    at_the_phone(form, tree, &|entries, at| {
        let one = match &entries[at].1 {
            Node::List(items) if items.len() == 1 => &items[0],
            other => other,
        };
        let said = vary::digits(&one.as_text().unwrap_or_default());
        entries[at].1 = match &entries[at].1 {
            Node::Number(_) => Node::Text(said),
            _ if form.is_json => Node::Number(said),
            _ => Node::Text(format!("{}.{}E+9", &said[..1], &said[1..])),
        };
    });
}

fn remove(form: &Form, tree: &mut Node) {
    at_the_phone(form, tree, &|entries, at| {
        entries.remove(at);
    });
}

fn null(form: &Form, tree: &mut Node) {
    at_the_phone(form, tree, &|entries, at| entries[at].1 = Node::Null);
}

fn empty(form: &Form, tree: &mut Node) {
    at_the_phone(form, tree, &|entries, at| entries[at].1 = text(""));
}

fn field(node: &mut Node, name: &str, act: &dyn Fn(&mut Node)) {
    if let Node::Map(entries) = node {
        for (key, value) in entries {
            if key == name { act(value) } else { field(value, name, act) }
        }
    }
}

fn locale_date(_: &Form, tree: &mut Node) {
    field(tree, DATE, &|value| {
        let said = value.as_text().unwrap_or_default().into_owned();
        let parts: Vec<&str> = said.split('-').collect();
        *value = Node::Text(format!("{}/{}/{}", parts[1], parts[2], parts[0]));
    });
}

fn other_choices(_: &Form, tree: &mut Node) {
    field(tree, CHOICE, &|value| {
        let said = value.as_text().unwrap_or_default().into_owned();
        let at = CHOICES.iter().position(|choice| *choice == said).unwrap();
        *value = text(["fix-it", "new", "asap", "check-up"][at]);
    });
}

/// Cents where dollars were, or, in a form, a currency behind the number.
fn other_unit(form: &Form, tree: &mut Node) {
    field(tree, AMOUNT, &|value| {
        let said = value.as_text().unwrap_or_default().into_owned();
        *value = if form.is_json { Node::Number(format!("{said}00")) } else { Node::Text(format!("{said} EUR")) };
    });
}

/// One name becomes two, or two become one.
fn split_name(_: &Form, tree: &mut Node) {
    let before = tree.clone();
    split(tree);
    if *tree == before {
        halve(tree);
    }
}

/// Where a whole name stands, its field becomes two; where a first name stands alone, its field and the next become one.
fn split(node: &mut Node) {
    match node {
        Node::Map(entries) => {
            let is_name = |key: &str| {
                let key = super::super::shape::plain(key);
                key.contains("name") && !["form", "company", "site", "user", "event"].iter().any(|w| key.contains(w))
            };
            let words = |node: &Node| node.as_text().map(|t| t.split_whitespace().count()).unwrap_or(0);
            let people = |node: &Node| node.as_text().is_some_and(|t| vary::is_somebody(&t));
            let value_of_label = LABELS
                .iter()
                .find_map(|name| {
                    entries.iter().position(|(key, value)| key == name && value.as_text().is_some_and(|t| is_name(&t)))
                })
                .and_then(|label| {
                    VALUES.iter().find_map(|name| entries.iter().position(|(key, _)| key == name)).map(|at| (label, at))
                });
            if let Some((label, at)) = value_of_label.filter(|(_, at)| people(&entries[*at].1)) {
                entries[label].1 = text(if words(&entries[at].1) > 1 { "Given name" } else { "Whole name" });
                let said = entries[at].1.as_text().unwrap_or_default().split(' ').next().unwrap_or_default().to_owned();
                entries[at].1 = Node::Text(said);
                return;
            }
            let Some(at) = entries.iter().position(|(key, value)| is_name(key) && people(value)) else {
                entries.iter_mut().for_each(|(_, child)| split(child));
                return;
            };
            let (key, value) = entries.remove(at);
            let said = value.as_text().unwrap_or_default().into_owned();
            match said.split_once(' ') {
                Some((first, last)) => {
                    entries.insert(at, ("last_name".to_owned(), text(last)));
                    entries.insert(at, ("first_name".to_owned(), text(first)));
                }
                None => {
                    let next = entries.iter().position(|(key, value)| is_name(key) && people(value));
                    let last = next.map(|next| entries.remove(next).1.as_text().unwrap_or_default().into_owned());
                    let whole = [Some(said), last].into_iter().flatten().collect::<Vec<_>>().join(" ");
                    let new = if key == "full_name" { "whole_name" } else { "full_name" };
                    entries.insert(at.min(entries.len()), (new.to_owned(), Node::Text(whole)));
                }
            }
        }
        Node::List(items) => items.iter_mut().for_each(split),
        Node::Text(said) if said.trim_start().starts_with('{') => {
            if let Some(mut inner) = crate::intake::json::parse(said) {
                split(&mut inner);
                *said = super::json(&inner);
            }
        }
        _ => {}
    }
}

/// Where the name stands under a name that does not say so: all of its parts come in two.
fn halve(node: &mut Node) {
    match node {
        Node::Map(entries) => {
            let mut halves = Vec::new();
            for (key, value) in entries.drain(..) {
                match value.as_text().filter(|said| vary::is_somebody(said)).map(|said| said.into_owned()) {
                    Some(said) => {
                        let (first, last) = said.split_once(' ').unwrap_or((&said, "Stone"));
                        halves.push((format!("{key}_given"), text(first)));
                        halves.push((format!("{key}_family"), text(last)));
                    }
                    None => halves.push((key, value)),
                }
            }
            entries.append(&mut halves);
            entries.iter_mut().for_each(|(_, child)| halve(child));
        }
        Node::List(items) => items.iter_mut().for_each(halve),
        _ => {}
    }
}
