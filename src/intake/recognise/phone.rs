//! The number of the visitor: a mobile before a landline, their own before the firm's, never a fax, a friend's, an
//! order's or a date.

use super::digits::{is_date, is_ip, number_in, written_out};
use super::item::Item;
use super::lexicon::Concept as C;
use super::repair::is_no_answer;
use crate::base::text::clean_line;
use crate::lead::contact::{Phone, PhoneKind};

/// Longest number as it is shown, in characters.
const GIVEN_MAX: usize = 60;

/// A number: dialable, as given, and where it stood.
pub(super) struct Found {
    pub phone: Option<Phone>,
    pub given: String,
    pub at: Option<usize>,
}

struct Candidate {
    score: i32,
    at: usize,
    found: Given,
}

/// Takes the best number.
pub(super) fn take(items: &mut [Item<'_>], country: &str) -> Option<Found> {
    join_pieces(items);
    best(items, country, false)
}

/// When nothing else in a form reaches anybody: a number in a field whose words we do not know. Bare digits under a
/// technical name are shown to the owner, but not dialled: they may be a number of something.
pub(super) fn take_unsure(items: &mut [Item<'_>], country: &str) -> Option<Found> {
    best(items, country, true)
}

fn best(items: &mut [Item<'_>], country: &str, desperate: bool) -> Option<Found> {
    let dial = dial_code(items);
    let region = region(items);
    let mut best: Option<Candidate> = None;
    for (at, item) in items.iter().enumerate().filter(|(n, i)| !i.used && dial.as_ref().is_none_or(|(d, _)| d != n)) {
        let Some(candidate) = candidate(at, item, country, desperate) else { continue };
        if best.as_ref().is_none_or(|b| candidate.score > b.score) {
            best = Some(candidate);
        }
    }
    let Candidate { at, found: Given { given, rest, mut phone }, .. } = best?;
    if let Some((n, code)) = &dial
        && !given.starts_with(['+', '＋'])
        && !given.starts_with("00")
        && let Some(whole) = with_code(code, &given)
    {
        phone = Some(whole);
        items[*n].used = true;
    } else if let Some(region) = region {
        phone = agreed(phone, &given, &region, country);
    }
    match rest {
        Some(rest) => items[at].text = rest,
        None => items[at].used = true,
    }
    for item in items.iter_mut().filter(|i| !i.used && i.says(C::Phone) && i.trimmed() == given) {
        item.used = true;
    }
    Some(Found { phone, given, at: Some(at) })
}

/// A number in what the person wrote: a contact of last resort.
pub(super) fn in_free_text(text: &str, country: &str) -> Option<Found> {
    let given = number_in(text, country)?;
    Some(Found { phone: Phone::parse(&given, country), given: clean_line(&given, GIVEN_MAX), at: None })
}

/// A number in pieces becomes one answer: `{"area":"912","phone":"345-678"}`, three boxes for `512`, `555` and `0142`.
fn join_pieces(items: &mut [Item<'_>]) {
    let digits = |item: &Item<'_>| {
        let text = item.trimmed();
        let plain = text.chars().all(|c| c.is_ascii_digit() || " -()".contains(c));
        text.chars().filter(char::is_ascii_digit).count() * usize::from(plain)
    };
    let in_one: Vec<usize> =
        (0..items.len()).filter(|n| items[*n].answer.values.len() > 1 && items[*n].says(C::Phone)).collect();
    for n in in_one {
        if items[n]
            .answer
            .values
            .iter()
            .all(|v| (2..=5).contains(&v.trim().len()) && v.trim().bytes().all(|b| b.is_ascii_digit()))
        {
            items[n].text = items[n].answer.values.iter().map(|v| v.trim()).collect::<Vec<_>>().join("-");
        }
    }
    let has = |item: &Item<'_>, names: &[&str]| item.words.iter().any(|w| names.contains(&w.as_str()));
    let says_area = |item: &Item<'_>| has(item, &["area", "areacode", "ddd"]);
    let about = |item: &Item<'_>| {
        let phone = item.says(C::Phone) || item.around.has(C::Phone) || has(item, &["ddd"]);
        let part = item.around.has(C::Phone) && has(item, &["prefix", "line", "exchange"]);
        phone && !item.says(C::Fax) && (says_area(item) || part || !item.says(C::Dial))
    };
    // `{"area":"612","phone":"345678"}` under any name at all.
    let beside = |n: usize| {
        let [area, phone] = [&items[n], &items[n + 1]];
        says_area(area) && about(phone) && !area.answer.path.is_empty() && area.answer.path == phone.answer.path
    };
    let begins: Vec<bool> = (0..items.len().saturating_sub(1)).map(|n| about(&items[n]) || beside(n)).collect();
    let area = says_area;
    for n in 0..items.len().saturating_sub(1) {
        if !begins[n] {
            continue;
        }
        let is_piece = |at: usize, i: &Item<'_>| (at == 0 || about(i)) && !i.used && (2..=9).contains(&digits(i));
        let pieces = items[n..].iter().take(3).enumerate().take_while(|(at, i)| is_piece(*at, i)).count();
        let total: usize = items[n..n + pieces].iter().map(&digits).sum();
        let first_is_area = area(&items[n]) && digits(&items[n]) <= 4;
        if pieces < 2 || !(9..=12).contains(&total) && !first_is_area || digits(&items[n]) > 4 {
            continue;
        }
        let rest: Vec<&str> = items[n + 1..n + pieces].iter().map(|i| i.trimmed()).collect();
        let joined = format!("({}) {}", items[n].trimmed().trim_matches(['(', ')']), rest.join("-"));
        items[n + pieces - 1].text = joined;
        items[n..n + pieces - 1].iter_mut().for_each(|i| i.used = true);
        return;
    }
}

struct Given {
    given: String,
    /// What is left of the answer when the number is taken out: a name, perhaps.
    rest: Option<String>,
    phone: Option<Phone>,
}

fn candidate(at: usize, item: &Item<'_>, country: &str, desperate: bool) -> Option<Candidate> {
    let named = item.score(C::Phone);
    let hinted = named > 0 || (item.says(C::Reach) && !item.says(C::NoPhone));
    if item.is_of_another()
        || item.answer.is_bool
        || is_no_answer(&item.text)
        || item.hints(C::Fax) && !item.hints(C::Mobile)
    {
        return None;
    }
    let found = if hinted { asked(item, country, named > 0)? } else { unasked(item, country, desperate)? };
    if found.phone.is_none() && item.says(C::NoPhone) {
        return None;
    }
    let mut score = named + if found.phone.is_some() { 20 } else { 0 };
    for (concept, change) in
        [(C::Mobile, 6), (C::Landline, -4), (C::Work, -9), (C::Again, -5), (C::NoPhone, -10), (C::Thing, -9)]
    {
        if item.hints(concept) {
            score += change;
        }
    }
    if item.around.any(&[C::Thing, C::Work]) {
        score -= 8;
    }
    if item.is_owner {
        score -= 30;
    }
    if found.phone.as_ref().is_some_and(|p| p.kind() == PhoneKind::Mobile) {
        score += 3;
    }
    Some(Candidate { score, at, found })
}

/// A field that asks for a number: the whole answer, a number within it, or what was typed instead of one.
fn asked(item: &Item<'_>, country: &str, by_name: bool) -> Option<Given> {
    let first = item.answer.values.iter().find(|v| item.answer.values.len() > 1 && Phone::parse(v, country).is_some());
    let text = first.map_or(item.text.as_str(), String::as_str).trim_end();
    let plain = written_out(text);
    let text = plain.as_deref().unwrap_or(text);
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    // A spreadsheet's quote, a link's scheme, an encoder's plus signs.
    let trimmed = text.trim().trim_start_matches(['\'', '"']);
    let scheme = ["tel:", "p:"].iter().find_map(|scheme| trimmed.strip_prefix(scheme));
    let trimmed = scheme.unwrap_or(trimmed).trim_end_matches(['\'', '"']);
    let spaced =
        trimmed.strip_prefix('+').filter(|rest| rest.contains('+')).map(|rest| format!("+{}", rest.replace('+', " ")));
    let (text, trimmed) = spaced.as_deref().map_or((text, trimmed), |spaced| (spaced, spaced));
    if trimmed.len() <= 120
        && let Some(phone) = Phone::parse(text, country).or_else(|| Phone::parse(trimmed, country))
    {
        let given = if lost_its_plus(text, &phone) { format!("+{trimmed}") } else { trimmed.to_owned() };
        return Some(Given { given: clean_line(&given, GIVEN_MAX), rest: None, phone: Some(phone) });
    }
    if let Some(piece) = number_in(text, country) {
        let around = text.replacen(&piece, " ", 1);
        let rest = around.trim_matches(|c: char| !c.is_alphanumeric() && c != '.').to_owned();
        let wordy = rest.chars().filter(|c| c.is_alphabetic()).count() > 1;
        let shared = item.says_any(&[C::Name, C::Email, C::Message]);
        let given = if wordy || shared { piece.clone() } else { trimmed.to_owned() };
        let phone = Phone::parse(&piece, country);
        return Some(Given { given: clean_line(&given, GIVEN_MAX), rest: (wordy && shared).then_some(rest), phone });
    }
    let letters = trimmed.chars().filter(|c| c.is_alphabetic()).count();
    let shape =
        if digits < 7 { trimmed.chars().all(|c| c.is_numeric() || " +-()./".contains(c)) } else { letters <= 12 };
    (by_name
        && (3..=25).contains(&digits)
        && shape
        && trimmed.len() <= 120
        && !is_date(trimmed)
        && !trimmed.contains('@'))
    .then(|| Given { given: clean_line(trimmed, GIVEN_MAX), rest: None, phone: None })
}

/// A field that does not ask for a number must hold one beyond doubt.
fn unasked(item: &Item<'_>, country: &str, desperate: bool) -> Option<Given> {
    let text = item.trimmed();
    let shape = text.len() <= 40 && text.chars().all(|c| c.is_numeric() || " +＋()-./–\u{a0}".contains(c));
    let elsewhere = item.says_any(&[C::Technical, C::NoPhone, C::Instant]) || is_date(text) || is_ip(text);
    if !shape || elsewhere || item.answer.has_options {
        return None;
    }
    let grouped =
        text.starts_with(['+', '(', '0']) || text.split([' ', '-', '.', '/']).filter(|g| !g.is_empty()).count() >= 3;
    let sure = if desperate {
        !item.answer.is_number && !item.says_any(&[C::Thing, C::Fax])
    } else if item.is_anonymous() {
        !item.answer.is_number
    } else {
        grouped && !item.answer.is_number
    };
    let phone = Phone::parse(text, country).filter(|_| sure)?;
    let asked_in_words = item.answer.label.is_some() || item.answer.key.trim().contains(' ');
    let phone = Some(phone).filter(|_| grouped || !desperate || asked_in_words);
    Some(Given { given: clean_line(text, GIVEN_MAX), rest: None, phone })
}

/// Whether the `+` of a number became the space that urlencoding reads it as.
fn lost_its_plus(text: &str, phone: &Phone) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    text.starts_with(' ') && !text.starts_with("  ") && phone.as_str().strip_prefix('+') == Some(digits.as_str())
}

/// A country code that was asked apart: `+44`, `0049`, `1`.
fn dial_code(items: &[Item<'_>]) -> Option<(usize, String)> {
    items.iter().enumerate().find_map(|(n, item)| {
        let text = item.trimmed();
        let text = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text);
        let code = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).unwrap_or(text);
        let fits = (1..=4).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
        let about = item.says_any(&[C::Phone, C::Country])
            || item.key.contains("dial")
            || item.words.iter().any(|w| w == "landesvorwahl");
        (fits && item.says(C::Dial) && about && !item.says(C::NoPhone)
            || fits && (text.starts_with('+') || item.around.has(C::Phone)) && item.says(C::Country))
        .then(|| (n, code.to_owned()))
    })
}

fn with_code(code: &str, given: &str) -> Option<Phone> {
    let digits: String = given.chars().filter(|c| !c.is_alphabetic()).collect();
    Phone::parse(&format!("+{code} {digits}"), "")
        .or_else(|| Phone::parse(&format!("+{code} {}", digits.trim_start_matches('0')), ""))
}

/// The country that the form names for the number or the person, ISO 3166 alpha-2.
fn region(items: &[Item<'_>]) -> Option<String> {
    items
        .iter()
        .filter(|i| i.says(C::Country) && !i.around.any(&[C::Thing, C::Other]) && !i.is_of_another())
        .map(|i| i.trimmed().to_ascii_uppercase())
        .find(|code| crate::lead::contact::is_country(code))
}

/// A national number that is right in one of two countries is read there; one that is right in both is left to people.
fn agreed(home: Option<Phone>, given: &str, region: &str, country: &str) -> Option<Phone> {
    if region == country || given.starts_with(['+', '＋']) || given.starts_with("00") {
        return home;
    }
    match (home, Phone::parse(given, region)) {
        (Some(home), Some(there)) if home != there => None,
        (home, there) => home.or(there),
    }
}
