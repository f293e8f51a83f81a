//! The road and the outbox together, vendors by script and time by hand: floods, and what the owner hears of trouble.

mod attacks;
mod trouble;

use super::{Card, Parcel, Pipeline, Received, RoadLane, Submission};
use crate::base::clock::Clock;
use crate::base::ids::{LeadId, ReceiptId};
use crate::base::keys::Keys;
use crate::base::news::News;
use crate::base::random::Random;
use crate::db::Db;
use crate::intake::providers;
use crate::intake::reading::{Reading, Request};
use crate::lead::contact::{Email, Phone};
use crate::lead::shop::{Source, store as shops};
use crate::lead::store::sample;
use crate::outbox::channel::Medium;
use crate::outbox::tests::bench::{NOW, Vendor, folder};
use crate::outbox::{Channel, Dispatch, Lanes, Limits, Outbox};
use std::sync::Arc;
use std::time::Duration;

const DAVE: &str = "+15125550100";
const DAVE_MAIL: &str = "dave@harbor.test";

/// Who sends a form, as far as it matters here.
struct Sender {
    name: String,
    phone: Option<String>,
    email: Option<String>,
    network: String,
}

/// `harbor` with Dave, who has a phone and an address, and one form that is connected for a month.
struct Shop {
    _folder: tempfile::TempDir,
    clock: Clock,
    sms: Arc<Vendor>,
    mail: Arc<Vendor>,
    db: Db,
    outbox: Arc<Outbox>,
    pipeline: Arc<Pipeline>,
    token: String,
}

impl Shop {
    async fn open() -> Self {
        let folder = folder();
        let clock = Clock::manual(NOW);
        let random = Arc::new(Random::seeded(5));
        let keys = Keys::new([3; 32]);
        let sms = Vendor::new(Medium::Sms, &clock, Some(1));
        let mail = Vendor::new(Medium::Mail, &clock, None);
        let channels = vec![Arc::clone(&sms) as Arc<dyn Channel>, Arc::clone(&mail) as Arc<dyn Channel>];
        let limits = Limits {
            on: true,
            wording: crate::reply::bundle_wording("https://x.test".into()),
            keys: keys.clone(),
            public_url: "https://x.test".into(),
        };
        let dispatch = Dispatch::new(channels, clock.clone(), Arc::clone(&random), "boot".into(), limits);
        let mut opening = Db::opening(&folder.path().join("t.db")).await.unwrap();
        let out = Some(Arc::clone(&dispatch));
        let road = RoadLane::new(Arc::clone(&random), "https://x.test".into(), News::default(), out);
        let road = opening.lane(road);
        let lanes = Lanes::open(&mut opening, Arc::new(|_| {}));
        let db = opening.start();
        let token = furnish(&db, &keys, &random).await;
        let outbox = Arc::new(Outbox::new(db.clone(), lanes, dispatch));
        let pipeline = Arc::new(Pipeline::new(
            db.clone(),
            road,
            keys,
            clock.clone(),
            random,
            Arc::clone(&outbox),
            News::default(),
            "https://x.test".into(),
            None,
            Arc::default(),
        ));
        Self { _folder: folder, clock, sms, mail, db, outbox, pipeline, token }
    }

    async fn card(&self) -> Arc<Card> {
        self.pipeline.card(&self.token).await.unwrap().unwrap()
    }

    async fn post(&self, form: String, network: &str) -> Received {
        let card = self.card().await;
        let parcel = Parcel {
            method: "POST".into(),
            url: String::new(),
            content_type: Some("application/x-www-form-urlencoded".into()),
            headers: Vec::new(),
            query: String::new(),
            body: form.into_bytes(),
            files: 0,
            received_at: self.clock.now_ms(),
            remote: Some(network.to_owned()),
        };
        self.pipeline.receive(card, parcel).await.unwrap().0
    }

    /// A submission that has been read already, to post thousands in a moment. `like` is what a form of this shop reads
    /// like.
    async fn submit(&self, card: Arc<Card>, like: &Reading, who: Sender) -> Received {
        let mut reading = like.clone();
        reading.answers_hash = format!("{}{:?}{:?}", who.name, who.phone, who.email);
        reading.phone = who.phone.as_deref().and_then(|phone| Phone::parse(phone, "US"));
        reading.phone_as_given = who.phone;
        reading.email = who.email.map(Email::from_stored);
        (reading.name, reading.first_name) = (Some(who.name), None);
        let now = self.clock.now_ms();
        let submission = Submission {
            receipt_id: ReceiptId::new(&self.pipeline.random, now),
            lead_id: LeadId::new(&self.pipeline.random, now),
            told: super::arrive::told(&card, now, &self.pipeline.random),
            headers: "[]".into(),
            query: String::new(),
            content_type: None,
            body: Vec::new(),
            received_at: now,
            remote: Some(who.network),
            card,
            dedupe_key: format!("hash:{}", reading.answers_hash),
            reading,
            refused: None,
            window_ms: Some(super::SAME_ANSWERS_MS),
            brought: None,
        };
        self.pipeline.road.write(submission).await.unwrap()
    }

    /// What a plain form of this shop reads like.
    fn reading() -> Reading {
        providers::generic().read(&Request {
            method: "POST",
            url: "",
            content_type: Some("application/x-www-form-urlencoded"),
            headers: &[],
            query: "",
            body: b"name=Bot&message=hi",
            country: "US",
            received_at: NOW,
        })
    }

    /// What the worker and the rounds do when they look.
    async fn look(&self) {
        self.outbox.run_dry().await.unwrap();
        if self.pipeline.tell_of_trouble().await.unwrap() > 0 {
            self.outbox.run_dry().await.unwrap();
        }
    }

    async fn pass(&self, secs: u64, step: u64) {
        for _ in 0..secs / step {
            self.clock.advance(Duration::from_secs(step));
            self.look().await;
        }
    }

    async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.db.read()).await.unwrap()
    }

    /// How many mails to Dave say this.
    fn mails_saying(&self, words: &str) -> usize {
        self.mail.at(DAVE_MAIL).iter().filter(|body| body.contains(words)).count()
    }
}

async fn furnish(db: &Db, keys: &Keys, random: &Random) -> String {
    sample::fill(db).await;
    let month_ago = NOW - 30 * crate::base::clock::DAY_MS;
    let (source, token) = Source::new(&sample::harbor(), "generic", "Website form", None, keys, random, month_ago);
    db.write(move |c| {
        Box::pin(async move {
            sqlx::query("UPDATE person SET phone = $1, email = $2 WHERE id = 'dave'")
                .bind(DAVE)
                .bind(DAVE_MAIL)
                .execute(&mut *c)
                .await?;
            shops::add_source(c, &source).await
        })
    })
    .await
    .unwrap();
    token
}
