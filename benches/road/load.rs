//! Visitors: unique leads over kept-open connections, as fast as they are answered or at a steady pace.

use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What a closed loop brought.
pub struct Run {
    pub accepted: usize,
    lasted: Duration,
    waits_ms: Vec<f64>,
}

impl Run {
    pub fn per_second(&self) -> f64 {
        self.accepted as f64 / self.lasted.as_secs_f64()
    }

    pub fn percentile(&self, p: usize) -> f64 {
        percentile(&self.waits_ms, p)
    }
}

/// Of values in order.
pub fn percentile(sorted: &[f64], p: usize) -> f64 {
    sorted.get((sorted.len() * p / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

/// `clients` connections, each posting its next lead as soon as the last was answered. Leads are numbered from `first`.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the stopwatch")]
pub async fn closed_loop(url: &str, clients: usize, lasting: Duration, first: usize) -> Run {
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let url = url.to_owned();
        tasks.spawn(async move {
            let mut visitor = Visitor::come(&url).await;
            let mut waits = Vec::new();
            let mut number = first + client;
            while started.elapsed() < lasting {
                let asked = Instant::now();
                visitor.post(number).await;
                waits.push(asked.elapsed().as_secs_f64() * 1_000.0);
                number += clients;
            }
            waits
        });
    }
    let mut waits_ms: Vec<f64> = tasks.join_all().await.concat();
    let lasted = started.elapsed();
    waits_ms.sort_by(f64::total_cmp);
    Run { accepted: waits_ms.len(), lasted, waits_ms }
}

/// `count` leads at `pace` a second; returns the token of each and the moment it was due, so that a stall is charged to
/// every lead that it holds up.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the stopwatch")]
pub async fn open_loop(url: &str, pace: u32, count: u32, first: usize) -> Vec<(String, Instant)> {
    const VISITORS: u32 = 16;
    let began = Instant::now() + Duration::from_millis(200);
    let mut tasks = JoinSet::new();
    for visitor in 0..VISITORS {
        let url = url.to_owned();
        tasks.spawn(async move {
            let mut mine = Vec::new();
            let mut connection = Visitor::come(&url).await;
            for nth in (visitor..count).step_by(VISITORS as usize) {
                let due = began + Duration::from_secs(1) * nth / pace;
                tokio::time::sleep_until(due.into()).await;
                let number = first + nth as usize;
                connection.post(number).await;
                mine.push((token(number), due));
            }
            mine
        });
    }
    tasks.join_all().await.concat()
}

/// Nine letters for a number, so that it passes for a first name.
fn token(mut number: usize) -> String {
    let mut letters = String::from("Zq");
    for _ in 0..9 {
        letters.push(char::from(b'a' + u8::try_from(number % 26).expect("a letter")));
        number /= 26;
    }
    letters
}

struct Visitor {
    stream: TcpStream,
    path: String,
    host: String,
    answer: Vec<u8>,
}

impl Visitor {
    async fn come(url: &str) -> Self {
        let rest = url.strip_prefix("http://").expect("an http address");
        let (host, path) = rest.split_once('/').expect("a path");
        let stream = TcpStream::connect(host).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        Visitor { stream, path: format!("/{path}"), host: host.to_owned(), answer: vec![0; 4_096] }
    }

    async fn post(&mut self, number: usize) {
        let token = token(number);
        // 2xx is a real prefix range of New York; every number is another one.
        let phone = format!("1212{:07}", 2_000_000 + number % 7_999_999);
        let body = format!(
            "name={token}+Lopez&phone=%2B{phone}&email={token}%40example.com&message=Kitchen+tap+leaking+under+the+sink&service=Repair"
        );
        let request = format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.path,
            self.host,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await.expect("a request");
        let mut have = 0;
        loop {
            have += self.stream.read(&mut self.answer[have..]).await.expect("an answer");
            let text = &self.answer[..have];
            let Some(head) = text.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            if text.ends_with(b"}") && have > head + 4 {
                break;
            }
        }
        let accepted = self.answer[..have].windows(10).any(|w| w == b"\"accepted\"");
        assert!(accepted, "{}", String::from_utf8_lossy(&self.answer[..have]));
    }
}
