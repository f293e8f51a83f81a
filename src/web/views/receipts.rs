//! Submissions: the newest ones of a source, and one as it came, with what we read in it and what became of it.
//!
//! The raw body is shown as text and never interpreted: what could turn a line around or hide in it shows as �, and
//! what is no text at all is shown as hexadecimal.

use super::chrome::Chrome;
use super::format::{count, grouped};
use super::keys::Keys;
use super::lead::Delivery;
use super::pieces::{Notice, Pill};
use super::source_health::SourceHealth;
use askama::Template;

/// How much of a body is shown, in bytes.
const SHOWN: usize = 64 * 1024;
/// How much of a body that is no text is shown, in bytes.
const BYTES_SHOWN: usize = 512;

/// The page at `/b/{slug}/receipts/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/receipt.html")]
pub struct Receipt {
    /// The frame.
    pub chrome: Chrome,
    /// Its id. Its form posts `send` to `again` below its address.
    pub id: String,
    /// What running it again showed, once it was.
    pub again: Option<Again>,
    /// Its source: id and name.
    pub source: (String, String),
    /// When it came, to the second.
    pub at: String,
    /// The same for machines.
    pub machine: String,
    /// What became of it.
    pub state: Pill,
    /// What that means, and the next step.
    pub notice: Notice,
    /// What we read in it: our word and its value.
    pub reading: Vec<(String, String)>,
    /// The messages that told one of us of it; `None` where nobody is to be told, or the lead's page says so.
    pub told: Option<Vec<Delivery>>,
    /// How often the same delivery came again.
    pub repeats: u64,
    /// Whether its body is still kept.
    pub is_kept: bool,
    /// How many bytes of body are kept.
    pub size: u64,
    /// How many files came along; they are not kept.
    pub files: u64,
    /// The network it came from, if a browser sent it.
    pub network: Option<String>,
    /// Headers that are kept: name and value.
    pub headers: Vec<(String, String)>,
    /// The query, taken apart.
    pub query: Vec<(String, String)>,
    /// The raw body.
    pub body: Body,
}

/// What running a submission again showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Again {
    /// Whether it was done, not only looked at.
    pub done: bool,
    /// That, in words.
    pub words: &'static str,
    /// What a person must know about it.
    pub note: Option<String>,
    /// Our word for a field, what was read before and what is read now.
    pub fields: Vec<(String, String, String)>,
    /// The messages: to whom and how, and the words.
    pub messages: Vec<(String, String)>,
}

/// A raw body, fit to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// As text, or its first bytes as hexadecimal.
    pub text: String,
    /// What is not shown as it came, if anything.
    pub note: Option<String>,
}

/// The page at `/b/{slug}/sources/{id}`.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/source.html")]
pub struct Submissions {
    /// The frame.
    pub chrome: Chrome,
    /// The source's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it is doing.
    pub health: SourceHealth,
    /// The submissions, newest first.
    pub rows: Vec<Row>,
    /// Since when it listens, as a clock time.
    pub since: String,
    /// What to say if its sender could sign and nobody gave us the secret.
    pub unsigned: Option<Notice>,
    /// What to say if details wait at its sender.
    pub waits: Option<Notice>,
    /// The address of the older ones.
    pub next: Option<String>,
    /// Whether customers hear of failed payments; none where no money is told of.
    pub nudges: Option<bool>,
    /// Its keys.
    pub keys: Keys,
}

/// One submission in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// When it came, to the second.
    pub at: String,
    /// The same for machines.
    pub machine: String,
    /// What became of it.
    pub state: Pill,
    /// Why, or what that means.
    pub explain: String,
    /// `612 bytes`.
    pub size: String,
}

/// What a stored state means. `joined`: it belongs to a lead that was open already.
pub fn state(stored: &str, joined: bool) -> (Pill, &'static str) {
    match stored {
        "accepted" if joined => (Pill::new("", "wrote again"), "It joined the open lead of the same person."),
        "accepted" => (Pill::new("fast", "lead"), "It became a lead."),
        "test" => (Pill::new("open", "test"), "A test: told to the owner only, outside all numbers."),
        "ignored" => (Pill::new("", "ignored"), "It concerns nobody, so nobody was told."),
        "kept" => (Pill::new("ok", "unreadable"), "Someone wrote, but we could not read it. Nothing is lost."),
        "spam" => (Pill::new("", "spam"), "It looks like spam, so nobody was told."),
        "refused" => (Pill::new("slow", "refused"), "Its signature did not fit, so it never becomes a lead."),
        _ => (Pill::new("", "kept"), "It is kept as it came."),
    }
}

impl Receipt {
    /// What is said where nothing was read.
    pub fn nothing_read(&self) -> &'static str {
        if self.size == 0 { "Nothing: the body was empty." } else { "Nothing that we know. The raw body is below." }
    }

    /// Its size, files included.
    pub fn weight(&self) -> String {
        let size = count(self.size, "byte", "bytes");
        match self.files {
            0 => size,
            n => format!("{size}, and {} that came along and {} not kept", count(n, "file", "files"), are(n)),
        }
    }

    /// How often it came again.
    pub fn again(&self) -> String {
        match self.repeats {
            0 => "Never".to_owned(),
            1 => "Once; nothing was sent a second time".to_owned(),
            n => format!("{} times; nothing was sent a second time", grouped(n)),
        }
    }
}

fn are(n: u64) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// A raw body, made fit to be looked at.
pub fn look(body: &[u8]) -> Body {
    let shown = &body[..body.len().min(SHOWN)];
    let cut = shown.len() < body.len();
    // A character that the cut went through is left out rather than taken for damage.
    let whole = match std::str::from_utf8(shown) {
        Err(error) if cut && error.error_len().is_none() => error.valid_up_to(),
        _ => shown.len(),
    };
    let (mut text, mut masked, mut all) = (String::with_capacity(whole), 0_usize, 0_usize);
    for c in String::from_utf8_lossy(&shown[..whole]).chars() {
        let c = if hides(c) { char::REPLACEMENT_CHARACTER } else { c };
        masked += usize::from(c == char::REPLACEMENT_CHARACTER);
        all += 1;
        text.push(c);
    }
    if masked * 8 > all {
        return bytes(body);
    }
    let mut note = Vec::new();
    if cut {
        note.push(format!("The first {} of {}.", grouped(SHOWN as u64), count(body.len() as u64, "byte", "bytes")));
    }
    if masked > 0 {
        note.push("What is no text shows as �.".to_owned());
    }
    Body { text, note: (!note.is_empty()).then(|| note.join(" ")) }
}

/// The first bytes of what is no text.
fn bytes(body: &[u8]) -> Body {
    let shown = &body[..body.len().min(BYTES_SHOWN)];
    let line = |line: &[u8]| line.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    let text: Vec<String> = shown.chunks(16).map(line).collect();
    let note = if shown.len() < body.len() {
        format!(
            "This is no text. The first {BYTES_SHOWN} of {} as hexadecimal.",
            count(body.len() as u64, "byte", "bytes")
        )
    } else {
        "This is no text: its bytes as hexadecimal.".to_owned()
    };
    Body { text: text.join("\n"), note: Some(note) }
}

/// Whether a character cannot be seen, or changes how others are read.
fn hides(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    control
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_text_is_shown_as_it_came() {
        assert_eq!(look("name=Zoë\r\n\tß".as_bytes()), Body { text: "name=Zoë\r\n\tß".into(), note: None });
        assert_eq!(look(b""), Body { text: String::new(), note: None });
    }

    #[test]
    fn what_would_turn_a_line_around_is_seen() {
        let body = look("name=Maria Lopez of Austin\u{202e}gpj.exe".as_bytes());

        assert_eq!(body.text, "name=Maria Lopez of Austin�gpj.exe");
        assert_eq!(body.note.as_deref(), Some("What is no text shows as �."));
    }

    #[test]
    fn a_long_body_is_cut_between_two_characters_and_says_so() {
        let body = look("é".repeat(SHOWN).as_bytes());
        let odd = look(format!("a{}", "é".repeat(SHOWN)).as_bytes());

        assert_eq!((body.text.chars().count(), odd.text.chars().count()), (SHOWN / 2, SHOWN / 2));
        assert_eq!(body.note.as_deref(), Some("The first 65,536 of 131,072 bytes."));
        assert_eq!(odd.note.as_deref(), Some("The first 65,536 of 131,073 bytes."));
    }

    #[test]
    fn what_is_no_text_is_shown_as_bytes() {
        let short = look(&[0x1f, 0x8b, 0x08, 0x00, 0xff]);
        let long = look(&[0; 2_000]);

        assert_eq!(short.text, "1f 8b 08 00 ff");
        assert_eq!(short.note.as_deref(), Some("This is no text: its bytes as hexadecimal."));
        assert_eq!(long.text.lines().count(), 32);
        assert_eq!(long.note.as_deref(), Some("This is no text. The first 512 of 2,000 bytes as hexadecimal."));
    }
}
