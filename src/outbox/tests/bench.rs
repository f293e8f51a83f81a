//! A shop's outbox on a bench: its own database, a clock moved by hand, and vendors that follow a script and keep the
//! truth about what they took over.

use crate::base::Boxed;
use crate::base::clock::Clock;
use crate::base::keys::Keys;
use crate::base::random::Random;
use crate::db::Db;
use crate::lead::store::sample;
use crate::outbox::bundle::{Wording, Words};
use crate::outbox::channel::{Channel, Found, Medium, Outcome, Outgoing, Sighting};
use crate::outbox::message::{Draft, Purpose, State};
use crate::outbox::store::enqueue::enqueue;
use crate::outbox::{Dispatch, Lanes, Limits, Outbox};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// When these tests begin: 2026-11-21T12:00:00Z.
pub const NOW: i64 = 1_795_262_400_000;

/// What a vendor does with one hand-over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Takes it over.
    Take,
    /// Takes it over, and its answer is lost.
    TakeAndHang,
    /// Never gets it, and nobody is told.
    Lose,
    /// Cannot be reached.
    Down,
    /// Asks for a pause, in seconds.
    Busy(u64),
    /// Refuses the recipient.
    Refuse,
    /// Refuses the account.
    Block,
    /// Something breaks inside of us.
    Panic,
    /// The plug is pulled before the answer; whether it was taken over is known to the vendor alone.
    Die { taken: bool },
}

/// One message that a vendor has.
#[derive(Clone, Debug)]
pub struct Taken {
    pub vendor_id: String,
    pub message: String,
    pub to: String,
    pub body: String,
    /// On the vendor's clock, which nobody sets.
    pub mono: i64,
}

/// One hand-over, whatever came of it.
#[derive(Clone, Debug)]
pub struct Post {
    pub message: String,
    pub to: String,
    pub mono: i64,
    pub act: Act,
}

/// What really happened.
#[derive(Default)]
pub struct Truth {
    pub taken: Vec<Taken>,
    pub posts: Vec<Post>,
    /// Look-ups that were answered with "no such message": message and when.
    pub denials: Vec<(String, i64)>,
    pub under_way: usize,
    pub most_under_way: usize,
}

type Script = Box<dyn FnMut(&Outgoing) -> Act + Send>;
/// How long the list lags behind in milliseconds, or that it cannot be asked.
type ListScript = Box<dyn FnMut(&Outgoing) -> Option<i64> + Send>;

/// A vendor.
pub struct Vendor {
    medium: Medium,
    clock: Clock,
    speed: Option<u32>,
    truth: Mutex<Truth>,
    script: Mutex<Script>,
    list: Mutex<ListScript>,
    pub died: tokio::sync::Notify,
}

impl Vendor {
    pub fn new(medium: Medium, clock: &Clock, speed: Option<u32>) -> Arc<Self> {
        Arc::new(Self {
            medium,
            clock: clock.clone(),
            speed,
            truth: Mutex::default(),
            script: Mutex::new(Box::new(|_| Act::Take)),
            list: Mutex::new(Box::new(|_| Some(0))),
            died: tokio::sync::Notify::new(),
        })
    }

    pub fn truth(&self) -> MutexGuard<'_, Truth> {
        self.truth.lock().unwrap()
    }

    pub fn does(&self, script: impl FnMut(&Outgoing) -> Act + Send + 'static) {
        *self.script.lock().unwrap() = Box::new(script);
    }

    pub fn lists(&self, script: impl FnMut(&Outgoing) -> Option<i64> + Send + 'static) {
        *self.list.lock().unwrap() = Box::new(script);
    }

    /// The bodies of everything taken over for a recipient.
    pub fn at(&self, to: &str) -> Vec<String> {
        self.truth().taken.iter().filter(|t| t.to == to).map(|t| t.body.clone()).collect()
    }

    fn take(&self, message: &Outgoing) -> String {
        let vendor_id = format!("SM{}.{}", message.id, message.attempt);
        self.truth().taken.push(Taken {
            vendor_id: vendor_id.clone(),
            message: message.id.to_string(),
            to: message.to.clone(),
            body: message.body.clone(),
            mono: self.clock.mono_ms(),
        });
        vendor_id
    }

    async fn serve(&self, message: &Outgoing) -> Outcome {
        let act = (self.script.lock().unwrap())(message);
        self.truth().posts.push(Post {
            message: message.id.to_string(),
            to: message.to.clone(),
            mono: self.clock.mono_ms(),
            act,
        });
        let reason = format!("{act:?}.");
        match act {
            Act::Take => Outcome::Accepted { vendor_id: Some(self.take(message)), parts: 1 },
            Act::TakeAndHang => {
                self.take(message);
                Outcome::Unknown { reason, code: None }
            }
            Act::Lose => Outcome::Unknown { reason, code: None },
            Act::Down => Outcome::NotSent { reason, code: None, retry_after: None },
            Act::Busy(secs) => {
                Outcome::NotSent { reason, code: Some(20429), retry_after: Some(Duration::from_secs(secs)) }
            }
            Act::Refuse => Outcome::Rejected { reason, code: Some(21211), opted_out: false },
            Act::Block => Outcome::Blocked { reason, code: Some(20003) },
            Act::Panic => panic!("a poisoned message"),
            Act::Die { taken } => {
                if taken {
                    self.take(message);
                }
                self.died.notify_one();
                std::future::pending().await
            }
        }
    }
}

impl Channel for Vendor {
    fn medium(&self) -> Medium {
        self.medium
    }

    fn vendor(&self) -> &'static str {
        "bench"
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Outcome> {
        Box::pin(async move {
            {
                let mut truth = self.truth();
                truth.under_way += 1;
                truth.most_under_way = truth.most_under_way.max(truth.under_way);
            }
            let outcome = self.serve(message).await;
            self.truth().under_way -= 1;
            outcome
        })
    }

    fn segments_a_second(&self) -> Option<u32> {
        self.speed
    }

    fn look_up<'a>(&'a self, message: &'a Outgoing, _: i64) -> Boxed<'a, Found> {
        Box::pin(async move {
            if self.medium == Medium::Mail {
                return Found::CannotTell("A mail server keeps no list.".into());
            }
            let Some(lag) = (self.list.lock().unwrap())(message) else {
                return Found::CannotTell("The list cannot be asked.".into());
            };
            let now = self.clock.mono_ms();
            let mut truth = self.truth();
            let seen = |t: &&Taken| t.to == message.to && t.body == message.body && t.mono + lag <= now;
            let sightings: Vec<Sighting> = truth
                .taken
                .iter()
                .filter(seen)
                .map(|t| Sighting { vendor_id: t.vendor_id.clone(), status: "sent".into(), code: None })
                .collect();
            if sightings.is_empty() {
                truth.denials.push((message.id.to_string(), now));
                return Found::No;
            }
            Found::Yes(sightings)
        })
    }
}

/// The bench.
pub struct Bench {
    _folder: tempfile::TempDir,
    pub clock: Clock,
    pub random: Arc<Random>,
    pub sms: Arc<Vendor>,
    pub mail: Arc<Vendor>,
    pub db: Db,
    pub outbox: Arc<Outbox>,
    lanes: Lanes,
    limited: bool,
    boots: usize,
}

/// Where tests keep databases that need not outlive a power cut: in memory where there is such a place.
pub fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

impl Bench {
    /// `speed` is what the texts' sender carries in a second, if that is limited.
    pub async fn open(limited: bool, seed: u64, speed: Option<u32>) -> Self {
        let folder = folder();
        let mut opening = Db::opening(&folder.path().join("t.db")).await.unwrap();
        let lanes = Lanes::open(&mut opening, Arc::new(|_| {}));
        let db = opening.start();
        sample::fill(&db).await;
        let clock = Clock::manual(NOW);
        let random = Arc::new(Random::seeded(seed));
        let sms = Vendor::new(Medium::Sms, &clock, speed);
        let mail = Vendor::new(Medium::Mail, &clock, None);
        let outbox = outbox(&db, &lanes, [&sms, &mail], &clock, &random, "boot-0", limited);
        Self { _folder: folder, clock, random, sms, mail, db, outbox, lanes, limited, boots: 0 }
    }

    /// Another process on the same database: what the last one had under way is nobody's.
    pub async fn boot(&mut self) {
        self.boots += 1;
        let name = format!("boot-{}", self.boots);
        let vendors = [&self.sms, &self.mail];
        self.outbox = outbox(&self.db, &self.lanes, vendors, &self.clock, &self.random, &name, self.limited);
        self.outbox.recover().await.unwrap();
    }

    /// An outbox with this one way out, in the same house.
    pub fn outbox_with(&self, channel: Arc<dyn Channel>) -> Arc<Outbox> {
        let limits = Limits {
            on: self.limited,
            wording: wording(),
            keys: Keys::new([9; 32]),
            public_url: "https://x.test".into(),
        };
        let boot = "boot-0".to_owned();
        let dispatch = Dispatch::new(vec![channel], self.clock.clone(), Arc::clone(&self.random), boot, limits);
        Arc::new(Outbox::new(self.db.clone(), self.lanes.clone(), dispatch))
    }

    pub fn draft(&self, id: &str, purpose: Purpose, medium: Medium, to: &str, lead: Option<&str>) -> Draft {
        let now = self.clock.now_ms();
        Draft {
            id: id.into(),
            business_id: "harbor".into(),
            lead_id: lead.map(Into::into),
            person_id: None,
            source_id: Some("web".into()),
            purpose,
            step: format!("{}:{id}", if purpose == Purpose::OwnerAlert { "new" } else { "step" }),
            medium,
            recipient: to.to_owned(),
            subject: String::new(),
            body: format!("words of {id}"),
            html: None,
            parts: 1,
            remote: None,
            queued_at: now,
            due_at: now,
            expires_at: now + purpose.worth_ms(),
            state: State::Queued,
            reason: None,
            fallback: None,
        }
    }

    pub async fn plan(&self, drafts: Vec<Draft>) {
        self.db.write(move |c| Box::pin(async move { enqueue(c, &drafts).await })).await.unwrap();
    }

    /// Sends what is due; returns how many messages moved.
    pub async fn run(&self) -> usize {
        self.outbox.run_dry().await.unwrap()
    }

    /// Lets time pass in steps, sending what comes due.
    pub async fn pass(&self, secs: u64, step: u64) {
        for _ in 0..secs / step {
            self.clock.advance(Duration::from_secs(step));
            self.run().await;
        }
    }

    /// State, reason, attempts and due time of a message.
    pub async fn row(&self, id: &str) -> (String, Option<String>, i64, i64) {
        sqlx::query_as("SELECT state, reason, attempts, due_at FROM outbox WHERE id = $1")
            .bind(id)
            .fetch_one(self.db.read())
            .await
            .unwrap()
    }

    pub async fn state(&self, id: &str) -> String {
        self.row(id).await.0
    }

    /// How many messages are in a state.
    pub async fn count(&self, state: &str) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM outbox WHERE state = $1")
            .bind(state.to_owned())
            .fetch_one(self.db.read())
            .await
            .unwrap()
    }
}

fn outbox(
    db: &Db,
    lanes: &Lanes,
    vendors: [&Arc<Vendor>; 2],
    clock: &Clock,
    random: &Arc<Random>,
    boot: &str,
    limited: bool,
) -> Arc<Outbox> {
    let channels: Vec<Arc<dyn Channel>> = vendors.map(|vendor| Arc::clone(vendor) as Arc<dyn Channel>).to_vec();
    let limits =
        Limits { on: limited, wording: wording(), keys: Keys::new([9; 32]), public_url: "https://x.test".into() };
    let dispatch = Dispatch::new(channels, clock.clone(), Arc::clone(random), boot.to_owned(), limits);
    Arc::new(Outbox::new(db.clone(), lanes.clone(), dispatch))
}

fn wording() -> Wording {
    Arc::new(|bundle| {
        let names: Vec<String> = bundle.named.iter().filter_map(|lead| lead.name.clone()).collect();
        Words {
            subject: format!("{} more", bundle.leads),
            body: format!("{} more: {}", bundle.leads, names.join(", ")),
        }
    })
}
