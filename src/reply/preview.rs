//! What an alert would say, for whoever decides what a form's fields mean.

use super::words::{self, Alert};
use crate::lead::reading::Reading;
use crate::lead::shop::Business;

/// The text that one of us would get about a new lead of this reading.
pub fn alert_preview(business: &Business, reading: &Reading, public_url: &str) -> String {
    let contact = reading.contact(&business.country);
    words::alert(&Alert {
        is_test: false,
        again: false,
        name: reading.name.as_deref(),
        contact: contact.as_deref(),
        message: reading.message.as_deref(),
        digit: Some(1),
        link: &format!("{public_url}/l/..."),
    })
}
