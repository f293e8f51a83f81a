//! `application/x-www-form-urlencoded` (WHATWG URL standard), in whatever characters the page was written.
//!
//! The page's characters are, in this order: the `_charset_` field that browsers fill in, `charset=` of the content
//! type, UTF-8 if the bytes are valid UTF-8, else windows-1252. At most 500 fields are read, and one more to show that there were more.

use super::node::{FIELDS_MAX, VALUE_MAX};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// Reads a body of `name=value` pairs. `charset` is what the content type claims, if it claims anything.
/// Pairs are separated by `&`, in bodies without one by `;`, as old senders write.
pub fn parse(body: &[u8], charset: Option<&str>) -> Vec<(String, String)> {
    let separator = if is_semicolon_separated(body) { b';' } else { b'&' };
    type Bytes<'a> = Cow<'a, [u8]>;
    let raw: Vec<(Bytes<'_>, Bytes<'_>)> = body
        .split(|b| *b == separator)
        .map(<[u8]>::trim_ascii_start)
        .filter(|pair| !pair.is_empty())
        .take(FIELDS_MAX + 1)
        .map(|pair| {
            let (name, value) = match pair.iter().position(|b| *b == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &pair[pair.len()..]),
            };
            (unescape(&name[..name.len().min(1024)]), unescape(&value[..value.len().min(3 * VALUE_MAX)]))
        })
        .collect();
    let named = raw.iter().find(|(name, _)| name.as_ref() == b"_charset_").map(|(_, value)| value.as_ref());
    let encoding = named
        .and_then(Encoding::for_label)
        .or_else(|| charset.and_then(|label| Encoding::for_label(label.as_bytes())))
        .unwrap_or(UTF_8);
    raw.iter().map(|(name, value)| (decode(name, encoding), decode(value, encoding))).collect()
}

/// A whole body with its escapes undone, as text.
pub fn unescaped(body: &[u8]) -> String {
    decode(&unescape(body), UTF_8)
}

/// `name=Ana;email=a@b.example`: every piece is a pair, and no `&` stands anywhere.
fn is_semicolon_separated(body: &[u8]) -> bool {
    let is_name = |name: &[u8]| {
        (1..=60).contains(&name.len()) && name.iter().all(|b| b.is_ascii_alphanumeric() || b"_-.[]%+".contains(b))
    };
    let mut pieces = body.split(|b| *b == b';').map(<[u8]>::trim_ascii).filter(|piece| !piece.is_empty());
    !body.contains(&b'&')
        && body.contains(&b';')
        && pieces.all(|piece| piece.iter().position(|b| *b == b'=').is_some_and(|at| is_name(&piece[..at])))
}

/// Bytes as text in `encoding`; what claims to be UTF-8 and is not was written on an old page: windows-1252.
/// What is valid UTF-8 with multi-byte characters is never anything else, whatever the label says.
pub fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if encoding == UTF_8 || !text.is_ascii() || encoding.is_ascii_compatible() => text.to_owned(),
        _ if encoding == UTF_8 && is_mostly_utf8(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        _ if encoding == UTF_8 => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        _ => encoding.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Whether a few bytes are broken (a cut in the middle of a letter) in what is otherwise UTF-8.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        // Every character beyond ASCII has one byte that begins it.
        right += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    right > wrong
}

/// Undoes `+` and `%XX`; a crooked escape stays as it is.
fn unescape(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.iter().any(|b| matches!(b, b'+' | b'%')) {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'+' => out.push(b' '),
            b'%' => match tail {
                [high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    out.push(hex(*high) << 4 | hex(*low));
                    rest = tail;
                }
                _ => out.push(b'%'),
            },
            b => out.push(b),
        }
    }
    Cow::Owned(out)
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit.wrapping_sub(b'A').wrapping_add(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(body: &[u8], charset: Option<&str>) -> String {
        parse(body, charset).pop().map(|(_, value)| value).unwrap_or_default()
    }

    #[test]
    fn escapes_are_undone_and_crooked_ones_kept() {
        let pairs = parse(b"a=1+2&b=%41%zz%&c&&d=x%3Dy=z", None);

        let expected = [("a", "1 2"), ("b", "A%zz%"), ("c", ""), ("d", "x=y=z")];
        assert!(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).eq(expected));
    }

    #[test]
    fn the_page_s_own_characters_are_understood() {
        assert_eq!(one(b"n=Zo%C3%AB", None), "Zoë");
        assert_eq!(one(b"n=Zo%EB", None), "Zoë");
        assert_eq!(one(b"n=Zo\xeb", Some("iso-8859-1")), "Zoë");
        assert_eq!(one(b"n=%80", Some("iso-8859-1")), "€");
        assert_eq!(one(b"_charset_=windows-1250&n=%B9", None), "ą");
        assert_eq!(one(b"n=Zo%C3%AB", Some("iso-8859-1")), "Zoë");
        assert_eq!(one(b"n=%CF%F0%E8%E2%E5%F2", Some("windows-1251")), "Привет");
        assert_eq!(one(b"n=%93%FA%96%7B", Some("shift_jis")), "日本");
        assert_eq!(one(b"n=x", Some("no-such-charset")), "x");
        assert_eq!(one("n=Zoë für Ü".as_bytes().strip_suffix(b"\x9c").unwrap(), None), "Zoë für \u{fffd}");
    }

    #[test]
    fn semicolons_separate_pairs_only_where_nothing_else_can() {
        let names = |body: &[u8]| parse(body, None).into_iter().map(|(name, _)| name).collect::<Vec<_>>();

        assert_eq!(names(b"name=Ana; email=a%40b.example;x=1"), ["name", "email", "x"]);
        assert_eq!(names(b"message=Hi; call me=now please"), ["message"]);
        assert_eq!(names(b"a=1;b&c=2"), ["a", "c"]);
    }

    #[test]
    fn a_flood_of_fields_is_cut() {
        assert_eq!(parse(&b"a=1&".repeat(250_000), None).len(), FIELDS_MAX + 1);
        assert_eq!(parse(&b"&".repeat(1_000_000), None).len(), 0);
    }
}
