//! What one of us means by a text to our number. Pure.
//!
//! Only letters and digits count, so that `1.`, `(1)`, `1 x` and a keycap are what they look like. What could be a command
//! gone wrong is never taken for words to a customer: no letter or digit at all; one or two of them (`l`, `ok`, `12`); up
//! to four that are all digits or look-alikes (`1xx`, `lx`, `100`). Asking again costs a moment, a customer who reads "1xx"
//! costs trust.

use crate::lead::deed::Reached;

/// What a text asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// `1`: the lead of that digit is mine.
    Digit(u8),
    /// `1X`: not mine after all.
    HandBack(u8),
    /// `Y`, `V`, `N`: what came of a call.
    Reached(Reached),
    /// Words for a lead.
    Words,
    /// A command gone wrong, or nothing.
    Unclear,
}

/// Reads a text.
pub(super) fn command(text: &str) -> Command {
    let plain: String = text.replace('×', "x").to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    match plain.as_str() {
        "y" | "yes" => return Command::Reached(Reached::Talked),
        "v" | "voicemail" => return Command::Reached(Reached::Voicemail),
        "n" | "no" => return Command::Reached(Reached::NoAnswer),
        _ => {}
    }
    let letters: Vec<char> = plain.chars().collect();
    let digit = |c: &char| c.to_digit(10).and_then(|d| u8::try_from(d).ok()).filter(|d| *d > 0);
    let read = match letters.as_slice() {
        [d] => digit(d).map(Command::Digit),
        [d, 'x'] => digit(d).map(Command::HandBack),
        _ => None,
    };
    let looks_like_one = |c: &char| c.is_numeric() || matches!(c, 'x' | 'l' | 'i' | 'o');
    let gone_wrong = letters.len() <= 2 || (letters.len() <= 4 && letters.iter().all(looks_like_one));
    read.unwrap_or(if gone_wrong { Command::Unclear } else { Command::Words })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn commands_are_read_in_whatever_way_thumbs_write_them() {
        for (text, wanted) in [
            ("1", Command::Digit(1)),
            (" 9 ", Command::Digit(9)),
            ("1.", Command::Digit(1)),
            ("(2)", Command::Digit(2)),
            ("#3", Command::Digit(3)),
            ("1\u{fe0f}\u{20e3}", Command::Digit(1)),
            ("1X", Command::HandBack(1)),
            ("1 x", Command::HandBack(1)),
            ("1-x.", Command::HandBack(1)),
            ("1×", Command::HandBack(1)),
            ("Y", Command::Reached(Reached::Talked)),
            ("yes.", Command::Reached(Reached::Talked)),
            ("V", Command::Reached(Reached::Voicemail)),
            ("Voicemail.", Command::Reached(Reached::Voicemail)),
            ("voice mail", Command::Reached(Reached::Voicemail)),
            ("n", Command::Reached(Reached::NoAnswer)),
            ("NO", Command::Reached(Reached::NoAnswer)),
        ] {
            assert_eq!(command(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_command_gone_wrong_is_never_words_for_a_customer() {
        for text in [
            "", " ", "?", "...", "👍", "0", "l", "I", "lx", "x1", "11", "12x", "1xx", "1 X X", "ok", "Ok.", "k", "100",
            "1lx",
        ] {
            assert_eq!(command(text), Command::Unclear, "{text:?}");
        }
    }

    #[test]
    fn words_are_words() {
        for text in [
            "On my way",
            "yes, 4 pm is fine",
            "No problem",
            "2 pm works",
            "1 hour",
            "Call me",
            "Sí, voy",
            "Я еду",
            "here",
        ] {
            assert_eq!(command(text), Command::Words, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_has_at_most_two_letters_is_never_words(text in "\\PC{0,2}") {
            prop_assert_ne!(command(&text), Command::Words);
        }
    }
}
