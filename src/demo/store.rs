//! The made-up shop's rows in SQL: leads and messages by way of the same statements as real ones, then the instants
//! that only time gives to those.

use super::Demo;
use super::rows::{EventRow, Fate, LeadRow, Rows};
use super::story::Sort;
use crate::db::{Conn, Script, runs};
use crate::lead::state::State as Stands;
use crate::lead::store::intake::{self, NewLead, NewLink, NewReceipt};
use crate::outbox::message::{Draft, State};
use crate::outbox::store::enqueue::enqueue;
use sqlx::{QueryBuilder, Sqlite};

/// Stores everything. The shop, its people and its sources are there already.
///
/// # Errors
/// What the database says.
pub async fn insert(conn: &mut Conn, demo: &Demo, rows: &Rows) -> Result<(), sqlx::Error> {
    leads(conn, demo, &rows.leads).await?;
    receipts(conn, demo, &rows.leads).await?;
    clocks(conn, demo, &rows.leads).await?;
    let drafts: Vec<Draft> = rows.messages.iter().map(|(draft, _)| draft.clone()).collect();
    enqueue(conn, &drafts).await?;
    fates(conn, &rows.messages).await?;
    attempts(conn, &rows.messages).await?;
    events(conn, demo, &rows.events).await?;
    replies(conn, demo, &rows.leads).await?;
    links(conn, demo, rows).await?;
    answered(conn, demo, &rows.leads).await
}

async fn leads(conn: &mut Conn, demo: &Demo, leads: &[LeadRow]) -> Result<(), sqlx::Error> {
    let new: Vec<NewLead<'_>> = leads
        .iter()
        .map(|lead| NewLead {
            id: &lead.id,
            business_id: &demo.business.id,
            source_id: &demo.sources[lead.source].0.id,
            is_test: lead.story.sort == Sort::Test,
            is_spam: lead.story.sort == Sort::Spam,
            reading: &lead.reading,
            fields: serde_json::to_string(&lead.reading.fields).unwrap_or_default(),
            consent: lead.reading.consent.as_ref().and_then(|consent| serde_json::to_string(consent).ok()),
            marketing: None,
            hours: demo.business.hours.as_deref(),
            was_closed: lead.story.was_closed,
            received_at: lead.story.at,
            handoff: None,
        })
        .collect();
    let mut script = Script::apart();
    intake::leads(&mut script, &new);
    script.run(conn).await
}

async fn receipts(conn: &mut Conn, demo: &Demo, leads: &[LeadRow]) -> Result<(), sqlx::Error> {
    let readings: Vec<String> =
        leads.iter().map(|lead| serde_json::to_string(&lead.reading).unwrap_or_default()).collect();
    let keys: Vec<String> = leads.iter().map(|lead| format!("demo:{}", lead.receipt_id)).collect();
    let new: Vec<NewReceipt<'_>> = leads
        .iter()
        .zip(readings.iter().zip(&keys))
        .map(|(lead, (reading, key))| NewReceipt {
            id: &lead.receipt_id,
            business_id: &demo.business.id,
            source_id: &demo.sources[lead.source].0.id,
            dedupe_key: key,
            state: match lead.story.sort {
                Sort::Real => "accepted",
                Sort::Test => "test",
                Sort::Spam => "spam",
            },
            problem: lead.reading.problem.as_deref(),
            received_at: lead.story.at,
            content_type: Some("application/x-www-form-urlencoded"),
            headers: r#"[["content-type","application/x-www-form-urlencoded"],["user-agent","Mozilla/5.0"]]"#,
            query: if lead.story.sort == Sort::Test { "test=1" } else { "" },
            body: lead.body.as_bytes(),
            reading,
            files: 0,
            remote: Some("192.0.2.0/24"),
            lead_id: Some(&lead.id),
        })
        .collect();
    let mut script = Script::apart();
    intake::receipts(&mut script, &new);
    script.run(conn).await
}

fn stands(lead: &LeadRow) -> Stands {
    let story = &lead.story;
    match (story.outcome, story.person, story.taken) {
        (Some(_), _, _) => Stands::Closed,
        (None, Some(_), _) => Stands::Answered,
        (None, None, Some(_)) => Stands::Taken,
        (None, None, None) => Stands::Waiting,
    }
}

async fn clocks(conn: &mut Conn, demo: &Demo, leads: &[LeadRow]) -> Result<(), sqlx::Error> {
    for run in runs(leads) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "WITH v(id, state, outcome, first_text_at, delivered_at, alerted_at, taken_at, taken_by, person_at, person_how, \
             reached_at, replied_at, closed_at) AS (",
        );
        sql.push_values(run, |mut row, lead| {
            let story = &lead.story;
            let delivered = story.first_text.filter(|_| story.phone.is_some() && !story.landline);
            row.push_bind(lead.id.as_str())
                .push_bind(stands(lead).as_str())
                .push_bind(story.outcome.map(|(_, outcome)| outcome))
                .push_bind(story.first_text.map(|(accepted, _)| accepted))
                .push_bind(delivered.map(|(_, delivered)| delivered))
                .push_bind(story.alerted_at)
                .push_bind(story.taken.map(|(at, _)| at))
                .push_bind(story.taken.and_then(|(_, n)| demo.people.get(n)).map(|person| person.id.as_str()))
                .push_bind(story.person.map(|(at, _)| at))
                .push_bind(story.person.map(|(_, how)| how.as_str()))
                .push_bind(story.reached_at)
                .push_bind(story.replied.map(|(at, _)| at))
                .push_bind(story.outcome.map(|(at, _)| at));
        });
        sql.push(
            ") UPDATE lead SET state = v.state, outcome = v.outcome, first_text_at = v.first_text_at, \
             delivered_at = v.delivered_at, alerted_at = v.alerted_at, taken_at = v.taken_at, taken_by = v.taken_by, \
             person_at = v.person_at, person_how = v.person_how, reached_at = v.reached_at, replied_at = v.replied_at, \
             closed_at = v.closed_at FROM v WHERE lead.id = v.id",
        );
        sql.build().persistent(true).execute(&mut *conn).await?;
    }
    Ok(())
}

fn vendor_status(fate: &Fate) -> (&'static str, i64) {
    match fate.state {
        State::Delivered => ("delivered", 4),
        State::Failed => ("undelivered", 4),
        _ => ("accepted", 0),
    }
}

async fn fates(conn: &mut Conn, messages: &[(Draft, Fate)]) -> Result<(), sqlx::Error> {
    for run in runs(messages) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "WITH v(id, state, reason, vendor_id, vendor_status, status_rank, last_class, last_code, sent_at, accepted_at, \
             delivered_at, told_at) AS (",
        );
        sql.push_values(run, |mut row, (draft, fate)| {
            let told_at = (fate.state == State::Failed).then_some(fate.accepted_at);
            let (status, rank) = vendor_status(fate);
            row.push_bind(draft.id.as_str())
                .push_bind(fate.state.as_str())
                .push_bind(fate.reason.as_deref())
                .push_bind(fate.vendor_id.as_str())
                .push_bind(status)
                .push_bind(rank)
                .push_bind("accepted")
                .push_bind(fate.code)
                .push_bind(draft.queued_at)
                .push_bind(fate.accepted_at)
                .push_bind(fate.delivered_at)
                .push_bind(told_at);
        });
        sql.push(
            ") UPDATE outbox SET state = v.state, reason = v.reason, attempts = 1, vendor_id = v.vendor_id, \
             vendor_status = v.vendor_status, status_rank = v.status_rank, last_class = v.last_class, \
             last_code = v.last_code, sent_at = v.sent_at, accepted_at = v.accepted_at, delivered_at = v.delivered_at, \
             told_at = v.told_at FROM v WHERE outbox.id = v.id",
        );
        sql.build().persistent(true).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn attempts(conn: &mut Conn, messages: &[(Draft, Fate)]) -> Result<(), sqlx::Error> {
    for run in runs(messages) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "INSERT INTO attempt (message_id, n, business_id, started_at, ended_at, class, vendor_id) ",
        );
        sql.push_values(run, |mut row, (draft, fate)| {
            row.push_bind(draft.id.as_str())
                .push_bind(1_i64)
                .push_bind(draft.business_id.as_str())
                .push_bind(draft.queued_at)
                .push_bind(fate.accepted_at)
                .push_bind("accepted")
                .push_bind(fate.vendor_id.as_str());
        });
        sql.build().persistent(true).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn events(conn: &mut Conn, demo: &Demo, events: &[EventRow]) -> Result<(), sqlx::Error> {
    for run in runs(events) {
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO event (business_id, lead_id, at, kind, by, detail) ");
        sql.push_values(run, |mut row, event| {
            row.push_bind(demo.business.id.as_str())
                .push_bind(event.lead_id.as_str())
                .push_bind(event.at)
                .push_bind(event.kind)
                .push_bind(event.by.as_deref())
                .push_bind(event.detail.as_deref());
        });
        sql.build().persistent(true).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn replies(conn: &mut Conn, demo: &Demo, leads: &[LeadRow]) -> Result<(), sqlx::Error> {
    let replied: Vec<_> =
        leads.iter().filter_map(|lead| Some((lead, lead.story.phone.as_deref()?, lead.story.replied?))).collect();
    for run in runs(&replied) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "INSERT INTO inbound (vendor_id, business_id, lead_id, sender, recipient, body, received_at) ",
        );
        sql.push_values(run, |mut row, (lead, phone, (at, words))| {
            row.push_bind(format!("SM{}", lead.receipt_id))
                .push_bind(demo.business.id.as_str())
                .push_bind(lead.id.as_str())
                .push_bind(*phone)
                .push_bind(demo.business.phone.as_deref().unwrap_or_default())
                .push_bind(*words)
                .push_bind(*at);
        });
        sql.build().persistent(true).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn links(conn: &mut Conn, demo: &Demo, rows: &Rows) -> Result<(), sqlx::Error> {
    let new: Vec<NewLink<'_>> = rows
        .links
        .iter()
        .filter_map(|(code, lead_id, person, digit, at)| {
            let person_id = &demo.people.get(*person)?.id;
            Some(NewLink { code, business_id: &demo.business.id, lead_id, person_id, digit: Some(*digit), at: *at })
        })
        .collect();
    intake::insert_links(conn, &new).await
}

async fn answered(conn: &mut Conn, demo: &Demo, leads: &[LeadRow]) -> Result<(), sqlx::Error> {
    let contacts = leads.iter().filter(|lead| lead.story.first_text.is_some()).filter_map(|lead| {
        let contact = lead.story.phone.as_deref().or(lead.story.email.as_deref())?;
        Some((contact, (demo.business.id.as_str(), contact, lead.id.as_str(), lead.story.at)))
    });
    // One statement may not touch one row twice, so only the newest lead of each contact is marked.
    let newest: std::collections::BTreeMap<_, _> = contacts.collect();
    let who: Vec<_> = newest.into_values().collect();
    intake::mark_answered(conn, &who).await
}
