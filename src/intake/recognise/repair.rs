//! What travels damaged is put right, where it is certain what was meant: HTML entities, UTF-8 read as windows-1252
//! (`JosÃ©`), stray C1 controls. And what was never filled in is told from an answer.

use super::lexicon::{Concept, Concepts};
use super::words::words;
use crate::intake::entity;
use encoding_rs::{UTF_8, WINDOWS_1252};
use std::borrow::Cow;

/// The text as its writer meant it.
pub fn repair(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.contains(['&', '%']) {
        return Cow::Borrowed(text);
    }
    if let Some(plain) = escaped_twice(text) {
        return Cow::Owned(plain);
    }
    let once = entity::decode(text);
    // WordPress escapes twice now and then: `&amp;#039;`.
    let plain = if once.len() < text.len() && once.contains('&') {
        entity::decode(&once).into_owned()
    } else {
        once.into_owned()
    };
    let whole = read_twice(&plain).unwrap_or(plain);
    if !whole.chars().any(|c| matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}')) {
        return Cow::Owned(whole);
    }
    Cow::Owned(whole.chars().map(from_1252).collect())
}

/// `Ana%20Ruiz`: percent escapes that were escaped again. Certain where the text has no spaces and every `%` is one.
fn escaped_twice(text: &str) -> Option<String> {
    let whole =
        text.split('%').skip(1).all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit()));
    if !text.contains('%') || !whole || text.len() > 2_000 || text.contains(char::is_whitespace) || text.contains("://")
    {
        return None;
    }
    let plain = crate::intake::form::unescaped(text.replace('+', "%2B").as_bytes());
    (!plain.contains(char::REPLACEMENT_CHARACTER)).then_some(plain)
}

/// UTF-8 that somebody read as windows-1252 and wrote as UTF-8 again. Certain, because no language writes the
/// characters of such pairs beside each other: the whole text must turn back into valid UTF-8.
fn read_twice(text: &str) -> Option<String> {
    if !text.contains(['Ã', 'Â', 'â', 'Å', 'Ä', 'Ð', 'Ñ', 'ð']) {
        return None;
    }
    let (bytes, _, unmappable) = WINDOWS_1252.encode(text);
    if unmappable || bytes.is_ascii() {
        return None;
    }
    let (fixed, broken) = UTF_8.decode_without_bom_handling(&bytes);
    (!broken && !fixed.is_ascii()).then(|| fixed.into_owned())
}

fn from_1252(c: char) -> char {
    match u8::try_from(c) {
        Ok(byte @ 0x80..=0x9f) if byte != 0x85 => {
            WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(c)
        }
        _ => c,
    }
}

/// A template that nobody filled in: `{{email}}`, `[your-name]`, `%phone%`, `*|FNAME|*`, `${name}`.
pub fn is_unfilled(text: &str) -> bool {
    let mut rest = text.trim();
    if rest.is_empty() || rest.len() > 400 || rest == "[object Object]" {
        return rest == "[object Object]";
    }
    while !rest.is_empty() {
        let Some(after) = after_template(rest) else { return false };
        rest = after.trim_start();
    }
    true
}

/// What follows the template that the text begins with.
fn after_template(text: &str) -> Option<&str> {
    for (open, close) in [("{{", "}}"), ("${", "}"), ("<%", "%>"), ("*|", "|*"), ("{!", "}"), ("#{", "}"), ("[[", "]]")]
    {
        if let Some((_, after)) = text.strip_prefix(open).and_then(|inner| inner.split_once(close)) {
            return Some(after.trim_start_matches('}'));
        }
    }
    for (open, close) in [('[', ']'), ('{', '}'), ('%', '%')] {
        if let Some((name, after)) = text.strip_prefix(open).and_then(|inner| inner.split_once(close))
            && is_field_name(name)
        {
            return Some(after);
        }
    }
    None
}

/// `your-name`, `field:email`, `contact.phone`: a name of a field that means something to us.
fn is_field_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
    let known = [
        Concept::Name,
        Concept::First,
        Concept::Last,
        Concept::Email,
        Concept::Phone,
        Concept::Message,
        Concept::Subject,
    ];
    !name.is_empty() && name.chars().all(plain) && Concepts::of(&words(name)).any(&known)
}

/// Words that stand where an answer should: `N/A`, `-`, `null`.
pub fn is_no_answer(text: &str) -> bool {
    let text = text.trim();
    text.chars().all(|c| !c.is_alphanumeric()) && !text.chars().any(|c| u32::from(c) > 0x2000)
        || matches!(
            text.to_ascii_lowercase().trim_end_matches('.'),
            "n/a"
                | "n.a"
                | "na"
                | "n\\a"
                | "none"
                | "null"
                | "undefined"
                | "nan"
                | "nil"
                | "(not set)"
                | "not set"
                | "not provided"
                | "not applicable"
                | "no answer"
                | "unknown"
                | "(none)"
                | "n.v.t"
                | "nvt"
                | "k.a"
                | "k. a"
                | "s/n"
                | "xxx"
                | "<null>"
                | "anonymous"
                | "keine angabe"
        )
}

/// A message that says that there is none.
pub fn is_no_message(text: &str) -> bool {
    is_no_answer(text)
        || matches!(
            text.trim().trim_end_matches(['.', '!']).to_lowercase().as_str(),
            "no" | "nothing"
                | "nope"
                | "keine"
                | "nein"
                | "nichts"
                | "ninguno"
                | "ninguna"
                | "nada"
                | "aucun"
                | "aucune"
                | "rien"
                | "non"
                | "nessuno"
                | "nessuna"
                | "niente"
                | "nenhum"
                | "nenhuma"
                | "geen"
                | "nee"
                | "brak"
                | "yes"
                | "on"
                | "true"
                | "false"
                | "off"
                | "x"
                | "select"
                | "please select"
                | "bitte wählen"
                | "choose"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_undone_where_it_is_certain() {
        for (damaged, meant) in [
            ("Jos&eacute; O&#039;Brien &amp; S&#xF6;hne", "José O'Brien & Söhne"),
            ("O&amp;#039;Brien", "O'Brien"),
            ("JosÃ©", "José"),
            ("Itâ€™s MÃ¼ller", "It’s Müller"),
            ("Ð˜Ð²Ð°Ð½", "Иван"),
            ("\u{93}hi\u{94}", "“hi”"),
            ("São João, NÃO", "São João, NÃO"),
            ("Ã", "Ã"),
            ("Âge", "Âge"),
            ("a&b=1&copy=2", "a&b=1&copy=2"),
            ("Ana%20Ruiz", "Ana Ruiz"),
            ("50% off", "50% off"),
            ("100%", "100%"),
            ("José Ã©", "José Ã©"),
            ("😀 & co", "😀 & co"),
        ] {
            assert_eq!(repair(damaged), meant, "{damaged}");
        }
    }

    #[test]
    fn what_nobody_filled_in_is_told_from_an_answer() {
        for blank in [
            "{{email}}",
            "{{ contact.first_name }} {{contact.last_name}}",
            "[your-name]",
            "%phone%",
            "*|FNAME|*",
            "${name}",
            "{name}",
        ] {
            assert!(is_unfilled(blank), "{blank}");
        }
        for answer in ["", "Ana", "[urgent]", "100%", "{x}", "Hi {{name}}", "%"] {
            assert!(!is_unfilled(answer), "{answer}");
        }
        assert!(["-", "N/A", "n.a.", "NULL", "--", "?"].iter().all(|t| is_no_answer(t)));
        assert!(!["No", "Nada", "👍", "Nil Ramos", "Na Li"].iter().any(|t| is_no_answer(t)));
        assert!(is_no_message("Nada.") && !is_no_message("Nada funciona"));
    }
}
