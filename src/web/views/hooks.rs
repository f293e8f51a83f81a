//! Outgoing hooks: what is told to whom, whether it arrives, and a form for one more.

use super::chrome::Chrome;
use super::pieces::Pill;
use crate::lead::hook::{Event, Kind};
use askama::Template;

/// The page at `/b/{slug}/hooks`. Its form posts `url`, `kind` and any number of `event` to the same address.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/hooks.html")]
pub struct HooksPage {
    /// The frame.
    pub chrome: Chrome,
    /// What was typed.
    pub typed: Typed,
    /// A word on what was just done.
    pub told: Option<&'static str>,
    /// A secret that was just made, and the host it is for.
    pub fresh: Option<(String, String)>,
    /// The hooks.
    pub hooks: Vec<HookCard>,
}

/// What was typed into the form, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The address.
    pub url: String,
    /// What is wrong with it.
    pub url_wrong: Option<String>,
    /// A word of [`Kind`].
    pub kind: String,
    /// Words of [`Event`].
    pub events: Vec<String>,
    /// What is wrong with them.
    pub events_wrong: Option<String>,
}

/// A hook. Its buttons post to `test`, `secret`, `off`, `on`, `remove` and `again` (`message`) below its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookCard {
    /// Its id.
    pub id: String,
    /// Where it goes, as far as that is no secret.
    pub address: String,
    /// What kind it is.
    pub kind: &'static str,
    /// What it hears of, in words.
    pub events: String,
    /// How it is doing.
    pub pill: Pill,
    /// Why it is off, or how it is failing.
    pub why: Option<String>,
    /// Whether it is on.
    pub is_on: bool,
    /// Whether it signs.
    pub has_secret: bool,
    /// Until when the secret before signs along.
    pub old_until: Option<String>,
    /// The newest messages.
    pub deliveries: Vec<DeliveryLine>,
}

/// A message to a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryLine {
    /// Its id.
    pub id: String,
    /// The word of its event.
    pub event: String,
    /// When it happened.
    pub at: String,
    /// The lead it is about.
    pub lead: Option<String>,
    /// Where it stands.
    pub pill: Pill,
    /// Why, after how many tries, and when it is tried again.
    pub about: String,
    /// Whether it can be sent again.
    pub can_again: bool,
}

impl HooksPage {
    fn kinds(&self) -> [Kind; 3] {
        Kind::ALL
    }

    fn events(&self) -> [Event; 7] {
        Event::ALL
    }

    fn is_kind(&self, kind: &Kind) -> bool {
        self.typed.kind == kind.as_str()
    }

    fn is_ticked(&self, event: &Event) -> bool {
        self.typed.events.iter().any(|word| word == event.as_str())
    }
}

/// The words on what was just done.
pub fn told(done: &str) -> Option<&'static str> {
    Some(match done {
        "added" => "Added. Press Send a test to try it.",
        "test" => "A test is on its way. Load this page again in a moment: the result stands below.",
        "again" => "It is sent again.",
        "off" => "Switched off. Nothing is sent there.",
        "on" => "Switched on. It hears of everything from now on.",
        "removed" => "Removed.",
        _ => return None,
    })
}

/// `after 3 tries, again 2:14 pm`.
pub fn about(reason: Option<&str>, attempts: i64, again: Option<String>) -> String {
    let tries = match attempts {
        0 => None,
        1 => Some("one try".to_owned()),
        n => Some(format!("{n} tries")),
    };
    let after = match (tries, again) {
        (Some(tries), Some(at)) => Some(format!("After {tries}; again {at}.")),
        (Some(tries), None) => Some(format!("After {tries}.")),
        (None, _) => None,
    };
    reason.map(str::to_owned).into_iter().chain(after).collect::<Vec<_>>().join(" ")
}
