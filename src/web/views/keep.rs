//! What is kept of people and for how long, and the page that forgets one of them.

use super::chrome::Chrome;
use super::setup::Field;
use askama::Template;

/// The page at `/b/{slug}/keep`. Its form posts `raw_days` and `lead_months` to the same address.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/keep.html")]
pub struct KeepPage {
    /// The frame.
    pub chrome: Chrome,
    /// Days and months, as typed or as they stand.
    pub fields: Vec<Field>,
    /// Whether they were just saved.
    pub saved: bool,
    /// The copies of the database that are kept: when each was made, and until when it is kept.
    pub copies: Vec<(String, String)>,
}

/// The page at `/b/{slug}/leads/{id}/forget`. Its form posts `sure` to the same address.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/forget.html")]
pub struct ForgetPage {
    /// The frame.
    pub chrome: Chrome,
    /// The lead's id.
    pub id: String,
    /// Whom it is about.
    pub name: String,
    /// What there is of them: `Found: 2 leads and 3 submissions with this number or address`.
    pub about: String,
    /// Why nothing was done.
    pub wrong: Option<String>,
    /// What was done, a sentence each; empty before.
    pub done: Vec<String>,
}
