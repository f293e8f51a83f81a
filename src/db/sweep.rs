//! Sweeping: rows that have run out are found by a reader and removed by the writer, a few at a time, so that no lead
//! waits behind it for more than a few milliseconds.

use super::open::Db;
use super::refusal::WriteError;

/// How many rows go in one step.
pub const STEP: usize = 50;

impl Db {
    /// One step. `find` names rows by a text that has run out at or before `$1`, at most `$2` of them; `remove` removes
    /// what has run out under the name `$1`, at or before `$2`. Returns how many names were found; [`STEP`] says that
    /// there may be more.
    ///
    /// # Errors
    /// When the database cannot be read or cannot commit.
    pub async fn sweep(&self, find: &'static str, remove: &'static str, at: i64) -> Result<usize, WriteError> {
        let most = i64::try_from(STEP).unwrap_or(1);
        let found = sqlx::query_scalar(find).bind(at).bind(most).fetch_all(self.read()).await;
        let names: Vec<String> = found.map_err(|error| WriteError::Unavailable(error.to_string().into()))?;
        let n = names.len();
        if n > 0 {
            self.write(move |c| {
                Box::pin(async move {
                    for name in names {
                        sqlx::query(remove).bind(name).bind(at).execute(&mut *c).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        }
        Ok(n)
    }
}
