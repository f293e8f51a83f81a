//! The keys of a source: its address and its secret, since when they are in force, when they were last used, and those
//! that were replaced and work a while longer.

/// The part "Keys" of a source's page. Its forms post to `address`, `secret` (`secret`) and `end` (`key`) below the
/// address of that page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// The whole address.
    pub address: String,
    /// Since when, and when it was last used.
    pub address_about: String,
    /// `Signed`, or that anybody with the address can send; since when, and when it was last used.
    pub secret_about: String,
    /// Whether a secret is set.
    pub is_signed: bool,
    /// That the sender could sign and does not; its name.
    pub could_sign: Option<String>,
    /// What was replaced and still works.
    pub old: Vec<Old>,
    /// A word on what was just done.
    pub told: Option<&'static str>,
    /// What is wrong with the secret that was typed.
    pub wrong: Option<String>,
    /// What its vendor is asked with, where its events leave something out.
    pub token: Option<Token>,
}

/// What a vendor is asked with. Its forms post to `token` (`token`) and `token/remove` below the address of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Whether there is one.
    pub is_set: bool,
    /// Since when, or that there is none and what that means.
    pub about: String,
    /// What has to be added, to be put behind "Add".
    pub needs: &'static str,
    /// Where it is found.
    pub found: &'static str,
    /// What waits, and why; see [`waiting`].
    pub waits: Option<String>,
    /// What is wrong with the token that was typed.
    pub wrong: Option<String>,
}

/// What waits for a vendor's answer: `3 leads or payments wait for their details.`
pub fn waiting(open: i64, failed: i64, reason: Option<&str>, next: Option<String>) -> Option<String> {
    let count = |n: i64| if n == 1 { "1 event waits".to_owned() } else { format!("{n} events wait") };
    let mut said: Vec<String> = Vec::new();
    said.extend((open > 0).then(|| format!("{} for the details.", count(open))));
    said.extend(reason.map(str::to_owned));
    said.extend(next.map(|at| format!("Asked again {at}.")));
    said.extend((failed > 0).then(|| format!("{failed} given up; a new token tries them again.")));
    (!said.is_empty()).then(|| said.join(" "))
}

/// A key that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Old {
    /// Its number.
    pub key: i64,
    /// `Old address`, `Old secret`.
    pub what: &'static str,
    /// Until when it works, and when it was last used.
    pub about: String,
}

/// `in force since Mon 3 Nov, last used 2:14 pm`.
pub fn about(since: &str, used: Option<String>) -> String {
    let used = used.map_or_else(|| "not used yet".to_owned(), |at| format!("last used {at}"));
    format!("In force since {since}, {used}.")
}

/// `works until Mon 10 Nov, last used 2:14 pm`.
pub fn about_old(until: &str, used: Option<String>) -> String {
    let used = used.map_or_else(|| "not used any more".to_owned(), |at| format!("last used {at}"));
    format!("Works until {until}, {used}.")
}

/// The words on what was just done.
pub fn told(done: &str) -> Option<&'static str> {
    match done {
        "address" => {
            Some("A new address is in force. The old one works for 7 more days: paste the new one at the sender.")
        }
        "secret" => Some("The secret is in force. An old one works for 7 more days: set the new one at the sender."),
        "end" => Some("The old key does not work any more."),
        "token" => Some("The API token is set. What waited for it is being asked for now."),
        "no-token" => Some("The API token is removed. What comes now waits until there is another."),
        _ => None,
    }
}
