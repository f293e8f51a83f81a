//! Messages that did not go out and of which nobody was told yet. The list of states stands as in the index
//! `outbox_needs_you`, or every look would read the whole table.

use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::db::Conn;
use crate::outbox::channel::Medium;
use sqlx::{Row, SqlitePool};

/// Businesses with such messages that had no notice since `quiet_since`.
///
/// # Errors
/// The database's.
pub async fn untold(readers: &SqlitePool, quiet_since: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT o.business_id FROM (SELECT DISTINCT business_id FROM outbox \
           WHERE state IN ('held', 'failed', 'expired', 'unknown') AND state <> 'unknown' AND told_at IS NULL AND purpose NOT IN ('notice', 'hook')) o \
         WHERE NOT EXISTS (SELECT 1 FROM outbox n WHERE n.business_id = o.business_id AND n.queued_at > $1 \
           AND n.purpose = 'notice' AND n.step = 'trouble') LIMIT 100",
    )
    .bind(quiet_since)
    .fetch_all(readers)
    .await
}

/// Whether a notice of this step was planned for the business since `quiet_since`.
///
/// # Errors
/// The database's.
pub async fn was_told(conn: &mut Conn, business: &str, step: &str, quiet_since: i64) -> Result<bool, sqlx::Error> {
    let found: Vec<i64> = sqlx::query_scalar(
        "SELECT 1 FROM outbox WHERE business_id = $1 AND queued_at > $2 AND purpose = 'notice' AND step = $3 LIMIT 1",
    )
    .bind(business)
    .bind(quiet_since)
    .bind(step)
    .fetch_all(conn)
    .await?;
    Ok(!found.is_empty())
}

/// Marks them told and returns the reasons with their counts, most frequent first.
///
/// # Errors
/// The database's.
pub async fn mark_told(conn: &mut Conn, business: &str, now: i64) -> Result<Vec<(String, i64)>, sqlx::Error> {
    let reasons = sqlx::query_as(
        "SELECT COALESCE(reason, 'No reason was given.'), count(*) FROM outbox WHERE business_id = $1 \
         AND state IN ('held', 'failed', 'expired', 'unknown') AND state <> 'unknown' AND told_at IS NULL AND purpose NOT IN ('notice', 'hook') GROUP BY 1 ORDER BY 2 DESC LIMIT 20",
    )
    .bind(business)
    .fetch_all(&mut *conn)
    .await?;
    sqlx::query(
        "UPDATE outbox SET told_at = $1 WHERE business_id = $2 AND state IN ('held', 'failed', 'expired', 'unknown') \
         AND state <> 'unknown' AND told_at IS NULL AND purpose <> 'hook'",
    )
    .bind(now)
    .bind(business)
    .execute(conn)
    .await?;
    Ok(reasons)
}

/// What an owner must hear about now: alerts that were given up, or that have not got through for a minute ($1 is a
/// minute ago) although they were tried, or for five ($2) although they were due; and whatever the vendor has blocked.
/// One part for each index; the words of the first stand as in its index, or it would not be used.
macro_rules! failing {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM outbox WHERE told_at IS NULL AND state IN ('held', 'failed', 'expired', 'unknown') AND prio = 1 \
               AND (state <> 'unknown' OR sent_at <= $1) UNION SELECT ",
            $columns,
            " FROM outbox WHERE told_at IS NULL AND state = 'queued' AND attempts > 0 AND prio = 1 AND queued_at <= $1 UNION SELECT ",
            $columns,
            " FROM outbox WHERE told_at IS NULL AND state = 'queued' AND last_class = 'blocked' UNION SELECT ",
            $columns,
            " FROM outbox WHERE told_at IS NULL AND state = 'queued' AND prio = 1 AND channel IN ('sms', 'mail') AND due_at <= $2"
        )
    };
}

/// Businesses and channels with such messages, where one of us can be reached by the other channel and had no notice of
/// it in five minutes, nor has one that still waits. While a channel stays down it is told once a day, but for alerts that
/// reached nobody by another way.
///
/// # Errors
/// The database's.
pub async fn failing(readers: &SqlitePool, now: i64) -> Result<Vec<(String, Medium)>, sqlx::Error> {
    let found: Vec<(String, String)> = sqlx::query_as(concat!(
        "SELECT DISTINCT f.business_id, f.channel FROM (",
        failing!("id, business_id, channel, lead_id, person_id, prio"),
        ") f WHERE EXISTS (SELECT 1 FROM person p WHERE p.business_id = f.business_id \
           AND CASE WHEN f.channel IN ('sms', 'call') THEN p.email ELSE p.phone END IS NOT NULL) \
         AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.business_id = f.business_id AND n.queued_at > $4 \
           AND n.purpose = 'notice' AND n.step = 'failing:' || f.channel \
           AND (n.queued_at > $3 OR n.state IN ('queued', 'sending', 'unknown'))) \
         AND ((f.prio = 1 AND NOT EXISTS (SELECT 1 FROM outbox m WHERE (m.id = f.id || 'm' OR (m.lead_id = f.lead_id \
             AND m.person_id = f.person_id AND m.purpose IN ('owner_alert', 'escalation') AND m.channel <> f.channel)) \
             AND m.state IN ('queued', 'sending', 'accepted', 'delivered'))) \
           OR NOT EXISTS (SELECT 1 FROM outbox n WHERE n.business_id = f.business_id AND n.queued_at > $5 \
             AND n.purpose = 'notice' AND n.step = 'failing:' || f.channel AND NOT EXISTS (SELECT 1 FROM outbox a \
               WHERE a.business_id = n.business_id AND a.queued_at > $5 AND a.channel = f.channel AND a.accepted_at > n.queued_at))) \
         LIMIT 100"
    ))
    .bind(now - MINUTE_MS)
    .bind(now - 5 * MINUTE_MS)
    .bind(now - 5 * MINUTE_MS)
    .bind(now - 6 * HOUR_MS)
    .bind(now - DAY_MS)
    .fetch_all(readers)
    .await?;
    Ok(found.into_iter().filter_map(|(business, channel)| Some((business, Medium::parse(&channel)?))).collect())
}

/// What a notice of failing messages is made of.
#[derive(Debug, Default)]
pub struct FailingTold {
    /// How many messages.
    pub messages: i64,
    /// Why, in the words of one that has any.
    pub reason: Option<String>,
    /// Name and number or address of the leads they are about, at most 20.
    pub leads: Vec<(Option<String>, Option<String>)>,
    /// The people whose alerts are among them.
    pub people: Vec<String>,
}

/// Marks them told and returns what there is to tell.
///
/// # Errors
/// The database's.
pub async fn mark_failing_told(
    conn: &mut Conn,
    business: &str,
    medium: Medium,
    now: i64,
) -> Result<FailingTold, sqlx::Error> {
    let rows = sqlx::query(concat!(
        "UPDATE outbox SET told_at = $3 WHERE business_id = $4 AND channel = $5 AND id IN (",
        failing!("id"),
        ") RETURNING lead_id, person_id, reason"
    ))
    .bind(now - MINUTE_MS)
    .bind(now - 5 * MINUTE_MS)
    .bind(now)
    .bind(business)
    .bind(medium.as_str())
    .fetch_all(&mut *conn)
    .await?;
    let mut told = FailingTold { messages: i64::try_from(rows.len()).unwrap_or(i64::MAX), ..FailingTold::default() };
    let mut seen = std::collections::BTreeSet::new();
    for row in &rows {
        told.reason = told.reason.or(row.try_get(2)?);
        told.people.extend(row.try_get::<Option<String>, _>(1)?);
        let Some(lead) = row.try_get::<Option<String>, _>(0)? else { continue };
        if told.leads.len() < 20 && seen.insert(lead.clone()) {
            let sql = "SELECT name, COALESCE(phone, phone_given, email) FROM lead WHERE id = $1";
            told.leads.extend(sqlx::query_as(sql).bind(lead).fetch_optional(&mut *conn).await?);
        }
    }
    told.people.sort_unstable();
    told.people.dedup();
    Ok(told)
}
