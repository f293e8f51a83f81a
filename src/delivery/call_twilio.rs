//! Phone calls through Twilio's Calls API, version 2010-04-01, on the client that carries the texts.
//!
//! In comes one frozen message, out goes one POST and what became of it. Twilio then rings, and asks us what to say at
//! an address that carries our id and try, as the status callbacks do; so whoever asks settles an outcome that nobody
//! knew. What is said is not in the request: a voicemail must not hear it, and a log must not keep it.
//!
//! Source: Twilio, "Call resource". Price: no machine detection. It costs, keeps people waiting in silence and guesses;
//! that a key was pressed is known.

use super::http::{self, Http};
use super::sms_twilio::{FORM, TwilioConfig, account_url, basic, callback_mark, field, takes_callbacks};
use super::twilio_answer;
use super::twilio_lookup::{OLD_ENOUGH_MS, SLACK_MS, created_ms};
use super::{BadSetup, twilio_lookup};
use crate::base::keys::Keys;
use crate::outbox::channel::{Boxed, Channel, Found, Medium, Outcome, Outgoing, Sighting};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request};
use serde::Deserialize;
use std::fmt;
use url::{Url, form_urlencoded};

/// How long it rings, in seconds: shorter than most voicemails wait.
const RINGS_SECS: u32 = 25;
/// Where Twilio asks what to say, below our address.
const SPEECH: &str = "/twilio/voice/out?m=";
/// Where it tells how the call goes.
const STATUS: &str = "/twilio/voice/out/status?m=";
const PAGE_SIZE: &str = "100";
const MOST_PAGES: usize = 5;

/// The channel.
pub struct TwilioCalls {
    http: Http,
    keys: Keys,
    authorization: HeaderValue,
    calls: Url,
    from: String,
    public_url: String,
}

impl fmt::Debug for TwilioCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TwilioCalls(from {} by {})", self.from, self.calls)
    }
}

impl TwilioCalls {
    /// Makes the channel of one account that calls from this number (E.164). None where Twilio could not ask us what to
    /// say. `keys` tags the addresses.
    ///
    /// # Errors
    /// When the API address or the account number cannot be part of an address.
    pub fn new(config: &TwilioConfig, from: &str, http: Http, keys: Keys) -> Result<Option<Self>, BadSetup> {
        if !takes_callbacks(&config.public_url) {
            return Ok(None);
        }
        Ok(Some(Self {
            http,
            keys,
            authorization: basic(&config.account_sid, &config.credentials)?,
            calls: account_url(config, "Calls.json")?,
            from: from.to_owned(),
            public_url: config.public_url.trim_end_matches('/').to_owned(),
        }))
    }

    async fn post(&self, message: &Outgoing) -> Outcome {
        let mut request = Request::new(Method::POST, self.calls.clone());
        request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        request.headers_mut().insert(CONTENT_TYPE, FORM);
        *request.body_mut() = Some(self.form(message).into());
        match self.http.client().execute(request).await {
            Ok(response) => {
                let (status, wait) = (response.status().as_u16(), http::retry_after(response.headers()));
                let body = http::body(response).await.unwrap_or_default();
                twilio_answer::read_call(status, wait, &body)
            }
            Err(error) => no_answer(message, error),
        }
    }

    fn form(&self, message: &Outgoing) -> String {
        let mark = callback_mark(&self.keys, &message.id, message.attempt);
        let to: String = form_urlencoded::byte_serialize(message.to.as_bytes()).collect();
        let mut form = format!("To={to}");
        for (name, value) in [
            ("From", self.from.as_str()),
            ("Url", &format!("{}{SPEECH}{mark}", self.public_url)),
            ("Method", "POST"),
            ("Timeout", &RINGS_SECS.to_string()),
            ("StatusCallback", &format!("{}{STATUS}{mark}", self.public_url)),
            ("StatusCallbackMethod", "POST"),
            ("StatusCallbackEvent", "initiated"),
            ("StatusCallbackEvent", "answered"),
            ("StatusCallbackEvent", "completed"),
        ] {
            form.push_str(&field(name, value));
        }
        form
    }

    /// The list filters by number and day and echoes no address of ours, so a match is: same numbers, ours by the API,
    /// made no earlier than the attempt.
    async fn search(&self, message: &Outgoing, floor_ms: i64) -> Result<Vec<Sighting>, String> {
        let mut url = self.calls.clone();
        url.query_pairs_mut()
            .append_pair("To", &message.to)
            .append_pair("From", &self.from)
            .append_pair("PageSize", PAGE_SIZE);
        let (mut next, mut found) = (Some(url), Vec::new());
        for _ in 0..MOST_PAGES {
            let Some(url) = next else { return Ok(sorted(found)) };
            let page = self.page(url).await?;
            let oldest = page.calls.last().and_then(Listed::created_ms);
            next = match oldest {
                Some(at) if at < floor_ms - OLD_ENOUGH_MS => None,
                _ => twilio_lookup::next_page(&self.calls, page.next_page_uri.as_deref())?,
            };
            found.extend(page.calls.into_iter().filter_map(|listed| self.sighting(listed, message, floor_ms)));
        }
        match next {
            None => Ok(sorted(found)),
            Some(_) => Err("Twilio's list of calls to this number is too long to search".to_owned()),
        }
    }

    async fn page(&self, url: Url) -> Result<Page, String> {
        let mut request = Request::new(Method::GET, url);
        request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        let response = self.http.client().execute(request).await.map_err(|e| http::chain(&e.without_url()))?;
        let status = response.status();
        if !status.is_success() {
            return Err(format!("Twilio's list of calls answered {}", status.as_u16()));
        }
        let body = http::body(response).await.ok_or("Twilio's list of calls broke off")?;
        serde_json::from_slice(&body).map_err(|e| format!("Twilio's list of calls could not be read: {e}"))
    }

    fn sighting(&self, listed: Listed, message: &Outgoing, floor_ms: i64) -> Option<(i64, Sighting)> {
        let at = listed.created_ms()?;
        let ours = at >= floor_ms
            && listed.to.as_deref() == Some(&message.to)
            && listed.from.as_deref() == Some(&self.from)
            && listed.direction.as_deref() == Some("outbound-api");
        ours.then_some((at, Sighting { vendor_id: listed.sid, status: listed.status, code: None }))
    }
}

impl Channel for TwilioCalls {
    fn medium(&self) -> Medium {
        Medium::Call
    }

    fn vendor(&self) -> &'static str {
        "twilio"
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Outcome> {
        Box::pin(self.post(message))
    }

    fn look_up<'a>(&'a self, message: &'a Outgoing, since_ms: i64) -> Boxed<'a, Found> {
        Box::pin(async move {
            let searching = self.search(message, since_ms - SLACK_MS);
            match tokio::time::timeout(twilio_lookup::LONGEST, searching).await {
                Ok(Ok(found)) if found.is_empty() => Found::No,
                Ok(Ok(found)) => Found::Yes(found),
                Ok(Err(reason)) => Found::CannotTell(reason),
                Err(_) => Found::CannotTell("Twilio's list of calls took too long".to_owned()),
            }
        })
    }
}

#[derive(Deserialize)]
struct Page {
    calls: Vec<Listed>,
    next_page_uri: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    sid: String,
    status: String,
    to: Option<String>,
    from: Option<String>,
    direction: Option<String>,
    date_created: Option<String>,
}

impl Listed {
    fn created_ms(&self) -> Option<i64> {
        created_ms(self.date_created.as_deref()?)
    }
}

/// Oldest first.
fn sorted(mut found: Vec<(i64, Sighting)>) -> Vec<Sighting> {
    found.sort_by(|a, b| (a.0, &a.1.vendor_id).cmp(&(b.0, &b.1.vendor_id)));
    found.into_iter().map(|(_, sighting)| sighting).collect()
}

/// No answer came. Only a connection that never stood proves that nothing was written.
fn no_answer(message: &Outgoing, error: reqwest::Error) -> Outcome {
    let unsent = error.is_connect() || error.is_builder();
    let late = error.is_timeout();
    tracing::warn!(message = %message.id, unsent, cause = http::chain(&error.without_url()), "no answer from Twilio to a call");
    if unsent {
        let reason = "Twilio cannot be reached at the moment; the call is made by itself once it can.".to_owned();
        return Outcome::NotSent { reason, code: None, retry_after: None };
    }
    let what = if late { "Twilio did not answer in time" } else { "The connection to Twilio broke" };
    Outcome::Unknown { reason: format!("{what}; we are finding out whether the phone rang."), code: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::Timeouts;
    use crate::delivery::sms_twilio::{Credentials, Sender, callback_ref};

    fn calls(public_url: &str) -> Option<TwilioCalls> {
        let config = TwilioConfig {
            account_sid: "AC00112233445566778899aabbccddeeff".to_owned(),
            credentials: Credentials::AuthToken("canary-token".to_owned().into()),
            sender: Sender::Service("MG1".to_owned()),
            api_url: "https://api.twilio.com/".to_owned(),
            public_url: public_url.to_owned(),
        };
        TwilioCalls::new(&config, "+14155550123", Http::new(Timeouts::TEXTS).unwrap(), Keys::new([1; 32])).unwrap()
    }

    fn message() -> Outgoing {
        Outgoing {
            id: "m1".into(),
            business_id: "b1".into(),
            attempt: 2,
            to: "+15125550100".to_owned(),
            from_name: "Shop".to_owned(),
            reply_to: None,
            subject: String::new(),
            body: "New lead: Maria Lopez. Call (512) 555-0142.".to_owned(),
            html: None,
            valid_for_secs: 90_000,
            auto_reply: false,
            hook: None,
            unsubscribe: None,
        }
    }

    #[test]
    fn the_form_says_whom_to_ring_and_where_to_ask_and_nothing_about_the_lead() {
        let calls = calls("https://leads.example.com/").unwrap();

        let form = calls.form(&message());

        let fields: Vec<(String, String)> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        let of = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str()).unwrap();
        assert_eq!((of("To"), of("From"), of("Timeout")), ("+15125550100", "+14155550123", "25"));
        let mark = of("Url").strip_prefix("https://leads.example.com/twilio/voice/out?m=").unwrap();
        assert_eq!(callback_ref(&calls.keys, mark), Some(("m1".into(), 2)));
        assert_eq!(of("StatusCallback"), format!("https://leads.example.com/twilio/voice/out/status?m={mark}"));
        assert_eq!(fields.iter().filter(|(name, _)| name == "StatusCallbackEvent").count(), 3);
        assert!(!form.contains("Maria") && !form.contains("0142"), "{form}");
    }

    #[test]
    fn where_twilio_could_not_ask_what_to_say_nothing_rings() {
        assert!(calls("https://my_shop.example.com").is_none());
        assert!(calls("not an address").is_none());
    }
}
