//! A Twilio and a mail server that take everything at once and remember when each lead's messages came.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What came of one lead.
#[derive(Clone, Debug, Default)]
pub struct Arrived {
    pub texts: usize,
    pub mails: usize,
    pub last_text: Option<Instant>,
}

impl Arrived {
    fn is_complete(&self) -> bool {
        self.texts >= 2 && self.mails >= 1
    }
}

#[derive(Default)]
struct Truth {
    arrived: Mutex<HashMap<String, Arrived>>,
    news: Notify,
    sids: AtomicU64,
}

pub struct Vendors {
    pub texts: SocketAddr,
    pub mails: SocketAddr,
    truth: Arc<Truth>,
}

impl Vendors {
    pub async fn start() -> Self {
        let truth = Arc::new(Truth::default());
        let texts = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let mails = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let vendors = Vendors {
            texts: texts.local_addr().expect("an address"),
            mails: mails.local_addr().expect("an address"),
            truth: Arc::clone(&truth),
        };
        let sms = Arc::clone(&truth);
        tokio::spawn(async move {
            while let Ok((stream, _)) = texts.accept().await {
                tokio::spawn(twilio(stream, Arc::clone(&sms)));
            }
        });
        tokio::spawn(async move {
            while let Ok((stream, _)) = mails.accept().await {
                tokio::spawn(smtp(stream, Arc::clone(&truth)));
            }
        });
        vendors
    }

    pub fn forget(&self) {
        self.truth.lock().clear();
    }

    /// Waits until `count` leads have two texts and a mail, or in vain.
    pub async fn complete(&self, count: usize, patience: Duration) -> HashMap<String, Arrived> {
        let done = async {
            loop {
                let news = self.truth.news.notified();
                if self.truth.lock().values().filter(|a| a.is_complete()).count() >= count {
                    return;
                }
                news.await;
            }
        };
        let _in_vain = tokio::time::timeout(patience, done).await;
        self.truth.lock().clone()
    }
}

impl Truth {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arrived>> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[expect(clippy::disallowed_methods, reason = "a benchmark reads the stopwatch")]
    fn came(&self, content: &[u8], is_text: bool) {
        let Some(token) = token(content) else { return };
        let mut arrived = self.lock();
        let lead = arrived.entry(token).or_default();
        if is_text {
            lead.texts += 1;
            lead.last_text = Some(Instant::now());
        } else {
            lead.mails += 1;
        }
        drop(arrived);
        self.news.notify_one();
    }
}

/// `Zq` and nine letters: a first name that a visitor's own text repeats.
fn token(content: &[u8]) -> Option<String> {
    let at = content.windows(2).position(|w| w == b"Zq")?;
    let token = content.get(at..at + 11)?;
    String::from_utf8(token.to_vec()).ok()
}

async fn twilio(stream: TcpStream, truth: Arc<Truth>) {
    let _slower = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    loop {
        let mut length = 0usize;
        loop {
            line.clear();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        if stream.read_exact(&mut body).await.is_err() {
            return;
        }
        truth.came(&body, true);
        let sid = truth.sids.fetch_add(1, Ordering::Relaxed);
        let json = format!(r#"{{"sid":"SM{sid:032x}","status":"queued","num_segments":"1","error_code":null}}"#);
        let answer = format!(
            "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{json}",
            json.len()
        );
        if stream.get_mut().write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn smtp(stream: TcpStream, truth: Arc<Truth>) {
    let _slower = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    let _gone = stream.get_mut().write_all(b"220 bench ESMTP\r\n").await;
    let (mut line, mut mail, mut in_data) = (Vec::new(), Vec::new(), false);
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let answer: &[u8] = if in_data {
            mail.extend_from_slice(&line);
            if line != b".\r\n" {
                continue;
            }
            in_data = false;
            truth.came(&mail, false);
            mail.clear();
            b"250 taken\r\n"
        } else if line.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"DATA")) {
            in_data = true;
            b"354 go on\r\n"
        } else if line.get(..4).is_some_and(|word| word.eq_ignore_ascii_case(b"QUIT")) {
            let _gone = stream.get_mut().write_all(b"221 bye\r\n").await;
            return;
        } else {
            b"250 fine\r\n"
        };
        if stream.get_mut().write_all(answer).await.is_err() {
            return;
        }
    }
}
