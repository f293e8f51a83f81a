//! Which leads one of us has: where their words go, and what they mean by a bare letter.

use crate::base::clock::DAY_MS;
use crate::base::ids::{BusinessId, LeadId, PersonId};
use crate::db::Conn;
use crate::lead::store::intake::OPEN_FOR_MS;
use sqlx::Row;

/// A lead that somebody took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub lead: LeadId,
    /// What to call the person.
    pub name: String,
    /// When it was taken, the newest time (UTC milliseconds).
    pub since: i64,
    /// When a person first answered it.
    pub person_at: Option<i64>,
    /// When it last texted us (UTC milliseconds).
    pub wrote_at: Option<i64>,
    /// Whether it is over.
    pub is_closed: bool,
}

/// The leads that this person took and nobody else has taken since, newest take first: those that are open, for as long as
/// an enquiry that nobody closes stays open, and those that are closed, for a day after the take. No tests.
///
/// # Errors
/// The database's.
pub async fn of_person(
    conn: &mut Conn,
    business: &BusinessId,
    person: &PersonId,
    now: i64,
) -> Result<Vec<Held>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT id, name, person_at, state, since, wrote_at FROM (\
           SELECT l.id, COALESCE(l.name, l.phone, l.email, 'someone') AS name, l.person_at, l.state, \
           COALESCE((SELECT max(e.at) FROM event e WHERE e.lead_id = l.id AND e.kind = 'taken'), l.taken_at) AS since, \
           (SELECT max(e.at) FROM event e WHERE e.lead_id = l.id AND e.kind = 'replied') AS wrote_at \
           FROM lead l WHERE l.taken_by = $1 AND l.taken_at > $2 AND l.business_id = $3 AND l.is_test = 0 AND l.is_spam = 0) t \
         WHERE state <> 'closed' OR since > $4 ORDER BY since DESC, id DESC LIMIT 50",
    )
    .bind(person)
    .bind(now - OPEN_FOR_MS)
    .bind(business)
    .bind(now - DAY_MS)
    .fetch_all(conn)
    .await?;
    let held = |row: &crate::db::Row| {
        Ok(Held {
            lead: row.try_get("id")?,
            name: row.try_get("name")?,
            since: row.try_get("since")?,
            person_at: row.try_get("person_at")?,
            wrote_at: row.try_get("wrote_at")?,
            is_closed: row.try_get::<&str, _>("state")? == "closed",
        })
    };
    rows.iter().map(held).collect()
}

/// The lead that this person was told of last and that nobody has.
///
/// # Errors
/// The database's.
pub async fn told_last(
    conn: &mut Conn,
    business: &BusinessId,
    person: &PersonId,
    now: i64,
) -> Result<Option<LeadId>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT l.id FROM alert_link a JOIN lead l ON l.id = a.lead_id WHERE a.person_id = $1 AND a.business_id = $2 \
         AND a.expires_at > $3 AND l.state = 'waiting' AND l.is_spam = 0 ORDER BY a.created_at DESC, l.id DESC LIMIT 1",
    )
    .bind(person)
    .bind(business)
    .bind(now)
    .fetch_optional(conn)
    .await
}

/// To whom words go that name nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whom<'a> {
    /// The person has nobody.
    Nobody,
    /// To this one.
    One(&'a Held),
    /// To one of several; they must say which.
    Which(Vec<&'a Held>),
}

/// To the lead that was taken last. Another one that was still without an answer when that was taken, or that has texted
/// since, may be meant as well, and then nothing is guessed. `held` as [`of_person`] gives it.
pub fn whom(held: &[Held]) -> Whom<'_> {
    let Some((last, others)) = held.split_first() else { return Whom::Nobody };
    let rival = |other: &&Held| {
        let is_unanswered = !other.is_closed && other.person_at.is_none_or(|at| at > last.since);
        is_unanswered || other.wrote_at.is_some_and(|at| at > last.since)
    };
    let rivals: Vec<&Held> = others.iter().filter(rival).collect();
    if rivals.is_empty() { Whom::One(last) } else { Whom::Which([vec![last], rivals].concat()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(lead: &str, since: i64, person_at: Option<i64>, is_closed: bool) -> Held {
        Held { lead: lead.into(), name: lead.to_owned(), since, person_at, wrote_at: None, is_closed }
    }

    #[test]
    fn words_go_to_the_lead_taken_last_unless_another_one_waits_for_them_too() {
        type Case = (&'static str, Vec<Held>, Vec<&'static str>);
        let cases: Vec<Case> = vec![
            ("nobody", vec![], vec![]),
            ("one", vec![held("a", 10, None, false)], vec!["a"]),
            ("one that is closed", vec![held("a", 10, None, true)], vec!["a"]),
            ("two that wait", vec![held("b", 20, None, false), held("a", 10, None, false)], vec!["b", "a"]),
            (
                "taken after the other was answered",
                vec![held("b", 20, None, false), held("a", 10, Some(15), false)],
                vec!["b"],
            ),
            (
                "texted after the other was taken",
                vec![held("b", 20, None, false), Held { wrote_at: Some(25), ..held("a", 10, Some(15), false) }],
                vec!["b", "a"],
            ),
            (
                "answered after the other was taken",
                vec![held("b", 20, None, false), held("a", 10, Some(25), false)],
                vec!["b", "a"],
            ),
            ("the other is over", vec![held("b", 20, None, false), held("a", 10, None, true)], vec!["b"]),
        ];
        for (name, held, wanted) in cases {
            let got: Vec<&str> = match whom(&held) {
                Whom::Nobody => Vec::new(),
                Whom::One(one) => vec![one.lead.as_str()],
                Whom::Which(several) => several.iter().map(|one| one.lead.as_str()).collect(),
            };

            assert_eq!(got, wanted, "{name}");
        }
    }
}
