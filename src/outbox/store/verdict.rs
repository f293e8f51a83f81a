//! The last question before sending: may it still go, and is it its turn? Asked inside the claim's transaction.

use super::candidate::Candidate;
use super::claim::Order;
use super::pace::Paces;
use super::purse::Purse;
use crate::db::Conn;
use crate::outbox::message::{Purpose, State};
use crate::outbox::pace::{self, Turn};

/// What the last question before sending leads to.
#[derive(Debug)]
pub enum Verdict {
    /// It may go.
    Go,
    /// Not any more, or not without a person: the state that says so, and why.
    Aside(State, &'static str),
    /// Not before this instant, with the reason if it is not the usual one; it counts as no try.
    Wait(i64, Option<String>),
    /// With others of the same recipient (the key of their pace), not before this instant.
    Together(String, i64),
}

/// What holds messages back, as far as this claim needs it.
#[derive(Debug, Default)]
pub struct Desk {
    /// The caps.
    pub purse: Purse,
    /// The recipients.
    pub paces: Paces,
}

impl Desk {
    /// Reads what these candidates are judged by; nothing when nothing holds them back.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(conn: &mut Conn, candidates: &[Candidate], order: &Order) -> Result<Self, sqlx::Error> {
        if !order.limits.on {
            return Ok(Self::default());
        }
        let purse = Purse::open(conn, candidates.iter().map(Candidate::subject), order.now).await?;
        let keys = candidates.iter().filter_map(|c| Some(c.pace()?.1)).collect();
        Ok(Self { purse, paces: Paces::open(conn, keys).await? })
    }

    /// Judges one candidate, and takes note of it when it goes.
    pub fn verdict(&mut self, c: &Candidate, order: &Order) -> Verdict {
        if c.expires_at <= order.now {
            return too_late(c);
        }
        if c.opted_out && c.purpose.is_for_lead() {
            return Verdict::Aside(State::Cancelled, "They asked us not to text. You can still call.");
        }
        if c.paused && !c.released {
            return Verdict::Aside(
                State::Cancelled,
                "They asked us to stop, in their own words. You can still write yourself.",
            );
        }
        if let Some(quiet) = c.quiet.as_ref().filter(|_| !c.released) {
            return Verdict::Wait(quiet.until, Some(quiet.reason.clone()));
        }
        if c.overtaken && !c.released {
            let why = match c.purpose {
                Purpose::FollowUp => "Not needed: somebody answered, they wrote or paid, or the first text never went.",
                Purpose::LeadReply => "Not needed any more: a person has answered.",
                _ => "Not needed any more: somebody was faster.",
            };
            return Verdict::Aside(State::Cancelled, why);
        }
        if !order.limits.on {
            return Verdict::Go;
        }
        let pace = c.pace();
        if let Some((rule, key)) = &pace
            && !c.has_had_its_turn()
        {
            match pace::turn(*rule, self.paces.of(key), order.now) {
                Turn::Now => {}
                Turn::Wait(until) => return Verdict::Wait(until, None),
                Turn::Together(due_at) => return Verdict::Together(key.clone(), due_at),
            }
        }
        if !c.has_had_its_turn()
            && c.lead_id.is_some()
            && let Err(reason) = self.purse.reserve(&c.subject(), order.now)
        {
            return Verdict::Aside(State::Held, reason);
        }
        if let Some((rule, key)) = pace {
            self.paces.sent(&key, rule, order.now);
        }
        Verdict::Go
    }
}

/// An answer that nobody waits for any more has expired; anything else that was tried has failed.
fn too_late(c: &Candidate) -> Verdict {
    if c.purpose.prio() > 0 && c.claimed.standing.attempts > 1 {
        return Verdict::Aside(State::Failed, "Gave up: too late to be of use.");
    }
    Verdict::Aside(State::Expired, "Too late to be of use; not sent.")
}
