//! What lists have in common: `?limit=` and `?cursor=` in, `{"items", "next"}` out.

use super::error::ApiError;
use crate::base::keyset::Place;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use serde::Serialize;

/// How many items a page has if nobody says.
const USUAL: usize = 50;
/// The most items of a page; who asks for more gets this many.
const MOST: usize = 500;

/// One page.
#[derive(Debug, Serialize)]
pub struct Page<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// The cursor of the next page; `null` on the last one.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The answer.
    pub fn json(items: Vec<T>, next: Option<String>) -> Json<Self> {
        Json(Self { items, next })
    }
}

/// The number of items asked for.
pub fn limit(asked: Option<&str>) -> Result<usize, ApiError> {
    match asked.map(str::parse::<usize>) {
        None => Ok(USUAL),
        Some(Ok(n)) if n > 0 => Ok(n.min(MOST)),
        Some(_) => Err(ApiError::Bad("limit is a number from 1 to 500.".to_owned())),
    }
}

/// Where the page before ended, for lists that are kept by [`Place`].
pub fn cursor(asked: Option<&str>) -> Result<Option<Place>, ApiError> {
    asked.map(|text| Place::parse(text).ok_or_else(bad_cursor)).transpose()
}

/// The complaint about a cursor that we did not write.
pub fn bad_cursor() -> ApiError {
    ApiError::Bad("cursor is not one that this list gave out.".to_owned())
}

/// A word out of a closed list.
pub fn word(name: &str, given: Option<&str>, known: &[&str]) -> Result<String, ApiError> {
    match given {
        None => Ok(String::new()),
        Some(word) if known.contains(&word) => Ok(word.to_owned()),
        Some(_) => Err(ApiError::Bad(format!("{name} is one of: {}.", known.join(", ")))),
    }
}

/// The complaint about a query string that does not read.
pub fn bad_query(rejection: &QueryRejection) -> ApiError {
    ApiError::Bad(format!("The query does not read: {}.", rejection.body_text()))
}
