//! Puts the facts of one message together for the gate, inside the claim's transaction.

use super::candidate::Candidate;
use super::claim::Order;
use super::hooks::Absent;
use super::pace::Paces;
use super::purse::Purse;
use crate::db::Conn;
use crate::outbox::gate::{Facts, Verdict, gate};
use crate::outbox::pace::{self, Turn};
use std::collections::HashMap;

/// What holds messages back, as far as this claim needs it.
#[derive(Debug, Default)]
pub struct Desk {
    /// The caps.
    pub purse: Purse,
    /// The recipients.
    pub paces: Paces,
    /// Hooks that take nothing now, by message.
    pub(super) absent: HashMap<String, Absent>,
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
        Ok(Self { purse, paces: Paces::open(conn, keys).await?, absent: HashMap::new() })
    }

    /// Takes one candidate to the gate, and takes note of it when it goes.
    pub fn verdict(&mut self, c: &Candidate, order: &Order) -> Verdict {
        let absent = self.absent.get(&c.id).copied();
        let pace = c.pace().filter(|_| order.limits.on);
        let is_new = order.limits.on && !c.has_had_its_turn();
        let turn = match &pace {
            Some((rule, key)) if is_new => pace::turn(*rule, self.paces.of(key), order.now),
            _ => Turn::Now,
        };
        let room = match turn {
            Turn::Now if is_new && c.lead_id.is_some() => self.purse.room(&c.subject(), order.now),
            _ => Ok(Vec::new()),
        };
        let verdict = gate(&Facts {
            purpose: c.purpose,
            medium: order.medium,
            is_marketing: c.is_marketing(),
            now: order.now,
            expires_at: c.expires_at,
            was_tried: c.claimed.standing.attempts > 1,
            released: c.released,
            opted_out: c.opted_out,
            silenced: c.paused,
            refused: c.refused,
            agreed_to_marketing: c.agreed_to_marketing,
            overtaken: c.overtaken,
            quiet: c.quiet.as_ref(),
            turn,
            full: room.as_ref().err().copied(),
            gone: absent == Some(Absent::Gone),
            // Of a channel that is down nothing is claimed, so this is about one hook.
            down: match absent {
                Some(Absent::Until(until)) => Some(("the tries before it at this address failed.", until)),
                _ => None,
            },
        });
        if verdict == Verdict::Go {
            self.purse.take(room.unwrap_or_default(), order.now);
            if let Some((rule, key)) = pace {
                self.paces.sent(&key, rule, order.now);
            }
        }
        verdict
    }
}
