//! Who calls: the key behind `Authorization: Bearer …` and what it may see.
//!
//! A missing key, a wrong one and one that was taken back get the same answer. Wrong ones are counted per network;
//! a right one is never held back by its neighbours' mistakes.

use super::error::ApiError;
use crate::account::key::{self, Key};
use crate::base::ids::BusinessId;
use crate::db::Db;
use crate::lead::shop::{Business, store};
use crate::web::App;
use crate::web::client::Client;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

/// A program with a key.
#[derive(Debug)]
pub struct Caller {
    /// Its key.
    pub key: Key,
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, house: &App) -> Result<Self, ApiError> {
        let found = match bearer(parts) {
            Some(token) => key::find(&house.db, token).await?,
            None => None,
        };
        let Some(key) = found else {
            let Ok(client) = Client::from_request_parts(parts, house).await;
            let charged = house.doors.api.charge(&client.network, house.clock.mono_ms());
            return Err(charged.err().map_or(ApiError::Unauthorized, ApiError::TooMany));
        };
        if let Err(error) = key::touch(&house.db, &key, house.clock.now_ms()).await {
            tracing::warn!(%error, "the use of an API key could not be noted");
        }
        Ok(Self { key })
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl Caller {
    /// The business that the key is for; `None` = all.
    pub fn within(&self) -> Option<&BusinessId> {
        self.key.business_id.as_ref()
    }

    /// The shops that the key may see, narrowed to one if the call names it (`?business=` and its slug).
    pub async fn shops(&self, db: &Db, named: Option<&str>) -> Result<Shops, ApiError> {
        let mut all = store::businesses_within(db.read(), self.within()).await?;
        if let Some(slug) = named {
            all.retain(|business| business.slug == slug);
            if all.is_empty() {
                return Err(ApiError::NotFound);
            }
        }
        Ok(Shops { only: self.key.business_id.is_some() || named.is_some(), all })
    }
}

/// The shops of one call.
#[derive(Debug)]
pub struct Shops {
    all: Vec<Business>,
    only: bool,
}

impl Shops {
    /// What a query is narrowed to; `None` = all.
    pub fn within(&self) -> Option<&BusinessId> {
        self.all.first().filter(|_| self.only).map(|business| &business.id)
    }

    /// The word that stands for a business in the API: its slug.
    pub fn slug(&self, id: &BusinessId) -> &str {
        self.all.iter().find(|business| business.id == *id).map_or("", |business| &business.slug)
    }

    /// The one shop, where an answer can only be about one.
    pub fn one(&self) -> Result<&Business, ApiError> {
        match self.all.as_slice() {
            [business] => Ok(business),
            [] => Err(ApiError::NotFound),
            _ => Err(ApiError::Bad("This key sees several businesses. Say which: ?business= and its slug.".to_owned())),
        }
    }
}
