//! The page at `/account`: password, sessions, keys of the API.

use askama::Template;

/// The page. Its forms post to `/account/…` and carry `csrf`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/access.html")]
pub struct Access {
    /// The name of who is signed in; may be empty.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The session's token against forged forms.
    pub csrf: String,
    /// The zone of the times, by its city.
    pub zone: String,
    /// Whether there is a password to be asked for.
    pub has_password: bool,
    /// What is wrong with the password that was typed.
    pub password_wrong: Option<String>,
    /// Where this account is signed in.
    pub sessions: Vec<SessionLine>,
    /// Its keys.
    pub keys: Vec<KeyLine>,
    /// The shops a key can be for: word in addresses and name.
    pub shops: Vec<(String, String)>,
    /// Whether a key may be for all shops.
    pub all_shops: bool,
    /// A key just made, shown this once.
    pub new_key: Option<String>,
    /// What is wrong with the key's name.
    pub key_wrong: Option<String>,
}

/// One browser that is signed in.
#[derive(Clone, Debug)]
pub struct SessionLine {
    /// What the form posts.
    pub id: String,
    /// Whether it is the one that is looking.
    pub is_this: bool,
    /// When it signed in.
    pub since: String,
    /// When it was last here, to the hour.
    pub seen: String,
}

/// One key.
#[derive(Clone, Debug)]
pub struct KeyLine {
    /// What the form posts.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The one shop it opens; none = all.
    pub shop: Option<String>,
    /// When it was made.
    pub made: String,
    /// When it was last used, to the hour.
    pub used: Option<String>,
}
