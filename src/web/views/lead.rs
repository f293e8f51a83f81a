//! One lead: who, what they want, three clocks, what happened, what they filled in, what was sent, what is next.
//!
//! It says only what is known: handed over is not delivered, and a tap is not a call. The raw submission is shown
//! as text and never interpreted.

use super::chrome::Chrome;
use super::format::{self, Band};
use super::pieces::{Bubble, Notice, Pill, Reach};
use askama::Template;

/// The page at `/b/{slug}/leads/{id}`. Its forms post to `take`, `person` (`how`), `texts` (`body`) and `outcome`
/// (`outcome`) below that address.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/lead.html")]
pub struct Lead {
    /// The frame.
    pub chrome: Chrome,
    /// Its id.
    pub id: String,
    /// Full name, else number or address, else `Someone`.
    pub name: String,
    /// How to reach them.
    pub reach: Reach,
    /// Waiting, answered, booked …
    pub status: Pill,
    /// The line below the number: address, place, `first time here`, joined by middle dots.
    pub about: String,
    /// Whether it is a test.
    pub test: bool,
    /// What they wrote.
    pub say: String,
    /// When it was received (UTC milliseconds), while no person has answered; else `None`.
    pub waiting_since_ms: Option<i64>,
    /// Three clocks; see [`clocks`].
    pub clocks: Vec<(String, String)>,
    /// The day it came; see [`format::Wall::day`].
    pub day: String,
    /// The timeline, oldest first.
    pub happened: Vec<Step>,
    /// What needs eyes: opted out, no consent, landline.
    pub notices: Vec<Notice>,
    /// A word on what was just done, after a redirect.
    pub told: Option<String>,
    /// Whether it can still be taken.
    pub can_take: bool,
    /// `Dave has it since 2:16 pm.`
    pub taken_by: Option<String>,
    /// What can be undone: a step below its address, and the words on its button.
    pub undo: Vec<(&'static str, &'static str)>,
    /// Whether a text can be sent from here.
    pub can_write: bool,
    /// Whether the reader's telephone can be rung and put through to them.
    pub rings: bool,
    /// The outcome so far, in the words of [`OUTCOMES`]; empty without one.
    pub outcome: String,
    /// What they paid, oldest first.
    pub payments: Vec<Paid>,
    /// What they filled in: label and value, in the form's order.
    pub fields: Vec<(String, String)>,
    /// The consent in a sentence: the words shown and whether they were ticked.
    pub consent: String,
    /// The submissions as they came.
    pub raw: Vec<Raw>,
    /// Whether there is somebody to forget.
    pub can_forget: bool,
    /// What was sent.
    pub deliveries: Vec<Delivery>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The first one a clock time, the others `+1m 48s`; see [`after`].
    pub at: String,
    /// An icon's name without `i-`.
    pub icon: &'static str,
    /// `fast`, `ok`, `slow`, `me` for what one of us did, or nothing.
    pub tone: &'static str,
    /// What happened.
    pub title: String,
    /// More of it; may be empty.
    pub detail: String,
    /// A judgement beside the detail.
    pub pill: Option<Pill>,
    /// The words of a message.
    pub bubble: Option<Bubble>,
}

/// A submission as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// `Raw submission, 612 bytes`.
    pub title: String,
    /// The body; see [`super::receipts::look`].
    pub text: String,
    /// The page with all of it.
    pub href: String,
}

/// A payment of this lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// `$149.99`.
    pub amount: String,
    /// What it was for, what was given back, when.
    pub detail: String,
    /// Why it failed.
    pub reason: Option<String>,
    /// How it stands.
    pub pill: Pill,
}

/// A message of this lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// `Text to Maria`.
    pub what: String,
    /// `1 part, 2:14 pm`; may be empty.
    pub detail: String,
    /// Why it is where it is, when that needs saying.
    pub reason: Option<String>,
    /// Its state; see [`Pill::message`].
    pub pill: Pill,
}

/// What can come of a lead: the stored word and how it reads.
pub const OUTCOMES: [(&str, &str); 5] = [
    ("booked", "Booked"),
    ("talked", "Talked, nothing fixed yet"),
    ("no_answer", "Could not reach them"),
    ("lost", "Went elsewhere"),
    ("wrong", "Not a customer"),
];

/// The three clocks in milliseconds since the lead was received: first text or mail, who took it and when, a person.
pub fn clocks(
    first: Option<i64>,
    by_mail: bool,
    taken: Option<(&str, i64)>,
    person: Option<i64>,
) -> Vec<(String, String)> {
    let told = |ms: Option<i64>| ms.map_or_else(|| "not yet".to_owned(), format::words);
    let by = match taken {
        Some((who, _)) => format!("until {who} took it"),
        None => "until someone took it".to_owned(),
    };
    vec![
        (told(first), if by_mail { "to first email" } else { "to first text" }.to_owned()),
        (told(taken.map(|taken| taken.1)), by),
        (told(person), "to a person".to_owned()),
    ]
}

/// The left column of the timeline: `+1m 48s` after the lead was received.
pub fn after(ms: i64) -> String {
    format!("+{}", format::words(ms))
}

impl Lead {
    /// An address below this lead.
    pub fn path(&self, step: &str) -> String {
        format!("/b/{}/leads/{}/{step}", self.chrome.slug, self.id)
    }

    /// What can come of it.
    pub fn outcomes(&self) -> [(&'static str, &'static str); 5] {
        OUTCOMES
    }

    /// How long it has waited.
    pub fn waited(&self) -> String {
        format::words(self.waited_ms())
    }

    /// How that is judged.
    pub fn waiting_band(&self) -> &'static str {
        Band::of(self.waited_ms()).as_str()
    }

    fn waited_ms(&self) -> i64 {
        self.waiting_since_ms.map_or(0, |since| self.chrome.now_ms - since)
    }
}
