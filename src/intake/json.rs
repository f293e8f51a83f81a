//! JSON as senders really write it, into a [`Node`].
//!
//! RFC 8259 is read as it stands. Beyond it: a byte order mark, raw line ends inside texts (templates of automation
//! tools), lone surrogates, trailing commas, and a body that was cut off in the middle, which is read as far as it
//! goes. Refused: nesting below 128 levels and whatever does not begin as JSON. Price: a damaged body is not told
//! from a whole one; its raw bytes are kept beside the reading.

use super::node::{Node, capped};

/// Deepest nesting that is followed.
const DEPTH_MAX: usize = 128;
/// Longest name of a value, in bytes.
const KEY_MAX: usize = 256;
/// Most values that are read from one body; what follows is left out.
const VALUES_MAX: usize = 20_000;
/// Most documents that are read from one body.
const DOCUMENTS_MAX: usize = 500;

/// Reads an object or an array. `None` when the text does not begin as one or is nested too deeply.
pub fn parse(text: &str) -> Option<Node> {
    parse_first(text).map(|(node, _)| node)
}

/// Reads one document after the other, as logs and exports hold them (JSON lines); several become a list.
pub fn parse_all(text: &str) -> Option<Node> {
    let (first, mut rest) = parse_first(text)?;
    let mut all = vec![first];
    while all.len() < DOCUMENTS_MAX
        && let Some((next, after)) = parse_first(rest.trim_start_matches([',', ' ', '\n', '\r', '\t']))
    {
        all.push(next);
        rest = after;
    }
    if all.len() == 1 { all.pop() } else { Some(Node::List(all)) }
}

/// The first document of a text, and what follows it.
fn parse_first(text: &str) -> Option<(Node, &str)> {
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut reader = Reader { rest: text, values: 0, broken: false };
    let node = reader.value(0)?;
    let empty = match &node {
        Node::Map(entries) => entries.is_empty(),
        Node::List(items) => items.is_empty(),
        _ => true,
    };
    let scalar = !matches!(node, Node::Map(_) | Node::List(_));
    (!(scalar || empty && reader.broken)).then_some((node, reader.rest))
}

struct Reader<'a> {
    rest: &'a str,
    values: usize,
    broken: bool,
}

impl Reader<'_> {
    /// One value. `None` aborts the whole reading: too deep. A broken or exhausted text ends every level.
    fn value(&mut self, depth: usize) -> Option<Node> {
        self.values += 1;
        if self.values > VALUES_MAX {
            self.stop();
        }
        self.space();
        match self.rest.as_bytes().first() {
            Some(b'{' | b'[') if depth >= DEPTH_MAX => None,
            Some(b'{') => self.map(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Some(Node::Text(capped(self.text()))),
            Some(_) => Some(self.word()),
            None => {
                self.broken = true;
                Some(Node::Null)
            }
        }
    }

    fn map(&mut self, depth: usize) -> Option<Node> {
        let mut entries = Vec::new();
        self.eat(1);
        while !self.at_end('}') {
            if !self.rest.starts_with('"') {
                self.stop();
                break;
            }
            let mut key = self.text();
            key.truncate(key.floor_char_boundary(KEY_MAX));
            self.space();
            if !self.rest.starts_with(':') {
                self.stop();
                break;
            }
            self.eat(1);
            let value = self.value(depth + 1)?;
            entries.push((key, value));
        }
        Some(Node::Map(entries))
    }

    fn list(&mut self, depth: usize) -> Option<Node> {
        let mut items = Vec::new();
        self.eat(1);
        while !self.at_end(']') {
            let before = self.rest.len();
            let item = self.value(depth + 1)?;
            if self.broken && item == Node::Null {
                break;
            }
            items.push(item);
            if self.rest.len() == before {
                self.stop();
            }
        }
        Some(Node::List(items))
    }

    /// Steps over commas; true once the level is closed or the text is over.
    fn at_end(&mut self, close: char) -> bool {
        self.space();
        while self.rest.starts_with(',') {
            self.eat(1);
            self.space();
        }
        if self.rest.is_empty() {
            self.broken = true;
            return true;
        }
        let closed = self.rest.starts_with(close);
        if closed {
            self.eat(1);
        }
        closed
    }

    fn text(&mut self) -> String {
        self.eat(1);
        let mut out = String::new();
        loop {
            let Some(at) = self.rest.bytes().position(|b| b == b'"' || b == b'\\') else {
                out.push_str(self.rest);
                self.stop();
                return out;
            };
            out.push_str(&self.rest[..at]);
            let quote = self.rest.as_bytes().get(at) == Some(&b'"');
            self.eat(at + 1);
            if quote {
                return out;
            }
            self.escape(&mut out);
        }
    }

    fn escape(&mut self, out: &mut String) {
        let Some(c) = self.rest.chars().next() else { return };
        self.eat(c.len_utf8());
        match c {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'u' => out.push(self.unicode()),
            c => out.push(c),
        }
    }

    /// `XXXX`, with its second half if it is a surrogate; a lone half becomes the replacement character.
    fn unicode(&mut self) -> char {
        let Some(high) = self.hex4() else { return char::REPLACEMENT_CHARACTER };
        if !(0xD800..0xDC00).contains(&high) {
            return char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        let before = self.rest;
        if let Some(rest) = self.rest.strip_prefix("\\u") {
            self.rest = rest;
            if let Some(low @ 0xDC00..0xE000) = self.hex4() {
                return char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
                    .unwrap_or(char::REPLACEMENT_CHARACTER);
            }
        }
        self.rest = before;
        char::REPLACEMENT_CHARACTER
    }

    fn hex4(&mut self) -> Option<u32> {
        let code =
            u32::from_str_radix(self.rest.get(..4).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))?, 16).ok()?;
        self.eat(4);
        Some(code)
    }

    /// A number, `true`, `false`, `null`, or a bare word of a careless template.
    fn word(&mut self) -> Node {
        let end =
            self.rest.bytes().position(|b| matches!(b, b',' | b'}' | b']' | b'\n' | b'\r')).unwrap_or(self.rest.len());
        let word = self.rest[..end].trim();
        let node = match word {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            "null" | "undefined" | "" => Node::Null,
            number if is_number(number) => Node::Number(capped(number.to_owned())),
            text => Node::Text(capped(text.trim_matches('\'').to_owned())),
        };
        self.eat(end);
        node
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t', '\u{feff}']);
    }

    fn eat(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
    }

    fn stop(&mut self) {
        self.rest = "";
        self.broken = true;
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn same(node: &Node, value: &Value) -> bool {
        match (node, value) {
            (Node::Null, Value::Null) => true,
            (Node::Bool(a), Value::Bool(b)) => a == b,
            (Node::Number(a), Value::Number(b)) => {
                *a == b.to_string() || a.parse::<f64>().ok().zip(b.as_f64()).is_some_and(|(a, b)| a == b)
            }
            (Node::Text(a), Value::String(b)) => a == b,
            (Node::List(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
            (Node::Map(a), Value::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| same(v, w)))
            }
            _ => false,
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter("JSON has no such number", |f| f.is_finite()).prop_map(Value::from),
            "(?s).{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
                prop::collection::hash_map("[a-z\"\\\\é ]{0,6}", inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn what_senders_get_wrong_is_read_all_the_same() {
        let name =
            |body: &str| parse(body).and_then(|n| n.get("name").and_then(|v| v.as_text().map(|t| t.into_owned())));

        assert_eq!(name("\u{feff} {\"name\":\"A\"}").as_deref(), Some("A"));
        assert_eq!(name("{\"name\":\"A\nB\"}").as_deref(), Some("A\nB"));
        assert_eq!(name("{\"name\":\"A\",}").as_deref(), Some("A"));
        assert_eq!(name("{\"name\":\"A\",\"mess").as_deref(), Some("A"));
        assert_eq!(name("{\"name\":\"caf\\u00e9 \\ud83d\\ude00 \\ud83d!\"}").as_deref(), Some("café 😀 \u{fffd}!"));
        assert_eq!(name("{\"name\":33612345678}").as_deref(), Some("33612345678"));
        assert_eq!(name("{\"name\":1e999}").as_deref(), Some("1e999"));
        assert_eq!(name("{\"name\":\"A\",\"name\":\"B\"}").as_deref(), Some("A"));
        assert_eq!(name("{\"name\": Ana Silva}").as_deref(), Some("Ana Silva"));
    }

    #[test]
    fn what_is_no_json_is_none() {
        for body in ["", "name=1", "hello", "\"text\"", "12", "{", "{x", "["] {
            assert_eq!(parse(body), None, "{body}");
        }
        assert_eq!(parse("{}"), Some(Node::Map(Vec::new())));
    }

    #[test]
    fn nesting_has_a_floor() {
        assert!(parse(&("[".repeat(128) + &"]".repeat(128))).is_some());
        assert_eq!(parse(&"[".repeat(129)), None);
        assert_eq!(parse(&"{\"a\":".repeat(200_000)), None);
    }

    proptest! {
        #[test]
        fn valid_json_is_read_as_serde_reads_it(value in any_json()) {
            let value = Value::Array(vec![value]);
            let node = parse(&value.to_string());
            prop_assert!(node.as_ref().is_some_and(|node| same(node, &value)), "{:?} {:?}", node, value);
        }

        #[test]
        fn no_text_makes_the_reader_panic(body in "(?s).*|[\\[{][\\[\\]{}\":,\\\\u0-9a-e. ]{0,60}") {
            parse(&body);
        }
    }
}
