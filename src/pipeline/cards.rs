//! The card of a source: everything that a submission needs to know, read once a second at most.
//!
//! A card's age is counted from when its reading began, never from when somebody came to ask for it: a house so slow that
//! the asking took longer than a card is believed would otherwise find each card too old the moment it was read, and
//! read on for ever. Whatever the crowd, one of it reads, and whoever came before that takes what it brought. A card that
//! is known but cannot be read anew goes on being believed: a lead is worth more than a change.
//! An address or a secret that was replaced lately still finds its source, and still fits.

use crate::base::clock::{Clock, MINUTE_MS};
use crate::base::ids::SourceId;
use crate::base::keys::{Keys, token_hash};
use crate::db::Db;
use crate::intake::providers::{self, Provider};
use crate::lead::mapping::Mapping;
use crate::lead::shop::keyring::{Used, store as keyring};
use crate::lead::shop::{Business, Person, Source, store};
use crate::lead::team::{self, Team};
use crate::lead::wording::{self, Wording};
use crate::outbox::block::Block;
use crate::outbox::store::blocked::{self, Blocked};
use crate::reply::registration::Standing;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a card is believed, in milliseconds: a change by command is noticed within a second.
const FRESH_MS: i64 = 900;
/// How many cards are kept.
const MOST: usize = 20_000;
/// How many cards may be read at once. Tokens share a gate by their hash, so that a flood of wrong ones is not in
/// everybody's way.
const GATES: usize = 16;
/// How long a sender waits for a card.
const PATIENCE: Duration = Duration::from_secs(3);

/// A source, its shop, its people and its secrets in the clear.
pub struct Card {
    /// The source.
    pub source: Source,
    /// Its shop.
    pub business: Business,
    /// Who is told first, where there is no ladder.
    pub people: Vec<Person>,
    /// Who is told, where there is one.
    pub team: Option<Team>,
    /// What submissions may be signed with, the one in force first; empty = unsigned.
    pub secrets: Vec<String>,
    /// The numbers of the secrets behind the first one: they were replaced and still work.
    pub old_secrets: Vec<i64>,
    /// The number of the replaced address that this card was found by; none = the address in force.
    pub old_address: Option<i64>,
    /// The shop's own words, and what follows.
    pub wording: Wording,
    /// What its fields mean, where the owner said so.
    pub mapping: Mapping,
    /// Calls can be placed.
    pub can_call: bool,
    /// The carriers block the shop's texts: the first alert of a lead also rings.
    pub rings: bool,
    /// How its number stands while the carriers block it.
    pub blocked: Option<Blocked>,
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

    /// Why texts are not even tried now: the carriers block the number, and it is not time to see whether they still do.
    pub fn blocked_at(&self, now_ms: i64) -> Option<Block> {
        self.blocked.filter(|blocked| now_ms < blocked.probe_at).and_then(|blocked| Block::of_code(blocked.code))
    }

    /// Why they are not tried again after one of this moment: the carriers block the number.
    pub fn blocked_now(&self) -> Option<Block> {
        self.blocked.and_then(|blocked| Block::of_code(blocked.code))
    }

    /// The secrets, as they are compared.
    pub fn secrets(&self) -> Vec<&str> {
        self.secrets.iter().map(String::as_str).collect()
    }
}

/// The cards in use, by the hash of their token.
pub struct Cards {
    known: Mutex<Known>,
    gates: [tokio::sync::Mutex<()>; GATES],
    preview_phone: Option<String>,
    can_call: bool,
}

#[derive(Default)]
struct Known {
    cards: HashMap<String, (i64, Arc<Card>)>,
    /// Counts how often all was forgotten, so that what was being read meanwhile is not kept.
    forgotten: u64,
}

impl Cards {
    /// `preview_phone` stands in for a person without a number; `can_call`: calls can be placed.
    pub fn new(preview_phone: Option<String>, can_call: bool) -> Self {
        Self { known: Mutex::default(), gates: Default::default(), preview_phone, can_call }
    }

    pub async fn find(
        &self,
        db: &Db,
        keys: &Keys,
        token: &str,
        clock: &Clock,
    ) -> Result<Option<Arc<Card>>, sqlx::Error> {
        let (hash, came) = (token_hash(token), clock.mono_ms());
        if let Some(card) = self.known_since(&hash, came - FRESH_MS) {
            return Ok(Some(card));
        }
        let gate = hash.bytes().fold(0, |sum, byte| sum + usize::from(byte)) % GATES;
        let read = tokio::time::timeout(PATIENCE, async {
            let _one_at_a_time = self.gates[gate].lock().await;
            // Whoever was let in before may have brought it, after we had come.
            let now = clock.mono_ms();
            match self.known_since(&hash, (came - 1).min(now - FRESH_MS)) {
                Some(card) => Ok(Some(card)),
                None => self.read(db, keys, &hash, clock.now_ms(), now).await,
            }
        });
        let error = match read.await {
            Ok(Ok(card)) => return Ok(card),
            Ok(Err(error)) => error,
            Err(_) => sqlx::Error::PoolTimedOut,
        };
        let Some(card) = self.known_since(&hash, i64::MIN) else { return Err(error) };
        tracing::warn!(%error, source = %card.source.id, "a source could not be read; what was known of it holds");
        Ok(Some(card))
    }

    /// The card, if its reading began after that moment of the monotonic clock.
    fn known_since(&self, hash: &str, moment: i64) -> Option<Arc<Card>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.cards.get(hash).filter(|(at, _)| *at > moment).map(|(_, card)| Arc::clone(card))
    }

    async fn read(
        &self,
        db: &Db,
        keys: &Keys,
        hash: &str,
        now_ms: i64,
        mono_ms: i64,
    ) -> Result<Option<Arc<Card>>, sqlx::Error> {
        let forgotten = self.known.lock().unwrap_or_else(PoisonError::into_inner).forgotten;
        let found = match store::find_source_by_token_hash(db.read(), hash).await? {
            Some(source) => Some((None, source)),
            None => {
                keyring::find_by_old_address(db.read(), hash, now_ms).await?.map(|(seq, source)| (Some(seq), source))
            }
        };
        let card = match found {
            Some((old_address, source)) => {
                Some(Arc::new(Card { old_address, ..self.load(db, keys, source, now_ms).await? }))
            }
            None => None,
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.forgotten == forgotten {
            if known.cards.len() >= MOST {
                known.cards.clear();
            }
            match &card {
                Some(card) => drop(known.cards.insert(hash.to_owned(), (mono_ms, Arc::clone(card)))),
                None => drop(known.cards.remove(hash)),
            }
        }
        Ok(card)
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
        let team = team::store::read(db.read(), &business, self.preview_phone()).await?;
        let team = Some(team).filter(|team| !team.steps.is_empty());
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
        let wording = wording::store::read(db.read(), &business.id).await?;
        let mapping = source.mapping.as_deref().map(Mapping::parse).unwrap_or_default();
        let blocked = blocked::of(db.read(), &business.id, now_ms).await?;
        let can_call = self.can_call;
        let rings = can_call && blocked.is_some_and(|blocked| Standing::is_code_of_the_carriers(blocked.code));
        Ok(Card {
            source,
            business,
            people,
            team,
            secrets,
            old_secrets,
            old_address: None,
            wording,
            mapping,
            can_call,
            rings,
            blocked,
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Random;
    use crate::lead::store::sample;

    struct Shop {
        _folder: tempfile::TempDir,
        db: Db,
        keys: Keys,
        token: String,
    }

    async fn shop() -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let db = sample::open(folder.path()).await;
        let keys = Keys::new([7; 32]);
        let random = Random::seeded(1);
        let (source, token) = Source::new(&sample::harbor(), "generic", "Form", None, &keys, &random, 0);
        db.write(move |c| Box::pin(async move { store::add_source(c, &source).await })).await.unwrap();
        Shop { _folder: folder, db, keys, token }
    }

    #[tokio::test]
    async fn a_crowd_at_a_cold_start_reads_a_card_once() {
        let shop = shop().await;
        let cards = Cards::new(None, false);

        let clock = Clock::manual(0);
        let crowd = (0..200).map(|_| cards.find(&shop.db, &shop.keys, &shop.token, &clock));
        let found = futures_util::future::join_all(crowd).await;

        let first = found[0].as_ref().unwrap().clone().unwrap();
        assert!(found.iter().all(|card| Arc::ptr_eq(card.as_ref().unwrap().as_ref().unwrap(), &first)));
    }

    #[tokio::test]
    async fn a_house_slower_than_a_card_is_believed_still_reads_it_once_for_all_who_wait() {
        let shop = shop().await;
        let (cards, clock) = (Cards::new(None, false), Clock::manual(0));
        let find = || cards.find(&shop.db, &shop.keys, &shop.token, &clock);
        // Every reader is taken, so that whoever reads waits; meanwhile more time passes than a card is believed.
        let mut taken = Vec::new();
        for _ in 0..3 {
            taken.push(shop.db.read().acquire().await.unwrap());
        }
        let release = async {
            tokio::task::yield_now().await;
            clock.advance(Duration::from_secs(5));
            taken.clear();
        };

        let (found, ()) = tokio::join!(futures_util::future::join_all((0..50).map(|_| find())), release);

        let first = found[0].as_ref().unwrap().clone().unwrap();
        let same = found.iter().filter(|card| Arc::ptr_eq(card.as_ref().unwrap().as_ref().unwrap(), &first)).count();
        assert_eq!(same, 50);
    }

    #[tokio::test]
    async fn a_known_card_holds_while_it_cannot_be_read_and_an_unknown_one_is_an_error() {
        let shop = shop().await;
        let cards = Cards::new(None, false);
        let clock = Clock::manual(0);
        let known = cards.find(&shop.db, &shop.keys, &shop.token, &clock).await.unwrap().unwrap();

        shop.db.read().close().await;
        clock.advance(Duration::from_secs(60));

        let later = cards.find(&shop.db, &shop.keys, &shop.token, &clock).await.unwrap().unwrap();
        assert!(Arc::ptr_eq(&known, &later));
        assert!(cards.find(&shop.db, &shop.keys, "another", &clock).await.is_err());
    }
}
