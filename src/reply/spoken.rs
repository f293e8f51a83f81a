//! What is said on the telephone to one of us, word for word, and the calls that say it.
//!
//! A call has two parts. What is said before a key was pressed may end up on a voicemail, so it names the shop and
//! nothing else; what is frozen here is said only to whoever has pressed a key. No number is ever read out: pressing 1
//! dials it.

use super::plan::bare;
use super::words::{NAME, cut};
use crate::base::clock::{HOUR_MS, MINUTE_MS};
use crate::base::ids::{BusinessId, LeadId, MessageId, PersonId};
use crate::base::random::Random;
use crate::lead::shop::Business;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};
use crate::outbox::pace::BUNDLE;

/// How much of the wish is read out, in characters: about a quarter of a minute.
const WISH: usize = 240;
/// How long a call about a lead is worth making, in milliseconds. What is later is for the other channels.
const RINGS_FOR_MS: i64 = HOUR_MS;
/// How long a call that somebody asked for may be late, in milliseconds.
const ASKED_FOR_MS: i64 = 2 * MINUTE_MS;
/// How the steps begin of calls that somebody asked for.
pub const BRIDGE: &str = "bridge:";
/// The step of a test.
pub const TEST: &str = "test";
/// What the keys do, at the end of every alert.
const KEYS: &str = "Press 1 to call now, 2 to pass on.";

/// A new lead.
pub fn new_lead(name: Option<&str>, message: Option<&str>, is_test: bool, again: bool) -> String {
    let who = called(name);
    let heading = match (is_test, again) {
        (true, _) => format!("Test lead: {who}."),
        (false, true) => format!("{who} wrote again."),
        (false, false) => format!("New lead: {who}."),
    };
    said(&heading, message)
}

/// News that begin with a line of their own, or a lead that still waits.
pub fn about(heading: &str, message: Option<&str>) -> String {
    let heading = heading.split_whitespace().collect::<Vec<_>>().join(" ");
    said(&sentence(&heading), message)
}

/// Many leads in one call. The keys are about the first of them who still waits.
pub fn many(names: &[String], leads: i64) -> String {
    let Some(first) = names.first() else { return format!("New leads are waiting. {KEYS}") };
    if leads < 2 {
        return format!("New lead: {first}. {KEYS}");
    }
    format!("{leads} leads have come: {first}, and {} more. {KEYS}", leads - 1)
}

/// The call that somebody asked for.
pub fn bridge(name: Option<&str>) -> String {
    format!("Your call with {}. Press 1 to be connected.", called(name))
}

/// What is said before a key was pressed, to whoever or whatever picked up.
pub fn greeting(shop: &str, step: &str) -> String {
    let shop = clean(shop);
    match step {
        TEST => format!("{shop}. This is a test call. Press 1 to prove that alerts reach you here."),
        step if step.starts_with(BRIDGE) => format!("{shop}. The call that you asked for. Press 1 to be connected."),
        BUNDLE => format!("{shop}. New leads are waiting. Press 1 to hear about them."),
        _ => format!("{shop}. A new lead is waiting. Press 1 to hear it."),
    }
}

/// Before the lead's telephone rings.
pub fn calling(name: Option<&str>) -> String {
    format!("Calling {}.", called(name))
}

/// To whoever was second.
pub fn somebody_has(other: &str, name: Option<&str>) -> String {
    format!("{} already has {}. Press 1 to call anyway.", clean(other), called(name))
}

/// The lead did not pick up, or could not be rung.
pub fn not_reached(name: Option<&str>, outcome: &str) -> String {
    let name = called(name);
    match outcome {
        "busy" => format!("The line of {name} is busy. Try again in a while."),
        "no-answer" => format!("{name} did not pick up. Try again in a while."),
        _ => format!("The call to {name} did not go through. Look at the number, then try again."),
    }
}

/// The lead left no number.
pub fn no_number(name: Option<&str>) -> String {
    format!("{} left no number to call. It is yours: write to them.", called(name))
}

/// Passed on to a colleague.
pub fn passed(to: &str, name: Option<&str>) -> String {
    format!("{} was passed on to {}.", called(name), clean(to))
}

/// Nobody is there to pass it on to.
pub const NOBODY_ELSE: &str = "Nobody else can be told. It waits for you.";
/// It was closed meanwhile.
pub const CLOSED: &str = "This lead is closed already. Nothing to do.";
/// What the call was about is not known any more.
pub const OVER: &str = "This call is over. Look at your leads.";
/// No key that means anything.
pub const NOT_CONNECTED: &str = "Not connected. Goodbye.";

/// Who it is, by name alone: a number must not be read out.
pub fn called(name: Option<&str>) -> String {
    let name = name.map(|name| cut(&clean(name), NAME)).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| "someone who gave no name".to_owned())
}

fn said(heading: &str, message: Option<&str>) -> String {
    let message = message.map(|message| cut(&clean(message), WISH)).filter(|message| !message.is_empty());
    match message {
        Some(message) => format!("{heading} {} {KEYS}", sentence(&message)),
        None => format!("{heading} {KEYS}"),
    }
}

/// With a full stop, unless it ends already.
fn sentence(words: &str) -> String {
    if words.ends_with(['.', '!', '?']) { words.to_owned() } else { format!("{words}.") }
}

/// One line, without what no voice can say and no XML can hold.
fn clean(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A call to one of us about a lead.
#[expect(clippy::too_many_arguments, reason = "each is one column; a struct of them is the draft itself")]
pub fn call(
    business: &BusinessId,
    lead: &LeadId,
    person: &PersonId,
    phone: &str,
    purpose: Purpose,
    step: &str,
    body: String,
    now: i64,
    random: &Random,
) -> Draft {
    let bare = bare(business, purpose, step, Medium::Call, phone, body, now, random);
    Draft { lead_id: Some(lead.clone()), person_id: Some(person.clone()), expires_at: now + RINGS_FOR_MS, ..bare }
}

/// "Ring me and connect": pressed twice within a minute it rings once.
pub fn asked_for(
    business: &Business,
    lead: (&LeadId, Option<&str>),
    person: &PersonId,
    phone: &str,
    now: i64,
    random: &Random,
) -> Draft {
    let step = format!("{BRIDGE}{person}:{}", now.div_euclid(MINUTE_MS));
    let body = bridge(lead.1);
    let draft = call(&business.id, lead.0, person, phone, Purpose::Notice, &step, body, now, random);
    Draft { expires_at: now + ASKED_FOR_MS, ..draft }
}

/// A test of whether one of us hears a call. Asked for twice within a minute it rings once.
pub fn test(business: &Business, person: &PersonId, phone: &str, now: i64, random: &Random) -> Draft {
    let minute = now.div_euclid(MINUTE_MS);
    let body = format!("Thank you. Alerts of {} reach you by phone call.", clean(&business.name));
    let draft = bare(&business.id, Purpose::Notice, TEST, Medium::Call, phone, body, now, random);
    Draft {
        id: MessageId::from(format!("test-{person}-{minute}-call")),
        person_id: Some(person.clone()),
        expires_at: now + RINGS_FOR_MS,
        ..draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_says_who_what_and_which_key_does_what() {
        assert_eq!(
            new_lead(Some("Maria Lopez"), Some("Kitchen tap leaking"), false, false),
            "New lead: Maria Lopez. Kitchen tap leaking. Press 1 to call now, 2 to pass on."
        );
        assert_eq!(
            new_lead(Some("Maria"), Some("Can someone\ncome today?"), false, true),
            "Maria wrote again. Can someone come today? Press 1 to call now, 2 to pass on."
        );
        assert_eq!(
            new_lead(None, None, true, false),
            "Test lead: someone who gave no name. Press 1 to call now, 2 to pass on."
        );
    }

    #[test]
    fn many_leads_are_one_call_that_names_the_first() {
        let names = ["Maria Lopez".to_owned(), "Tom Becker".to_owned()];

        assert_eq!(many(&names, 3), "3 leads have come: Maria Lopez, and 2 more. Press 1 to call now, 2 to pass on.");
        assert_eq!(many(&names[..1], 1), "New lead: Maria Lopez. Press 1 to call now, 2 to pass on.");
    }

    #[test]
    fn a_long_wish_is_cut_and_nothing_unspeakable_is_said() {
        let words = new_lead(Some("M\u{0}aria"), Some(&"tap ".repeat(500)), false, false);

        assert!(words.len() < 350 && words.starts_with("New lead: M aria. tap tap"), "{words}");
        assert!(words.contains("..."), "{words}");
    }
}
