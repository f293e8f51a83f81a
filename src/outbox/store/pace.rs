//! What each recipient was sent lately, read once and written once for a whole claim.

use super::runs;
use crate::db::Conn;
use crate::outbox::pace::{Pace, Rule};
use sqlx::{QueryBuilder, Row, Sqlite};
use std::collections::{BTreeMap, BTreeSet};

/// The paces of the recipients of one claim.
#[derive(Debug, Default)]
pub struct Paces {
    known: BTreeMap<String, Pace>,
    changed: BTreeSet<String>,
}

impl Paces {
    /// Reads what is stored under these keys. A bundle that has left meanwhile is no longer open.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(conn: &mut Conn, mut keys: Vec<String>) -> Result<Self, sqlx::Error> {
        let mut paces = Self::default();
        keys.sort_unstable();
        keys.dedup();
        for run in runs(&keys) {
            let mut sql = QueryBuilder::<Sqlite>::new(
                "SELECT p.key, p.window_at, p.used, p.last_at, o.id FROM pace p \
                 LEFT JOIN outbox o ON o.id = p.bundle_id AND o.state = 'queued' AND o.attempts = 0 WHERE p.key IN (",
            );
            let mut list = sql.separated(", ");
            for key in run {
                list.push_bind(key.as_str());
            }
            sql.push(")");
            for row in sql.build().persistent(true).fetch_all(&mut *conn).await? {
                let pace = Pace {
                    window_at: row.try_get(1)?,
                    used: row.try_get(2)?,
                    last_at: row.try_get(3)?,
                    bundle: row.try_get(4)?,
                };
                paces.known.insert(row.try_get(0)?, pace);
            }
        }
        Ok(paces)
    }

    /// The pace of one recipient.
    pub fn of(&mut self, key: &str) -> &Pace {
        self.known.entry(key.to_owned()).or_default()
    }

    /// A message to that recipient goes now.
    pub fn sent(&mut self, key: &str, rule: Rule, now: i64) {
        self.known.entry(key.to_owned()).or_default().sent(rule, now);
        self.changed.insert(key.to_owned());
    }

    /// That recipient's further alerts go into this bundle.
    pub fn opened(&mut self, key: &str, bundle: String) {
        self.known.entry(key.to_owned()).or_default().bundle = Some(bundle);
        self.changed.insert(key.to_owned());
    }

    /// Stores what has changed.
    ///
    /// # Errors
    /// The database's.
    pub async fn store(self, conn: &mut Conn) -> Result<(), sqlx::Error> {
        let Self { known, changed } = self;
        let rows: Vec<_> = known.into_iter().filter(|(key, _)| changed.contains(key)).collect();
        for run in runs(&rows) {
            let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO pace (key, window_at, used, last_at, bundle_id) ");
            sql.push_values(run, |mut row, (key, pace)| {
                row.push_bind(key.as_str())
                    .push_bind(pace.window_at)
                    .push_bind(pace.used)
                    .push_bind(pace.last_at)
                    .push_bind(pace.bundle.as_deref());
            });
            sql.push(
                " ON CONFLICT (key) DO UPDATE SET window_at = excluded.window_at, used = excluded.used, \
                 last_at = excluded.last_at, bundle_id = excluded.bundle_id",
            );
            sql.build().persistent(true).execute(&mut *conn).await?;
        }
        Ok(())
    }
}

/// Forgets counters that can hold nothing back any more. Returns how many.
///
/// # Errors
/// The database's.
pub async fn sweep(conn: &mut Conn, now: i64) -> Result<u64, sqlx::Error> {
    let paces = sqlx::query("DELETE FROM pace WHERE last_at < $1")
        .bind(now - crate::base::clock::DAY_MS)
        .execute(&mut *conn)
        .await?;
    let budgets = sqlx::query("DELETE FROM budget WHERE expires_at < $1")
        .bind(now - crate::base::clock::DAY_MS)
        .execute(conn)
        .await?;
    Ok(paces.rows_affected() + budgets.rows_affected())
}
