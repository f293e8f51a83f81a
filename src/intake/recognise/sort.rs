//! Answers of people are told from instructions, secrets, traps and empty templates.

use super::item::{Item, Part};
use super::lexicon::{CONTROL, HONEYPOTS, SECRETS};
use super::repair::is_unfilled;
use crate::intake::flatten::Answer;
use crate::lead::contact::Email;
use std::collections::HashMap;

/// What is on the table, and what instructions came along.
#[derive(Default)]
pub(super) struct Sorted<'a> {
    /// What people answered.
    pub items: Vec<Item<'a>>,
    /// Where the browser is to be sent.
    pub redirect: Option<String>,
    /// The address that a form back end would answer to.
    pub reply_to: Option<Email>,
    /// A box that people do not see was filled.
    pub is_trapped: bool,
    /// The sender marked it as a test.
    pub is_test: bool,
}

/// Sorts answers.
pub(super) fn sort(answers: &[Answer]) -> Sorted<'_> {
    let mut sorted = Sorted::default();
    let numbered = numbered_parts(answers);
    for (n, answer) in answers.iter().enumerate() {
        let key = answer.key.to_lowercase();
        let text = answer.text();
        let text = text.trim();
        if SECRETS.contains(&key.as_str()) || key.contains("captcha") {
            continue;
        }
        if is_trap(answer, &key) {
            sorted.is_trapped |= is_filled(text);
            continue;
        }
        match key.as_str() {
            "_next" | "_redirect" | "redirect" => {
                sorted.redirect = sorted.redirect.or_else(|| Some(text.to_owned()).filter(|t| !t.is_empty()));
                continue;
            }
            "_replyto" | "replyto" | "reply_to" => {
                sorted.reply_to = sorted.reply_to.or_else(|| Email::parse(text));
                continue;
            }
            "is_test" | "test_mode" | "istest" if answer.path.len() <= 1 && (answer.is_bool || answer.is_number) => {
                sorted.is_test |= matches!(text, "true" | "1");
                continue;
            }
            _ => {}
        }
        let is_control =
            (key.starts_with('_') && !is_numbered(&key)) || CONTROL.contains(&key.as_str()) || is_plumbing(&key);
        if is_control || text.is_empty() && !answer.is_bool || is_unfilled(text) {
            continue;
        }
        sorted.items.push(Item::new(answer, numbered.get(&n).copied()));
    }
    sorted
}

/// `_u123456789012`, as Weebly calls its fields.
fn is_numbered(key: &str) -> bool {
    let number = key.strip_prefix("_u").unwrap_or("");
    number.len() >= 9 && number.bytes().all(|b| b.is_ascii_digit())
}

/// What plug-ins send for themselves.
fn is_plumbing(key: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "gform_",
        "is_submit_",
        "frm_action",
        "forminator_nonce",
        "mc4wp",
        "et_pb_contactform_submit",
        "_mc4wp",
        "wpcf7",
        "form_build_id",
    ];
    let gravity =
        key.strip_prefix("state_").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    gravity || BEGINNINGS.iter().any(|beginning| key.starts_with(beginning))
}

fn is_filled(text: &str) -> bool {
    !matches!(
        text.to_ascii_lowercase().as_str(),
        "" | "false" | "0" | "off" | "no" | "null" | "undefined" | "unchecked"
    ) && !is_unfilled(text)
}

/// A trap has a name that only traps have, says so in its type, or asks to be left alone.
fn is_trap(answer: &Answer, key: &str) -> bool {
    let prefixed = key.strip_prefix("hp_").or_else(|| key.strip_prefix("hp-"));
    let handphone = |rest: &str| ["no", "num", "phone", "nomor", "tel"].iter().any(|word| rest.starts_with(word));
    HONEYPOTS.contains(&key)
        || key.contains("honeypot")
        || key.contains("honey_pot")
        || key.contains("honey-pot")
        || prefixed.is_some_and(|rest| !handphone(rest))
        || (key == "hp" && answer.path.iter().any(|p| p.starts_with("wpforms")))
        || answer.declared.to_lowercase().contains("honeypot")
        || is_mailchimp_trap(key)
        || answer.label.as_deref().is_some_and(asks_to_be_left)
        || asks_to_be_left(key)
}

/// `b_<account>_<list>`, as Mailchimp's embedded forms carry it.
fn is_mailchimp_trap(key: &str) -> bool {
    let Some((account, list)) = key.strip_prefix("b_").and_then(|rest| rest.split_once('_')) else { return false };
    let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    account.len() >= 20 && list.len() == 10 && hex(account) && hex(list)
}

/// `Leave this field blank`, unless it is left blank on a condition that people may meet.
fn asks_to_be_left(label: &str) -> bool {
    const SHORTEST: usize = "leer lassen".len();
    const PLEAS: &[&str] = &[
        "leave this field blank",
        "leave this field empty",
        "leave this blank",
        "leave this empty",
        "field should be left",
        "should be left unchanged",
        "do not fill this",
        "don't fill this",
        "do not fill out this",
        "don’t fill this",
        "nicht ausfüllen",
        "feld leer lassen",
        "leer lassen",
        "laissez ce champ vide",
        "ne pas remplir",
        "no rellenar este campo",
        "no rellene este campo",
        "dejar este campo vacío",
        "deja este campo vacío",
        "deje este campo en blanco",
        "lascia vuoto questo campo",
        "lasciare vuoto questo campo",
        "lascia questo campo vuoto",
        "dit veld leeg",
        "deixe este campo",
        "não preencha este campo",
    ];
    if !(SHORTEST..=300).contains(&label.len()) {
        return false;
    }
    let label = label.to_lowercase();
    let Some(plea) = PLEAS.iter().find(|plea| label.contains(**plea)) else { return false };
    let end = label.find(plea).map_or(0, |at| at + plea.len());
    let robots = ["human", "bot", "mensch", "humain", "humano", "umano"].iter().any(|word| label.contains(word));
    let conditional = [" if ", " wenn ", " falls ", " si ", " se ", " als ", " unless "]
        .iter()
        .any(|word| label[end..].contains(word));
    robots || !conditional
}

/// Gravity Forms sends a name as `1.3` (given) and `1.6` (family), but also addresses and ticked boxes under such
/// numbers; those have a part `.1`, names have none. Raw posts write `input_1_3`.
fn numbered_parts(answers: &[Answer]) -> HashMap<usize, Part> {
    let read = |key: &str| -> Option<(String, u8)> {
        let key = key.to_lowercase();
        let (group, part) = key.rsplit_once(['.', '_'])?;
        let group = group.strip_prefix("input_").unwrap_or(group);
        let number = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        (number(group) && number(part)).then(|| part.parse().ok().map(|part| (group.to_owned(), part))).flatten()
    };
    let keys: Vec<Option<(String, u8)>> = answers.iter().map(|answer| read(&answer.key)).collect();
    let others: Vec<&str> = keys
        .iter()
        .flatten()
        .filter(|(_, part)| !matches!(part, 2 | 3 | 4 | 6 | 8))
        .map(|(group, _)| group.as_str())
        .collect();
    let part = |(group, part): &(String, u8)| match part {
        _ if others.contains(&group.as_str()) => None,
        3 => Some(Part::First),
        4 => Some(Part::Middle),
        6 => Some(Part::Last),
        _ => None,
    };
    keys.iter().enumerate().filter_map(|(n, key)| Some((n, key.as_ref().and_then(part)?))).collect()
}
