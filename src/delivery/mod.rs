//! Station 5: messages leave the house. One file per channel and vendor.
//!
//! A channel takes one frozen message and says what became of it; it never tries twice and knows no database.
//! HTTP and mail clients are built here and nowhere else.

pub mod call_twilio;
pub mod certificates;
pub mod fetch;
pub mod guard;
pub mod hook;
pub mod http;
mod mail_lines;
mod mail_message;
mod mail_replies;
pub mod mail_smtp;
pub mod preview;
pub mod probe;
pub mod sms_twilio;
pub mod smtp_server;
pub mod twilio_answer;
pub mod twilio_errors;
pub mod twilio_inbox;
mod twilio_lookup;

use std::time::Duration;

/// How long a channel waits. The defaults are the ones to use; tests shorten them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until a connection stands, name look-up and TLS included.
    pub connect: Duration,
    /// Until the whole exchange is over. Below the outbox's lease of 20 s for texts.
    pub total: Duration,
    /// How much longer the answer is waited for once every byte has left, without holding anybody up.
    pub answer: Duration,
}

impl Timeouts {
    /// For texts: 3 s to connect, 10 s in all.
    pub const TEXTS: Timeouts =
        Timeouts { connect: Duration::from_secs(3), total: Duration::from_secs(10), answer: Duration::ZERO };
    /// For mails: 10 s to connect, 28 s in all, a little less than the outbox gives a channel; then up to ten minutes
    /// for the answer to the final dot, as RFC 5321 (4.5.3.2.6) asks.
    pub const MAILS: Timeouts = Timeouts {
        connect: Duration::from_secs(10),
        total: Duration::from_secs(28),
        answer: Duration::from_secs(600 - 28),
    };
}

/// A setting with which no channel can be made, in words for whoever wrote it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct BadSetup(pub String);

/// Chooses the process's cryptography (ring) for TLS. Safe to call as often as one likes; without it the first
/// client that speaks TLS panics.
pub fn install_crypto() {
    // An error means that a provider is already in place, which is all we want.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
