//! Forms that change and forms that only vary, made from recorded payloads.

mod bars;
mod dice;
mod habits;
mod mutate;
mod vary;

use super::Shape;
use crate::intake::node::Node;
use crate::intake::providers::{self, Provider};
use crate::intake::reading::{Reading, Request};
use crate::intake::sniff::sniff;
use serde_json::Value;
use std::path::Path;

/// A recorded payload, taken apart so that it can be written again with other answers.
struct Form {
    name: String,
    provider: &'static dyn Provider,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
    is_json: bool,
    tree: Node,
    reading: Reading,
}

impl Form {
    /// Every folder's first payload in which somebody gives name, address, number and wish.
    fn all() -> Vec<Form> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intake");
        let sorted = |path: &Path| {
            let mut found: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
            found.sort();
            found
        };
        sorted(&root).iter().filter_map(|folder| sorted(folder).iter().find_map(|path| Form::load(path))).collect()
    }

    fn load(path: &Path) -> Option<Form> {
        let stem = path.to_string_lossy().strip_suffix(".expect.json")?.to_owned();
        let expect: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let want = &expect["expected"];
        let is_lead = matches!(want["kind"].as_str(), Some("lead" | "booking") | None);
        if !is_lead || ["name", "email", "phone", "message"].iter().any(|key| !want[key].is_string()) {
            return None;
        }
        let body = ["form", "json", "multipart"].iter().find_map(|ext| std::fs::read(format!("{stem}.{ext}")).ok())?;
        let folder = path.parent()?.file_name()?.to_string_lossy().into_owned();
        let headers: Vec<(String, String)> = expect["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        let content_type = expect["content_type"].as_str();
        let request = request(content_type, &headers, &body);
        let sniffed = sniff(&request);
        let provider = providers::find(&folder).unwrap_or_else(providers::generic);
        let is_json = sniffed.shape == crate::intake::sniff::Shape::Json;
        Some(Form {
            name: format!("{folder}/{}", stem.rsplit('/').next()?),
            provider,
            content_type: Some(
                if is_json { "application/json" } else { "application/x-www-form-urlencoded" }.to_owned(),
            ),
            reading: provider.read(&request),
            headers,
            is_json,
            tree: sniffed.tree,
        })
    }

    /// Sends it with these answers: what is read, and its shape, by the way that stored submissions go.
    fn send(&self, tree: &Node) -> (Reading, Shape) {
        let body = self.body(tree);
        let request = request(self.content_type.as_deref(), &self.headers, body.as_bytes());
        let reading = self.provider.read(&request);
        let shape = Shape::of(&sniff(&request).tree, &reading);
        (reading, shape)
    }

    /// The same where it is known what is read; reading all of them takes too long.
    fn shape(&self, tree: &Node, reading: &Reading) -> Shape {
        let body = self.body(tree);
        let request = request(self.content_type.as_deref(), &self.headers, body.as_bytes());
        Shape::of(&sniff(&request).tree, reading)
    }

    fn body(&self, tree: &Node) -> String {
        if self.is_json { json(tree) } else { form(tree) }
    }
}

fn request<'a>(content_type: Option<&'a str>, headers: &'a [(String, String)], body: &'a [u8]) -> Request<'a> {
    Request { method: "POST", url: "", content_type, headers, query: "", body, country: "US", received_at: 0 }
}

fn json(node: &Node) -> String {
    match node {
        Node::Null => "null".to_owned(),
        Node::Bool(yes) => yes.to_string(),
        Node::Number(number) => number.clone(),
        Node::Text(text) => Value::String(text.clone()).to_string(),
        Node::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Node::Map(entries) => {
            let pairs = entries.iter().map(|(name, value)| format!("{}: {}", Value::String(name.clone()), json(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

fn form(tree: &Node) -> String {
    fn pairs(name: &str, node: &Node, out: &mut url::form_urlencoded::Serializer<'_, String>) {
        match node {
            Node::Map(entries) => entries.iter().for_each(|(inner, value)| {
                let inner = if name.is_empty() { inner.clone() } else { format!("{name}[{inner}]") };
                pairs(&inner, value, out);
            }),
            Node::List(items) => items.iter().for_each(|item| pairs(&format!("{name}[]"), item, out)),
            other => {
                out.append_pair(name, &other.as_text().unwrap_or_default());
            }
        }
    }
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    pairs("", tree, &mut out);
    out.finish()
}
