//! Messages as the page of deliveries lists them: what failed and why, everything else by day, what a person decides.

use crate::base::ids::BusinessId;
use crate::base::keyset::{Place, page};
use crate::db::{Conn, Pool, runs};
use crate::outbox::message::{Purpose, State};
use crate::outbox::pace::BUNDLE;
use crate::outbox::store::effects::{self, Effect};
use crate::outbox::store::recover;
use sqlx::{QueryBuilder, Row, Sqlite};

/// A reason for which messages failed lately.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Group {
    /// Why, for people.
    pub reason: String,
    /// The vendor's code, if it gave one.
    pub code: Option<i64>,
    /// How many.
    pub count: i64,
    /// Of these, how many a person may send again.
    pub open: i64,
    /// The newest of them (UTC milliseconds).
    pub last_at: i64,
}

/// A message with whom it is for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    /// Its id.
    pub id: String,
    /// The lead it is about.
    pub lead_id: Option<String>,
    /// What it is for.
    pub purpose: String,
    /// `sms` or `mail`.
    pub channel: String,
    /// One of us by name, else the lead by name, else number or address.
    pub whom: String,
    /// Where it stands; a word of [`State`].
    pub state: String,
    /// Why it is there, for people.
    pub reason: Option<String>,
    /// UTC milliseconds.
    pub queued_at: i64,
    /// Not before this instant (UTC milliseconds).
    pub due_at: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// The class of the newest try.
    pub last_class: Option<String>,
    /// Whether there is still something to send.
    pub has_words: bool,
    /// Whether it goes to the person who wrote.
    pub is_for_lead: bool,
    /// The vendor's code for the newest try.
    pub code: Option<i64>,
    /// What to call the person who wrote.
    pub first_name: Option<String>,
    /// The same was handed over by mail.
    pub mailed: bool,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Try {
    /// Of which message.
    pub message_id: String,
    /// Which one.
    pub n: i64,
    /// UTC milliseconds.
    pub started_at: i64,
    /// `accepted`, `not_sent`, `rejected`, `blocked`, `unknown`; none while under way.
    pub class: Option<String>,
    /// The vendor's code.
    pub code: Option<i64>,
    /// Why, for people.
    pub reason: Option<String>,
}

/// Which messages to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that need a person.
    pub failing: bool,
    /// Only those about this lead (its id); empty for all.
    pub lead: String,
    /// Only those planned within this span (UTC milliseconds).
    pub within: Option<std::ops::Range<i64>>,
}

/// How long what failed stands first on the page, in milliseconds.
pub const LATELY_MS: i64 = 7 * crate::base::clock::DAY_MS;

/// What needs a person: it is held, failed, expired or unknown since `since` and somebody is there to send it to. The
/// list of states stands as in the index `outbox_needs_you`.
macro_rules! needs_you {
    () => {
        "o.business_id = $1 AND o.state IN ('held', 'failed', 'expired', 'unknown') AND o.queued_at >= $2 AND o.recipient <> ''"
    };
}

/// Whether it may be sent again together with others: there are words left, and nobody has to ask whether it went out.
macro_rules! may_go {
    () => {
        "((o.body <> '' OR o.step = 'bundle') AND o.state <> 'unknown' AND COALESCE(o.last_class, '') <> 'unknown')"
    };
}

/// Why messages failed since `since`, the reason with the newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn groups(pool: &Pool, business: &BusinessId, since: i64) -> Result<Vec<Group>, sqlx::Error> {
    sqlx::query_as(concat!(
        "SELECT COALESCE(o.reason, 'No reason was given.') AS reason, max(o.last_code) AS code, count(*) AS count, \
         COALESCE(sum(",
        may_go!(),
        "), 0) AS open, max(o.queued_at) AS last_at FROM outbox o WHERE ",
        needs_you!(),
        " GROUP BY 1 ORDER BY last_at DESC LIMIT 20"
    ))
    .bind(business)
    .bind(since)
    .fetch_all(pool)
    .await
}

/// One page, the newest first, and where the next one begins.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(
    pool: &Pool,
    business: &BusinessId,
    filter: &Filter,
    from: Option<&Place>,
    limit: usize,
) -> Result<(Vec<Delivery>, Option<Place>), sqlx::Error> {
    let (at, id) = from.map_or((i64::MAX, ""), |place| (place.at, place.id.as_str()));
    let within = filter.within.clone().unwrap_or(i64::MIN..i64::MAX);
    let rows: Vec<Delivery> = sqlx::query_as(
        "SELECT o.id, o.lead_id, o.purpose, o.channel, COALESCE(NULLIF(p.name, ''), CASE WHEN o.person_id IS NULL THEN \
           COALESCE(l.name, l.phone, l.email) END, NULLIF(o.recipient, ''), 'someone') AS whom, o.state, o.reason, \
         o.queued_at, o.due_at, o.attempts, o.last_class, \
         o.recipient <> '' AND (o.body <> '' OR o.step = 'bundle') AS has_words, \
         o.purpose IN ('lead_reply', 'follow_up', 'relay') AS is_for_lead, o.last_code AS code, l.first_name, \
         EXISTS (SELECT 1 FROM outbox e WHERE e.lead_id = o.lead_id AND e.purpose = o.purpose AND e.step = o.step || ':mail' \
           AND e.state IN ('accepted', 'delivered')) AS mailed \
         FROM outbox o LEFT JOIN person p ON p.id = o.person_id LEFT JOIN lead l ON l.id = o.lead_id \
         WHERE o.business_id = $1 AND (o.queued_at < $2 OR (o.queued_at = $2 AND o.id < $3)) \
         AND o.queued_at >= $4 AND o.queued_at < $5 AND ($6 = '' OR o.lead_id = $6) \
         AND ($7 = 0 OR (o.state IN ('held', 'failed', 'expired', 'unknown') AND o.recipient <> '')) \
         ORDER BY o.queued_at DESC, o.id DESC LIMIT $8",
    )
    .bind(business)
    .bind(at)
    .bind(id)
    .bind(within.start)
    .bind(within.end)
    .bind(&filter.lead)
    .bind(i64::from(filter.failing))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
    .fetch_all(pool)
    .await?;
    Ok(page(rows, limit, |m: &Delivery| Place { at: m.queued_at, id: m.id.clone() }))
}

/// The tries of these messages, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn tries(pool: &Pool, messages: &[&str]) -> Result<Vec<Try>, sqlx::Error> {
    let mut found = Vec::new();
    for run in runs(messages) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT message_id, n, started_at, class, code, reason FROM attempt WHERE message_id IN (",
        );
        let mut list = sql.separated(", ");
        for message in run {
            list.push_bind(*message);
        }
        sql.push(") ORDER BY message_id, n");
        found.append(&mut sql.build_query_as().fetch_all(pool).await?);
    }
    Ok(found)
}

/// How many texts and mails were planned since `since`, and how many of them arrived or are with the vendor: texts,
/// texts delivered, mails, mails taken.
///
/// # Errors
/// When the database cannot be read.
pub async fn sums(pool: &Pool, business: &BusinessId, since: i64) -> Result<[i64; 4], sqlx::Error> {
    let row = sqlx::query(
        "SELECT COALESCE(sum(channel = 'sms'), 0), COALESCE(sum(channel = 'sms' AND state = 'delivered'), 0), \
         COALESCE(sum(channel = 'mail'), 0), COALESCE(sum(channel = 'mail' AND state IN ('accepted', 'delivered')), 0) \
         FROM outbox WHERE business_id = $1 AND queued_at >= $2 AND state <> 'cancelled'",
    )
    .bind(business)
    .bind(since)
    .fetch_one(pool)
    .await?;
    Ok([row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?])
}

/// Whether a message is this business's.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_of(pool: &Pool, business: &BusinessId, id: &str) -> Result<bool, sqlx::Error> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM outbox WHERE id = $1 AND business_id = $2")
        .bind(id)
        .bind(business)
        .fetch_optional(pool)
        .await?;
    Ok(found.is_some())
}

/// What a person decided about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Send it, all the same.
    Send,
    /// Never send it.
    Drop,
}

/// Carries a decision out; `false`: there was nothing to decide any more. A text of which nobody knows whether it went
/// out is sent again only with `although_in_doubt`, which is a press of its own.
///
/// # Errors
/// The database's.
pub async fn decide(
    conn: &mut Conn,
    business: &BusinessId,
    id: &str,
    decision: Decision,
    although_in_doubt: bool,
    now: i64,
) -> Result<bool, sqlx::Error> {
    match decision {
        Decision::Send => send(conn, business, id, although_in_doubt, now).await,
        Decision::Drop => call_off(conn, business, id, now).await,
    }
}

async fn send(
    conn: &mut Conn,
    business: &BusinessId,
    id: &str,
    although_in_doubt: bool,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let may: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM outbox WHERE id = $1 AND business_id = $2 AND recipient <> '' AND (body <> '' OR step = $3) \
         AND ($4 OR NOT (state = 'unknown' OR (COALESCE(last_class, '') = 'unknown' \
           AND purpose IN ('lead_reply', 'follow_up', 'relay'))))",
    )
    .bind(id)
    .bind(business)
    .bind(BUNDLE)
    .bind(although_in_doubt)
    .fetch_optional(&mut *conn)
    .await?;
    if may.is_none() {
        return Ok(false);
    }
    // Whoever presses knows that it may arrive twice; nobody looks it up any more.
    sqlx::query("UPDATE outbox SET state = 'held', next_check_at = NULL WHERE id = $1 AND state = 'unknown'")
        .bind(id)
        .execute(&mut *conn)
        .await?;
    recover::release(conn, business.as_str(), id, now).await
}

/// It is cancelled, and nothing is said by mail instead.
async fn call_off(conn: &mut Conn, business: &BusinessId, id: &str, now: i64) -> Result<bool, sqlx::Error> {
    let row = sqlx::query(
        "UPDATE outbox SET state = 'cancelled', reason = 'Dropped by one of you.', next_check_at = NULL, \
         told_at = COALESCE(told_at, $3) WHERE id = $1 AND business_id = $2 \
         AND state IN ('held', 'failed', 'expired', 'unknown') RETURNING lead_id, purpose",
    )
    .bind(id)
    .bind(business)
    .bind(now)
    .fetch_all(&mut *conn)
    .await?;
    let Some(row) = row.first() else { return Ok(false) };
    let (lead_id, purpose): (Option<String>, String) = (row.try_get(0)?, row.try_get(1)?);
    let effect = Effect {
        id,
        business_id: business.as_str(),
        lead_id: lead_id.as_deref(),
        purpose: Purpose::parse(&purpose).unwrap_or(Purpose::Notice),
        state: State::Cancelled,
        at: now,
        opted_out: false,
    };
    effects::of(conn, std::iter::once(effect)).await?;
    Ok(true)
}

/// The messages of one reason that a person may send again, at most 100, oldest first; none that may have been sent
/// already.
///
/// # Errors
/// The database's.
pub async fn of_reason(
    conn: &mut Conn,
    business: &BusinessId,
    reason: &str,
    since: i64,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(concat!(
        "SELECT o.id FROM outbox o WHERE ",
        needs_you!(),
        " AND COALESCE(o.reason, 'No reason was given.') = $3 AND ",
        may_go!(),
        " ORDER BY o.queued_at, o.id LIMIT 100"
    ))
    .bind(business)
    .bind(since)
    .bind(reason)
    .fetch_all(conn)
    .await
}
