//! A business with people, sources and leads for tests, written straight into a fresh database.

use crate::base::ids::{BusinessId, LeadId, PersonId, SourceId};
use crate::db::Db;
use crate::lead::record::{Clocks, Lead};
use crate::lead::state::State;
use std::path::Path;

/// A database with the businesses `harbor` (Dave, Ana; sources `web` and `ads`) and `rival` (Rita; source `other`),
/// both in Chicago.
pub async fn open(folder: &Path) -> Db {
    let db = Db::open(&folder.join("t.db")).await.unwrap();
    fill(&db).await;
    db
}

/// The same in a database that is open already.
pub async fn fill(db: &Db) {
    db.write(|c| {
        Box::pin(async move {
            for (id, name) in [("harbor", "Harbor Plumbing"), ("rival", "Rival Pipes")] {
                sqlx::query(
                    "INSERT INTO business (id, slug, name, timezone, country, created_at) VALUES ($1, $1, $2, 'America/Chicago', 'US', 0)",
                )
                .bind(id)
                .bind(name)
                .execute(&mut *c)
                .await?;
            }
            for (id, business, name, position) in
                [("dave", "harbor", "Dave", 0), ("ana", "harbor", "Ana", 1), ("rita", "rival", "Rita", 0)]
            {
                sqlx::query("INSERT INTO person (id, business_id, name, position, created_at) VALUES ($1, $2, $3, $4, 0)")
                    .bind(id)
                    .bind(business)
                    .bind(name)
                    .bind(position)
                    .execute(&mut *c)
                    .await?;
            }
            for (id, business, name) in
                [("web", "harbor", "Website form"), ("ads", "harbor", "Ads page"), ("other", "rival", "Other form")]
            {
                sqlx::query(
                    "INSERT INTO source (id, business_id, provider, name, token_hash, token_sealed, created_at) VALUES ($1, $2, 'generic', $3, $1, '', 0)",
                )
                .bind(id)
                .bind(business)
                .bind(name)
                .execute(&mut *c)
                .await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// A waiting lead of `harbor` with a phone, received at `at`, to be changed before it is stored.
pub fn lead(id: &str, at: i64) -> Lead {
    Lead {
        id: id.into(),
        business: "harbor".into(),
        source: "web".into(),
        kind: "form".to_owned(),
        is_test: false,
        is_spam: false,
        name: Some("Maria Lopez".to_owned()),
        first_name: Some("Maria".to_owned()),
        phone: Some(crate::lead::contact::Phone::from_stored("+15125550142".to_owned())),
        phone_given: Some("512 555 0142".to_owned()),
        email: None,
        message: Some("Kitchen tap leaking".to_owned()),
        page: None,
        permission: None,
        fields: Vec::new(),
        was_closed: false,
        state: State::Waiting,
        outcome: None,
        writes: 1,
        last_write_at: at,
        clocks: Clocks { received_at: at, ..Clocks::default() },
        held_by: None,
        person_how: None,
        payment: None,
    }
}

/// Stores leads as they are.
pub async fn store(db: &Db, leads: Vec<Lead>) {
    db.write(|c| {
        Box::pin(async move {
            for lead in &leads {
                insert(c, lead).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
}

/// An alert's link to a lead of `harbor`, for one of its people.
pub async fn link(db: &Db, code: &'static str, lead: &str, person: &str, expires_at: i64) {
    let (lead, person) = (LeadId::from(lead), PersonId::from(person));
    db.write(move |c| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO alert_link (code, business_id, lead_id, person_id, created_at, expires_at) VALUES ($1, 'harbor', $2, $3, 0, $4)",
            )
            .bind(code)
            .bind(lead)
            .bind(person)
            .bind(expires_at)
            .execute(c)
            .await
            .map(drop)
        })
    })
    .await
    .unwrap();
}

/// A submission with so many repeats.
pub async fn receipt(db: &Db, id: &'static str, lead: &str, at: i64, repeats: i64) {
    let lead = LeadId::from(lead);
    db.write(move |c| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO receipt (id, business_id, source_id, dedupe_key, state, received_at, headers, body, repeats, lead_id) \
                 VALUES ($1, 'harbor', 'web', $1, 'accepted', $2, '[]', $3, $4, $5)",
            )
            .bind(id)
            .bind(at)
            .bind(&b"name=Maria"[..])
            .bind(repeats)
            .bind(lead)
            .execute(c)
            .await
            .map(drop)
        })
    })
    .await
    .unwrap();
}

/// Everything in the tables that a visit to a page must leave alone, as one text to compare.
pub async fn everything(db: &Db) -> String {
    type Row = (String, String, Option<String>, Option<i64>, Option<i64>, Option<i64>, i64);
    let leads: Vec<Row> =
        sqlx::query_as("SELECT id, state, outcome, taken_at, person_at, reached_at, is_spam FROM lead ORDER BY id")
            .fetch_all(db.read())
            .await
            .unwrap();
    let events: Vec<(i64, String, Option<String>)> =
        sqlx::query_as("SELECT seq, kind, by FROM event ORDER BY seq").fetch_all(db.read()).await.unwrap();
    let outbox: (i64,) = sqlx::query_as("SELECT count(*) FROM outbox").fetch_one(db.read()).await.unwrap();
    format!("{leads:?} {events:?} {outbox:?}")
}

async fn insert(c: &mut crate::db::Conn, lead: &Lead) -> Result<(), sqlx::Error> {
    let consent = lead.permission.as_ref().map(|p| serde_json::to_string(p).unwrap());
    let holder = lead.held_by.as_ref().and_then(|h| h.person.clone());
    sqlx::query(
        "INSERT INTO lead (id, business_id, source_id, kind, is_test, is_spam, name, first_name, phone, phone_given, \
         email, message, page, consent, fields, was_closed, state, outcome, writes, last_write_at, received_at, \
         first_text_at, delivered_at, alerted_at, taken_at, taken_by, person_at, person_how, reached_at, replied_at, \
         closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
         $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)",
    )
    .bind(&lead.id)
    .bind(&lead.business)
    .bind(&lead.source)
    .bind(&lead.kind)
    .bind(i64::from(lead.is_test))
    .bind(i64::from(lead.is_spam))
    .bind(&lead.name)
    .bind(&lead.first_name)
    .bind(lead.phone.as_ref().map(|p| p.as_str()))
    .bind(&lead.phone_given)
    .bind(lead.email.as_ref().map(|e| e.as_str()))
    .bind(&lead.message)
    .bind(&lead.page)
    .bind(consent)
    .bind(serde_json::to_string(&lead.fields).unwrap())
    .bind(i64::from(lead.was_closed))
    .bind(lead.state.as_str())
    .bind(&lead.outcome)
    .bind(lead.writes)
    .bind(lead.last_write_at)
    .bind(lead.clocks.received_at)
    .bind(lead.clocks.first_text_at)
    .bind(lead.clocks.delivered_at)
    .bind(lead.clocks.alerted_at)
    .bind(lead.clocks.taken_at)
    .bind(holder)
    .bind(lead.clocks.person_at)
    .bind(&lead.person_how)
    .bind(lead.clocks.reached_at)
    .bind(lead.clocks.replied_at)
    .bind(lead.clocks.closed_at)
    .execute(c)
    .await
    .map(drop)
}

/// The business `harbor`.
pub fn harbor() -> BusinessId {
    "harbor".into()
}

/// One of `harbor`'s sources.
pub fn source(id: &str) -> SourceId {
    id.into()
}
