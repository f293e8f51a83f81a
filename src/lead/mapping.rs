//! What the owner says that the fields of a form mean, where our own guess is to be overruled.
//!
//! A field is known by the names it stands under and, where its sender gives one, by the words of its question. A
//! question that is put in other words is still the same field as long as its name is its own.

use serde::{Deserialize, Serialize};

/// Most fields of one source that can be given a meaning.
pub const FIELDS_MAX: usize = 200;
/// Longest name or question of a field, in bytes; longer ones cannot be given a meaning.
pub const NAME_MAX: usize = 1_000;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// The whole name.
    Name,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// The number.
    Phone,
    /// The address.
    Email,
    /// The wish.
    Message,
    /// Permission to text.
    Consent,
    /// Something else: shown with its own words, and never taken for one of the above.
    Other,
}

impl Meaning {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Meaning; 8] = [
        Meaning::Name,
        Meaning::FirstName,
        Meaning::LastName,
        Meaning::Phone,
        Meaning::Email,
        Meaning::Message,
        Meaning::Consent,
        Meaning::Other,
    ];

    /// Its word in forms and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Meaning::Name => "name",
            Meaning::FirstName => "first_name",
            Meaning::LastName => "last_name",
            Meaning::Phone => "phone",
            Meaning::Email => "email",
            Meaning::Message => "message",
            Meaning::Consent => "consent",
            Meaning::Other => "other",
        }
    }

    /// The meaning of such a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|meaning| meaning.as_str() == word)
    }

    /// What it is called on pages.
    pub fn words(self) -> &'static str {
        match self {
            Meaning::Name => "Name",
            Meaning::FirstName => "First name",
            Meaning::LastName => "Last name",
            Meaning::Phone => "Phone number",
            Meaning::Email => "Email address",
            Meaning::Message => "Message",
            Meaning::Consent => "Consent to texts",
            Meaning::Other => "Just show it",
        }
    }
}

/// How a field is known again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The names it stands under, outermost first, its own last, with dots between them.
    pub at: String,
    /// The question, where the sender says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// One field and its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Which.
    #[serde(flatten)]
    pub place: Place,
    /// What it holds.
    pub is: Meaning,
}

/// What the owner said of the fields of one source. Empty: nothing, every meaning is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping {
    fields: Vec<Field>,
}

impl Mapping {
    /// Of these fields; the last word on a field counts. What is too long or too much is left to the guess.
    pub fn of(fields: impl IntoIterator<Item = Field>) -> Self {
        let mut kept: Vec<Field> = Vec::new();
        for field in fields {
            kept.retain(|earlier| earlier.place != field.place);
            let length = field.place.at.len().max(field.place.label.as_ref().map_or(0, String::len));
            if length <= NAME_MAX && kept.len() < FIELDS_MAX {
                kept.push(field);
            }
        }
        Self { fields: kept }
    }

    /// As it is stored (JSON). Something else counts as nothing said: a form is read by guess rather than not at all.
    pub fn parse(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// To be stored; none when nothing is said.
    pub fn to_json(&self) -> Option<String> {
        if self.is_empty() { None } else { serde_json::to_string(self).ok() }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// What each of these fields of one submission means, in their order; none where nothing was said.
    pub fn meanings(&self, places: &[Place]) -> Vec<Option<Meaning>> {
        let exact = |place: &Place| self.fields.iter().find(|field| field.place == *place).map(|field| field.is);
        places.iter().map(|place| exact(place).or_else(|| self.by_name(place, places))).collect()
    }

    /// What was said of fields that are none of these.
    pub fn unseen(&self, places: &[Place]) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |field| {
            let named = places.iter().filter(|place| place.at == field.place.at);
            !places.contains(&field.place) && named.clone().all(|place| self.by_name(place, places).is_none())
        })
    }

    /// A field whose question was put in other words: it has its name for itself, here and in what was said.
    fn by_name(&self, place: &Place, places: &[Place]) -> Option<Meaning> {
        let mut said = self.fields.iter().filter(|field| field.place.at == place.at);
        let (one, more) = (said.next()?, said.next());
        let is_alone = places.iter().filter(|other| other.at == place.at).count() == 1;
        (more.is_none() && is_alone).then_some(one.is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(at: &str, label: Option<&str>) -> Place {
        Place { at: at.to_owned(), label: label.map(str::to_owned) }
    }

    fn said(fields: &[(Place, Meaning)]) -> Mapping {
        Mapping::of(fields.iter().map(|(place, is)| Field { place: place.clone(), is: *is }))
    }

    #[test]
    fn a_question_in_other_words_keeps_its_meaning_and_two_of_one_name_are_told_apart() {
        let mapping = said(&[(place("answers.q1", Some("Your number")), Meaning::Phone)]);
        let list = said(&[(place("fields", Some("Tel")), Meaning::Phone)]);

        assert_eq!(mapping.meanings(&[place("answers.q1", Some("Phone?"))]), [Some(Meaning::Phone)]);
        assert_eq!(
            list.meanings(&[place("fields", Some("Fax")), place("fields", Some("Tel"))]),
            [None, Some(Meaning::Phone)]
        );
        assert_eq!(list.meanings(&[place("fields", Some("Fax")), place("fields", Some("Name"))]), [None, None]);
    }

    #[test]
    fn what_is_stored_comes_back_and_what_is_no_mapping_says_nothing() {
        let mapping = said(&[(place("a", None), Meaning::Other), (place("b", Some("B")), Meaning::FirstName)]);

        assert_eq!(Mapping::parse(&mapping.to_json().unwrap()), mapping);
        assert_eq!(Mapping::parse("{").to_json(), None);
        assert!(Meaning::ALL.iter().all(|meaning| Meaning::parse(meaning.as_str()) == Some(*meaning)));
    }

    #[test]
    fn the_last_word_on_a_field_counts_and_endless_names_are_left_out() {
        let long = place(&"x".repeat(NAME_MAX + 1), None);
        let mapping =
            said(&[(place("a", None), Meaning::Name), (long, Meaning::Name), (place("a", None), Meaning::Email)]);

        assert_eq!(mapping, said(&[(place("a", None), Meaning::Email)]));
    }
}
