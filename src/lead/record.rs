//! A lead as it is kept: who wrote, what they want, and the clocks. Plain values; nothing here knows SQL or HTTP.
//!
//! All instants are UTC milliseconds since 1970.

use super::contact::{Email, Phone};
pub use super::reading::{Consent as Permission, Field as Answer};
use super::sale::Sold;
use super::state::State;
use crate::base::ids::{BusinessId, LeadId, PersonId, SourceId};

/// One enquiry of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// Whose it is.
    pub business: BusinessId,
    /// Where it came in.
    pub source: SourceId,
    /// `form`, `payment`, `call`, `text` or `booking`.
    pub kind: String,
    /// Told to the owner only, outside all numbers.
    pub is_test: bool,
    /// Told to nobody, outside all numbers.
    pub is_spam: bool,
    /// Full name, as given.
    pub name: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// The number to call.
    pub phone: Option<Phone>,
    /// The number as typed, also when nobody can dial it.
    pub phone_given: Option<String>,
    /// The address to write to.
    pub email: Option<Email>,
    /// What the person wants.
    pub message: Option<String>,
    /// The page that carried the form.
    pub page: Option<String>,
    /// Permission to text, where the form spoke of it.
    pub permission: Option<Permission>,
    /// Every other answer, in the form's order.
    pub fields: Vec<Answer>,
    /// Whether it arrived outside opening hours.
    pub was_closed: bool,
    /// Where it stands.
    pub state: State,
    /// How it ended, once closed.
    pub outcome: Option<String>,
    /// How many submissions this enquiry holds.
    pub writes: i64,
    /// When the newest of them came.
    pub last_write_at: i64,
    /// Its clocks.
    pub clocks: Clocks,
    /// Whose it is, if somebody took it.
    pub held_by: Option<Holder>,
    /// The newest payment of this person for it.
    pub payment: Option<Sold>,
    /// How the first person answered: `call`, `text`, `mail` or `said`.
    pub person_how: Option<String>,
}

/// Who has a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person, if it is one of those who are told (a sign-in alone is not).
    pub person: Option<PersonId>,
    /// Their name.
    pub name: String,
    /// Since when it is theirs. Later than `taken_at` when someone took it from the first one.
    pub since: i64,
}

/// The instants of a lead, as docs/numbers.md defines them. `None`: has not happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// First byte durably stored.
    pub received_at: i64,
    /// The carrier or mail server accepted the first message to the lead.
    pub first_text_at: Option<i64>,
    /// Its receipt.
    pub delivered_at: Option<i64>,
    /// The first owner alert was accepted.
    pub alerted_at: Option<i64>,
    /// Someone said it is theirs.
    pub taken_at: Option<i64>,
    /// The first call started or words typed by a human.
    pub person_at: Option<i64>,
    /// Confirmed talk.
    pub reached_at: Option<i64>,
    /// The lead's first reply.
    pub replied_at: Option<i64>,
    /// An outcome was chosen.
    pub closed_at: Option<i64>,
}

impl Lead {
    /// What to call the person: the name, else the number, else the address, else "Someone".
    pub fn title(&self) -> &str {
        self.name
            .as_deref()
            .or(self.phone.as_ref().map(Phone::as_str))
            .or(self.phone_given.as_deref())
            .or(self.email.as_ref().map(Email::as_str))
            .unwrap_or("Someone")
    }

    /// The same with the number as people write it in that country (ISO 3166 alpha-2).
    pub fn called(&self, country: &str) -> String {
        match (&self.name, &self.phone) {
            (None, Some(phone)) => phone.national(country),
            _ => self.title().to_owned(),
        }
    }

    /// Whether it counts: not a test, not spam, and somebody could be answered.
    pub fn is_real(&self) -> bool {
        !self.is_test && !self.is_spam && (self.phone.is_some() || self.email.is_some())
    }
}

/// One thing that happened to a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: i64,
    /// `received`, `wrote_again`, `fetched`, `message_accepted`, `message_delivered`, `message_failed`, `message_held`, `taken`,
    /// `handed_back`, `returned`, `passed_on`, `note`, `person`, `reached`, `replied`, `urgent`, `outcome`, `reopened`, `not_spam`,
    /// `opted_out`,
    /// `opted_in`, `booked`, `called_off`, `payment_started`, `payment_failed`, `paid`, `refunded`.
    pub kind: String,
    /// Who did it; `None` is the machine.
    pub by: Option<String>,
    /// Words, or a message id.
    pub detail: Option<String>,
}
