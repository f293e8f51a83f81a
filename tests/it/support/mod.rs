//! Fake vendors with the real wire formats. Each keeps the truth about what it took over.

pub mod fake_smtp;
pub mod fake_twilio;
pub mod twilio_wire;
pub mod vendors;

use std::future::Future;
use std::time::Duration;

/// Waits for something that is about to happen. The limit is for a test that would otherwise hang for ever.
pub async fn soon<T>(what: &str, happens: impl Future<Output = T>) -> T {
    match tokio::time::timeout(Duration::from_secs(20), happens).await {
        Ok(value) => value,
        Err(_) => panic!("waited 20 s in vain for {what}"),
    }
}
