//! Our own form for those who give it to others: its link, its copies, its code for flyers, the words beside its box.

use super::chrome::Chrome;
use askama::Template;

/// The page at `/b/{slug}/form`. Its form posts `words` to the same address.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/own_form.html")]
pub struct OwnFormPage {
    /// The frame.
    pub chrome: Chrome,
    /// The form's address.
    pub link: String,
    /// The picture of its address, from the root of this server.
    pub picture: String,
    /// A copy for any page.
    pub copy: String,
    /// The same in a frame.
    pub frame: String,
    /// The words beside the box, as typed or as they stand.
    pub words: String,
    /// What is wrong with them.
    pub words_wrong: Option<String>,
    /// Whether they are the usual ones.
    pub is_usual: bool,
    /// Whether they were just saved.
    pub saved: bool,
    /// The source, once the first submission came.
    pub source: Option<String>,
}
