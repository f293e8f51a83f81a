//! A shop with a house of its own: the real road from the router to the channels, on a database, a clock, a Twilio and
//! a mail server that no other test shares. It speaks the product: a form is posted, time passes, a phone rings.
//!
//! When a shop closes it complains about texts and mails that no line of the test expected, and about messages that
//! are still on their way.

use super::door::{Answer, Door};
use super::fake_smtp::FakeSmtp;
use super::fake_twilio::{ACCOUNT, AUTH_TOKEN, FakeTwilio, NUMBER, SERVICE};
use super::told::{Inbox, Phone, Seen};
use super::twilio_wire::{Accepted, Signed};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use leadbell::account::key;
use leadbell::app::{self, Options, Standing};
use leadbell::base::clock::Clock;
use leadbell::base::ids::{BusinessId, PersonId};
use leadbell::config::{Config, Inputs};
use leadbell::db::restore::restore;
use leadbell::delivery::Timeouts;
use leadbell::delivery::certificates::Certificates;
use leadbell::delivery::guard::Policy;
use leadbell::lead::shop::{Business, Person, Source, store};
use leadbell::web;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// Wednesday 11 February 2026, 11:00:12 am in Chicago.
pub const OPENED_MS: i64 = 1_770_829_212_000;
/// What the world calls the house.
pub const PUBLIC_URL: &str = "https://leads.example.com";
/// The owner.
pub const DAVE: &str = "+15125550100";
/// The owner's mail.
pub const DAVE_MAIL: &str = "dave@harbor.example";
/// Who is told as well, where the test wants it.
pub const ANA: &str = "+15125550101";
/// The lead.
pub const MARIA: &str = "+15125550142";
/// The lead's mail.
pub const MARIA_MAIL: &str = "maria.lopez@example.com";
/// What Maria fills in.
pub const ENQUIRY: &[(&str, &str)] = &[
    ("name", "Maria Lopez"),
    ("phone", "(512) 555-0142"),
    ("email", MARIA_MAIL),
    ("message", "Kitchen tap leaking under the sink"),
];

/// What is different from the usual shop: Dave alone, one unsigned form, texts answered within the usual time.
pub struct Setup {
    pub ana_too: bool,
    pub secret: Option<&'static str>,
    pub hours: Option<&'static str>,
    pub thanks_url: Option<&'static str>,
    pub allowed_hosts: &'static str,
    pub texts_within: Timeouts,
    /// Texts go by a messaging service, and there is no number to call from.
    pub no_number: bool,
    /// The mail server, if not the fake one.
    pub smtp_url: Option<String>,
    /// Where the vendors are that are asked for what their events leave out.
    pub vendors_at: Option<String>,
    /// Where certificates of senders come from.
    pub certificates: Arc<Certificates>,
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            ana_too: false,
            secret: None,
            hours: None,
            thanks_url: None,
            allowed_hosts: "",
            texts_within: super::vendors::patient(),
            no_number: false,
            smtp_url: None,
            // Nobody listens there.
            vendors_at: Some("http://127.0.0.1:1".to_owned()),
            certificates: Arc::default(),
        }
    }
}

pub struct Shop {
    pub clock: Clock,
    pub twilio: FakeTwilio,
    pub smtp: FakeSmtp,
    /// Of the address of the first form.
    pub token: String,
    pub(super) seen: Seen,
    business: BusinessId,
    key: String,
    config: Config,
    texts_within: Timeouts,
    vendors_at: Option<String>,
    certificates: Arc<Certificates>,
    pub(super) standing: Option<Standing>,
    router: Router,
    // Last, so that the folder outlives everything that is open in it.
    _folder: tempfile::TempDir,
}

impl Shop {
    pub async fn open() -> Self {
        Self::with(Setup::default()).await
    }

    pub async fn with(setup: Setup) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(OPENED_MS);
        let twilio = FakeTwilio::start(clock.clone()).await;
        let smtp = FakeSmtp::start().await;
        let smtp_url = setup.smtp_url.clone().unwrap_or_else(|| smtp.url_with_login());
        let config = config(&folder.path().join("data"), &twilio, &smtp_url, setup.no_number);
        let Setup { texts_within, vendors_at, certificates, .. } = &setup;
        let standing = stand_up(&config, &clock, *texts_within, vendors_at.clone(), certificates).await;
        let (business, token) = furnish(&standing, &setup).await;
        let house = &standing.house;
        let key = key::add(&house.db, &house.random, "road", None, OPENED_MS).await.unwrap().token;
        let router = web::router(house);
        let (texts_within, vendors_at) = (setup.texts_within, setup.vendors_at);
        let (seen, standing) = (Seen::default(), Some(standing));
        Shop {
            clock,
            twilio,
            smtp,
            token,
            seen,
            business,
            key,
            config,
            texts_within,
            vendors_at,
            certificates: setup.certificates,
            standing,
            router,
            _folder: folder,
        }
    }

    /// One more form; returns the token of its address.
    pub async fn source(&self, name: &str) -> String {
        self.source_of("generic", name).await
    }

    /// One more address for a vendor, unsigned; returns its token.
    pub async fn source_of(&self, provider: &str, name: &str) -> String {
        let house = &self.standing().house;
        let now = self.clock.now_ms();
        let (source, token) = Source::new(&self.business, provider, name, None, &house.keys, &house.random, now);
        house.db.write(move |c| Box::pin(async move { store::add_source(c, &source).await })).await.unwrap();
        token
    }

    /// The address of the first form, to be posted to.
    pub fn door(&self) -> Door<'_> {
        Door::new(self, &self.token)
    }

    pub async fn post_form(&self, fields: &[(&str, &str)]) -> Answer {
        self.door().form(fields).await
    }

    pub async fn post_json(&self, json: &Value) -> Answer {
        self.door().json(json).await
    }

    pub async fn post_raw(&self, content_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.door().raw(content_type, body).await
    }

    /// Lets time pass, in steps that grow from a second to half an hour, and does in each what is due.
    pub async fn passes(&self, how_long: Duration) {
        let how_long = u64::try_from(how_long.as_millis()).unwrap();
        let mut passed = 0;
        while passed < how_long {
            let step = (passed / 8).clamp(1_000, 1_800_000).min(how_long - passed);
            self.clock.advance(Duration::from_millis(step));
            passed += step;
            self.works().await;
        }
    }

    /// Does everything that is due now: what the worker's loops and the rounds of the running house do.
    pub async fn works(&self) {
        let house = &self.standing().house;
        house.engine.pipeline.fetch_dry().await.unwrap();
        house.engine.outbox.run_dry().await.unwrap();
        app::round(house).await;
        house.engine.outbox.run_dry().await.unwrap();
    }

    /// The process is gone in the middle of its work, and another one starts on the same folder.
    pub async fn dies_and_starts_again(&mut self) {
        self.dies().await;
        self.starts().await;
    }

    /// The database is gone, and a copy of it takes its place.
    pub async fn starts_again_from(&mut self, copy: &std::path::Path) {
        self.dies().await;
        restore(copy, &self.database(), "before", self.clock.now_ms()).await.unwrap();
        self.starts().await;
    }

    async fn dies(&mut self) {
        let standing = self.standing.take().unwrap();
        self.router = Router::new();
        standing.house.db.clone().close().await;
    }

    async fn starts(&mut self) {
        let Shop { config, clock, vendors_at, certificates, .. } = &*self;
        let standing = stand_up(config, clock, self.texts_within, vendors_at.clone(), certificates).await;
        self.router = web::router(&standing.house);
        self.standing = Some(standing);
    }

    pub fn phone(&self, number: &str) -> Phone<'_> {
        Phone { shop: self, number: number.to_owned() }
    }

    pub fn inbox(&self, address: &str) -> Inbox<'_> {
        Inbox { shop: self, address: address.to_owned() }
    }

    /// The carrier says what became of a text.
    pub async fn carrier_says(&self, text: &Accepted, status: &str, code: Option<i64>) {
        let answer = self.hears(&self.twilio.status(&text.sid, status, code)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// A callback as Twilio posts it, and what follows from it.
    pub async fn hears(&self, signed: &Signed) -> Answer {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded; charset=UTF-8"),
            ("x-twilio-signature", &*signed.signature),
        ];
        let answer = self.ask("POST", signed.path(), &headers, signed.form.clone()).await;
        self.works().await;
        answer
    }

    /// The lead, by the API.
    pub async fn lead(&self, id: &str) -> Value {
        self.api(&format!("/leads/{id}")).await
    }

    pub async fn api(&self, path: &str) -> Value {
        let key = format!("Bearer {}", self.key);
        let answer = self.ask("GET", &format!("/api/v1{path}"), &[("authorization", &*key)], Vec::new()).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    pub async fn api_post(&self, path: &str, json: &Value) -> Answer {
        let key = format!("Bearer {}", self.key);
        let headers = [("authorization", &*key), ("content-type", "application/json")];
        let answer = self.ask("POST", &format!("/api/v1{path}"), &headers, json.to_string()).await;
        self.works().await;
        answer
    }

    /// Presses a button on a page of ours that needs no sign-in.
    pub async fn presses(&self, path: &str) -> Answer {
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html"), ("origin", PUBLIC_URL)];
        let answer = self.ask("POST", path, &headers, Vec::new()).await;
        self.works().await;
        answer
    }

    /// One request to the router, and nothing else.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("host", "leads.example.com");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.into())).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 9], 4_711))));
        Answer::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub fn standing(&self) -> &Standing {
        self.standing.as_ref().unwrap()
    }

    /// The messages of the shop by the API, newest first: purpose, channel, state and reason.
    pub async fn messages(&self) -> Vec<String> {
        let list = self.api("/messages?limit=500").await;
        let word = |item: &Value, name: &str| item[name].as_str().unwrap_or("-").to_owned();
        let line = |item: &Value| ["purpose", "channel", "state", "reason"].map(|name| word(item, name)).join(" ");
        list["items"].as_array().unwrap().iter().map(line).collect()
    }

    pub fn database(&self) -> PathBuf {
        self.config.database.clone()
    }
}

fn config(folder: &std::path::Path, twilio: &FakeTwilio, smtp_url: &str, no_number: bool) -> Config {
    let (number, service) = (("LEADBELL_TWILIO_FROM", NUMBER), ("LEADBELL_TWILIO_MESSAGING_SERVICE_SID", SERVICE));
    let set = [
        ("LEADBELL_DATA_DIR", folder.to_str().unwrap()),
        ("LEADBELL_PUBLIC_URL", PUBLIC_URL),
        ("LEADBELL_TWILIO_ACCOUNT_SID", ACCOUNT),
        ("LEADBELL_TWILIO_AUTH_TOKEN", AUTH_TOKEN),
        if no_number { service } else { number },
        ("LEADBELL_TWILIO_API_URL", &twilio.api_url),
        ("LEADBELL_SMTP_URL", smtp_url),
        ("LEADBELL_EMAIL_FROM", "leads@shop.example"),
    ];
    let environment = set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let read = |path: &std::path::Path| std::fs::read_to_string(path);
    Config::from_inputs(&Inputs { flags: BTreeMap::new(), environment, file: None, read: &read }).unwrap()
}

/// The same assembly as `leadbell serve`, without its listener and loops.
async fn stand_up(
    config: &Config,
    clock: &Clock,
    texts_within: Timeouts,
    vendors_at: Option<String>,
    certificates: &Arc<Certificates>,
) -> Standing {
    let options = Options {
        config: config.clone(),
        clock: clock.clone(),
        is_demo: false,
        out: || Box::new(std::io::sink()),
        vendors_at,
        texts_within,
        certificates: Arc::clone(certificates),
        hooks: Policy::LOOPBACK_TOO,
    };
    let standing = app::assemble(&options, PUBLIC_URL).await.unwrap();
    standing.house.engine.outbox.recover().await.unwrap();
    standing
}

/// A business, who is told, and one form.
async fn furnish(standing: &Standing, setup: &Setup) -> (BusinessId, String) {
    let house = &standing.house;
    // The shop is a month old, so that its form is no new one.
    let made = OPENED_MS - 30 * 24 * 3_600_000;
    let business = Business {
        id: BusinessId::new(&house.random, made),
        slug: "harbor".to_owned(),
        name: "Harbor Plumbing".to_owned(),
        timezone: "America/Chicago".to_owned(),
        country: "US".to_owned(),
        phone: Some(DAVE.to_owned()),
        hours: setup.hours.map(str::to_owned),
        answer_at_night: true,
        created_at: made,
    };
    let person = |name: &str, phone: &str, email: Option<&str>| Person {
        id: PersonId::new(&house.random, made),
        business_id: business.id.clone(),
        name: name.to_owned(),
        phone: Some(phone.to_owned()),
        email: email.map(str::to_owned),
        position: 0,
        created_at: made,
    };
    let mut people = vec![person("Dave", DAVE, Some(DAVE_MAIL))];
    people.extend(setup.ana_too.then(|| person("Ana", ANA, None)));
    let (mut source, token) =
        Source::new(&business.id, "generic", "Website form", setup.secret, &house.keys, &house.random, made);
    source.thanks_url = setup.thanks_url.map(str::to_owned);
    source.allowed_hosts = setup.allowed_hosts.to_owned();
    let id = business.id.clone();
    house
        .db
        .write(move |c| {
            Box::pin(async move {
                store::add_business(c, &business).await?;
                for person in &people {
                    store::add_person(c, person).await?;
                }
                // Both are told at once.
                sqlx::query("UPDATE person SET position = 0").execute(&mut *c).await?;
                store::add_source(c, &source).await
            })
        })
        .await
        .unwrap();
    (id, token)
}
