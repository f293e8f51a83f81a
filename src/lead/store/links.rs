//! Links for our people, each to one lead.

use crate::base::clock::DAY_MS;
use crate::db::{Conn, Script, runs};

/// A link for one of us to one lead.
#[derive(Clone, Debug)]
pub struct NewLink<'a> {
    /// `/l/{code}`.
    pub code: &'a str,
    /// Whose it is.
    pub business_id: &'a str,
    /// The lead.
    pub lead_id: &'a str,
    /// Whom it was made for.
    pub person_id: &'a str,
    /// What they reply to take it.
    pub digit: Option<u8>,
    /// When it was made.
    pub at: i64,
}

/// Stores links; they live seven days.
pub fn links(script: &mut Script, links: &[NewLink<'_>]) {
    for run in runs(links) {
        let sql = script.statement(
            "INSERT INTO alert_link (code, business_id, lead_id, person_id, digit, created_at, expires_at) ",
        );
        sql.push_values(run, |mut row, l| {
            row.push_bind(l.code)
                .push_bind(l.business_id)
                .push_bind(l.lead_id)
                .push_bind(l.person_id)
                .push_bind(l.digit.map(i64::from))
                .push_bind(l.at)
                .push_bind(l.at + 7 * DAY_MS);
        });
    }
}

/// Stores links at once.
///
/// # Errors
/// The database's.
pub async fn insert_links(conn: &mut Conn, new: &[NewLink<'_>]) -> Result<(), sqlx::Error> {
    let mut script = Script::apart();
    links(&mut script, new);
    script.run(conn).await
}
