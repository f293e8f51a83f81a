//! Our own form at `/f/{slug}`, and copies of it pasted into other pages. The edge vouches for two facts in the query:
//! `age_ms`, how long the page had been open, and `view`, one opening of it. A copy has neither.
//!
//! Filled too fast, or with the hidden field filled, it is kept as spam. A page that was open for a day is no reason to
//! doubt anybody: it is noted and no more.

use super::vendor::Vendor;
use crate::base::clock::{DAY_MS, HOUR_MS};
use crate::base::text::clean_line;
use crate::intake::node::Node;
use crate::intake::reading::{Consent, Field, Kind, Reading, Request};

/// Faster than this nobody types, in milliseconds; browsers that fill in a whole form by themselves need longer.
pub const TOO_FAST_MS: i64 = 2_000;
/// Longer than this is worth a note, in milliseconds.
const LONG_MS: i64 = DAY_MS;
/// The hidden field that people leave empty.
const TRAP: &str = "homepage";
/// The most characters of the words beside the box.
const WORDS_MAX: usize = 500;

/// See the file's head.
pub static LEADBELL_FORM: Vendor = Vendor {
    id: "leadbell-form",
    name: "Our own form",
    leave_out: &[TRAP, "consent", "stamp", "again"],
    refine: ours,
    ..Vendor::PLAIN
};

fn ours(reading: &mut Reading, tree: &Node, request: &Request<'_>) {
    let words = tree.text_at("consent").map(|words| clean_line(&words, WORDS_MAX)).filter(|words| !words.is_empty());
    let given = words.is_some();
    if let Some(words) = words {
        reading.consent = Some(Consent { given, field: "consent".to_owned(), words });
    }
    if let Some(view) = vouched(request, "view").filter(|view| !view.is_empty()) {
        let answers = reading.answers_hash.get(..16).unwrap_or_default();
        reading.event_id = Some(format!("{view}:{answers}:{}", u8::from(given)));
    }
    let age_ms = vouched(request, "age_ms").and_then(|age| age.parse::<i64>().ok());
    if tree.text_at(TRAP).is_some_and(|filled| !filled.trim().is_empty()) {
        spam(reading, "A field that people do not see was filled in.".to_owned());
    } else if let Some(age) = age_ms.filter(|age| (0..TOO_FAST_MS).contains(age)) {
        spam(reading, format!("It was sent {}.{} s after the page was opened.", age / 1_000, age % 1_000 / 100));
    } else if let Some(age) = age_ms.filter(|age| *age > LONG_MS) {
        let label = "Page was open for".to_owned();
        reading.fields.push(Field { label, value: format!("{} hours", age / HOUR_MS) });
    }
}

/// A test stays a test: only the owner makes those.
fn spam(reading: &mut Reading, why: String) {
    if matches!(reading.kind, Kind::Lead | Kind::Unreadable) {
        reading.kind = Kind::Spam;
        reading.problem = Some(why);
    }
}

fn vouched(request: &Request<'_>, name: &str) -> Option<String> {
    url::form_urlencoded::parse(request.query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::providers::Provider;

    fn read(query: &str, body: &str) -> Reading {
        LEADBELL_FORM.read(&Request {
            method: "POST",
            url: "",
            content_type: Some("application/x-www-form-urlencoded"),
            headers: &[],
            query,
            body: body.as_bytes(),
            country: "US",
            received_at: 0,
        })
    }

    const MARIA: &str = "name=Maria+Lopez&phone=512+555+0142&email=&message=Tap+leaks&homepage=&stamp=1.v.t";

    #[test]
    fn too_fast_is_spam_slow_is_not_and_a_page_left_open_is_noted() {
        for (age, kind, notes) in
            [(0, Kind::Spam, 0), (1_999, Kind::Spam, 0), (2_000, Kind::Lead, 0), (DAY_MS * 3, Kind::Lead, 1)]
        {
            let reading = read(&format!("age_ms={age}&view=v"), MARIA);
            assert_eq!((reading.kind, reading.fields.len()), (kind, notes), "{age}");
        }
        assert_eq!(read("", MARIA).kind, Kind::Lead, "a copy in another page says nothing of its age");
        assert_eq!(read("age_ms=-5", MARIA).kind, Kind::Lead, "a clock that was set back accuses nobody");
        assert_eq!(read("age_ms=5&test=1", MARIA).kind, Kind::Test);
        assert!(read("age_ms=412", MARIA).problem.unwrap().contains("0.4 s"));
    }

    #[test]
    fn the_trap_is_spam_and_the_words_of_the_box_are_kept_as_they_were_shown() {
        let robot = read("", &MARIA.replace("homepage=", "homepage=https%3A%2F%2Fseo.example"));
        let ticked = read("", &format!("{MARIA}&consent=I+agree+that+Harbor+may+text+me.+Reply+STOP+to+opt+out."));
        let unticked = read("", MARIA);

        assert_eq!(robot.kind, Kind::Spam);
        let consent = ticked.consent.unwrap();
        assert_eq!((consent.given, consent.field.as_str()), (true, "consent"));
        assert_eq!(consent.words, "I agree that Harbor may text me. Reply STOP to opt out.");
        assert_eq!((ticked.message.as_deref(), ticked.fields.len()), (Some("Tap leaks"), 0));
        assert_eq!(unticked.consent, None);
    }

    #[test]
    fn one_view_sends_the_same_once_and_something_else_again() {
        let first = read("view=v&age_ms=9000", MARIA);
        let again = read("view=v&age_ms=9400", &MARIA.replace("stamp=1.v.t", "stamp=1.v.t&again=1"));
        let more = read("view=v&age_ms=60000", &MARIA.replace("Tap+leaks", "And+the+sink"));
        let other = read("view=w&age_ms=9000", MARIA);

        assert_eq!(first.event_id, again.event_id);
        assert!(first.event_id != more.event_id && first.event_id != other.event_id);
        assert_eq!(read("", MARIA).event_id, None);
    }
}
