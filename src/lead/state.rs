//! Where a lead stands with people, and how it gets from one place to the next. Pure: no clock, no database.
//!
//! `waiting -> taken -> answered -> closed`, with two ways back: a take can be handed back, and a closed lead can be
//! reopened to wherever its clocks say it was.

use std::fmt;

/// Where a lead stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Nobody has said it is theirs, and nobody has called or written.
    Waiting,
    /// Someone said it is theirs; nobody has called or written yet.
    Taken,
    /// A person has called or written.
    Answered,
    /// Over, with an outcome.
    Closed,
}

impl State {
    /// The word as stored and as the API gives it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Taken => "taken",
            State::Answered => "answered",
            State::Closed => "closed",
        }
    }

    /// The state of that name, if there is one.
    pub fn parse(word: &str) -> Option<State> {
        [State::Waiting, State::Taken, State::Answered, State::Closed].into_iter().find(|s| s.as_str() == word)
    }

    /// Whether the person who wrote still waits for a human being.
    pub fn waits_for_a_person(self) -> bool {
        matches!(self, State::Waiting | State::Taken)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What someone did with a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// "I've got it."
    Take,
    /// "Not me after all."
    HandBack,
    /// A call was started or words were typed.
    Person,
    /// An outcome was chosen.
    Close,
    /// The outcome was taken back.
    Reopen {
        /// Whether a person has called or written so far.
        answered: bool,
        /// Whether it is somebody's.
        taken: bool,
    },
}

/// Where a lead stands after `act`. Acts that do not apply leave it where it is: a closed lead is reopened by
/// nothing but [`Act::Reopen`], and an answered one does not wait again because its holder lets go of it.
pub fn after(state: State, act: Act) -> State {
    match (state, act) {
        (State::Closed, Act::Reopen { answered: true, .. }) => State::Answered,
        (State::Closed, Act::Reopen { taken: true, .. }) => State::Taken,
        (State::Closed, Act::Reopen { .. }) => State::Waiting,
        (State::Closed, _) | (_, Act::Close) => State::Closed,
        (State::Waiting, Act::Take) => State::Taken,
        (State::Taken, Act::HandBack) => State::Waiting,
        (_, Act::Person) => State::Answered,
        (state, Act::Take | Act::HandBack | Act::Reopen { .. }) => state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state_leads_where_the_table_says() {
        use State::{Answered, Closed, Taken, Waiting};
        let back = Act::Reopen { answered: false, taken: false };
        let table = [
            (Waiting, [Taken, Waiting, Answered, Closed, Waiting]),
            (Taken, [Taken, Waiting, Answered, Closed, Taken]),
            (Answered, [Answered, Answered, Answered, Closed, Answered]),
            (Closed, [Closed, Closed, Closed, Closed, Waiting]),
        ];

        for (from, expected) in table {
            let got = [Act::Take, Act::HandBack, Act::Person, Act::Close, back].map(|act| after(from, act));
            assert_eq!(got, expected, "from {from}");
        }
    }

    #[test]
    fn a_reopened_lead_stands_where_its_clocks_say() {
        let reopened = |answered, taken| after(State::Closed, Act::Reopen { answered, taken });

        assert_eq!(reopened(true, true), State::Answered);
        assert_eq!(reopened(true, false), State::Answered);
        assert_eq!(reopened(false, true), State::Taken);
        assert_eq!(reopened(false, false), State::Waiting);
    }

    #[test]
    fn words_are_read_back_as_written() {
        for state in [State::Waiting, State::Taken, State::Answered, State::Closed] {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        assert_eq!(State::parse("lost"), None);
    }
}
