//! What every body becomes before anybody thinks about it: a small tree of texts, lists and named values.
//!
//! Unlike `serde_json::Value` it keeps the order of keys, repeated keys, and numbers exactly as they were written
//! (a phone number in a JSON number must not become `3.3612345678e10`).

use std::borrow::Cow;

/// Most answers that one submission may hold; the rest is left in the raw body.
pub const FIELDS_MAX: usize = 500;
/// Most bytes that one answer may hold; the rest is left in the raw body.
pub const VALUE_MAX: usize = 64 * 1024;

/// One value of a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// JSON's null.
    Null,
    /// A JSON boolean.
    Bool(bool),
    /// A JSON number, as written.
    Number(String),
    /// Any text.
    Text(String),
    /// Several values under one name.
    List(Vec<Node>),
    /// Named values, in order; names may repeat.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value under `name`, the first if there are several.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match self {
            Node::Map(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value as text: numbers as written, booleans as `true` and `false`; `None` for null, lists and maps.
    pub fn as_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Node::Text(text) | Node::Number(text) => Some(Cow::Borrowed(text)),
            Node::Bool(yes) => Some(Cow::Borrowed(if *yes { "true" } else { "false" })),
            Node::Null | Node::List(_) | Node::Map(_) => None,
        }
    }

    /// The value at a path: names from the outside in, dots between them; a number counts into a list. A list of one,
    /// as some senders wrap everything in, is stepped through by itself.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, step| match node {
            Node::List(items) => match step.parse::<usize>() {
                Ok(n) => items.get(n),
                Err(_) => match items.as_slice() {
                    [one] => one.get(step),
                    _ => None,
                },
            },
            map => map.get(step),
        })
    }

    /// The text at a path, as [`Node::as_text`] has it.
    pub fn text_at(&self, path: &str) -> Option<Cow<'_, str>> {
        self.at(path)?.as_text()
    }

    /// Takes the value at a path out of the tree.
    pub fn remove(&mut self, path: &str) {
        let (outer, last) = path.rsplit_once('.').unwrap_or(("", path));
        let mut node = self;
        for step in outer.split('.').filter(|step| !step.is_empty()) {
            let Some(next) = node.step_into(step) else { return };
            node = next;
        }
        if let Node::List(items) = node {
            items.iter_mut().for_each(|item| item.remove(last));
        } else if let Node::Map(entries) = node {
            entries.retain(|(name, _)| name != last);
        }
    }

    fn step_into(&mut self, step: &str) -> Option<&mut Node> {
        match self {
            Node::Map(entries) => entries.iter_mut().find(|(name, _)| name == step).map(|(_, node)| node),
            Node::List(items) => match step.parse::<usize>() {
                Ok(n) => items.get_mut(n),
                Err(_) => items.first_mut()?.step_into(step),
            },
            _ => None,
        }
    }

    /// The value as JSON: numbers as they were written, names in their order.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Node::Null => out.push_str("null"),
            Node::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Node::Number(number) => out.push_str(number),
            Node::Text(text) => quote(text, out),
            Node::List(items) => {
                out.push('[');
                for (n, item) in items.iter().enumerate() {
                    out.push_str(if n > 0 { "," } else { "" });
                    item.write_json(out);
                }
                out.push(']');
            }
            Node::Map(entries) => {
                out.push('{');
                for (n, (name, value)) in entries.iter().enumerate() {
                    out.push_str(if n > 0 { "," } else { "" });
                    quote(name, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }

    /// Whether it is a text, number or boolean.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Node::Text(_) | Node::Number(_) | Node::Bool(_))
    }
}

fn quote(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// Cuts a value at [`VALUE_MAX`] bytes, between characters.
pub fn capped(mut value: String) -> String {
    if value.len() > VALUE_MAX {
        value.truncate(value.floor_char_boundary(VALUE_MAX));
    }
    value
}

/// Builds the tree that bracketed names describe: `contact[name]`, `services[]`, `fields[a][value]`. A repeated
/// plain name becomes a list.
pub fn from_pairs(pairs: Vec<(String, String)>) -> Node {
    let mut root = Vec::with_capacity(pairs.len());
    let mut places = std::collections::HashMap::with_capacity(pairs.len());
    for (name, value) in pairs.into_iter().take(FIELDS_MAX + 1) {
        let (first, rest) = split_brackets(&name);
        let place = *places.entry(first.to_owned()).or_insert_with(|| {
            root.push((first.to_owned(), Node::Null));
            root.len() - 1
        });
        if let Some((_, node)) = root.get_mut(place) {
            put(node, &rest, Node::Text(capped(value)));
        }
    }
    Node::Map(root)
}

/// `a[b][]` is `a` with the steps `b` and the empty step. Names with crooked brackets are plain names.
fn split_brackets(name: &str) -> (&str, Vec<&str>) {
    let Some((first, rest)) = name.split_once('[') else { return (name, Vec::new()) };
    let Some(inner) = rest.strip_suffix(']') else { return (name, Vec::new()) };
    if first.is_empty() {
        return (inner, Vec::new());
    }
    (first, inner.split("][").take(8).collect())
}

/// Puts a value below names, from the outside in; an empty name adds to a list.
pub fn put(node: &mut Node, steps: &[&str], value: Node) {
    match steps.split_first() {
        None => add(node, value),
        Some((&"", rest)) => {
            let mut item = Node::Null;
            put(&mut item, rest, value);
            add(node, item);
        }
        Some((step, rest)) => {
            if !matches!(node, Node::Map(_)) {
                let before = std::mem::replace(node, Node::Map(Vec::new()));
                if before != Node::Null
                    && let Node::Map(entries) = node
                {
                    entries.push((String::new(), before));
                }
            }
            let Node::Map(entries) = node else { return };
            match entries.iter_mut().rev().find(|(key, _)| key == step) {
                Some((_, inner)) => put(inner, rest, value),
                None => {
                    let mut inner = Node::Null;
                    put(&mut inner, rest, value);
                    entries.push(((*step).to_owned(), inner));
                }
            }
        }
    }
}

fn add(node: &mut Node, value: Node) {
    match node {
        Node::Null => *node = value,
        Node::List(items) => items.push(value),
        Node::Map(entries) => entries.push((String::new(), value)),
        one => {
            let first = std::mem::replace(one, Node::Null);
            *one = Node::List(vec![first, value]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Node {
        Node::Text(t.to_owned())
    }

    fn pairs(list: &[(&str, &str)]) -> Node {
        from_pairs(list.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn bracketed_names_become_a_tree() {
        let tree = pairs(&[("a[name]", "Ivo"), ("s[]", "1"), ("s[]", "2"), ("f[x][title]", "T"), ("f[x][value]", "V")]);

        assert_eq!(tree.get("a").and_then(|a| a.get("name")), Some(&text("Ivo")));
        assert_eq!(tree.get("s"), Some(&Node::List(vec![text("1"), text("2")])));
        let x = tree.get("f").and_then(|f| f.get("x"));
        assert_eq!(x.and_then(|x| x.get("title")), Some(&text("T")));
        assert_eq!(x.and_then(|x| x.get("value")), Some(&text("V")));
    }

    #[test]
    fn a_tree_written_as_json_reads_as_the_same_tree() {
        let json = r#"{"a":[1,2.50,-3e2,null,true],"b":{"c":"é \"q\"\n","c":"twice"},"d":[]}"#;
        let tree = crate::intake::json::parse_all(json).unwrap();

        let written = tree.to_json();

        assert_eq!(crate::intake::json::parse_all(&written).unwrap(), tree);
        assert_eq!(written, json);
    }

    #[test]
    fn crooked_brackets_and_mixed_names_lose_nothing() {
        let tree = pairs(&[("a[", "1"), ("b", "2"), ("b[c]", "3"), ("[d]", "4"), ("e", "5"), ("e", "6")]);

        assert_eq!(tree.get("a["), Some(&text("1")));
        assert_eq!(tree.get("b").and_then(|b| b.get("c")), Some(&text("3")));
        assert_eq!(tree.get("b").and_then(|b| b.get("")), Some(&text("2")));
        assert_eq!(tree.get("d"), Some(&text("4")));
        assert_eq!(tree.get("e"), Some(&Node::List(vec![text("5"), text("6")])));
    }
}
