//! What words in the names of fields mean. Words are compared whole (lower case, accents folded), never as parts of
//! other words: a hotel is not a tel. One look into a table tells all that a word can mean.
//!
//! Seven languages in full (English, Spanish, French, German, Portuguese, Italian, Dutch), the commonest words of a
//! dozen more.

mod machine;
mod person;
mod reach;
mod wish;

pub use machine::{CONTROL, HONEYPOTS, SECRETS};

use super::words::words;
use std::collections::HashMap;
use std::sync::LazyLock;

/// One thing that a word can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concept {
    /// The whole name, unless a part stands beside it.
    Name,
    /// A person, by their part in the matter: customer, guest.
    Someone,
    /// The given name.
    First,
    /// The family name.
    Last,
    /// Between the two.
    Middle,
    /// First of several names of one sort (`primer apellido`).
    Ordinal,
    /// The second of several names of one sort (`segundo apellido`).
    Second,
    /// `Vor- und`: the half of a word that the next one completes.
    Half,
    /// Joins two things in one field.
    And,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// Either of them, or a bare "number".
    Reach,
    /// A phone that takes texts.
    Mobile,
    /// A phone that stands still.
    Landline,
    /// Takes neither calls nor texts of people.
    Fax,
    /// The country code beside a number.
    Dial,
    /// Asked a second time, or the second choice.
    Again,
    /// At work, not at home.
    Work,
    /// A number that is no phone: an order, a post code, a price.
    NoPhone,
    /// What the person wants.
    Message,
    /// The headline of a message.
    Subject,
    /// A declared type for long texts.
    Long,
    /// Prose that is no wish: an address, how they heard of us.
    NoMessage,
    /// Permission to be contacted.
    Consent,
    /// Permission for texts in particular.
    Texting,
    /// Permission for newsletters: another matter.
    Newsletter,
    /// A refusal.
    No,
    /// A thing with a name, or the firm of the person.
    Thing,
    /// A person who is not the visitor.
    Other,
    /// Written by machines for machines.
    Technical,
    /// The page that carried the form.
    Page,
    /// Says nothing about the answer.
    Empty,
    /// Written anew each time the same form is sent.
    Instant,
    /// A country.
    Country,
}

use Concept as C;

static LISTS: &[(Concept, &str)] = &[
    (C::Name, person::NAME),
    (C::Someone, person::SOMEONE),
    (C::First, person::FIRST),
    (C::Last, person::LAST),
    (C::Middle, person::MIDDLE),
    (C::Ordinal, person::ORDINAL),
    (C::Second, person::SECOND),
    (C::Half, person::HALF),
    (C::And, person::AND),
    (C::Other, person::OTHER),
    (C::Thing, person::THING),
    (C::Email, reach::EMAIL),
    (C::Phone, reach::PHONE),
    (C::Reach, reach::REACH),
    (C::Mobile, reach::MOBILE),
    (C::Landline, reach::LANDLINE),
    (C::Fax, reach::FAX),
    (C::Dial, reach::DIAL),
    (C::Again, reach::AGAIN),
    (C::Work, reach::WORK),
    (C::NoPhone, reach::NO_PHONE),
    (C::Country, reach::COUNTRY),
    (C::Message, wish::MESSAGE),
    (C::Subject, wish::SUBJECT),
    (C::Long, wish::LONG),
    (C::NoMessage, wish::NO_MESSAGE),
    (C::Consent, wish::CONSENT),
    (C::Texting, wish::TEXTING),
    (C::Newsletter, wish::NEWSLETTER),
    (C::No, wish::NO),
    (C::Technical, machine::TECHNICAL),
    (C::Page, machine::PAGE),
    (C::Empty, machine::EMPTY),
    (C::Instant, machine::INSTANT),
];

static TABLE: LazyLock<HashMap<String, Concepts>> = LazyLock::new(|| {
    let mut table = HashMap::with_capacity(2048);
    for (concept, list) in LISTS {
        for entry in list.split_whitespace() {
            let found: &mut Concepts = table.entry(words(entry).concat()).or_default();
            found.0 |= concept.bit();
        }
    }
    table
});

impl Concept {
    fn bit(self) -> u64 {
        1 << (self as u64)
    }
}

/// Words are glued to others in German, Dutch and in names of fields (`Projektbeschreibung`, `customeremail`): the last
/// one rules. A number that says of what (`Vorgangsnummer`) is no phone.
fn compound(word: &str) -> u64 {
    const ENDS: &[(&str, Concept)] = &[
        ("telefonnummer", C::Phone),
        ("telefoonnummer", C::Phone),
        ("handynummer", C::Phone),
        ("mobilnummer", C::Phone),
        ("rufnummer", C::Phone),
        ("phonenumber", C::Phone),
        ("telefon", C::Phone),
        ("phone", C::Phone),
        ("mobile", C::Phone),
        ("nummer", C::NoPhone),
        ("datum", C::NoPhone),
        ("emailadresse", C::Email),
        ("mailadresse", C::Email),
        ("emailaddress", C::Email),
        ("email", C::Email),
        ("beschreibung", C::Message),
        ("nachricht", C::Message),
        ("anfrage", C::Message),
        ("wunsch", C::Message),
        ("omschrijving", C::Message),
        ("message", C::Message),
        ("comments", C::Message),
        ("firstname", C::First),
        ("lastname", C::Last),
        ("fullname", C::Name),
    ];
    if word.len() < 8 {
        return 0;
    }
    ENDS.iter().find(|(end, _)| word.ends_with(end)).map_or(0, |(_, concept)| concept.bit())
}

/// All that a few words mean together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concepts(u64);

impl Concepts {
    /// What two words mean that belong together, written as one: `who are`, `how can`.
    pub fn of_pairs(words: &[String]) -> Concepts {
        Concepts(words.windows(2).filter_map(|pair| TABLE.get(&pair.concat())).fold(0, |all, one| all | one.0))
    }

    /// What these words mean.
    pub fn of(words: &[String]) -> Concepts {
        Concepts(
            words.iter().fold(0, |all, word| all | TABLE.get(word).map_or_else(|| compound(word), |known| known.0)),
        )
    }

    /// Whether one of them means this.
    pub fn has(self, concept: Concept) -> bool {
        self.0 & concept.bit() != 0
    }

    /// Whether one of them means one of these.
    pub fn any(self, concepts: &[Concept]) -> bool {
        concepts.iter().any(|concept| self.has(*concept))
    }

    /// Both together.
    pub fn with(self, other: Concepts) -> Concepts {
        Concepts(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(text: &str) -> Concepts {
        Concepts::of(&words(text))
    }

    #[test]
    fn words_mean_the_same_in_every_spelling() {
        for text in ["Téléphone", "TELEPHONE", "tele-phone phone", "電話番号", "Телефон", "telefón"] {
            assert!(meaning(text).has(C::Phone), "{text}");
        }
        assert!(meaning("Prénom").has(C::First) && !meaning("hotel").has(C::Phone));
        assert!(meaning("").eq(&Concepts::default()));
    }
}
