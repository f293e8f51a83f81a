//! What there is of a person: their leads, what came in from them, the numbers and addresses that are theirs alone.

use super::{Person, Traces};
use crate::base::ids::BusinessId;
use crate::db::Pool;
use crate::lead::contact::Phone;
use std::collections::BTreeSet;

/// A name shorter than this is a part of too many other words.
const SHORTEST_NAME: usize = 6;

type Found = (String, Option<String>, Option<String>, Option<String>);

/// Everything that a business holds of a person.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(pool: &Pool, business: &BusinessId, country: &str, who: &Person) -> Result<Traces, sqlx::Error> {
    let email = who.email.as_deref().map(str::to_ascii_lowercase);
    let leads: Vec<Found> = sqlx::query_as(
        "SELECT id, name, phone, email FROM lead WHERE business_id = $1 AND forgotten_at IS NULL \
         AND (id = $2 OR phone = $3 OR phone_given = $3 OR lower(email) = $4) ORDER BY id",
    )
    .bind(business)
    .bind(who.lead.as_ref())
    .bind(who.phone.as_deref())
    .bind(email.as_deref())
    .fetch_all(pool)
    .await?;
    let given = who.phone.iter().chain(&who.email).cloned();
    let mut traces = of(pool, business, country, leads, given.collect()).await?;
    // What made no lead (spam, unreadable, refused) is found by what stands in it, as it is or as a form writes it.
    let strays: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM receipt WHERE business_id = $1 AND blanked_at IS NULL AND (\
           ($2 IS NOT NULL AND (instr(COALESCE(reading, ''), $2) > 0 OR instr(body, CAST($2 AS BLOB)) > 0 \
             OR instr(body, CAST(replace($2, '+', '%2B') AS BLOB)) > 0)) \
           OR ($3 IS NOT NULL AND (instr(lower(COALESCE(reading, '')), $3) > 0 \
             OR instr(lower(CAST(body AS TEXT)), $3) > 0 OR instr(lower(CAST(body AS TEXT)), replace($3, '@', '%40')) > 0)))",
    )
    .bind(business)
    .bind(who.phone.as_deref())
    .bind(email.as_deref())
    .fetch_all(pool)
    .await?;
    let known: BTreeSet<String> = traces.receipts.drain(..).chain(strays).collect();
    traces.receipts = known.into_iter().collect();
    Ok(traces)
}

/// Everything that belongs to these leads of a business.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_leads(
    pool: &Pool,
    business: &BusinessId,
    country: &str,
    leads: &[String],
) -> Result<Traces, sqlx::Error> {
    let mut found = Vec::with_capacity(leads.len());
    for lead in leads {
        let row: Option<Found> =
            sqlx::query_as("SELECT id, name, phone, email FROM lead WHERE id = $1 AND business_id = $2")
                .bind(lead)
                .bind(business)
                .fetch_optional(pool)
                .await?;
        found.extend(row);
    }
    of(pool, business, country, found, BTreeSet::new()).await
}

async fn of(
    pool: &Pool,
    business: &BusinessId,
    country: &str,
    leads: Vec<Found>,
    given: BTreeSet<String>,
) -> Result<Traces, sqlx::Error> {
    let mut traces = Traces::of(business.clone());
    let (mut contacts, mut words) = (given, BTreeSet::new());
    for (lead, name, phone, email) in leads {
        let receipts: Vec<String> =
            sqlx::query_scalar("SELECT id FROM receipt WHERE lead_id = $1").bind(&lead).fetch_all(pool).await?;
        traces.receipts.extend(receipts);
        traces.leads.push(lead);
        words.extend(name.filter(|name| name.len() >= SHORTEST_NAME));
        contacts.extend(phone.into_iter().chain(email));
    }
    for contact in &contacts {
        if contact.starts_with('+') {
            words.insert(Phone::from_stored(contact.clone()).national(country));
        }
        words.insert(contact.clone());
    }
    for contact in contacts {
        if !is_shared(pool, business, &contact, &traces.leads).await? {
            traces.contacts.push(contact);
        }
    }
    traces.words = words.into_iter().collect();
    Ok(traces)
}

/// Whether one of us, or a lead that stays, has this number or address too.
async fn is_shared(pool: &Pool, business: &BusinessId, contact: &str, leads: &[String]) -> Result<bool, sqlx::Error> {
    let ours: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM person WHERE business_id = $1 AND $2 IN (phone, email) LIMIT 1")
            .bind(business)
            .bind(contact)
            .fetch_optional(pool)
            .await?;
    if ours.is_some() {
        return Ok(true);
    }
    let holders: Vec<String> =
        sqlx::query_scalar("SELECT id FROM lead WHERE business_id = $1 AND (phone = $2 OR email = $2)")
            .bind(business)
            .bind(contact)
            .fetch_all(pool)
            .await?;
    Ok(holders.iter().any(|holder| !leads.contains(holder)))
}
