//! The interface of a channel, declared here because the outbox is who uses it; `delivery` fulfils it.

pub use crate::base::Boxed;
use crate::base::ids::{BusinessId, MessageId};
use std::time::Duration;

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Medium {
    /// A text to a phone.
    Sms,
    /// An e-mail.
    Mail,
    /// A request to an address that a business gave.
    Hook,
    /// A telephone that rings and is talked to by a machine.
    Call,
}

impl Medium {
    /// The word in database, page and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Medium::Sms => "sms",
            Medium::Mail => "mail",
            Medium::Hook => "hook",
            Medium::Call => "call",
        }
    }

    /// The medium of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "sms" => Some(Medium::Sms),
            "mail" => Some(Medium::Mail),
            "hook" => Some(Medium::Hook),
            "call" => Some(Medium::Call),
            _ => None,
        }
    }
}

/// One message as a channel gets it: words frozen, recipient checked, the attempt already written down.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The row in the outbox.
    pub id: MessageId,
    /// Whose message it is.
    pub business_id: BusinessId,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// E.164 number or e-mail address.
    pub to: String,
    /// The shop's name, for a mail's sender line.
    pub from_name: String,
    /// Where answers to a mail go, if not to the sender.
    pub reply_to: Option<String>,
    /// Subject of a mail; empty for a text.
    pub subject: String,
    /// The words, plain.
    pub body: String,
    /// The same as HTML, where a mail has that part.
    pub html: Option<String>,
    /// How long the message is worth delivering, in seconds from now.
    pub valid_for_secs: u32,
    /// Whether a machine answers a person by itself (RFC 3834 `Auto-Submitted: auto-replied`) rather than
    /// notifying (`auto-generated`).
    pub auto_reply: bool,
    /// Where whoever gets this mail ends them, for its header.
    pub unsubscribe: Option<String>,
    /// Where it goes, if to a hook.
    pub hook: Option<HookAddress>,
}

/// Where a hook's requests go and what they are signed with, sealed with the key file.
#[derive(Clone, PartialEq, Eq)]
pub struct HookAddress {
    /// In which shape; a word of [`crate::lead::hook::Kind`].
    pub kind: String,
    /// The address.
    pub url_sealed: String,
    /// The secrets that sign, the one in force first.
    pub secrets_sealed: Vec<String>,
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outgoing({} try {} to {})", self.id, self.attempt, crate::base::mask::contact(&self.to))
    }
}

/// What became of one attempt. Every failure names its cause in one plain sentence for the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The vendor took it over.
    Accepted {
        /// The vendor's own id (Twilio `SM…`), or our Message-ID.
        vendor_id: Option<String>,
        /// What the vendor counted, else what we counted.
        parts: u32,
    },
    /// Certainly not sent; worth another try.
    NotSent {
        /// Why, in words.
        reason: String,
        /// The vendor's code, if it gave one.
        code: Option<i64>,
        /// The vendor's `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// Refused for good.
    Rejected {
        /// Why, in words.
        reason: String,
        /// The vendor's code.
        code: Option<i64>,
        /// Whether the vendor says that this person has opted out (Twilio 21610).
        opted_out: bool,
    },
    /// The vendor does not let this account send at all (wrong key, suspended, unfunded): stop the channel, keep the rows.
    Blocked {
        /// Why, in words.
        reason: String,
        /// The vendor's code.
        code: Option<i64>,
    },
    /// It may or may not have been sent.
    Unknown {
        /// Why, in words.
        reason: String,
        /// The vendor's code, if any came.
        code: Option<i64>,
    },
}

impl Outcome {
    /// Its class, in one word.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Accepted { .. } => "accepted",
            Outcome::NotSent { .. } => "not_sent",
            Outcome::Rejected { .. } => "rejected",
            Outcome::Blocked { .. } => "blocked",
            Outcome::Unknown { .. } => "unknown",
        }
    }
}

/// What a look-up at the vendor says about an attempt of unknown outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The vendor has it. Several candidates are listed, oldest first; the caller takes the first id that no
    /// other row has.
    Yes(Vec<Sighting>),
    /// The vendor answered, and has no such message.
    No,
    /// The vendor could not be asked, or this channel has nothing to look up.
    CannotTell(String),
}

/// One message that the vendor shows in its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The vendor's id.
    pub vendor_id: String,
    /// The vendor's status word, as it is (an open set).
    pub status: String,
    /// The vendor's error code, if the message failed.
    pub code: Option<i64>,
}

/// How a hand-over stands after the channel's own time is up.
pub enum Handed {
    /// It is over.
    Done(Outcome),
    /// The vendor has every byte and owes an answer that may take minutes; whoever wants it waits on, without a slot.
    Waiting(Boxed<'static, Outcome>),
}

/// A way out of the house.
pub trait Channel: Send + Sync + 'static {
    /// What it carries.
    fn medium(&self) -> Medium;

    /// The vendor's name for pages and logs: `twilio`, `smtp`, `preview`.
    fn vendor(&self) -> &'static str;

    /// Hands one message over and sees it through. Must come to an end by itself and never try twice.
    fn send<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Outcome>;

    /// The same within 30 seconds: where the answer alone is missing by then, it can be waited for apart.
    fn hand_over<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Handed> {
        Box::pin(async move { Handed::Done(self.send(message).await) })
    }

    /// How many segments a second the sender may have carried, where that is limited; else none.
    fn segments_a_second(&self) -> Option<u32> {
        None
    }

    /// Looks for a message whose outcome is unknown, sent at or after `since_ms` (UTC milliseconds).
    fn look_up<'a>(&'a self, message: &'a Outgoing, since_ms: i64) -> Boxed<'a, Found>;
}
