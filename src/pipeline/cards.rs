//! The card of a source: everything that a submission needs to know, read once a second at most.

use crate::base::keys::{Keys, token_hash};
use crate::db::Db;
use crate::lead::shop::{Business, Person, Source, store};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long a card is believed, in milliseconds: a change by command is noticed within a second.
const FRESH_MS: i64 = 900;
/// How many cards are kept.
const MOST: usize = 20_000;

/// A source, its shop, its people and its secrets in the clear.
pub struct Card {
    /// The source.
    pub source: Source,
    /// Its shop.
    pub business: Business,
    /// Who is told first.
    pub people: Vec<Person>,
    /// What submissions may be signed with; empty = unsigned.
    pub secrets: Vec<String>,
}

impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Card({} of {})", self.source.id, self.business.slug)
    }
}

/// The cards in use, by the hash of their token.
pub struct Cards {
    known: Mutex<HashMap<String, (i64, Arc<Card>)>>,
    preview_phone: Option<String>,
}

impl Cards {
    pub fn new(preview_phone: Option<String>) -> Self {
        Self { known: Mutex::default(), preview_phone }
    }

    pub async fn find(
        &self,
        db: &Db,
        keys: &Keys,
        token: &str,
        mono_ms: i64,
    ) -> Result<Option<Arc<Card>>, sqlx::Error> {
        let hash = token_hash(token);
        if let Some(card) = self.fresh(&hash, mono_ms) {
            return Ok(Some(card));
        }
        let Some(source) = store::find_source_by_token_hash(db.read(), &hash).await? else {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash);
            return Ok(None);
        };
        let card = Arc::new(self.load(db, keys, source).await?);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(hash, (mono_ms, Arc::clone(&card)));
        Ok(Some(card))
    }

    fn fresh(&self, hash: &str, mono_ms: i64) -> Option<Arc<Card>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(hash).filter(|(at, _)| mono_ms - at < FRESH_MS).map(|(_, card)| Arc::clone(card))
    }

    pub async fn load(&self, db: &Db, keys: &Keys, source: Source) -> Result<Card, sqlx::Error> {
        let business = store::business(db.read(), &source.business_id).await?.ok_or(sqlx::Error::RowNotFound)?;
        let people = self.people(db, &business).await?;
        let mut secrets = Vec::new();
        if let Some(sealed) = &source.secret_sealed {
            // A secret that does not open must refuse everything rather than accept everything.
            secrets.push(keys.open(sealed).map_err(|e| sqlx::Error::Decode(Box::new(e)))?);
        }
        Ok(Card { source, business, people, secrets })
    }

    /// Those who are told first.
    pub async fn people(&self, db: &Db, business: &Business) -> Result<Vec<Person>, sqlx::Error> {
        let mut people = store::people(db.read(), &business.id).await?;
        let first = people.iter().map(|p| p.position).min();
        people.retain(|p| Some(p.position) == first);
        for person in people.iter_mut().filter(|p| p.phone.is_none()) {
            person.phone.clone_from(&self.preview_phone);
        }
        Ok(people)
    }
}
