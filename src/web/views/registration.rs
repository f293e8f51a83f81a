//! The registration kit: everything that the US carriers ask of a number, ready to be pasted, and how it fares so far.

use super::chrome::Chrome;
use super::pieces::{Notice, Pill};
use crate::reply::registration::{Sample, Standing};
use askama::Template;

/// The page at `/b/{slug}/registration`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/registration.html")]
pub struct Registration {
    /// The frame.
    pub chrome: Chrome,
    /// How the number fares.
    pub standing: Standing,
    /// The clock time that this is told from.
    pub since: Option<String>,
    /// What the number is used for.
    pub use_case: String,
    /// How people agree.
    pub opt_in: String,
    /// The words beside the box.
    pub consent: String,
    /// The address of the shop's own form.
    pub form: String,
    /// The texts.
    pub samples: Vec<Sample>,
    /// The answer to HELP.
    pub help: String,
    /// The answer to STOP.
    pub stop: String,
}

impl Registration {
    /// How it fares, in two words.
    pub fn pill(&self) -> Pill {
        match self.standing {
            Standing::Off | Standing::Unknown => Pill::new("", "not known"),
            Standing::GetsThrough(_) => Pill::new("fast", "gets through"),
            Standing::NotRegistered(_) | Standing::NotVerified(_) => Pill::new("slow", "blocked"),
            Standing::Trial(_) => Pill::new("slow", "trial"),
        }
    }
}

/// What other pages say while texts to customers are blocked, with the way to the kit.
pub fn blocked(standing: Standing, slug: &str) -> Option<Notice> {
    standing.is_blocked().then(|| Notice {
        bad: true,
        title: standing.title().to_owned(),
        text: standing.means().to_owned(),
        next: Some((format!("/b/{slug}/registration"), "Open the registration kit".to_owned())),
    })
}
