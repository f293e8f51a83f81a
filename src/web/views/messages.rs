//! The texts that answer by themselves, in the shop's words or the usual ones, as they look on a phone and what they cost;
//! and those that follow.

use super::chrome::Chrome;
use super::format::count;
use crate::base::sms;
use askama::Template;

/// What a part is reckoned at, in thousandths of a US dollar: the usual price in the US.
const MILS_A_PART: u32 = 8;

/// The page at `/b/{slug}/messages`. Each text posts `body` and `do` (`look`, `save`, `usual` or `send`) to its kind below
/// it; each follow-up posts `id`, `after`, `source`, `body`, `on` and `do` (`save` or `remove`) to `follow-ups`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/messages.html")]
pub struct MessagesPage {
    /// The frame.
    pub chrome: Chrome,
    /// The answers.
    pub texts: Vec<Text>,
    /// The follow-ups, and an empty one.
    pub follow_ups: Vec<FollowUp>,
    /// The waits to choose from: value and words.
    pub waits: Vec<(String, &'static str)>,
    /// The sources to choose from: id and name.
    pub sources: Vec<(String, String)>,
    /// What was just done.
    pub told: Option<String>,
    /// Whether a first answer goes at night too.
    pub at_night: bool,
    /// Follow-ups by mail; posts `postal` and `on` to `by-mail`.
    pub mail: Mail,
}

/// Why follow-ups by mail are not switched on.
pub const NO_POSTAL: &str =
    "Not switched on: a mail that follows must carry your postal address (the law asks for it). Enter it first.";

/// How follow-ups go by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The postal address; may be empty.
    pub postal: String,
    /// Whether they are sent.
    pub is_on: bool,
    /// What is wrong with what was typed.
    pub fault: Option<&'static str>,
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its word in addresses.
    pub kind: &'static str,
    /// What it is.
    pub title: &'static str,
    /// When it goes.
    pub when: &'static str,
    /// What can be filled in.
    pub names: String,
    /// Its words, as typed or as they stand.
    pub body: String,
    /// Whether they are the shop's own.
    pub is_own: bool,
    /// As it looks, filled in.
    pub looks: String,
    /// What is wrong with it.
    pub faults: Vec<String>,
}

/// One follow-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// Its id; empty for a new one.
    pub id: String,
    /// Its wait, as a value of the list.
    pub after: String,
    /// Its source; empty = all.
    pub source: String,
    /// Its words, as typed or as they stand.
    pub body: String,
    /// Whether it is sent.
    pub is_on: bool,
    /// Whether it is marketing.
    pub is_marketing: bool,
    /// As it looks, filled in.
    pub looks: String,
    /// What is wrong with it.
    pub faults: Vec<String>,
}

/// `136 of 160, 1 part, $0.008`.
pub fn measure(text: &str) -> String {
    let parts = sms::parts(text);
    let (units, room) = (sms::units(text, parts.encoding), parts.encoding.one_part());
    let mils = parts.segments * MILS_A_PART;
    let of = if parts.segments <= 1 {
        format!("{units} of {room}")
    } else {
        count(u64::from(units), "character", "characters")
    };
    format!("{of}, {}, ${}.{:03}", count(u64::from(parts.segments), "part", "parts"), mils / 1_000, mils % 1_000)
}

impl Text {
    /// What it costs.
    pub fn measure(&self) -> String {
        measure(&self.looks)
    }
}

impl FollowUp {
    /// What it costs.
    pub fn measure(&self) -> String {
        measure(&self.looks)
    }

    /// What its fields are called by, apart from others of the page.
    pub fn key(&self) -> &str {
        if self.id.is_empty() { "new" } else { &self.id }
    }
}

#[cfg(test)]
mod tests {
    use super::measure;

    #[test]
    fn a_text_is_measured_in_what_it_takes_and_costs() {
        assert_eq!(measure(&"x".repeat(136)), "136 of 160, 1 part, $0.008");
        assert_eq!(measure(&"x".repeat(161)), "161 characters, 2 parts, $0.016");
        assert_eq!(measure("тече"), "4 of 70, 1 part, $0.008");
    }
}
