//! The first run: one write turns the set-up link, the nameless business and its nameless person into somebody's shop
//! with a sign-in and a session. Works once; a second caller with the same link gets [`Done::TooLate`].

use super::{Account, link, session, store};
use crate::base::ids::{BusinessId, PersonId};
use crate::db::{Conn, Db, WriteError};

/// What the person said, checked and cleaned by the edge.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The sign-in: sees all businesses.
    pub account: Account,
    /// Of its password, PHC format.
    pub password_hash: String,
    /// What customers call the shop.
    pub business: String,
    /// The shop's part of the address, if the name gives a better one than it has; taken when free.
    pub slug: Option<String>,
    /// ISO 3166 alpha-2, upper case.
    pub country: String,
    /// IANA name.
    pub timezone: String,
    /// Mobile in E.164.
    pub phone: Option<String>,
    /// For the business and the person, should the first start have left none behind.
    pub spare_ids: (BusinessId, PersonId),
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// In. The shop's part of the address.
    In {
        /// `/b/{slug}/…`
        slug: String,
    },
    /// The link was used, has expired, or somebody can sign in already. Nothing was changed.
    TooLate,
}

/// Finishes the set-up with the link's token. `now_ms` is UTC milliseconds.
///
/// # Errors
/// [`WriteError`]; nothing has changed then, and the link works on.
pub async fn finish(
    db: &Db,
    token: String,
    answers: Answers,
    fresh: session::Fresh,
    now_ms: i64,
) -> Result<Done, WriteError> {
    db.write(move |conn| {
        Box::pin(async move {
            if link::use_up(conn, &token, now_ms).await? != Some(link::Opens::Setup) {
                return Ok(Done::TooLate);
            }
            let slug = fill(conn, &answers, now_ms).await?;
            store::insert(conn, &answers.account, Some(&answers.password_hash), now_ms).await?;
            session::begin(conn, &fresh, &answers.account.id, now_ms).await?;
            Ok(Done::In { slug })
        })
    })
    .await
}

async fn fill(conn: &mut Conn, answers: &Answers, now_ms: i64) -> Result<String, sqlx::Error> {
    let first: Option<(BusinessId, String)> =
        sqlx::query_as("SELECT id, slug FROM business ORDER BY created_at, id LIMIT 1")
            .fetch_optional(&mut *conn)
            .await?;
    let (id, slug) = match first {
        Some((id, slug)) => {
            let slug = better_slug(conn, answers, slug).await?;
            rename(conn, answers, &id, &slug).await?;
            (id, slug)
        }
        None => {
            let (id, slug) = (answers.spare_ids.0.clone(), answers.slug.clone().unwrap_or_else(|| "shop".to_owned()));
            found(conn, answers, &id, &slug, now_ms).await?;
            (id, slug)
        }
    };
    name_person(conn, answers, &id, now_ms).await?;
    Ok(slug)
}

async fn better_slug(conn: &mut Conn, answers: &Answers, slug: String) -> Result<String, sqlx::Error> {
    let Some(wanted) = answers.slug.as_ref() else { return Ok(slug) };
    let (taken,): (i64,) =
        sqlx::query_as("SELECT EXISTS (SELECT 1 FROM business WHERE slug = $1)").bind(wanted).fetch_one(conn).await?;
    Ok(if taken == 0 { wanted.clone() } else { slug })
}

async fn rename(conn: &mut Conn, answers: &Answers, id: &BusinessId, slug: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE business SET name = $1, slug = $2, country = $3, timezone = $4, phone = COALESCE($5, phone)
          WHERE id = $6",
    )
    .bind(&answers.business)
    .bind(slug)
    .bind(&answers.country)
    .bind(&answers.timezone)
    .bind(&answers.phone)
    .bind(id)
    .execute(conn)
    .await
    .map(drop)
}

async fn found(
    conn: &mut Conn,
    answers: &Answers,
    id: &BusinessId,
    slug: &str,
    now_ms: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO business (id, slug, name, timezone, country, phone, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(slug)
    .bind(&answers.business)
    .bind(&answers.timezone)
    .bind(&answers.country)
    .bind(&answers.phone)
    .bind(now_ms)
    .execute(conn)
    .await
    .map(drop)
}

async fn name_person(conn: &mut Conn, answers: &Answers, id: &BusinessId, now_ms: i64) -> Result<(), sqlx::Error> {
    let first: Option<(PersonId,)> =
        sqlx::query_as("SELECT id FROM person WHERE business_id = $1 ORDER BY position, created_at, id LIMIT 1")
            .bind(id)
            .fetch_optional(&mut *conn)
            .await?;
    let Some((person,)) = first else { return add_person(conn, answers, id, now_ms).await };
    sqlx::query("UPDATE person SET name = $1, phone = COALESCE($2, phone), email = $3 WHERE id = $4")
        .bind(&answers.account.name)
        .bind(&answers.phone)
        .bind(&answers.account.email)
        .bind(person)
        .execute(conn)
        .await
        .map(drop)
}

async fn add_person(conn: &mut Conn, answers: &Answers, id: &BusinessId, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO person (id, business_id, name, phone, email, position, created_at) VALUES ($1, $2, $3, $4, $5, 0, $6)",
    )
    .bind(&answers.spare_ids.1)
    .bind(id)
    .bind(&answers.account.name)
    .bind(&answers.phone)
    .bind(&answers.account.email)
    .bind(now_ms)
    .execute(conn)
    .await
    .map(drop)
}
