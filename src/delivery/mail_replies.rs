//! What a mail server's words mean for the mail: not yet, never, nothing works, or nobody knows.

use super::mail_message;
use crate::base::mask;
use crate::outbox::channel::{Outcome, Outgoing};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::response::Severity;
use std::error::Error;

const LONGEST_REPLY: usize = 160;
/// Replies that mean "not without the right password" (RFC 4954, 6).
const AUTH_CODES: [u16; 4] = [530, 534, 535, 538];

/// How far a dialogue got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Connecting,
    SigningIn,
    Addressing,
    /// The mail's bytes are leaving: from here on nobody knows unless the server says.
    Handing,
}

/// The server said no with a number. A refusal before any address was named, or for want of the right password,
/// concerns every mail, not this one.
pub(super) fn refused(stage: Stage, severity: Severity, code: u16, said: &str) -> Outcome {
    let number = Some(i64::from(code));
    if severity == Severity::TransientNegativeCompletion {
        let reason =
            format!("The mail server is not taking this mail yet ({said}); it goes out by itself once it does.");
        return Outcome::NotSent { reason, code: number, retry_after: None };
    }
    if AUTH_CODES.contains(&code) || stage == Stage::SigningIn {
        let reason = format!("The mail server does not accept the user name and password ({code}); enter them again.");
        return Outcome::Blocked { reason, code: number };
    }
    if stage == Stage::Connecting {
        let reason = format!("The mail server refuses this machine ({said}), so no mails go out; ask its provider.");
        return Outcome::Blocked { reason, code: number };
    }
    rejected(&format!("The mail server refused this mail ({said}); check the address, or call."), number)
}

/// The server's own words, fit to show: one line, without the recipient, and none from the exchange of passwords.
pub(super) fn said(stage: Stage, error: &SmtpError, message: &Outgoing) -> String {
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    let words = match error.source() {
        Some(words) if stage != Stage::SigningIn => words.to_string().replace(&message.to, &mask::contact(&message.to)),
        _ => String::new(),
    };
    mail_message::one_line(&format!("{code} {words}"), LONGEST_REPLY)
}

pub(super) fn unfit(stage: Stage) -> String {
    match stage {
        Stage::Connecting => {
            "The mail server offers no encryption, so nothing was sent; use smtps:// or a server that \
                              offers it, or write tls=none for a relay of your own."
        }
        _ => "The mail server offers no way to sign in that we know, so no mails go out; check its address and port.",
    }
    .to_owned()
}

pub(super) fn not_sent(what: &str) -> Outcome {
    Outcome::NotSent { reason: format!("{what}; the mail goes out by itself later."), code: None, retry_after: None }
}

pub(super) fn unanswered() -> Outcome {
    unknown("The mail server did not answer in time", None)
}

pub(super) fn unknown(what: &str, code: Option<i64>) -> Outcome {
    Outcome::Unknown { reason: format!("{what}, so the mail may or may not arrive."), code }
}

pub(super) fn rejected(reason: &str, code: Option<i64>) -> Outcome {
    Outcome::Rejected { reason: reason.to_owned(), code, opted_out: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_judged_by_its_number_and_by_what_it_answers() {
        use Severity::{PermanentNegativeCompletion as Never, TransientNegativeCompletion as NotYet};
        let class = |stage, severity, code| match refused(stage, severity, code, "x") {
            Outcome::NotSent { .. } => "later",
            Outcome::Rejected { .. } => "rejected",
            Outcome::Blocked { .. } => "blocked",
            other => panic!("{other:?}"),
        };

        assert_eq!(class(Stage::Addressing, NotYet, 451), "later");
        assert_eq!(class(Stage::SigningIn, NotYet, 454), "later");
        assert_eq!(class(Stage::Handing, NotYet, 452), "later");
        assert_eq!(class(Stage::Addressing, Never, 550), "rejected");
        assert_eq!(class(Stage::Handing, Never, 554), "rejected");
        assert_eq!(class(Stage::SigningIn, Never, 535), "blocked");
        assert_eq!(class(Stage::Addressing, Never, 530), "blocked");
        assert_eq!(class(Stage::Connecting, Never, 554), "blocked");
    }
}
