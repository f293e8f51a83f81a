//! The one place that reads the system's clocks; everyone else is handed a [`Clock`].
//!
//! Instants are UTC milliseconds since 1970 (`*_at`), taken from the wall clock. Leases, back-off and
//! time-outs are judged on the monotonic clock, so that a jump of the wall clock neither expires a lease
//! nor holds one for ever. Price: two clocks to pass around; they travel together in one value.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// One second in milliseconds.
pub const SECOND_MS: i64 = 1_000;
/// One minute in milliseconds.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// One hour in milliseconds.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// One day of 24 hours in milliseconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// The time, by the system or by hand. Cheap to clone; clones of a manual clock share their hands.
#[derive(Clone, Debug)]
pub struct Clock(Hands);

#[derive(Clone, Debug)]
enum Hands {
    System { started: Instant },
    Manual { wall_ms: Arc<AtomicI64>, mono_ms: Arc<AtomicI64> },
}

impl Clock {
    /// The machine's own clocks.
    #[expect(clippy::disallowed_methods, reason = "the one home of the system clock")]
    pub fn system() -> Self {
        Clock(Hands::System { started: Instant::now() })
    }

    /// A clock that stands still until somebody moves it. `wall_ms` is UTC milliseconds since 1970.
    pub fn manual(wall_ms: i64) -> Self {
        Clock(Hands::Manual { wall_ms: Arc::new(AtomicI64::new(wall_ms)), mono_ms: Arc::new(AtomicI64::new(0)) })
    }

    /// Now, in UTC milliseconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "the one home of the system clock")]
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Hands::System { .. } => {
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis().try_into().unwrap_or(i64::MAX))
            }
            Hands::Manual { wall_ms, .. } => wall_ms.load(Ordering::SeqCst),
        }
    }

    /// Milliseconds since this process began to look; never runs backwards.
    pub fn mono_ms(&self) -> i64 {
        match &self.0 {
            Hands::System { started } => started.elapsed().as_millis().try_into().unwrap_or(i64::MAX),
            Hands::Manual { mono_ms, .. } => mono_ms.load(Ordering::SeqCst),
        }
    }

    /// Lets time pass on a manual clock, on both hands. A system clock takes no notice.
    pub fn advance(&self, by: Duration) {
        if let Hands::Manual { wall_ms, mono_ms } = &self.0 {
            let by = by.as_millis().try_into().unwrap_or(i64::MAX);
            wall_ms.fetch_add(by, Ordering::SeqCst);
            mono_ms.fetch_add(by, Ordering::SeqCst);
        }
    }

    /// Sets the wall of a manual clock without letting time pass, as a bad time server does.
    pub fn jump_to(&self, wall: i64) {
        if let Hands::Manual { wall_ms, .. } = &self.0 {
            wall_ms.store(wall, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_of_the_wall_leaves_the_monotonic_hand_alone() {
        let clock = Clock::manual(1_000);

        clock.advance(Duration::from_secs(2));
        clock.jump_to(-5);

        assert_eq!((clock.now_ms(), clock.mono_ms()), (-5, 2_000));
    }
}
