//! The brain of reading: from a flat list of answers, who wrote, how to reach them, what they want.
//!
//! Evidence counts in this order: the declared type, the label, the key, the shape of the value. Each answer gets a score
//! for each role; the best wins, and everything that won nothing is kept and shown under its own label.

mod lexicon;
mod words;

use super::flatten::Answer;
use crate::base::keys::sha256_hex;
use crate::base::text::{clean_line, clean_text};
use crate::lead::contact::{Email, Phone};
use crate::lead::reading::{Consent, Field, Kind, Reading};
use lexicon as lex;
pub use words::humanise;

/// Longest name, in characters.
const NAME_MAX: usize = 200;
/// Longest message, in characters.
const MESSAGE_MAX: usize = 10_000;
/// Longest other answer, in characters.
const VALUE_MAX: usize = 4_000;

struct Item<'a> {
    answer: &'a Answer,
    text: String,
    key: String,
    key_words: Vec<String>,
    label_words: Vec<String>,
    used: bool,
}

impl Item<'_> {
    /// 40 for the declared type, 30 for the label, 20 for the key, less for every word of another matter.
    fn score(&self, declared: &[&str], words: &[&str]) -> i32 {
        let has = |list: &[String]| list.iter().any(|w| words.contains(&w.as_str()));
        let mut score = 0;
        let types = self.answer.declared.to_ascii_lowercase();
        if declared.iter().any(|d| types.split(|c: char| !c.is_ascii_alphanumeric()).any(|t| t == *d)) {
            score += 40;
        }
        if has(&self.label_words) {
            score += 30 - i32::try_from(self.label_words.len().min(10)).unwrap_or(10);
        }
        if has(&self.key_words) {
            score += 20 - i32::try_from(self.key_words.len().min(8)).unwrap_or(8);
        }
        score
    }

    fn says(&self, words: &[&str]) -> bool {
        self.label_words.iter().chain(&self.key_words).any(|w| words.contains(&w.as_str()))
    }
}

/// Reads answers. `country` is where national numbers are dialled; `files` came along.
pub fn recognise(answers: &[Answer], country: &str, files: u32) -> Reading {
    let mut redirect = None;
    let mut trapped = false;
    let mut reply_to = None;
    let mut items: Vec<Item<'_>> = Vec::with_capacity(answers.len());
    for answer in answers {
        let key = answer.key.to_ascii_lowercase();
        let text = answer.text();
        if lex::SECRET.contains(&key.as_str()) {
            continue;
        }
        if lex::HONEYPOT.contains(&key.as_str()) || key.starts_with("hp_") {
            trapped |= !text.trim().is_empty() && text != "false" && text != "0";
            continue;
        }
        if matches!(key.as_str(), "_next" | "_redirect" | "redirect") {
            redirect = redirect.or_else(|| Some(text.trim().to_owned()).filter(|t| !t.is_empty()));
            continue;
        }
        if matches!(key.as_str(), "_replyto" | "replyto") {
            reply_to = Email::parse(text.trim());
            continue;
        }
        let is_control = key.starts_with('_') || lex::CONTROL.contains(&key.as_str());
        if is_control || text.trim().is_empty() && !answer.is_bool {
            continue;
        }
        items.push(Item {
            answer,
            text,
            key_words: words::words(&answer.key),
            label_words: answer.label.as_deref().map(words::words).unwrap_or_default(),
            key,
            used: false,
        });
    }
    let answers_hash = hash(&items);
    let consent = take_consent(&mut items);
    let email = take_email(&mut items).or(reply_to);
    let (mut phone, mut phone_as_given) = take_phone(&mut items, country);
    let (name, first_name) = take_name(&mut items);
    let message = take_message(&mut items);
    if phone_as_given.is_none()
        && let Some(found) = message.as_deref().and_then(|m| number_in(m, country))
    {
        phone = Phone::parse(&found, country);
        phone_as_given = Some(found);
    }
    let page = take_page(&mut items);
    let fields = rest(&items);
    let kind = if trapped { Kind::Spam } else { Kind::Lead };
    let mut reading = Reading {
        kind,
        name,
        first_name,
        email,
        phone,
        phone_as_given,
        message,
        consent,
        page,
        fields,
        event_id: None,
        redirect,
        files,
        answers_hash,
        problem: trapped.then(|| "A box that people do not see was filled: a robot.".to_owned()),
    };
    judge(&mut reading);
    reading
}

/// A lead needs a way back, or a name and a wish; link-stuffed words without a number are spam.
fn judge(r: &mut Reading) {
    if r.kind != Kind::Lead {
        return;
    }
    let reachable = r.email.is_some() || r.phone.is_some() || r.phone_as_given.is_some();
    let known = r.name.is_some() && r.message.is_some();
    if !reachable && !known {
        r.kind = Kind::Unreadable;
        r.problem = Some("Nobody to answer: no number, no address, no name with a message was found.".to_owned());
        return;
    }
    let links = r.message.as_deref().map_or(0, |m| m.matches("http://").count() + m.matches("https://").count());
    if links >= 4 && r.phone_as_given.is_none() {
        r.kind = Kind::Spam;
        r.problem = Some("Many links and no number: looks like advertising.".to_owned());
    }
}

fn take_consent(items: &mut [Item<'_>]) -> Option<Consent> {
    let best = items
        .iter_mut()
        .filter(|i| i.says(lex::CONSENT) && looks_like_a_box(i))
        .max_by_key(|i| i.says(&["sms", "text", "texts", "phone", "contact", "call"]))?;
    best.used = true;
    let words = best.answer.label.clone().unwrap_or_else(|| humanise(&best.answer.key));
    Some(Consent {
        given: truthy(&best.text),
        field: clean_line(&best.answer.key, 200),
        words: clean_line(&format!("{words}: {}", best.text), 500),
    })
}

fn looks_like_a_box(item: &Item<'_>) -> bool {
    let types = item.answer.declared.to_ascii_lowercase();
    item.answer.is_bool
        || types.contains("checkbox")
        || types.contains("acceptance")
        || types.contains("consent")
        || truthy(&item.text)
        || falsy(&item.text)
        || item.key_words.iter().any(|w| lex::CONSENT.contains(&w.as_str()))
}

fn truthy(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !falsy(text)
}

fn falsy(text: &str) -> bool {
    matches!(
        text.trim().to_lowercase().as_str(),
        "" | "0"
            | "false"
            | "no"
            | "off"
            | "n"
            | "nein"
            | "non"
            | "não"
            | "nao"
            | "nee"
            | "unchecked"
            | "declined"
            | "null"
            | "[]"
    )
}

fn take_email(items: &mut [Item<'_>]) -> Option<Email> {
    let mut best: Option<(i32, usize, Email)> = None;
    for (n, item) in items.iter().enumerate() {
        let Some(email) = email_in(&item.text, item.says(lex::EMAIL)) else { continue };
        let mut score = 5 + item.score(&["email"], lex::EMAIL);
        if item.says(lex::NOT_PERSON)
            || item.answer.path.iter().any(|p| lex::NOT_PERSON.contains(&p.to_ascii_lowercase().as_str()))
        {
            score -= 30;
        }
        if email.is_role() {
            score -= 10;
        }
        if best.as_ref().is_none_or(|(s, ..)| score > *s) {
            best = Some((score, n, email));
        }
    }
    let (_, n, email) = best?;
    let bare = items[n].text.trim().eq_ignore_ascii_case(email.as_str());
    let named = items[n].says(lex::EMAIL);
    items[n].used = bare || named;
    Some(email)
}

/// An address that is the whole value, or stands in angle brackets, or anywhere in a field that says it holds one.
fn email_in(text: &str, anywhere: bool) -> Option<Email> {
    let text = text.trim().trim_start_matches("mailto:");
    if text.len() > 2_000 || !text.contains('@') {
        return None;
    }
    if let Some(email) = Email::parse(text) {
        return Some(email);
    }
    if let (Some(open), Some(close)) = (text.find('<'), text.rfind('>'))
        && open < close
        && let Some(email) = Email::parse(text[open + 1..close].trim())
    {
        return Some(email);
    }
    if !anywhere && text.len() > 120 {
        return None;
    }
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')')).find_map(Email::parse)
}

fn take_phone(items: &mut [Item<'_>], country: &str) -> (Option<Phone>, Option<String>) {
    let prefix = items
        .iter()
        .position(|i| {
            i.says(&["prefix", "dial", "code", "vorwahl", "indicatif", "prefisso", "ddi", "prefijo"])
                && i.says(&["country", "phone", "dial", "tel", "area", "landesvorwahl", "pais", "pays"])
                && i.text.trim().len() <= 6
        })
        .map(|n| (n, items[n].text.trim().trim_start_matches('+').trim_start_matches("00").to_owned()))
        .filter(|(_, code)| !code.is_empty() && code.chars().all(|c| c.is_ascii_digit()));
    let mut best: Option<(i32, usize, Option<Phone>, String)> = None;
    for (n, item) in items.iter().enumerate().filter(|(_, i)| !i.used) {
        let text = item.text.trim();
        let digits = text.chars().filter(|c| c.is_numeric()).count();
        if !(5..=25).contains(&digits) || text.len() > 60 || prefix.as_ref().is_some_and(|(p, _)| *p == n) {
            continue;
        }
        let named = item.score(&["phone", "tel", "telephone", "mobile"], lex::PHONE);
        let shape = text.chars().all(|c| c.is_numeric() || " +()-./x·".contains(c) || c == '\u{a0}');
        let parsed = Phone::parse(text, country);
        if named == 0
            && (!shape
                || parsed.is_none()
                || item.answer.is_number
                || item.says(lex::TECHNICAL)
                || item.says(lex::NOT_PERSON))
        {
            continue;
        }
        let mut score = named + i32::from(parsed.is_some()) * 8;
        if item.says(&["fax", "extension", "ext", "company", "office", "emergency", "order", "zip", "plz"]) {
            score -= 25;
        }
        if best.as_ref().is_none_or(|(s, ..)| score > *s) {
            best = Some((score, n, parsed, clean_line(text, 60)));
        }
    }
    let Some((_, n, mut parsed, given)) = best else { return (None, None) };
    items[n].used = true;
    if let (false, Some((p, code))) = (given.starts_with('+') || given.starts_with("00"), &prefix)
        && let Some(whole) = Phone::parse(&format!("+{code}{}", given.trim_start_matches('0')), country)
    {
        parsed = Some(whole);
        items[*p].used = true;
    }
    (parsed, Some(given))
}

/// A dialable number inside a sentence.
fn number_in(text: &str, country: &str) -> Option<String> {
    let mut run = String::new();
    let candidates = text.chars().chain(std::iter::once('\n')).filter_map(|c| {
        if c.is_ascii_digit() || "+()-./ ".contains(c) {
            run.push(c);
            return None;
        }
        Some(std::mem::take(&mut run))
    });
    candidates
        .map(|c| c.trim_matches(|c: char| " -./(".contains(c)).to_owned())
        .filter(|c| (8..=24).contains(&c.len()) && c.chars().filter(char::is_ascii_digit).count() >= 8)
        .take(20)
        .find(|c| Phone::parse(c, country).is_some())
}

fn take_name(items: &mut [Item<'_>]) -> (Option<String>, Option<String>) {
    let usable = |i: &Item<'_>| {
        !i.used
            && !i.text.contains('@')
            && !i.text.contains("://")
            && i.text.chars().count() <= NAME_MAX
            && i.text.chars().any(char::is_alphabetic)
    };
    let nobody = |i: &Item<'_>| {
        i.says(lex::NOT_PERSON)
            || i.answer.path.iter().any(|p| lex::NOT_PERSON.contains(&p.to_ascii_lowercase().as_str()) && p != "form")
    };
    let pick = |items: &[Item<'_>], list: &[&str], gravity: &str| {
        items
            .iter()
            .enumerate()
            .filter(|(_, i)| usable(i) && !nobody(i))
            .map(|(n, i)| {
                let dotted =
                    i.key.ends_with(gravity) && i.key.len() <= 6 && i.key.starts_with(|c: char| c.is_ascii_digit());
                (i.score(&[], list) + i32::from(dotted) * 15, n)
            })
            .filter(|(score, _)| *score > 0)
            .max_by_key(|(score, n)| (*score, std::cmp::Reverse(*n)))
            .map(|(_, n)| n)
    };
    let first = pick(items, lex::FIRST, ".3");
    let last = pick(items, lex::LAST, ".6").filter(|n| Some(*n) != first);
    let whole = items
        .iter()
        .enumerate()
        .filter(|(n, i)| usable(i) && !nobody(i) && Some(*n) != first && Some(*n) != last && !i.says(lex::LAST))
        .map(|(n, i)| {
            let score = i.score(&["name"], lex::NAME);
            (if i.says(lex::MESSAGE) { score - 25 } else { score }, n)
        })
        .filter(|(score, _)| *score > 0)
        .max_by_key(|(score, n)| (*score, std::cmp::Reverse(*n)))
        .map(|(_, n)| n);
    let line = |n: usize, items: &[Item<'_>]| clean_line(&items[n].text, NAME_MAX);
    // French and Dutch forms say "nom" and "naam" for the family name when a given name stands beside it.
    let (first, last) = match (first, last, whole) {
        (Some(f), None, Some(w))
            if items[w].text.split_whitespace().count() <= 2 && !items[w].text.contains(items[f].text.trim()) =>
        {
            (Some(f), Some(w))
        }
        pair => (pair.0, pair.1),
    };
    if let (Some(f), l) = (first, last) {
        let middle = pick(items, lex::MIDDLE, ".4");
        let given = line(f, items);
        let mut parts = vec![given.clone()];
        for n in middle.into_iter().chain(l) {
            parts.push(line(n, items));
            items[n].used = true;
        }
        items[f].used = true;
        parts.retain(|p| !p.is_empty());
        return (Some(clean_line(&parts.join(" "), NAME_MAX)), Some(given));
    }
    let Some(n) = whole.or(last).or_else(|| by_shape(items)) else { return (None, None) };
    items[n].used = true;
    let mut name = line(n, items);
    if let (Some(w), Some(l)) = (whole, last)
        && w == n
        && !name.contains(&line(l, items))
    {
        name = format!("{name} {}", line(l, items));
        items[l].used = true;
    }
    let given = match name.split_once(',') {
        Some((_, given)) => given.split_whitespace().next(),
        None => name.split_whitespace().find(|w| !is_title(w)),
    };
    let given = given.map(str::to_owned);
    (Some(name).filter(|n| !n.is_empty()), given)
}

fn is_title(word: &str) -> bool {
    let word = word.trim_end_matches('.').to_lowercase();
    [
        "mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "sr", "sra", "m", "mme", "mlle", "sig", "dhr", "mevr",
        "dott",
    ]
    .contains(&word.as_str())
}

/// In a form whose fields say nothing, two to four capitalised words without digits are a name.
fn by_shape(items: &[Item<'_>]) -> Option<usize> {
    let anonymous = |i: &Item<'_>| {
        i.answer.label.is_none()
            && i.key_words.iter().all(|w| {
                w.chars().all(|c| c.is_ascii_digit())
                    || w.len() <= 2
                    || ["field", "input", "text", "question", "answer", "item", "value", "entry"].contains(&w.as_str())
            })
    };
    items.iter().position(|i| {
        let words: Vec<&str> = i.text.split_whitespace().collect();
        !i.used
            && anonymous(i)
            && (2..=4).contains(&words.len())
            && words.iter().all(|w| {
                w.chars().next().is_some_and(char::is_uppercase)
                    && w.chars().all(|c| c.is_alphabetic() || "'-.’".contains(c))
            })
    })
}

fn take_message(items: &mut [Item<'_>]) -> Option<String> {
    let best = items
        .iter()
        .enumerate()
        .filter(|(_, i)| !i.used && !i.answer.is_bool && i.text.trim().chars().count() > 1)
        .map(|(n, i)| {
            let named = i.score(&["textarea", "message", "paragraph", "long", "longtext", "multiline"], lex::MESSAGE);
            let words = i32::try_from(i.text.split_whitespace().count().min(30)).unwrap_or(30);
            let prose = if i.says(lex::TECHNICAL) || i.text.starts_with("http") || i.text.len() > 400 && words < 4 {
                -60
            } else {
                words
            };
            let choices = if i.answer.has_options { -15 } else { 0 };
            let subject = if i.says(lex::SUBJECT) { -12 } else { 0 };
            let score = if named > 0 { named * 2 + prose + choices + subject } else { prose - 7 + choices };
            (score, n)
        })
        .filter(|(score, _)| *score > 0)
        .max_by_key(|(score, n)| (*score, std::cmp::Reverse(*n)))
        .map(|(_, n)| n)?;
    items[best].used = true;
    Some(clean_text(&items[best].text, MESSAGE_MAX)).filter(|m| !m.is_empty())
}

fn take_page(items: &mut [Item<'_>]) -> Option<String> {
    let item = items.iter_mut().find(|i| {
        let text = i.text.trim();
        !i.used
            && (text.starts_with("http://") || text.starts_with("https://"))
            && text.len() < 2_000
            && i.says(lex::PAGE)
    })?;
    item.used = true;
    Some(clean_line(&item.text, 2_000))
}

fn rest(items: &[Item<'_>]) -> Vec<Field> {
    items
        .iter()
        .filter(|i| !i.used)
        .map(|i| Field {
            label: clean_line(&i.answer.label.clone().unwrap_or_else(|| humanise(&i.answer.key)), 120),
            value: clean_text(&i.text, VALUE_MAX),
        })
        .filter(|f| !f.value.is_empty())
        .collect()
}

/// The answers without their order, and without what a sender writes anew each time.
fn hash(items: &[Item<'_>]) -> String {
    let mut lines: Vec<String> = items
        .iter()
        .filter(|i| {
            !i.key_words.iter().any(|w| {
                ["nonce", "timestamp", "token", "created", "submitted", "updated", "uuid", "time", "date"]
                    .contains(&w.as_str())
            })
        })
        .map(|i| format!("{}={}", i.key, i.text.trim()))
        .collect();
    lines.sort_unstable();
    sha256_hex(lines.join("\n").as_bytes())
}

#[cfg(test)]
mod tests;
