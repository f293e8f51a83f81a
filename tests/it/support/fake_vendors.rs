//! The vendors whose events only name things, on one loopback port: what they name can be asked for there, with the right
//! token in the right place, the version of the API beside it, and in no other way. Faults by script, and the truth about
//! every question.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use url::form_urlencoded;

/// The token that holds, at all of them.
pub const TOKEN: &str = "canary-vendor-token";
/// The same as Acuity's users type it.
pub const ACUITY_TOKEN: &str = "77:canary-vendor-token";
/// What PayPal's users type, and what PayPal gives for it.
pub const PAYPAL_TOKEN: &str = "client-77:canary-vendor-token";
const PAYPAL_ACCESS: &str = "A21AA-canary-access";

/// What goes wrong with one question.
#[derive(Clone, Debug)]
pub enum Fault {
    /// No answer until [`FakeVendors::release`]; then the usual one.
    Hang,
    /// The connection closes without an answer.
    Close,
    /// This status with this body.
    Say(u16, &'static str),
    /// 429, and when to come back in seconds.
    TooMany(Option<u32>),
    /// 200 with so many bytes of JSON.
    Huge(usize),
    /// 302 to another address.
    Elsewhere(String),
}

pub struct FakeVendors {
    /// In place of every vendor's own address.
    pub address: String,
    inner: Arc<Inner>,
}

struct Inner {
    truth: Mutex<Truth>,
    news: Notify,
    released: watch::Sender<bool>,
}

#[derive(Default)]
struct Truth {
    /// By path.
    things: HashMap<String, Value>,
    queue: VecDeque<Fault>,
    asked: Vec<String>,
}

type Answer = Result<Response<Full<Bytes>>, io::Error>;

impl FakeVendors {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let inner = Arc::new(Inner { truth: Mutex::default(), news: Notify::new(), released: watch::channel(false).0 });
        tokio::spawn(serve(listener, inner.clone()));
        FakeVendors { address, inner }
    }

    /// What stands behind a path, from now on.
    pub fn has(&self, path: &str, thing: Value) {
        self.truth().things.insert(path.to_owned(), thing);
    }

    /// The next question meets this fault; several queue up.
    pub fn next(&self, fault: Fault) {
        self.truth().queue.push_back(fault);
    }

    /// Answers every question that hangs, and lets none hang from now on.
    pub fn release(&self) {
        self.inner.released.send_replace(true);
    }

    /// The paths of all questions so far.
    pub fn asked(&self) -> Vec<String> {
        self.truth().asked.clone()
    }

    /// Waits until so many questions have come, also those that are not answered yet.
    pub async fn expect_questions(&self, n: usize) {
        super::soon(&format!("{n} questions"), async {
            loop {
                let mut news = std::pin::pin!(self.inner.news.notified());
                news.as_mut().enable();
                if self.truth().asked.len() >= n {
                    return;
                }
                news.await;
            }
        })
        .await;
    }

    fn truth(&self) -> MutexGuard<'_, Truth> {
        self.inner.truth.lock().unwrap()
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    while let Ok((stream, _)) = listener.accept().await {
        let inner = inner.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, inner.clone()));
            // An error is a connection that we or the client cut: part of the script.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, inner: Arc<Inner>) -> Answer {
    let fault = {
        let mut truth = inner.truth.lock().unwrap();
        truth.asked.push(request.uri().path().to_owned());
        truth.queue.pop_front()
    };
    inner.news.notify_waiters();
    match fault {
        None => {}
        Some(Fault::Hang) => {
            let mut released = inner.released.subscribe();
            released.wait_for(|released| *released).await.map_err(io::Error::other)?;
        }
        Some(Fault::Close) => return Err(io::ErrorKind::ConnectionReset.into()),
        Some(Fault::Say(status, body)) => {
            return Ok(Response::builder().status(status).body(body.into()).unwrap());
        }
        Some(Fault::TooMany(retry_after)) => {
            let answer = Response::builder().status(429);
            let answer = retry_after.into_iter().fold(answer, |answer, secs| answer.header("retry-after", secs));
            return Ok(answer.body("{}".into()).unwrap());
        }
        Some(Fault::Huge(bytes)) => return say(200, &json!({"id": "1", "fill": "x".repeat(bytes)})),
        Some(Fault::Elsewhere(address)) => {
            return Ok(Response::builder().status(302).header("location", address).body(Full::default()).unwrap());
        }
    }
    usual(&request, &inner)
}

/// As each vendor answers.
fn usual(request: &Request<Incoming>, inner: &Inner) -> Answer {
    let path = request.uri().path();
    let authorization = request.headers().get("authorization").map(|value| value.to_str().unwrap());
    let query: HashMap<String, String> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
    if path == "/v1/oauth2/token" {
        let is_right = authorization == Some(&format!("Basic {}", STANDARD.encode(PAYPAL_TOKEN)));
        let error = json!({"error": "invalid_client", "error_description": "Client Authentication failed"});
        let access = json!({"access_token": PAYPAL_ACCESS, "token_type": "Bearer", "expires_in": 31_668});
        return match (request.method() == Method::POST, is_right) {
            (true, true) => say(200, &access),
            (true, false) => say(401, &error),
            (false, _) => say(405, &json!({})),
        };
    }
    if request.method() != Method::GET {
        return say(405, &json!({}));
    }
    let thing = inner.truth.lock().unwrap().things.get(path).cloned();
    if path.starts_with("/v24.0/") {
        if query.get("access_token").map(String::as_str) != Some(TOKEN) || authorization.is_some() {
            let error = json!({"message": "Invalid OAuth access token.", "type": "OAuthException", "code": 190});
            return say(400, &json!({ "error": error }));
        }
        assert!(query["fields"].split(',').any(|field| field == "field_data"), "{query:?}");
        let error = json!({"message": "Unsupported get request.", "type": "GraphMethodException", "code": 100});
        return thing.map_or_else(|| say(400, &json!({ "error": error })), |thing| say(200, &thing));
    }
    let wanted = match path {
        path if path.starts_with("/api/v1/appointments/") => format!("Basic {}", STANDARD.encode(ACUITY_TOKEN)),
        path if path.starts_with("/v2/payments/") => format!("Bearer {TOKEN}"),
        path if path.starts_with("/v2/checkout/orders/") => format!("Bearer {PAYPAL_ACCESS}"),
        path if path.starts_with("/crm/v3/objects/contacts/") => {
            assert!(query["properties"].split(',').any(|name| name == "firstname"), "{query:?}");
            format!("Bearer {TOKEN}")
        }
        path if path.starts_with("/rest/leadFormResponses/") => {
            let headers = ["linkedin-version", "x-restli-protocol-version"].map(|name| request.headers().get(name));
            assert!(headers.iter().all(Option::is_some) && query["fields"].contains("form:("), "{headers:?} {query:?}");
            format!("Bearer {TOKEN}")
        }
        path if ["/payments/", "/mandates/", "/customers/", "/billing_requests/"]
            .iter()
            .any(|p| path.starts_with(p)) =>
        {
            assert_eq!(request.headers()["gocardless-version"], "2015-07-06");
            format!("Bearer {TOKEN}")
        }
        _ => return say(404, &json!({})),
    };
    if authorization != Some(&wanted) {
        return say(401, &json!({"status": 401, "title": "Unauthorized Request"}));
    }
    thing.map_or_else(|| say(404, &json!({"status": 404, "title": "Not Found"})), |thing| say(200, &thing))
}

fn say(status: u16, body: &Value) -> Answer {
    let answer = Response::builder().status(status).header("content-type", "application/json");
    Ok(answer.body(body.to_string().into()).unwrap())
}
