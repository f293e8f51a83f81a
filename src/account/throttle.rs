//! Who must wait before the next guess. Pure: the clock is an argument (monotonic milliseconds), memory is bounded,
//! nothing is locked for good.
//!
//! Three counts, each charged before a password is weighed and given back when it was right:
//! - one account from one place (a /24, a /48, or a browser that has signed in before): five tries, then a wait that
//!   doubles from 15 seconds to 15 minutes;
//! - one place, whatever the account: 20 tries, then one in 15 seconds;
//! - one account from all strange places together: 60 tries, then one in two minutes; and all strangers at all
//!   accounts: 100 tries, then one in two seconds.
//!
//! A browser that has signed in before is no stranger, so nobody can keep the owner out by guessing from a thousand
//! networks. Price: during such an attack a new browser may have to wait its turn, or use a link from the server.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;

/// Tries without a wait.
const FREE_TRIES: u32 = 5;
/// The first wait.
const FIRST_WAIT_MS: i64 = 15 * SECOND_MS;
/// The longest wait.
const LONGEST_WAIT_MS: i64 = 15 * MINUTE_MS;
/// After this long without a try a pair of account and place is forgotten.
const FORGET_MS: i64 = 2 * 60 * MINUTE_MS;
/// The most entries a table holds; beyond it the one that was quiet longest goes.
const MOST: usize = 4_096;

const PER_PLACE: Rate = Rate { burst: 20, one_per_ms: 15 * SECOND_MS };
const PER_ACCOUNT: Rate = Rate { burst: 60, one_per_ms: 2 * MINUTE_MS };
const ALL_STRANGERS: Rate = Rate { burst: 100, one_per_ms: 2 * SECOND_MS };
const WRONG_KEYS: Rate = Rate { burst: 60, one_per_ms: SECOND_MS };

/// Come back after this many milliseconds; always positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub i64);

impl Wait {
    /// The same in whole seconds, rounded up: for `Retry-After`.
    pub fn secs(self) -> i64 {
        (self.0 + SECOND_MS - 1) / SECOND_MS
    }
}

/// Where a try comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A browser that signed in to this account before, by the random name it was given then.
    Known(String),
    /// Any other, by its network (/24 or /48).
    Stranger(String),
}

/// The counts behind the sign-in form.
#[derive(Debug, Default)]
pub struct SignIn(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    pairs: Table<(String, String), Pair>,
    places: Table<String, Bucket>,
    accounts: Table<String, Bucket>,
    strangers: Bucket,
}

#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    tries: u32,
    last_ms: i64,
}

impl SignIn {
    /// Asks to weigh one password for `account` (its address in lower case, whether it exists or not) and charges
    /// the try. `now_ms` is the monotonic clock.
    ///
    /// # Errors
    /// [`Wait`]: do not weigh it; nothing was charged.
    pub fn admit(&self, account: &str, from: &Place, now_ms: i64) -> Result<(), Wait> {
        let mut counts = lock(&self.0);
        let (place, stranger) = key(from);
        let pair = (account.to_owned(), place);
        let mut known = counts.pairs.get(&pair).copied().unwrap_or_default();
        known.wait(now_ms)?;
        if stranger {
            counts.charge_stranger(account, &pair.1, now_ms)?;
        }
        known.tries = if now_ms - known.last_ms > FORGET_MS { 1 } else { known.tries + 1 };
        known.last_ms = now_ms;
        counts.pairs.put(pair, known, now_ms);
        Ok(())
    }

    /// The password was right: this place starts from nothing, and the others are given the try back.
    pub fn succeeded(&self, account: &str, from: &Place, now_ms: i64) {
        let mut counts = lock(&self.0);
        let (place, stranger) = key(from);
        if stranger {
            counts.give_back(account, &place, now_ms);
        }
        counts.pairs.remove(&(account.to_owned(), place));
    }
}

fn key(from: &Place) -> (String, bool) {
    match from {
        Place::Known(browser) => (format!("browser {browser}"), false),
        Place::Stranger(network) => (network.clone(), true),
    }
}

impl Pair {
    fn wait(&self, now_ms: i64) -> Result<(), Wait> {
        if self.tries < FREE_TRIES || now_ms - self.last_ms > FORGET_MS {
            return Ok(());
        }
        let doublings = (self.tries - FREE_TRIES).min(10);
        let wait = (FIRST_WAIT_MS << doublings).min(LONGEST_WAIT_MS);
        let left = self.last_ms + wait - now_ms;
        if left > 0 { Err(Wait(left)) } else { Ok(()) }
    }
}

impl Counts {
    /// All three or none: a refusal by one must not cost the others.
    fn charge_stranger(&mut self, account: &str, place: &str, now_ms: i64) -> Result<(), Wait> {
        let mut at_place = self.places.get(place).copied().unwrap_or_default();
        let mut at_account = self.accounts.get(account).copied().unwrap_or_default();
        let mut strangers = self.strangers;
        at_place.charge(PER_PLACE, now_ms)?;
        at_account.charge(PER_ACCOUNT, now_ms)?;
        strangers.charge(ALL_STRANGERS, now_ms)?;
        self.places.put(place.to_owned(), at_place, now_ms);
        self.accounts.put(account.to_owned(), at_account, now_ms);
        self.strangers = strangers;
        Ok(())
    }

    fn give_back(&mut self, account: &str, place: &str, now_ms: i64) {
        for (table, key, rate) in [(&mut self.places, place, PER_PLACE), (&mut self.accounts, account, PER_ACCOUNT)] {
            if let Some(mut bucket) = table.get(key).copied() {
                bucket.give_back(rate);
                table.put(key.to_owned(), bucket, now_ms);
            }
        }
        self.strangers.give_back(ALL_STRANGERS);
    }
}

/// Wrong API keys, one bucket a network.
#[derive(Debug, Default)]
pub struct Buckets(Mutex<Table<String, Bucket>>);

impl Buckets {
    /// Charges a wrong key to `network`. `now_ms` is the monotonic clock.
    ///
    /// # Errors
    /// [`Wait`] once the network has used up what it may get wrong.
    pub fn charge(&self, network: &str, now_ms: i64) -> Result<(), Wait> {
        let mut table = lock(&self.0);
        let mut bucket = table.get(network).copied().unwrap_or_default();
        bucket.charge(WRONG_KEYS, now_ms)?;
        table.put(network.to_owned(), bucket, now_ms);
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Rate {
    burst: i64,
    one_per_ms: i64,
}

/// A leaky bucket as one instant: when it will be empty again.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    empty_at_ms: i64,
}

impl Bucket {
    fn charge(&mut self, rate: Rate, now_ms: i64) -> Result<(), Wait> {
        let filled_to = self.empty_at_ms.max(now_ms) + rate.one_per_ms;
        let over = filled_to - (now_ms + rate.burst * rate.one_per_ms);
        if over > 0 {
            return Err(Wait(over));
        }
        self.empty_at_ms = filled_to;
        Ok(())
    }

    fn give_back(&mut self, rate: Rate) {
        self.empty_at_ms -= rate.one_per_ms;
    }
}

/// A map that forgets: at most [`MOST`] entries, the longest quiet one goes first.
#[derive(Debug)]
struct Table<K, V> {
    rows: HashMap<K, (V, i64)>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { rows: HashMap::new() }
    }
}

impl<K: Hash + Eq + Clone, V> Table<K, V> {
    fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.rows.get(key).map(|(value, _)| value)
    }

    fn put(&mut self, key: K, value: V, now_ms: i64) {
        if self.rows.len() >= MOST && !self.rows.contains_key(&key) {
            self.make_room(now_ms);
        }
        self.rows.insert(key, (value, now_ms));
    }

    fn remove(&mut self, key: &K) {
        self.rows.remove(key);
    }

    /// Drops what is forgotten anyway; if that was nothing, the older half, so that room is not made one by one.
    fn make_room(&mut self, now_ms: i64) {
        self.rows.retain(|_, (_, touched)| now_ms - *touched <= FORGET_MS);
        if self.rows.len() >= MOST {
            let mut touched: Vec<i64> = self.rows.values().map(|(_, at)| *at).collect();
            let middle = touched.len() / 2;
            let (_, cut, _) = touched.select_nth_unstable(middle);
            let cut = *cut;
            let mut spare = MOST / 2;
            self.rows.retain(|_, (_, at)| {
                let keep = *at > cut || (*at == cut && spare > 0);
                spare = spare.saturating_sub(usize::from(keep));
                keep
            });
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(n: usize) -> Place {
        Place::Stranger(format!("10.{}.{}.0/24", n / 256, n % 256))
    }

    #[test]
    fn five_tries_are_free_then_the_wait_doubles_to_fifteen_minutes() {
        let doors = SignIn::default();
        let from = Place::Known("b1".into());
        let mut now = 0;

        for _ in 0..5 {
            doors.admit("a@x.test", &from, now).unwrap();
        }
        let mut waits = Vec::new();
        for _ in 0..9 {
            let Err(Wait(wait)) = doors.admit("a@x.test", &from, now) else { panic!("admitted too early") };
            assert!(doors.admit("a@x.test", &from, now + wait - 1).is_err());
            now += wait;
            doors.admit("a@x.test", &from, now).unwrap();
            waits.push(wait / 1_000);
        }

        assert_eq!(waits, [15, 30, 60, 120, 240, 480, 900, 900, 900]);
    }

    #[test]
    fn a_right_password_clears_the_place_it_came_from() {
        let doors = SignIn::default();

        for _ in 0..40 {
            doors.admit("a@x.test", &stranger(1), 0).unwrap();
            doors.succeeded("a@x.test", &stranger(1), 0);
        }
    }

    #[test]
    fn one_network_that_tries_many_accounts_is_slowed_down() {
        let doors = SignIn::default();

        let admitted = (0..1_000).filter(|n| doors.admit(&format!("{n}@x.test"), &stranger(1), 0).is_ok()).count();

        assert_eq!(admitted, 20);
        assert_eq!(doors.admit("z@x.test", &stranger(1), 0), Err(Wait(15_000)));
        assert!(doors.admit("z@x.test", &stranger(2), 0).is_ok(), "another network is not concerned");
    }

    #[test]
    fn ten_thousand_guesses_from_a_thousand_networks_weigh_at_most_two_hundred_and_the_owner_gets_in() {
        let doors = SignIn::default();
        let (owner, mine) = ("dave@harbor.test", Place::Known("dave's phone".into()));
        let (mut weighed, mut now) = (0, 0);

        for guess in 0..10_000 {
            now += 360; // one hour in all
            weighed += usize::from(doors.admit(owner, &stranger(guess % 1_000), now).is_ok());
            if guess % 1_000 == 999 {
                doors.admit(owner, &mine, now).expect("the owner's own browser is never kept out");
                doors.succeeded(owner, &mine, now);
            }
        }

        assert!((60..=200).contains(&weighed), "{weighed} were weighed");
        let after = now + PER_ACCOUNT.one_per_ms;
        assert!(doors.admit(owner, &stranger(5_000), after).is_ok(), "and from anywhere once the guessing stops");
    }

    #[test]
    fn memory_is_bounded_whatever_is_tried() {
        let mut table = Table::default();

        for n in 0..50_000_i64 {
            table.put(n, (), n);
            table.put(-1, (), 0);
        }
        let mut standing_still = Table::default();
        for n in 0..50_000 {
            standing_still.put(n, (), 7);
        }

        assert!(table.rows.len() <= MOST && standing_still.rows.len() <= MOST);
        assert!(table.get(&49_999).is_some() && standing_still.get(&49_999).is_some());
    }

    #[test]
    fn wrong_keys_have_a_burst_and_then_a_rate() {
        let buckets = Buckets::default();

        let first = (0..1_000).filter(|_| buckets.charge("n", 0).is_ok()).count();
        let later = (0..1_000).filter(|_| buckets.charge("n", 10_000).is_ok()).count();

        assert_eq!((first, later), (60, 10));
        assert_eq!(Wait(1).secs(), 1);
    }
}
