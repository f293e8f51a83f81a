//! How an honest input is spoilt: a few times over, by bytes, by words that parsers trip over, and by its structure. The
//! same dice spoil the same way.

use crate::tokens;
use leadbell::base::random::Random;
use serde_json::Value;

/// Chance, as a number below another.
pub fn below(random: &Random, end: usize) -> usize {
    usize::try_from(random.up_to(i64::try_from(end).unwrap_or(i64::MAX) - 1)).unwrap()
}

/// An input made of one of `seeds`, of at most `most` bytes.
pub fn spoilt(random: &Random, seeds: &[Vec<u8>], most: usize) -> Vec<u8> {
    let mut input = seeds[below(random, seeds.len())].clone();
    let rounds = [1, 1, 2, 3, 5, 12][below(random, 6)];
    for _ in 0..rounds {
        once(random, &mut input, seeds);
    }
    // Size is a way to spoil of its own, and a dear one.
    if below(random, 400) == 0 {
        grow(random, &mut input, most);
    }
    input.truncate(most);
    input
}

fn once(random: &Random, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    match below(random, 16) {
        0 => at_one(random, input, |byte, dice| byte ^ 1_u8.rotate_left(u32::from(dice & 7))),
        1 => at_one(random, input, |_, dice| dice),
        2 => replace(random, input, b""),
        3 => {
            let piece = input[range(random, input.len())].to_vec();
            insert(random, input, &piece);
        }
        4 => {
            let other = &seeds[below(random, seeds.len())];
            input.truncate(below(random, input.len() + 1));
            input.extend_from_slice(&other[below(random, other.len() + 1)..]);
        }
        5 => {
            let other = &seeds[below(random, seeds.len())];
            insert(random, input, &other[range(random, other.len())]);
        }
        6 => input.truncate(below(random, input.len() + 1)),
        7 | 8 => insert(random, input, &tokens::any(random)),
        9 | 10 => replace(random, input, &tokens::any(random)),
        11 => replace(random, input, tokens::number(random).as_bytes()),
        12 | 13 => in_json(random, input),
        14 => among_pieces(random, input),
        _ => nest(random, input),
    }
}

fn at_one(random: &Random, input: &mut [u8], change: fn(u8, u8) -> u8) {
    if !input.is_empty() {
        let at = below(random, input.len());
        input[at] = change(input[at], u8::try_from(below(random, 256)).unwrap());
    }
}

/// A piece of a text so long; mostly a short one.
fn range(random: &Random, len: usize) -> std::ops::Range<usize> {
    let start = below(random, len + 1);
    let longest = if below(random, 4) == 0 { len - start } else { (len - start).min(24) };
    start..start + below(random, longest + 1)
}

fn insert(random: &Random, input: &mut Vec<u8>, piece: &[u8]) {
    let at = below(random, input.len() + 1);
    input.splice(at..at, piece.iter().copied());
}

fn replace(random: &Random, input: &mut Vec<u8>, piece: &[u8]) {
    let range = range(random, input.len());
    input.splice(range, piece.iter().copied());
}

/// Repeats a piece until the whole is of any size up to `most`, small ones as likely as large ones.
fn grow(random: &Random, input: &mut Vec<u8>, most: usize) {
    let piece = match below(random, 3) {
        0 => tokens::any(random),
        _ => input[range(random, input.len())].to_vec(),
    };
    let size = most >> below(random, 12);
    if !piece.is_empty() {
        let many = piece.iter().copied().cycle().take(size.saturating_sub(input.len())).collect::<Vec<u8>>();
        insert(random, input, &many);
    }
}

/// Brackets around a place, some more than anybody follows.
fn nest(random: &Random, input: &mut Vec<u8>) {
    let (open, close) =
        [("[", "]"), ("{\"a\":", "}"), ("<a>", "</a>"), ("\"[", "]\""), ("{\"value\":", "}")][below(random, 5)];
    let depth = [1, 2, 100, 127, 128, 129, 500][below(random, 7)];
    let range = range(random, input.len());
    let inside = [open.repeat(depth).as_bytes(), &input[range.clone()], close.repeat(depth).as_bytes()].concat();
    input.splice(range, inside);
}

/// Pairs, lines and parts: one is left out, doubled, moved, renamed or answered otherwise.
fn among_pieces(random: &Random, input: &mut Vec<u8>) {
    let between = [b'&', b'\n', b';', b',', b' '][below(random, 5)];
    let mut pieces: Vec<Vec<u8>> = input.split(|b| *b == between).map(<[u8]>::to_vec).collect();
    let (one, other) = (below(random, pieces.len()), below(random, pieces.len()));
    match below(random, 5) {
        0 => drop(pieces.remove(one)),
        1 => pieces.insert(other, pieces[one].clone()),
        2 => pieces.swap(one, other),
        sides => {
            let piece = &mut pieces[one];
            let middle = piece.iter().position(|b| matches!(b, b'=' | b':')).unwrap_or(0);
            let side = if sides == 3 { 0..middle } else { (middle + 1).min(piece.len())..piece.len() };
            piece.splice(side, tokens::any(random));
        }
    }
    *input = pieces.join(&between);
}

/// The first JSON document in it, one of its values changed in what it is.
fn in_json(random: &Random, input: &mut Vec<u8>) {
    let Some(start) = input.iter().position(|b| matches!(b, b'{' | b'[')) else { return };
    let mut documents = serde_json::Deserializer::from_slice(&input[start..]).into_iter::<Value>();
    let Some(Ok(mut whole)) = documents.next() else { return };
    let end = start + documents.byte_offset();
    let mut n = below(random, size(&whole));
    if let Some(value) = nth(&mut whole, &mut n) {
        change(random, value);
    }
    input.splice(start..end, whole.to_string().into_bytes());
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(entries) => entries.values().map(size).sum(),
        _ => 0,
    }
}

fn nth<'a>(value: &'a mut Value, n: &mut usize) -> Option<&'a mut Value> {
    if *n == 0 {
        return Some(value);
    }
    *n -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, n)),
        Value::Object(entries) => entries.values_mut().find_map(|item| nth(item, n)),
        _ => None,
    }
}

fn change(random: &Random, value: &mut Value) {
    let token = || String::from_utf8_lossy(&tokens::any(random)).into_owned();
    let old = value.take();
    *value = match (below(random, 9), old) {
        (0, old) => Value::Array(vec![old.clone(), old]),
        (1, old) => [(token(), old)].into_iter().collect(),
        (2, old) => Value::String(old.to_string()),
        (3, Value::Object(entries)) if !entries.is_empty() => {
            let at = below(random, entries.len());
            entries.into_iter().enumerate().map(|(n, (k, v))| (if n == at { token() } else { k }, v)).collect()
        }
        (4, Value::Object(entries)) if !entries.is_empty() => {
            let at = below(random, entries.len());
            entries.into_iter().enumerate().filter(|(n, _)| *n != at).map(|(_, entry)| entry).collect()
        }
        (5, Value::Array(mut items)) if !items.is_empty() => {
            let one = items[below(random, items.len())].clone();
            items.push(one);
            Value::Array(items)
        }
        (6, Value::Number(number)) => Value::String(number.to_string()),
        (7, _) => [Value::Null, Value::Bool(true), Value::from(0), Value::from(""), Value::Array(Vec::new())]
            [below(random, 5)]
        .clone(),
        (8, Value::String(text)) => Value::String(text + &token()),
        (_, _) => Value::String(token()),
    };
}
