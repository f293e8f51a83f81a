//! Keys that travel in bodies (`google_key`, `HandshakeKey`, `access_key`, answers of captchas) are struck out before a
//! body is stored: each byte of the value becomes an asterisk, so that everything else stays where it was and the body
//! reads the same again. They are never answers either, see [`super::recognise::is_secret`].
//!
//! Struck out where a name stands beside its value: in JSON, in `name=value` pairs and in parts of multipart. A key inside
//! a text that is JSON once more, or in a body of two bytes a character, is not found; the price of not rewriting bodies.

use super::multipart::{delimiter, empty_line, find, parameter};
use super::recognise::is_secret;
use std::ops::Range;

/// Strikes secrets out of a body.
pub fn conceal(mut body: Vec<u8>) -> Vec<u8> {
    let start = body.iter().copied().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF));
    let found = match (start, delimiter(&body, None)) {
        (Some(b'{' | b'['), _) => in_json(&body),
        (_, Some(delimiter)) => in_parts(&body, &delimiter),
        _ => in_pairs(&body),
    };
    for range in found {
        if let Some(value) = body.get_mut(range) {
            value.fill(b'*');
        }
    }
    body
}

fn in_pairs(body: &[u8]) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    for pair in body.split(|b| *b == b'&') {
        if let Some(equals) = pair.iter().position(|b| *b == b'=')
            && let Some((name, _)) = url::form_urlencoded::parse(&pair[..equals]).next()
            // `fields[captcha][value]`: any step of the way may say it.
            && name.split(['[', ']', '.']).any(is_secret)
        {
            found.push(at + equals + 1..at + pair.len());
        }
        at += pair.len() + 1;
    }
    found
}

fn in_json(body: &[u8]) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(name) = text_from(body, at) {
        at = name.end + 1;
        let Some(colon) = skip_space(body, at).filter(|n| body[*n] == b':') else { continue };
        at = colon + 1;
        if !is_secret(&String::from_utf8_lossy(&body[name])) {
            continue;
        }
        // One value, or a list of them.
        let Some(first) = skip_space(body, at) else { break };
        let is_list = body[first] == b'[';
        at = first + usize::from(is_list);
        while let Some((value, after)) = scalar(body, at) {
            found.push(value);
            at = after;
            match skip_space(body, at) {
                Some(comma) if is_list && body[comma] == b',' => at = comma + 1,
                _ => break,
            }
        }
    }
    found
}

/// The text or number that stands here, and where it ends.
fn scalar(body: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
    let start = skip_space(body, at)?;
    match body[start] {
        b'"' => text_from(body, start).map(|text| (text.clone(), text.end + 1)),
        b'0'..=b'9' => {
            let end = body[start..].iter().position(|b| !b.is_ascii_digit()).map_or(body.len(), |n| start + n);
            Some((start..end, end))
        }
        _ => None,
    }
}

/// What stands between the next two quotes.
fn text_from(body: &[u8], at: usize) -> Option<Range<usize>> {
    let open = at + body.get(at..)?.iter().position(|b| *b == b'"')? + 1;
    let mut end = open;
    while *body.get(end)? != b'"' {
        end += if body[end] == b'\\' { 2 } else { 1 };
    }
    Some(open..end)
}

fn skip_space(body: &[u8], at: usize) -> Option<usize> {
    body.get(at..)?.iter().position(|b| !b.is_ascii_whitespace()).map(|n| at + n)
}

fn in_parts(body: &[u8], delimiter: &[u8]) -> Vec<Range<usize>> {
    let (mut borders, mut at) = (Vec::new(), 0);
    while let Some(next) = body.get(at..).and_then(|rest| find(rest, delimiter)) {
        borders.push(at + next);
        at += next + delimiter.len();
    }
    borders.push(body.len());
    let one = |pair: &[usize]| {
        let part = body.get(pair[0] + delimiter.len()..pair[1])?;
        let (head, gap) = empty_line(part)?;
        let lines = String::from_utf8_lossy(&part[..head]).into_owned();
        let named = lines.lines().filter(|line| line.to_ascii_lowercase().starts_with("content-disposition"));
        let is_one = named.filter_map(|line| parameter(line, "name")).any(|name| is_secret(&name));
        let content = part[head + gap..].trim_ascii_end().len();
        let start = pair[0] + delimiter.len() + head + gap;
        is_one.then_some(start..start + content)
    };
    borders.windows(2).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn concealed(body: &str) -> String {
        String::from_utf8(conceal(body.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn keys_in_bodies_become_asterisks_and_nothing_else_changes() {
        for (body, stored) in [
            (r#"{"google_key": "k\"1", "lead_id":"L"}"#, r#"{"google_key": "****", "lead_id":"L"}"#),
            (r#"{"HandshakeKey":123,"q":"google_key"}"#, r#"{"HandshakeKey":***,"q":"google_key"}"#),
            (r#"{"a":{"access_key":["x","yz"]},"b":["c"]}"#, r#"{"a":{"access_key":["*","**"]},"b":["c"]}"#),
            (r#"{"g-recaptcha-response":null,"name":"Ana"}"#, r#"{"g-recaptcha-response":null,"name":"Ana"}"#),
            ("name=Ana&access_key=a%20b&h-captcha-response=zz", "name=Ana&access_key=*****&h-captcha-response=**"),
            ("fields%5Bcaptcha%5D%5Bvalue%5D=zz&x=1", "fields%5Bcaptcha%5D%5Bvalue%5D=**&x=1"),
            ("cf-turnstile-response=&name=Ana", "cf-turnstile-response=&name=Ana"),
            ("My secret is out: access_key", "My secret is out: access_key"),
        ] {
            assert_eq!(concealed(body), stored);
        }
    }

    #[test]
    fn a_key_in_a_part_of_multipart_is_struck_out() {
        let part = |name: &str, value: &str| {
            format!("--b0\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = |key: &str| format!("{}{}--b0--\r\n", part("access_key", key), part("name", "Ana"));

        assert_eq!(concealed(&body("0123-abc")), body("********"));
    }

    #[test]
    fn broken_bodies_are_left_as_they_are() {
        for body in
            ["{\"google_key\":\"abc", "{\"google_key\"", "[\"google_key\":", "{\"google_key\":\"\\", "&=&&=", ""]
        {
            assert_eq!(concealed(body), body);
        }
    }
}
