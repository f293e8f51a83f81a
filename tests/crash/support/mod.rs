//! The fake vendors of the other tests, alone.

#[path = "../../it/support/fake_calls.rs"]
pub mod fake_calls;
#[path = "../../it/support/fake_smtp.rs"]
pub mod fake_smtp;
#[path = "../../it/support/fake_twilio.rs"]
pub mod fake_twilio;
#[path = "../../it/support/twilio_wire.rs"]
pub mod twilio_wire;

use std::future::Future;
use std::time::Duration;

/// Waits for something that is about to happen. The limit is for a test that would otherwise hang for ever.
pub async fn soon<T>(what: &str, happens: impl Future<Output = T>) -> T {
    match tokio::time::timeout(Duration::from_secs(20), happens).await {
        Ok(value) => value,
        Err(_) => panic!("waited 20 s in vain for {what}"),
    }
}
