//! The rows behind every number: the clocks of each lead that arrived in a span, fetched once and counted here.
//!
//! In goes a business, a span and perhaps a source; out come plain rows, oldest first. Choosing and ranking happen in
//! the program: window functions in SQL take several times as long. The span is the caller's bound on the size.

use super::hours::SLOW_MS;
use super::period::Period;
use crate::base::ids::{BusinessId, SourceId};
use crate::db::Pool;
use std::collections::HashSet;

/// One lead, as far as the numbers look at it. Instants are UTC milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Where it came in.
    pub source_id: SourceId,
    /// Marked as a test.
    pub is_test: bool,
    /// Marked as spam.
    pub is_spam: bool,
    /// Whether there is a phone or an e-mail address, or was before the person was forgotten.
    pub reachable: bool,
    /// Whether it has an outcome.
    pub is_closed: bool,
    /// Whether it arrived outside the opening hours that held then.
    pub was_closed: bool,
    /// How many submissions it holds.
    pub writes: i64,
    /// First byte stored.
    pub received_at: i64,
    /// First message to the lead accepted.
    pub first_text_at: Option<i64>,
    /// First owner alert accepted.
    pub alerted_at: Option<i64>,
    /// Someone took it.
    pub taken_at: Option<i64>,
    /// First call started or words typed by a human.
    pub person_at: Option<i64>,
}

impl Row {
    /// Whether it counts: no test, no spam, and somebody could be answered.
    pub fn is_real(&self) -> bool {
        !self.is_test && !self.is_spam && self.reachable
    }

    /// How long the person waited for a human being; `None`: nobody yet.
    pub fn answered_in(&self) -> Option<i64> {
        self.person_at.map(|at| (at - self.received_at).max(0))
    }

    /// How long until a first message was handed over.
    pub fn texted_in(&self) -> Option<i64> {
        self.first_text_at.map(|at| (at - self.received_at).max(0))
    }

    /// Whether it waited over five minutes for a person, or has waited that long at `now_ms` and still does.
    pub fn is_slow(&self, now_ms: i64) -> bool {
        self.answered_in().unwrap_or(now_ms - self.received_at) > SLOW_MS
    }

    /// Whether someone real still waits for a person.
    pub fn waits(&self) -> bool {
        self.is_real() && self.person_at.is_none() && !self.is_closed
    }
}

/// What arrived in a span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The leads, oldest first.
    pub leads: Vec<Row>,
    /// When submissions came that were the same delivery once more, one instant for each.
    pub repeats: Vec<Repeated>,
    /// What the leads paid.
    pub payments: Vec<Payment>,
}

/// Money that came from a lead of the span.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Payment {
    /// Whose it is.
    pub lead_id: String,
    /// When it came (UTC milliseconds).
    pub paid_at: i64,
    /// How much, less what was given back, in the smallest unit.
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
}

/// A submission that came more than once.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Repeated {
    /// When it came first.
    pub received_at: i64,
    /// Where.
    pub source_id: SourceId,
    /// How often it came again.
    pub repeats: i64,
}

impl Arrived {
    /// What arrived in a part of the span.
    pub fn within(&self, period: &Period) -> Arrived {
        let leads: Vec<Row> = self.leads.iter().filter(|row| period.holds(row.received_at)).cloned().collect();
        let here: HashSet<&str> = leads.iter().map(|row| row.id.as_str()).collect();
        Arrived {
            payments: self.payments.iter().filter(|p| here.contains(p.lead_id.as_str())).cloned().collect(),
            repeats: self.repeats.iter().filter(|r| period.holds(r.received_at)).cloned().collect(),
            leads,
        }
    }

    /// The leads that count.
    pub fn real(&self) -> impl Iterator<Item = &Row> {
        self.leads.iter().filter(|row| row.is_real())
    }
}

/// The columns of [`Row`], of a `lead` called `l`.
macro_rules! columns {
    () => {
        "l.id, l.source_id, l.is_test <> 0 AS is_test, l.is_spam <> 0 AS is_spam, \
         (l.phone IS NOT NULL OR l.email IS NOT NULL OR l.was_reachable = 1) AS reachable, l.state = 'closed' AS is_closed, \
         l.was_closed <> 0 AS was_closed, l.writes, l.received_at, l.first_text_at, l.alerted_at, l.taken_at, l.person_at"
    };
}

/// A lead with whose it is.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Owned {
    /// The business.
    pub business_id: BusinessId,
    /// The lead.
    #[sqlx(flatten)]
    pub row: Row,
}

/// The leads of every business that `within` allows (`None` allows all) that arrived from `from` up to `until`
/// (UTC milliseconds), in no order. No business is read beyond the span.
///
/// # Errors
/// When the database cannot be read.
pub async fn fetch_all(
    db: &Pool,
    within: Option<&BusinessId>,
    from: i64,
    until: i64,
) -> Result<Vec<Owned>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT l.business_id, ",
        columns!(),
        " FROM business b JOIN lead l ON l.business_id = b.id AND l.received_at >= $2 AND l.received_at < $3 \
         WHERE $1 IS NULL OR b.id = $1"
    );
    sqlx::query_as(SQL).bind(within).bind(from).bind(until).fetch_all(db).await
}

/// Everything of a business that arrived in the span, through one source or through all.
///
/// # Errors
/// When the database cannot be read.
pub async fn fetch(
    db: &Pool,
    business: &BusinessId,
    period: &Period,
    source: Option<&SourceId>,
) -> Result<Arrived, sqlx::Error> {
    let source = source.map_or("", |s| s.as_str());
    let leads = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM lead l WHERE l.business_id = $1 AND l.received_at >= $2 AND l.received_at < $3 \
           AND ($4 = '' OR l.source_id = $4) ORDER BY l.received_at, l.id",
    ))
    .bind(business)
    .bind(period.from)
    .bind(period.until)
    .bind(source)
    .fetch_all(db)
    .await?;
    let repeats = sqlx::query_as(
        "SELECT received_at, source_id, repeats FROM receipt \
         WHERE business_id = $1 AND received_at >= $2 AND received_at < $3 AND ($4 = '' OR source_id = $4) AND repeats > 0",
    )
    .bind(business)
    .bind(period.from)
    .bind(period.until)
    .bind(source)
    .fetch_all(db)
    .await?;
    let payments = sqlx::query_as(
        "SELECT p.lead_id, p.paid_at, p.minor - p.refunded_minor AS minor, p.currency FROM payment p \
         JOIN lead l ON l.id = p.lead_id WHERE l.business_id = $1 AND l.received_at >= $2 AND l.received_at < $3 \
           AND ($4 = '' OR l.source_id = $4) AND p.paid_at IS NOT NULL AND p.minor IS NOT NULL \
         ORDER BY p.paid_at, p.id",
    )
    .bind(business)
    .bind(period.from)
    .bind(period.until)
    .bind(source)
    .fetch_all(db)
    .await?;
    Ok(Arrived { leads, repeats, payments })
}
