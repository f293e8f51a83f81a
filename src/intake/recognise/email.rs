//! The address of the visitor: not that of a friend, of the firm's owner, or of the page.

use super::item::Item;
use super::lexicon::Concept as C;
use super::repair::is_no_answer;
use crate::base::text::clean_line;
use crate::lead::contact::Email;

/// Longest text that is searched for an address of last resort, in bytes.
const SEARCH_MAX: usize = 20_000;

/// Takes the best address; with it the index of its answer, unless it stood in the middle of a text.
pub(super) fn take(items: &mut [Item<'_>]) -> Option<(Email, usize)> {
    let mut best: Option<(i32, usize, Email)> = None;
    for (n, item) in items.iter().enumerate().filter(|(_, i)| i.text.contains(['@', '＠']) && !i.is_of_another()) {
        let Some(email) = whole(item) else { continue };
        let score = score(item, &email);
        if best.as_ref().is_none_or(|(s, ..)| score > *s) {
            best = Some((score, n, email));
        }
    }
    let (_, n, email) = best?;
    let bare = Email::parse(items[n].trimmed()).is_some();
    if bare || items[n].says(C::Email) && !items[n].says_any(&[C::Name, C::Phone]) {
        items[n].used = true;
    }
    // The same address again: a second box, or a sender that says everything twice.
    for item in items
        .iter_mut()
        .filter(|i| Email::parse(i.trimmed()).is_some_and(|e| e.as_str().eq_ignore_ascii_case(email.as_str())))
    {
        item.used |= !item.is_of_another();
    }
    Some((email, n))
}

/// The name before a bracketed address: `Ana Ruiz <ana@example.com>`.
pub(super) fn display_name(items: &[Item<'_>], beside: &[usize]) -> Option<String> {
    let text = items[*beside.first()?].trimmed();
    let (name, _) = text.split_once('<').filter(|(_, rest)| rest.contains('@'))?;
    let name = clean_line(name.trim().trim_matches(['"', '\'']), 200);
    (name.chars().any(char::is_alphabetic) && !name.contains('@')).then_some(name)
}

/// Somebody typed an address here, and made a mistake.
pub(super) fn is_tried(item: &Item<'_>) -> bool {
    !item.used && item.says(C::Email) && item.text.contains('@') && !item.is_of_another()
}

/// An address in free text: a contact of last resort.
pub(super) fn in_free_text(items: &[Item<'_>]) -> Option<Email> {
    items
        .iter()
        .filter(|i| !i.used && !i.is_of_another() && !i.says(C::Technical) && i.text.len() <= SEARCH_MAX)
        .find_map(|item| inside(&item.text))
}

/// An address that is the whole value, stands in angle brackets, or anywhere in a field that says it holds one.
fn whole(item: &Item<'_>) -> Option<Email> {
    let text = item.trimmed();
    if text.len() > 2_000 || is_no_answer(text) {
        return None;
    }
    let bracketed = || {
        let (open, close) = (text.find('<')?, text.rfind('>')?);
        (open < close).then(|| Email::parse(text[open + 1..close].trim())).flatten()
    };
    let named = item.score(C::Email) > 0 || item.says(C::Reach) || item.says(C::Name);
    Email::parse(text).or_else(bracketed).or_else(|| if named { inside(text) } else { None })
}

fn inside(text: &str) -> Option<Email> {
    text.split(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '/' | '|' | ':' | '<' | '>' | '"' | '!' | '?')
    })
    .filter(|word| word.contains(['@', '＠']))
    .take(20)
    .find_map(Email::parse)
}

fn score(item: &Item<'_>, email: &Email) -> i32 {
    let mut score = 5 + item.score(C::Email);
    for (concept, cost) in [(C::Thing, 15), (C::Work, 6), (C::Again, 4), (C::Technical, 15), (C::Fax, 30)] {
        if item.hints(concept) {
            score -= cost;
        }
    }
    if item.around.any(&[C::Thing, C::Work]) {
        score -= 10;
    }
    if item.is_owner {
        score -= 30;
    }
    if email.is_role() {
        score -= 40;
    }
    score
}
