//! What a run of digits is: a date, an address of a machine, a number in scientific writing, or a phone in a sentence.

use super::lexicon::{Concept, Concepts};
use super::words::words;
use crate::lead::contact::Phone;

/// Longest text that is searched for a number, in bytes.
const SEARCH_MAX: usize = 20_000;

/// A number as a spreadsheet or a float writes it (`1.5125550142e10`, `15125550142.0`), written out. None when digits
/// were lost on the way: those are not guessed.
pub(super) fn written_out(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(whole) = text.strip_suffix(".0").filter(|w| w.len() >= 7 && w.bytes().all(|b| b.is_ascii_digit())) {
        return Some(whole.to_owned());
    }
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    let exponent: usize = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok().filter(|e| *e < 18)?;
    let (first, rest) = mantissa.split_once('.')?;
    let all = first.len() == 1 && first.bytes().chain(rest.bytes()).all(|b| b.is_ascii_digit());
    let lost = exponent.checked_sub(rest.len())?;
    (all && lost <= 1).then(|| format!("{first}{rest}{}", "0".repeat(lost)))
}

/// `2026-11-24`, `24.11.2026`, `11/24/26`, `20261124`, with or without a time behind it.
pub(super) fn is_date(text: &str) -> bool {
    let text = text.trim();
    let text = text.split(['T', ' ']).next().unwrap_or(text);
    let pieces: Vec<&str> = text.split(['-', '/', '.']).collect();
    let numbers: Vec<u32> = pieces.iter().filter_map(|p| p.parse().ok()).collect();
    let year = |y: u32| (1900..=2100).contains(&y);
    let day = |d: u32, m: u32| (1..=31).contains(&d) && (1..=12).contains(&m);
    match (numbers.as_slice(), pieces.as_slice()) {
        ([y, m, d], [long, ..]) if long.len() == 4 => year(*y) && (day(*d, *m) || day(*m, *d)),
        ([a, b, y], [_, _, long]) => (long.len() == 2 || (long.len() == 4 && year(*y))) && (day(*a, *b) || day(*b, *a)),
        ([n], [one]) if one.len() == 8 => {
            let (high, low) = (n / 10_000, n % 10_000);
            let split = |x: u32| (x / 100, x % 100);
            let fits = |(a, b): (u32, u32)| day(a, b) || day(b, a);
            (year(high) && fits(split(low))) || (year(low) && fits(split(high)))
        }
        _ => false,
    }
}

/// `203.0.113.7`.
pub(super) fn is_ip(text: &str) -> bool {
    text.trim().parse::<std::net::IpAddr>().is_ok()
}

/// A dialable number inside a sentence, as it stands there. Numbers that the words before them call an order, a price
/// or the like are passed over.
pub(super) fn number_in(text: &str, country: &str) -> Option<String> {
    let text = &text[..text.floor_char_boundary(SEARCH_MAX)];
    let is_digit = char::is_numeric;
    let mut tried = 0;
    let mut from = 0;
    while let Some(start) =
        text[from..].find(|c: char| is_digit(c) || matches!(c, '+' | '(' | '＋')).map(|at| from + at)
    {
        let run = &text[start..];
        let end = run.find(|c: char| !(is_digit(c) || "+()-./ \u{a0}–‑＋".contains(c))).unwrap_or(run.len());
        let end = end.max(run.chars().next().map_or(1, char::len_utf8));
        let run = run[..end].trim_end_matches(|c: char| " -./(+\u{a0}–".contains(c));
        from = start + end;
        let digits = run.chars().filter(|c| is_digit(*c)).count();
        if !(8..=40).contains(&digits) || is_date(run) || is_ip(run) || is_something_else(&text[..start]) {
            continue;
        }
        tried += 1;
        if tried > 20 {
            return None;
        }
        // Two numbers may stand in one run: `512-555-0142 / 512-555-0143`.
        let pieces = std::iter::once(run).chain(run.split('/').filter(|_| run.contains('/'))).map(str::trim);
        if let Some(number) = pieces.take(5).find(|piece| Phone::parse(piece, country).is_some()) {
            return Some(number.to_owned());
        }
    }
    None
}

/// Whether the words just before say that the number is none to call.
fn is_something_else(before: &str) -> bool {
    let tail: Vec<char> = before.chars().rev().take(40).collect();
    let tail: String = tail.into_iter().rev().collect();
    if tail.trim_end().ends_with(['#', '$', '€', '£', '/', '=', '_', '-', '@', '&', '?'])
        || tail.ends_with(char::is_alphanumeric)
    {
        return true;
    }
    let close: Vec<String> = words(tail.rsplit([',', ';', '\n', '!', '?']).next().unwrap_or(""));
    let close = &close[close.len().saturating_sub(3)..];
    if let [.., of_what, number] = close
        && matches!(number.as_str(), "no" | "nr" | "num" | "number" | "numero" | "nummer")
        && !matches!(
            of_what.as_str(),
            "my" | "our"
                | "the"
                | "a"
                | "this"
                | "contact"
                | "best"
                | "direct"
                | "mi"
                | "meine"
                | "mein"
                | "mon"
                | "is"
                | "at"
        )
        && !Concepts::of(std::slice::from_ref(of_what)).has(Concept::Phone)
    {
        return true;
    }
    let means = Concepts::of(close);
    means.has(Concept::NoPhone) && !means.has(Concept::Phone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_out_unless_digits_were_lost() {
        assert_eq!(written_out("1.5125550142e10").as_deref(), Some("15125550142"));
        assert_eq!(written_out("1.512555014E+10").as_deref(), Some("15125550140"));
        assert_eq!(written_out("15125550142.0").as_deref(), Some("15125550142"));
        assert_eq!(written_out("1.51256E+10"), None);
        assert_eq!(written_out("512-555-0142"), None);
    }

    #[test]
    fn dates_are_no_phones() {
        assert!(
            ["2026-11-24", "24.11.2026", "11/24/26", "20261124", "24112026", "2026-11-24T10:00:00Z"]
                .iter()
                .all(|t| is_date(t))
        );
        assert!(!["512-555-0142", "06.12.34.56.78", "55512345", "1.2.3"].iter().any(|t| is_date(t)));
    }

    #[test]
    fn a_number_in_a_sentence_is_found_unless_it_is_another_matter() {
        for (text, found) in [
            ("Call me at 512-555-0142 after five.", Some("512-555-0142")),
            ("I am Ana 5125550142", Some("5125550142")),
            ("tel: +44 20 7946 0123, thanks", Some("+44 20 7946 0123")),
            ("My order number 5125550142 is late", None),
            ("Invoice #5125550142", None),
            ("Part no. 5125550142 broke", None),
            ("my number 5125550142", Some("5125550142")),
            ("paid $5125550142", None),
            ("see https://x.example/5125550142", None),
            ("on 2026-11-24 at 10", None),
            ("(512) 555-0142", Some("(512) 555-0142")),
        ] {
            assert_eq!(number_in(text, "US").as_deref(), found, "{text}");
        }
    }
}
