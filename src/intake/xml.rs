//! Flat and nested XML, as old lead tools post it, into a [`Node`]: elements are names, their text the answer.
//!
//! Not an XML parser: no DTD, no entities but the five of XML and numeric ones, no namespaces (prefixes are cut off).
//! Attributes are read as values beside the text (`<field name="email">…`). A document that is cut off, or
//! holds more than 5,000 elements, is read as far as it goes. Refused: nesting below 128 levels.

use super::entity::decode;
use super::node::{Node, capped};

const DEPTH_MAX: usize = 128;
const ELEMENTS_MAX: usize = 5_000;
/// Longest name of an element, in bytes.
const NAME_MAX: usize = 256;

/// Reads a document. `None` when the text does not begin as XML or no element closes.
pub fn parse(text: &str) -> Option<Node> {
    let mut rest = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    if !rest.starts_with('<') {
        return None;
    }
    let mut stack: Vec<Element> = vec![Element::default()];
    let mut count = 0;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        if let Some(top) = stack.last_mut() {
            top.text.push_str(&decode(before));
        }
        rest = tail;
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            let (raw, after) = inner.split_once("]]>")?;
            if let Some(top) = stack.last_mut() {
                top.text.push_str(raw);
            }
            rest = after;
            continue;
        }
        let (tag, after) = match rest.strip_prefix("<!--") {
            Some(comment) => ("!", comment.split_once("-->")?.1),
            None => rest[1..].split_once('>')?,
        };
        rest = after;
        if tag.starts_with(['!', '?']) {
            continue;
        }
        if tag.starts_with('/') {
            close(&mut stack)?;
            continue;
        }
        count += 1;
        if stack.len() > DEPTH_MAX {
            return None;
        }
        if count > ELEMENTS_MAX {
            break;
        }
        let (tag, alone) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        stack.push(Element::open(tag));
        if alone {
            close(&mut stack)?;
        }
    }
    while stack.len() > 1 {
        close(&mut stack)?;
    }
    let root = stack.into_iter().next()?;
    (!root.children.is_empty()).then_some(Node::Map(root.children))
}

#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<(String, Node)>,
}

impl Element {
    fn open(tag: &str) -> Element {
        let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        let name = &name[..name.floor_char_boundary(NAME_MAX)];
        let mut element = Element { name: local(name).to_owned(), ..Element::default() };
        while let Some((key, tail)) = rest.split_once('=') {
            let tail = tail.trim_start();
            let Some(quote) = tail.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
            let Some((value, after)) = tail[1..].split_once(quote) else { break };
            if !key.trim().starts_with("xmlns") && !key.trim().contains(':') {
                element.children.push((key.trim().to_owned(), Node::Text(decode(value).into_owned())));
            }
            rest = after;
        }
        element
    }
}

fn close(stack: &mut Vec<Element>) -> Option<()> {
    if stack.len() < 2 {
        return None;
    }
    let done = stack.pop()?;
    let text = done.text.trim();
    let node = if done.children.is_empty() {
        Node::Text(capped(text.to_owned()))
    } else {
        let mut children = done.children;
        if !text.is_empty() {
            children.push(("value".to_owned(), Node::Text(capped(text.to_owned()))));
        }
        Node::Map(children)
    };
    stack.last_mut()?.children.push((done.name, node));
    Some(())
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn elements_attributes_and_entities_are_read() {
        let node = parse("<?xml version=\"1.0\"?><lead xmlns=\"x\"><ns:name>Tom &amp; Ana</ns:name><f name='email'>a@b</f><m><![CDATA[<hi>]]></m><e/></lead>")
            .unwrap();
        let lead = node.get("lead").unwrap();

        assert_eq!(lead.get("name"), Some(&Node::Text("Tom & Ana".into())));
        assert_eq!(lead.get("f").and_then(|f| f.get("value")), Some(&Node::Text("a@b".into())));
        assert_eq!(lead.get("f").and_then(|f| f.get("name")), Some(&Node::Text("email".into())));
        assert_eq!(lead.get("m"), Some(&Node::Text("<hi>".into())));
    }

    #[test]
    fn deep_and_broken_documents_are_refused() {
        assert_eq!(parse(&"<a>".repeat(1_000)), None);
        assert_eq!(parse("<a"), None);
        assert_eq!(parse("</a>"), None);
        let cut = parse("<lead><name>Ana</name><email>a@b.exam").unwrap();
        assert_eq!(cut.get("lead").and_then(|lead| lead.get("name")), Some(&Node::Text("Ana".into())));
        assert_eq!(parse("a=1"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(?s)<.*|[<>/a-c=\"' &;#x!\\[\\]-]{0,60}") {
            parse(&text);
        }
    }
}
