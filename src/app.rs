//! Puts the parts together and runs them: for `serve`, for `demo` and for tests alike.
//!
//! The order matters: lock the folder, open and migrate the database, recover what the last stop cut off, then listen.
//! On the way down: not ready, no more claims, close the listener, let requests and sends finish, fold the log.

mod rounds;

pub use rounds::{listen, round, sweep_house};

use crate::account::{self, Doors};
use crate::base::clock::Clock;
use crate::base::ids::{BusinessId, PersonId, new_code};
use crate::base::keys::Keys;
use crate::base::news::{Change, News};
use crate::base::random::Random;
use crate::config::Config;
use crate::db::{Db, copies::Copies, keyfile, lock::DataLock};
use crate::delivery::call_twilio::TwilioCalls;
use crate::delivery::certificates::Certificates;
use crate::delivery::fetch::Fetcher;
use crate::delivery::guard::{Policy, system_names};
use crate::delivery::hook::Hooks;
use crate::delivery::http::Http;
use crate::delivery::mail_smtp::Smtp;
use crate::delivery::preview::{Look, Preview};
use crate::delivery::sms_twilio::{Credentials, Sender, Twilio, TwilioConfig};
use crate::delivery::smtp_server::SmtpServer;
use crate::delivery::twilio_inbox::Inbox;
use crate::delivery::{Timeouts, install_crypto};
use crate::lead::shop::{Business, Person, Source, address, store as shops};
use crate::outbox::{Channel, Dispatch, Lanes, Limits, Outbox};
use crate::pipeline::{Pipeline, RoadLane};
use crate::web::{self, App, Engine, House};
use anyhow::Context;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Where texts to the owner go while nobody has given a number and texting is not connected. 555-01xx is set aside
/// for fiction, so nobody can have it.
pub const PREVIEW_PHONE: &str = "+15125550100";

/// What to run.
pub struct Options {
    /// The settings.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// Whether this is the made-up shop: nothing leaves the machine.
    pub is_demo: bool,
    /// Where the preview phones and the first lines are printed.
    pub out: fn() -> Box<dyn Write + Send>,
    /// Stands in for the addresses of all vendors that are asked for what their events leave out; none but in tests.
    pub vendors_at: Option<String>,
    /// How long the vendor of texts is waited for: [`Timeouts::TEXTS`], or less where a test waits in vain.
    pub texts_within: Timeouts,
    /// Where certificates of senders come from.
    pub certificates: Arc<Certificates>,
    /// Which addresses hooks may have: [`Policy::STRICT`], but in tests.
    pub hooks: Policy,
}

/// A house that stands: everything but the listener.
pub struct Standing {
    /// What handlers share.
    pub house: App,
    /// The folder is ours while this lives.
    pub lock: DataLock,
}

/// Runs until `stop` is cancelled, then drains. Returns early, with an error, when the disk has failed.
///
/// # Errors
/// Worded for the terminal.
pub async fn run(options: Options, stop: CancellationToken) -> anyhow::Result<()> {
    let listener = TcpListener::bind(options.config.listen).await.with_context(|| {
        format!("cannot listen on {}; is leadbell running already, or another program?", options.config.listen)
    })?;
    let listening = listener.local_addr()?;
    let public_url = options.config.public_url(listening);
    let standing = assemble(&options, &public_url).await?;
    standing.lock.announce(&public_url)?;
    let house = Arc::clone(&standing.house);
    greet(&house, &options).await?;
    house.engine.outbox.recover().await?;

    let outbox = tokio::spawn(Arc::clone(&house.engine.outbox).run());
    let rounds = tokio::spawn(rounds::run(Arc::clone(&house), stop.clone()));
    let closing = CancellationToken::new();
    let server = tokio::spawn(web::serve::serve(listener, web::router(&house), Arc::clone(&house), closing.clone()));
    tracing::info!(address = %listening, public_url, "listening");

    let broken = tokio::select! {
        () = stop.cancelled() => None,
        reason = house.db.broken() => Some(reason),
    };
    house.engine.stopping.store(true, Ordering::SeqCst);
    house.engine.outbox.stop();
    house.engine.closing.cancel();
    closing.cancel();
    for (part, task) in [("server", server), ("outbox", outbox)] {
        if let Err(error) = task.await {
            tracing::error!(%error, part, "did not end cleanly");
        }
    }
    rounds.abort();
    house.db.clone().close().await;
    match broken {
        None => Ok(()),
        Some(reason) => anyhow::bail!(
            "the disk failed: {reason}. What was answered is stored; nothing was answered since. Check the disk, then start again."
        ),
    }
}

/// Puts the parts together, without running any of them.
///
/// # Errors
/// Worded for the terminal.
pub async fn assemble(options: &Options, public_url: &str) -> anyhow::Result<Standing> {
    install_crypto();
    let config = &options.config;
    let system = Random::system();
    let keys = keyfile::open_or_create(&config.data_dir, &config.database, &system)?;
    let lock = DataLock::take(&config.data_dir)?;
    if let Some(folder) = config.database.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let random = Arc::new(Random::system());
    let news = News::default();
    let fetch_bell = Arc::new(Notify::new());
    let ways = ways_out(options, &keys, public_url)?;
    let dispatch = Dispatch::new(
        ways.channels,
        options.clock.clone(),
        Arc::clone(&random),
        new_code(&system),
        Limits {
            on: config.send_caps,
            wording: crate::reply::bundle_wording(public_url.to_owned()),
            keys: keys.clone(),
            public_url: public_url.into(),
        },
    );
    let mut opening = Db::opening(&config.database).await?;
    let out = Some(Arc::clone(&dispatch));
    let road = RoadLane::new(Arc::clone(&random), public_url.to_owned(), news.clone(), out);
    let number = config.twilio.as_ref().filter(|_| !options.is_demo).and_then(|twilio| twilio.from.clone());
    let road =
        opening.lane(road.ringing(Arc::clone(&fetch_bell)).texting_from(number.clone()).remembering(keys.clone()));
    let bell = news.clone();
    let told = move |touched: &[BusinessId]| {
        for business_id in touched {
            bell.tell(Change { business_id: business_id.clone(), new_lead: None });
        }
    };
    let lanes = Lanes::open(&mut opening, Arc::new(told));
    let db = opening.start();
    let outbox = Arc::new(Outbox::new(db.clone(), lanes, dispatch));
    let preview_phone = ways.preview_texts.then(|| PREVIEW_PHONE.to_owned());
    let pipeline = Pipeline::new(
        db.clone(),
        road,
        keys.clone(),
        options.clock.clone(),
        random,
        Arc::clone(&outbox),
        news.clone(),
        public_url.to_owned(),
        preview_phone,
        Arc::clone(&options.certificates),
    );
    // The made-up shop asks nobody.
    let pipeline = if options.is_demo {
        pipeline
    } else {
        pipeline.asking(Fetcher::new(options.texts_within, options.vendors_at.clone()), fetch_bell)
    };
    let token = ways.twilio_tokens.first().cloned();
    let pipeline = match ways.inbox {
        Some(inbox) => pipeline.listening(inbox, number, token),
        None => pipeline,
    };
    let mut engine = Engine::new(pipeline, outbox, news);
    engine.preview = ways.preview;
    engine.twilio_tokens = ways.twilio_tokens;
    engine.is_demo = options.is_demo;
    engine.hooks = options.hooks;
    let house = Arc::new(House {
        copies: Copies::of(&config.data_dir, &config.database),
        db,
        keys,
        clock: options.clock.clone(),
        random: system,
        public_url: public_url.to_owned(),
        trusted_proxies: config.trusted_proxies.clone(),
        doors: Doors::default(),
        engine,
    });
    Ok(Standing { house, lock })
}

struct Ways {
    channels: Vec<Arc<dyn Channel>>,
    inbox: Option<Inbox>,
    preview: Option<Preview>,
    preview_texts: bool,
    twilio_tokens: Vec<SecretString>,
}

/// Real vendors where they are set up, the preview phones and inbox where not; only those in the demo.
fn ways_out(options: &Options, keys: &Keys, public_url: &str) -> anyhow::Result<Ways> {
    let config = &options.config;
    let twilio = config.twilio.as_ref().filter(|_| !options.is_demo);
    let mail = config.mail.as_ref().filter(|_| !options.is_demo);
    let look = if std::io::stdout().is_terminal() { Look::Terminal } else { Look::Plain };
    let preview =
        (twilio.is_none() || mail.is_none()).then(|| Preview::new(options.clock.clone(), (options.out)(), look));
    let mut channels: Vec<Arc<dyn Channel>> = Vec::new();
    let (mut twilio_tokens, mut inbox) = (Vec::new(), None);
    match (twilio, &preview) {
        (Some(account), _) => {
            twilio_tokens.extend(account.auth_token.clone());
            let http = Http::new(options.texts_within)?;
            let settings = twilio_config(account, config, public_url)?;
            inbox = Some(Inbox::new(&settings, http.clone())?);
            let calls =
                account.from.as_deref().map(|from| TwilioCalls::new(&settings, from, http.clone(), keys.clone()));
            let twilio = Arc::new(Twilio::new(&settings, http, keys.clone())?);
            if config.twilio_api_url.starts_with("https://") {
                let warming = Arc::clone(&twilio);
                tokio::spawn(async move { warming.warm().await });
            }
            channels.push(twilio);
            if let Some(calls) = calls.transpose()?.flatten() {
                channels.push(Arc::new(calls));
            }
        }
        (None, Some(preview)) => channels.push(Arc::new(preview.sms())),
        (None, None) => {}
    }
    match (mail, &preview) {
        (Some(mail), _) => {
            let server = SmtpServer::parse(mail.smtp_url.expose_secret())?;
            channels.push(Arc::new(Smtp::new(server, &mail.from, Timeouts::MAILS, options.clock.clone())?));
        }
        (None, Some(preview)) => channels.push(Arc::new(preview.mail())),
        (None, None) => {}
    }
    let hooks = Hooks::new(options.hooks, system_names(), keys.clone(), options.clock.clone());
    channels.push(Arc::new(if options.is_demo { hooks.closed() } else { hooks }));
    Ok(Ways { channels, inbox, preview_texts: twilio.is_none(), preview, twilio_tokens })
}

/// What the Twilio channel is made of. `public_url` is where its callbacks go, without a slash at the end.
///
/// # Errors
/// When key or sender is missing, which the configuration has ruled out.
pub fn twilio_config(
    account: &crate::config::Twilio,
    config: &Config,
    public_url: &str,
) -> anyhow::Result<TwilioConfig> {
    let credentials = match (&account.api_key, &account.auth_token) {
        (Some((key, secret)), _) => Credentials::ApiKey { key: key.clone(), secret: secret.clone() },
        (None, Some(token)) => Credentials::AuthToken(token.clone()),
        (None, None) => anyhow::bail!("Twilio is set up without an auth token or API key"),
    };
    let sender = match (&account.messaging_service_sid, &account.from) {
        (Some(service), _) => Sender::Service(service.clone()),
        (None, Some(number)) => Sender::Number(number.clone()),
        (None, None) => anyhow::bail!("Twilio is set up without a number or a messaging service"),
    };
    Ok(TwilioConfig {
        account_sid: account.account_sid.clone(),
        credentials,
        sender,
        api_url: config.twilio_api_url.clone(),
        public_url: public_url.to_owned(),
    })
}

/// First start: one business, one person, one source. Every start until someone is in: a set-up link. Every start: an
/// address to paste and a line to try.
async fn greet(house: &House, options: &Options) -> anyhow::Result<()> {
    let now = house.clock.now_ms();
    let mut out = (options.out)();
    if shops::businesses(house.db.read()).await?.is_empty() {
        if options.is_demo {
            crate::demo::fill(&house.db, &house.keys, &house.random, &house.public_url, now).await?;
        } else {
            first_start(house, now).await?;
        }
    }
    if let Some(admin) = &options.config.admin {
        account::ensure_admin(&house.db, &house.doors.hasher, &house.random, now, &admin.email, &admin.password)
            .await
            .context("the first sign-in could not be made")?;
    }
    writeln!(out, "leadbell listens on {}", house.public_url)?;
    if options.is_demo {
        let link = demo_link(house, now).await?;
        writeln!(out, "\nOpen the made-up shop (works once, for 30 minutes):\n  {link}")?;
    } else if let Some(token) = account::link::make_setup(&house.db, &house.random, now).await? {
        let address = account::link::setup_address(&house.public_url, &token);
        writeln!(out, "\nSet up (works once, for 30 minutes):\n  {address}")?;
    }
    if let Some((_, source)) = shops::list_sources(house.db.read()).await?.first() {
        let url = address(&house.public_url, &house.keys.open(&source.token_sealed)?);
        writeln!(out, "\nWebhook address of \"{}\", to paste into your form:\n  {url}", source.name)?;
        writeln!(
            out,
            "\nTry it:\n  curl {url} -d 'name=Maria Lopez' -d 'phone=(512) 555-0142' -d 'email=maria.lopez@example.com' -d 'message=Kitchen tap leaking under the sink, can someone come today?'\n"
        )?;
    }
    out.flush()?;
    Ok(())
}

/// The demo has nothing to protect and nobody to ask: its one sign-in is a link in the terminal.
async fn demo_link(house: &House, now: i64) -> anyhow::Result<String> {
    let email = "dave@harbor.example";
    let new = account::New { email: email.to_owned(), name: "Dave".to_owned(), password: None, business_id: None };
    match account::add(&house.db, &house.doors.hasher, &house.random, now, new).await {
        Ok(_) | Err(account::AddError::Taken) => {}
        Err(error) => return Err(error.into()),
    }
    let token =
        account::link::make(&house.db, &house.random, email, now).await?.context("the demo's sign-in is missing")?;
    Ok(account::link::address(&house.public_url, &token))
}

async fn first_start(house: &House, now: i64) -> anyhow::Result<()> {
    let zone = TimeZone::system().iana_name().unwrap_or("UTC").to_owned();
    let business = Business {
        id: BusinessId::new(&house.random, now),
        slug: "my-business".to_owned(),
        name: "My business".to_owned(),
        timezone: zone,
        country: "US".to_owned(),
        phone: None,
        hours: None,
        answer_at_night: true,
        created_at: now,
    };
    let person = Person {
        id: PersonId::new(&house.random, now),
        business_id: business.id.clone(),
        name: String::new(),
        phone: None,
        email: None,
        position: 0,
        created_at: now,
    };
    let (source, _token) = Source::new(&business.id, "generic", "Website form", None, &house.keys, &house.random, now);
    house
        .db
        .write(move |c| {
            Box::pin(async move {
                shops::add_business(c, &business).await?;
                shops::add_person(c, &person).await?;
                shops::add_source(c, &source).await
            })
        })
        .await?;
    Ok(())
}
