//! Pieces that several pages share: pill, notice, ways to reach a person, the row of a lead, a bubble.

use super::format::{Band, words};

/// A few words with a colour that repeats them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pill {
    /// `fast`, `ok`, `slow`, `open`, or nothing.
    pub class: &'static str,
    /// The words.
    pub words: String,
}

impl Pill {
    /// A pill with a class of the style sheet.
    pub fn new(class: &'static str, words: impl Into<String>) -> Self {
        Pill { class, words: words.into() }
    }

    /// How fast a person answered; milliseconds.
    pub fn answered(ms: i64) -> Self {
        Pill::new(Band::of(ms).as_str(), words(ms))
    }

    /// Nobody has answered yet.
    pub fn waiting() -> Self {
        Pill::new("open", "waiting")
    }

    /// A message's state in the words of the API, coloured: only `delivered` is green.
    pub fn planned(state: &str, waits: bool) -> Self {
        if state == "queued" && waits { Pill::message("held") } else { Pill::message(state) }
    }

    /// The same of a message that does not wait for an hour of its own.
    pub fn message(state: &str) -> Self {
        match state {
            "delivered" => Pill::new("fast", "delivered"),
            "accepted" => Pill::new("", "handed over"),
            "queued" | "sending" => Pill::new("", "queued"),
            "held" => Pill::new("ok", "held"),
            "unknown" => Pill::new("ok", "not sure"),
            "failed" => Pill::new("slow", "failed"),
            "expired" => Pill::new("slow", "too late"),
            "cancelled" => Pill::new("", "cancelled"),
            other => Pill::new("", other),
        }
    }
}

/// Something that needs eyes: the cause in plain words, what it means for leads, and one next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Whether it is bad (red) rather than worth knowing (amber).
    pub bad: bool,
    /// The cause.
    pub title: String,
    /// What it means for leads.
    pub text: String,
    /// The next step: address and words.
    pub next: Option<(String, String)>,
}

/// How a person can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// First name for buttons; empty when nobody said one.
    pub first: String,
    /// E.164, for `tel:`.
    pub phone: Option<String>,
    /// The same as people write it there.
    pub phone_shown: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

impl Reach {
    /// Where the main button leads: `tel:`, else `mailto:`, else nowhere.
    pub fn href(&self) -> Option<String> {
        match (&self.phone, &self.email) {
            (Some(phone), _) => Some(format!("tel:{phone}")),
            (None, Some(email)) => Some(format!("mailto:{}", percent(email))),
            (None, None) => None,
        }
    }

    /// The words on it: `Call Maria`, `Write to Maria`.
    pub fn label(&self) -> String {
        match (self.phone.is_some(), self.first.is_empty()) {
            (true, true) => "Call".to_owned(),
            (true, false) => format!("Call {}", self.first),
            (false, true) => "Write".to_owned(),
            (false, false) => format!("Write to {}", self.first),
        }
    }

    /// The icon on it.
    pub fn icon(&self) -> &'static str {
        if self.phone.is_some() { "phone" } else { "mail" }
    }

    /// How pressing it counts, as `POST …/person` takes it: `call` or `mail`.
    pub fn how(&self) -> &'static str {
        if self.phone.is_some() { "call" } else { "mail" }
    }

    /// The first name, or `them`.
    pub fn them(&self) -> &str {
        if self.first.is_empty() { "them" } else { &self.first }
    }
}

/// One lead in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadRow {
    /// Its id.
    pub id: String,
    /// Full name, else number or address, else `Someone`.
    pub name: String,
    /// What they want, in their words or ours: `Deposit paid, $150. Water heater swap`.
    pub say: String,
    /// Waiting, how fast it was answered, or what came of it.
    pub pill: Pill,
    /// When it came, as [`super::format::Wall::short`] tells it.
    pub when: String,
    /// The same for machines.
    pub machine: String,
    /// Whether it is a test, and outside all numbers.
    pub test: bool,
}

/// One message in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubble {
    /// The words.
    pub words: String,
    /// Whether the lead wrote them.
    pub theirs: bool,
}

/// Makes an address safe inside `mailto:` (RFC 6068): what could begin a header field is written in hex.
fn percent(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"@.-_+~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out += &format!("%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_left_no_number_is_written_to_and_cannot_add_headers() {
        let reach = Reach { first: "Tom".into(), email: Some("a?bcc=b@example.com".into()), ..Reach::default() };

        assert_eq!(reach.href().as_deref(), Some("mailto:a%3Fbcc%3Db@example.com"));
        assert_eq!((reach.label().as_str(), reach.icon(), reach.how()), ("Write to Tom", "mail", "mail"));
    }

    #[test]
    fn a_message_that_was_only_handed_over_is_not_green() {
        assert_eq!(Pill::message("accepted"), Pill::new("", "handed over"));
        assert_eq!(Pill::message("delivered").class, "fast");
    }
}
