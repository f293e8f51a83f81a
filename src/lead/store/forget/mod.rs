//! A person is forgotten: what a lead's tables hold of them is found by a reader and blanked by the writer.
//!
//! Rows stay, so that every number stays: clocks, source, kind, state and flags of a lead, amounts of a payment, kinds
//! and instants of a timeline. Words, names, numbers and addresses go. Messages are the outbox's affair.

mod find;
mod old;

pub use find::{find, of_leads};
pub use old::{Keep, blank_old_bodies, keep_of, leads_were_forgotten, old_leads, set_keep};

use super::silence;
use crate::base::ids::{BusinessId, LeadId};
use crate::base::keys::Keys;
use crate::db::{Conn, Pool};

/// Whom to forget. What is `None` finds nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// E.164, as the road stores it; or as it was typed, if nobody could dial it.
    pub phone: Option<String>,
    /// As the road stores it.
    pub email: Option<String>,
    /// This lead, even if it has neither.
    pub lead: Option<LeadId>,
}

/// What one business holds of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traces {
    /// Whose it is.
    pub business: BusinessId,
    /// Their leads.
    pub leads: Vec<String>,
    /// What came in from them, also where it made no lead.
    pub receipts: Vec<String>,
    /// Numbers and addresses that are theirs alone: neither one of us nor another lead has them.
    pub contacts: Vec<String>,
    /// What gives them away in words about several people.
    pub words: Vec<String>,
}

impl Traces {
    /// Nothing yet.
    pub fn of(business: BusinessId) -> Self {
        Self { business, leads: Vec::new(), receipts: Vec::new(), contacts: Vec::new(), words: Vec::new() }
    }

    /// Whether there is nothing of them.
    pub fn is_empty(&self) -> bool {
        self.leads.is_empty() && self.receipts.is_empty() && self.contacts.is_empty()
    }
}

/// Blanks what the traces name, messages excepted. Returns how many texts from them were blanked.
///
/// # Errors
/// The database's.
pub async fn blank(conn: &mut Conn, keys: &Keys, traces: &Traces, now: i64) -> Result<u64, sqlx::Error> {
    let business = traces.business.as_str();
    for receipt in &traces.receipts {
        blank_receipt(conn, receipt, now).await?;
    }
    let mut texts = 0;
    for lead in &traces.leads {
        texts += blank_lead(conn, business, lead, now).await?;
    }
    for contact in &traces.contacts {
        texts += drop_contact(conn, keys, business, contact).await?;
    }
    Ok(texts)
}

async fn blank_lead(conn: &mut Conn, business: &str, lead: &str, now: i64) -> Result<u64, sqlx::Error> {
    for sql in [
        // Words of closed lists, ids of messages and names of our own people stay.
        "UPDATE event SET detail = NULL WHERE lead_id = $1 AND business_id = $2 AND kind NOT IN ('message_accepted', \
         'message_delivered', 'message_failed', 'message_held', 'person', 'reached', 'outcome', 'passed_on')",
        "UPDATE payment SET what = NULL, reason = NULL WHERE lead_id = $1 AND business_id = $2",
        "DELETE FROM alert_link WHERE lead_id = $1 AND business_id = $2",
        "DELETE FROM first_message WHERE lead_id = $1 AND business_id = $2",
        "DELETE FROM handoff WHERE lead_id = $1 AND business_id = $2",
        "UPDATE call SET caller = '' WHERE lead_id = $1 AND business_id = $2",
    ] {
        sqlx::query(sql).bind(lead).bind(business).execute(&mut *conn).await?;
    }
    let texts = sqlx::query("UPDATE inbound SET sender = '', body = '' WHERE lead_id = $1 AND body || sender <> ''")
        .bind(lead)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    sqlx::query(
        "UPDATE lead SET was_reachable = MAX(was_reachable, phone IS NOT NULL OR email IS NOT NULL), name = NULL, first_name = NULL, phone = NULL, phone_given = NULL, email = NULL, message = NULL, \
         page = NULL, consent = NULL, marketing = NULL, fields = '[]', forgotten_at = COALESCE(forgotten_at, $3) \
         WHERE id = $1 AND business_id = $2",
    )
    .bind(lead)
    .bind(business)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(texts)
}

/// The body goes and what was read in it, and nobody asks a vendor for more because of it, nor joins what it named.
async fn blank_receipt(conn: &mut Conn, receipt: &str, now: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE receipt SET body = X'', headers = '[]', query = '', reading = NULL, remote = NULL, \
         blanked_at = COALESCE(blanked_at, $2) WHERE id = $1",
    )
    .bind(receipt)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE question SET ref = '', lease_token = NULL, lease_until = NULL, \
         reason = CASE WHEN state IN ('queued', 'asking') THEN 'This person was forgotten.' END, \
         state = CASE WHEN state IN ('queued', 'asking') THEN 'failed' ELSE state END WHERE receipt_id = $1",
    )
    .bind(receipt)
    .execute(conn)
    .await
    .map(drop)
}

/// Nothing is kept or counted under a number or address any more; what it asked for stays as a hash.
async fn drop_contact(conn: &mut Conn, keys: &Keys, business: &str, contact: &str) -> Result<u64, sqlx::Error> {
    silence::keep(conn, keys, business, contact).await?;
    for sql in [
        "DELETE FROM first_message WHERE business_id = $1 AND contact = $2",
        "DELETE FROM silence WHERE business_id = $1 AND phone = $2",
        "UPDATE call SET caller = '' WHERE business_id = $1 AND caller = $2",
        "DELETE FROM budget WHERE instr(key, ':' || $1 || ':' || $2) > 0",
        "DELETE FROM pace WHERE key IN ('sms:' || $1 || ':' || $2, 'mail:' || $1 || ':' || $2)",
    ] {
        sqlx::query(sql).bind(business).bind(contact).execute(&mut *conn).await?;
    }
    let texts = sqlx::query(
        "UPDATE inbound SET sender = '', body = '' WHERE sender = $2 AND person_id IS NULL \
         AND COALESCE(business_id, $1) = $1",
    )
    .bind(business)
    .bind(contact)
    .execute(conn)
    .await?;
    Ok(texts.rows_affected())
}

/// When the person of a lead was forgotten (UTC milliseconds); none if they were not.
///
/// # Errors
/// When the database cannot be read.
pub async fn forgotten_at(pool: &Pool, business: &BusinessId, lead: &LeadId) -> Result<Option<i64>, sqlx::Error> {
    let found: Option<Option<i64>> =
        sqlx::query_scalar("SELECT forgotten_at FROM lead WHERE id = $1 AND business_id = $2")
            .bind(lead)
            .bind(business)
            .fetch_optional(pool)
            .await?;
    Ok(found.flatten())
}
