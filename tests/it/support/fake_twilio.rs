//! A Twilio on a loopback port: Basic auth, form body, JSON answers, the list with paging and lag, scripted
//! faults, signed callbacks, and the truth about every text and call it took over. Calls stand in `fake_calls`.

use super::fake_calls::{self, Placed};
use super::twilio_wire::{Accepted, Signed, error, magic, page, resource};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use leadbell::base::clock::Clock;
use leadbell::delivery::sms_twilio::{Credentials, Sender, TwilioConfig};
use serde_json::Value;
use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use url::form_urlencoded;

pub const ACCOUNT: &str = "AC00112233445566778899aabbccddeeff";
pub const AUTH_TOKEN: &str = "canary-auth-token";
pub const API_KEY: &str = "SK00112233445566778899aabbccddeeff";
pub const API_SECRET: &str = "canary-api-secret";
pub const NUMBER: &str = "+14155550123";
pub const SERVICE: &str = "MG00112233445566778899aabbccddeeff";

/// What goes wrong with one POST. `accept`: whether the text is taken over all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No answer until [`FakeTwilio::release`]; then the normal one, or none if it was not accepted.
    Hang { accept: bool },
    /// The connection closes without an answer.
    Close { accept: bool },
    /// 429 with code 20429.
    TooMany { retry_after: Option<u32> },
    /// A 5xx in JSON.
    Broken { status: u16, accept: bool },
    /// A gateway's 502 in HTML.
    BadGateway,
    /// A refusal with a code, such as 21610.
    Refuse { status: u16, code: i64 },
    /// 201 with half a JSON document.
    Garbled,
}

pub struct FakeTwilio {
    pub api_url: String,
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) clock: Clock,
    pub(super) truth: Mutex<Truth>,
    news: Notify,
    released: watch::Sender<bool>,
}

#[derive(Default)]
pub(super) struct Truth {
    accepted: Vec<Accepted>,
    pub(super) calls: Vec<Placed>,
    pub(super) inbound: Vec<Accepted>,
    queue: VecDeque<Fault>,
    by_word: HashMap<String, Fault>,
    opted_out: HashSet<String>,
    pub(super) list_lag_ms: i64,
    pub(super) broken_lists: usize,
    posts: usize,
    pub(super) lists: usize,
    connections: usize,
    pub(super) callbacks: usize,
}

/// The end of a connection without an answer.
pub(super) type Answer = Result<Response<Full<Bytes>>, io::Error>;

impl FakeTwilio {
    pub async fn start(clock: Clock) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let api_url = format!("http://{}", listener.local_addr().unwrap());
        let (released, _) = watch::channel(false);
        let inner = Arc::new(Inner { clock, truth: Mutex::default(), news: Notify::new(), released });
        tokio::spawn(serve(listener, inner.clone()));
        FakeTwilio { api_url, inner }
    }

    /// The settings that reach this Twilio, by auth token and number.
    pub fn config(&self, public_url: &str) -> TwilioConfig {
        TwilioConfig {
            account_sid: ACCOUNT.to_owned(),
            credentials: Credentials::AuthToken(AUTH_TOKEN.to_owned().into()),
            sender: Sender::Number(NUMBER.to_owned()),
            api_url: self.api_url.clone(),
            public_url: public_url.to_owned(),
        }
    }

    /// The next POST that has no fault of its own meets this one; several queue up.
    pub fn next(&self, fault: Fault) {
        self.truth().queue.push_back(fault);
    }

    /// Every POST whose recipient or words contain `word` meets this fault, until [`FakeTwilio::heal`].
    pub fn whenever(&self, word: &str, fault: Fault) {
        self.truth().by_word.insert(word.to_owned(), fault);
    }

    /// No more faults.
    pub fn heal(&self) {
        let mut truth = self.truth();
        truth.queue.clear();
        truth.by_word.clear();
    }

    /// Answers every request that hangs, and lets none hang from now on.
    pub fn release(&self) {
        self.inner.released.send_replace(true);
    }

    /// This phone has sent STOP to Twilio itself.
    pub fn opt_out(&self, phone: &str) {
        self.truth().opted_out.insert(phone.to_owned());
    }

    /// Texts accepted from now on appear in the list this much later, by the clock.
    pub fn list_lags(&self, ms: i64) {
        self.truth().list_lag_ms = ms;
    }

    /// The next lists answer 500.
    pub fn break_lists(&self, how_many: usize) {
        self.truth().broken_lists = how_many;
    }

    /// Every text taken over so far, in order.
    pub fn accepted(&self) -> Vec<Accepted> {
        self.truth().accepted.clone()
    }

    /// Waits until at least `n` texts were taken over.
    pub async fn expect(&self, n: usize) -> Vec<Accepted> {
        self.until(&format!("{n} texts"), |truth| truth.accepted.len() >= n).await;
        self.accepted()
    }

    /// Waits until at least `n` POSTs have come, also those that are not answered yet.
    pub async fn expect_posts(&self, n: usize) {
        self.until(&format!("{n} POSTs"), |truth| truth.posts >= n).await;
    }

    /// POSTs, lists and connections seen so far.
    pub fn seen(&self) -> (usize, usize, usize) {
        let truth = self.truth();
        (truth.posts, truth.lists, truth.connections)
    }

    /// The status of a text changes, and this is the callback that says so. Call it in any order, as often as
    /// the story needs.
    pub fn status(&self, sid: &str, status: &str, code: Option<i64>) -> Signed {
        let mut truth = self.truth();
        truth.callbacks += 1;
        let now = self.inner.clock.now_ms();
        let m = truth.accepted.iter_mut().find(|m| m.sid == sid).expect("a text that was taken over");
        m.status = status.to_owned();
        m.code = code;
        m.sent_ms.get_or_insert(now);
        let code = code.map(|code| code.to_string());
        let mut fields = vec![
            ("ApiVersion", "2010-04-01"),
            ("MessageStatus", status),
            ("SmsSid", sid),
            ("SmsStatus", status),
            ("To", &m.to),
            ("From", m.from.as_deref().unwrap_or(NUMBER)),
            ("MessageSid", sid),
            ("AccountSid", ACCOUNT),
        ];
        if let Some(code) = &code {
            fields.insert(0, ("ErrorCode", code));
        }
        Signed::new(AUTH_TOKEN, m.status_callback.as_deref().expect("a callback address"), &fields)
    }

    async fn until(&self, what: &str, enough: impl Fn(&Truth) -> bool) {
        super::soon(what, async {
            loop {
                let mut news = std::pin::pin!(self.inner.news.notified());
                news.as_mut().enable();
                if enough(&self.truth()) {
                    return;
                }
                news.await;
            }
        })
        .await;
    }

    pub(super) fn truth(&self) -> MutexGuard<'_, Truth> {
        self.inner.truth.lock().unwrap()
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        inner.truth.lock().unwrap().connections += 1;
        let inner = inner.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(request, inner.clone()));
            // An error is a connection that we or the client cut: part of the script.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(request: Request<Incoming>, inner: Arc<Inner>) -> Answer {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else { return Err(io::ErrorKind::ConnectionAborted.into()) };
    let authorization = head.headers.get("authorization").and_then(|value| value.to_str().ok());
    if !is_ours(authorization) {
        return json(401, &error(401, 20003, "Authenticate"));
    }
    let resource = head.uri.path().strip_prefix(&format!("/2010-04-01/Accounts/{ACCOUNT}/"));
    let query = head.uri.query().unwrap_or_default();
    match (resource, head.method) {
        (Some("Messages.json" | "Calls.json"), Method::POST) => {
            post(&inner, &body.to_bytes(), resource == Some("Calls.json")).await
        }
        (Some("Messages.json"), Method::GET) => list(&inner, query),
        (Some("Calls.json"), Method::GET) => fake_calls::list(&inner, query),
        (Some("Messages.json" | "Calls.json"), Method::HEAD) => Ok(Response::new(Full::default())),
        (Some("Messages.json" | "Calls.json"), _) => json(405, &error(405, 20004, "Method not allowed")),
        _ => json(404, &error(404, 20404, "The requested resource was not found")),
    }
}

fn is_ours(authorization: Option<&str>) -> bool {
    let basic = |user: &str, password: &str| format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    authorization.is_some_and(|got| got == basic(ACCOUNT, AUTH_TOKEN) || got == basic(API_KEY, API_SECRET))
}

async fn post(inner: &Inner, form: &[u8], is_call: bool) -> Answer {
    let fields: HashMap<String, String> = form_urlencoded::parse(form).into_owned().collect();
    let take = || if is_call { fake_calls::place(inner, &fields) } else { inner.take(&fields) };
    let fault = inner.fault_for(&fields);
    inner.news.notify_waiters();
    let answer = match fault {
        None => take(),
        Some(Fault::Hang { accept }) => {
            let answer = if accept { take() } else { Err(io::ErrorKind::TimedOut.into()) };
            let mut released = inner.released.subscribe();
            released.wait_for(|released| *released).await.map_err(io::Error::other)?;
            answer
        }
        Some(Fault::Close { accept }) => {
            let _ = accept.then(take);
            Err(io::ErrorKind::ConnectionReset.into())
        }
        Some(Fault::TooMany { retry_after }) => {
            let mut answer = json(429, &error(429, 20429, "Too Many Requests"))?;
            if let Some(seconds) = retry_after {
                answer.headers_mut().insert("retry-after", seconds.into());
            }
            Ok(answer)
        }
        Some(Fault::Broken { status, accept }) => {
            let _ = accept.then(take);
            json(status, &error(status, 20500, "An internal server error has occurred"))
        }
        Some(Fault::BadGateway) => {
            let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
            Ok(Response::builder().status(502).header("content-type", "text/html").body(page.into()).unwrap())
        }
        Some(Fault::Refuse { status, code }) => json(status, &error(status, code, "refused by the script")),
        Some(Fault::Garbled) => {
            let _ = take();
            Ok(Response::builder().status(201).body("{\"sid\": \"SM".into()).unwrap())
        }
    };
    inner.news.notify_waiters();
    answer
}

fn list(inner: &Inner, query: &str) -> Answer {
    let mut truth = inner.truth.lock().unwrap();
    truth.lists += 1;
    if truth.broken_lists > 0 {
        truth.broken_lists -= 1;
        return json(500, &error(500, 20500, "An internal server error has occurred"));
    }
    let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let now = inner.clock.now_ms();
    let day_of = |ms: i64| jiff::Timestamp::from_millisecond(ms).unwrap().strftime("%Y-%m-%d").to_string();
    let fits = |m: &&Accepted| {
        let by_day = asked.get("DateSent>").is_none_or(|day| m.sent_ms.is_some_and(|sent| day_of(sent) >= *day));
        let by_to = asked.get("To").is_none_or(|to| *to == m.to);
        m.visible_ms <= now && by_to && by_day
    };
    let mut shown: Vec<&Accepted> = truth.accepted.iter().chain(&truth.inbound).filter(fits).collect();
    shown.reverse();
    shown.sort_by_key(|m| std::cmp::Reverse(m.created_ms));
    let number = asked.get("Page").map_or(0, |n| n.parse().unwrap());
    let size = asked.get("PageSize").map_or(50, |n| n.parse().unwrap());
    let rest: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(asked.iter().filter(|(name, _)| !name.starts_with("Page") || *name == "PageSize"))
        .finish();
    json(200, &page(ACCOUNT, &shown, &rest, number, size))
}

impl Inner {
    fn fault_for(&self, fields: &HashMap<String, String>) -> Option<Fault> {
        let mut truth = self.truth.lock().unwrap();
        truth.posts += 1;
        let text = format!("{} {}", fields.get("To")?, fields.get("Body").or(fields.get("Url"))?);
        let by_word = truth.by_word.iter().find(|(word, _)| text.contains(*word)).map(|(_, fault)| *fault);
        by_word.or_else(|| truth.queue.pop_front())
    }

    /// Takes a text over, or refuses it as the real one would.
    fn take(&self, fields: &HashMap<String, String>) -> Answer {
        let mut truth = self.truth.lock().unwrap();
        if let Some((status, code, message)) = objection(fields, &truth) {
            return json(status, &error(status, code, message));
        }
        let now = self.clock.now_ms();
        let from = fields.get("From").cloned();
        let message = Accepted {
            sid: format!("SM{:032x}", truth.accepted.len() + 1),
            to: fields["To"].clone(),
            status: if from.is_some() { "queued" } else { "accepted" }.to_owned(),
            from,
            service: fields.get("MessagingServiceSid").cloned(),
            body: fields["Body"].clone(),
            status_callback: fields.get("StatusCallback").cloned(),
            validity_secs: fields.get("ValidityPeriod").map(|secs| secs.parse().unwrap()),
            code: None,
            created_ms: now,
            sent_ms: None,
            // Its own clock does not jump when ours does.
            visible_ms: if truth.list_lag_ms == 0 { i64::MIN } else { now + truth.list_lag_ms },
            direction: "outbound-api",
        };
        let answer = json(201, &resource(ACCOUNT, &message));
        truth.accepted.push(message);
        answer
    }
}

/// What Twilio would object to, in its order.
fn objection(fields: &HashMap<String, String>, truth: &Truth) -> Option<(u16, i64, &'static str)> {
    let get = |name| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let Some(to) = get("To") else { return Some((400, 21604, "A 'To' phone number is required.")) };
    let Some(body) = get("Body") else { return Some((400, 21602, "Message body is required.")) };
    if get("From").is_none() && get("MessagingServiceSid").is_none() {
        return Some((400, 21603, "A 'From' phone number is required."));
    }
    if body.chars().count() > 1600 {
        return Some((400, 21617, "The concatenated message body exceeds the 1600 character limit"));
    }
    let host_has_underscore = |url: &str| url.split('/').nth(2).is_some_and(|host| host.contains('_'));
    if get("StatusCallback").is_some_and(host_has_underscore) {
        return Some((400, 21609, "Invalid 'StatusCallback' URL"));
    }
    if truth.opted_out.contains(to) {
        return Some((400, 21610, "Attempt to send to unsubscribed recipient"));
    }
    magic(to, get("From"))
}

pub(super) fn json(status: u16, body: &Value) -> Answer {
    Ok(Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Full::from(body.to_string()))
        .unwrap())
}
