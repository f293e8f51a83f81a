//! Permission to text, where a box speaks of it. A box for newsletters is another matter.

use super::item::Item;
use super::lexicon::{Concept as C, Concepts};
use super::words::words;
use crate::base::text::clean_line;
use crate::lead::reading::Consent;

/// Takes the box that speaks most of texts and calls.
pub(super) fn take(items: &mut [Item<'_>]) -> Option<Consent> {
    let best = items
        .iter_mut()
        .filter(|i| is_permission(i) && !is_newsletter(i))
        .max_by_key(|i| (speaks_of_texts(i), i.says(C::Consent)))?;
    best.used = true;
    Some(Consent {
        given: is_given(best),
        field: clean_line(&best.answer.key, 200),
        words: clean_line(&format!("{}: {}", best.title(), best.trimmed()), 500),
    })
}

/// Whether this is a box about permission: named so and shaped like a box, or holding the words of one.
pub(super) fn is_permission(item: &Item<'_>) -> bool {
    let asked = item.says(C::Consent) && looks_like_a_box(item);
    let about_texts = item.words.len() > 1 && item.words.iter().any(|w| is_about_texts(w)) && says_yes_or_no(item);
    !item.text.contains("://") && (asked || about_texts || (agrees(&item.text) && !item.says(C::Message)))
}

fn is_about_texts(word: &str) -> bool {
    matches!(word, "sms" | "text" | "texts" | "texting" | "whatsapp" | "tcpa")
}

fn says_yes_or_no(item: &Item<'_>) -> bool {
    const YES: &[&str] = &["yes", "ja", "oui", "si", "sim", "true", "on", "1", "ok", "sure", "tak", "checked", "y"];
    let words = words(&item.text);
    let yes = words.first().is_some_and(|first| YES.contains(&first.as_str()));
    item.answer.is_bool || (words.len() <= 6 && (yes || refuses(&item.text)))
}

fn looks_like_a_box(item: &Item<'_>) -> bool {
    let types = item.answer.declared.to_ascii_lowercase();
    let boxed = ["checkbox", "acceptance", "consent", "legal"].iter().any(|kind| types.contains(kind));
    let short = item.text.split_whitespace().count() <= 4;
    item.answer.is_bool || boxed || short || agrees(&item.text) || item.text.len() > 40 && refuses(&item.text)
}

/// `I agree to …`, `Ich stimme zu`, `He leído y acepto`: the words of a box as its value.
fn agrees(text: &str) -> bool {
    let words = words(text);
    let means = Concepts::of(&words[..words.len().min(6)]);
    (2..=80).contains(&words.len()) && means.has(C::Consent) && speaks_of_oneself(&words)
}

/// Boxes say "I", people who write a message about permits seldom begin so.
fn speaks_of_oneself(words: &[String]) -> bool {
    const SELF: &[&str] = &[
        "i",
        "yes",
        "we",
        "by",
        "ich",
        "ja",
        "hiermit",
        "wir",
        "je",
        "oui",
        "j",
        "si",
        "acepto",
        "autorizo",
        "consiento",
        "he",
        "doy",
        "sim",
        "concordo",
        "aceito",
        "li",
        "eu",
        "accetto",
        "acconsento",
        "autorizzo",
        "ho",
        "dichiaro",
        "ik",
        "jag",
        "tak",
        "wyrazam",
        "agree",
        "no",
        "nein",
        "non",
    ];
    words.iter().take(2).any(|word| SELF.contains(&word.as_str()))
}

fn speaks_of_texts(item: &Item<'_>) -> u8 {
    let in_text = Concepts::of(&words(&item.text));
    if item.words.iter().any(|w| is_about_texts(w)) || words(&item.text).iter().any(|w| is_about_texts(w)) {
        2
    } else {
        u8::from(item.says(C::Texting) || in_text.has(C::Texting))
    }
}

fn is_newsletter(item: &Item<'_>) -> bool {
    let in_text = Concepts::of(&words(&item.text));
    (item.says(C::Newsletter) || in_text.has(C::Newsletter)) && speaks_of_texts(item) < 2
}

fn is_given(item: &Item<'_>) -> bool {
    let text = item.trimmed().to_lowercase();
    !matches!(text.as_str(), "" | "[]" | "n") && !refuses(&text)
}

/// A refusal stands at the beginning: further on, boxes say "not a condition of purchase".
fn refuses(text: &str) -> bool {
    let words = words(text);
    Concepts::of(&words[..words.len().min(4)]).has(C::No)
}
