//! A world of one's own: a root, chains below it, and a server that hands them out.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// 11 February 2026.
const NOW: i64 = 1_770_829_212_000;
const ADDRESS: &str = "https://api.paypal.com/v1/notifications/certs/CERT-test";

fn pem(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/certificates/{name}.pem", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A server that answers each request in turn with one of these, then is gone. Counts by being asked.
async fn world(answers: Vec<(u16, Vec<u8>)>) -> Certificates {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let via = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = vec![0; 4_096];
            let read = stream.read(&mut asked).await.unwrap();
            assert!(asked[..read].starts_with(b"GET /v1/notifications/certs/CERT-test HTTP/1.1\r\n"));
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(&body).await.unwrap();
        }
    });
    Certificates::of_a_world(&via, &pem("root")).unwrap()
}

async fn one(name: &str) -> Result<CertificateDer<'static>, Trouble> {
    world(vec![(200, pem(name))]).await.get(ADDRESS, "paypal.com", NOW).await
}

#[tokio::test]
async fn a_chain_up_to_a_root_is_believed_and_any_other_is_not() {
    assert!(one("chain").await.is_ok());
    for wrong in ["leaf-alone", "other-name", "expired", "other-root"] {
        let trouble = one(wrong).await.unwrap_err();
        assert!(matches!(trouble, Trouble::Untrusted(_)), "{wrong}: {trouble}");
    }
}

#[tokio::test]
async fn a_known_certificate_is_fetched_once_and_not_believed_beyond_its_time() {
    let certificates = world(vec![(200, pem("chain"))]).await;
    let get = |at: i64| certificates.get(ADDRESS, "paypal.com", at);

    let (first, second) = tokio::join!(get(NOW), get(NOW));

    assert_eq!(first.unwrap(), second.unwrap());
    assert!(get(NOW + KEPT_MS + 1).await.is_ok(), "the server is gone, the certificate still holds");
    let in_2047 = 2_430_000_000_000;
    assert!(matches!(get(in_2047).await, Err(Trouble::Untrusted(_))));
}

#[tokio::test]
async fn what_cannot_be_fetched_is_asked_for_again_after_a_pause() {
    let certificates = world(vec![(503, Vec::new()), (200, b"no certificate".to_vec()), (200, pem("chain"))]).await;
    let get = |at: i64| certificates.get(ADDRESS, "paypal.com", at);

    assert_eq!(get(NOW).await, Err(Trouble::NotNow("the answer was 503".to_owned())));
    assert!(matches!(get(NOW + 1).await, Err(Trouble::NotNow(_))), "nobody is asked in the pause");
    assert_eq!(get(NOW + PAUSE_MS).await, Err(Trouble::NotNow("what came is no certificate".to_owned())));
    assert!(get(NOW + 2 * PAUSE_MS).await.is_ok());
}
