//! A person's own words go to a lead from the shop's number: typed on a page, sent by a program, or texted by one of us. They
//! count as a person's answer. Nothing goes to who asked for silence or left no number.

use super::Pipeline;
use crate::base::ids::{BusinessId, LeadId, MessageId};
use crate::base::news::Change;
use crate::base::random::Random;
use crate::db::{Conn, WriteError};
use crate::lead::store::act::{self, How, Who};
use crate::lead::store::read;
use crate::outbox::store::enqueue::enqueue;
use crate::reply;
use std::sync::Arc;

/// The most characters of a text (Twilio's limit for one message).
pub const TEXT_MAX: usize = 1_600;

/// What became of a person's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relayed {
    /// They are queued, and a person has answered.
    Queued,
    /// The lead left no number. Nothing was queued.
    NoNumber,
    /// The lead asked not to be texted. Nothing was queued.
    OptedOut,
}

/// A person's words on their way.
#[derive(Clone, Debug)]
pub struct Words {
    /// Whose lead it is.
    pub business: BusinessId,
    /// To whom.
    pub lead: LeadId,
    /// Who wrote them.
    pub who: Who,
    /// Cleaned, not empty, at most [`TEXT_MAX`] characters.
    pub words: String,
    /// The same step of a lead is sent once; none = these words may well be meant twice.
    pub step: Option<String>,
}

impl Pipeline {
    /// Queues a person's words. `None`: this business has no such lead.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn text_lead(&self, words: Words) -> Result<Option<Relayed>, WriteError> {
        let (random, now, business_id) = (Arc::clone(&self.random), self.clock.now_ms(), words.business.clone());
        let job = self.db.write(move |c| Box::pin(async move { relay(c, words, now, &random).await }));
        let done = job.await?;
        if done == Some(Relayed::Queued) {
            self.news.tell(Change { business_id, new_lead: None });
        }
        self.outbox.nudge();
        Ok(done)
    }
}

/// The same inside a transaction.
pub(super) async fn relay(
    conn: &mut Conn,
    w: Words,
    now: i64,
    random: &Random,
) -> Result<Option<Relayed>, sqlx::Error> {
    let Some(lead) = read::one_in(conn, &w.business, &w.lead).await? else { return Ok(None) };
    let Some(phone) = &lead.phone else { return Ok(Some(Relayed::NoNumber)) };
    if read::has_opted_out_in(conn, &w.business, phone.as_str()).await? {
        return Ok(Some(Relayed::OptedOut));
    }
    let message = MessageId::new(random, now);
    let step = w.step.unwrap_or_else(|| message.to_string());
    enqueue(conn, &[reply::relay(&lead, phone, w.words, message, step, now)]).await?;
    act::person(conn, &w.business, &w.lead, &w.who, How::Text, now, now).await?;
    Ok(Some(Relayed::Queued))
}
