//! Several statements that are told to the engine at one go.
//!
//! The engine runs on a thread of its own, and each statement that is sent there and awaited costs two changes of thread:
//! for a single lead more than the statement itself. What needs no answer is therefore written down first and sent as
//! one text. That pays only where few texts come of it, since each text is prepared once and kept: for a crowd, whose
//! sizes vary, the statements go one by one.

use super::Conn;
use sqlx::{QueryBuilder, Sqlite};

/// Statements without an answer, in their order.
pub struct Script {
    is_together: bool,
    texts: Vec<QueryBuilder<Sqlite>>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Script({} texts)", self.texts.len())
    }
}

impl Script {
    /// All in one text.
    pub fn together() -> Self {
        Self { is_together: true, texts: Vec::new() }
    }

    /// Each statement by itself.
    pub fn apart() -> Self {
        Self { is_together: false, texts: Vec::new() }
    }

    /// A further statement that begins like this; what is pushed to the builder ends it.
    pub fn statement(&mut self, head: &str) -> &mut QueryBuilder<Sqlite> {
        if self.texts.is_empty() || !self.is_together {
            self.texts.push(QueryBuilder::new(head));
        } else if let Some(text) = self.texts.last_mut() {
            text.push("; ").push(head);
        }
        let last = self.texts.len() - 1;
        &mut self.texts[last]
    }

    /// Carries them out. The first that is refused ends it; what was done before it stands until the transaction is
    /// undone.
    ///
    /// # Errors
    /// The database's.
    pub async fn run(self, conn: &mut Conn) -> Result<(), sqlx::Error> {
        for mut text in self.texts {
            text.build().persistent(true).execute(&mut *conn).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};

    async fn names(conn: &mut Conn) -> Vec<(i64, String)> {
        sqlx::query_as("SELECT n, name FROM t ORDER BY n").fetch_all(conn).await.unwrap()
    }

    fn script(mut script: Script) -> Script {
        script.statement("INSERT INTO t (n, name) ").push_values([(1i64, "a"), (2, "b")], |mut row, (n, name)| {
            row.push_bind(n).push_bind(name);
        });
        script.statement("UPDATE t SET name = ").push_bind("c").push(" WHERE n = ").push_bind(2i64);
        script.statement("INSERT INTO t (n, name) ").push_values([(3i64, "d")], |mut row, (n, name)| {
            row.push_bind(n).push_bind(name);
        });
        script
    }

    #[tokio::test]
    async fn statements_do_the_same_together_and_apart_and_each_gets_its_own_values() {
        for how in [Script::together, Script::apart] {
            let mut conn = SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
            sqlx::query("CREATE TABLE t (n INTEGER PRIMARY KEY, name TEXT NOT NULL)").execute(&mut conn).await.unwrap();

            for _ in 0..2 {
                script(how()).run(&mut conn).await.unwrap();
                let found = names(&mut conn).await;
                sqlx::query("DELETE FROM t").execute(&mut conn).await.unwrap();
                let expected = [(1, "a"), (2, "c"), (3, "d")].map(|(n, name)| (n, name.to_owned()));
                assert_eq!(found, expected);
            }
        }
    }

    #[tokio::test]
    async fn a_statement_that_is_refused_is_heard_of_wherever_it_stands() {
        for how in [Script::together, Script::apart] {
            let mut conn = SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
            sqlx::query("CREATE TABLE t (n INTEGER PRIMARY KEY, name TEXT NOT NULL)").execute(&mut conn).await.unwrap();
            sqlx::query("INSERT INTO t (n, name) VALUES (3, 'here')").execute(&mut conn).await.unwrap();

            let refused = script(how()).run(&mut conn).await;

            assert!(refused.is_err_and(|error| error.as_database_error().is_some_and(|e| e.is_unique_violation())));
        }
    }
}
