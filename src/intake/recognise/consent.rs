//! Permission to text, where a box speaks of it. A box for newsletters is another matter: it permits marketing, and is
//! shown with the other answers all the same.

use super::digits::is_ip;
use super::item::Item;
use super::lexicon::{Concept as C, Concepts};
use super::words::words;
use crate::base::text::clean_line;
use crate::lead::reading::Consent;

/// Takes the box that speaks most of texts and calls.
pub(super) fn take(items: &mut [Item<'_>]) -> Option<Consent> {
    let (_, best) = items
        .iter()
        .enumerate()
        .map(|(n, item)| (n, item, words(&item.text)))
        .filter(|(_, item, said)| permits(item, said) && !is_newsletter(item, said) && !says_nothing(item))
        .map(|(n, item, said)| ((speaks_of_texts(item, &said), item.says(C::Consent)), n))
        .max_by_key(|(rank, _)| *rank)?;
    let best = &mut items[best];
    best.used = true;
    Some(of(best))
}

/// Who is not taken off a list has allowed nothing by that, and a box about mails says nothing of texts.
fn says_nothing(item: &Item<'_>) -> bool {
    is_opt_out(item) && (!is_given(item) || item.says(C::Email))
}

/// `sms_opt_out`, `HasOptedOutOfEmail`: ticked means no. A sentence may speak of opting out too.
fn is_opt_out(item: &Item<'_>) -> bool {
    let joined = |pair: &[String]| matches!(pair[0].as_str(), "opt" | "opted") && pair[1] == "out";
    item.words.len() <= 6
        && (item.words.windows(2).any(joined) || item.words.iter().any(|w| matches!(w.as_str(), "optout" | "optedout")))
}

/// What a box for news and offers says. None is left out by forms whose box was not ticked.
pub(super) fn marketing(items: &[Item<'_>]) -> Option<Consent> {
    items.iter().find(|item| permits_marketing(item, &words(&item.text))).map(of)
}

fn permits_marketing(item: &Item<'_>, said: &[String]) -> bool {
    let answered = item.says(C::Newsletter) && says_yes_or_no(item, said);
    let agreed = agrees(said) && Concepts::of(said).has(C::Newsletter);
    !item.text.contains("://") && !item.says(C::Message) && (answered || agreed)
}

/// A box that is known to be about permission.
pub(super) fn of(item: &Item<'_>) -> Consent {
    Consent {
        given: is_given(item) && !is_opt_out(item),
        field: clean_line(&item.answer.key, 200),
        words: clean_line(&format!("{}: {}", item.title(), item.trimmed()), 500),
    }
}

/// Whether this is a box about permission: named so and shaped like a box, or holding the words of one.
pub(super) fn is_permission(item: &Item<'_>) -> bool {
    permits(item, &words(&item.text))
}

/// The same, with the words of its text.
fn permits(item: &Item<'_>, said: &[String]) -> bool {
    let asked = item.says(C::Consent) && looks_like_a_box(item, said);
    let about_texts =
        item.words.len() > 1 && item.words.iter().any(|w| is_about_texts(w)) && says_yes_or_no(item, said);
    !item.text.contains("://")
        && !is_ip(&item.text)
        && (asked || about_texts || (agrees(said) && !item.says(C::Message)))
}

fn is_about_texts(word: &str) -> bool {
    matches!(word, "sms" | "text" | "texts" | "texting" | "whatsapp" | "tcpa")
}

fn says_yes_or_no(item: &Item<'_>, said: &[String]) -> bool {
    const YES: &[&str] = &["yes", "ja", "oui", "si", "sim", "true", "on", "1", "ok", "sure", "tak", "checked", "y"];
    let yes = said.first().is_some_and(|first| YES.contains(&first.as_str()));
    item.answer.is_bool || (said.len() <= 6 && (yes || refuse(said)))
}

fn looks_like_a_box(item: &Item<'_>, said: &[String]) -> bool {
    let types = item.answer.declared.to_ascii_lowercase();
    let boxed = ["checkbox", "acceptance", "consent", "legal"].iter().any(|kind| types.contains(kind));
    let short = item.text.split_whitespace().count() <= 4;
    item.answer.is_bool || boxed || short || agrees(said) || item.text.len() > 40 && refuse(said)
}

/// `I agree to …`, `Ich stimme zu`, `He leído y acepto`: the words of a box as its value.
fn agrees(words: &[String]) -> bool {
    let means = Concepts::of(&words[..words.len().min(6)]);
    (2..=80).contains(&words.len()) && means.has(C::Consent) && speaks_of_oneself(words)
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

fn speaks_of_texts(item: &Item<'_>, said: &[String]) -> u8 {
    if item.words.iter().chain(said).any(|w| is_about_texts(w)) {
        2
    } else {
        u8::from(item.says(C::Texting) || Concepts::of(said).has(C::Texting))
    }
}

fn is_newsletter(item: &Item<'_>, said: &[String]) -> bool {
    (item.says(C::Newsletter) || Concepts::of(said).has(C::Newsletter)) && speaks_of_texts(item, said) < 2
}

fn is_given(item: &Item<'_>) -> bool {
    let text = item.trimmed().to_lowercase();
    !matches!(text.as_str(), "" | "[]" | "n") && !refuses(&text)
}

/// A refusal stands at the beginning: further on, boxes say "not a condition of purchase".
fn refuses(text: &str) -> bool {
    refuse(&words(text))
}

fn refuse(words: &[String]) -> bool {
    Concepts::of(&words[..words.len().min(4)]).has(C::No)
}
