//! Twilio's list of the texts that came in, for those that no callback brought: when ours fails, Twilio tries once more and
//! then only logs an error.
//!
//! The list filters by day and recipient and runs from new to old. Behind a number, what came to that number is asked for;
//! behind a messaging service, which has several, everything of the account, and what names another service is left out.
//! Whatever is short of the end of the list is an error, so that nobody believes to have seen all.

use super::BadSetup;
use super::http::Http;
use super::sms_twilio::{Sender, TwilioConfig, account_url, basic};
use super::twilio_lookup::{List, Listed, day_of};
use reqwest::header::HeaderValue;
use std::time::Duration;
use url::Url;

/// Fifty of the longest texts in the widest spelling stay below what is read of one answer.
const PAGE_SIZE: &str = "50";
const MOST_PAGES: usize = 1_000;
const LONGEST: Duration = Duration::from_secs(240);

/// The texts that come in to one sender of one account.
pub struct Inbox {
    http: Http,
    authorization: HeaderValue,
    messages: Url,
    sender: Sender,
    account: String,
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inbox(to {:?} by {})", self.sender, self.messages)
    }
}

/// A text of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedText {
    /// Twilio's id.
    pub vendor_id: String,
    /// Who wrote, E.164 or whatever Twilio gives.
    pub from: String,
    /// The number that it came to.
    pub to: String,
    /// The words.
    pub body: String,
    /// How many pictures.
    pub media: i64,
}

impl Inbox {
    /// The inbox of an account. Accounts on the same [`Http`] share its connections.
    ///
    /// # Errors
    /// When the API address or the account number cannot be part of an address.
    pub fn new(config: &TwilioConfig, http: Http) -> Result<Self, BadSetup> {
        let sender = match &config.sender {
            Sender::Number(number) => number,
            Sender::Service(service) => service,
        };
        Ok(Self {
            http,
            authorization: basic(&config.account_sid, &config.credentials)?,
            messages: account_url(config, "Messages.json")?,
            account: format!("{} {sender}", config.account_sid),
            sender: config.sender.clone(),
        })
    }

    /// A name for the account and its sender, for the record of how far its list was read.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The texts that came in at or after that instant (UTC milliseconds; the list has whole seconds), oldest first.
    ///
    /// # Errors
    /// In words, when the list could not be read to its end.
    pub async fn since(&self, since_ms: i64) -> Result<Vec<ListedText>, String> {
        let read = tokio::time::timeout(LONGEST, self.read(since_ms - since_ms.rem_euclid(1_000)));
        read.await.unwrap_or_else(|_| Err("Twilio's list took too long".to_owned()))
    }

    async fn read(&self, floor_ms: i64) -> Result<Vec<ListedText>, String> {
        let list = List {
            http: &self.http,
            authorization: &self.authorization,
            messages: &self.messages,
            sender: &self.sender,
        };
        let to = match &self.sender {
            Sender::Number(number) => Some(number.as_str()),
            Sender::Service(_) => None,
        };
        let mut next = Some(list.first_page(to, Some(&day_of(floor_ms)?), PAGE_SIZE));
        let mut texts = Vec::new();
        for _ in 0..MOST_PAGES {
            let Some(url) = next else { break };
            let page = list.page(url).await?;
            next = list.continues(&page, floor_ms)?;
            texts.extend(page.messages.into_iter().filter_map(|listed| self.text(listed, floor_ms)));
        }
        if next.is_some() {
            return Err(format!("Twilio's list goes on after {MOST_PAGES} pages"));
        }
        texts.reverse();
        Ok(texts)
    }

    fn text(&self, listed: Listed, floor_ms: i64) -> Option<ListedText> {
        let is_inbound = listed.direction.as_deref() == Some("inbound");
        let is_new = listed.created_ms().is_none_or(|at| at >= floor_ms);
        let is_elsewhere = match (&self.sender, &listed.messaging_service_sid) {
            (Sender::Service(ours), Some(theirs)) => ours != theirs,
            _ => false,
        };
        let (Some(from), Some(to)) = (listed.from, listed.to) else { return None };
        (is_inbound && is_new && !is_elsewhere).then(|| ListedText {
            vendor_id: listed.sid,
            from,
            to,
            body: listed.body.unwrap_or_default(),
            media: listed.num_media.and_then(|n| n.parse().ok()).unwrap_or(0),
        })
    }
}
