//! The shop's own words for the texts that answer by themselves, and its follow-ups. Records only: how they are filled in
//! and what they must say is told in `reply`.

pub mod store;

use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::base::ids::{BusinessId, SourceId};

/// The texts that a shop can put in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The first answer while the shop is open.
    Open,
    /// The same while it is closed.
    Closed,
    /// Thanks for a payment.
    Paid,
    /// A call that nobody answered.
    Missed,
}

impl Kind {
    /// All of them, in the order of the page.
    pub const ALL: [Kind; 4] = [Kind::Open, Kind::Closed, Kind::Paid, Kind::Missed];

    /// Its word in forms and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Open => "open",
            Kind::Closed => "closed",
            Kind::Paid => "paid",
            Kind::Missed => "missed",
        }
    }

    /// The kind of such a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One word that follows.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FollowUp {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub business_id: BusinessId,
    /// Only leads of this source; none = of all.
    pub source_id: Option<SourceId>,
    /// Since the lead came, in milliseconds.
    pub after_ms: i64,
    /// With `{first}`, `{shop}`, `{owner}`, `{phone}` and `{time}`.
    pub body: String,
    /// Whether it is sent.
    pub is_on: bool,
    /// Whether it is marketing, and so goes to those alone who agreed to get any; else it is a reply.
    pub is_marketing: bool,
}

/// Follow-ups by mail, for whoever cannot be texted.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct FollowMail {
    /// The postal address that each of them carries, on one line; empty = not said yet.
    pub postal: String,
    /// Whether they are sent.
    pub is_on: bool,
}

impl FollowMail {
    /// The address to write below them, if they are sent. Without an address none is.
    pub fn postal(&self) -> Option<&str> {
        Some(self.postal.as_str()).filter(|postal| self.is_on && !postal.is_empty())
    }
}

/// When follow-ups can be sent, in milliseconds since the lead came, with the words for it.
pub const WAITS: [(i64, &str); 9] = [
    (15 * MINUTE_MS, "15 minutes"),
    (30 * MINUTE_MS, "30 minutes"),
    (HOUR_MS, "1 hour"),
    (2 * HOUR_MS, "2 hours"),
    (4 * HOUR_MS, "4 hours"),
    (DAY_MS, "1 day"),
    (2 * DAY_MS, "2 days"),
    (3 * DAY_MS, "3 days"),
    (7 * DAY_MS, "7 days"),
];
/// Most follow-ups of one shop.
pub const FOLLOW_UPS_MAX: usize = 10;

/// The words of one shop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    own: Vec<(Kind, String)>,
    /// What follows, the earliest first; those that are switched off too.
    pub follow_ups: Vec<FollowUp>,
    /// Whether they also go by mail.
    pub mail: FollowMail,
}

impl Wording {
    /// With these words of its own.
    pub fn new(own: Vec<(Kind, String)>, follow_ups: Vec<FollowUp>, mail: FollowMail) -> Self {
        Self { own, follow_ups, mail }
    }

    /// Its own words for a text; none = the usual ones.
    pub fn of(&self, kind: Kind) -> Option<&str> {
        self.own.iter().find(|(own, _)| *own == kind).map(|(_, body)| body.as_str())
    }

    /// What follows a lead of this source.
    pub fn following<'a>(&'a self, source: &'a SourceId) -> impl Iterator<Item = &'a FollowUp> {
        self.follow_ups.iter().filter(move |step| step.is_on && step.source_id.as_ref().is_none_or(|of| of == source))
    }
}
