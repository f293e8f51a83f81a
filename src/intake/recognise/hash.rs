//! The answers without their order and encoding, and without what a sender writes anew each time: same answers, same hash.

use super::digits::written_out;
use super::item::Item;
use super::lexicon::Concept;
use crate::base::keys::sha256_hex;

/// SHA-256 (hex) of the canonical answers.
pub(super) fn hash(items: &[Item<'_>]) -> String {
    let mut lines: Vec<String> = items.iter().filter(|item| !is_instant(item)).map(line).collect();
    lines.sort_unstable();
    lines.dedup();
    sha256_hex(lines.join("\n").as_bytes())
}

/// One answer; numbers and line ends are written alike.
fn line(item: &Item<'_>) -> String {
    let text = item.text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    match written_out(text) {
        Some(number) if item.answer.is_number => format!("{}={number}", item.key),
        _ => format!("{}={text}", item.key),
    }
}

fn is_instant(item: &Item<'_>) -> bool {
    let text = item.trimmed();
    let bytes = text.as_bytes();
    let stamped = bytes.len() >= 16
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes.get(4) == Some(&b'-')
        && matches!(bytes.get(10), Some(b'T' | b' '))
        && bytes.get(13) == Some(&b':');
    // Words of a person are never left out: a second wish must not pass for the first one sent again.
    let made = text.split_whitespace().count() <= 2 && text.bytes().any(|b| b.is_ascii_digit());
    stamped || (made && item.says(Concept::Instant))
}
