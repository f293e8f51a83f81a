//! How a source is doing: what is remembered of it between two looks, and the one word that sums it up.

pub mod store;

use crate::base::ids::{BusinessId, SourceId};

/// So many of the newest submissions decide whether signatures fail or nobody can read them.
const RECENT: usize = 6;
/// So many of them are a jump.
const JUMP: usize = 3;

/// The word for a source, as everywhere on the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing came yet.
    Waiting,
    /// Sends as it usually does.
    Healthy,
    /// Silent for longer than its rhythm explains.
    Quiet,
    /// It sends other fields than it used to.
    Changed,
    /// Its signatures do not fit.
    Refused,
    /// What it sends can mostly not be read.
    Unreadable,
}

impl State {
    /// The word.
    pub fn words(self) -> &'static str {
        match self {
            State::Waiting => "Waiting",
            State::Healthy => "Healthy",
            State::Quiet => "Quiet",
            State::Changed => "Form changed",
            State::Refused => "Signature failing",
            State::Unreadable => "Unreadable",
        }
    }
}

/// What is remembered of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Health {
    /// What it usually sends and what differs, as JSON; empty = nothing learned yet.
    pub baseline: String,
    /// Submissions up to this instant have been looked at, UTC milliseconds.
    pub read_at: i64,
    /// What became of its newest submissions, the newest last: `a`, `k` or `r`.
    pub recent: String,
    /// Since when its fields differ.
    pub changed_at: Option<i64>,
    /// The newest notice of a change.
    pub changed_told_at: Option<i64>,
    /// Its rhythm in words, without "usually".
    pub usual: Option<String>,
    /// When its silence becomes longer than its rhythm explains.
    pub quiet_at: Option<i64>,
    /// The owner was told of this silence.
    pub quiet_told_at: Option<i64>,
    /// The owner was told that signatures fail.
    pub refused_told_at: Option<i64>,
    /// The owner was told that nobody can read it.
    pub unreadable_told_at: Option<i64>,
}

impl Health {
    /// The state of a source whose newest submission came at `last_at`, at `now` (UTC milliseconds).
    pub fn state(&self, last_at: Option<i64>, now: i64) -> State {
        if self.has_jump('r') {
            State::Refused
        } else if last_at.is_none() {
            State::Waiting
        } else if self.has_jump('k') {
            State::Unreadable
        } else if self.quiet_at.is_some_and(|at| at <= now) {
            State::Quiet
        } else if self.changed_at.is_some() {
            State::Changed
        } else {
            State::Healthy
        }
    }

    /// Notes what became of one more submission, by its stored state.
    pub fn note(&mut self, state: &str) {
        let letter = match state {
            "accepted" => 'a',
            "kept" => 'k',
            "refused" => 'r',
            _ => return,
        };
        self.recent.push(letter);
        if self.recent.len() > RECENT {
            self.recent.remove(0);
        }
    }

    /// Whether many of the newest submissions ended so; three in six, and the newest among them.
    pub fn has_jump(&self, letter: char) -> bool {
        self.recent.ends_with(letter) && self.recent.matches(letter).count() >= JUMP
    }

    /// Whether none of the newest submissions ended so.
    pub fn is_clear_of(&self, letter: char) -> bool {
        !self.recent.contains(letter)
    }
}

/// A source as the rounds look at it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Watched {
    /// Its id.
    pub source_id: SourceId,
    /// Its shop.
    pub business_id: BusinessId,
    /// Its name.
    pub name: String,
    /// Its newest submission.
    pub last_at: Option<i64>,
    /// Made, UTC milliseconds.
    pub created_at: i64,
    /// Its shop's address.
    pub slug: String,
    /// Its shop's IANA zone.
    pub timezone: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(recent: &str) -> Health {
        let mut health = Health::default();
        for letter in recent.chars() {
            health.note(match letter {
                'a' => "accepted",
                'k' => "kept",
                'r' => "refused",
                _ => "test",
            });
        }
        health
    }

    #[test]
    fn a_source_has_one_word_and_the_gravest_wins() {
        let now = 1_000;
        let quiet = Health { quiet_at: Some(900), changed_at: Some(5), ..health("aaa") };
        let table = [
            (health(""), None, "Waiting"),
            (health("aaa"), Some(1), "Healthy"),
            (quiet.clone(), Some(1), "Quiet"),
            (Health { quiet_at: Some(1_001), ..quiet }, Some(1), "Form changed"),
            (health("rrr"), None, "Signature failing"),
            (health("kak"), Some(1), "Healthy"),
            (health("kakk"), Some(1), "Unreadable"),
            (health("kkka"), Some(1), "Healthy"),
            (health("rrrttt"), Some(1), "Signature failing"),
        ];

        for (health, last_at, word) in table {
            assert_eq!(health.state(last_at, now).words(), word, "{health:?}");
        }
    }

    #[test]
    fn a_jump_is_over_when_none_of_the_newest_is_left() {
        assert!(!health("rrraaa").is_clear_of('r'));
        assert!(health("rrraaaaaa").is_clear_of('r'));
    }
}
