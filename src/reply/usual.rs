//! The usual words of the texts that answer by themselves, as templates: what a shop sees before it writes its own.

use crate::lead::wording::Kind;

/// The follow-up that is offered, switched off.
pub const LATE: &str = "Hi {first}, {shop} here. Sorry, we're on a job and slower than we like. {owner} will call you by {time}. Reply here if \
     easier. STOP to opt out.";
/// The same by mail.
pub const LATE_MAIL: &str = "Hi {first},\n\n{shop} here. Sorry, we're on a job and slower than we like. {owner} will get back to you by {time}. Anything to add? \
     Just answer this mail.";
/// What a follow-up can be filled with.
pub const LATE_NAMES: &[&str] = &["first", "shop", "owner", "phone", "time"];

/// The usual words.
pub fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Open => {
            "Hi {first}, {shop} here. Got your message - {owner} will call you shortly from {phone}. Reply here any time. STOP to opt out."
        }
        Kind::Closed => {
            "Hi {first}, {shop} here. Got your message. We're closed and will call you after {open}. Urgent? Reply URGENT. STOP to opt out."
        }
        Kind::Paid => {
            "Hi {first}, {shop} here. Your {amount} payment arrived, thank you. {owner} will call you to fix a time. STOP to opt out."
        }
        Kind::Missed => {
            "Hi {first}, {shop} here. Sorry, we missed your call. {owner} will call you back shortly. Or just reply here. STOP to opt out."
        }
    }
}

/// What a text can be filled with.
pub fn names(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Open | Kind::Missed => &["first", "shop", "owner", "phone"],
        Kind::Closed => &["first", "shop", "owner", "phone", "open"],
        Kind::Paid => &["first", "shop", "owner", "phone", "amount"],
    }
}

/// What a text is, and when it goes.
pub fn about(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Open => ("While you are open", "The first text to somebody who wrote, at once."),
        Kind::Closed => ("While you are closed", "The same, outside your opening hours."),
        Kind::Paid => ("When somebody paid", "Thanks for a payment, once for each sale."),
        Kind::Missed => ("When you missed a call", "To whoever rang and was not answered, once a person."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::answers::Answer;
    use crate::reply::template::faults;

    #[test]
    fn the_usual_words_keep_every_rule_that_they_are_judged_by() {
        let answer = Answer {
            first_name: Some("Maria"),
            shop: "Harbor Plumbing",
            owner: Some("Dave"),
            phone: Some("(512) 555-0100"),
            opens: Some("Mon 8:00 am"),
        };
        for kind in Kind::ALL {
            assert_eq!(
                faults(words(kind), names(kind), &answer.values("$150.00", "3:00 pm")),
                Vec::<String>::new(),
                "{kind:?}"
            );
        }
        assert!(faults(LATE, LATE_NAMES, &answer.values("", "3:00 pm")).is_empty());
    }
}
