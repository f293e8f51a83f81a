//! Fake vendors with the real wire formats, each of which keeps the truth about what it took over; and a shop to try
//! the whole road with.

pub mod ads;
pub mod door;
pub mod fake_calls;
pub mod fake_receiver;
pub mod fake_smtp;
pub mod fake_twilio;
pub mod fake_vendors;
pub mod office;
pub mod ringing;
pub mod shop;
pub mod stripe;
pub mod texting;
pub mod told;
pub mod twilio_wire;
pub mod vendors;
pub mod words;

use std::future::Future;
use std::time::Duration;

/// Waits for something that is about to happen. The limit is for a test that would otherwise hang for ever.
pub async fn soon<T>(what: &str, happens: impl Future<Output = T>) -> T {
    match tokio::time::timeout(Duration::from_secs(20), happens).await {
        Ok(value) => value,
        Err(_) => panic!("waited 20 s in vain for {what}"),
    }
}

/// mailcrab binds its port itself and does not name it, so it is given one that was free a moment ago, and asked
/// for a connection until it listens.
pub async fn mailcrab_on_a_free_port() -> (u16, mailcrab::TestMailServerHandle) {
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let server = mailcrab::development_mail_server([127, 0, 0, 1], port).await;
    soon("mailcrab to listen", async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    (port, server)
}
