//! Whose number it is that somebody called, in SQL.

use crate::base::ids::BusinessId;
use crate::db::Pool;
use crate::lead::shop::{Business, store};

/// Whose number this is. Several shops may share one: then it is that of the shop whose lead is calling, and else that of
/// the oldest one with somebody to tell.
///
/// # Errors
/// What the database says.
pub async fn business_of(pool: &Pool, number: &str, caller: &str) -> Result<Option<Business>, sqlx::Error> {
    let all = store::businesses(pool).await?;
    if let Some(own) = all.iter().find(|business| business.phone.as_deref() == Some(number)) {
        return Ok(Some(own.clone()));
    }
    if all.len() <= 1 {
        return Ok(all.into_iter().next());
    }
    let of_caller: Option<BusinessId> = sqlx::query_scalar(
        "SELECT business_id FROM lead WHERE phone = $1 AND is_spam = 0 ORDER BY state = 'closed', received_at DESC LIMIT 1",
    )
    .bind(caller)
    .fetch_optional(pool)
    .await?;
    let told: Option<BusinessId> = sqlx::query_scalar(
        "SELECT b.id FROM business b WHERE EXISTS (SELECT 1 FROM person p WHERE p.business_id = b.id AND p.phone IS NOT NULL) \
         ORDER BY b.created_at, b.id LIMIT 1",
    )
    .fetch_optional(pool)
    .await?;
    let id = of_caller.or(told);
    let known = id.and_then(|id| all.iter().find(|business| business.id == id).cloned());
    Ok(known.or_else(|| all.into_iter().next()))
}
