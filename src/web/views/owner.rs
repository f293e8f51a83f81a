//! The page behind an alert, `/l/{code}`: one lead, no sign-in, until it is closed or seven days old.
//!
//! Opening it changes nothing, since previews and scanners open links too; every button is a POST.

use super::format::{self, Band};
use super::pieces::Reach;
use crate::base::lengths::OK_MS;
use askama::Template;

/// The page at `/l/{code}`. Its forms post to `take` (`anyway=1` when someone else has it), `call` (`how`: `call` or
/// `mail` for a tap, `said` for "I called"), `ring`, `text` (`body`), `talked`, `voicemail`, `no` and `pass` below that address, each
/// with `csrf`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/owner.html")]
pub struct Owner {
    /// The shop's name.
    pub shop: String,
    /// The code in the address.
    pub code: String,
    /// `New lead, 2:14 pm`.
    pub arrived: String,
    /// Full name, else number or address.
    pub name: String,
    /// How to reach them.
    pub reach: Reach,
    /// What they wrote.
    pub say: String,
    /// When it was received, UTC milliseconds.
    pub received_ms: i64,
    /// Now, UTC milliseconds.
    pub now_ms: i64,
    /// Where it stands.
    pub state: OwnerState,
    /// Whether they can be texted from here.
    pub can_write: bool,
    /// They asked not to be texted.
    pub opted_out: bool,
    /// Whether the reader's telephone can be rung and put through to them.
    pub rings: bool,
    /// Their telephone is about to ring.
    pub is_rung: bool,
    /// The next person to be told, if there is one.
    pub pass_to: Option<String>,
    /// The lead's page behind a sign-in.
    pub page: String,
    /// A token against forged forms, bound to the code.
    pub csrf: String,
}

/// Where the lead stands for the one who opened the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerState {
    /// Nobody has it.
    Open,
    /// The reader has it and has not called.
    Yours {
        /// Since when, as a clock time.
        since: String,
    },
    /// Someone else has it.
    Theirs {
        /// Who.
        who: String,
        /// Since when, as a clock time.
        since: String,
    },
    /// The reader called: what came of it?
    AskReached,
    /// Nothing is left to do here.
    Done {
        /// What came of it: `You talked at 2:17 pm.`
        words: String,
    },
    /// Closed, or too old.
    Expired,
}

impl OwnerState {
    /// Whether the clock still runs.
    pub fn waits(&self) -> bool {
        matches!(self, OwnerState::Open | OwnerState::Yours { .. } | OwnerState::Theirs { .. })
    }

    /// Whether the reader may write to them: nobody else has it.
    pub fn may_write(&self) -> bool {
        !matches!(self, OwnerState::Theirs { .. } | OwnerState::Expired)
    }

    /// Whether the reader may pass it on: nobody else has it.
    pub fn is_free(&self) -> bool {
        matches!(self, OwnerState::Open | OwnerState::Yours { .. })
    }
}

impl Owner {
    /// The heading: who it is, unless the link has run out and must not tell any more.
    pub fn title(&self) -> &str {
        if self.state == OwnerState::Expired { "This link has run out." } else { &self.name }
    }

    /// An address below this page.
    pub fn path(&self, step: &str) -> String {
        format!("/l/{}/{step}", self.code)
    }

    /// How long it has waited.
    pub fn waited(&self) -> String {
        format::words(self.waited_ms())
    }

    /// How that is judged.
    pub fn band(&self) -> &'static str {
        Band::of(self.waited_ms()).as_str()
    }

    /// How much of the fuse is burnt, in per cent.
    pub fn burnt(&self) -> i64 {
        self.waited_ms().clamp(0, OK_MS) * 100 / OK_MS
    }

    /// `2m 46s left`.
    pub fn left(&self) -> String {
        if self.waited_ms() < OK_MS {
            format!("{} left", format::words(OK_MS - self.waited_ms()))
        } else {
            "still worth a call".to_owned()
        }
    }

    fn waited_ms(&self) -> i64 {
        (self.now_ms - self.received_ms).max(0)
    }
}
