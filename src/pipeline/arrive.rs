//! A request becomes submissions: one, or one for each event that it tells of.
//!
//! The first of several keeps the body whole as it came; each of the others keeps its own part, which reads the same
//! alone. So every receipt can be read again by itself, whatever became of the first one.

use super::cards::Card;
use super::road::{Brought, Received, Status, Submission};
use super::{Onward, Parcel, SAME_ANSWERS_MS};
use crate::base::ids::{LeadId, ReceiptId};
use crate::base::keys::sha256_hex;
use crate::base::random::Random;
use crate::intake::conceal::conceal;
use crate::intake::mapping;
use crate::intake::providers::Provider;
use crate::intake::reading::{Kind, Reading, Request};
use crate::intake::recognise::is_secret;
use crate::reply::AlertTo;
use crate::reply::handoff::{self, Tell};
use std::sync::Arc;

/// Stands among the headers of an answer that we asked for: what it was asked for, and by which number.
const ASKED_FOR: &str = "asked-for";
const ASKED_ID: &str = "asked-for-number";
const JSON: &str = "application/json";

/// More events than this in one request are not taken apart: no sender known sends more than 250.
const EVENTS_MAX: usize = 500;

impl Parcel {
    /// As providers see it.
    pub fn request<'a>(&'a self, country: &'a str) -> Request<'a> {
        Request {
            method: &self.method,
            url: &self.url,
            content_type: self.content_type.as_deref(),
            headers: &self.headers,
            query: &self.query,
            body: &self.body,
            country,
            received_at: self.received_at,
        }
    }
}

/// Takes a request apart. What was `refused` stays one, whatever it holds.
pub fn take_apart(
    card: &Arc<Card>,
    parcel: Parcel,
    refused: Option<&str>,
    random: &Random,
) -> (Vec<Submission>, Onward) {
    let (mut readings, parts) = read(card, &parcel.request(&card.business.country), refused.is_some());
    for reading in &mut readings {
        reading.files = reading.files.max(parcel.files);
    }
    let onward = Onward { asked: readings.first().and_then(|reading| reading.redirect.clone()) };
    let headers = kept_headers(&parcel.headers);
    let query = kept_query(&parcel.query);
    let several = readings.len() > 1;
    let (mut whole, mut parts) = (Some(parcel.body), parts.into_iter());
    let mut submission = |reading: Reading| {
        let now = parcel.received_at;
        let receipt_id = ReceiptId::new(random, now);
        let part = parts.next().map(String::into_bytes);
        // What tells two events of one request apart is never the whole request.
        let own = part.as_deref().or(whole.as_deref()).unwrap_or_default();
        let (dedupe_key, window_ms) = key(&reading, refused.is_some(), several, own, &receipt_id);
        Submission {
            lead_id: LeadId::new(random, now),
            told: told(card, now, random),
            headers: headers.clone(),
            query: query.clone(),
            content_type: parcel.content_type.clone(),
            body: conceal(whole.take().or(part).unwrap_or_default()),
            received_at: now,
            remote: parcel.remote.clone(),
            card: Arc::clone(card),
            reading,
            refused: refused.map(str::to_owned),
            receipt_id,
            dedupe_key,
            window_ms,
            brought: None,
        }
    };
    let submissions = readings.into_iter().map(&mut submission).collect();
    (submissions, onward)
}

/// An answer that we asked for ourselves becomes a submission like any other, with a receipt of its own. The same answer
/// to the same question is the same delivery.
pub fn bring(
    card: &Arc<Card>,
    brought: Brought,
    is_test: bool,
    body: Vec<u8>,
    now: i64,
    random: &Random,
) -> Submission {
    let answer = Request {
        method: "GET",
        url: "",
        content_type: Some(JSON),
        headers: &[],
        query: "",
        body: &body,
        country: &card.business.country,
        received_at: now,
    };
    let mut reading = card.provider().read_answer(&answer);
    mapping::apply(&mut reading, &card.provider().answers(&answer), &card.mapping, &card.business.country);
    if is_test && reading.kind == Kind::Lead {
        reading.kind = Kind::Test;
    }
    let headers = [(ASKED_FOR, brought.what.as_str()), (ASKED_ID, brought.id.as_str())];
    Submission {
        receipt_id: ReceiptId::new(random, now),
        lead_id: LeadId::new(random, now),
        told: told(card, now, random),
        headers: serde_json::to_string(&headers).unwrap_or_else(|_| "[]".to_owned()),
        query: String::new(),
        content_type: Some(JSON.to_owned()),
        dedupe_key: clip(&format!("fetched:{}:{}:{}", brought.what, brought.id, &sha256_hex(&body)[..32])),
        body: conceal(body),
        received_at: now,
        remote: None,
        card: Arc::clone(card),
        reading,
        refused: None,
        window_ms: None,
        brought: Some(brought),
    }
}

/// What was asked for, if a stored submission is an answer that we asked for. No sender's headers are kept under these
/// names.
pub fn was_asked_for(headers: &[(String, String)]) -> Option<Brought> {
    let value = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    Some(Brought { what: value(ASKED_FOR)?, id: value(ASKED_ID)?, question: None })
}

/// The events of a request, and the body of each where there are several.
fn read(card: &Card, request: &Request<'_>, as_one: bool) -> (Vec<Reading>, Vec<String>) {
    let (mut readings, parts) = take_in_pieces(card.provider(), request, as_one);
    mapping::apply_all(&mut readings, &parts, card.provider(), request, &card.mapping);
    (readings, parts)
}

fn take_in_pieces(provider: &dyn Provider, request: &Request<'_>, as_one: bool) -> (Vec<Reading>, Vec<String>) {
    if as_one {
        return (vec![provider.read(request)], Vec::new());
    }
    let readings = provider.read_all(request);
    if readings.len() <= 1 {
        return (readings, Vec::new());
    }
    let parts = provider.parts(request);
    if readings.len() <= EVENTS_MAX && parts.len() == readings.len() {
        return (readings, parts);
    }
    let mut whole = provider.read(request);
    whole.kind = Kind::Unreadable;
    whole.problem = Some(format!("{} events came at once, more than we take apart.", readings.len()));
    (vec![whole], Vec::new())
}

/// What makes it the same delivery again, and for how long that counts.
fn key(reading: &Reading, refused: bool, several: bool, body: &[u8], receipt: &ReceiptId) -> (String, Option<i64>) {
    match &reading.event_id {
        _ if refused => (format!("refused:{receipt}"), None),
        Some(id) => (format!("id:{}", clip(id)), None),
        None if several || reading.kind == Kind::Unreadable => {
            (format!("raw:{}", sha256_hex(body)), Some(SAME_ANSWERS_MS))
        }
        None => (format!("hash:{}", reading.answers_hash), Some(SAME_ANSWERS_MS)),
    }
}

/// One answer for all events of a request: the first one's receipt and lead. It came before only if all did.
pub fn together(answers: Vec<Received>) -> Option<Received> {
    let news = answers.iter().map(|answer| answer.status).find(|status| *status != Status::Duplicate);
    let first = answers.into_iter().next()?;
    Some(Received { status: news.unwrap_or(first.status), ..first })
}

/// Who of us is told at once, each with a fresh link.
pub fn told(card: &Card, now: i64, random: &Random) -> Vec<AlertTo> {
    if let Some(team) = &card.team {
        let to = |tell: &Tell| {
            let member = team.member(&tell.person)?;
            Some(AlertTo {
                id: member.id.clone(),
                phone: member.phone.clone().filter(|_| tell.by_text || (tell.by_call && !card.can_call)),
                email: member.email.clone().filter(|_| tell.by_mail),
                ring: member.phone.clone().filter(|_| card.can_call && (tell.by_call || (tell.by_text && card.rings))),
                code: crate::base::ids::new_code(random),
                digit: None,
            })
        };
        return handoff::first(team, now).tell.iter().filter_map(to).collect();
    }
    card.people
        .iter()
        .map(|person| AlertTo {
            id: person.id.clone(),
            phone: person.phone.clone(),
            email: person.email.clone(),
            ring: person.phone.clone().filter(|_| card.can_call && card.rings),
            code: crate::base::ids::new_code(random),
            digit: None,
        })
        .collect()
}

/// Ids are kept short: a hostile one must not fill the index.
fn clip(id: &str) -> String {
    if id.len() <= 120 { id.to_owned() } else { sha256_hex(id.as_bytes()) }
}

/// The headers worth keeping: what names the delivery, the sender and the shape. Signatures and keys are not kept.
fn kept_headers(headers: &[(String, String)]) -> String {
    let kept: Vec<(&str, &str)> = headers
        .iter()
        .filter(|(name, _)| {
            matches!(name.as_str(), "content-type" | "user-agent" | "origin" | "referer" | "accept" | "x-request-id")
                || name.ends_with("-id")
                || name.ends_with("-topic")
                || name.ends_with("-event")
        })
        .map(|(name, value)| (name.as_str(), value.get(..value.len().min(500)).unwrap_or("")))
        .collect();
    serde_json::to_string(&kept).unwrap_or_else(|_| "[]".to_owned())
}

/// The query without what may be a secret.
fn kept_query(query: &str) -> String {
    if query.is_empty() {
        return String::new();
    }
    let kept = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| !matches!(name.as_ref(), "secret" | "key" | "token") && !is_secret(name));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(status: Status, receipt: &str) -> Received {
        Received { status, receipt: receipt.to_owned(), lead: None, problem: None }
    }

    #[test]
    fn a_request_of_several_events_is_a_duplicate_only_if_all_of_them_are() {
        use Status::{Accepted, Duplicate, Ignored};

        let told = |list: &[Status]| {
            let all = list.iter().enumerate().map(|(n, status)| received(*status, &n.to_string())).collect();
            together(all).map(|one| (one.status, one.receipt))
        };

        assert_eq!(told(&[Duplicate, Duplicate]), Some((Duplicate, "0".to_owned())));
        assert_eq!(told(&[Duplicate, Accepted]), Some((Accepted, "0".to_owned())));
        assert_eq!(told(&[Ignored, Accepted]), Some((Ignored, "0".to_owned())));
        assert_eq!(told(&[]), None);
    }

    #[test]
    fn secrets_in_the_address_are_not_kept() {
        assert_eq!(kept_query("utm=a&secret=s&key=k&access_key=a&g-recaptcha-response=r&x=1"), "utm=a&x=1");
    }
}
