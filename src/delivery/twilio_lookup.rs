//! Looks in Twilio's list for a text whose outcome is unknown.
//!
//! The list filters by recipient and day only and does not echo our callback address, so a match is: same
//! recipient, same sender, same words, made no earlier than the attempt. It is asked twice: by day, and without
//! one, because a text that still waits to go out has no day of sending yet. "No" is said only when both answers
//! are complete; whatever is short of that is "cannot tell", since a wrong "no" sends a text twice.

use super::http::{self, Http};
use super::sms_twilio::Sender;
use crate::outbox::channel::{Found, Outgoing, Sighting};
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Method, Request};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// Twilio's clock against ours, and its instants have whole seconds.
pub(super) const SLACK_MS: i64 = 5_000;
/// Messages this much older than the attempt end the search: the list runs from new to old.
pub(super) const OLD_ENOUGH_MS: i64 = 10 * 60 * 1_000;
const PAGE_SIZE: &str = "100";
const MOST_PAGES: usize = 20;
pub(super) const LONGEST: Duration = Duration::from_secs(25);
/// What Twilio puts before every text of a trial account.
const TRIAL: &str = "Sent from your Twilio trial account - ";

/// One account's list of messages.
pub(super) struct List<'a> {
    pub(super) http: &'a Http,
    pub(super) authorization: &'a HeaderValue,
    pub(super) messages: &'a Url,
    pub(super) sender: &'a Sender,
}

#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) messages: Vec<Listed>,
    next_page_uri: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Listed {
    pub(super) sid: String,
    status: String,
    pub(super) to: Option<String>,
    pub(super) from: Option<String>,
    pub(super) messaging_service_sid: Option<String>,
    pub(super) body: Option<String>,
    date_created: Option<String>,
    error_code: Option<i64>,
    pub(super) direction: Option<String>,
    pub(super) num_media: Option<String>,
}

impl Listed {
    /// When it was made (UTC milliseconds).
    pub(super) fn created_ms(&self) -> Option<i64> {
        created_ms(self.date_created.as_deref()?)
    }
}

impl<'a> List<'a> {
    /// Every text that could be this message, oldest first.
    pub(super) async fn find(self, message: &'a Outgoing, since_ms: i64) -> Found {
        match tokio::time::timeout(LONGEST, self.search(message, since_ms - SLACK_MS)).await {
            Ok(Ok(found)) if found.is_empty() => Found::No,
            Ok(Ok(found)) => Found::Yes(found),
            Ok(Err(reason)) => Found::CannotTell(reason),
            Err(_) => Found::CannotTell("Twilio's list took too long".to_owned()),
        }
    }

    async fn search(&self, message: &Outgoing, floor_ms: i64) -> Result<Vec<Sighting>, String> {
        let mut found = BTreeMap::new();
        for day in [Some(day_of(floor_ms)?), None] {
            let mut next = Some(self.first_page(Some(&message.to), day.as_deref(), PAGE_SIZE));
            for _ in 0..MOST_PAGES {
                let Some(url) = next else { break };
                let page = self.page(url).await?;
                next = self.continues(&page, floor_ms)?;
                found.extend(page.messages.into_iter().filter_map(|m| self.sighting(m, message, floor_ms)));
            }
            if next.is_some() {
                return Err("Twilio's list for this number is too long to search".to_owned());
            }
            if !found.is_empty() {
                break;
            }
        }
        Ok(found.into_values().collect())
    }

    pub(super) fn first_page(&self, to: Option<&str>, day: Option<&str>, size: &str) -> Url {
        let mut url = self.messages.clone();
        if let Some(to) = to {
            url.query_pairs_mut().append_pair("To", to);
        }
        url.query_pairs_mut().append_pair("PageSize", size);
        if let Some(day) = day {
            url.query_pairs_mut().append_pair("DateSent>", day);
        }
        url
    }

    pub(super) async fn page(&self, url: Url) -> Result<Page, String> {
        let mut request = Request::new(Method::GET, url);
        request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        let response = self.http.client().execute(request).await.map_err(|e| http::chain(&e.without_url()))?;
        let status = response.status();
        if !status.is_success() {
            return Err(format!("Twilio's list answered {}", status.as_u16()));
        }
        let body = http::body(response).await.ok_or("Twilio's list broke off")?;
        serde_json::from_slice(&body).map_err(|e| format!("Twilio's list could not be read: {e}"))
    }

    /// The next page, unless everything on it is older than the attempt. Never another host: the key goes along.
    pub(super) fn continues(&self, page: &Page, floor_ms: i64) -> Result<Option<Url>, String> {
        let oldest = page.messages.last().and_then(Listed::created_ms);
        if oldest.is_some_and(|at| at < floor_ms - OLD_ENOUGH_MS) {
            return Ok(None);
        }
        next_page(self.messages, page.next_page_uri.as_deref())
    }

    fn sighting(&self, listed: Listed, message: &Outgoing, floor_ms: i64) -> Option<((i64, String), Sighting)> {
        let at = listed.created_ms()?;
        let ours = at >= floor_ms
            && listed.to.as_deref() == Some(&message.to)
            && self.is_sender(&listed)
            && listed.body.as_deref().is_some_and(|body| same_words(body, &message.body));
        ours.then(|| {
            let sighting = Sighting { vendor_id: listed.sid.clone(), status: listed.status, code: listed.error_code };
            ((at, listed.sid), sighting)
        })
    }

    fn is_sender(&self, listed: &Listed) -> bool {
        match self.sender {
            Sender::Number(number) => listed.from.as_deref() == Some(number),
            Sender::Service(service) => listed.messaging_service_sid.as_deref() == Some(service),
        }
    }
}

/// The address of the page after one of `list`, if there is one.
pub(super) fn next_page(list: &Url, uri: Option<&str>) -> Result<Option<Url>, String> {
    let Some(next) = uri.filter(|uri| !uri.is_empty()) else { return Ok(None) };
    let url = list.join(next).map_err(|e| format!("Twilio's list names no next page: {e}"))?;
    if url.origin() == list.origin() {
        Ok(Some(url))
    } else {
        Err("Twilio's list continues on another host".to_owned())
    }
}

fn same_words(theirs: &str, ours: &str) -> bool {
    let theirs = theirs.strip_prefix(TRIAL).unwrap_or(theirs);
    theirs.trim_end() == ours.trim_end()
}

pub(super) fn created_ms(date: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(date).ok().map(|at| at.timestamp().as_millisecond())
}

/// The day in UTC, as the list's filter takes it.
pub(super) fn day_of(ms: i64) -> Result<String, String> {
    let at = Timestamp::from_millisecond(ms).map_err(|e| e.to_string())?;
    Ok(at.strftime("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_behind_the_line_of_a_trial_account() {
        assert!(same_words("Sent from your Twilio trial account - Hi", "Hi "));
        assert!(same_words("Hi", "Hi"));
        assert!(!same_words("Hi there", "Hi"));
    }

    #[test]
    fn dates_are_read_as_twilio_writes_them() {
        assert_eq!(created_ms("Wed, 11 Feb 2026 09:30:12 +0000"), Some(1_770_802_212_000));
        assert_eq!(created_ms("2026-02-11"), None);
        assert_eq!(day_of(1_770_802_212_000).as_deref(), Ok("2026-02-11"));
    }
}
