//! The counters behind the caps, read once and written once for a whole claim.

use super::runs;
use crate::db::Conn;
use crate::outbox::limits::{self, Cap, Subject};
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::HashMap;

/// What is used up of each cap, and what this claim takes.
#[derive(Debug, Default)]
pub struct Purse {
    used: HashMap<(String, i64), i64>,
    spent: HashMap<(String, i64), (i64, i64)>,
}

impl Purse {
    /// Reads the counters that these messages fall under.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(
        conn: &mut Conn,
        subjects: impl Iterator<Item = Subject<'_>>,
        now: i64,
    ) -> Result<Self, sqlx::Error> {
        let mut purse = Self::default();
        let mut keys: Vec<(String, i64)> = subjects
            .flat_map(|subject| limits::caps(&subject, now))
            .map(|cap| (cap.starts_at(now), cap.key))
            .map(|(starts_at, key)| (key, starts_at))
            .collect();
        keys.sort_unstable();
        keys.dedup();
        for run in runs(&keys) {
            // A join, because a row value in a list would read the whole table.
            let mut sql = QueryBuilder::<Sqlite>::new("WITH v(key, starts_at) AS (");
            sql.push_values(run, |mut row, (key, starts_at)| {
                row.push_bind(key.as_str()).push_bind(*starts_at);
            });
            sql.push(
                ") SELECT b.key, b.starts_at, b.used FROM v CROSS JOIN budget b ON b.key = v.key AND b.starts_at = v.starts_at",
            );
            for row in sql.build().persistent(true).fetch_all(&mut *conn).await? {
                purse.used.insert((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?);
            }
        }
        Ok(purse)
    }

    /// The caps that a message falls under if it fits them all; else the one that is used up. Takes nothing yet.
    ///
    /// # Errors
    /// The cap's own words.
    pub fn room(&self, subject: &Subject<'_>, now: i64) -> Result<Vec<Cap>, &'static str> {
        let caps = limits::caps(subject, now);
        match caps.iter().find(|cap| self.used(cap, now) + cap.takes > cap.most) {
            Some(full) => Err(full.reason),
            None => Ok(caps),
        }
    }

    /// Takes a message's share of these caps.
    pub fn take(&mut self, caps: Vec<Cap>, now: i64) {
        for cap in caps {
            let starts_at = cap.starts_at(now);
            *self.used.entry((cap.key.clone(), starts_at)).or_default() += cap.takes;
            let spent = self.spent.entry((cap.key, starts_at)).or_insert((0, starts_at + cap.window_ms));
            spent.0 += cap.takes;
        }
    }

    fn used(&self, cap: &Cap, now: i64) -> i64 {
        self.used.get(&(cap.key.clone(), cap.starts_at(now))).copied().unwrap_or(0)
    }

    /// Writes down what was taken. Never given back, also not when the outcome stays unknown.
    ///
    /// # Errors
    /// The database's.
    pub async fn pay(self, conn: &mut Conn) -> Result<(), sqlx::Error> {
        let spent: Vec<_> = self.spent.into_iter().collect();
        for run in runs(&spent) {
            let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO budget (key, starts_at, used, expires_at) ");
            sql.push_values(run, |mut row, ((key, starts_at), (used, expires_at))| {
                row.push_bind(key.as_str()).push_bind(*starts_at).push_bind(*used).push_bind(*expires_at);
            });
            sql.push(" ON CONFLICT (key, starts_at) DO UPDATE SET used = budget.used + excluded.used");
            sql.build().persistent(true).execute(&mut *conn).await?;
        }
        Ok(())
    }
}
