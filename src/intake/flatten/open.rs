//! What is packed is opened: JSON documents, urlencoded forms and labelled lines in texts, `a__b` in names as Zapier writes
//! them, and labels that stand beside their answers under names of their own.

use crate::intake::node::{FIELDS_MAX, Node, from_pairs, put};
use crate::intake::recognise::asks_for_words;
use crate::intake::{form, json, lines};
use std::collections::HashMap;

/// How deep a text may lie in a text.
const DEPTH_MAX: usize = 3;
/// Longest name of a field in a form within a text, in bytes.
const NAME_MAX: usize = 80;

/// The tree with everything opened; none if nothing was packed.
pub(super) fn open(tree: &Node) -> Option<Node> {
    open_node("", tree, 0)
}

fn open_node(name: &str, node: &Node, depth: usize) -> Option<Node> {
    match node {
        Node::Text(text) if depth < DEPTH_MAX => {
            let inner = in_text(name, text)?;
            Some(open_node(name, &inner, depth + 1).unwrap_or(inner))
        }
        Node::List(items) => {
            let opened: Vec<Option<Node>> = items.iter().map(|item| open_node(name, item, depth)).collect();
            opened.iter().any(Option::is_some).then(|| {
                Node::List(items.iter().zip(opened).map(|(old, new)| new.unwrap_or_else(|| old.clone())).collect())
            })
        }
        Node::Map(entries) => {
            let opened: Vec<Option<Node>> = entries.iter().map(|(name, value)| open_node(name, value, depth)).collect();
            let whole = opened.iter().any(Option::is_some).then(|| {
                let entry = |((name, old), new): (&(String, Node), Option<Node>)| {
                    (name.clone(), new.unwrap_or_else(|| old.clone()))
                };
                entries.iter().zip(opened).map(entry).collect::<Vec<_>>()
            });
            let entries = whole.as_deref().unwrap_or(entries);
            names(entries).or_else(|| whole.map(Node::Map))
        }
        _ => None,
    }
}

/// What a text holds that is no text.
fn in_text(name: &str, text: &str) -> Option<Node> {
    let trimmed = text.trim();
    let wrapped = |open, close| trimmed.starts_with(open) && trimmed.ends_with(close);
    if wrapped('{', '}') || wrapped('[', ']') {
        serde_json::from_str::<serde::de::IgnoredAny>(trimmed).ok()?;
        return json::parse(trimmed);
    }
    if trimmed.contains('\n') && trimmed.contains('@') && !asks_for_words(name) {
        return lines::all_labelled(trimmed);
    }
    in_form(trimmed)
}

/// A form that was serialised into one field, as scripts do: `name=Ana+Ruiz&email=ana%40example.com`.
fn in_form(text: &str) -> Option<Node> {
    let is_packed = text.contains('&') && (text.contains("%40") || text.contains('@'));
    if !is_packed || text.contains(char::is_whitespace) {
        return None;
    }
    let named = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.[]%+".contains(&b);
        (1..=NAME_MAX).contains(&name.len()) && pair.contains('=') && name.bytes().all(plain)
    };
    text.split('&').all(named).then(|| from_pairs(form::parse(text.as_bytes(), None)))
}

/// A map whose names were packed, or hold labels; none if they do not.
fn names(entries: &[(String, Node)]) -> Option<Node> {
    if entries.len() > FIELDS_MAX {
        return None;
    }
    let said = without_query(entries);
    let now = said.as_deref().unwrap_or(entries);
    let labelled = with_labels(now);
    let now = labelled.as_deref().unwrap_or(now);
    apart(now).or(labelled.map(Node::Map)).or(said.map(Node::Map))
}

/// A question to a GraphQL server asks in words of its own; what the visitor said stands in its variables.
fn without_query(entries: &[(String, Node)]) -> Option<Vec<(String, Node)>> {
    let is_query =
        |(name, node): &(String, Node)| name == "query" && matches!(node, Node::Text(text) if text.contains('{'));
    let holds_answers = entries.iter().any(|(name, node)| name == "variables" && matches!(node, Node::Map(_)));
    (holds_answers && entries.iter().any(is_query))
        .then(|| entries.iter().filter(|entry| !is_query(entry)).cloned().collect())
}

/// `label-x` beside `x`: the answer is put under its label.
fn with_labels(entries: &[(String, Node)]) -> Option<Vec<(String, Node)>> {
    fn answered(name: &str) -> Option<&str> {
        let base = name.strip_prefix("label-").or_else(|| name.strip_prefix("label_"));
        base.or_else(|| name.strip_suffix("-label")).or_else(|| name.strip_suffix("_label"))
    }
    let mut labels: HashMap<&str, &Node> = HashMap::new();
    for (name, node) in entries {
        if let (Some(base), Node::Text(label)) = (answered(name), node)
            && !label.trim().is_empty()
        {
            labels.insert(base, node);
        }
    }
    labels.retain(|base, _| entries.iter().any(|(name, node)| name == base && !matches!(node, Node::Map(_))));
    if labels.is_empty() {
        return None;
    }
    let entry = |(name, node): &(String, Node)| match labels.get(name.as_str()) {
        Some(label) => {
            let parts = vec![("label".to_owned(), (*label).clone()), ("value".to_owned(), node.clone())];
            (name.clone(), Node::Map(parts))
        }
        None => (name.clone(), node.clone()),
    };
    let is_told = |name: &str| answered(name).is_some_and(|base| labels.contains_key(base));
    Some(entries.iter().filter(|(name, _)| !is_told(name)).map(entry).collect())
}

/// `data__0__answer` is `data` with `0` with `answer`; `Comments__c` is a name of Salesforce's and stays whole.
fn apart(entries: &[(String, Node)]) -> Option<Node> {
    fn steps(name: &str) -> Option<Vec<&str>> {
        let steps: Vec<&str> = name.split("__").collect();
        let whole = steps.iter().any(|step| step.is_empty()) || steps.last().is_some_and(|last| last.len() <= 2);
        (steps.len() > 1 && steps.len() <= 8 && !whole).then_some(steps)
    }
    if !entries.iter().any(|(name, _)| steps(name).is_some()) {
        return None;
    }
    let mut root = Node::Map(Vec::with_capacity(entries.len()));
    for (name, node) in entries {
        match steps(name) {
            Some(steps) => put(&mut root, &steps, node.clone()),
            None => put(&mut root, &[name], node.clone()),
        }
    }
    Some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(text: &str) -> Option<String> {
        open(&json::parse(text).unwrap()).map(|node| node.to_json())
    }

    #[test]
    fn what_is_packed_into_texts_and_names_is_opened() {
        for (packed, plain) in [
            (r#"{"a":"{\"b\":1}"}"#, r#"{"a":{"b":1}}"#),
            (
                r#"{"form":"name=Ana+Ruiz&email=a%40b.example"}"#,
                r#"{"form":{"name":"Ana Ruiz","email":"a@b.example"}}"#,
            ),
            (
                r#"{"fields":"Name: Ana\n\nEmail: a@b.example\nPhone: 1"}"#,
                r#"{"fields":{"Name":"Ana","Email":"a@b.example","Phone":"1"}}"#,
            ),
            (r#"{"x-1":"Ana","label-x-1":"Name"}"#, r#"{"x-1":{"label":"Name","value":"Ana"}}"#),
            (r#"{"a__0__q":"x?","a__0__answer":"y","b":1}"#, r#"{"a__0__q":"x?","a":{"0":{"answer":"y"}},"b":1}"#),
            (r#"{"query":"mutation { x }","variables":{"name":"Ana"}}"#, r#"{"variables":{"name":"Ana"}}"#),
        ] {
            assert_eq!(opened(packed).as_deref(), Some(plain), "{packed}");
        }
    }

    #[test]
    fn what_people_wrote_stays_as_they_wrote_it() {
        for plain in [
            r#"{"message":"Name: Ana\nEmail: a@b.example\nPhone: 1"}"#,
            r#"{"note":"Name: Ana\nEmail: a@b.example\nPlease call"}"#,
            r#"{"url":"https://x.example/?email=a@b.example&x=1"}"#,
            r#"{"text":"a=1 & b@c"}"#,
            r#"{"Comments__c":"x","__submission":{"id":1},"label":"x","query":"Where is my order {7}?"}"#,
            r#"{"label-x":"Name","y":"Ana"}"#,
            r#"{"a":"{not json}"}"#,
        ] {
            assert_eq!(opened(plain), None, "{plain}");
        }
    }
}
