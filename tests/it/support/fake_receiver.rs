//! Somebody's program on a loopback port that hooks are sent to. It keeps what came, and answers by script.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use leadbell::intake::providers;
use leadbell::intake::reading::Request as Came;
use serde_json::Value;
use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;

/// What is answered: status, `Retry-After` or `Location`, and how many bytes.
#[derive(Clone, Copy, Debug)]
pub enum Says {
    Status(u16),
    After(u16, u32),
    Elsewhere(&'static str),
    Long(usize),
    /// The connection closes without a word.
    Nothing,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Got {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn event(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether our own verifier of Standard Webhooks takes it for genuine.
    pub fn is_signed_with(&self, secret: &str, now_ms: i64) -> bool {
        let came = Came {
            method: "POST",
            url: "",
            content_type: Some("application/json"),
            headers: &self.headers,
            query: "",
            body: self.body.as_bytes(),
            country: "US",
            received_at: now_ms,
        };
        providers::find("standard-webhooks").unwrap().verify(&came, &[secret], now_ms).is_ok()
    }
}

pub struct FakeReceiver {
    pub address: String,
    inner: Arc<Inner>,
}

struct Inner {
    truth: Mutex<Truth>,
    connects: AtomicUsize,
}

struct Truth {
    got: Vec<Got>,
    next: VecDeque<Says>,
    usual: Says,
}

type Answer = Result<Response<Full<Bytes>>, io::Error>;

impl FakeReceiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let truth = Truth { got: Vec::new(), next: VecDeque::new(), usual: Says::Status(204) };
        let inner = Arc::new(Inner { truth: Mutex::new(truth), connects: AtomicUsize::new(0) });
        tokio::spawn(serve(listener, inner.clone()));
        FakeReceiver { address, inner }
    }

    pub fn port(&self) -> u16 {
        self.address.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// The next request gets this; several queue up.
    pub fn next(&self, says: Says) {
        self.truth().next.push_back(says);
    }

    /// Every request that no [`FakeReceiver::next`] is for gets this from now on.
    pub fn always(&self, says: Says) {
        self.truth().usual = says;
    }

    /// What came since it was asked last.
    pub fn got(&self) -> Vec<Got> {
        std::mem::take(&mut self.truth().got)
    }

    /// The one request that came since it was asked last.
    pub fn got_one(&self) -> Got {
        let mut got = self.got();
        assert_eq!(got.len(), 1, "{got:#?}");
        got.remove(0)
    }

    /// The events that came since it was asked last, sorted.
    pub fn events(&self) -> Vec<String> {
        let mut events: Vec<String> = self.got().iter().map(Got::event).collect();
        events.sort();
        events
    }

    /// How many connections were ever made.
    pub fn connects(&self) -> usize {
        self.inner.connects.load(Ordering::SeqCst)
    }

    fn truth(&self) -> MutexGuard<'_, Truth> {
        self.inner.truth.lock().unwrap()
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    while let Ok((stream, _)) = listener.accept().await {
        inner.connects.fetch_add(1, Ordering::SeqCst);
        let inner = inner.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, inner.clone()));
            // An error is a connection that we or the client cut: part of the script. Each request connects anew.
            let mut http = hyper::server::conn::http1::Builder::new();
            let _ = http.keep_alive(false).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, inner: Arc<Inner>) -> Answer {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let headers = parts.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let got = Got {
        path: parts.uri.to_string(),
        headers: headers.collect(),
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let says = {
        let mut truth = inner.truth.lock().unwrap();
        truth.got.push(got);
        let usual = truth.usual;
        truth.next.pop_front().unwrap_or(usual)
    };
    let answer = |status: u16| Response::builder().status(status);
    let done = match says {
        Says::Status(status) => answer(status).body(Full::default()),
        Says::After(status, secs) => answer(status).header("retry-after", secs).body(Full::default()),
        Says::Elsewhere(address) => answer(302).header("location", address).body(Full::default()),
        Says::Long(bytes) => answer(200).body("x".repeat(bytes).into()),
        Says::Nothing => return Err(io::ErrorKind::ConnectionReset.into()),
    };
    Ok(done.unwrap())
}
