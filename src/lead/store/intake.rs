//! What the road needs to know before it decides, and what it writes after: for a whole batch, with few statements.

use super::handoff::{self, NewHandoff};
pub use super::links::{NewLink, insert_links, links};
use crate::base::clock::{DAY_MS, HOUR_MS};
use crate::db::{Conn, Script, runs};
use crate::lead::reading::{Consent, Reading};
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::HashMap;

/// How long an enquiry that nobody closed stays open for a second form to join it.
pub const OPEN_FOR_MS: i64 = 30 * DAY_MS;
/// How long one automatic answer per person is enough.
pub const ANSWERED_FOR_MS: i64 = 12 * HOUR_MS;

/// What identifies one submission of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Where it came in.
    pub source_id: &'a str,
    /// Its delivery.
    pub dedupe_key: &'a str,
    /// Whose it is.
    pub business_id: &'a str,
    /// The person's number, E.164.
    pub phone: Option<&'a str>,
    /// The person's address.
    pub email: Option<&'a str>,
    /// When it came.
    pub at: i64,
}

/// An earlier receipt under the same key.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Its id.
    pub receipt_id: String,
    /// Its lead.
    pub lead_id: Option<String>,
    /// When it came.
    pub received_at: i64,
}

/// What is known before a submission is stored.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The same delivery came before.
    pub earlier: Option<Earlier>,
    /// An open lead of the same person.
    pub open_lead: Option<String>,
    /// That lead's form had a box for texts, and it was left unticked.
    pub wants_no_texts: bool,
    /// The person had an automatic answer lately.
    pub answered: bool,
    /// The person asked not to be texted.
    pub opted_out: bool,
}

/// What is known before a batch is decided.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// Of each submission, in their order.
    pub known: Vec<Known>,
    /// The digits that each of the people has in use: alerts of the last day whose lead still waits.
    pub digits: HashMap<String, Vec<u8>>,
    /// Somebody who asked for silence is known by a hash alone.
    pub forgotten: bool,
}

/// Asks everything about a batch in one statement a run: what is known of each submission, and which digits `people`
/// have in use at `now`.
///
/// # Errors
/// The database's.
pub async fn ground(
    conn: &mut Conn,
    questions: &[Question<'_>],
    people: &[&str],
    now: i64,
) -> Result<Ground, sqlx::Error> {
    let people = serde_json::to_string(people).unwrap_or_else(|_| "[]".to_owned());
    let mut ground = Ground::default();
    for run in runs(questions) {
        let mut known = vec![Known::default(); run.len()];
        let mut sql = QueryBuilder::<Sqlite>::new("WITH v(n, source, key, business, phone, email, at) AS (");
        sql.push_values(run.iter().enumerate(), |mut row, (n, q)| {
            row.push_bind(i64::try_from(n).unwrap_or(0))
                .push_bind(q.source_id)
                .push_bind(q.dedupe_key)
                .push_bind(q.business_id)
                .push_bind(q.phone)
                .push_bind(q.email)
                .push_bind(q.at);
        });
        sql.push(
            ") SELECT 0, v.n, r.id, r.lead_id, r.received_at FROM v JOIN receipt r ON r.source_id = v.source AND r.dedupe_key = v.key \
             UNION ALL SELECT 1, v.n, l.id, l.consent, l.received_at FROM v JOIN lead l ON l.business_id = v.business AND l.phone = v.phone \
               AND l.phone IS NOT NULL AND l.state <> 'closed' AND l.is_test = 0 AND l.is_spam = 0 \
             UNION ALL SELECT 1, v.n, l.id, l.consent, l.received_at FROM v JOIN lead l ON l.business_id = v.business AND l.email = v.email \
               AND l.email IS NOT NULL AND l.state <> 'closed' AND l.is_test = 0 AND l.is_spam = 0 \
             UNION ALL SELECT 2, v.n, f.lead_id, NULL, f.at FROM v JOIN first_message f ON f.business_id = v.business AND f.contact = v.phone \
             UNION ALL SELECT 2, v.n, f.lead_id, NULL, f.at FROM v JOIN first_message f ON f.business_id = v.business AND f.contact = v.email \
             UNION ALL SELECT 3, v.n, '', NULL, x.at FROM v JOIN opt_out x ON x.business_id = v.business AND x.phone = v.phone \
             UNION ALL SELECT * FROM (SELECT 4, 0, '', NULL, at FROM opt_out_hash LIMIT 1)",
        );
        if ground.known.is_empty() {
            sql.push(" UNION ALL SELECT 5, 0, a.person_id, NULL, a.digit FROM json_each(");
            sql.push_bind(people.as_str());
            sql.push(
                ") p CROSS JOIN alert_link a ON a.person_id = p.value AND a.digit IS NOT NULL AND a.created_at > ",
            );
            sql.push_bind(now - DAY_MS);
            sql.push(" JOIN lead l ON l.id = a.lead_id WHERE l.state = 'waiting'");
        }
        for row in sql.build().persistent(true).fetch_all(&mut *conn).await? {
            let n = usize::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0);
            let (Some(entry), Some(q)) = (known.get_mut(n), run.get(n)) else { continue };
            let (id, at): (String, i64) = (row.try_get(2)?, row.try_get(4)?);
            match row.try_get::<i64, _>(0)? {
                4 => ground.forgotten = true,
                5 => ground.digits.entry(id).or_default().extend(u8::try_from(at)),
                0 => entry.earlier = Some(Earlier { receipt_id: id, lead_id: row.try_get(3)?, received_at: at }),
                // Ids sort by birth: the newest open lead is joined.
                1 if at > q.at - OPEN_FOR_MS && entry.open_lead.as_deref() < Some(id.as_str()) => {
                    entry.open_lead = Some(id);
                    entry.wants_no_texts = refuses(row.try_get(3)?);
                }
                2 if at > q.at - ANSWERED_FOR_MS => entry.answered = true,
                3 => entry.opted_out = true,
                _ => {}
            }
        }
        ground.known.extend(known);
    }
    Ok(ground)
}

/// Whether a stored consent says no.
pub(super) fn refuses(consent: Option<String>) -> bool {
    let consent = consent.and_then(|json| serde_json::from_str::<Consent>(&json).ok());
    consent.is_some_and(|consent| !consent.given)
}

/// The digits that each of these people has in use: alerts of the last day whose lead still waits.
///
/// # Errors
/// The database's.
pub async fn digits(conn: &mut Conn, people: &[&str], now: i64) -> Result<HashMap<String, Vec<u8>>, sqlx::Error> {
    let mut in_use: HashMap<String, Vec<u8>> = HashMap::new();
    for run in runs(people) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT a.person_id, a.digit FROM alert_link a JOIN lead l ON l.id = a.lead_id WHERE a.digit IS NOT NULL \
             AND l.state = 'waiting' AND a.created_at > ",
        );
        sql.push_bind(now - DAY_MS).push(" AND a.person_id IN (");
        let mut list = sql.separated(", ");
        for person in run {
            list.push_bind(*person);
        }
        sql.push(")");
        for row in sql.build().persistent(true).fetch_all(&mut *conn).await? {
            let digit = u8::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0);
            in_use.entry(row.try_get(0)?).or_default().push(digit);
        }
    }
    Ok(in_use)
}

/// A receipt to be stored.
#[derive(Clone, Debug)]
pub struct NewReceipt<'a> {
    /// Its id.
    pub id: &'a str,
    /// Whose it is.
    pub business_id: &'a str,
    /// Where it came in.
    pub source_id: &'a str,
    /// Its delivery.
    pub dedupe_key: &'a str,
    /// accepted test ignored kept spam refused.
    pub state: &'static str,
    /// Why it is not simply accepted.
    pub problem: Option<&'a str>,
    /// When it came.
    pub received_at: i64,
    /// As the sender said.
    pub content_type: Option<&'a str>,
    /// Those that matter, as JSON.
    pub headers: &'a str,
    /// Without the question mark, without secrets.
    pub query: &'a str,
    /// Raw, without the bytes of files.
    pub body: &'a [u8],
    /// What was read, as JSON.
    pub reading: &'a str,
    /// How many files came along.
    pub files: u32,
    /// The network it came from.
    pub remote: Option<&'a str>,
    /// Its lead.
    pub lead_id: Option<&'a str>,
}

/// Stores receipts. A key that exists is refused.
pub fn receipts(script: &mut Script, receipts: &[NewReceipt<'_>]) {
    for run in runs(receipts) {
        let sql = script.statement(
            "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, problem, received_at, content_type, headers, query, \
             body, reading, files, remote, lead_id) ",
        );
        sql.push_values(run, |mut row, r| {
            row.push_bind(r.id)
                .push_bind(r.business_id)
                .push_bind(r.source_id)
                .push_bind(r.dedupe_key)
                .push_bind(r.state)
                .push_bind(r.problem)
                .push_bind(r.received_at)
                .push_bind(r.content_type)
                .push_bind(r.headers)
                .push_bind(r.query)
                .push_bind(r.body)
                .push_bind(r.reading)
                .push_bind(i64::from(r.files))
                .push_bind(r.remote)
                .push_bind(r.lead_id);
        });
    }
}

/// A lead to be stored.
#[derive(Clone, Debug)]
pub struct NewLead<'a> {
    /// Its id.
    pub id: &'a str,
    /// Whose it is.
    pub business_id: &'a str,
    /// Where it came in.
    pub source_id: &'a str,
    /// It is a test.
    pub is_test: bool,
    /// It is spam.
    pub is_spam: bool,
    /// What was read.
    pub reading: &'a Reading,
    /// The other fields, as JSON.
    pub fields: String,
    /// The consent, as JSON.
    pub consent: Option<String>,
    /// What a box for news and offers said, as JSON.
    pub marketing: Option<String>,
    /// The schedule in force.
    pub hours: Option<&'a str>,
    /// The shop was closed.
    pub was_closed: bool,
    /// When it came.
    pub received_at: i64,
    /// How it is handed on, if nobody takes it; `None` = to nobody.
    pub handoff: Option<NewHandoff>,
}

/// Stores new leads, waiting.
pub fn leads(script: &mut Script, leads: &[NewLead<'_>]) {
    for run in runs(leads) {
        let sql = script.statement(
            "INSERT INTO lead (id, business_id, source_id, kind, is_test, is_spam, name, first_name, phone, phone_given, email, message, \
             page, consent, marketing, fields, hours, was_closed, state, last_write_at, received_at) ",
        );
        sql.push_values(run, |mut row, l| {
            row.push_bind(l.id)
                .push_bind(l.business_id)
                .push_bind(l.source_id)
                .push_bind(l.reading.about.kind())
                .push_bind(l.is_test)
                .push_bind(l.is_spam)
                .push_bind(l.reading.name.as_deref())
                .push_bind(l.reading.first_name.as_deref())
                .push_bind(l.reading.phone.as_ref().map(|p| p.as_str()))
                .push_bind(l.reading.phone_as_given.as_deref())
                .push_bind(l.reading.email.as_ref().map(|e| e.as_str()))
                .push_bind(l.reading.message.as_deref())
                .push_bind(l.reading.page.as_deref())
                .push_bind(l.consent.as_deref())
                .push_bind(l.marketing.as_deref())
                .push_bind(l.fields.as_str())
                .push_bind(l.hours)
                .push_bind(l.was_closed)
                .push_bind("waiting")
                .push_bind(l.received_at)
                .push_bind(l.received_at);
        });
    }
    let rows: Vec<_> =
        leads.iter().filter_map(|l| Some((l.id, l.business_id, l.handoff.as_ref()?, l.received_at))).collect();
    handoff::insert(script, &rows);
}

/// The same delivery came again.
///
/// # Errors
/// The database's.
pub async fn count_repeat(conn: &mut Conn, receipt_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE receipt SET repeats = repeats + 1 WHERE id = $1").bind(receipt_id).execute(conn).await.map(drop)
}

/// Answers that hash alike count as one delivery for a while only; after that the older receipt gives its key up.
///
/// # Errors
/// The database's.
pub async fn retire_key(conn: &mut Conn, receipt_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE receipt SET dedupe_key = dedupe_key || '@' || id WHERE id = $1")
        .bind(receipt_id)
        .execute(conn)
        .await
        .map(drop)
}

/// One line of a timeline: business, lead, when, kind, detail.
pub type NewEvent<'a> = (&'a str, &'a str, i64, &'static str, Option<String>);

/// Writes timeline lines.
pub fn events(script: &mut Script, events: &[NewEvent<'_>]) {
    for run in runs(events) {
        let sql = script.statement("INSERT INTO event (business_id, lead_id, at, kind, detail) ");
        sql.push_values(run, |mut row, (business, lead, at, kind, detail)| {
            row.push_bind(*business).push_bind(*lead).push_bind(*at).push_bind(*kind).push_bind(detail.as_deref());
        });
    }
}

/// Writes timeline lines at once.
///
/// # Errors
/// The database's.
pub async fn insert_events(conn: &mut Conn, lines: &[NewEvent<'_>]) -> Result<(), sqlx::Error> {
    let mut script = Script::apart();
    events(&mut script, lines);
    script.run(conn).await
}

/// Notes that these people (business, contact, lead, when) were answered automatically: one row a person, by a unique
/// index, so that no second first message can be planned within twelve hours whatever happens.
pub fn answered(script: &mut Script, who: &[(&str, &str, &str, i64)]) {
    for run in runs(who) {
        let sql = script.statement("INSERT INTO first_message (business_id, contact, lead_id, at) ");
        sql.push_values(run, |mut row, (business, contact, lead, at)| {
            row.push_bind(*business).push_bind(*contact).push_bind(*lead).push_bind(*at);
        });
        sql.push(" ON CONFLICT (business_id, contact) DO UPDATE SET lead_id = excluded.lead_id, at = excluded.at");
    }
}

/// Notes it at once; see [`answered`].
///
/// # Errors
/// The database's.
pub async fn mark_answered(conn: &mut Conn, who: &[(&str, &str, &str, i64)]) -> Result<(), sqlx::Error> {
    let mut script = Script::apart();
    answered(&mut script, who);
    script.run(conn).await
}

/// Keeps the newest submission of each source (source, when).
pub fn touched(script: &mut Script, sources: &HashMap<&str, i64>) {
    for (source, at) in sources {
        let sql = script.statement("UPDATE source SET last_at = ");
        sql.push_bind(*at).push(" WHERE id = ").push_bind(*source);
        sql.push(" AND (last_at IS NULL OR last_at < ").push_bind(*at).push(")");
    }
}
