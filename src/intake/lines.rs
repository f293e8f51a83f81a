//! Plain texts: mails of old form scripts with a label and an answer on each line, forms that a browser sent as
//! `text/plain`, and letters that people wrote.

use super::node::{Node, from_pairs};

/// Most lines that are read.
const LINES_MAX: usize = 1_000;
/// Longest label, in bytes.
const LABEL_MAX: usize = 60;

/// `name=Ana` on each line, as browsers send `text/plain`; an answer may go on over several lines. None for anything
/// else, and for urlencoded pairs that only call themselves plain.
pub fn pairs(text: &str, content_type: Option<&str>) -> Option<Vec<(String, String)>> {
    let plain = content_type.is_none_or(|ct| ct.trim_start().to_ascii_lowercase().starts_with("text/plain"));
    let text = text.trim();
    if !plain || !text.contains('\n') {
        return None;
    }
    let first = text.lines().next()?;
    let lines = text.lines().filter(|line| name_of(line).is_some()).take(3).count();
    (name_of(first).is_some() && !first.contains('&') && lines >= 2).then(|| collect(text, name_of))
}

/// A text with labels (`Name: Ana`), or a letter: then the whole is the message. Texts that no person wrote are nothing.
pub fn free(text: &str) -> Node {
    let text = text.trim();
    let labelled =
        text.lines().take(LINES_MAX).filter(|line| label_of(line).is_some_and(|(_, v)| !v.is_empty())).count();
    if labelled >= 2 {
        return from_pairs(collect(text, label_of));
    }
    if is_written(text) { from_pairs(vec![("message".to_owned(), text.to_owned())]) } else { Node::Map(Vec::new()) }
}

/// A text of at least three lines of which each has a label (`Name: Ana`); none for any other.
pub fn all_labelled(text: &str) -> Option<Node> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let all = lines().take(LINES_MAX).all(|line| label_of(line).is_some_and(|(_, value)| !value.is_empty()));
    (all && lines().take(3).count() == 3)
        .then(|| from_pairs(collect(text, label_of).into_iter().filter(|(_, value)| !value.is_empty()).collect()))
}

/// Labelled lines; what stands between belongs to the label above.
fn collect<'a>(text: &'a str, split: fn(&'a str) -> Option<(&'a str, &'a str)>) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in text.lines().take(LINES_MAX) {
        match (split(line), entries.last_mut()) {
            (Some((label, value)), _) => entries.push((label.to_owned(), value.to_owned())),
            (None, Some((_, value))) => {
                value.push('\n');
                value.push_str(line);
            }
            (None, None) => {}
        }
    }
    entries.into_iter().map(|(label, value)| (label, value.trim().to_owned())).collect()
}

fn name_of(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let plain = |c: char| c.is_alphanumeric() || "_-.[] *:".contains(c);
    ((1..=LABEL_MAX).contains(&name.len()) && name.chars().all(plain) && name.split(' ').count() <= 6)
        .then_some((name, value))
}

fn label_of(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.split_once(':').or_else(|| line.split_once('='))?;
    let (label, value) = (label.trim().trim_matches('*'), value.trim());
    let fits = (1..=LABEL_MAX).contains(&label.len()) && label.split_whitespace().count() <= 8;
    (fits && !value.starts_with("//") && label.chars().any(char::is_alphabetic)).then_some((label, value))
}

/// Words of a person: mostly letters and spaces, no markup, no noise.
fn is_written(text: &str) -> bool {
    let mut count = 0;
    let mut lettered = 0;
    for c in text.chars().take(2_000) {
        count += 1;
        lettered += usize::from(c.is_alphabetic() || c == ' ' || c == '\n' || c == '\r');
        if c == char::REPLACEMENT_CHARACTER || (c.is_control() && !c.is_whitespace()) {
            return false;
        }
    }
    let contact = text.contains('@') || text.bytes().filter(u8::is_ascii_digit).nth(6).is_some();
    let word =
        |w: &str| w.chars().filter(|c| c.is_alphabetic()).nth(1).is_some() && !w.bytes().any(|b| b.is_ascii_digit());
    let worded = text.split_whitespace().take(50).filter(|w| word(w)).count() >= if contact { 1 } else { 2 };
    !text.starts_with(['<', '{', '[', '"']) && worded && lettered * 100 >= count * if contact { 40 } else { 75 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(node: &Node) -> Vec<(String, String)> {
        let Node::Map(entries) = node else { return Vec::new() };
        entries.iter().map(|(k, v)| (k.clone(), v.as_text().unwrap_or_default().into_owned())).collect()
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn an_answer_may_go_on_over_several_lines() {
        let mail = "Name: Ana\nPhone: 512 555 0142\nMessage: The tap\nstill drips.\n\nPlease come.";
        let form = "name=Ana\r\nmessage=a & b\r\nc\r\n";

        let expected =
            [("Name", "Ana"), ("Phone", "512 555 0142"), ("Message", "The tap\nstill drips.\n\nPlease come.")];
        assert_eq!(entries(&free(mail)), owned(&expected));
        assert_eq!(pairs(form, Some("text/plain")), Some(owned(&[("name", "Ana"), ("message", "a & b\nc")])));
        assert_eq!(pairs("name=Ana&x=1\ny=2", Some("text/plain")), None);
        assert_eq!(pairs(form, Some("application/x-www-form-urlencoded")), None);
    }

    #[test]
    fn a_letter_is_a_message_and_noise_is_nothing() {
        assert_eq!(entries(&free("Hello, please call me back")), owned(&[("message", "Hello, please call me back")]));
        for noise in ["OK!", "<html><body>x y</body></html>", "0x1f 9a8b 7c6d 5e4f", "\u{fffd} \u{fffd}", "\u{0} x y"] {
            assert!(entries(&free(noise)).is_empty(), "{noise}");
        }
    }
}
