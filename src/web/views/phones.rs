//! The preview phones: what would have been texted and mailed while nothing is connected, as it would be read.

use super::chrome::Chrome;
use askama::Template;

/// The page at `/b/{slug}/phones`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/phones.html")]
pub struct Phones {
    /// The frame.
    pub chrome: Chrome,
    /// A form to try it with.
    pub try_it: Option<TryIt>,
    /// The phones: the owner's and the newest customer's.
    pub phones: Vec<Phone>,
    /// Mails, newest first.
    pub mails: Vec<Letter>,
}

/// A form that posts to the real address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TryIt {
    /// The source's name.
    pub source: String,
    /// Its address, as a path on this host.
    pub address: String,
    /// Where the browser comes back to: this page.
    pub back: String,
    /// A made-up name.
    pub name: String,
    /// A made-up number.
    pub phone: String,
    /// A made-up address.
    pub email: String,
    /// A made-up wish.
    pub message: String,
}

/// One phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Whose it is.
    pub name: String,
    /// Its number as people write it.
    pub number: String,
    /// Its texts, newest last.
    pub texts: Vec<Text>,
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The words.
    pub words: String,
    /// Whether we sent it, rather than the phone.
    pub ours: bool,
    /// When, to the second.
    pub at: String,
    /// The same for machines.
    pub machine: String,
}

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its plain text.
    pub text: String,
    /// When.
    pub at: String,
}
