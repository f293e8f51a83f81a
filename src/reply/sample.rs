//! The shop that tests of words speak for.

use crate::lead::shop::Business;

/// Harbor Plumbing, always open.
pub fn harbor() -> Business {
    Business {
        id: "harbor".into(),
        slug: "harbor".into(),
        name: "Harbor Plumbing".into(),
        timezone: "America/Chicago".into(),
        country: "US".into(),
        phone: None,
        hours: None,
        answer_at_night: true,
        created_at: 0,
    }
}
