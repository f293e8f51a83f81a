//! Connecting a source: choose who sends, give it a name, paste the address, see the first submission come.

use super::chrome::Chrome;
use super::format;
use super::pieces::Notice;
use crate::web::guides::Run;
use askama::Template;

/// The page at `/b/{slug}/sources/new`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/connect_pick.html")]
pub struct Pick {
    /// The frame.
    pub chrome: Chrome,
    /// The tiles, by kind.
    pub groups: Vec<Group>,
}

/// Tiles of one kind.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its id in the page.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Its tiles.
    pub tiles: Vec<Tile>,
}

/// One who may send.
#[derive(Clone, Debug)]
pub struct Tile {
    /// Where it leads.
    pub href: String,
    /// Its name.
    pub name: String,
    /// A word on it.
    pub note: String,
}

/// The page at `/b/{slug}/sources/new/{provider}`: its form posts `name` and `secret` to the same address.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/connect_new.html")]
pub struct New {
    /// The frame.
    pub chrome: Chrome,
    /// The provider's id.
    pub provider: &'static str,
    /// Its name.
    pub vendor: String,
    /// The name of the source, as typed or as proposed.
    pub name: String,
    /// What is wrong with it.
    pub name_wrong: Option<String>,
    /// Where the vendor shows its secret; none = it does not sign.
    pub secret: Option<Vec<Run>>,
    /// What is to be known before.
    pub told: Vec<Run>,
}

/// The page at `/b/{slug}/sources/{id}/connect`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/connect.html")]
pub struct Connect {
    /// The frame.
    pub chrome: Chrome,
    /// The source.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who sends.
    pub vendor: String,
    /// The whole address.
    pub address: String,
    /// What to click.
    pub steps: Vec<Vec<Run>>,
    /// What to paste besides.
    pub code: Vec<String>,
    /// What is to be known before.
    pub told: Vec<Run>,
    /// What arrives.
    pub arrives: Vec<Run>,
    /// Which API token brings what its events leave out; empty where they leave nothing out.
    pub token: Vec<Run>,
    /// What this vendor does when nothing arrives.
    pub stuck: Vec<Run>,
    /// Whether the vendor signs, where its secret is, and whether it is here.
    pub signing: Signing,
    /// What is wrong with the secret that was sent.
    pub secret_wrong: Option<String>,
    /// What came so far.
    pub first: First,
    /// Whether a form of ours can stand in for the vendor.
    pub can_try: bool,
    /// What became of the sample that was just sent, or of the secret.
    pub told_now: Option<Notice>,
    /// A word on what went well, after a redirect.
    pub done: Option<&'static str>,
    /// Submissions to addresses that do not exist, since yesterday.
    pub wrong_hits: u64,
}

/// How a source proves who sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signing {
    /// Its sender cannot sign: the address is the key.
    Never,
    /// It could, and nobody has given us the secret; where to find it.
    Missing(Vec<Run>),
    /// It does.
    Set,
}

/// The newest thing that came to a source that is being connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// Nothing, since that clock time.
    Waiting {
        /// Such as `2:02 pm`.
        since: String,
    },
    /// A lead or a test.
    Got {
        /// To the second.
        at: String,
        /// The person and the wish; may be empty.
        say: String,
        /// The page of what came.
        href: String,
        /// Whether it was a test of ours or theirs.
        is_test: bool,
    },
    /// Something that made no lead.
    Odd {
        /// To the second.
        at: String,
        /// What became of it, in a sentence.
        why: String,
        /// The page of what came.
        href: String,
    },
}

impl Tile {
    /// The letters in its box.
    pub fn mark(&self) -> String {
        self.name.chars().filter(|c| c.is_alphanumeric()).take(2).collect()
    }
}

impl Connect {
    /// Who sends, in the middle of a sentence.
    pub fn into_what(&self) -> &str {
        if self.vendor == "Any form" { "your form" } else { &self.vendor }
    }

    /// What came to wrong addresses.
    pub fn wrong_addresses(&self) -> String {
        match self.wrong_hits {
            0 => "Nothing came to a wrong address since yesterday.".to_owned(),
            n => format!(
                "{} to a wrong address since yesterday. Copy the address again from here.",
                format::count(n, "submission came", "submissions came")
            ),
        }
    }
}
