//! A shop's team in SQL: read here, changed in [`change`].

pub mod change;

use super::{AfterHours, Member, Step, Team, UNANSWERED_MS, Whom};
use crate::base::ids::{BusinessId, PersonId};
use crate::db::{Conn, Pool};
use crate::lead::hours::Hours;
use crate::lead::shop::Business;
use jiff::civil::Date;
use jiff::tz::TimeZone;

type MemberRow = (PersonId, String, Option<String>, Option<String>, i64, Option<String>, Option<String>);

/// The team of a business. `preview_phone` stands in for a person without a number while texting is not connected.
///
/// # Errors
/// The database's.
pub async fn of(conn: &mut Conn, business: &Business, preview_phone: Option<&str>) -> Result<Team, sqlx::Error> {
    let rows: Vec<MemberRow> = sqlx::query_as(
        "SELECT id, name, phone, email, position, hours, days_off FROM person WHERE business_id = $1 \
         ORDER BY position, created_at, id",
    )
    .bind(&business.id)
    .fetch_all(&mut *conn)
    .await?;
    let members: Vec<Member> = rows
        .into_iter()
        .map(|(id, name, phone, email, position, hours, days_off)| Member {
            id,
            name,
            phone: phone.or_else(|| preview_phone.map(str::to_owned)),
            email,
            position,
            hours: hours.as_deref().and_then(Hours::parse),
            days_off: days_off.as_deref().map(days).unwrap_or_default(),
        })
        .collect();
    let rule: Option<(String, Option<PersonId>, i64)> =
        sqlx::query_as("SELECT after_hours, on_call, unanswered_ms FROM handoff_rule WHERE business_id = $1")
            .bind(&business.id)
            .fetch_optional(&mut *conn)
            .await?;
    let (after_hours, unanswered_ms) = match rule {
        Some((word, _, ms)) if word == "wait" => (AfterHours::Wait, ms),
        Some((_, on_call, ms)) => (AfterHours::Wake(on_call), ms),
        None => (AfterHours::Wake(None), UNANSWERED_MS),
    };
    let set = steps(conn, &business.id).await?;
    let is_set = !set.is_empty();
    Ok(Team {
        zone: TimeZone::get(&business.timezone).unwrap_or(TimeZone::UTC),
        hours: business.hours.as_deref().and_then(Hours::parse),
        steps: if is_set { set } else { Team::usual_steps(&members, &after_hours) },
        members,
        is_set,
        after_hours,
        unanswered_ms,
    })
}

/// The same from a pool.
///
/// # Errors
/// The database's.
pub async fn read(pool: &Pool, business: &Business, preview_phone: Option<&str>) -> Result<Team, sqlx::Error> {
    let mut conn = pool.acquire().await?;
    of(&mut conn, business, preview_phone).await
}

/// The steps that somebody set, in order.
async fn steps(conn: &mut Conn, business: &BusinessId) -> Result<Vec<Step>, sqlx::Error> {
    let rows: Vec<(i64, Option<PersonId>, bool, bool, bool)> = sqlx::query_as(
        "SELECT after_ms, person_id, by_text, by_mail, by_call FROM handoff_step WHERE business_id = $1 ORDER BY after_ms, n",
    )
    .bind(business)
    .fetch_all(conn)
    .await?;
    let step = |(after_ms, person, by_text, by_mail, by_call): (i64, Option<PersonId>, bool, bool, bool)| Step {
        after_ms,
        whom: person.map_or(Whom::Everyone, Whom::One),
        by_text,
        by_mail,
        by_call,
    };
    Ok(rows.into_iter().map(step).collect())
}

/// Days off as they are stored; what is not readable is none.
fn days(json: &str) -> Vec<(Date, Date)> {
    let spans: Vec<(String, String)> = serde_json::from_str(json).unwrap_or_default();
    spans.iter().filter_map(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?))).collect()
}

/// Which people (their id) have ever been reached by which channel (`sms`, `call`, `mail`) at the number or address that
/// they have now, and the newest message there: its state, and when the vendor took it. That a phone rang proves nothing:
/// a call counts when somebody pressed a key.
///
/// # Errors
/// When the database cannot be read.
pub async fn proofs(
    pool: &Pool,
    business: &BusinessId,
) -> Result<Vec<(PersonId, String, Option<i64>, Option<String>)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id, c.channel, \
         (SELECT o.accepted_at FROM outbox o WHERE o.business_id = p.business_id AND o.channel = c.channel \
           AND o.recipient = CASE c.channel WHEN 'mail' THEN p.email ELSE p.phone END \
           AND (o.state = 'delivered' OR (o.state = 'accepted' AND c.channel <> 'call')) \
           ORDER BY o.queued_at DESC LIMIT 1) AS accepted_at, \
         (SELECT o.state FROM outbox o WHERE o.business_id = p.business_id AND o.channel = c.channel \
           AND o.recipient = CASE c.channel WHEN 'mail' THEN p.email ELSE p.phone END \
           AND o.purpose = 'notice' AND o.step = 'test' ORDER BY o.queued_at DESC LIMIT 1) AS newest_test \
         FROM person p CROSS JOIN (SELECT 'sms' AS channel UNION ALL SELECT 'call' UNION ALL SELECT 'mail') c WHERE p.business_id = $1 \
         ORDER BY p.position, p.id, c.channel DESC",
    )
    .bind(business)
    .fetch_all(pool)
    .await
}
