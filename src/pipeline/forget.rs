//! A person is forgotten, from the page, by the command and when they were kept long enough: one function for all.
//!
//! What holds them is found first, by a reader; one transaction blanks it; then the file is written anew, because a page
//! of it may still hold a copy of what stood there, and its log is emptied. Younger backups are named, not touched.

use crate::base::clock::DAY_MS;
use crate::base::ids::BusinessId;
use crate::base::keys::Keys;
use crate::db::{Db, WriteError};
use crate::lead::store::forget::{self as leads, Person, Traces};
use crate::outbox::store::forget as messages;

/// How many leads are forgotten in one step when they were kept long enough: others wait behind it.
const STEP: usize = 10;

/// What was forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many leads.
    pub leads: u64,
    /// How many messages to them and about them, and texts from them.
    pub messages: u64,
    /// How many submissions.
    pub receipts: u64,
    /// Messages that are on their way out and lose their words when they have ended.
    pub under_way: i64,
    /// Whether nothing of it is left in the file and its log. `false`: somebody read in it all the time, or the disk is full.
    pub is_wiped: bool,
}

/// Forgets a person in these businesses (id, ISO 3166 alpha-2 of its country).
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn person(
    db: &Db,
    keys: &Keys,
    businesses: &[(BusinessId, String)],
    who: &Person,
    now: i64,
) -> Result<Forgotten, WriteError> {
    let mut all = Forgotten { is_wiped: true, ..Forgotten::default() };
    for (business, country) in businesses {
        let traces = read(leads::find(db.read(), business, country, who).await)?;
        all.add(&blank(db, keys, traces, now, None).await?);
    }
    all.is_wiped = wipe(db).await;
    Ok(all)
}

/// One step of forgetting those who were kept long enough. Whether there was one, so that there may be more.
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn those_kept_long_enough(db: &Db, keys: &Keys, now: i64) -> Result<bool, WriteError> {
    let Some((business, country, ids, up_to)) = read(leads::old_leads(db.read(), now, STEP).await)? else {
        return Ok(false);
    };
    let traces = read(leads::of_leads(db.read(), &business, &country, &ids).await)?;
    blank(db, keys, traces, now, Some(up_to)).await?;
    Ok(true)
}

/// Blanks what was under way when its person was forgotten and has ended since.
///
/// # Errors
/// When the database cannot be read or cannot commit.
pub async fn what_has_ended(db: &Db, keys: &Keys) -> Result<bool, WriteError> {
    if !read(messages::is_due(db.read()).await)? {
        return Ok(false);
    }
    let keys = keys.clone();
    db.write(move |c| Box::pin(async move { messages::settle(c, &keys).await })).await?;
    wipe(db).await;
    Ok(true)
}

/// Whether nothing is left in file and log. They are forgotten also if the disk is too full to write the file anew.
async fn wipe(db: &Db) -> bool {
    let wiped = db.write_anew().await;
    if let Err(error) = &wiped {
        tracing::warn!(%error, "somebody was forgotten, but the file could not be written anew");
    }
    wiped.unwrap_or(false)
}

async fn blank(db: &Db, keys: &Keys, traces: Traces, now: i64, up_to: Option<i64>) -> Result<Forgotten, WriteError> {
    let keys = keys.clone();
    db.write(move |c| {
        Box::pin(async move {
            let texts = leads::blank(c, &keys, &traces, now).await?;
            let told = match up_to {
                None => messages::blank(c, &keys, &traces).await?,
                Some(up_to) => {
                    let told = messages::blank_old(c, &keys, &traces, up_to).await?;
                    leads::leads_were_forgotten(c, &traces.business, up_to).await?;
                    told
                }
            };
            Ok(Forgotten {
                leads: u64::try_from(traces.leads.len()).unwrap_or(0),
                messages: told.all + texts,
                receipts: u64::try_from(traces.receipts.len()).unwrap_or(0),
                under_way: told.under_way,
                is_wiped: true,
            })
        })
    })
    .await
}

impl Forgotten {
    /// Adds up what was forgotten in several places.
    pub fn add(&mut self, other: &Forgotten) {
        self.leads += other.leads;
        self.messages += other.messages;
        self.receipts += other.receipts;
        self.under_way += other.under_way;
        self.is_wiped &= other.is_wiped;
    }

    /// What to say of it, one sentence each. `backups` are when younger copies were made (UTC milliseconds), and `day`
    /// words a day.
    pub fn words(&self, backups: &[i64], day: impl Fn(i64) -> String) -> Vec<String> {
        let mut words = vec![format!(
            "Forgotten: {}, {}, {}. Times and counts stay.",
            number(self.leads, "lead", "leads"),
            number(self.messages, "message", "messages"),
            number(self.receipts, "submission", "submissions")
        )];
        if self.under_way > 0 {
            let under_way = number(self.under_way.unsigned_abs(), "message is", "messages are");
            words.push(format!("{under_way} on the way out and forgotten when that has ended."));
        }
        if !self.is_wiped {
            words.push("The database file could not be written anew, so traces may be left in it; do it once more in a minute.".to_owned());
        }
        if let Some(newest) = backups.iter().max() {
            let hold = if backups.len() == 1 { "backup still holds" } else { "backups still hold" };
            let until = day(newest + KEPT_MS);
            words.push(format!("{} {hold} them until {until}.", backups.len()));
        }
        words
    }
}

/// How long a backup in the data directory is kept, in milliseconds.
pub const KEPT_MS: i64 = 30 * DAY_MS;

fn number(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn read<T>(found: Result<T, sqlx::Error>) -> Result<T, WriteError> {
    found.map_err(unavailable)
}

fn unavailable(error: sqlx::Error) -> WriteError {
    WriteError::Unavailable(error.to_string().into())
}
