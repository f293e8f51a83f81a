//! A lead goes from one of us to the next: whoever had it has it no longer, and the next one is told by text, or else by
//! mail, with a link and a digit of their own.

use super::Pipeline;
use crate::base::ids::{LeadId, PersonId, new_code};
use crate::base::random::Random;
use crate::db::{Conn, WriteError};
use crate::lead::shop::{Business, Person};
use crate::lead::store::act::{self, Who};
use crate::lead::store::intake::{NewLink, digits, insert_links};
use crate::lead::store::read;
use crate::outbox::store::enqueue::enqueue;
use crate::reply::{self, AlertTo};
use std::sync::Arc;

/// Where a lead is going.
#[derive(Clone, Debug)]
pub struct Passing {
    /// Whose it is.
    pub business: Business,
    /// Which.
    pub lead: LeadId,
    /// Who passes it on.
    pub who: Who,
    /// To whom.
    pub to: Person,
}

impl Pipeline {
    /// Passes a lead on. `false`: nothing new, since it is closed or went to the same person a moment ago; `None`: this
    /// business has no such lead.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn pass_on(&self, passing: Passing) -> Result<Option<bool>, WriteError> {
        let (random, public_url, now) = (Arc::clone(&self.random), self.public_url.clone(), self.clock.now_ms());
        let job =
            self.db.write(move |c| Box::pin(async move { pass_on(c, &passing, &public_url, now, &random).await }));
        let done = job.await;
        self.outbox.nudge();
        done
    }
}

/// The same inside a transaction.
pub(super) async fn pass_on(
    conn: &mut Conn,
    p: &Passing,
    public_url: &str,
    now: i64,
    random: &Random,
) -> Result<Option<bool>, sqlx::Error> {
    let Some(lead) = read::one_in(conn, &p.business.id, &p.lead).await? else { return Ok(None) };
    let deed = read::last_deed(conn, &p.business.id, &p.lead).await?;
    let passed = act::pass_on(conn, &p.business.id, &p.lead, &p.who, &p.to.name, now).await?;
    if passed != Some(true) {
        return Ok(passed);
    }
    let used = digits(conn, &[p.to.id.as_str()], now).await?;
    let used = used.get(p.to.id.as_str()).map_or(&[][..], Vec::as_slice);
    let to = AlertTo {
        id: p.to.id.clone(),
        phone: p.to.phone.clone(),
        email: p.to.email.clone(),
        ring: None,
        code: new_code(random),
        digit: (1..=9).find(|digit| !used.contains(digit)),
    };
    let so_far = reply::so_far(deed.as_ref(), &p.business, now);
    let draft = reply::passed_on(&p.business, &lead, &so_far, &p.who.name, &to, public_url, now, random);
    let Some(draft) = draft else { return Ok(passed) };
    let link = NewLink {
        code: &to.code,
        business_id: &p.business.id,
        lead_id: &p.lead,
        person_id: &to.id,
        digit: to.digit,
        at: now,
    };
    insert_links(conn, &[link]).await?;
    enqueue(conn, &[draft]).await?;
    Ok(passed)
}

/// Who comes after this person in the line of those who are told; none when nobody else can be reached.
pub fn next_person<'a>(people: &'a [Person], after: &PersonId) -> Option<&'a Person> {
    let at = people.iter().position(|person| person.id == *after)?;
    let others = people.iter().cycle().skip(at + 1).take(people.len() - 1);
    others.filter(|person| !person.name.is_empty()).find(|person| person.phone.is_some() || person.email.is_some())
}
