//! What follows from a message's new state: the lead's clocks, its timeline, an opt-out, the same said in another way.

use super::runs;
use super::second_way::{follow_by_mail, say_by_mail, text_what_did_not_ring};
use super::settle::Settled;
use crate::db::{Conn, Script};
use crate::outbox::message::{Purpose, State};
use std::collections::BTreeMap;

/// So many effects are written at one go.
const FEW: usize = 2;

/// A message that has come to a new state.
#[derive(Clone, Debug)]
pub struct Effect<'a> {
    /// The message.
    pub id: &'a str,
    /// Whose it is.
    pub business_id: &'a str,
    /// The lead it is about.
    pub lead_id: Option<&'a str>,
    /// What it is for.
    pub purpose: Purpose,
    /// The new state.
    pub state: State,
    /// When.
    pub at: i64,
    /// Whether the vendor says that this person has opted out.
    pub opted_out: bool,
}

impl<'a> Effect<'a> {
    /// Of a settled attempt.
    pub fn of(s: &'a Settled) -> Self {
        Self {
            id: &s.id,
            business_id: &s.business_id,
            lead_id: s.lead_id.as_deref(),
            purpose: s.purpose,
            state: s.next.state,
            at: s.at,
            opted_out: s.next.opted_out,
        }
    }

    fn event(&self) -> Option<&'static str> {
        match self.state {
            // Somebody was faster than a word among ourselves: that is no failure.
            State::Cancelled if matches!(self.purpose, Purpose::Escalation | Purpose::Notice) => None,
            State::Accepted => Some("message_accepted"),
            State::Delivered => Some("message_delivered"),
            State::Failed | State::Expired | State::Cancelled => Some("message_failed"),
            State::Held => Some("message_held"),
            State::Queued | State::Sending | State::Unknown => None,
        }
    }
}

/// Carries the effects out.
///
/// # Errors
/// The database's.
pub async fn of<'a>(conn: &mut Conn, effects: impl Iterator<Item = Effect<'a>>) -> Result<(), sqlx::Error> {
    // What a hook was told is not part of a lead's story, and must not be told to hooks again.
    let effects: Vec<Effect<'a>> = effects.filter(|effect| effect.purpose != Purpose::Hook).collect();
    let mut script = if effects.len() <= FEW { Script::together() } else { Script::apart() };
    clocks(&mut script, &effects);
    timeline(&mut script, &effects);
    script.run(conn).await?;
    for effect in &effects {
        if effect.opted_out {
            opt_out(conn, effect).await?;
        }
        if matches!(effect.state, State::Failed | State::Expired) {
            say_by_mail(conn, effect.id, effect.at).await?;
        }
        if matches!(effect.state, State::Failed | State::Expired | State::Held) && is_alert(effect.purpose) {
            text_what_did_not_ring(conn, effect.id, effect.at).await?;
        }
        if let (Purpose::LeadReply, State::Failed, Some(lead), false) =
            (effect.purpose, effect.state, effect.lead_id, effect.opted_out)
        {
            follow_by_mail(conn, lead, effect.at).await?;
        }
        if effect.lead_id.is_none() && effect.purpose == Purpose::OwnerAlert {
            said_together(conn, effect).await?;
        }
    }
    Ok(())
}

fn is_alert(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::OwnerAlert | Purpose::Escalation)
}

/// `first_text_at`, `alerted_at` and `delivered_at`, each set once.
fn clocks(script: &mut Script, effects: &[Effect<'_>]) {
    let mut by_lead: BTreeMap<&str, [Option<i64>; 3]> = BTreeMap::new();
    for effect in effects {
        let Some(lead) = effect.lead_id else { continue };
        let clocks = match (effect.purpose, effect.state) {
            (Purpose::LeadReply, State::Accepted) => [Some(effect.at), None, None],
            (Purpose::LeadReply, State::Delivered) => [Some(effect.at), None, Some(effect.at)],
            (Purpose::OwnerAlert, State::Accepted | State::Delivered) => [None, Some(effect.at), None],
            _ => continue,
        };
        let known = by_lead.entry(lead).or_default();
        for (have, new) in known.iter_mut().zip(clocks) {
            *have = have.or(new);
        }
    }
    let rows: Vec<_> = by_lead.into_iter().collect();
    for run in runs(&rows) {
        let sql = script.statement("WITH v(id, first_text_at, alerted_at, delivered_at) AS (");
        sql.push_values(run, |mut row, (lead, [first, alert, delivered])| {
            row.push_bind(*lead).push_bind(*first).push_bind(*alert).push_bind(*delivered);
        });
        sql.push(
            ") UPDATE lead SET first_text_at = COALESCE(lead.first_text_at, v.first_text_at), \
             alerted_at = COALESCE(lead.alerted_at, v.alerted_at), \
             delivered_at = COALESCE(lead.delivered_at, v.delivered_at) FROM v WHERE lead.id = v.id",
        );
    }
}

/// A bundle has left: the leads in it have been told of, and their timelines say how.
async fn said_together(conn: &mut Conn, bundle: &Effect<'_>) -> Result<(), sqlx::Error> {
    if !matches!(bundle.state, State::Accepted | State::Delivered) {
        return Ok(());
    }
    sqlx::query(
        "UPDATE lead SET alerted_at = $1 WHERE alerted_at IS NULL AND id IN (SELECT lead_id FROM outbox WHERE bundle_id = $2)",
    )
    .bind(bundle.at)
    .bind(bundle.id)
    .execute(&mut *conn)
    .await?;
    if bundle.state == State::Accepted {
        sqlx::query(
            "INSERT INTO event (business_id, lead_id, at, kind, detail) SELECT business_id, lead_id, $1, 'note', \
             'The alert went out in one message with those of other leads.' FROM outbox WHERE bundle_id = $2 GROUP BY lead_id",
        )
        .bind(bundle.at)
        .bind(bundle.id)
        .execute(conn)
        .await?;
    }
    Ok(())
}

fn timeline(script: &mut Script, effects: &[Effect<'_>]) {
    let events: Vec<(&Effect<'_>, &str, &'static str)> =
        effects.iter().filter_map(|e| Some((e, e.lead_id?, e.event()?))).collect();
    for run in runs(&events) {
        let sql = script.statement("INSERT INTO event (business_id, lead_id, at, kind, detail) ");
        sql.push_values(run, |mut row, (effect, lead, kind)| {
            row.push_bind(effect.business_id)
                .push_bind(*lead)
                .push_bind(effect.at)
                .push_bind(*kind)
                .push_bind(effect.id);
        });
    }
}

async fn opt_out(conn: &mut Conn, effect: &Effect<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO opt_out (business_id, phone, at, how) SELECT business_id, recipient, $1, 'carrier 21610' FROM outbox \
         WHERE id = $2 AND channel = 'sms' ON CONFLICT (business_id, phone) DO NOTHING",
    )
    .bind(effect.at)
    .bind(effect.id)
    .execute(conn)
    .await
    .map(drop)
}
