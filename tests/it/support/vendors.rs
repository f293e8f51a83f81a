//! Every channel behind one face, with the troubles that the contract puts all of them through.

use super::fake_smtp::{At, FakeSmtp, Fault as MailFault, PASSWORD};
use super::fake_twilio::{AUTH_TOKEN, FakeTwilio, Fault as TextFault, NUMBER};
use leadbell::base::clock::Clock;
use leadbell::base::keys::Keys;
use leadbell::delivery::Timeouts;
use leadbell::delivery::call_twilio::TwilioCalls;
use leadbell::delivery::http::Http;
use leadbell::delivery::mail_smtp::Smtp;
use leadbell::delivery::preview::{Look, Preview};
use leadbell::delivery::sms_twilio::{Twilio, TwilioConfig};
use leadbell::delivery::smtp_server::SmtpServer;
use leadbell::outbox::channel::{Channel, Outgoing};
use std::time::Duration;

pub const NOW_MS: i64 = 1_770_802_212_000;
pub const PUBLIC_URL: &str = "https://leads.example.com";

/// What a vendor can do to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    None,
    TooMany,
    ServerFault,
    Refusal,
    WrongKey,
    Silence,
    CutAfterTaking,
}

pub enum Vendor {
    Twilio(FakeTwilio),
    Calls(FakeTwilio),
    Smtp(FakeSmtp),
    Preview(Preview),
}

impl Vendor {
    pub async fn all() -> Vec<Vendor> {
        let clock = Clock::manual(NOW_MS);
        vec![
            Vendor::Twilio(FakeTwilio::start(clock.clone()).await),
            Vendor::Calls(FakeTwilio::start(clock.clone()).await),
            Vendor::Smtp(FakeSmtp::start().await),
            Vendor::Preview(Preview::new(clock, Box::new(std::io::sink()), Look::Plain)),
        ]
    }

    /// The channel to it, patient enough for a busy machine unless told otherwise.
    pub fn channel(&self, timeouts: Timeouts) -> Box<dyn Channel> {
        match self {
            Vendor::Twilio(fake) => Box::new(twilio(&fake.config(PUBLIC_URL), timeouts)),
            Vendor::Calls(fake) => Box::new(calls(&fake.config(PUBLIC_URL), timeouts)),
            Vendor::Smtp(fake) => Box::new(smtp(&fake.url_with_login(), timeouts)),
            Vendor::Preview(preview) => Box::new(preview.sms()),
        }
    }

    /// The same channel towards a port where nobody listens.
    pub async fn channel_to_nobody(&self) -> Option<Box<dyn Channel>> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let nobody = listener.local_addr().unwrap();
        match self {
            Vendor::Twilio(fake) => {
                let config = TwilioConfig { api_url: format!("http://{nobody}"), ..fake.config(PUBLIC_URL) };
                Some(Box::new(twilio(&config, patient())))
            }
            Vendor::Calls(fake) => {
                let config = TwilioConfig { api_url: format!("http://{nobody}"), ..fake.config(PUBLIC_URL) };
                Some(Box::new(calls(&config, patient())))
            }
            Vendor::Smtp(_) => Some(Box::new(smtp(&format!("smtp://{nobody}"), patient()))),
            Vendor::Preview(_) => None,
        }
    }

    /// Puts it into trouble for the next message; `false` when it knows no such trouble.
    pub fn meet(&self, trouble: Trouble) -> bool {
        match self {
            Vendor::Twilio(fake) | Vendor::Calls(fake) => match trouble {
                Trouble::None => return true,
                Trouble::TooMany => fake.next(TextFault::TooMany { retry_after: Some(7) }),
                Trouble::ServerFault => fake.next(TextFault::Broken { status: 500, accept: false }),
                Trouble::Refusal => fake.next(TextFault::Refuse { status: 400, code: 21211 }),
                Trouble::WrongKey => fake.next(TextFault::Refuse { status: 401, code: 20003 }),
                Trouble::Silence => fake.next(TextFault::Hang { accept: false }),
                Trouble::CutAfterTaking => fake.next(TextFault::Close { accept: true }),
            },
            Vendor::Smtp(fake) => match trouble {
                Trouble::None => return true,
                Trouble::TooMany => fake.next(MailFault::Say(At::To, "451 4.7.1 try again later")),
                Trouble::ServerFault => fake.next(MailFault::Cut(At::Dot)),
                Trouble::Refusal => fake.next(MailFault::Say(At::To, "550 5.1.1 no such user")),
                Trouble::WrongKey => fake.next(MailFault::Say(At::Auth, "535 5.7.8 bad credentials")),
                Trouble::Silence => fake.next(MailFault::Silence(At::DotTaken)),
                Trouble::CutAfterTaking => fake.next(MailFault::Cut(At::DotTaken)),
            },
            Vendor::Preview(_) => return trouble == Trouble::None,
        }
        true
    }

    /// How many messages it took over.
    pub fn taken(&self) -> usize {
        match self {
            Vendor::Twilio(fake) => fake.accepted().len(),
            Vendor::Calls(fake) => fake.placed().len(),
            Vendor::Smtp(fake) => fake.taken().len(),
            Vendor::Preview(preview) => preview.shown().len(),
        }
    }
}

/// What must never be shown, plain or in the base 64 of a header.
pub const SECRETS: [&str; 4] = [AUTH_TOKEN, PASSWORD, "Y2FuYXJ5", "NhbmFye"];

pub fn twilio(config: &TwilioConfig, timeouts: Timeouts) -> Twilio {
    Twilio::new(config, Http::new(timeouts).unwrap(), keys()).unwrap()
}

pub fn calls(config: &TwilioConfig, timeouts: Timeouts) -> TwilioCalls {
    TwilioCalls::new(config, NUMBER, Http::new(timeouts).unwrap(), keys()).unwrap().unwrap()
}

pub fn smtp(url: &str, timeouts: Timeouts) -> Smtp {
    let server = SmtpServer::parse(url).unwrap();
    Smtp::new(server, "Leads <leads@shop.example>", timeouts, Clock::manual(NOW_MS)).unwrap()
}

pub fn keys() -> Keys {
    Keys::new([5; 32])
}

/// Long enough for a machine that builds something else at the same time.
pub fn patient() -> Timeouts {
    Timeouts { connect: Duration::from_secs(15), total: Duration::from_secs(15), answer: Duration::ZERO }
}

/// For what is never going to be answered.
pub fn hasty() -> Timeouts {
    Timeouts { connect: Duration::from_secs(15), total: Duration::from_secs(2), answer: Duration::ZERO }
}

/// A message that suits the medium.
pub fn message(channel: &dyn Channel, id: &str) -> Outgoing {
    use leadbell::outbox::channel::Medium;
    let is_mail = channel.medium() == Medium::Mail;
    Outgoing {
        id: id.into(),
        business_id: "b1".into(),
        attempt: 1,
        to: if is_mail { "maria@example.com" } else { "+13125550188" }.to_owned(),
        from_name: "Harbor Plumbing".to_owned(),
        reply_to: is_mail.then(|| "owner@shop.example".to_owned()),
        subject: if is_mail { "Your message" } else { "" }.to_owned(),
        body: "Hi Maria, Harbor Plumbing here. Reply here any time. STOP to opt out.".to_owned(),
        html: is_mail.then(|| "<p>Hi Maria</p>".to_owned()),
        valid_for_secs: 600,
        auto_reply: true,
        unsubscribe: None,
        hook: None,
    }
}
