//! Open connections to a mail server: kept for a few seconds after a mail was taken over, so that the next one needs no
//! new handshake and sign-in.
//!
//! Only a connection whose last answer was the 250 after a final dot is kept: it is between two mails (RFC 5321, 4.1.1.5)
//! and owes nothing. Servers may hang up at any time; whoever takes one must be ready for that.

use lettre::transport::smtp::client::AsyncSmtpConnection;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How long a connection is kept: shorter than any server known waits for the next command.
const KEEP: Duration = Duration::from_secs(5);
/// How many are kept.
const MOST: usize = 4;
/// How long a farewell may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// The connections that wait for a mail.
#[derive(Clone, Default)]
pub(super) struct Lines(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    /// Oldest first, each with when it was last used (monotonic milliseconds).
    lines: Vec<(AsyncSmtpConnection, i64)>,
    is_swept: bool,
}

impl Lines {
    /// The one used last, if it was used lately.
    pub fn take(&self, mono_ms: i64) -> Option<AsyncSmtpConnection> {
        let (line, used_at) = self.locked().lines.pop()?;
        if mono_ms - used_at <= millis(KEEP) {
            return Some(line);
        }
        hang_up(line);
        None
    }

    /// Keeps one for the next mail.
    pub fn keep(&self, line: AsyncSmtpConnection, mono_ms: i64) {
        let mut waiting = self.locked();
        if waiting.lines.len() >= MOST {
            return hang_up(line);
        }
        waiting.lines.push((line, mono_ms));
        if !std::mem::replace(&mut waiting.is_swept, true) {
            tokio::spawn(self.clone().sweep());
        }
    }

    /// Hangs up those that nobody used for a while; ends when none is left.
    async fn sweep(self) {
        let mut seen = 0;
        loop {
            sleep(KEEP).await;
            let mut waiting = self.locked();
            // What was there a while ago and is now the oldest has waited long enough.
            let newest = waiting.lines.last().map_or(0, |(_, used_at)| *used_at);
            let idle = waiting.lines.partition_point(|(_, used_at)| *used_at <= seen);
            waiting.lines.drain(..idle).for_each(|(line, _)| hang_up(line));
            seen = newest;
            if waiting.lines.is_empty() {
                waiting.is_swept = false;
                return;
            }
        }
    }

    fn locked(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says goodbye, without anybody waiting for it.
pub(super) fn hang_up(mut line: AsyncSmtpConnection) {
    tokio::spawn(async move { timeout(GOODBYE, line.quit()).await });
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
