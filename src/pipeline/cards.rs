//! The card of a source: everything that a submission needs to know, read once a second at most.
//!
//! An address or a secret that was replaced lately still finds its source, and still fits.

use crate::base::clock::MINUTE_MS;
use crate::base::ids::SourceId;
use crate::base::keys::{Keys, token_hash};
use crate::db::Db;
use crate::intake::providers::{self, Provider};
use crate::lead::shop::keyring::{Used, store as keyring};
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
    /// What submissions may be signed with, the one in force first; empty = unsigned.
    pub secrets: Vec<String>,
    /// The numbers of the secrets behind the first one: they were replaced and still work.
    pub old_secrets: Vec<i64>,
    /// The number of the replaced address that this card was found by; none = the address in force.
    pub old_address: Option<i64>,
}

impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Card({} of {})", self.source.id, self.business.slug)
    }
}

impl Card {
    /// Who sends here.
    pub fn provider(&self) -> &'static dyn Provider {
        providers::find(&self.source.provider).unwrap_or_else(providers::generic)
    }

    /// The secrets, as they are compared.
    pub fn secrets(&self) -> Vec<&str> {
        self.secrets.iter().map(String::as_str).collect()
    }
}

/// The cards in use, by the hash of their token.
pub struct Cards {
    known: Mutex<Known>,
    preview_phone: Option<String>,
}

#[derive(Default)]
struct Known {
    cards: HashMap<String, (i64, Arc<Card>)>,
    /// Counts how often all was forgotten, so that what was being read meanwhile is not kept.
    forgotten: u64,
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
        now_ms: i64,
        mono_ms: i64,
    ) -> Result<Option<Arc<Card>>, sqlx::Error> {
        let hash = token_hash(token);
        let forgotten = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            match known.cards.get(&hash).filter(|(at, _)| mono_ms - at < FRESH_MS) {
                Some((_, card)) => return Ok(Some(Arc::clone(card))),
                None => known.forgotten,
            }
        };
        let found = match store::find_source_by_token_hash(db.read(), &hash).await? {
            Some(source) => Some((None, source)),
            None => {
                keyring::find_by_old_address(db.read(), &hash, now_ms).await?.map(|(seq, source)| (Some(seq), source))
            }
        };
        let Some((old_address, source)) = found else {
            self.known.lock().unwrap_or_else(PoisonError::into_inner).cards.remove(&hash);
            return Ok(None);
        };
        let card = Arc::new(Card { old_address, ..self.load(db, keys, source, now_ms).await? });
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.forgotten == forgotten {
            if known.cards.len() >= MOST {
                known.cards.clear();
            }
            known.cards.insert(hash, (mono_ms, Arc::clone(&card)));
        }
        Ok(Some(card))
    }

    /// Stands in for a person without a number.
    pub fn preview_phone(&self) -> Option<&str> {
        self.preview_phone.as_deref()
    }

    /// A key changed: every card is read anew.
    pub fn forget(&self) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.cards.clear();
        known.forgotten += 1;
    }

    pub async fn load(&self, db: &Db, keys: &Keys, source: Source, now_ms: i64) -> Result<Card, sqlx::Error> {
        let business = store::business(db.read(), &source.business_id).await?.ok_or(sqlx::Error::RowNotFound)?;
        let people = self.people(db, &business).await?;
        let (mut secrets, mut old_secrets) = (Vec::new(), Vec::new());
        if let Some(sealed) = &source.secret_sealed {
            // A secret that does not open must refuse everything rather than accept everything.
            let open = |sealed: &str| keys.open(sealed).map_err(|e| sqlx::Error::Decode(Box::new(e)));
            secrets.push(open(sealed)?);
            for (seq, sealed) in keyring::old_secrets(db.read(), &source.id, now_ms).await? {
                secrets.push(open(&sealed)?);
                old_secrets.push(seq);
            }
        }
        Ok(Card { source, business, people, secrets, old_secrets, old_address: None })
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

/// Which uses of keys were noted in the last minute: one row written a minute is enough to show when a key was last used.
#[derive(Default)]
pub struct Uses {
    noted: Mutex<HashMap<(SourceId, Used), i64>>,
}

impl Uses {
    /// Whether this use is to be noted now.
    pub fn is_news(&self, source: &SourceId, used: Used, now_ms: i64) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (source.clone(), used);
        if noted.get(&key).is_some_and(|at| (now_ms - at).abs() < MINUTE_MS) {
            return false;
        }
        if noted.len() >= MOST {
            noted.clear();
        }
        noted.insert(key, now_ms);
        true
    }

    /// A key changed: the next use is news, since what is in force is another one.
    pub fn forget(&self) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
