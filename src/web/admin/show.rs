//! How a lead looks in a list: its name, what it wants in one line, how it was answered or what came of it.

use crate::base::lengths::Band;
use crate::lead::record::Lead;
use crate::reply::words::cut;
use crate::web::views::format::{Wall, words};
use crate::web::views::pieces::{LeadRow, Pill, Reach};

/// How the person can be reached. `country` is the shop's, for numbers as people write them there.
pub fn reach(lead: &Lead, country: &str) -> Reach {
    let first = lead.first_name.as_deref().or(lead.name.as_deref()).and_then(|name| name.split_whitespace().next());
    Reach {
        first: first.unwrap_or_default().to_owned(),
        phone: lead.phone.as_ref().map(|phone| phone.as_str().to_owned()),
        phone_shown: lead.phone.as_ref().map(|phone| phone.national(country)),
        email: lead.email.as_ref().map(|email| email.as_str().to_owned()),
    }
}

/// What to call the person: the name, else the number as people write it, else the address.
pub fn name(lead: &Lead, country: &str) -> String {
    lead.called(country)
}

/// What they want, on one line.
pub fn say(lead: &Lead) -> String {
    let sold = lead.payment.as_ref().map(|sold| cut(&sold.line(), 80));
    match (sold, &lead.message) {
        (Some(sold), None) => sold,
        (Some(sold), Some(_)) => format!("{sold}. {}", wish(lead)),
        (None, _) => wish(lead),
    }
}

fn wish(lead: &Lead) -> String {
    match (&lead.message, lead.kind.as_str()) {
        (Some(message), _) => message.split_whitespace().collect::<Vec<_>>().join(" "),
        (None, "payment") => "A payment".to_owned(),
        (None, "call") => "Called".to_owned(),
        (None, "booking") => "A booking".to_owned(),
        (None, _) => "No message".to_owned(),
    }
}

/// What came of it, how fast a person answered, who has it, or that it waits.
pub fn pill(lead: &Lead) -> Pill {
    if lead.is_spam {
        return Pill::new("", "spam");
    }
    match (&lead.outcome, lead.clocks.person_at, &lead.held_by) {
        (Some(outcome), _, _) => ended(outcome),
        (None, Some(at), _) => Pill::answered((at - lead.clocks.received_at).max(0)),
        (None, None, Some(holder)) => Pill::new("open", format!("{} has it", holder.name)),
        (None, None, None) => Pill::waiting(),
    }
}

/// A judgement of an answer: `answered in 2m 31s`.
pub fn answered(ms: i64) -> Pill {
    Pill::new(Band::of(ms).as_str(), format!("answered in {}", words(ms)))
}

/// One lead in a list.
pub fn row(lead: &Lead, country: &str, wall: &Wall, now_ms: i64) -> LeadRow {
    let at = lead.clocks.received_at;
    LeadRow {
        id: lead.id.to_string(),
        name: name(lead, country),
        say: say(lead),
        pill: pill(lead),
        when: wall.short(at, now_ms),
        machine: wall.machine(at),
        test: lead.is_test,
    }
}

/// An outcome in a word or two.
pub fn ended(outcome: &str) -> Pill {
    match outcome {
        "booked" => Pill::new("fast", "Booked"),
        "talked" => Pill::new("", "Talked"),
        "no_answer" => Pill::new("", "Not reached"),
        "lost" => Pill::new("", "Lost"),
        "wrong" => Pill::new("", "Not a customer"),
        other => Pill::new("", other),
    }
}
