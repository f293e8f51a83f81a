//! Names of fields are cut into plain words: lower case, no accents, camelCase and snake_case apart.

use unicode_normalization::UnicodeNormalization;

/// Longest name that is looked at, in bytes: a question, not an essay.
const NAME_MAX: usize = 240;

/// The words of a key or label: `your-Email_2` is `your`, `email`, `2`. `e-mail` is one word.
pub fn words(name: &str) -> Vec<String> {
    let name = &name[..name.floor_char_boundary(NAME_MAX)];
    if name.is_ascii() {
        return split(name.chars());
    }
    split(name.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)))
}

fn split(chars: impl Iterator<Item = char>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(4);
    let mut word = String::new();
    let mut before = Class::Gap;
    let mut push = |word: &mut String| {
        if !word.is_empty() {
            if word == "mail" && out.last().is_some_and(|w| w == "e") {
                out.pop();
                out.push("email".to_owned());
            } else {
                out.push(std::mem::take(word));
            }
            word.clear();
        }
    };
    let mut chars = chars.peekable();
    while let Some(c) = chars.next() {
        let class = Class::of(c);
        let hump = class == Class::Upper
            && (before == Class::Lower
                || (before == Class::Upper && chars.peek().is_some_and(|n| Class::of(*n) == Class::Lower)));
        let edge = (class == Class::Digit) != (before == Class::Digit);
        if class == Class::Gap || hump || (edge && before != Class::Gap) {
            push(&mut word);
        }
        match c {
            _ if class == Class::Gap => {}
            'ß' => word.push_str("ss"),
            'ø' | 'Ø' => word.push('o'),
            'æ' | 'Æ' => word.push_str("ae"),
            'ł' | 'Ł' => word.push('l'),
            'ı' => word.push('i'),
            c => word.extend(c.to_lowercase()),
        }
        before = class;
    }
    push(&mut word);
    out
}

/// A key as people may read it: `your-message_2` is `Your message 2`.
pub fn humanise(key: &str) -> String {
    if key.contains(' ') {
        return key.trim().to_owned();
    }
    let mut out = String::with_capacity(key.len() + 4);
    let mut before = Class::Gap;
    for c in key.chars() {
        let class = Class::of(c);
        if class == Class::Gap {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if class == Class::Upper && before == Class::Lower {
            out.push(' ');
            out.extend(c.to_lowercase());
        } else if out.is_empty() {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        before = class;
    }
    out.trim().to_owned()
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Upper,
    Lower,
    Digit,
    Gap,
}

impl Class {
    fn of(c: char) -> Class {
        match c {
            c if c.is_uppercase() => Class::Upper,
            c if c.is_numeric() => Class::Digit,
            c if c.is_alphabetic() => Class::Lower,
            _ => Class::Gap,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_plain_words() {
        for (name, expected) in [
            ("yourEmailAddress", "your email address"),
            ("E-Mail-Adresse*", "email adresse"),
            ("your-message_2", "your message 2"),
            ("q3_fullName", "q 3 full name"),
            ("contact[Prénom]", "contact prenom"),
            ("FIRST_NAME", "first name"),
            ("HTTPServer", "http server"),
            ("Qu'est-ce", "qu est ce"),
            ("Straße", "strasse"),
            ("1.3", "1 3"),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn keys_are_shown_as_people_write() {
        assert_eq!(humanise("your-message_2"), "Your message 2");
        assert_eq!(humanise("preferredTime"), "Preferred time");
        assert_eq!(humanise("What do you need?"), "What do you need?");
        assert_eq!(humanise("utm_source"), "Utm source");
    }
}
