//! What the person wants, in their words.

use super::consent::is_permission;
use super::item::Item;
use super::lexicon::Concept as C;
use super::repair::is_no_message;
use crate::base::text::clean_text;
use std::cmp::Reverse;

/// Words of questions that are answered with a choice.
const CHOICES: &[&str] = &[
    "service",
    "services",
    "product",
    "products",
    "category",
    "package",
    "servicio",
    "servicios",
    "leistung",
    "prestation",
    "servizio",
    "dienst",
];
/// Longest message, in characters.
const MESSAGE_MAX: usize = 10_000;

/// Takes the message; with it, whether its field asked for one.
pub(super) fn take(items: &mut [Item<'_>]) -> Option<(String, bool)> {
    let (_, best, named) = items
        .iter()
        .enumerate()
        .filter(|(_, item)| may_be(item))
        .map(|(n, item)| {
            let named = item.score(C::Message) + item.score(C::Subject) / 2;
            (score(item, named), n, named > 0)
        })
        .filter(|(score, ..)| *score > 0)
        .max_by_key(|(score, n, _)| (*score, Reverse(*n)))?;
    items[best].used = true;
    let text = clean_text(&broken_lines(&items[best].text), MESSAGE_MAX);
    for item in items.iter_mut().filter(|i| !i.used && i.says(C::Message)) {
        item.used = clean_text(&item.text, MESSAGE_MAX) == text;
    }
    Some((text, named)).filter(|(text, _)| !text.is_empty())
}

fn may_be(item: &Item<'_>) -> bool {
    let text = item.trimmed();
    !item.used
        && !item.answer.is_bool
        && !item.answer.is_number
        && text.chars().count() > 1
        && !is_no_message(text)
        && !item.around.has(C::Other)
        && !is_permission(item)
}

fn score(item: &Item<'_>, named: i32) -> i32 {
    let text = item.trimmed();
    // `TICKET.content`: the last of several names with dots between them.
    let own = item.key.rsplit('.').next().unwrap_or_default();
    let shell = item.answer.label.is_none() && matches!(own, "text" | "content" | "body");
    let named = if shell { named.max(14) } else { named };
    let words = i32::try_from(text.split_whitespace().count().min(30)).unwrap_or(30);
    let wordless = text.len() > 400 && words < 4;
    let machine = item.says_any(&[C::Technical, C::Page]) && !item.says(C::Message)
        || text.starts_with("http")
        || text.starts_with("data:")
        || (is_identifier(text) && !item.says(C::Message));
    let prose = if machine || wordless { -90 } else { words };
    let several = item.answer.values.len() > 1 && !item.is_declared(C::Long);
    let asks_how = item.says_any(&[C::Phone, C::Email, C::Reach, C::NoPhone]) && words <= 3;
    let mut score = prose - if asks_how { 25 } else { 0 } - if item.answer.has_options || several { 15 } else { 0 };
    if item.says(C::NoMessage) && !item.is_declared(C::Long) {
        score -= 40;
    }
    if item.says(C::Subject) && !item.says_any(&[C::Message]) {
        score -= 12;
    }
    // "Anything else?" comes second.
    if item
        .words
        .iter()
        .any(|w| matches!(w.as_str(), "else" | "additional" | "anything" | "sonstiges" | "altro" | "autre"))
    {
        score -= 14;
    }
    if !text.chars().any(|c| c.is_alphabetic() || u32::from(c) > 0x2000) {
        score -= 60;
    }
    // A slug that asks what is needed (`what_service_do_you_need?`) names a choice; a text field says so or is prose.
    if item.words.iter().any(|w| CHOICES.contains(&w.as_str())) && words <= 3 && !item.is_declared(C::Long) {
        score -= 60;
    }
    if named > 0 {
        score + named * 2
    } else {
        score - if !item.is_anonymous() { 8 } else { 1 + 2 * i32::from(item.key.contains('.')) }
    }
}

/// `contact.lead.created`, `site_visit`: a word for machines.
fn is_identifier(text: &str) -> bool {
    let inner = text.trim_matches(|c: char| !c.is_alphanumeric());
    !text.contains(char::is_whitespace) && inner.contains(['.', '_', ':', '/', '=']) && inner.is_ascii()
}

/// `<br>` of senders that turn line ends into it.
fn broken_lines(text: &str) -> String {
    if !text.contains("<br") {
        return text.to_owned();
    }
    ["<br />", "<br/>", "<br>"].iter().fold(text.to_owned(), |text, tag| {
        text.replace(&format!("{tag}\r\n"), "\n").replace(&format!("{tag}\n"), "\n").replace(tag, "\n")
    })
}
