//! Faster or slower: how a typical wait stands to the one before it, in words.
//!
//! Two lengths in milliseconds go in, `None` being "not yet"; what differs by less than a second is the same.

use super::clock::SECOND_MS;
use super::lengths::words;

/// What became of a typical wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// To the second.
    Same,
    /// Shorter by so many milliseconds.
    Faster(i64),
    /// Longer by so many milliseconds.
    Slower(i64),
    /// It was "not yet" and is a length now.
    Answered,
    /// It is "not yet" and was this length.
    NotYet(i64),
}

impl Change {
    /// From `before` to `now`; nothing where both are "not yet".
    pub fn between(before: Option<i64>, now: Option<i64>) -> Option<Self> {
        match (now, before) {
            (Some(now), Some(before)) if now / SECOND_MS == before / SECOND_MS => Some(Change::Same),
            (Some(now), Some(before)) if now < before => Some(Change::Faster(before - now)),
            (Some(now), Some(before)) => Some(Change::Slower(now - before)),
            (Some(_), None) => Some(Change::Answered),
            (None, Some(before)) => Some(Change::NotYet(before)),
            (None, None) => None,
        }
    }

    /// Whether it got better; nothing where it is the same.
    pub fn is_better(self) -> Option<bool> {
        match self {
            Change::Same => None,
            Change::Faster(_) | Change::Answered => Some(true),
            Change::Slower(_) | Change::NotYet(_) => Some(false),
        }
    }

    /// `2m 25s faster than last week`.
    pub fn words(self, than: &str) -> String {
        match self {
            Change::Same => format!("the same as {than}"),
            Change::Faster(_) | Change::Slower(_) => format!("{} than {than}", self.brief().unwrap_or_default()),
            Change::Answered => format!("it was not yet {than}"),
            Change::NotYet(before) => format!("{} {than}", words(before)),
        }
    }

    /// `2m 25s faster`; nothing where there are no two lengths that differ.
    pub fn brief(self) -> Option<String> {
        match self {
            Change::Faster(ms) => Some(format!("{} faster", words(ms))),
            Change::Slower(ms) => Some(format!("{} slower", words(ms))),
            Change::Same | Change::Answered | Change::NotYet(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_said_with_what_it_is_compared_to() {
        let said =
            |before, now| Change::between(before, now).map(|change| (change.words("last week"), change.is_better()));

        assert_eq!(said(Some(365_000), Some(220_000)), Some(("2m 25s faster than last week".into(), Some(true))));
        assert_eq!(said(Some(100_000), Some(220_000)), Some(("2m 00s slower than last week".into(), Some(false))));
        assert_eq!(said(Some(220_100), Some(220_900)), Some(("the same as last week".into(), None)));
        assert_eq!(said(None, Some(220_000)), Some(("it was not yet last week".into(), Some(true))));
        assert_eq!(said(Some(220_000), None), Some(("3m 40s last week".into(), Some(false))));
        assert_eq!(said(None, None), None);
    }
}
