//! Shops, people and sources in SQL. Writers take the connection of a transaction, readers a pool.

use super::{Business, Person, Source};
use crate::base::ids::{BusinessId, SourceId};
use crate::db::{Conn, Pool};

/// Stores a shop. If its slug is taken it becomes `slug-2`, `slug-3` …; the one that was stored comes back.
///
/// # Errors
/// What the database says.
pub async fn add_business(conn: &mut Conn, business: &Business) -> Result<String, sqlx::Error> {
    let mut slug = business.slug.clone();
    let mut n = 1;
    while slug_is_taken(conn, &slug).await? {
        n += 1;
        slug = format!("{}-{n}", business.slug);
    }
    sqlx::query(
        "INSERT INTO business (id, slug, name, timezone, country, phone, hours, answer_at_night, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&business.id)
    .bind(&slug)
    .bind(&business.name)
    .bind(&business.timezone)
    .bind(&business.country)
    .bind(&business.phone)
    .bind(&business.hours)
    .bind(business.answer_at_night)
    .bind(business.created_at)
    .execute(conn)
    .await?;
    Ok(slug)
}

async fn slug_is_taken(conn: &mut Conn, slug: &str) -> Result<bool, sqlx::Error> {
    let rows: Vec<i64> =
        sqlx::query_scalar("SELECT 1 FROM business WHERE slug = $1").bind(slug).fetch_all(conn).await?;
    Ok(!rows.is_empty())
}

/// Stores a person at the end of their shop's line.
///
/// # Errors
/// What the database says.
pub async fn add_person(conn: &mut Conn, person: &Person) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO person (id, business_id, name, phone, email, position, created_at) \
         VALUES ($1, $2, $3, $4, $5, (SELECT coalesce(max(position) + 1, 0) FROM person WHERE business_id = $2), $6)",
    )
    .bind(&person.id)
    .bind(&person.business_id)
    .bind(&person.name)
    .bind(&person.phone)
    .bind(&person.email)
    .bind(person.created_at)
    .execute(conn)
    .await
    .map(drop)
}

/// Stores a source.
///
/// # Errors
/// What the database says.
pub async fn add_source(conn: &mut Conn, source: &Source) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO source (id, business_id, provider, name, token_hash, token_sealed, secret_sealed, thanks_url, \
         allowed_hosts, consent, created_at, last_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(&source.id)
    .bind(&source.business_id)
    .bind(&source.provider)
    .bind(&source.name)
    .bind(&source.token_hash)
    .bind(&source.token_sealed)
    .bind(&source.secret_sealed)
    .bind(&source.thanks_url)
    .bind(&source.allowed_hosts)
    .bind(&source.consent)
    .bind(source.created_at)
    .bind(source.last_at)
    .execute(conn)
    .await
    .map(drop)
}

/// The oldest source that a shop has of a provider; else `fresh`, which is stored. Of two at once, the first stays.
///
/// # Errors
/// What the database says.
pub async fn source_of_provider_or(conn: &mut Conn, fresh: Source) -> Result<Source, sqlx::Error> {
    let known: Option<Source> =
        sqlx::query_as("SELECT * FROM source WHERE business_id = $1 AND provider = $2 ORDER BY created_at, id LIMIT 1")
            .bind(&fresh.business_id)
            .bind(&fresh.provider)
            .fetch_optional(&mut *conn)
            .await?;
    if let Some(known) = known {
        return Ok(known);
    }
    add_source(conn, &fresh).await?;
    Ok(fresh)
}

/// Gives a source its first secret, sealed. One that has a secret keeps it.
///
/// # Errors
/// What the database says.
pub async fn give_secret(conn: &mut Conn, source: &SourceId, sealed: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE source SET secret_sealed = $2 WHERE id = $1 AND secret_sealed IS NULL")
        .bind(source)
        .bind(sealed)
        .execute(conn)
        .await
        .map(drop)
}

/// Whether a source writes to customers whose payment failed.
///
/// # Errors
/// What the database says.
pub async fn nudge(conn: &mut Conn, source: &SourceId, on: bool) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE source SET nudges = $2 WHERE id = $1").bind(source).bind(on).execute(conn).await.map(drop)
}

/// Whether a shop's first answer goes at once, whatever the hour.
///
/// # Errors
/// What the database says.
pub async fn answer_at_night(conn: &mut Conn, business: &BusinessId, on: bool) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE business SET answer_at_night = $2 WHERE id = $1")
        .bind(business)
        .bind(on)
        .execute(conn)
        .await
        .map(drop)
}

/// What the fields of a source mean; `None` = every meaning is guessed.
///
/// # Errors
/// What the database says.
pub async fn map_fields(conn: &mut Conn, source: &SourceId, mapping: Option<&str>) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE source SET mapping = $2 WHERE id = $1").bind(source).bind(mapping).execute(conn).await.map(drop)
}

/// Notes that a submission came, unless a newer one is noted already.
///
/// # Errors
/// What the database says.
pub async fn note_submission(conn: &mut Conn, source: &SourceId, at: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE source SET last_at = $2 WHERE id = $1 AND (last_at IS NULL OR last_at < $2)")
        .bind(source)
        .bind(at)
        .execute(conn)
        .await
        .map(drop)
}

/// All shops, oldest first.
///
/// # Errors
/// What the database says.
pub async fn businesses(pool: &Pool) -> Result<Vec<Business>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM business ORDER BY created_at, id").fetch_all(pool).await
}

/// The shop of that slug.
///
/// # Errors
/// What the database says.
pub async fn business_by_slug(pool: &Pool, slug: &str) -> Result<Option<Business>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM business WHERE slug = $1").bind(slug).fetch_optional(pool).await
}

/// The shop of that slug, if it is the one that `within` allows; `None` allows all.
///
/// # Errors
/// What the database says.
pub async fn business_within(
    pool: &Pool,
    slug: &str,
    within: Option<&BusinessId>,
) -> Result<Option<Business>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM business WHERE slug = $1 AND ($2 IS NULL OR id = $2)")
        .bind(slug)
        .bind(within)
        .fetch_optional(pool)
        .await
}

/// The shops that `within` allows, oldest first; `None` allows all.
///
/// # Errors
/// What the database says.
pub async fn businesses_within(pool: &Pool, within: Option<&BusinessId>) -> Result<Vec<Business>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM business WHERE $1 IS NULL OR id = $1 ORDER BY created_at, id")
        .bind(within)
        .fetch_all(pool)
        .await
}

/// The shop of that id.
///
/// # Errors
/// What the database says.
pub async fn business(pool: &Pool, id: &BusinessId) -> Result<Option<Business>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM business WHERE id = $1").bind(id).fetch_optional(pool).await
}

/// A shop's people, in the order in which they are told.
///
/// # Errors
/// What the database says.
pub async fn people(pool: &Pool, business: &BusinessId) -> Result<Vec<Person>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM person WHERE business_id = $1 ORDER BY position, created_at, id")
        .bind(business)
        .fetch_all(pool)
        .await
}

/// A shop's sources, oldest first.
///
/// # Errors
/// What the database says.
pub async fn sources(pool: &Pool, business: &BusinessId) -> Result<Vec<Source>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM source WHERE business_id = $1 ORDER BY created_at, id")
        .bind(business)
        .fetch_all(pool)
        .await
}

/// The sources of every shop that `within` allows, oldest first; `None` allows all.
///
/// # Errors
/// What the database says.
pub async fn sources_within(pool: &Pool, within: Option<&BusinessId>) -> Result<Vec<Source>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM source WHERE $1 IS NULL OR business_id = $1 ORDER BY created_at, id")
        .bind(within)
        .fetch_all(pool)
        .await
}

/// Whether `within` allows more shops than one; `None` allows all.
///
/// # Errors
/// What the database says.
pub async fn has_several(pool: &Pool, within: Option<&BusinessId>) -> Result<bool, sqlx::Error> {
    if within.is_some() {
        return Ok(false);
    }
    let two: Vec<i64> = sqlx::query_scalar("SELECT 1 FROM business LIMIT 2").fetch_all(pool).await?;
    Ok(two.len() > 1)
}

/// The sources of all shops, each with its shop, oldest first.
///
/// # Errors
/// What the database says.
pub async fn list_sources(pool: &Pool) -> Result<Vec<(Business, Source)>, sqlx::Error> {
    let mut all = Vec::new();
    for business in businesses(pool).await? {
        let sources = sources(pool, &business.id).await?;
        all.extend(sources.into_iter().map(|source| (business.clone(), source)));
    }
    Ok(all)
}

/// The source whose address carries the token of this hash ([`crate::base::keys::token_hash`]).
///
/// # Errors
/// What the database says.
pub async fn find_source_by_token_hash(pool: &Pool, hash: &str) -> Result<Option<Source>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM source WHERE token_hash = $1").bind(hash).fetch_optional(pool).await
}

/// The source of that id.
///
/// # Errors
/// What the database says.
pub async fn source(pool: &Pool, id: &SourceId) -> Result<Option<Source>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM source WHERE id = $1").bind(id).fetch_optional(pool).await
}

/// One business, inside a transaction.
///
/// # Errors
/// The database's.
pub async fn business_in(conn: &mut Conn, id: &BusinessId) -> Result<Option<Business>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM business WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// The people of a business, first told first, inside a transaction.
///
/// # Errors
/// The database's.
pub async fn people_in(conn: &mut Conn, business: &BusinessId) -> Result<Vec<Person>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM person WHERE business_id = $1 ORDER BY position, created_at, id")
        .bind(business)
        .fetch_all(conn)
        .await
}

/// What kind of sender a source has, inside a transaction.
///
/// # Errors
/// The database's.
pub async fn provider_in(conn: &mut Conn, source: &SourceId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT provider FROM source WHERE id = $1").bind(source).fetch_optional(conn).await
}

#[cfg(test)]
mod tests;
