//! The public page about the server itself: whether it takes leads in, and when the last one came. No names.

use super::format::{self, Wall};
use askama::Template;

/// The page at `/status`.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "admin/status.html")]
pub struct Status {
    /// Whether new leads are taken in.
    pub up: bool,
    /// When the last one came, UTC milliseconds.
    pub last_lead_at: Option<i64>,
    /// When this was looked up, UTC milliseconds.
    pub at: i64,
}

impl Status {
    /// `up` or `down`.
    pub fn word(&self) -> &'static str {
        if self.up { "up" } else { "down" }
    }

    /// How long ago the last lead came, in whole seconds.
    pub fn age_seconds(&self) -> Option<i64> {
        self.last_lead_at.map(|at| (self.at - at).max(0) / 1_000)
    }

    /// `Last lead 2m 14s ago, 20:14.`
    pub fn last_lead(&self) -> String {
        match self.last_lead_at {
            None => "No lead yet.".to_owned(),
            Some(at) => {
                format!("Last lead {} ago, {}.", format::words((self.at - at).max(0)), wall().short(at, self.at))
            }
        }
    }

    /// When this was looked up.
    pub fn as_of(&self) -> String {
        wall().second(self.at)
    }
}

/// A server stands nowhere in particular.
fn wall() -> Wall {
    Wall::new("UTC", "DE")
}
