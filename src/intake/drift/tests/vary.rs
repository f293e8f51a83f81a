//! The same form, filled in by somebody else.

use super::Form;
use super::dice::Dice;
use crate::intake::drift::class::Class;
use crate::intake::node::Node;
use crate::lead::contact::Email;
use crate::lead::reading::Reading;

const FIRST: &[&str] = &[
    "Maria", "Tom", "Ana", "Priya", "Janet", "Lena", "Omar", "Chloe", "Bruno", "Ivy", "Pedro", "Nadia", "Kofi", "Sven",
    "Rosa", "Hugo", "Elif", "Jun", "Tara", "Abel",
];
const LAST: &[&str] = &[
    "Lopez", "Becker", "Nair", "Cole", "Fischer", "Haddad", "Martin", "Silva", "Stone", "Garcia", "Petrov", "Mensah",
    "Berg", "Moreno", "Weber", "Yilmaz", "Tanaka", "Reed", "Cohen", "Novak",
];
const WISHES: &[&str] = &[
    "Kitchen tap leaking under the sink",
    "Boiler makes a noise",
    "Can you come on Friday?",
    "Two radiators stay cold",
    "Please call me about a new bathroom",
    "Quote for 3 rooms",
    "Water heater is 12 years old, replace it?",
    "Hi!",
    "The drain smells, and the neighbours complain about it as well. We have tried everything that the shop sells.",
    "Toilet runs all night",
    "Need help asap",
    "Gutter is full of leaves since the storm",
];
/// Choices, ISO dates and amounts, as most forms ask for one of them.
pub const CHOICES: &[&str] = &["Repair", "Installation", "Emergency", "Inspection"];

pub const DATE: &str = "preferred_date";
pub const CHOICE: &str = "service_wanted";
pub const AMOUNT: &str = "budget";

/// Which answers of a form are sometimes left out, besides the number of some forms.
pub struct Habit {
    pub optional: Vec<String>,
    pub share: f64,
}

/// The form with three more questions, as its base.
pub fn base(form: &Form) -> Node {
    let mut tree = form.tree.clone();
    if let Node::Map(entries) = home(&mut tree, form.reading.email.as_ref().map_or("", |e| e.as_str())) {
        entries.push((DATE.to_owned(), Node::Text("2026-03-04".to_owned())));
        entries.push((CHOICE.to_owned(), Node::Text("Repair".to_owned())));
        entries.push((AMOUNT.to_owned(), if form.is_json { Node::Number("250".to_owned()) } else { text("250") }));
    }
    tree
}

/// The innermost map around an answer that is no item of a list.
fn home<'a>(node: &'a mut Node, needle: &str) -> &'a mut Node {
    let deeper = match &*node {
        Node::Map(entries) => {
            entries.iter().position(|(_, child)| matches!(child, Node::Map(_)) && holds(child, needle))
        }
        _ => None,
    };
    match (deeper, node) {
        (Some(at), Node::Map(entries)) => home(&mut entries[at].1, needle),
        (_, node) => node,
    }
}

pub fn holds(node: &Node, needle: &str) -> bool {
    match node {
        Node::Map(entries) => entries.iter().any(|(_, child)| holds(child, needle)),
        Node::List(items) => items.iter().any(|child| holds(child, needle)),
        other => other.as_text().is_some_and(|text| text.eq_ignore_ascii_case(needle)),
    }
}

pub fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

/// Somebody else fills it in; and what is to be read of it.
pub fn filled(form: &Form, base: &Node, habit: &Habit, dice: &Dice) -> (Node, Reading) {
    let (first, last) = (dice.one_of(FIRST), dice.one_of(LAST));
    let host = dice.one_of(&["example.com", "mail.example", "web.example"]);
    let someone = Someone {
        form,
        dice,
        first,
        last,
        email: format!("{}.{}{}@{host}", first.to_lowercase(), last.to_lowercase(), dice.between(1, 999)),
        digits: format!("{}555{:04}", dice.one_of(&["512", "737", "415", "212", "303"]), dice.between(100, 199)),
        wish: format!("{}{}", dice.one_of(WISHES), dice.one_of(&["", " Thanks.", " Please.", " It is urgent"])),
    };
    let mut tree = someone.fill("", base);
    for name in &habit.optional {
        if !dice.happens(habit.share) {
            drop_field(&mut tree, name, dice.happens(0.3));
        }
    }
    let reading = someone.reading();
    (tree, reading)
}

/// Leaves a field out, or sends it empty.
pub fn drop_field(node: &mut Node, name: &str, empty: bool) {
    match node {
        Node::Map(entries) => {
            if empty {
                entries.iter_mut().filter(|(key, _)| key == name).for_each(|(_, value)| *value = text(""));
            } else {
                entries.retain(|(key, _)| key != name);
            }
            entries.iter_mut().for_each(|(_, child)| drop_field(child, name, empty));
        }
        Node::List(items) => items.iter_mut().for_each(|child| drop_field(child, name, empty)),
        _ => {}
    }
}

struct Someone<'a> {
    form: &'a Form,
    dice: &'a Dice,
    first: &'a str,
    last: &'a str,
    email: String,
    digits: String,
    wish: String,
}

impl Someone<'_> {
    /// What is to be read of it.
    fn reading(&self) -> Reading {
        Reading {
            name: Some(format!("{} {}", self.first, self.last)),
            first_name: Some(self.first.to_owned()),
            email: Some(Email::from_stored(self.email.clone())),
            phone: None,
            phone_as_given: Some(self.digits.clone()),
            message: Some(self.wish.clone()),
            ..self.form.reading.clone()
        }
    }

    fn fill(&self, name: &str, node: &Node) -> Node {
        match node {
            Node::Map(entries) => Node::Map(entries.iter().map(|(k, v)| (k.clone(), self.fill(k, v))).collect()),
            Node::List(items) => Node::List(items.iter().map(|item| self.fill(name, item)).collect()),
            Node::Text(said) => self.said(name, said),
            Node::Number(_) if name == AMOUNT => Node::Number((self.dice.between(4, 60) * 25).to_string()),
            Node::Number(number) => self.number(number),
            other => other.clone(),
        }
    }

    fn said(&self, name: &str, said: &str) -> Node {
        match name {
            DATE => return Node::Text(format!("2026-{:02}-{:02}", self.dice.between(1, 12), self.dice.between(1, 28))),
            CHOICE => return text(self.dice.one_of(CHOICES)),
            AMOUNT => return Node::Text((self.dice.between(4, 60) * 25).to_string()),
            _ => {}
        }
        let trimmed = said.trim();
        if trimmed.starts_with('{')
            && let Some(inner) = crate::intake::json::parse(trimmed)
        {
            return Node::Text(super::json(&self.fill("", &inner)));
        }
        let reading = &self.form.reading;
        let full = reading.name.as_deref().unwrap_or_default();
        let (given, family) = full.split_once(' ').unwrap_or((full, ""));
        let is = |one: &str| !one.is_empty() && trimmed.eq_ignore_ascii_case(one);
        let phone: String = digits(reading.phone_as_given.as_deref().unwrap_or_default());
        let own: String = digits(trimmed);
        if is(full) {
            Node::Text(format!("{} {}", self.first, self.last))
        } else if is(given) {
            text(self.first)
        } else if is(family) {
            text(self.last)
        } else if is(reading.email.as_ref().map_or("", |e| e.as_str())) {
            Node::Text(self.email.clone())
        } else if phone.len() >= 7
            && own.len() >= 7
            && own.len() <= 15
            && own.ends_with(&phone[phone.len() - 7..])
            && trimmed.len() < 25
        {
            Node::Text(self.in_the_format_of(trimmed))
        } else if is(reading.message.as_deref().unwrap_or_default()) {
            Node::Text(self.wish.clone())
        } else if Class::of(trimmed) == Class::Token
            && trimmed.bytes().filter(u8::is_ascii_digit).count() >= 2
            && is_an_id(name)
        {
            Node::Text(trimmed.chars().map(|c| if c.is_ascii_digit() { self.figure() } else { c }).collect())
        } else {
            text(said)
        }
    }

    fn number(&self, number: &str) -> Node {
        let phone: String = digits(self.form.reading.phone_as_given.as_deref().unwrap_or_default());
        if phone.len() >= 7 && number.ends_with(&phone[phone.len() - 7..]) {
            return Node::Number(self.in_the_format_of(number));
        }
        Node::Number(number.to_owned())
    }

    fn in_the_format_of(&self, given: &str) -> String {
        let count = digits(given).len();
        let own = &self.digits[..];
        let mut new = own.bytes();
        let mut left = count;
        given
            .chars()
            .map(|c| {
                if !c.is_ascii_digit() {
                    return c;
                }
                left -= 1;
                if left >= 10 { c } else { new.next().map_or(c, char::from) }
            })
            .collect()
    }

    fn figure(&self) -> char {
        char::from(b'0' + u8::try_from(self.dice.between(0, 9)).unwrap())
    }
}

fn is_an_id(name: &str) -> bool {
    let name = name.to_lowercase();
    ["submission", "entry", "response", "event", "lead"].iter().any(|word| name.contains(word)) && name.contains("id")
}

pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Whether a text is one of our people, or the first or last name of one.
pub fn is_somebody(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.clone().count() <= 2
        && words.all(|word| FIRST.contains(&word) || LAST.contains(&word))
        && !text.trim().is_empty()
}
