//! WPForms: keys are the owner's own. In JSON the signature covers the body; as a form it covers the JSON that PHP
//! would write of the same fields, which is rebuilt here.

use super::Refusal;
use super::vendor::{Proof, Vendor};
use crate::intake::node::Node;
use crate::intake::reading::Request;
use crate::intake::signature::{self, schemes};
use crate::intake::sniff::{Shape, sniff};
use std::fmt::Write;

/// See the file's head.
pub static WPFORMS: Vendor =
    Vendor { id: "wpforms", name: "WPForms (WordPress)", proof: Proof::Own(verify), ..Vendor::PLAIN };

fn verify(request: &Request<'_>, secrets: &[&str], now_ms: i64) -> Result<(), Refusal> {
    let verdict = signature::verify(&schemes::WPFORMS, request, secrets, now_ms);
    if verdict.is_ok() {
        return verdict;
    }
    let sniffed = sniff(request);
    if sniffed.shape != Shape::Form {
        return verdict;
    }
    let mut json = String::new();
    php_json(&sniffed.tree, &mut json);
    signature::verify(&schemes::WPFORMS, &Request { body: json.as_bytes(), ..*request }, secrets, now_ms)
}

/// JSON as PHP's `json_encode` writes it by default: slashes escaped, everything beyond ASCII as `\uXXXX`.
fn php_json(node: &Node, out: &mut String) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Node::Number(digits) => out.push_str(digits),
        Node::Text(text) => php_text(text, out),
        Node::List(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                php_json(item, out);
            }
            out.push(']');
        }
        Node::Map(entries) => {
            out.push('{');
            for (n, (name, value)) in entries.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                php_text(name, out);
                out.push(':');
                php_json(value, out);
            }
            out.push('}');
        }
    }
}

fn php_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '/' => out.push_str("\\/"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    // Writing into a String cannot fail.
                    let _written = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_written_as_php_writes_it() {
        let tree = Node::Map(vec![
            ("a/b".to_owned(), Node::Text("Jos\u{e9} \u{1f44d}\n\"x\"".to_owned())),
            ("n".to_owned(), Node::List(vec![Node::Text("1".to_owned()), Node::Null])),
        ]);
        let mut out = String::new();

        php_json(&tree, &mut out);

        assert_eq!(out, r#"{"a\/b":"Jos\u00e9 \ud83d\udc4d\n\"x\"","n":["1",null]}"#);
    }
}
