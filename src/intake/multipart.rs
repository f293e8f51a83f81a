//! `multipart/form-data` (RFC 7578) as browsers, WordPress and automation tools write it.
//!
//! [`parse`] reads the stored bytes; [`FileStripper`] sits before storage and takes the contents of files out while
//! the body streams in. Both find the boundary in the body itself, because headers quote it, lose it or name another.
//! A file input left empty is no file. Texts that come without a content type are UTF-8, else windows-1252.

use super::form::decode;
use super::node::{FIELDS_MAX, capped};
use encoding_rs::{Encoding, UTF_8};

pub use super::strip::{FileStripper, Stripped, TooMuch};

/// A multipart body, read.
#[derive(Debug, Default, PartialEq)]
pub struct Parts {
    /// Names and texts, in order.
    pub pairs: Vec<(String, String)>,
    /// How many files came along.
    pub files: u32,
}

/// Reads a whole body. `None` when it is not multipart at all.
pub fn parse(body: &[u8], content_type: Option<&str>) -> Option<Parts> {
    let delimiter = delimiter(body, content_type)?;
    let mut parts = Parts::default();
    let mut charset = None;
    let mut rest = &body[find(body, &delimiter)? + delimiter.len()..];
    while !rest.starts_with(b"--") {
        let Some((head, content)) = split_head(rest) else { break };
        let line_end = [b"\r\n", delimiter.as_slice()].concat();
        let (text, next) = match find(content, &line_end) {
            Some(end) => (&content[..end], &content[end + line_end.len()..]),
            None => match find(content, &[b"\n", delimiter.as_slice()].concat()) {
                Some(end) => (&content[..end], &content[end + 1 + delimiter.len()..]),
                None => (content, &content[content.len()..]),
            },
        };
        let head = PartHead::read(head);
        match head {
            _ if parts.pairs.len() > FIELDS_MAX => break,
            head if head.is_file() => parts.files += 1,
            head if head.is_empty_file_input() => {}
            head => {
                let label = head.charset.as_deref().or(charset.as_deref()).unwrap_or("utf-8");
                let value = decode(text, Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8));
                if head.name == "_charset_" {
                    charset = Some(value.clone());
                }
                parts.pairs.push((head.name, capped(value)));
            }
        }
        rest = next;
    }
    Some(parts)
}

/// Whether the body begins the way a multipart body does.
pub fn looks_multipart(body: &[u8]) -> bool {
    own_boundary(body).is_some()
}

/// `--boundary`, as it really stands in the body.
pub(super) fn delimiter(body: &[u8], content_type: Option<&str>) -> Option<Vec<u8>> {
    let claimed = content_type
        .and_then(|ct| parameter(ct, "boundary"))
        .filter(|b| (1..=200).contains(&b.len()))
        .map(|b| [b"--", b.as_bytes()].concat());
    claimed.filter(|d| find(body, d).is_some()).or_else(|| own_boundary(body))
}

/// The first line, when it begins with two dashes and a part's head follows it.
fn own_boundary(body: &[u8]) -> Option<Vec<u8>> {
    let body = body.trim_ascii_start();
    let end = body.iter().take(210).position(|b| *b == b'\n')?;
    let line = body[..end].trim_ascii_end();
    let head = body[end + 1..].get(..200.min(body.len() - end - 1))?;
    let named =
        head.split(|b| *b == b'\n').take(4).any(|l| l.to_ascii_lowercase().starts_with(b"content-disposition:"));
    (line.len() > 2 && line.starts_with(b"--") && named).then(|| line.to_vec())
}

/// The value of a header's parameter, quoted or not.
pub(super) fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })
}

/// Splits what follows a delimiter into head and content at the empty line.
fn split_head(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let window = &rest[..rest.len().min(HEAD_MAX)];
    let (at, gap) = empty_line(window)?;
    Some((&rest[..at], &rest[at + gap..]))
}

/// Where the empty line that ends a head begins, and how long it is.
pub(super) fn empty_line(window: &[u8]) -> Option<(usize, usize)> {
    let crlf = find(window, b"\r\n\r\n");
    let lf = find(&window[..crlf.unwrap_or(window.len())], b"\n\n");
    lf.map(|at| (at, 2)).or(crlf.map(|at| (at, 4)))
}

/// Longest head of a part, in bytes.
pub(super) const HEAD_MAX: usize = 8 * 1024;

/// What the head of one part says.
#[derive(Debug, Default)]
pub(super) struct PartHead {
    name: String,
    file_name: Option<String>,
    content_type: String,
    charset: Option<String>,
}

impl PartHead {
    pub(super) fn read(head: &[u8]) -> PartHead {
        let text = decode(head, UTF_8);
        let mut part = PartHead::default();
        for line in text.lines() {
            let Some((key, value)) = line.split_once(':') else { continue };
            if key.trim().eq_ignore_ascii_case("content-disposition") {
                part.name = quoted(value, "name").unwrap_or_default();
                part.file_name = quoted(value, "filename").or_else(|| parameter(value, "filename*"));
            } else if key.trim().eq_ignore_ascii_case("content-type") {
                part.content_type = value.trim().to_ascii_lowercase();
                part.charset = parameter(value, "charset");
            }
        }
        part
    }

    /// A chosen file. A JSON blob that a script appended is an answer, not a file.
    pub(super) fn is_file(&self) -> bool {
        self.file_name.as_deref().is_some_and(|name| !name.is_empty()) && !self.is_json_blob()
    }

    fn is_empty_file_input(&self) -> bool {
        self.file_name.as_deref() == Some("") || (self.name.is_empty() && self.file_name.is_none())
    }

    fn is_json_blob(&self) -> bool {
        self.content_type.starts_with("application/json") && self.file_name.as_deref() == Some("blob")
    }
}

/// A quoted parameter that may itself hold raw quotes or semicolons: it ends at a quote that ends the header or
/// is followed by the next parameter.
fn quoted(header: &str, name: &str) -> Option<String> {
    let lower = header.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let at = from + lower.get(from..)?.find(name)?;
        let boundary = lower[..at].chars().next_back().is_none_or(|c| c == ';' || c.is_whitespace());
        let after = header[at + name.len()..].trim_start();
        from = at + name.len();
        let Some(value) = after.strip_prefix('=').filter(|_| boundary) else { continue };
        let value = value.trim_start();
        let Some(inner) = value.strip_prefix('"') else {
            return Some(value.split(';').next().unwrap_or("").trim().to_owned());
        };
        let ends = inner.match_indices('"').find(|(i, _)| {
            let tail = inner[i + 1..].trim_start();
            tail.is_empty()
                || tail.strip_prefix(';').is_some_and(|t| t.trim_start().contains('=') || t.trim().is_empty())
        });
        let text = ends.map_or(inner, |(i, _)| &inner[..i]);
        return Some(text.replace("%22", "\"").replace("\\\"", "\"").replace("%0D%0A", " "));
    }
}

/// Where `needle` first stands in `hay`.
pub(super) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let (&first, tail) = needle.split_first()?;
    let mut from = 0;
    while let Some(at) = hay.get(from..)?.iter().position(|b| *b == first) {
        let start = from + at;
        if hay[start + 1..].starts_with(tail) {
            return Some(start);
        }
        from = start + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut out = String::new();
        for (head, text) in parts {
            out += &format!("--XyZ\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n");
        }
        (out + "--XyZ--\r\n").into_bytes()
    }

    #[test]
    fn the_boundary_is_found_whatever_the_header_says() {
        let body = body(&[("name=\"a\"", "1"), ("name=b", "2\r\n3")]);

        for header in [
            Some("multipart/form-data; boundary=XyZ"),
            Some("multipart/form-data; boundary=\"XyZ\"; charset=utf-8"),
            Some("multipart/form-data; boundary=other"),
            Some("multipart/form-data"),
            Some("text/plain"),
            None,
        ] {
            let parts = parse(&body, header).unwrap();
            assert_eq!(parts.pairs, [("a".into(), "1".into()), ("b".into(), "2\r\n3".into())], "{header:?}");
        }
    }

    #[test]
    fn files_are_counted_and_empty_file_inputs_are_not() {
        let parts = parse(
            &body(&[
                ("name=\"f\"; filename=\"a \"quoted\"; x.jpg\"", "bytes"),
                ("name=\"g\"; filename=\"\"", ""),
                ("filename=\"Dach-ü.png\"; name=\"h\"", ""),
                ("name=\"filename\"", "text"),
            ]),
            None,
        )
        .unwrap();

        assert_eq!(parts.files, 2);
        assert_eq!(parts.pairs, [("filename".into(), "text".into())]);
    }

    #[test]
    fn bare_line_feeds_a_cut_end_and_old_characters_are_read() {
        let lf = b"--q\nContent-Disposition: form-data; name=\"a\"\n\n1\n--q\ncontent-disposition: form-data; name=\"b\"\n\nZo\xeb";

        assert_eq!(parse(lf, None).unwrap().pairs, [("a".into(), "1".into()), ("b".into(), "Zoë".into())]);
    }

    #[test]
    fn other_bodies_are_not_multipart() {
        for other in [&b"a=1&b=2"[..], b"{\"a\":1}", b"", b"--", b"-- hello\r\nworld", b"--x\r\n"] {
            assert_eq!(parse(other, None), None);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_parser_panic(noise in prop::collection::vec(any::<u8>(), 0..200), cut in 0usize..400) {
            let mut whole = body(&[("name=\"a\"; filename=\"b\"", "1"), ("name=\"c\"", "2")]);
            whole.truncate(cut);
            whole.extend(noise);
            parse(&whole, Some("multipart/form-data; boundary=XyZ"));
        }
    }
}
