//! By which way a person is answered: what their form allows, what they asked for, what their number and ours can.

use super::plan::Occasion;
use crate::lead::consent::{Refusal, refusal};
use crate::lead::contact::{Email, Phone, PhoneKind};
use crate::outbox::block::Block;

/// How a person is answered.
pub(super) enum Way<'a> {
    /// By a text.
    Text(&'a Phone),
    /// By a text that a person has to look at first, and why.
    TextHeld(&'a Phone, &'static str),
    /// By a mail, and why it is no text where that needs saying.
    Mail(&'a Email, Option<&'static str>),
    /// Not at all, and why.
    Nothing(&'static str),
}

/// How the person of this occasion is answered.
pub(super) fn way<'a>(o: &Occasion<'a>) -> Way<'a> {
    let email = o.reading.email.as_ref().filter(|e| !e.is_role());
    let Some(phone) = o.reading.phone.as_ref() else {
        return match email {
            Some(email) => Way::Mail(email, None),
            None if o.reading.email.is_some() => Way::Nothing("No automatic mail: the address is not a person's."),
            None => Way::Nothing("No automatic answer: no number and no address that could be written to."),
        };
    };
    let given = if o.wants_no_texts { Some(false) } else { o.reading.consent.as_ref().map(|c| c.given) };
    let permitted = refusal(&o.source.consent, given);
    let refused = if o.opted_out {
        Some("Mail instead of a text: they asked us not to text.")
    } else if permitted == Some(Refusal::MailOnly) {
        Some("Mail instead of a text: this form only allows mail.")
    } else if permitted == Some(Refusal::NotTicked) {
        Some("Mail instead of a text: the box that allows texts was not ticked.")
    } else if matches!(phone.kind(), PhoneKind::Fixed | PhoneKind::Other) {
        Some("Mail instead of a text: the number does not take texts. Call instead.")
    } else {
        None
    };
    let abroad = phone.region().is_some_and(|region| region != o.business.country);
    // Without an address the text is tried all the same: nothing else can reach them.
    if let (None, Some(email), Some(block)) = (refused, email, o.blocked) {
        return Way::Mail(email, Some(instead(block)));
    }
    match (refused, email, abroad) {
        (None, _, false) => Way::Text(phone),
        (None, Some(email), true) => {
            Way::Mail(email, Some("Mail instead of a text: the number is from another country."))
        }
        (None, None, true) => {
            Way::TextHeld(phone, "The number is from another country. Look at it, then send or drop it.")
        }
        (Some(why), Some(email), _) => Way::Mail(email, Some(why)),
        (Some(_), None, _) => Way::Nothing("No automatic text: not allowed, or not possible. You can still call."),
    }
}

/// Why it is a mail while the carriers block the number.
fn instead(block: Block) -> &'static str {
    match block {
        Block::NotRegistered => "Mail instead of a text: your number is not registered with the US carriers.",
        Block::NotVerified => "Mail instead of a text: your toll-free number is not verified with the US carriers.",
        Block::Trial => "Mail instead of a text: the Twilio account is a trial account.",
    }
}
