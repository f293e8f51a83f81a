//! Rows for the tests of the numbers. All arrive at the same instant through `web`.

use super::rows::Row;

/// Monday, 24 November 2025, 10:00:00 in Chicago.
pub const ARRIVED: i64 = 1_764_000_000_000;

/// A real lead that nobody has answered, alerted or texted.
pub fn waiting() -> Row {
    Row {
        id: "a".to_owned(),
        source_id: "web".into(),
        is_test: false,
        is_spam: false,
        reachable: true,
        is_closed: false,
        was_closed: false,
        writes: 1,
        received_at: ARRIVED,
        first_text_at: None,
        alerted_at: None,
        taken_at: None,
        person_at: None,
    }
}

/// A real lead that a person answered so many milliseconds after its arrival.
pub fn answered_after(ms: i64) -> Row {
    Row { person_at: Some(ARRIVED + ms), ..waiting() }
}

/// A real lead that was texted so many milliseconds after its arrival.
pub fn texted_after(ms: i64) -> Row {
    Row { first_text_at: Some(ARRIVED + ms), ..waiting() }
}
