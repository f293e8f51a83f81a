//! What comes in while the program lives and dies: forms, JSON, browsers' forms and the vendor's callbacks, about fifty
//! a second, from senders who try again with the same bytes until they are answered, as providers do.

use crate::client::{self, Answer};
use crate::house::House;
use crate::support::fake_twilio::FakeTwilio;
use leadbell::base::random::Random;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior};
use url::form_urlencoded;

/// One new submission in so many milliseconds; the callbacks come on top.
const PACE: Duration = Duration::from_millis(33);
/// How often new texts are looked for, to call back about.
const CALL_BACK_PACE: Duration = Duration::from_millis(50);
/// The longest that the last sender may take to get its answer.
const ANSWERED: Duration = Duration::from_secs(180);
/// So many senders wait for an answer at the same time; the next one comes when one of them has it.
const MOST_WAITING: usize = 100;
/// One text in so many is called back about.
const CALLED_BACK: i64 = 4;

/// A submission, told apart from all others by its number: in its words, its phone number, its address.
#[derive(Clone, Debug)]
pub struct Sent {
    pub number: usize,
    /// Whether the shop's owner is told by mail rather than by text.
    pub by_mail: bool,
    /// What the lead can be reached by: E.164, or an address.
    pub contact: String,
    shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Form,
    Json,
    Browser,
}

/// What a sender was promised. A browser is only sent on, without an id.
#[derive(Clone, Debug, Default)]
pub struct Promise {
    pub receipt: Option<String>,
    pub lead: Option<String>,
    pub tries: u64,
}

/// What a number looks like in words: found again in texts, mails, rows and log pages.
pub fn mark(number: usize) -> String {
    format!("L{number:06}")
}

/// The first mark in some bytes.
pub fn find_mark(bytes: &[u8]) -> Option<usize> {
    all_marks(bytes).next()
}

/// Every mark in some bytes.
pub fn all_marks(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.windows(7).filter(|w| w[0] == b'L' && w[1..].iter().all(u8::is_ascii_digit)).filter_map(|w| {
        let digits = std::str::from_utf8(&w[1..]).ok()?;
        digits.parse().ok()
    })
}

impl Sent {
    pub fn new(number: usize, random: &Random) -> Self {
        let contact = match random.up_to(9) {
            0 | 1 => format!("lead{number}@example.com"),
            _ => format!("+1512{:07}", 2_000_000 + number),
        };
        let shape = [Shape::Form, Shape::Json, Shape::Browser][usize::try_from(random.up_to(2)).unwrap()];
        Sent { number, by_mail: random.up_to(9) < 3, contact, shape }
    }

    /// Posts it once. What is not a promise is an error.
    pub async fn post(&self, to: SocketAddr, house_paths: [&str; 2]) -> io::Result<Promise> {
        let path = house_paths[usize::from(self.by_mail)];
        let what = if self.contact.contains('@') { "email" } else { "phone" };
        let message = format!("{} the kitchen tap leaks, who can come today?", mark(self.number));
        let fields = [("name", "Maria Lopez"), (what, self.contact.as_str()), ("message", message.as_str())];
        let form = || form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
        let answer = match self.shape {
            Shape::Form => client::post(to, path, &[FORM], &form()).await?,
            Shape::Json => {
                let body = json!({"name": "Maria Lopez", what: self.contact, "message": message}).to_string();
                client::post(to, path, &[("content-type", "application/json")], &body).await?
            }
            Shape::Browser => client::post(to, path, &[FORM, ("sec-fetch-mode", "navigate")], &form()).await?,
        };
        promise(self.shape, &answer).ok_or_else(|| io::Error::other(format!("{} {}", answer.status, answer.body)))
    }
}

fn promise(shape: Shape, answer: &Answer) -> Option<Promise> {
    if shape == Shape::Browser {
        return (answer.status == 303).then(Promise::default);
    }
    let told: Value = serde_json::from_str(&answer.body).ok().filter(|_| answer.status == 200)?;
    let text = |name: &str| told[name].as_str().map(str::to_owned);
    matches!(told["status"].as_str(), Some("accepted" | "duplicate")).then(|| Promise {
        receipt: text("receipt"),
        lead: text("lead"),
        tries: 0,
    })
}

/// Everything that was sent, and what was promised.
#[derive(Debug, Default)]
pub struct Ledger {
    pub sent: BTreeMap<usize, Sent>,
    pub promised: BTreeMap<usize, Promise>,
    /// Vendor ids whose `delivered` was taken in.
    pub delivered: Vec<String>,
    /// Callbacks given up, as a vendor does after some tries.
    pub given_up: usize,
}

/// The senders at work.
pub struct Load {
    stop: Arc<AtomicBool>,
    ledger: Arc<Mutex<Ledger>>,
    tasks: JoinSet<()>,
}

impl Load {
    pub fn start(house: &Arc<House>, seed: u64) -> Self {
        let (stop, ledger) = (Arc::<AtomicBool>::default(), Arc::<Mutex<Ledger>>::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(submit(house.clone(), ledger.clone(), stop.clone(), seed));
        tasks.spawn(call_back(house.clone(), ledger.clone(), stop.clone(), seed + 1));
        Load { stop, ledger, tasks }
    }

    /// No new ones; waits until every sender has its answer.
    pub async fn finish(mut self) -> Ledger {
        self.stop.store(true, Ordering::SeqCst);
        let all = async { while self.tasks.join_next().await.transpose().unwrap().is_some() {} };
        tokio::time::timeout(ANSWERED, all).await.expect("senders were still waiting after three minutes");
        std::mem::take(&mut self.ledger.lock().unwrap())
    }
}

async fn submit(house: Arc<House>, ledger: Arc<Mutex<Ledger>>, stop: Arc<AtomicBool>, seed: u64) {
    let random = Arc::new(Random::seeded(seed));
    let (mut beat, waiting) = (every(PACE), Arc::new(Semaphore::new(MOST_WAITING)));
    let mut senders = JoinSet::new();
    for number in 0.. {
        beat.tick().await;
        let place = waiting.clone().acquire_owned().await.unwrap();
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let sent = Sent::new(number, &random);
        ledger.lock().unwrap().sent.insert(number, sent.clone());
        let (house, ledger, random) = (house.clone(), ledger.clone(), random.clone());
        senders.spawn(async move {
            let _place = place;
            for tries in 1u64.. {
                if let Ok(promise) = sent.post(house.address, [&house.by_text, &house.by_mail]).await {
                    ledger.lock().unwrap().promised.insert(sent.number, Promise { tries, ..promise });
                    return;
                }
                pause(&random, 50 * tries, 200 * tries).await;
            }
        });
    }
    while senders.join_next().await.transpose().unwrap().is_some() {}
}

/// A pace that is never made up for: a machine that stood still for a while is not to be stormed.
fn every(pace: Duration) -> Interval {
    let mut beat = tokio::time::interval(pace);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat
}

/// Speaks for the vendor: `sent` and `delivered`, at times the wrong way round, at times twice, each tried five times.
async fn call_back(house: Arc<House>, ledger: Arc<Mutex<Ledger>>, stop: Arc<AtomicBool>, seed: u64) {
    let random = Arc::new(Random::seeded(seed));
    let (mut beat, mut seen) = (every(CALL_BACK_PACE), 0);
    let mut callers = JoinSet::new();
    while !stop.load(Ordering::SeqCst) {
        beat.tick().await;
        let texts = house.twilio.accepted();
        for text in &texts[seen..] {
            if random.up_to(CALLED_BACK - 1) > 0 {
                continue;
            }
            let (house, ledger, random, sid) = (house.clone(), ledger.clone(), random.clone(), text.sid.clone());
            callers.spawn(async move {
                let mut words = ["sent", "delivered", "delivered"];
                words.rotate_left(usize::try_from(random.up_to(2)).unwrap());
                for word in words {
                    if !tell(&house.twilio, house.address, &sid, word, &random).await {
                        ledger.lock().unwrap().given_up += 1;
                    } else if word == "delivered" {
                        ledger.lock().unwrap().delivered.push(sid.clone());
                    }
                }
            });
        }
        seen = texts.len();
    }
    while callers.join_next().await.transpose().unwrap().is_some() {}
}

async fn tell(twilio: &FakeTwilio, to: SocketAddr, sid: &str, word: &str, random: &Random) -> bool {
    let signed = twilio.status(sid, word, None);
    for _ in 0..5 {
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("x-twilio-signature", signed.signature.as_str())];
        let answer = client::post(to, signed.path(), &headers, &signed.form).await;
        assert!(!answer.as_ref().is_ok_and(|a| a.status == 403), "a genuine callback was refused");
        if answer.is_ok_and(|answer| answer.status == 200) {
            return true;
        }
        pause(random, 50, 600).await;
    }
    false
}

async fn pause(random: &Random, least: u64, most: u64) {
    let more = random.up_to(i64::try_from(most - least).unwrap());
    tokio::time::sleep(Duration::from_millis(least + u64::try_from(more).unwrap())).await;
}

/// A burst: so many submissions from so many senders at once, each posted once. Those promised are in the ledger.
pub async fn burst(
    house: &Arc<House>,
    random: &Arc<Random>,
    numbers: std::ops::Range<usize>,
    at_once: usize,
) -> Ledger {
    let ledger = Arc::<Mutex<Ledger>>::default();
    let next = Arc::new(AtomicUsize::new(numbers.start));
    let mut senders = JoinSet::new();
    for _ in 0..at_once {
        let (house, random, ledger, next) = (house.clone(), random.clone(), ledger.clone(), next.clone());
        let end = numbers.end;
        senders.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::SeqCst);
                if number >= end {
                    return;
                }
                let sent = Sent::new(number, &random);
                let promise = sent.post(house.address, [&house.by_text, &house.by_mail]).await;
                let mut ledger = ledger.lock().unwrap();
                ledger.sent.insert(number, sent);
                ledger.promised.extend(promise.map(|promise| (number, promise)));
            }
        });
    }
    while senders.join_next().await.transpose().unwrap().is_some() {}
    std::mem::take(&mut ledger.lock().unwrap())
}
