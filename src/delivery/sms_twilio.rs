//! Texts through Twilio's Messages API, version 2010-04-01, on our own thin client.
//!
//! In comes one frozen message, out goes one POST and what became of it. Never a second POST: the API has no key
//! against doubles, so whatever is not proven unsent is `Unknown` and settled by the status callback, whose
//! address carries our id and try, or by the list (`twilio_lookup`). Price: a connection that breaks after the
//! first byte delays a text until one of the two has spoken.

use super::http::{self, Http};
use super::{BadSetup, twilio_answer, twilio_lookup};
use crate::base::ids::MessageId;
use crate::base::keys::Keys;
use crate::outbox::channel::{Boxed, Channel, Found, Medium, Outcome, Outgoing};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::fmt::Write as _;
use url::{Url, form_urlencoded};

/// Twilio's limits are 1 to 36,000 s; four hours keep a stuck text from arriving the next day.
const LONGEST_VALIDITY_SECS: u32 = 4 * 3_600;
const TAG: &str = "twilio-status";
pub(super) const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Who we are at Twilio.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// The account's auth token, which also signs callbacks.
    AuthToken(SecretString),
    /// An API key and its secret.
    ApiKey {
        /// `SK…`.
        key: String,
        /// Shown once, when the key was made.
        secret: SecretString,
    },
}

/// What a text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A number in E.164.
    Number(String),
    /// A Messaging Service, `MG…`, which picks a number.
    Service(String),
}

/// One Twilio account and how to send with it.
#[derive(Clone, Debug)]
pub struct TwilioConfig {
    /// `AC…`.
    pub account_sid: String,
    /// The key to it.
    pub credentials: Credentials,
    /// What texts come from.
    pub sender: Sender,
    /// `https://api.twilio.com`, a regional edge, or a test server.
    pub api_url: String,
    /// Our own public address, for status callbacks.
    pub public_url: String,
}

/// The channel. Accounts on the same [`Http`] share its connections.
pub struct Twilio {
    http: Http,
    keys: Keys,
    sender: Sender,
    authorization: HeaderValue,
    messages: Url,
    /// The part of the form that is the same for every message, encoded.
    sender_field: String,
    /// `&StatusCallback=` and the encoded address up to our id; empty where Twilio would refuse the address.
    callback_field: String,
}

impl fmt::Debug for Twilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Twilio(from {:?} by {})", self.sender, self.messages)
    }
}

impl Twilio {
    /// Makes the channel of one account. `keys` tags the callback addresses.
    ///
    /// # Errors
    /// When the API address or the account number cannot be part of an address.
    pub fn new(config: &TwilioConfig, http: Http, keys: Keys) -> Result<Self, BadSetup> {
        let sender_field = match &config.sender {
            Sender::Number(number) => field("From", number),
            Sender::Service(service) => field("MessagingServiceSid", service),
        };
        Ok(Self {
            http,
            keys,
            sender: config.sender.clone(),
            authorization: basic(&config.account_sid, &config.credentials)?,
            messages: account_url(config, "Messages.json")?,
            sender_field,
            callback_field: callback_field(&config.public_url),
        })
    }

    /// Opens a connection before the first text needs one. Whatever comes back is ignored.
    pub async fn warm(&self) {
        let mut request = Request::new(Method::HEAD, self.messages.clone());
        request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        if let Err(error) = self.http.client().execute(request).await {
            tracing::debug!(cause = http::chain(&error.without_url()), "no connection to Twilio yet");
        }
    }

    async fn post(&self, message: &Outgoing) -> Outcome {
        let mut request = Request::new(Method::POST, self.messages.clone());
        request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        request.headers_mut().insert(CONTENT_TYPE, FORM);
        *request.body_mut() = Some(self.form(message).into());
        match self.http.client().execute(request).await {
            Ok(response) => {
                let (status, wait) = (response.status().as_u16(), http::retry_after(response.headers()));
                let body = http::body(response).await.unwrap_or_default();
                twilio_answer::read(status, wait, &body, &message.body)
            }
            Err(error) => no_answer(message, error),
        }
    }

    fn form(&self, message: &Outgoing) -> String {
        let mut form = String::with_capacity(320 + message.body.len() * 3 / 2);
        form.push_str("To=");
        form.extend(form_urlencoded::byte_serialize(message.to.as_bytes()));
        form.push_str("&Body=");
        form.extend(form_urlencoded::byte_serialize(message.body.as_bytes()));
        form.push_str(&self.sender_field);
        let validity = message.valid_for_secs.clamp(1, LONGEST_VALIDITY_SECS);
        let _ = write!(form, "&ValidityPeriod={validity}");
        if !self.callback_field.is_empty() {
            form.push_str(&self.callback_field);
            form.push_str(&callback_mark(&self.keys, &message.id, message.attempt));
        }
        form
    }
}

impl Channel for Twilio {
    fn medium(&self) -> Medium {
        Medium::Sms
    }

    fn vendor(&self) -> &'static str {
        "twilio"
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Outcome> {
        Box::pin(self.post(message))
    }

    /// A messaging service spreads its texts over its numbers by itself.
    fn segments_a_second(&self) -> Option<u32> {
        match &self.sender {
            Sender::Number(number) => speed(number),
            Sender::Service(_) => None,
        }
    }

    fn look_up<'a>(&'a self, message: &'a Outgoing, since_ms: i64) -> Boxed<'a, Found> {
        let list = twilio_lookup::List {
            http: &self.http,
            authorization: &self.authorization,
            messages: &self.messages,
            sender: &self.sender,
        };
        Box::pin(list.find(message, since_ms))
    }
}

/// The value of `m` in a status callback's address: `<message id>.<attempt>.<tag>`, all of it safe in a query.
pub fn callback_mark(keys: &Keys, id: &MessageId, attempt: u32) -> String {
    let named = format!("{id}.{attempt}");
    let tag = keys.tag(TAG, &named);
    format!("{named}.{tag}")
}

/// Reads the mark back; `None` unless this installation made it.
pub fn callback_ref(keys: &Keys, mark: &str) -> Option<(MessageId, u32)> {
    let (named, tag) = mark.rsplit_once('.')?;
    let (id, attempt) = named.rsplit_once('.')?;
    let attempt = attempt.parse().ok()?;
    keys.tag_is_right(TAG, named, tag).then(|| (MessageId::from(id), attempt))
}

pub(super) fn field(name: &str, value: &str) -> String {
    let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("&{name}={value}")
}

pub(super) fn basic(account_sid: &str, credentials: &Credentials) -> Result<HeaderValue, BadSetup> {
    let (user, password) = match credentials {
        Credentials::AuthToken(token) => (account_sid, token),
        Credentials::ApiKey { key, secret } => (key.as_str(), secret),
    };
    let encoded = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
    let mut header = HeaderValue::try_from(format!("Basic {encoded}"))
        .map_err(|_| BadSetup("the Twilio key cannot be sent".to_owned()))?;
    header.set_sensitive(true);
    Ok(header)
}

/// An address below the account.
pub(super) fn account_url(config: &TwilioConfig, below: &str) -> Result<Url, BadSetup> {
    let bad = |why: &str| BadSetup(format!("the Twilio address {} is not usable: {why}", config.api_url));
    let sid = &config.account_sid;
    if sid.is_empty() || !sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(BadSetup("the Twilio account number has letters and digits only and begins with AC".to_owned()));
    }
    let base = config.api_url.trim_end_matches('/');
    let url = Url::parse(&format!("{base}/2010-04-01/Accounts/{sid}/{below}")).map_err(|e| bad(&e.to_string()))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err(bad("it must begin with https://")),
    }
}

/// Twilio refuses the whole text when the callback's host is not valid, so an address it would refuse is left
/// out: the text matters more than its receipt.
fn callback_field(public_url: &str) -> String {
    if takes_callbacks(public_url) {
        field("StatusCallback", &format!("{}/twilio/status?m=", public_url.trim_end_matches('/')))
    } else {
        String::new()
    }
}

/// Whether Twilio would post to addresses that start with this.
pub(super) fn takes_callbacks(public_url: &str) -> bool {
    Url::parse(public_url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|h| !h.contains('_')))
}

/// No answer came. Only a connection that never stood proves that nothing was written.
fn no_answer(message: &Outgoing, error: reqwest::Error) -> Outcome {
    let unsent = error.is_connect() || error.is_builder();
    let late = error.is_timeout();
    tracing::warn!(message = %message.id, unsent, cause = http::chain(&error.without_url()), "no answer from Twilio");
    if unsent {
        let reason = "Twilio cannot be reached at the moment; the text goes out by itself once it can.".to_owned();
        return Outcome::NotSent { reason, code: None, retry_after: None };
    }
    let what = if late { "Twilio did not answer in time" } else { "The connection to Twilio broke" };
    Outcome::Unknown { reason: format!("{what}; we are finding out whether the text went out."), code: None }
}

/// What Twilio sends from a number in a second: 3 segments from a US toll-free one, 1 from any other long code. Short
/// codes have no plus sign and are quick enough to be left alone.
///
/// Source: Twilio, "Understanding Twilio Rate Limits and Message Queues".
fn speed(number: &str) -> Option<u32> {
    let national = number.strip_prefix('+')?;
    let toll_free = ["1800", "1833", "1844", "1855", "1866", "1877", "1888"];
    Some(if toll_free.iter().any(|code| national.starts_with(code)) { 3 } else { 1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::Timeouts;

    fn config() -> TwilioConfig {
        TwilioConfig {
            account_sid: "AC00112233445566778899aabbccddeeff".to_owned(),
            credentials: Credentials::AuthToken("canary-token".to_owned().into()),
            sender: Sender::Number("+14155550123".to_owned()),
            api_url: "https://api.twilio.com/".to_owned(),
            public_url: "https://leads.example.com".to_owned(),
        }
    }

    fn twilio(config: &TwilioConfig) -> Twilio {
        Twilio::new(config, Http::new(Timeouts::TEXTS).unwrap(), Keys::new([1; 32])).unwrap()
    }

    fn message() -> Outgoing {
        Outgoing {
            id: "m1".into(),
            business_id: "b1".into(),
            attempt: 2,
            to: "+13125550188".to_owned(),
            from_name: "Shop".to_owned(),
            reply_to: None,
            subject: String::new(),
            body: "Hi Zoë & co = 100 % 👍".to_owned(),
            html: None,
            valid_for_secs: 90_000,
            auto_reply: true,
            unsubscribe: None,
            hook: None,
        }
    }

    fn fields(form: &str) -> Vec<(String, String)> {
        form_urlencoded::parse(form.as_bytes()).into_owned().collect()
    }

    #[test]
    fn the_form_says_what_twilio_asks_for() {
        let twilio = twilio(&config());

        let form = fields(&twilio.form(&message()));

        let mark = callback_mark(&twilio.keys, &"m1".into(), 2);
        let wanted = [
            ("To", "+13125550188"),
            ("Body", "Hi Zoë & co = 100 % 👍"),
            ("From", "+14155550123"),
            ("ValidityPeriod", "14400"),
            ("StatusCallback", &format!("https://leads.example.com/twilio/status?m={mark}")),
        ];
        assert_eq!(form, wanted.map(|(k, v)| (k.to_owned(), v.to_owned())));
    }

    #[test]
    fn a_messaging_service_takes_the_place_of_the_number() {
        let service = Sender::Service("MG1".to_owned());

        let form = fields(&twilio(&TwilioConfig { sender: service, ..config() }).form(&message()));

        assert!(form.contains(&("MessagingServiceSid".to_owned(), "MG1".to_owned())));
        assert!(form.iter().all(|(name, _)| name != "From"));
    }

    #[test]
    fn an_address_that_twilio_would_refuse_is_left_out() {
        for url in ["https://my_shop.example.com", "not an address", "ftp://x.example", ""] {
            assert_eq!(callback_field(url), "", "{url}");
        }
        assert!(callback_field("http://localhost:8080/").contains("localhost%3A8080%2Ftwilio%2Fstatus%3Fm%3D"));
    }

    #[test]
    fn a_mark_is_read_back_by_its_own_installation_only() {
        let (mine, other) = (Keys::new([1; 32]), Keys::new([2; 32]));

        let mark = callback_mark(&mine, &"m1".into(), 3);

        assert_eq!(callback_ref(&mine, &mark), Some((MessageId::from("m1"), 3)));
        assert_eq!(callback_ref(&other, &mark), None);
        assert_eq!(callback_ref(&mine, &mark.replace(".3.", ".4.")), None);
        for junk in ["", ".", "..", "m1", "m1.3", "m1.3.", "m1.x.y"] {
            assert_eq!(callback_ref(&mine, junk), None, "{junk}");
        }
    }

    #[test]
    fn the_secret_stays_out_of_every_debug_output() {
        let config = config();

        let shown = format!("{config:?} {:?} {:?}", twilio(&config), twilio(&config).authorization);

        assert!(!shown.contains("canary") && !shown.contains("Y2FuYXJ5"), "{shown}");
    }

    #[test]
    fn an_address_or_account_that_cannot_be_used_is_named() {
        let http = Http::new(Timeouts::TEXTS).unwrap();
        for broken in [
            TwilioConfig { api_url: "ftp://api.twilio.com".to_owned(), ..config() },
            TwilioConfig { api_url: "twilio".to_owned(), ..config() },
            TwilioConfig { account_sid: "../AC1".to_owned(), ..config() },
            TwilioConfig { account_sid: String::new(), ..config() },
        ] {
            assert!(Twilio::new(&broken, http.clone(), Keys::new([1; 32])).is_err(), "{broken:?}");
        }
    }
}
