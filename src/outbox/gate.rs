//! The gate that every message of every channel passes just before it is sent. Pure: what is known comes in, the verdict
//! goes out, and whoever asked stores it with the message: its state, its reason in words, and for what waits, until when.
//!
//! The questions, in this order; the first that says no decides:
//!
//! 1. Is it still worth sending? Else `expired`; what was tried and is no first answer has `failed`.
//! 2. Did they opt out? STOP and the carrier's own list bind every text to a lead, a person's own words too; who has
//!    unsubscribed gets no mail that we send by ourselves. Else `cancelled`.
//! 3. Did they ask for silence in words of their own? Binds what is sent by itself. Else `cancelled`.
//! 4. May they be texted, by what their form asked? Else `cancelled`.
//! 5. Its kind: a reply answers the enquiry; marketing goes to those alone who agreed to it. Else `cancelled`.
//! 6. Is it still needed, or was somebody faster, or its hook switched off? Else `cancelled`.
//! 7. Is it quiet where they are? It waits until the hour is decent.
//! 8. Is it their turn? It waits, or goes together with others.
//! 9. Is there room under the caps, what may be spent included? Else it is `held`.
//! 10. Is the way out open? While a vendor is down it waits; nothing is lost and no try is burnt.
//!
//! A press of "send it all the same" answers 3, 6, 7, 8 and 9 for the owner, never 2, 4 or 5. Messages to our own people
//! and to hooks pass 2 to 5 by what they are.

use super::channel::Medium;
use super::message::{Purpose, State};
use super::pace::Turn;
use crate::lead::consent::Refusal;
use crate::lead::quiet::Quiet;

/// How the steps begin of what is marketing; every other message to a lead is a reply.
pub const MARKETING: &str = "offer:";

/// What is said of a mail to somebody who unsubscribed.
pub const UNSUBSCRIBED: &str = "They unsubscribed from your mails. You can still write yourself.";

/// Everything that decides whether one message may go now.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// How it travels.
    pub medium: Medium,
    /// Its kind: marketing, or else a reply.
    pub is_marketing: bool,
    /// This moment (UTC milliseconds).
    pub now: i64,
    /// From when on it is not worth sending (UTC milliseconds).
    pub expires_at: i64,
    /// It was tried before.
    pub was_tried: bool,
    /// The owner said: send it all the same.
    pub released: bool,
    /// The recipient opted out of this channel.
    pub opted_out: bool,
    /// The recipient asked for silence in words of their own.
    pub silenced: bool,
    /// Why the recipient may not be texted, if so.
    pub refused: Option<Refusal>,
    /// The recipient agreed to marketing.
    pub agreed_to_marketing: bool,
    /// What it asks for has been done.
    pub overtaken: bool,
    /// Until when the recipient is left in peace.
    pub quiet: Option<&'a Quiet>,
    /// Whether it is the recipient's turn.
    pub turn: Turn,
    /// Which cap is used up, in its own words.
    pub full: Option<&'static str>,
    /// Nobody is there any more: the hook it goes to is switched off or removed.
    pub gone: bool,
    /// Why the way out is not open, and when it is tried next (UTC milliseconds).
    pub down: Option<(&'a str, i64)>,
}

/// What the gate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may go.
    Go,
    /// Not any more, or not without a person: the state that says so, and why.
    Aside(State, &'static str),
    /// Not before this instant, with the reason if it is not the usual one; it counts as no try.
    Wait(i64, Option<String>),
    /// With others of the same recipient, not before this instant.
    Together(i64),
}

/// Whether a message may go now; see the head of this file.
pub fn gate(f: &Facts<'_>) -> Verdict {
    if f.now >= f.expires_at {
        return too_late(f);
    }
    if let Some(why) = forbidden(f).or_else(|| pointless(f)) {
        return Verdict::Aside(State::Cancelled, why);
    }
    if let Some(quiet) = f.quiet.filter(|_| !f.released) {
        return Verdict::Wait(quiet.until, Some(quiet.reason.clone()));
    }
    match f.turn {
        Turn::Wait(until) if !f.released => return Verdict::Wait(until, None),
        Turn::Together(due_at) if !f.released => return Verdict::Together(due_at),
        _ => {}
    }
    if let Some(cap) = f.full.filter(|_| !f.released) {
        return Verdict::Aside(State::Held, cap);
    }
    if let Some((why, until)) = f.down {
        return Verdict::Wait(until, Some(waits_for(why)));
    }
    Verdict::Go
}

/// What is said of a message whose channel is not sending.
pub fn waits_for(why: &str) -> String {
    format!("Waits: {why}")
}

/// An answer that nobody waits for any more has expired; anything else that was tried has failed.
fn too_late(f: &Facts<'_>) -> Verdict {
    if f.purpose.prio() > 0 && f.was_tried {
        return Verdict::Aside(State::Failed, "Gave up: too late to be of use.");
    }
    Verdict::Aside(State::Expired, "Too late to be of use; not sent.")
}

/// What the law or the person forbids.
fn forbidden(f: &Facts<'_>) -> Option<&'static str> {
    if !f.purpose.is_for_lead() {
        return None;
    }
    let by_itself = f.purpose != Purpose::Relay;
    match f.medium {
        Medium::Mail if f.opted_out && by_itself => {
            return Some(UNSUBSCRIBED);
        }
        Medium::Sms if f.opted_out => return Some("They asked us not to text. You can still call."),
        _ => {}
    }
    if f.silenced && by_itself && !f.released {
        return Some("They asked us to stop, in their own words. You can still write yourself.");
    }
    if let Some(refusal) = f.refused.filter(|_| f.medium == Medium::Sms && by_itself) {
        return Some(match refusal {
            Refusal::MailOnly => "Not texted: their form only allows mail.",
            Refusal::NotTicked => "Not texted: the box that allows texts was not ticked.",
        });
    }
    if f.is_marketing && !f.agreed_to_marketing {
        return Some("Not sent: it is marketing, and they did not agree to get any.");
    }
    None
}

/// What nobody needs any more.
fn pointless(f: &Facts<'_>) -> Option<&'static str> {
    if f.gone {
        return Some("This hook is switched off or removed.");
    }
    if !f.overtaken || f.released {
        return None;
    }
    Some(match f.purpose {
        Purpose::FollowUp => {
            "Not needed: somebody answered, they wrote, paid or asked us to stop, or the first text never went."
        }
        Purpose::LeadReply => "Not needed any more: a person has answered.",
        _ => "Not needed any more: somebody was faster.",
    })
}

#[cfg(test)]
mod tests;
