//! Passwords: argon2id at 19 MiB, two passes, one lane (OWASP's first choice), in PHC format.
//!
//! At most two are weighed at once, off the threads that answer requests, so a flood of guesses costs 38 MiB and
//! two threads, never more. An account that does not exist, or has no password, costs as much as one that does.
//! Refuses what is shorter than ten characters or longer than 1,000 bytes. A password is taken as it was typed:
//! nothing is trimmed, folded or cut.

use crate::base::random::Random;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// The fewest characters.
pub const SHORTEST: usize = 10;
/// The most bytes: enough for any sentence, too few to keep the machine busy.
pub const LONGEST: usize = 1_000;
/// How many are weighed at once.
const AT_ONCE: usize = 2;

/// Stands in for the hash that an unknown account does not have. Of the same cost; no password is known for it.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bGVhZGJlbGwtZGVjb3ktMQ$u3fYQ0VJvN0mB1o2k8a5n2cJ0pXw7rZ4sT6yH9dLqEc";

/// Why a new password is not taken, in words for whoever typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Too short.
    #[error("Use at least 10 characters.")]
    TooShort,
    /// Too long.
    #[error("Use at most 1,000 bytes; that is several paragraphs.")]
    TooLong,
}

/// Whether a new password may be used.
///
/// # Errors
/// [`Unfit`], in words for the form.
pub fn check(password: &SecretString) -> Result<(), Unfit> {
    let text = password.expose_secret();
    if text.len() > LONGEST {
        Err(Unfit::TooLong)
    } else if text.chars().count() < SHORTEST {
        Err(Unfit::TooShort)
    } else {
        Ok(())
    }
}

/// Where passwords are hashed and weighed, two at a time.
#[derive(Clone, Debug)]
pub struct Hasher {
    turns: Arc<Semaphore>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Hasher {
    /// The PHC text to store for a password that [`check`] let pass.
    ///
    /// # Errors
    /// [`Unfit`] when it should not have.
    pub async fn hash(&self, random: &Random, password: &SecretString) -> Result<String, Unfit> {
        check(password)?;
        let mut salt = [0u8; 16];
        random.fill(&mut salt);
        let password = password.clone();
        let made = self
            .in_turn(move || {
                let hash = Argon2::default().hash_password_with_salt(password.expose_secret().as_bytes(), &salt);
                hash.map(|h| h.to_string())
            })
            .await;
        Ok(made.unwrap_or_else(|_| unreachable!("argon2 takes any password of this length and a salt of 16 bytes")))
    }

    /// Whether `password` is the one that `stored` was made of. `None` (no such account, or no password) is weighed
    /// all the same and is never right.
    pub async fn is_right(&self, password: &SecretString, stored: Option<&str>) -> bool {
        if password.expose_secret().len() > LONGEST {
            return false;
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or(DECOY).to_owned();
        let password = password.clone();
        let right = self
            .in_turn(move || {
                PasswordHash::new(&stored).is_ok_and(|hash| {
                    Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok()
                })
            })
            .await;
        right && known
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            // Held by the thread: a caller that goes away does not let a third one in.
            drop(turn);
            done
        });
        match done.await {
            Ok(done) => done,
            Err(failed) => std::panic::resume_unwind(failed.into_panic()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_right_for_its_own_hash_only() {
        let (hasher, random) = (Hasher::default(), Random::seeded(1));
        let password = SecretString::from("a long enough one");

        let stored = hasher.hash(&random, &password).await.unwrap();
        let again = hasher.hash(&random, &password).await.unwrap();

        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, again, "each has its own salt");
        assert!(hasher.is_right(&password, Some(&stored)).await);
        assert!(!hasher.is_right(&"a long enough One".into(), Some(&stored)).await);
        assert!(!hasher.is_right(&password, Some("not a hash")).await);
    }

    #[test]
    fn an_unknown_account_costs_as_much_as_a_known_one() {
        let decoy = PasswordHash::new(DECOY).unwrap();
        let real = Argon2::default().hash_password_with_salt(b"a long enough one", &[7; 16]).unwrap();

        assert_eq!(decoy.params.to_string(), real.params.to_string());
        assert_eq!((decoy.algorithm, decoy.version), (real.algorithm, real.version));
        assert_eq!(decoy.salt.unwrap().len(), real.salt.unwrap().len());
        assert_eq!(decoy.hash.unwrap().len(), real.hash.unwrap().len());
    }

    #[tokio::test]
    async fn nobody_gets_in_without_a_stored_password() {
        assert!(!Hasher::default().is_right(&"whatever it may be".into(), None).await);
    }

    #[test]
    fn short_and_endless_passwords_are_refused() {
        assert_eq!(check(&"nine char".into()), Err(Unfit::TooShort));
        assert_eq!(check(&"zehn Zähne".into()), Ok(()));
        assert_eq!(check(&"x".repeat(1_000).into()), Ok(()));
        assert_eq!(check(&"x".repeat(1_001).into()), Err(Unfit::TooLong));
    }
}
