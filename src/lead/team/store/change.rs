//! Changes of a team. Everything names its business, so that an id from elsewhere changes nothing.

use crate::base::ids::{BusinessId, PersonId};
use crate::db::Conn;
use crate::lead::deed::Who;
use crate::lead::store::act;
use crate::lead::team::{AfterHours, Step, Whom};
use jiff::civil::Date;

/// Puts a ladder in the place of the one before; none at all = made of the people again.
///
/// # Errors
/// The database's.
pub async fn set_steps(conn: &mut Conn, business: &BusinessId, steps: &[Step]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM handoff_step WHERE business_id = $1").bind(business).execute(&mut *conn).await?;
    for (n, step) in steps.iter().enumerate() {
        let person = match &step.whom {
            Whom::One(id) => Some(id.clone()),
            Whom::Everyone => None,
        };
        sqlx::query(
            "INSERT INTO handoff_step (business_id, n, after_ms, person_id, by_text, by_mail, by_call) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(business)
        .bind(i64::try_from(n).unwrap_or(i64::MAX))
        .bind(step.after_ms)
        .bind(person)
        .bind(step.by_text)
        .bind(step.by_mail)
        .bind(step.by_call)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// What happens after hours, and how long a taken lead may go unanswered (milliseconds).
///
/// # Errors
/// The database's.
pub async fn set_rule(
    conn: &mut Conn,
    business: &BusinessId,
    after_hours: &AfterHours,
    unanswered_ms: i64,
) -> Result<(), sqlx::Error> {
    let (word, on_call) = match after_hours {
        AfterHours::Wake(on_call) => ("wake", on_call.clone()),
        AfterHours::Wait => ("wait", None),
    };
    sqlx::query(
        "INSERT INTO handoff_rule (business_id, after_hours, on_call, unanswered_ms) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (business_id) DO UPDATE SET after_hours = $2, on_call = $3, unanswered_ms = $4",
    )
    .bind(business)
    .bind(word)
    .bind(on_call)
    .bind(unanswered_ms)
    .execute(conn)
    .await
    .map(drop)
}

/// The shop's opening hours as JSON; `None` = always open.
///
/// # Errors
/// The database's.
pub async fn set_hours(conn: &mut Conn, business: &BusinessId, hours: Option<&str>) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE business SET hours = $2 WHERE id = $1").bind(business).bind(hours).execute(conn).await.map(drop)
}

/// What is known of a person, as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// As colleagues call them.
    pub name: String,
    /// E.164.
    pub phone: Option<String>,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// Working hours as JSON; `None` = always.
    pub hours: Option<String>,
    /// First and last day of each time off.
    pub days_off: Vec<(Date, Date)>,
}

/// Changes a person. `false`: this shop has none of that id.
///
/// # Errors
/// The database's.
pub async fn set_person(
    conn: &mut Conn,
    business: &BusinessId,
    person: &PersonId,
    details: &Details,
) -> Result<bool, sqlx::Error> {
    let days: Vec<(String, String)> =
        details.days_off.iter().map(|(first, last)| (first.to_string(), last.to_string())).collect();
    let days = (!days.is_empty()).then(|| serde_json::to_string(&days).unwrap_or_default());
    sqlx::query(
        "UPDATE person SET name = $3, phone = $4, email = $5, hours = $6, days_off = $7 WHERE id = $1 AND business_id = $2",
    )
    .bind(person)
    .bind(business)
    .bind(&details.name)
    .bind(&details.phone)
    .bind(&details.email)
    .bind(&details.hours)
    .bind(days)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() > 0)
}

/// Takes a person out of the team: what waits for them is called off, their links open nothing any more, and leads that
/// they have without having answered wait for the others. What they did stays in the timelines.
///
/// # Errors
/// The database's.
pub async fn remove_person(
    conn: &mut Conn,
    business: &BusinessId,
    person: &PersonId,
    now: i64,
) -> Result<(), sqlx::Error> {
    let name: Option<String> = sqlx::query_scalar("SELECT name FROM person WHERE id = $1 AND business_id = $2")
        .bind(person)
        .bind(business)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(name) = name else { return Ok(()) };
    let theirs: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM lead WHERE business_id = $1 AND state = 'taken' AND taken_by = $2 AND person_at IS NULL",
    )
    .bind(business)
    .bind(person)
    .fetch_all(&mut *conn)
    .await?;
    let who = Who { name, person: Some(person.clone()) };
    for lead in theirs {
        act::hand_back(conn, business, &lead.into(), &who, now).await?;
    }
    for sql in [
        "UPDATE outbox SET state = 'cancelled', reason = 'No longer in the team.' \
         WHERE business_id = $1 AND person_id = $2 AND state = 'queued'",
        "DELETE FROM alert_link WHERE business_id = $1 AND person_id = $2",
        "DELETE FROM handoff_step WHERE business_id = $1 AND person_id = $2",
        "UPDATE handoff_rule SET on_call = NULL WHERE business_id = $1 AND on_call = $2",
        "DELETE FROM person WHERE business_id = $1 AND id = $2",
    ] {
        sqlx::query(sql).bind(business).bind(person).execute(&mut *conn).await?;
    }
    Ok(())
}
