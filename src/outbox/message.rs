//! A message as the outbox keeps it: what it is for, where it stands, and how it is planned.

use super::channel::Medium;
use crate::base::ids::{BusinessId, LeadId, MessageId, PersonId, SourceId};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// The word in database, page and API.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The value of a stored word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// What a message is for.
    Purpose {
        /// The answer to the person who wrote.
        LeadReply = "lead_reply",
        /// A new lead, to one of us.
        OwnerAlert = "owner_alert",
        /// Nobody took it; the next one is told.
        Escalation = "escalation",
        /// A later word to the lead.
        FollowUp = "follow_up",
        /// A person's own words to the lead.
        Relay = "relay",
        /// Something the owner should know.
        Notice = "notice",
        /// A report.
        Report = "report",
        /// What happened to a lead, to a program or a chat of the business.
        Hook = "hook",
    }
}

words! {
    /// Where a message stands.
    State {
        /// Waits for its time and its turn.
        Queued = "queued",
        /// Under way; a lease says until when.
        Sending = "sending",
        /// The vendor has it.
        Accepted = "accepted",
        /// The vendor says that it arrived.
        Delivered = "delivered",
        /// It may or may not have been sent; being looked up.
        Unknown = "unknown",
        /// Kept back; the reason says why and until when.
        Held = "held",
        /// Given up, or refused for good.
        Failed = "failed",
        /// Too late to be worth sending.
        Expired = "expired",
        /// Called off.
        Cancelled = "cancelled",
    }
}

impl Purpose {
    /// Whether it goes to the person who wrote, rather than to one of us.
    pub fn is_for_lead(self) -> bool {
        matches!(self, Purpose::LeadReply | Purpose::FollowUp | Purpose::Relay)
    }

    /// The class in the queue: 0 the instant answer, 1 alerts, 2 conversation, 3 reports.
    pub fn prio(self) -> i64 {
        match self {
            Purpose::LeadReply => 0,
            Purpose::OwnerAlert | Purpose::Escalation => 1,
            Purpose::FollowUp | Purpose::Relay | Purpose::Notice | Purpose::Hook => 2,
            Purpose::Report => 3,
        }
    }

    /// How long it is worth sending, in milliseconds: the instant answer an hour, alerts a day, hooks four days
    /// (their tries end before), the rest six hours.
    pub fn worth_ms(self) -> i64 {
        use crate::base::clock::{DAY_MS, HOUR_MS};
        if self == Purpose::Hook {
            return 4 * DAY_MS;
        }
        match self.prio() {
            0 => HOUR_MS,
            1 => DAY_MS,
            _ => 6 * HOUR_MS,
        }
    }
}

/// A planned message: everything about it is decided, its words are frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: MessageId,
    /// Whose it is.
    pub business_id: BusinessId,
    /// The lead it is about.
    pub lead_id: Option<LeadId>,
    /// Whom of our own it tells, if not the lead.
    pub person_id: Option<PersonId>,
    /// The source that caused it, for the caps.
    pub source_id: Option<SourceId>,
    /// What it is for.
    pub purpose: Purpose,
    /// Which of its purpose: planning the same step of the same lead twice stores one.
    pub step: String,
    /// How it travels.
    pub medium: Medium,
    /// E.164 number or e-mail address.
    pub recipient: String,
    /// Subject of a mail.
    pub subject: String,
    /// The words.
    pub body: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// How many parts a text has; 1 for a mail.
    pub parts: i64,
    /// The network the submission came from, for the caps.
    pub remote: Option<String>,
    /// When it was planned (UTC milliseconds).
    pub queued_at: i64,
    /// Not before (UTC milliseconds).
    pub due_at: i64,
    /// Not after (UTC milliseconds).
    pub expires_at: i64,
    /// [`State::Queued`], or [`State::Held`] from the start.
    pub state: State,
    /// Why it is held.
    pub reason: Option<String>,
    /// What to send instead if this cannot be sent.
    pub fallback: Option<Fallback>,
}

/// The same said in another way, with words of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The address of a mail, or the number of a text.
    pub to: String,
    /// The subject of a mail.
    pub subject: String,
    /// The words.
    pub body: String,
}
