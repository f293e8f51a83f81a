//! The visitor's name: whole, or put together from its parts. Forms, firms, products, friends and pets have names too;
//! those do not win. A name is never made from an e-mail address.

use super::item::{Item, Part};
use super::lexicon::Concept as C;
use super::repair::is_no_answer;
use crate::base::text::clean_line;

/// Longest name, in characters.
const NAME_MAX: usize = 200;

/// A full name and the given name in it.
pub(super) type Names = (Option<String>, Option<String>);

/// What a field asks for.
#[derive(Clone, Copy, PartialEq)]
enum Asks {
    Whole,
    First,
    Middle,
    Last,
    SecondLast,
}

/// Takes the name. `beside` are the answers that said how to reach the person: a name next to them is theirs.
pub(super) fn take(items: &mut [Item<'_>], beside: &[usize]) -> Names {
    let asks: Vec<Option<Asks>> =
        items.iter().map(|item| if may_be(item, items, beside) { asks(item) } else { None }).collect();
    let pick = |wanted: Asks| best(items, &asks, wanted, beside);
    let mut first = pick(Asks::First);
    let mut last = pick(Asks::Last);
    let mut whole = pick(Asks::Whole);
    let (middle, second_last) = (pick(Asks::Middle), pick(Asks::SecondLast));
    // Many languages say just "name" for one of the parts, when the other part stands beside it.
    if let Some(w) = whole {
        let holds = |part: Option<usize>| part.is_some_and(|n| holds(&items[w].text, &items[n].text));
        let short = items[w].text.split_whitespace().count() <= 3;
        match (first, last) {
            (Some(_), None) if !holds(first) && short && is_plain(&items[w]) => last = whole.take(),
            (None, Some(_)) if !holds(last) && is_plain(&items[w]) => first = whole.take(),
            (Some(_), Some(_)) if !(holds(first) && holds(last)) => whole = None,
            _ => {}
        }
    }
    let given = first.map(|n| line(&items[n]));
    let Some(w) = whole else {
        let parts: Vec<usize> = [first, middle, last, second_last].into_iter().flatten().collect();
        if parts.is_empty() || first.is_none() && last.is_none() {
            return by_shape(items);
        }
        let name = parts.iter().map(|n| line(&items[*n])).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        parts.iter().for_each(|n| items[*n].used = true);
        forget_repeats(items, &name, beside);
        return (Some(clean_line(&name, NAME_MAX)), given);
    };
    let name = line(&items[w]);
    for n in [Some(w), first, last].into_iter().flatten() {
        items[n].used = true;
    }
    forget_repeats(items, &name, beside);
    let given = given.or_else(|| given_name(&name));
    (Some(name).filter(|n| !n.is_empty()), given)
}

fn line(item: &Item<'_>) -> String {
    let parts = in_lines(&item.text);
    clean_line(parts.as_deref().unwrap_or(&item.text), NAME_MAX)
}

/// `first = Ana` and `last = Ruiz` on lines of their own, as Formstack writes a name.
fn in_lines(text: &str) -> Option<String> {
    if text.len() > 1_000 || !text.contains('=') {
        return None;
    }
    let parts: Option<Vec<(&str, &str)>> = text.trim().lines().map(|line| line.split_once(" = ")).collect();
    let parts = parts?;
    let known = ["prefix", "first", "middle", "initial", "last", "suffix"];
    if !parts.iter().all(|(part, _)| known.contains(&part.trim())) {
        return None;
    }
    let said = parts.iter().filter(|(part, _)| !matches!(part.trim(), "prefix" | "suffix"));
    Some(said.map(|(_, name)| name.trim()).collect::<Vec<_>>().join(" "))
}

/// Whether this answer can be a person's name at all.
fn may_be(item: &Item<'_>, items: &[Item<'_>], beside: &[usize]) -> bool {
    let text = item.trimmed();
    let is_theirs = beside.iter().any(|n| items[*n].answer.path == item.answer.path);
    let of_a_firm = item.around.has(C::Work) && !item.around.has(C::Someone) && !item.says_any(&[C::First, C::Last]);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    !item.used
        && letters > 0
        && (digits * 2 <= letters || holds_a_word(text))
        && !text.contains('@')
        && !text.contains("://")
        && text.chars().count() <= NAME_MAX
        && !item.answer.is_bool
        && !is_no_answer(text)
        && !item.is_of_another()
        && !item.is_thing()
        && !of_a_firm
        && (is_theirs || !item.around.has(C::Thing))
}

/// `Ana LR01742`: a number behind a name, as tests and member lists have it, leaves it a name.
fn holds_a_word(text: &str) -> bool {
    text.split_whitespace().any(|word| word.chars().count() > 1 && word.chars().all(char::is_alphabetic))
}

/// What the words ask for: `First name`, `apellidos`, `Vor- und Nachname`, `¿Cómo te llamas?`.
fn asks(item: &Item<'_>) -> Option<Asks> {
    match item.part {
        Some(Part::First) => return Some(Asks::First),
        Some(Part::Middle) => return Some(Asks::Middle),
        Some(Part::Last) => return Some(Asks::Last),
        None => {}
    }
    let says = |concept| item.says(concept);
    let (first, last, name) = (says(C::First), says(C::Last), says(C::Name));
    let joined = says(C::And);
    let materno = item.words.iter().any(|w| matches!(w.as_str(), "materno" | "apellidomaterno"));
    match (first, last, name) {
        (_, true, _) if materno || (says(C::Second) && !first) => Some(Asks::SecondLast),
        (true, true, _) => Some(Asks::Whole),
        (false, true, _) if says(C::Half) => Some(Asks::Whole),
        (false, true, true) if joined || names_the_given_name(item) => Some(Asks::Whole),
        (false, true, _) => Some(Asks::Last),
        (true, false, true) if (joined || item.text.split_whitespace().count() > 1) && !english(item) => {
            Some(Asks::Whole)
        }
        (true, false, _) => Some(Asks::First),
        _ if says(C::Middle) => Some(Asks::Middle),
        (false, false, true) if says(C::Second) => Some(Asks::Middle),
        (false, false, true) if says(C::Ordinal) => Some(Asks::First),
        (false, false, true) => Some(Asks::Whole),
        (false, false, false) if says(C::Someone) && item.score(C::Someone) > 0 && named_like_a_person(item) => {
            Some(Asks::Whole)
        }
        (false, false, false) if item.is_declared(C::Name) => Some(Asks::Whole),
        _ => None,
    }
}

/// `nome_cognome`: in these languages the word for the name is not part of the word for the family name.
fn names_the_given_name(item: &Item<'_>) -> bool {
    item.words.iter().any(|w| matches!(w.as_str(), "nome" | "nombre" | "imie" | "namn" | "navn" | "jmeno"))
}

/// "What is a first name": the article is no conjunction.
fn english(item: &Item<'_>) -> bool {
    item.words.iter().any(|w| matches!(w.as_str(), "first" | "given"))
}

/// `Contact: Ana Ruiz`, but not `Contact: by phone`.
fn named_like_a_person(item: &Item<'_>) -> bool {
    let otherwise = [C::Technical, C::Phone, C::Email, C::Message, C::Reach, C::NoPhone, C::Page, C::Consent];
    let bare = item
        .words
        .iter()
        .filter(|w| {
            !matches!(
                w.as_str(),
                "the" | "your" | "main" | "primary" | "de" | "of" | "du" | "di" | "do" | "da" | "person" | "persona"
            )
        })
        .count()
        <= 2;
    let contact = item.says(C::Someone);
    let disqualified = otherwise.iter().any(|c| item.says(*c) && !(contact && *c == C::Reach));
    bare && !disqualified && is_capitalised(item.trimmed(), 2)
}

/// "Name", "Nom", "Naam": nothing in the words says that it is the whole name.
fn is_plain(item: &Item<'_>) -> bool {
    let whole =
        ["full", "fullname", "complete", "completo", "complet", "vollstandiger", "volledige", "display", "displayname"];
    !item.words.iter().any(|w| whole.contains(&w.as_str()))
}

fn best(items: &[Item<'_>], asks: &[Option<Asks>], wanted: Asks, beside: &[usize]) -> Option<usize> {
    let score = |n: usize| {
        let item = &items[n];
        let concept = match wanted {
            Asks::First => C::First,
            Asks::Last | Asks::SecondLast => C::Last,
            Asks::Middle => C::Middle,
            Asks::Whole => C::Name,
        };
        let words = item.text.split_whitespace().count();
        let mut score = item.score(concept) + i32::from(item.part.is_some()) * 15;
        if beside.iter().any(|b| items[*b].answer.path == item.answer.path) {
            score += 15;
        }
        if words > 8 || (words > 3 && item.says(C::Message)) {
            score -= 25;
        }
        if item.says_any(&[C::Technical, C::Again]) {
            score -= 8;
        }
        if item.is_owner || item.around.has(C::Thing) {
            score -= 30;
        }
        score
    };
    asks.iter()
        .enumerate()
        .filter(|(_, a)| **a == Some(wanted))
        .map(|(n, _)| (score(n), n))
        .filter(|(score, _)| *score > -40)
        .max_by_key(|(score, n)| (*score, std::cmp::Reverse(*n)))
        .map(|(_, n)| n)
}

fn holds(whole: &str, part: &str) -> bool {
    whole.trim().to_lowercase().contains(part.trim().to_lowercase().as_str())
}

/// Senders that say everything twice: the same name again is not shown as another answer.
fn forget_repeats(items: &mut [Item<'_>], name: &str, beside: &[usize]) {
    let own: Vec<&str> = name.split(' ').collect();
    let paths: Vec<Vec<String>> = beside.iter().map(|n| items[*n].answer.path.clone()).collect();
    for item in items.iter_mut().filter(|i| !i.used && !i.is_of_another() && !i.is_thing()) {
        let text = clean_line(&item.text, NAME_MAX);
        let part = item.says_any(&[C::First, C::Last]) && own.contains(&text.as_str());
        let whole = text == name && (item.says(C::Name) || paths.contains(&item.answer.path));
        item.used = part || whole;
    }
}

/// The first word of a name that is no title; behind the comma where the family name comes first.
pub fn given_name(name: &str) -> Option<String> {
    let given = match name.split_once(',') {
        Some((_, given)) => given.split_whitespace().next(),
        None => name.split_whitespace().find(|w| !is_title(w)),
    };
    given.map(str::to_owned)
}

fn is_title(word: &str) -> bool {
    let word = word.trim_end_matches('.').to_lowercase();
    [
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau", "hr", "fr", "sr", "sra", "srta", "don",
        "doña", "m", "mme", "mlle", "monsieur", "madame", "sig", "sig.ra", "signor", "signora", "dhr", "mevr",
        "mevrouw", "dott", "dra", "pan", "pani",
    ]
    .contains(&word.as_str())
}

/// In a form whose fields say nothing, two to four capitalised words without digits are a name.
fn by_shape(items: &mut [Item<'_>]) -> Names {
    let hit = items.iter().position(|i| {
        !i.used
            && i.is_anonymous()
            && !i.answer.has_options
            && i.answer.values.len() == 1
            && is_capitalised(i.trimmed(), 2)
    });
    let Some(n) = hit else { return in_two(items) };
    items[n].used = true;
    let name = line(&items[n]);
    let given = given_name(&name);
    (Some(name), given)
}

/// The same for a given and a family name apart: one capitalised word each, in two answers in a row, and behind them the
/// one by which the person is reached.
fn in_two(items: &mut [Item<'_>]) -> Names {
    let is_one = |item: &Item<'_>| {
        !item.used
            && item.is_anonymous()
            && !item.answer.has_options
            && item.answer.values.len() == 1
            && is_capitalised(item.trimmed(), 1)
            && item.trimmed().split_whitespace().count() == 1
    };
    let row = |three: &[Item<'_>]| is_one(&three[0]) && is_one(&three[1]) && three[2].used;
    let Some(n) = items.windows(3).position(row) else { return (None, None) };
    let (given, family) = (line(&items[n]), line(&items[n + 1]));
    items[n..n + 2].iter_mut().for_each(|item| item.used = true);
    (Some(clean_line(&format!("{given} {family}"), NAME_MAX)), Some(given))
}

/// Between `least` and four words, each with a capital and without digits. Scripts without capitals have none to show.
pub(super) fn is_capitalised(text: &str, least: usize) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let particle = |w: &str| {
        matches!(
            w,
            "de" | "van"
                | "von"
                | "der"
                | "den"
                | "del"
                | "la"
                | "da"
                | "dos"
                | "di"
                | "du"
                | "el"
                | "le"
                | "y"
                | "e"
                | "ter"
                | "bin"
        )
    };
    let lettered = |w: &str| w.chars().all(|c| c.is_alphabetic() || "'-.’".contains(c));
    (least..=5).contains(&words.len())
        && words.iter().all(|w| lettered(w) && (particle(w) || w.chars().next().is_some_and(char::is_uppercase)))
}
