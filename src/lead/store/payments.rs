//! Payments in the database: found by any of their ids, written once per batch, summed up for lists and tables.

use super::row::unreadable;
use crate::base::ids::{BusinessId, LeadId};
use crate::base::money::Money;
use crate::db::{Conn, Pool, Row as SqlRow, runs};
use crate::lead::contact::{Email, Phone};
use crate::lead::reading::{PaymentState, Reading};
use crate::lead::sale::Sale;
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::HashMap;

/// A sale with whose it is, as the road looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The sale.
    pub sale: Sale,
    /// Its lead; none while only a refund was heard of.
    pub lead: Option<Buyer>,
}

/// The lead of a sale, as far as the road looks at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buyer {
    /// Its id.
    pub lead_id: String,
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// The number to call.
    pub phone: Option<Phone>,
    /// The address to write to.
    pub email: Option<Email>,
    /// Nobody has taken or answered it.
    pub waits: bool,
    /// The person left the box for texts unticked.
    pub wants_no_texts: bool,
    /// The person asked not to be texted.
    pub opted_out: bool,
    /// When the person was answered automatically (UTC milliseconds).
    pub answered_at: Option<i64>,
}

impl Buyer {
    /// Whether nobody can be reached.
    pub fn is_nobody(&self) -> bool {
        self.phone.is_none() && self.email.is_none()
    }

    /// Learns who it is from an event, as the lead itself does. True if there is a new way to reach the person.
    pub fn learn(&mut self, reading: &Reading) -> bool {
        let before = (self.phone.is_some(), self.email.is_some());
        self.name = self.name.take().or_else(|| reading.name.clone());
        self.first_name = self.first_name.take().or_else(|| reading.first_name.clone());
        self.phone = self.phone.take().or_else(|| reading.phone.clone());
        self.email = self.email.take().or_else(|| reading.email.clone());
        before != (self.phone.is_some(), self.email.is_some())
    }

    /// The event as if it had said itself who it is of.
    pub fn named(&self, reading: &Reading) -> Reading {
        let mut named = reading.clone();
        if named.name.is_none() {
            named.name.clone_from(&self.name);
            named.first_name.clone_from(&self.first_name);
        }
        named.phone = named.phone.or_else(|| self.phone.clone());
        named.email = named.email.or_else(|| self.email.clone());
        named
    }
}

/// The columns of a [`Sale`], from `payment`.
macro_rules! sale_columns {
    () => {
        "payment.id, payment.state, payment.minor, payment.currency, payment.refunded_minor, payment.what, \
         payment.reason, payment.created_at, payment.paid_at, payment.thanked_at, payment.changed_at"
    };
}

/// The sales behind these references (source, reference): each reference that is known, with its sale.
///
/// # Errors
/// The database's.
pub async fn known(conn: &mut Conn, references: &[(&str, &str)]) -> Result<Vec<(String, String, Known)>, sqlx::Error> {
    let mut found = Vec::new();
    for run in runs(references) {
        let mut sql = QueryBuilder::<Sqlite>::new("WITH v(source, reference) AS (");
        sql.push_values(run, |mut row, (source, reference)| {
            row.push_bind(*source).push_bind(*reference);
        });
        sql.push(concat!(
            ") SELECT ",
            sale_columns!(),
            ", r.source_id AS ref_source, r.reference, l.id AS lead_id, l.name, l.first_name, l.phone, l.email, \
             l.state AS lead_state, l.consent, \
             EXISTS (SELECT 1 FROM opt_out x WHERE x.business_id = l.business_id AND x.phone = l.phone) AS opted_out, \
             (SELECT max(f.at) FROM first_message f WHERE f.business_id = l.business_id \
               AND f.contact IN (l.phone, l.email)) AS answered_at FROM v \
             JOIN payment_reference r ON r.source_id = v.source AND r.reference = v.reference \
             JOIN payment ON payment.id = r.payment_id LEFT JOIN lead l ON l.id = payment.lead_id"
        ));
        for row in sql.build().persistent(true).fetch_all(&mut *conn).await? {
            let lead = row.try_get::<Option<String>, _>("lead_id")?.map(|lead_id| buyer(lead_id, &row)).transpose()?;
            let known = Known { sale: sale(&row)?, lead };
            found.push((row.try_get("ref_source")?, row.try_get("reference")?, known));
        }
    }
    Ok(found)
}

pub(super) fn buyer(lead_id: String, row: &SqlRow) -> Result<Buyer, sqlx::Error> {
    Ok(Buyer {
        lead_id,
        name: row.try_get("name")?,
        first_name: row.try_get("first_name")?,
        phone: row.try_get::<Option<String>, _>("phone")?.map(Phone::from_stored),
        email: row.try_get::<Option<String>, _>("email")?.map(Email::from_stored),
        opted_out: row.try_get("opted_out")?,
        answered_at: row.try_get("answered_at")?,
        waits: row.try_get::<Option<&str>, _>("lead_state")? == Some("waiting"),
        wants_no_texts: super::intake::refuses(row.try_get("consent")?),
    })
}

fn sale(row: &SqlRow) -> Result<Sale, sqlx::Error> {
    let state: &str = row.try_get("state")?;
    Ok(Sale {
        id: row.try_get("id")?,
        state: PaymentState::parse(state).ok_or_else(|| unreadable("state", state))?,
        minor: row.try_get("minor")?,
        currency: row.try_get("currency")?,
        refunded_minor: row.try_get("refunded_minor")?,
        what: row.try_get("what")?,
        reason: row.try_get("reason")?,
        created_at: row.try_get("created_at")?,
        paid_at: row.try_get("paid_at")?,
        thanked_at: row.try_get("thanked_at")?,
        changed_at: row.try_get("changed_at")?,
    })
}

/// A sale to be stored.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The sale.
    pub sale: &'a Sale,
    /// Whose shop it is.
    pub business_id: &'a str,
    /// Where it came in.
    pub source_id: &'a str,
    /// Its lead.
    pub lead_id: Option<&'a str>,
}

/// Stores sales, new ones and those that changed.
///
/// # Errors
/// The database's.
pub async fn keep(conn: &mut Conn, entries: &[Entry<'_>]) -> Result<(), sqlx::Error> {
    for run in runs(entries) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "INSERT INTO payment (id, business_id, source_id, lead_id, state, minor, currency, refunded_minor, what, reason, \
             created_at, paid_at, thanked_at, changed_at) ",
        );
        sql.push_values(run, |mut row, e| {
            row.push_bind(e.sale.id.as_str())
                .push_bind(e.business_id)
                .push_bind(e.source_id)
                .push_bind(e.lead_id)
                .push_bind(e.sale.state.as_str())
                .push_bind(e.sale.minor)
                .push_bind(e.sale.currency.as_str())
                .push_bind(e.sale.refunded_minor)
                .push_bind(e.sale.what.as_deref())
                .push_bind(e.sale.reason.as_deref())
                .push_bind(e.sale.created_at)
                .push_bind(e.sale.paid_at)
                .push_bind(e.sale.thanked_at)
                .push_bind(e.sale.changed_at);
        });
        sql.push(
            " ON CONFLICT (id) DO UPDATE SET lead_id = excluded.lead_id, state = excluded.state, minor = excluded.minor, \
             currency = excluded.currency, refunded_minor = excluded.refunded_minor, what = excluded.what, \
             reason = excluded.reason, created_at = excluded.created_at, paid_at = excluded.paid_at, \
             thanked_at = excluded.thanked_at, changed_at = excluded.changed_at",
        );
        sql.build().persistent(true).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Keeps by which ids (source, reference, payment) sales are named; the newest word counts.
///
/// # Errors
/// The database's.
pub async fn refer(conn: &mut Conn, references: &[(&str, &str, &str)]) -> Result<(), sqlx::Error> {
    for run in runs(references) {
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO payment_reference (source_id, reference, payment_id) ");
        sql.push_values(run, |mut row, (source, reference, payment)| {
            row.push_bind(*source).push_bind(*reference).push_bind(*payment);
        });
        sql.push(" ON CONFLICT (source_id, reference) DO UPDATE SET payment_id = excluded.payment_id");
        sql.build().persistent(true).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Two payments were one: the ids of `gone` now name `kept`.
///
/// # Errors
/// The database's.
pub async fn absorb(conn: &mut Conn, gone: &str, kept: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE payment_reference SET payment_id = $2 WHERE payment_id = $1")
        .bind(gone)
        .bind(kept)
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM payment WHERE id = $1").bind(gone).execute(conn).await.map(drop)
}

/// A lead that had nobody turns out to be a part of another: everything that hangs on it goes over, and nothing is left.
///
/// # Errors
/// The database's.
pub async fn fold(conn: &mut Conn, gone: &str, into: &str) -> Result<(), sqlx::Error> {
    for sql in [
        "UPDATE receipt SET lead_id = $2 WHERE lead_id = $1",
        "UPDATE event SET lead_id = $2 WHERE lead_id = $1",
        "UPDATE alert_link SET lead_id = $2 WHERE lead_id = $1",
        "UPDATE payment SET lead_id = $2 WHERE lead_id = $1",
        // Both may have been told in the same step; what was told twice stays with the one that goes, and goes no further.
        "UPDATE OR IGNORE outbox SET lead_id = $2 WHERE lead_id = $1",
        "UPDATE outbox SET state = 'cancelled', reason = 'It turned out to be the same enquiry.' WHERE lead_id = $1 AND $1 <> $2 \
         AND state IN ('queued', 'held')",
        "DELETE FROM handoff WHERE lead_id = $1 AND $1 <> $2",
        "DELETE FROM lead WHERE id = $1 AND id <> $2",
    ] {
        sqlx::query(sql).bind(gone).bind(into).execute(&mut *conn).await?;
    }
    Ok(())
}

/// The payments of a lead, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_lead(db: &Pool, business: &BusinessId, lead: &LeadId) -> Result<Vec<Sale>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        sale_columns!(),
        " FROM payment WHERE lead_id = $1 AND business_id = $2 ORDER BY created_at, id LIMIT 500"
    );
    sqlx::query(SQL).bind(lead).bind(business).fetch_all(db).await?.iter().map(sale).collect()
}

/// The newest payments of whoever has this number, newest first, at most three; none of tests.
///
/// # Errors
/// The database's.
pub async fn newest_of(conn: &mut Conn, business: &str, phone: &str) -> Result<Vec<Sale>, sqlx::Error> {
    const SQL: &str = concat!(
        "SELECT ",
        sale_columns!(),
        " FROM payment JOIN lead l ON l.id = payment.lead_id WHERE l.phone = $1 AND l.business_id = $2 AND l.is_test = 0 \
         ORDER BY payment.created_at DESC, payment.id DESC LIMIT 3"
    );
    sqlx::query(SQL).bind(phone).bind(business).fetch_all(conn).await?.iter().map(sale).collect()
}

/// What each of these leads paid, less what was given back; one sum per currency. Leads without a payment are left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn sums(db: &Pool, leads: &[&str]) -> Result<HashMap<String, Vec<Money>>, sqlx::Error> {
    let mut sums: HashMap<String, Vec<Money>> = HashMap::new();
    for run in runs(leads) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT lead_id, currency, SUM(minor - refunded_minor) FROM payment \
             WHERE paid_at IS NOT NULL AND minor IS NOT NULL AND lead_id IN (",
        );
        let mut list = sql.separated(", ");
        for lead in run {
            list.push_bind(*lead);
        }
        sql.push(") GROUP BY lead_id, currency ORDER BY lead_id, currency");
        for row in sql.build().persistent(true).fetch_all(db).await? {
            let money = Money { minor: row.try_get(2)?, currency: row.try_get(1)? };
            sums.entry(row.try_get(0)?).or_default().push(money);
        }
    }
    Ok(sums)
}

/// Sums as one cell of a table: `149.99 USD`, several one below the other.
pub fn cell(sums: Option<&Vec<Money>>) -> String {
    let lines = sums.into_iter().flatten().map(|money| format!("{} {}", money.decimal(), money.currency));
    lines.collect::<Vec<_>>().join("\n")
}
