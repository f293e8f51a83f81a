//! What a body really is. The content type is asked last, because it lies: JSON comes as a form, as plain text and
//! behind a byte order mark, and multipart comes with the wrong boundary.

use super::form::decode;
use super::multipart::{self, parameter};
use super::node::{Node, from_pairs};
use super::reading::Request;
use super::{form, json, lines, xml};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::cell::OnceCell;

/// The shape that a body turned out to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Nothing came, in body and query.
    Empty,
    /// An object or array of JSON.
    Json,
    /// `name=value` pairs.
    Form,
    /// Parts, perhaps with files.
    Multipart,
    /// Elements.
    Xml,
    /// The fields stood in the query string.
    Query,
    /// None of these: a text.
    Text,
}

/// A body as a tree, with what was found on the way.
#[derive(Debug)]
pub struct Sniffed {
    /// Its shape.
    pub shape: Shape,
    /// Its values; for [`Shape::Text`] and [`Shape::Empty`] an empty map.
    pub tree: Node,
    /// How many files came along.
    pub files: u32,
}

/// Looks at the bytes and reads them as what they are.
pub fn sniff(request: &Request<'_>) -> Sniffed {
    let content_type = request.content_type;
    let charset = content_type.and_then(|ct| parameter(ct, "charset"));
    let whole = |shape, tree| Sniffed { shape, tree, files: 0 };
    if request.body.trim_ascii().is_empty() {
        return from_query(request.query);
    }
    if let Some(parts) = as_multipart(request.body, content_type) {
        return Sniffed { shape: Shape::Multipart, tree: from_pairs(parts.pairs), files: parts.files };
    }
    // Texts of two bytes a character are made plain before anybody looks for separators in them.
    let (encoding, wide) = encoding_of(request.body, charset.as_deref());
    let plain =
        if wide { Cow::Owned(decode(request.body, encoding).into_bytes()) } else { Cow::Borrowed(request.body) };
    let (body, charset, encoding) = if wide { (&*plain, None, UTF_8) } else { (&*plain, charset, encoding) };
    let start =
        body.iter().copied().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF | 0xFF | 0xFE | 0));
    let decoded = OnceCell::new();
    let text = || decoded.get_or_init(|| decode(body, encoding)).as_str();
    if matches!(start, Some(b'{' | b'['))
        && let Some(tree) = json::parse_all(text())
    {
        return whole(Shape::Json, tree);
    }
    if start == Some(b'<')
        && let Some(tree) = xml::parse(text())
    {
        return whole(Shape::Xml, tree);
    }
    if let Some(tree) = quoted_json(body) {
        return whole(Shape::Json, tree);
    }
    if let Some(pairs) = lines::pairs(text(), content_type) {
        return whole(Shape::Text, from_pairs(pairs));
    }
    if looks_like_pairs(body, content_type) {
        return from_form(body, charset.as_deref());
    }
    whole(Shape::Text, lines::free(text()))
}

/// A form; or a whole JSON document that a script sent as if it were the name of a field.
fn from_form(body: &[u8], charset: Option<&str>) -> Sniffed {
    if body.starts_with(b"%7B") || body.starts_with(b"%7b") || body.starts_with(b"%5B%7B") {
        let text = form::unescaped(body);
        if let Some(tree) = json::parse(text.trim_end_matches('=')) {
            return Sniffed { shape: Shape::Json, tree, files: 0 };
        }
    }
    Sniffed { shape: Shape::Form, tree: from_pairs(form::parse(body, charset)), files: 0 }
}

fn as_multipart(body: &[u8], content_type: Option<&str>) -> Option<multipart::Parts> {
    let claimed = content_type.is_some_and(|ct| ct.trim_start().to_ascii_lowercase().starts_with("multipart/"));
    if claimed || multipart::looks_multipart(body) { multipart::parse(body, content_type) } else { None }
}

/// Tools that save an address with GET, and links with fields in them: the query is the form.
fn from_query(query: &str) -> Sniffed {
    let pairs: Vec<(String, String)> = form::parse(query.as_bytes(), None)
        .into_iter()
        .filter(|(name, _)| !matches!(name.as_str(), "test" | "secret" | "key" | "token"))
        .collect();
    let shape = if pairs.is_empty() { Shape::Empty } else { Shape::Query };
    Sniffed { shape, tree: from_pairs(pairs), files: 0 }
}

/// The encoding of a body that is no form, and whether it writes two bytes a character.
fn encoding_of(body: &[u8], charset: Option<&str>) -> (&'static Encoding, bool) {
    match body {
        [0xFF, 0xFE, ..] => (UTF_16LE, true),
        [0xFE, 0xFF, ..] => (UTF_16BE, true),
        [b, 0, c, 0, ..] if *b != 0 && *c != 0 => (UTF_16LE, true),
        [0, b, 0, c, ..] if *b != 0 && *c != 0 => (UTF_16BE, true),
        _ => (charset.and_then(|label| Encoding::for_label(label.as_bytes())).unwrap_or(UTF_8), false),
    }
}

/// A whole JSON document inside one JSON text: `"{\"name\":…}"`.
fn quoted_json(body: &[u8]) -> Option<Node> {
    let text = std::str::from_utf8(body).ok()?.trim();
    let opens = ["\"{", "\"[", "\" {"].iter().any(|open| text.starts_with(open));
    let inner: String = opens.then(|| serde_json::from_str(text).ok()).flatten()?;
    json::parse(&inner)
}

/// A first name of a pair has no spaces or line ends in it; a letter to us has.
fn looks_like_pairs(body: &[u8], content_type: Option<&str>) -> bool {
    let claimed = content_type.is_some_and(|ct| ct.to_ascii_lowercase().contains("form-urlencoded"));
    let name = body.split(|b| *b == b'&').find(|pair| !pair.is_empty()).unwrap_or(b"");
    let name = name.split(|b| *b == b'=').next().unwrap_or(b"");
    let paired = body.contains(&b'=') && name.len() <= 200 && !name.iter().any(|b| matches!(b, b'\n' | b' ' | b'<'));
    paired || (claimed && body.contains(&b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(content_type: &str, query: &str, body: &[u8]) -> (Shape, Option<String>) {
        let request = Request {
            method: "POST",
            url: "",
            content_type: Some(content_type),
            headers: &[],
            query,
            body,
            country: "US",
            received_at: 0,
        };
        let sniffed = sniff(&request);
        (sniffed.shape, sniffed.tree.get("name").and_then(|n| n.as_text().map(|t| t.into_owned())))
    }

    #[test]
    fn the_body_is_believed_and_the_content_type_is_not() {
        let ana = |shape| (shape, Some("Ana".to_owned()));
        let form = "application/x-www-form-urlencoded";
        let utf16: Vec<u8> = "\u{feff}{\"name\":\"Ana\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();

        assert_eq!(shape(form, "", b"{\"name\":\"Ana\"}"), ana(Shape::Json));
        assert_eq!(shape("text/plain", "", b"\xef\xbb\xbf{\"name\":\"Ana\"}"), ana(Shape::Json));
        assert_eq!(shape("application/json", "", &utf16), ana(Shape::Json));
        assert_eq!(shape("application/json", "", br#""{\"name\":\"Ana\"}""#), ana(Shape::Json));
        assert_eq!(shape("application/json", "", b"name=Ana&x=1"), ana(Shape::Form));
        assert_eq!(shape("text/plain;charset=UTF-8", "", b"name=Ana"), ana(Shape::Form));
        assert_eq!(shape(form, "", b"<name>Ana</name>"), ana(Shape::Xml));
        assert_eq!(shape("", "name=Ana&test=1", b""), ana(Shape::Query));
        assert_eq!(shape("text/plain", "", b"name: Ana\nemail: a@b.example\n"), ana(Shape::Text));
        assert_eq!(shape(form, "test=1", b" "), (Shape::Empty, None));
        assert_eq!(shape(form, "", b"Hello, I need = help"), (Shape::Form, None));
        assert_eq!(shape(form, "", b"%7B%22name%22%3A%22Ana%22%7D="), ana(Shape::Json));
        assert_eq!(shape("text/plain", "", b"name=Ana\r\nmail=a@b.example\r\n"), ana(Shape::Text));
        let wide: Vec<u8> = "\u{feff}name=Ana&x=%41".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(shape(form, "", &wide), ana(Shape::Form));
        let multipart = b"--q\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAna\r\n--q--";
        assert_eq!(shape("application/json", "", multipart), ana(Shape::Multipart));
    }
}
