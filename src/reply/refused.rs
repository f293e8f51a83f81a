//! What it means for a lead that a text was refused, in the words of the pages: the cause, how the lead was answered
//! instead, the next step. By the vendor's code; a code that is not here keeps the vendor's sentence.

use crate::outbox::block::Block;

/// Words about a refused text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The cause.
    pub title: String,
    /// What was done instead, and the next step.
    pub text: String,
    /// It is put right with the registration kit.
    pub kit: bool,
}

impl Refused {
    /// In one line.
    pub fn line(&self) -> String {
        format!("{} {}", self.title, self.text)
    }
}

/// The words for a code. `first`: what to call the person, if they are known by name; `mailed`: the same was handed over
/// by mail.
pub fn refused(code: i64, first: Option<&str>, mailed: bool) -> Option<Refused> {
    let said = |title: &str, next: &str| {
        let sent = if mailed { "We sent email. " } else { "" };
        Some(Refused { title: title.to_owned(), text: format!("{sent}{next}"), kit: false })
    };
    if let Some(block) = Block::of_code(code) {
        let (title, rest) = match block {
            Block::NotRegistered => ("Your number is not registered with the US carriers.", "Call them."),
            Block::NotVerified => ("Your toll-free number is not verified with the US carriers.", "Call them."),
            Block::Trial => ("The Twilio account is a trial account.", "It texts confirmed numbers only. Call them."),
        };
        let text = if mailed { "We sent email.".to_owned() } else { rest.to_owned() };
        return Some(Refused { title: title.to_owned(), text, kit: true });
    }
    match code {
        21614 | 21635 | 30006 => said("This number does not take texts.", "Call instead."),
        21211 | 21604 => said("This is not a valid number.", "Check it with them."),
        30005 => said("This number is not in service.", "Check it with them."),
        30003 => said("Their phone is off or out of reach.", "Call, or text again later."),
        30007 => said("The carrier took the text for unwanted mail.", "Call instead."),
        21610 => Some(Refused {
            title: format!("{} asked us not to text.", first.unwrap_or("This person")),
            text: "You can still call.".to_owned(),
            kit: false,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_says_the_cause_what_was_done_and_the_next_step() {
        let line = |code, mailed| refused(code, Some("Maria"), mailed).map(|said| said.line());
        let table = [
            (30006, true, Some("This number does not take texts. We sent email. Call instead.")),
            (21614, false, Some("This number does not take texts. Call instead.")),
            (21610, true, Some("Maria asked us not to text. You can still call.")),
            (30034, true, Some("Your number is not registered with the US carriers. We sent email.")),
            (30034, false, Some("Your number is not registered with the US carriers. Call them.")),
            (30032, true, Some("Your toll-free number is not verified with the US carriers. We sent email.")),
            (21608, true, Some("The Twilio account is a trial account. We sent email.")),
            (21211, true, Some("This is not a valid number. We sent email. Check it with them.")),
            (30005, false, Some("This number is not in service. Check it with them.")),
            (30003, true, Some("Their phone is off or out of reach. We sent email. Call, or text again later.")),
            (30007, true, Some("The carrier took the text for unwanted mail. We sent email. Call instead.")),
            (20003, true, None),
        ];
        for (code, mailed, expected) in table {
            assert_eq!(line(code, mailed).as_deref(), expected, "{code} {mailed}");
        }
        assert!(refused(21610, None, false).unwrap().title.starts_with("This person asked"));
        assert!(refused(30034, None, true).unwrap().kit && !refused(30006, None, true).unwrap().kit);
    }
}
