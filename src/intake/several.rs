//! One delivery with several people in it: an export, a batch, JSON lines. No lead may hide another and no two may be
//! mixed: each person is read alone. The first makes the lead; the others are written out whole among its answers, for
//! the owner to see, until a delivery may make several leads.

use super::flatten::flatten;
use super::node::{FIELDS_MAX, Node};
use super::recognise::recognise;
use crate::lead::reading::{Field, Kind, Reading};
use std::collections::HashMap;

/// Names under which senders put lists of people.
const LISTS: &[&str] = &[
    "leads",
    "contacts",
    "data",
    "items",
    "entries",
    "submissions",
    "records",
    "rows",
    "results",
    "responses",
    "people",
    "persons",
    "customers",
    "payload",
    "body",
    "lead",
    "contact",
    "record",
    "row",
    "entry",
    "submission",
    "person",
    "json",
];
/// How deep lists are looked for.
const DEPTH_MAX: usize = 4;
/// Most people that are written out.
const PEOPLE_MAX: usize = 100;

/// The people of a delivery, each apart; empty unless there are two or more.
pub fn people<'a>(tree: &'a Node, country: &str) -> Vec<&'a Node> {
    let mut found = Vec::new();
    for list in lists(tree) {
        let all: Vec<(&Node, Reading)> = list
            .iter()
            .copied()
            .filter(|node| matches!(node, Node::Map(_)))
            .take(FIELDS_MAX)
            .map(|node| (node, recognise(&flatten(node), country, 0)))
            .filter(|(_, reading)| is_somebody(reading))
            .collect();
        let differ = all.iter().any(|(_, one)| contact(one) != contact(&all[0].1));
        if differ && all.len() > found.len() {
            found = all.into_iter().map(|(node, _)| node).collect();
        }
    }
    found
}

/// What is to be told of a person who makes no lead of their own.
pub fn written_out(number: usize, reading: &Reading) -> Field {
    let lines = [
        reading.name.clone(),
        reading.phone_as_given.clone(),
        reading.email.as_ref().map(|email| email.as_str().to_owned()),
        reading.message.clone(),
    ];
    let rest = reading.fields.iter().map(|field| format!("{}: {}", field.label, field.value));
    let value = lines.into_iter().flatten().chain(rest).collect::<Vec<_>>().join("\n");
    Field { label: format!("Person {number} of this delivery"), value: crate::base::text::clean_text(&value, 4_000) }
}

/// The first person as the reading, the others written out in it. `None` when there are not several.
pub fn read(tree: &Node, country: &str, files: u32) -> Option<Reading> {
    let people = people(tree, country);
    if people.len() < 2 {
        return None;
    }
    let mut readings: Vec<Reading> = people.iter().map(|node| recognise(&flatten(node), country, files)).collect();
    let first = readings.iter().position(|reading| reading.kind == Kind::Lead).unwrap_or(0);
    let mut reading = readings.remove(first);
    let others = readings.len();
    reading.fields.extend(readings.iter().take(PEOPLE_MAX).enumerate().map(|(n, other)| written_out(n + 2, other)));
    if others > PEOPLE_MAX {
        let value = format!("{} more people are in the raw delivery.", others - PEOPLE_MAX);
        reading.fields.push(Field { label: "Left out".to_owned(), value });
    }
    reading.answers_hash = recognise(&flatten(tree), country, files).answers_hash;
    Some(reading)
}

/// A way to reach them, and something more: a list of addresses alone is one person's.
fn is_somebody(reading: &Reading) -> bool {
    let ways = usize::from(reading.email.is_some()) + usize::from(reading.phone_as_given.is_some());
    let more = usize::from(reading.name.is_some()) + usize::from(reading.message.is_some());
    ways >= 1 && ways + more >= 2
}

fn contact(reading: &Reading) -> (Option<&str>, Option<&str>) {
    (reading.email.as_ref().map(|email| email.as_str()), reading.phone_as_given.as_deref())
}

/// The lists at the top and under names of lists, and repeated elements of XML.
fn lists(tree: &Node) -> Vec<Vec<&Node>> {
    let mut found = Vec::new();
    let mut level = vec![tree];
    for _ in 0..DEPTH_MAX {
        let mut next = Vec::new();
        for node in level {
            match node {
                Node::List(items) => found.push(items.iter().collect()),
                Node::Map(entries) => {
                    let mut same: HashMap<&str, Vec<&Node>> = HashMap::new();
                    for (key, child) in entries.iter().filter(|(key, _)| LISTS.contains(&key.to_lowercase().as_str())) {
                        same.entry(key).or_default().push(child);
                        next.push(child);
                    }
                    found.extend(same.into_values().filter(|nodes| nodes.len() > 1));
                }
                _ => {}
            }
        }
        level = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::*;

    fn count(body: &str) -> usize {
        people(&json::parse_all(body).unwrap(), "US").len()
    }

    #[test]
    fn lists_of_people_are_told_from_lists_of_answers() {
        let (ana, bob) =
            (r#"{"name":"Ana Ruiz","email":"ana@a.example"}"#, r#"{"name":"Bob Stone","email":"bob@b.example"}"#);

        assert_eq!(count(&format!("[{ana},{bob}]")), 2);
        assert_eq!(count(&format!("{{\"data\":{{\"leads\":[{ana},{bob}]}}}}")), 2);
        assert_eq!(count(&format!("{ana}\n{bob}\n")), 2);
        assert_eq!(count(&format!("[{ana}]")), 0);
        assert_eq!(count(&format!("[{ana},{ana}]")), 0);
        assert_eq!(count(r#"[{"label":"Name","value":"Ana"},{"label":"Email","value":"a@b.example"}]"#), 0);
        assert_eq!(
            count(r#"{"contact":{"emails":[{"email":"a@b.example","tag":"x"},{"email":"c@d.example","tag":"y"}]}}"#),
            0
        );
    }
}
