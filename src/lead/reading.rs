//! What one submission says, in our words, whatever its shape was.

use crate::base::money::Money;
use crate::lead::contact::{Email, Phone};
use crate::lead::keyword::Keyword;
use serde::{Deserialize, Serialize};

/// What sort of thing came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person wants something.
    Lead,
    /// A vendor's test, or ours: told to the owner only, outside all numbers.
    Test,
    /// A ping or an event that concerns nobody: answered, kept, told to nobody.
    Ignored,
    /// A filled honeypot and the like: answered as a success, told to nobody.
    Spam,
    /// Nothing in it can be understood, or nobody could be answered: kept whole, the owner is told.
    Unreadable,
}

/// A field that is none of name, phone, e-mail and message, kept as given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The sender's own word for it, for people.
    pub label: String,
    /// What was answered; several answers are joined by `, `.
    pub value: String,
}

/// The stored answers (JSON), and those whose label is not among them.
pub fn with_new(stored: &str, read: &[Field]) -> String {
    let mut fields: Vec<Field> = serde_json::from_str(stored).unwrap_or_default();
    let missing: Vec<Field> =
        read.iter().filter(|new| !fields.iter().any(|old| old.label == new.label)).cloned().collect();
    fields.extend(missing);
    serde_json::to_string(&fields).unwrap_or_else(|_| stored.to_owned())
}

/// Permission to text, as the form recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Whether the box was ticked.
    pub given: bool,
    /// The field that carried it.
    pub field: String,
    /// The words or the value it carried, cleaned.
    pub words: String,
}

/// What a submission is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Somebody filled in a form.
    #[default]
    Form,
    /// Somebody booked an appointment, moved it or called it off.
    Booking(Booking),
    /// Money: paid, about to be, failed or given back.
    Payment(Payment),
    /// A text to a number.
    Text,
    /// A text that switches texts off or on, or asks who we are.
    Keyword(Keyword),
    /// A call to a number.
    Call,
}

impl About {
    /// The kind of lead that it makes: `form`, `booking`, `payment`, `text`, `call`.
    pub fn kind(&self) -> &'static str {
        match self {
            About::Form => "form",
            About::Booking(_) => "booking",
            About::Payment(_) => "payment",
            About::Text | About::Keyword(_) => "text",
            About::Call => "call",
        }
    }
}

/// An appointment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// What was booked, in the calendar's words.
    pub what: Option<String>,
    /// When it begins, as the sender wrote it.
    pub starts: Option<String>,
    /// It was called off.
    pub is_cancelled: bool,
}

/// How far a payment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Promised, not money yet.
    Pending,
    /// Money.
    Paid,
    /// It did not go through.
    Failed,
    /// Given back, in part or whole.
    Refunded,
}

impl PaymentState {
    /// The state of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Pending, Self::Paid, Self::Failed, Self::Refunded].into_iter().find(|state| state.as_str() == word)
    }

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            PaymentState::Pending => "pending",
            PaymentState::Paid => "paid",
            PaymentState::Failed => "failed",
            PaymentState::Refunded => "refunded",
        }
    }
}

/// One event of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// How far it has come by this event.
    pub state: PaymentState,
    /// How much: of the sale, or for [`PaymentState::Refunded`] the sum of what was given back so far.
    pub money: Money,
    /// The ids by which the sender's events name this one sale, the steadiest first (payment intent before charge
    /// before session). Any of them makes two events one sale. Never empty.
    pub references: Vec<String>,
    /// Why it failed, in the sender's words.
    pub reason: Option<String>,
    /// What was bought, in the sender's words.
    pub what: Option<String>,
    /// The refund's own id, where `money` is what this one refund gave back and not the sum so far.
    #[serde(default)]
    pub refund: Option<String>,
    /// For [`PaymentState::Refunded`]: how much the sale was of, where the sender says both.
    #[serde(default)]
    pub of: Option<Money>,
}

/// What a thin event leaves out, and by which name it can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// What to ask for, in the provider's own terms: `leadgen`, `appointment`.
    pub what: String,
    /// Its id there.
    pub id: String,
}

/// One submission, understood as far as it can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What sort of thing came.
    pub kind: Kind,
    /// What it is about.
    #[serde(default)]
    pub about: About,
    /// What has to be asked for, if the sender named a person without saying who.
    #[serde(default)]
    pub fetch: Option<Fetch>,
    /// Full name, single spaces, at most 200 characters.
    pub name: Option<String>,
    /// The given name alone, where the form has it apart or the name shows it.
    pub first_name: Option<String>,
    /// A deliverable-looking address, lower-cased domain.
    pub email: Option<Email>,
    /// A dialable number in E.164.
    pub phone: Option<Phone>,
    /// The number as the visitor typed it, also when it is not dialable.
    pub phone_as_given: Option<String>,
    /// What the person wants, LF line ends, trimmed.
    pub message: Option<String>,
    /// Permission to text, where a field speaks of it.
    pub consent: Option<Consent>,
    /// Permission for news and offers, where a box speaks of them. Only [`Consent::given`] permits any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketing: Option<Consent>,
    /// The page that carried the form (absolute http(s) address).
    pub page: Option<String>,
    /// Every other answer, in the order of the form.
    pub fields: Vec<Field>,
    /// The sender's own id of this delivery or submission, where it gives one.
    pub event_id: Option<String>,
    /// Where the sender wants the browser to go (`_next`, `_redirect`, `redirect`); untrusted.
    pub redirect: Option<String>,
    /// How many files came along. They are counted, not kept.
    pub files: u32,
    /// SHA-256 (hex) of the canonical answers: same answers, same hash, whatever their order, encoding or
    /// control fields.
    pub answers_hash: String,
    /// For [`Kind::Unreadable`], [`Kind::Ignored`] and [`Kind::Spam`]: why, in one plain sentence for the owner.
    pub problem: Option<String>,
}

impl Reading {
    /// How the person is reached, as somebody in this country writes it: the number, as typed if nobody can dial it, else
    /// the address.
    pub fn contact(&self, country: &str) -> Option<String> {
        let dialled = self.phone.as_ref().map(|phone| phone.national(country));
        let typed = || self.phone_as_given.clone();
        dialled.or_else(typed).or_else(|| self.email.as_ref().map(|email| email.as_str().to_owned()))
    }
}
