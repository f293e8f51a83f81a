//! Planned messages become rows, in the transaction of whoever planned them.

use super::runs;
use crate::db::{Conn, Script};
use crate::outbox::message::Draft;

const INSERT: &str = "INSERT INTO outbox (id, business_id, lead_id, person_id, source_id, purpose, step, channel, recipient, subject, \
     body, html, parts, prio, remote, queued_at, due_at, expires_at, state, reason, fallback_to, fallback_subject, fallback_body) ";

/// Stores drafts. A step that its lead already has, or an id that is taken, is left as it is: planning is idempotent.
///
/// # Errors
/// The database's.
pub async fn enqueue(conn: &mut Conn, drafts: &[Draft]) -> Result<(), sqlx::Error> {
    let mut script = Script::apart();
    self::drafts(&mut script, drafts);
    script.run(conn).await
}

/// The same, as a part of what somebody else writes.
pub fn drafts(script: &mut Script, drafts: &[Draft]) {
    for run in runs(drafts) {
        let sql = script.statement(INSERT);
        sql.push_values(run, |mut row, d| {
            row.push_bind(d.id.as_str())
                .push_bind(d.business_id.as_str())
                .push_bind(d.lead_id.as_deref())
                .push_bind(d.person_id.as_deref())
                .push_bind(d.source_id.as_deref())
                .push_bind(d.purpose.as_str())
                .push_bind(d.step.as_str())
                .push_bind(d.medium.as_str())
                .push_bind(d.recipient.as_str())
                .push_bind(d.subject.as_str())
                .push_bind(d.body.as_str())
                .push_bind(d.html.as_deref())
                .push_bind(d.parts)
                .push_bind(d.purpose.prio())
                .push_bind(d.remote.as_deref())
                .push_bind(d.queued_at)
                .push_bind(d.due_at)
                .push_bind(d.expires_at)
                .push_bind(d.state.as_str())
                .push_bind(d.reason.as_deref())
                .push_bind(d.fallback.as_ref().map(|f| f.to.as_str()))
                .push_bind(d.fallback.as_ref().map(|f| f.subject.as_str()))
                .push_bind(d.fallback.as_ref().map(|f| f.body.as_str()));
        });
        sql.push(" ON CONFLICT DO NOTHING");
    }
}
