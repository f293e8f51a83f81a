//! The messages that are due, read with everything that decides whether they may go.

use super::bundle::Crowd;
use super::claim::{Claimed, Order};
use super::runs;
use crate::base::clock::MINUTE_MS;
use crate::base::ids::MessageId;
use crate::base::random::Random;
use crate::db::Conn;
use crate::lead::consent::{Refusal, refusal};
use crate::lead::quiet::{Quiet, quiet};
use crate::lead::reading::Consent;
use crate::lead::store::silence;
use crate::lead::zone::Whereabouts;
use crate::outbox::channel::{Medium, Outgoing};
use crate::outbox::gate::MARKETING;
use crate::outbox::limits::Subject;
use crate::outbox::machine::Standing;
use crate::outbox::message::Purpose;
use crate::outbox::pace::Rule;
use crate::outbox::unsubscribe;
use sqlx::{QueryBuilder, Row, Sqlite};

const COLUMNS: &str = "SELECT o.id, o.business_id, o.lead_id, o.source_id, o.purpose, o.step, o.recipient, o.subject, o.body, o.html, o.parts, \
     o.remote, o.queued_at, o.expires_at, o.attempts, o.checks, o.released, b.name, b.timezone, b.country, s.created_at AS source_since, \
     (SELECT 1 FROM opt_out x WHERE x.business_id = o.business_id AND x.phone = o.recipient) AS opted_out, \
     CASE WHEN o.purpose IN ('lead_reply', 'follow_up') THEN (SELECT 1 FROM silence q WHERE q.business_id = o.business_id AND q.phone = o.recipient) END AS paused, \
     CASE WHEN o.channel = 'call' AND (o.purpose = 'escalation' OR o.purpose = 'owner_alert' AND (o.step = 'bundle' OR o.step LIKE 'new:%')) THEN NOT EXISTS (SELECT 1 FROM lead l WHERE l.state = 'waiting' \
         AND (l.id = o.lead_id OR l.id IN (SELECT m.lead_id FROM outbox m WHERE m.bundle_id = o.id))) \
       WHEN o.purpose = 'escalation' AND o.step LIKE 'wait:%' THEN (SELECT l.state <> 'waiting' FROM lead l WHERE l.id = o.lead_id) \
       WHEN o.purpose = 'follow_up' THEN (SELECT l.state <> 'waiting' OR l.person_at IS NOT NULL OR l.replied_at IS NOT NULL \
         OR l.first_text_at IS NULL OR EXISTS (SELECT 1 FROM payment p WHERE p.lead_id = l.id AND p.paid_at IS NOT NULL) \
         OR EXISTS (SELECT 1 FROM opt_out x WHERE x.business_id = l.business_id AND x.phone = l.phone) \
         OR EXISTS (SELECT 1 FROM silence q WHERE q.business_id = l.business_id AND q.phone = l.phone) \
         FROM lead l WHERE l.id = o.lead_id) \
       WHEN o.purpose = 'lead_reply' AND o.step = 'first' AND o.due_at > o.queued_at + 60000 THEN \
         (SELECT l.state = 'closed' OR l.person_at IS NOT NULL FROM lead l WHERE l.id = o.lead_id) \
       WHEN o.purpose = 'notice' AND o.step LIKE 'reach:%' THEN (SELECT l.state <> 'taken' OR l.person_at IS NOT NULL FROM lead l WHERE l.id = o.lead_id) \
       ELSE 0 END AS overtaken, \
     (SELECT p.email FROM person p WHERE p.business_id = o.business_id AND p.email IS NOT NULL ORDER BY p.position LIMIT 1) AS reply_to, (SELECT 1 FROM opt_out_hash LIMIT 1) AS forgotten \
     FROM due CROSS JOIN outbox o ON o.id = due.id JOIN business b ON b.id = o.business_id \
     LEFT JOIN source s ON s.id = o.source_id ";

/// A message that is due, as far as it must be known before it is sent.
#[derive(Debug)]
pub struct Candidate {
    pub id: String,
    pub business_id: String,
    pub lead_id: Option<String>,
    pub source_id: Option<String>,
    pub source_since: Option<i64>,
    pub purpose: Purpose,
    pub step: String,
    pub recipient: String,
    pub parts: i64,
    pub remote: Option<String>,
    pub released: bool,
    pub opted_out: bool,
    /// They asked for silence in words of their own, and it would go by itself.
    pub paused: bool,
    /// Until when they are left in peace, and why, if it is a text that must not come in quiet hours.
    pub quiet: Option<Quiet>,
    /// Why they may not be texted, as far as it was asked; see [`permissions`].
    pub refused: Option<Refusal>,
    /// They agreed to marketing; asked only of what is marketing.
    pub agreed_to_marketing: bool,
    /// What it asks for has been done: the lead was taken, answered or closed.
    pub overtaken: bool,
    pub expires_at: i64,
    pub claimed: Claimed,
}

/// The oldest due of each class in turn, the first class first; or the one that has waited longest of all.
///
/// # Errors
/// The database's.
pub async fn due(conn: &mut Conn, order: &Order, random: &Random) -> Result<Vec<Candidate>, sqlx::Error> {
    let most = i64::try_from(order.looks_at()).unwrap_or(1);
    let reports = most.min(i64::try_from(order.reports).unwrap_or(0));
    // One branch a class, each a search of the index; the last is that of reports. The class is no parameter: where one
    // meets the predicate of a partial index, the statement is prepared anew each time it is bound. So it is where one
    // alone is a limit (SQLite 3.47 and later plan by its value); a sum is not looked into.
    let mut sql = QueryBuilder::<Sqlite>::new("WITH due(prio, due_at, id) AS (");
    for prio in 0..=3i64 {
        sql.push(if prio == 0 { "" } else { " UNION ALL " });
        sql.push("SELECT * FROM (SELECT prio, due_at, id FROM outbox WHERE state = 'queued' AND channel = ");
        sql.push_bind(order.medium.as_str()).push(" AND prio = ").push(prio);
        sql.push(" AND due_at <= ").push_bind(order.now);
        sql.push(" ORDER BY due_at, id LIMIT ").push_bind(if prio == 3 { reports } else { most }).push(" + 0)");
    }
    sql.push(") ").push(COLUMNS);
    sql.push(if order.oldest_first { "ORDER BY due.due_at, due.id" } else { "ORDER BY due.prio, due.due_at, due.id" });
    sql.push(" LIMIT ").push_bind(most).push(" + 0");
    let rows = sql.build().persistent(true).fetch_all(&mut *conn).await?;
    let mut candidates = rows.iter().map(|row| candidate(row, order, random)).collect::<Result<Vec<_>, _>>()?;
    if rows.iter().any(|row| row.try_get::<Option<i64>, _>("forgotten").is_ok_and(|found| found.is_some())) {
        hush(conn, &mut candidates, order).await?;
    }
    permissions(conn, &mut candidates, order).await?;
    Ok(candidates)
}

/// A number or address that was forgotten may have asked for silence before.
async fn hush(conn: &mut Conn, candidates: &mut [Candidate], order: &Order) -> Result<(), sqlx::Error> {
    if order.medium == Medium::Hook {
        return Ok(());
    }
    for c in candidates.iter_mut().filter(|c| c.purpose.is_for_lead() && !c.opted_out) {
        c.opted_out = silence::is_asked(conn, &order.limits.keys, &c.business_id, &c.recipient).await?;
    }
    Ok(())
}

/// What a person's forms permit is asked again of whatever has waited: a first answer that goes with its own plan was
/// asked a moment ago. So the usual claim asks nothing here.
async fn permissions(conn: &mut Conn, candidates: &mut [Candidate], order: &Order) -> Result<(), sqlx::Error> {
    let waited = candidates.iter().filter(|c| c.has_waited(order.now)).map(|c| c.id.clone()).collect::<Vec<_>>();
    for run in runs(&waited) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT o.id, l.consent, l.marketing, COALESCE(s.consent, '') FROM outbox o JOIN lead l ON l.id = o.lead_id \
             LEFT JOIN source s ON s.id = o.source_id WHERE o.id IN (",
        );
        let mut list = sql.separated(", ");
        for id in run {
            list.push_bind(id.as_str());
        }
        sql.push(")");
        for row in sql.build().persistent(true).fetch_all(&mut *conn).await? {
            let (id, rule): (String, String) = (row.try_get(0)?, row.try_get(3)?);
            let Some(c) = candidates.iter_mut().find(|c| c.id == id) else { continue };
            c.refused = refusal(&rule, given(row.try_get(1)?));
            c.agreed_to_marketing = given(row.try_get(2)?) == Some(true);
        }
    }
    Ok(())
}

/// What a stored box says.
fn given(stored: Option<String>) -> Option<bool> {
    stored.and_then(|json| serde_json::from_str::<Consent>(&json).ok()).map(|consent| consent.given)
}

fn candidate(row: &sqlx::sqlite::SqliteRow, order: &Order, random: &Random) -> Result<Candidate, sqlx::Error> {
    let word: String = row.try_get("purpose")?;
    let purpose = Purpose::parse(&word).ok_or_else(|| sqlx::Error::Decode(format!("purpose {word}").into()))?;
    let id: String = row.try_get("id")?;
    let attempts: i64 = row.try_get::<i64, _>("attempts")? + 1;
    let expires_at: i64 = row.try_get("expires_at")?;
    let valid_for_secs = u32::try_from(((expires_at - order.now) / 1_000).clamp(1, 4 * 3_600)).unwrap_or(1);
    let recipient: String = row.try_get("recipient")?;
    let business_id: String = row.try_get("business_id")?;
    let lead_id: Option<String> = row.try_get("lead_id")?;
    let claimed = Claimed {
        outgoing: Outgoing {
            id: MessageId::from(id.as_str()),
            business_id: business_id.as_str().into(),
            attempt: u32::try_from(attempts).unwrap_or(u32::MAX),
            to: recipient.clone(),
            from_name: row.try_get("name")?,
            reply_to: if purpose.is_for_lead() { row.try_get("reply_to")? } else { None },
            subject: row.try_get("subject")?,
            body: row.try_get("body")?,
            html: row.try_get("html")?,
            valid_for_secs,
            auto_reply: purpose == Purpose::LeadReply,
            unsubscribe: (purpose == Purpose::FollowUp && order.medium == Medium::Mail)
                .then(|| unsubscribe::link(&order.limits.public_url, &order.limits.keys, &id)),
            hook: None,
        },
        standing: Standing {
            purpose,
            medium: order.medium,
            attempts,
            queued_at: row.try_get("queued_at")?,
            expires_at,
            sent_at: order.now,
            checks: row.try_get("checks")?,
        },
        lease_token: crate::base::ids::new_code(random),
        lead_id: lead_id.clone(),
    };
    Ok(Candidate {
        id,
        business_id,
        lead_id,
        source_id: row.try_get("source_id")?,
        source_since: row.try_get("source_since")?,
        purpose,
        step: row.try_get("step")?,
        recipient,
        parts: row.try_get("parts")?,
        remote: row.try_get("remote")?,
        released: row.try_get::<i64, _>("released")? != 0,
        paused: row.try_get::<Option<i64>, _>("paused")?.is_some(),
        quiet: still(row, purpose, order)?,
        opted_out: row.try_get::<Option<i64>, _>("opted_out")?.is_some(),
        refused: None,
        agreed_to_marketing: false,
        overtaken: row.try_get::<Option<i64>, _>("overtaken")?.is_none_or(|overtaken| overtaken != 0),
        expires_at,
        claimed,
    })
}

/// Follow-ups keep quiet hours also when they are late: their time was chosen when they were planned.
fn still(row: &sqlx::sqlite::SqliteRow, purpose: Purpose, order: &Order) -> Result<Option<Quiet>, sqlx::Error> {
    if purpose != Purpose::FollowUp || order.medium != Medium::Sms {
        return Ok(None);
    }
    let (number, zone, country): (String, String, String) =
        (row.try_get("recipient")?, row.try_get("timezone")?, row.try_get("country")?);
    Ok(quiet(order.now, &Whereabouts::of(Some(&number), &[], &zone), &country))
}

impl Candidate {
    /// What the caps must know of it.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            business_id: &self.business_id,
            source_id: self.source_id.as_deref(),
            source_since: self.source_since,
            purpose: self.purpose,
            medium: self.claimed.standing.medium,
            recipient: &self.recipient,
            remote: self.remote.as_deref(),
            parts: self.parts,
            is_asked_for: self.is_asked_for(),
        }
    }

    /// The rule that its recipient's pace is judged by, and where that is stored.
    pub fn pace(&self) -> Option<(Rule, String)> {
        let medium = self.claimed.standing.medium;
        let rule = Rule::of(self.purpose, medium, &self.step, self.lead_id.is_some())?;
        Some((rule, format!("{}:{}:{}", medium.as_str(), self.business_id, self.recipient)))
    }

    /// The crowd that it is one of, if there are too many.
    pub fn crowd(&self, key: &str, due_at: i64) -> Crowd {
        Crowd {
            key: key.to_owned(),
            business_id: self.business_id.clone(),
            recipient: self.recipient.clone(),
            medium: self.claimed.standing.medium,
            due_at,
        }
    }

    /// Whether it is marketing.
    pub fn is_marketing(&self) -> bool {
        self.purpose == Purpose::FollowUp && self.step.starts_with(MARKETING)
    }

    /// Whether what the person permits may have changed since it was planned. An answer to a question by text was asked
    /// for by the person themselves.
    fn has_waited(&self, now: i64) -> bool {
        let standing = &self.claimed.standing;
        match self.purpose {
            Purpose::FollowUp => true,
            Purpose::LeadReply => {
                standing.medium == Medium::Sms && now - standing.queued_at > MINUTE_MS && !self.is_asked_for()
            }
            _ => false,
        }
    }

    fn is_asked_for(&self) -> bool {
        self.step.starts_with("status:")
    }

    /// Whether its turn was judged before: a retry, or what the owner sends all the same.
    pub fn has_had_its_turn(&self) -> bool {
        self.released || self.claimed.standing.attempts > 1
    }
}
