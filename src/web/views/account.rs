//! Signing in, signing in by a link, and the page behind More.

use super::chrome::Chrome;
use super::pieces::Pill;
use askama::Template;

/// The page at `/login`. Its form posts `email`, `password` and `next` to the same address.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "admin/login.html")]
pub struct Login {
    /// What was typed.
    pub email: String,
    /// Where to go afterwards; the handler checks that it is one of our own pages.
    pub next: String,
    /// What went wrong; see [`WRONG_PASSWORD`].
    pub problem: Option<String>,
    /// A word on what was just done: `You are signed out.`
    pub told: Option<String>,
}

/// One sentence for an unknown address and for a wrong password, so that neither is given away.
pub const WRONG_PASSWORD: &str = "Email and password do not fit together.";
/// After too many tries.
pub const TOO_MANY_TRIES: &str = "Too many tries. Wait a minute, then try again.";

/// The page at `/login/link/{token}`: opening a link signs nobody in, its button does.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/link.html")]
pub struct Link {
    /// The one-time token in the address.
    pub token: String,
    /// Who will be signed in.
    pub email: String,
}

/// The page at `/b/{slug}/more`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/account.html")]
pub struct Account {
    /// The frame.
    pub chrome: Chrome,
    /// The name of who is signed in; may be empty.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The health page in two words.
    pub health: Pill,
    /// Other shops of this person: word in addresses and name.
    pub others: Vec<(String, String)>,
}
