//! Hostile text is cleaned here, at the border, once: what comes out can stand in a log line, a mail header, a
//! text message or a page without breaking out of its place.
//!
//! Out go C0 and C1 controls, bidirectional controls, line and paragraph separators, byte order marks and
//! invisible characters that let two names look alike; letters are composed (NFC). A joiner stays inside an emoji
//! and a non-joiner between letters, because Persian and family emoji need them. Price: a text that lived on
//! invisible characters is changed.

use unicode_normalization::UnicodeNormalization;

/// The longest given name that a stranger's form may put into a text, in characters.
const FIRST_NAME_MAX: usize = 30;
/// Combining marks that one letter may carry; more is decoration that hides the line above.
const MARKS_MAX: usize = 4;

/// One line: every kind of white space becomes a single space, trimmed, at most `max_chars` characters.
///
/// ```
/// use leadbell::base::text::clean_line;
/// assert_eq!(clean_line(" Maria\r\nLopez\u{202e} ", 200), "Maria Lopez");
/// ```
pub fn clean_line(text: &str, max_chars: usize) -> String {
    if is_plain_line(text, max_chars) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len().min(max_chars * 4));
    let mut length = 0;
    let mut gap = false;
    for c in clean(text) {
        if c.is_whitespace() {
            gap = length > 0;
            continue;
        }
        if length + usize::from(gap) >= max_chars {
            break;
        }
        if gap {
            line.push(' ');
            length += 1;
            gap = false;
        }
        line.push(c);
        length += 1;
    }
    line
}

/// Several lines: CR LF and CR become LF, other white space becomes a space, lines are kept, the whole is
/// trimmed and holds at most `max_chars` characters.
pub fn clean_text(text: &str, max_chars: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max_chars * 4));
    for (n, c) in clean(text.trim()).enumerate() {
        if n >= max_chars {
            break;
        }
        match c {
            '\n' => {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
            }
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    let lead = out.len() - out.trim_start().len();
    out.drain(..lead);
    out
}

/// A given name that may be put into a text to its owner: letters, marks, space, `'`, `-` and `.` only, at most
/// 30 characters, nothing that a phone would turn into a link. `None` means that the text says "there".
pub fn safe_first_name(name: &str) -> Option<String> {
    let name = clean_line(name, FIRST_NAME_MAX + 1).replace('’', "'");
    // Some numerals are letters to Unicode: `Ⅶ`.
    let lettered = |c: char| c.is_alphabetic() && !c.is_numeric();
    let allowed = |c: char| lettered(c) || is_mark(c) || matches!(c, ' ' | '\'' | '-' | '.');
    let short = name.chars().count() <= FIRST_NAME_MAX;
    let begins = name.chars().next().is_some_and(lettered);
    (short && begins && name.chars().all(allowed) && !looks_like_a_link(&name)).then_some(name)
}

/// A dot between letters makes a host name of a word ("evil.com"), but not of initials ("J.P.", "St. John").
fn looks_like_a_link(name: &str) -> bool {
    name.split(' ').any(|word| {
        let parts: Vec<&str> = word.split('.').filter(|part| !part.is_empty()).collect();
        parts.len() > 1 && parts.iter().any(|part| part.chars().count() > 1)
    }) || ["www", "http", "https"].iter().any(|w| name.split([' ', '.']).any(|part| part.eq_ignore_ascii_case(w)))
}

fn is_plain_line(text: &str, max_chars: usize) -> bool {
    text.len() <= max_chars
        && text.bytes().all(|b| (b' '..=b'~').contains(&b))
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ")
}

/// The characters of a text as a record may hold them. They are composed, and their marks counted, only once what shows
/// nothing is gone: it would keep a letter and its mark apart, and let marks be stacked.
fn clean(text: &str) -> impl Iterator<Item = char> {
    let mut marks = 0;
    Clean { chars: text.chars().peekable(), before: '\n' }.nfc().filter(move |c| {
        marks = if is_mark(*c) { marks + 1 } else { 0 };
        marks <= MARKS_MAX
    })
}

/// The characters of a text, with line ends as LF and without those that have no place in a record.
struct Clean<I: Iterator<Item = char>> {
    chars: std::iter::Peekable<I>,
    /// The last that stays and is no mark on another.
    before: char,
}

impl<I: Iterator<Item = char>> Iterator for Clean<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            let c = match self.chars.next()? {
                '\r' => {
                    if self.chars.peek() == Some(&'\n') {
                        continue;
                    }
                    '\n'
                }
                '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{0B}' | '\u{0C}' => '\n',
                c => c,
            };
            if self.keeps(c) {
                self.before = if is_mark(c) { self.before } else { c };
                return Some(c);
            }
        }
    }
}

impl<I: Iterator<Item = char>> Clean<I> {
    fn keeps(&mut self, c: char) -> bool {
        match c {
            '\n' | '\t' => true,
            '\u{200D}' => is_joined(self.before) && self.chars.peek().is_some_and(|next| is_joined(*next)),
            '\u{200C}' => self.before.is_alphabetic() && self.chars.peek().is_some_and(|next| next.is_alphabetic()),
            '\u{FE0F}' => is_pictograph(self.before) || matches!(self.before, '0'..='9' | '#' | '*' | '©' | '®'),
            c => !c.is_control() && !is_invisible(c),
        }
    }
}

/// Bidirectional controls, byte order mark, soft hyphen, fillers, tags and other characters that show nothing.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
        | 0x200B | 0x200E | 0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164
        | 0xFE00..=0xFE0E | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0xFFFE | 0xFFFF | 0x1D173..=0x1D17A
        | 0xE0000..=0xE0FFF | 0xE000..=0xF8FF | 0xF0000..=0x10FFFF)
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) && c != '\u{FE0F}'
}

/// A picture that a joiner may stand beside; no second joiner.
fn is_joined(c: char) -> bool {
    c != '\u{200D}' && is_pictograph(c)
}

fn is_pictograph(c: char) -> bool {
    matches!(u32::from(c), 0x200D | 0x203C..=0x3299 | 0xFE0F | 0x1F000..=0x1FAFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_has_no_ends_no_controls_and_single_spaces() {
        assert_eq!(clean_line("  Ana\t\u{a0} Silva\r\nBcc: x@y.z\0", 200), "Ana Silva Bcc: x@y.z");
        assert_eq!(clean_line("\u{feff}\u{202e}gro.live\u{2066}\u{200b}", 200), "gro.live");
        assert_eq!(clean_line("a\u{2028}b\u{85}c\u{9b}d", 200), "a b cd");
        assert_eq!(clean_line("Jose\u{301}", 200), "José");
        assert_eq!(clean_line("abc def", 4), "abc");
        assert_eq!(clean_line("Tom & <b>\"x\"", 200), "Tom & <b>\"x\"");
    }

    #[test]
    fn a_text_keeps_its_lines_and_nothing_else() {
        assert_eq!(clean_text("\r\n Hi,\r\nboiler \rleaks\u{1b}[0m\n\n", 500), "Hi,\nboiler\nleaks[0m");
        assert_eq!(clean_text("a\tb", 500), "a b");
        assert_eq!(clean_text("abcdef", 3), "abc");
    }

    #[test]
    fn joiners_stay_where_a_language_or_an_emoji_needs_them() {
        let family = "👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}";

        assert_eq!(clean_line(family, 50), family);
        assert_eq!(clean_line("می\u{200c}خواهم", 50), "می\u{200c}خواهم");
        assert_eq!(clean_line("a\u{200d}b \u{200c}c", 50), "ab c");
    }

    #[test]
    fn stacked_marks_are_cut() {
        assert_eq!(clean_line(&format!("x{}", "\u{331}".repeat(60)), 50).chars().count(), 1 + MARKS_MAX);
    }

    #[test]
    fn what_shows_nothing_keeps_no_letter_and_mark_apart_and_lets_no_marks_be_stacked() {
        assert_eq!(clean_line("Jose\u{200b}\u{301} a\u{200d}\u{308}", 50), "José ä");
        let stacked = format!("x{}", "\u{331}\u{331}\u{331}\u{200b}\u{200d}".repeat(20));
        assert_eq!(clean_line(&stacked, 50).chars().count(), 1 + MARKS_MAX);
        assert_eq!(clean_text("👩\u{200d}\u{200d}X", 50), "👩X");
    }

    #[test]
    fn a_first_name_that_could_carry_a_message_is_none() {
        for fine in ["Maria", "Anne-Marie", "O’Neil", "José", "J.P.", "St. John", "Zoë", "नीना", "Renée"] {
            assert!(safe_first_name(fine).is_some(), "{fine}");
        }
        let long = "a".repeat(31);
        for bad in [
            "",
            " ",
            "bit.ly/x",
            "evil.com",
            "Call 5551234",
            "x@y.z",
            "http",
            "www evil com",
            "A\nB:",
            "a_b",
            "$100",
            "<b>",
            ".hidden",
            "-",
            long.as_str(),
            "free!!",
            "win.me now",
        ] {
            assert_eq!(safe_first_name(bad), None, "{bad}");
        }
        assert_eq!(safe_first_name("O’Neil").as_deref(), Some("O'Neil"));
    }

    proptest! {
        #[test]
        fn whatever_comes_in_a_clean_line_is_one_line(text in "\\PC*|(?s).*", max in 0usize..80) {
            let line = clean_line(&text, max);
            prop_assert!(line.chars().count() <= max);
            let broken = line.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{202e}'));
            prop_assert!(!broken);
            prop_assert_eq!(line.trim(), line.as_str());
        }

        #[test]
        fn a_clean_text_has_no_control_but_line_feeds(text in "(?s).*") {
            let out = clean_text(&text, 100);
            prop_assert!(out.chars().count() <= 100);
            prop_assert!(!out.chars().any(|c| c.is_control() && c != '\n'));
        }

        #[test]
        fn a_safe_first_name_carries_no_digit_and_no_address(text in "(?s).*|[a-z.:/@0-9 ]{1,30}") {
            if let Some(name) = safe_first_name(&text) {
                prop_assert!(!name.chars().any(|c| c.is_numeric() || "/:@\n".contains(c)));
            }
        }
    }
}
