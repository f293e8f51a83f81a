//! What a batch has decided becomes rows.

use super::Batch;
use super::submission::Submission;
use crate::db::{Conn, Script};
use crate::lead::hours::Hours;
use crate::lead::reading::Kind;
use crate::lead::store::handoff::NewHandoff;
use crate::lead::store::intake::{self, NewEvent, NewLead, NewLink, NewReceipt};
use crate::lead::store::join::{Join, join};
use crate::lead::team::Team;
use crate::outbox::store::blocked;
use crate::outbox::store::enqueue;
use crate::reply::AlertTo;
use crate::reply::handoff::{self, Turn, Wait};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

impl Batch<'_> {
    /// Writes it all, with few statements: those of a single submission at one go.
    pub(super) async fn write(self, conn: &mut Conn) -> Result<(), sqlx::Error> {
        for receipt in &self.retired {
            intake::retire_key(conn, receipt).await?;
        }
        for receipt in &self.repeats {
            intake::count_repeat(conn, receipt).await?;
        }
        let mut script = self.script();
        let receipts: Vec<NewReceipt<'_>> =
            self.receipts.iter().map(|(s, state, lead, reading)| receipt(s, state, lead.as_deref(), reading)).collect();
        intake::receipts(&mut script, &receipts);
        intake::leads(&mut script, &self.leads);
        if !self.joins.is_empty() || !self.thin.is_idle() {
            // What joins a lead must find it.
            std::mem::replace(&mut script, self.script()).run(conn).await?;
            for (lead, s, is_write) in &self.joins {
                let further = Join { lead_id: lead, reading: &s.reading, is_write: *is_write, at: s.received_at };
                join(conn, &further).await?;
            }
            self.thin.close(conn).await?;
        }
        self.say(&mut script);
        script.run(conn).await?;
        for (business, at) in &self.probes {
            blocked::probed(conn, business, *at).await?;
        }
        self.books.close(conn, &self.folds).await
    }

    fn script(&self) -> Script {
        if self.receipts.len() == 1 { Script::together() } else { Script::apart() }
    }

    /// Timelines, links, who was answered, the messages, and when each source was last heard of.
    fn say(&self, script: &mut Script) {
        let events: Vec<NewEvent<'_>> = self
            .events
            .iter()
            .map(|(b, lead, at, kind, detail)| (*b, lead.as_str(), *at, *kind, detail.clone()))
            .collect();
        intake::events(script, &events);
        let links: Vec<NewLink<'_>> = self.links.iter().map(|(s, lead, to)| link(s, lead, to)).collect();
        intake::links(script, &links);
        // A contact twice in one statement would be refused; the first of a batch is the one that counts.
        let mut once = BTreeMap::new();
        for (business, contact, lead, at) in &self.answered {
            once.entry((*business, contact.as_str())).or_insert((lead.as_str(), *at));
        }
        let answered: Vec<_> = once.into_iter().map(|((b, c), (lead, at))| (b, c, lead, at)).collect();
        intake::answered(script, &answered);
        enqueue::drafts(script, &self.drafts);
        intake::touched(script, &self.sources);
    }
}

impl<'a> Batch<'a> {
    /// A submission makes a lead.
    pub(super) fn makes_lead(&mut self, s: &'a Submission, lead_id: &str) {
        self.leads.push(new_lead(s));
        self.note(s, lead_id, "received", Some(s.card.source.name.clone()));
        let country = &s.card.business.country;
        let note = first_look(s).and_then(|(team, turn)| handoff::closed_note(team, &turn, country, s.received_at));
        if note.is_some() {
            self.note(s, lead_id, "note", note);
        }
    }
}

/// The lead that a submission makes.
fn new_lead(s: &Submission) -> NewLead<'_> {
    let hours = s.card.business.hours.as_deref();
    let zone = TimeZone::get(&s.card.business.timezone).unwrap_or(TimeZone::UTC);
    let was_closed = hours.and_then(Hours::parse).is_some_and(|h| !h.is_open(s.received_at, &zone));
    NewLead {
        id: &s.lead_id,
        business_id: &s.card.business.id,
        source_id: &s.card.source.id,
        is_test: s.reading.kind == Kind::Test,
        is_spam: s.reading.kind == Kind::Spam,
        reading: &s.reading,
        fields: serde_json::to_string(&s.reading.fields).unwrap_or_else(|_| "[]".to_owned()),
        consent: s.reading.consent.as_ref().and_then(|c| serde_json::to_string(c).ok()),
        marketing: s.reading.marketing.as_ref().and_then(|c| serde_json::to_string(c).ok()),
        hours,
        was_closed,
        received_at: s.received_at,
        handoff: first_look(s).and_then(|(_, turn)| {
            let Wait { since, next, ahead, told, .. } = turn.wait;
            Some(NewHandoff { since_at: since, next, ahead, told, due_at: turn.due? })
        }),
    }
}

/// Who is told of a new lead at once, where there is a ladder. Tests and spam are handed on to nobody.
fn first_look(s: &Submission) -> Option<(&Team, Turn)> {
    let team = s.card.team.as_ref().filter(|_| s.reading.kind == Kind::Lead)?;
    Some((team, handoff::first(team, s.received_at)))
}

fn receipt<'a>(s: &'a Submission, state: &'static str, lead: Option<&'a str>, reading: &'a str) -> NewReceipt<'a> {
    NewReceipt {
        id: &s.receipt_id,
        business_id: &s.card.business.id,
        source_id: &s.card.source.id,
        dedupe_key: &s.dedupe_key,
        state,
        problem: s.refused.as_deref().or(s.reading.problem.as_deref()),
        received_at: s.received_at,
        content_type: s.content_type.as_deref(),
        headers: &s.headers,
        query: &s.query,
        body: &s.body,
        reading,
        files: s.reading.files,
        remote: s.remote.as_deref(),
        lead_id: lead,
    }
}

fn link<'a>(s: &'a Submission, lead: &'a str, to: &'a AlertTo) -> NewLink<'a> {
    NewLink {
        code: &to.code,
        business_id: &s.card.business.id,
        lead_id: lead,
        person_id: &to.id,
        digit: to.digit,
        at: s.received_at,
    }
}
