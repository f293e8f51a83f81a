//! Messages read back, for pages, the API and exports.

use crate::base::ids::{BusinessId, LeadId, MessageId, PersonId, SourceId};
use crate::base::keyset::{Place, page};
use crate::db::Pool;
use std::ops::Range;

/// A message as it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Whose it is.
    pub business_id: BusinessId,
    /// The lead it is about.
    pub lead_id: Option<LeadId>,
    /// Whom of our own it tells, if not the lead.
    pub person_id: Option<PersonId>,
    /// What it is for; a word of [`crate::outbox::Purpose`].
    pub purpose: String,
    /// `sms`, `mail` or `hook`.
    pub channel: String,
    /// E.164 number or e-mail address.
    pub recipient: String,
    /// Subject of a mail; empty for a text.
    pub subject: String,
    /// The words.
    pub body: String,
    /// How many parts a text has.
    pub parts: i64,
    /// Where it stands; a word of [`crate::outbox::State`].
    pub state: String,
    /// Why it is there, for people.
    pub reason: Option<String>,
    /// The vendor's id.
    pub vendor_id: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// UTC milliseconds.
    pub queued_at: i64,
    /// Not before this instant (UTC milliseconds).
    pub due_at: i64,
    /// When the vendor took it (UTC milliseconds).
    pub accepted_at: Option<i64>,
    /// When it arrived (UTC milliseconds).
    pub delivered_at: Option<i64>,
}

/// Which messages to list; an empty text keeps all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those in this state.
    pub state: String,
    /// Only those about this lead (its id).
    pub lead: String,
}

/// The columns of [`Message`].
macro_rules! columns {
    () => {
        "id, business_id, lead_id, person_id, purpose, channel, recipient, subject, body, parts, state, reason, vendor_id, \
         attempts, queued_at, due_at, accepted_at, delivered_at"
    };
}

/// One page, the newest first, of one business or, with `None`, of all; and where the next page begins.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(
    pool: &Pool,
    within: Option<&BusinessId>,
    filter: &Filter,
    from: Option<&Place>,
    limit: usize,
) -> Result<(Vec<Message>, Option<Place>), sqlx::Error> {
    macro_rules! list {
        ($whose:literal) => {
            concat!(
                "SELECT ",
                columns!(),
                " FROM outbox WHERE ",
                $whose,
                " AND (queued_at < $3 OR (queued_at = $3 AND id < $4)) AND ($5 = '' OR state = $5) \
                   ORDER BY queued_at DESC, id DESC LIMIT $6"
            )
        };
    }
    let sql = match (within.is_some(), filter.lead.is_empty()) {
        (true, true) => list!("business_id = $1 AND $2 = ''"),
        (true, false) => list!("business_id = $1 AND lead_id = $2"),
        (false, true) => list!("$1 = '' AND $2 = ''"),
        (false, false) => list!("$1 = '' AND lead_id = $2"),
    };
    let (at, id) = from.map_or((i64::MAX, ""), |place| (place.at, place.id.as_str()));
    let rows = sqlx::query_as(sql)
        .bind(within.map_or("", |b| b.as_str()))
        .bind(&filter.lead)
        .bind(at)
        .bind(id)
        .bind(&filter.state)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
        .fetch_all(pool)
        .await?;
    Ok(page(rows, limit, |m: &Message| Place { at: m.queued_at, id: m.id.to_string() }))
}

/// One message of a business.
///
/// # Errors
/// When the database cannot be read.
pub async fn one(pool: &Pool, business: &BusinessId, id: &MessageId) -> Result<Option<Message>, sqlx::Error> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM outbox WHERE id = $1 AND business_id = $2");
    sqlx::query_as(SQL).bind(id).bind(business).fetch_optional(pool).await
}

/// The messages that told of unreadable submissions of a source, planned within a span of UTC milliseconds.
///
/// # Errors
/// When the database cannot be read.
pub async fn kept_alerts(
    pool: &Pool,
    business: &BusinessId,
    source: &SourceId,
    within: Range<i64>,
) -> Result<Vec<Message>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM outbox WHERE business_id = $1 AND source_id = $2 AND purpose = 'owner_alert' AND step = 'kept' \
           AND queued_at >= $3 AND queued_at < $4 ORDER BY queued_at, id LIMIT 100"
    );
    sqlx::query_as(SQL).bind(business).bind(source).bind(within.start).bind(within.end).fetch_all(pool).await
}

/// The messages about one lead, oldest first, at most 500. What hooks were told is no part of its story.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_lead(pool: &Pool, business: &BusinessId, lead: &LeadId) -> Result<Vec<Message>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM outbox WHERE lead_id = $1 AND business_id = $2 AND purpose <> 'hook' ORDER BY queued_at, id LIMIT 500"
    );
    sqlx::query_as(SQL).bind(lead).bind(business).fetch_all(pool).await
}

/// How many messages are not done yet, by state: `queued`, `sending` and `unknown`, each also when there are none.
///
/// # Errors
/// When the database cannot be read.
pub async fn under_way(pool: &Pool) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT 'queued', count(*) FROM outbox WHERE state = 'queued' UNION ALL \
         SELECT 'sending', count(*) FROM outbox WHERE state = 'sending' UNION ALL \
         SELECT 'unknown', count(*) FROM outbox WHERE state = 'unknown'",
    )
    .fetch_all(pool)
    .await
}
