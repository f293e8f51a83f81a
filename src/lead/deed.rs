//! What people do with a lead, in words: who, how, and what came of it. Plain values; nothing here knows SQL or HTTP.

use crate::base::ids::PersonId;

/// Someone who does something with a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// Their name, for the timeline.
    pub name: String,
    /// The person who is told about leads, if it is one; a sign-in alone is not.
    pub person: Option<PersonId>,
}

/// What came of "I've got it".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is yours, now or since an earlier tap.
    You,
    /// Someone was first. Nothing was changed.
    AlreadyBy {
        /// Who has it.
        name: String,
        /// Since when (UTC milliseconds).
        at: i64,
    },
    /// It is over; nothing was changed.
    Closed,
}

/// How a person answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Tapped on Call.
    Call,
    /// Was put through to them; known by the vendor's word and never by anybody's claim.
    Bridge,
    /// Wrote a text.
    Text,
    /// Wrote a mail.
    Mail,
    /// Says so: "I called at…".
    Said,
}

impl How {
    /// The word as stored and as the API takes it.
    pub fn as_str(self) -> &'static str {
        match self {
            How::Call => "call",
            How::Bridge => "bridge",
            How::Text => "text",
            How::Mail => "mail",
            How::Said => "said",
        }
    }

    /// The way of that name, if there is one that a person may claim.
    pub fn parse(word: &str) -> Option<How> {
        [How::Call, How::Text, How::Mail, How::Said].into_iter().find(|h| h.as_str() == word)
    }
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// They talked.
    Talked,
    /// A message was left.
    Voicemail,
    /// Nobody picked up.
    NoAnswer,
}

impl Reached {
    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Reached::Talked => "talked",
            Reached::Voicemail => "voicemail",
            Reached::NoAnswer => "no_answer",
        }
    }

    /// The result of that name, if there is one.
    pub fn parse(word: &str) -> Option<Reached> {
        [Reached::Talked, Reached::Voicemail, Reached::NoAnswer].into_iter().find(|r| r.as_str() == word)
    }
}

/// How a lead can end. The API and the page offer these and no others.
pub const OUTCOMES: [&str; 5] = ["booked", "talked", "no_answer", "lost", "wrong"];
