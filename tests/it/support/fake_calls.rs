//! The Calls API of the fake Twilio, and the truth about every call it placed. It rings nobody by itself: who picks up and
//! which key is pressed is the test's to say.

use super::fake_twilio::{ACCOUNT, Answer, FakeTwilio, Inner, NUMBER, json};
use super::twilio_wire::{error, rfc2822};
use serde_json::{Value, json};
use std::collections::HashMap;
use url::form_urlencoded;

/// A call that the fake took over: the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub sid: String,
    pub to: String,
    pub from: String,
    /// Where it asks what to say.
    pub url: String,
    pub status_callback: Option<String>,
    pub timeout_secs: u32,
    pub status: String,
    pub created_ms: i64,
    /// From when on the list shows it.
    pub visible_ms: i64,
}

impl FakeTwilio {
    /// Every call taken over so far, in order.
    pub fn placed(&self) -> Vec<Placed> {
        self.truth().calls.clone()
    }
}

/// Takes a call over, or refuses it as the real one would.
pub(super) fn place(inner: &Inner, fields: &HashMap<String, String>) -> Answer {
    let mut truth = inner.truth.lock().unwrap();
    if let Some((status, code, message)) = objection(fields) {
        return json(status, &error(status, code, message));
    }
    let now = inner.clock.now_ms();
    let call = Placed {
        sid: format!("CA{:032x}", truth.calls.len() + 1),
        to: fields["To"].clone(),
        from: fields["From"].clone(),
        url: fields["Url"].clone(),
        status_callback: fields.get("StatusCallback").cloned(),
        timeout_secs: fields.get("Timeout").map_or(60, |secs| secs.parse().unwrap()),
        status: "queued".to_owned(),
        created_ms: now,
        visible_ms: if truth.list_lag_ms == 0 { i64::MIN } else { now + truth.list_lag_ms },
    };
    let answer = json(201, &resource(&call));
    truth.calls.push(call);
    answer
}

/// One page of the list, newest first; the pages after it are not needed here.
pub(super) fn list(inner: &Inner, query: &str) -> Answer {
    let mut truth = inner.truth.lock().unwrap();
    truth.lists += 1;
    if truth.broken_lists > 0 {
        truth.broken_lists -= 1;
        return json(500, &error(500, 20500, "An internal server error has occurred"));
    }
    let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let now = inner.clock.now_ms();
    let is = |name: &str, value: &str| asked.get(name).is_none_or(|wanted| wanted == value);
    let fits = |call: &&Placed| call.visible_ms <= now && is("To", &call.to) && is("From", &call.from);
    let calls: Vec<Value> = truth.calls.iter().rev().filter(fits).map(resource).collect();
    json(200, &json!({ "calls": calls, "next_page_uri": null, "page": 0, "page_size": 100, "start": 0 }))
}

/// What Twilio would object to. The magic numbers are those of its test credentials.
fn objection(fields: &HashMap<String, String>) -> Option<(u16, i64, &'static str)> {
    let get = |name| fields.get(name).map_or("", String::as_str);
    let has_host = |url: &str| url.split('/').nth(2).is_some_and(|host| !host.is_empty() && !host.contains('_'));
    match (get("To"), get("From")) {
        ("", _) => Some((400, 21201, "No 'To' number is specified")),
        ("+15005550001", _) => Some((400, 21217, "Phone number does not appear to be valid")),
        ("+15005550002", _) => Some((400, 21214, "'To' phone number cannot be reached")),
        ("+15005550003", _) => Some((400, 21215, "Account not authorized to call this country")),
        ("+15005550004", _) => Some((400, 21216, "Account not allowed to call this number")),
        (_, "") => Some((400, 21213, "'From' phone number is required")),
        (_, from) if from != NUMBER => Some((400, 21210, "'From' phone number not verified")),
        _ if !has_host(get("Url")) => Some((400, 21205, "Url is not a valid URL")),
        _ => None,
    }
}

/// The call resource, as a POST answers it and as the list shows it.
fn resource(call: &Placed) -> Value {
    let uri = format!("/2010-04-01/Accounts/{ACCOUNT}/Calls/{}", call.sid);
    json!({
        "account_sid": ACCOUNT,
        "answered_by": null,
        "api_version": "2010-04-01",
        "caller_name": null,
        "date_created": rfc2822(call.created_ms),
        "date_updated": rfc2822(call.created_ms),
        "direction": "outbound-api",
        "duration": null,
        "end_time": null,
        "forwarded_from": null,
        "from": call.from,
        "group_sid": null,
        "parent_call_sid": null,
        "price": null,
        "price_unit": "USD",
        "sid": call.sid,
        "start_time": null,
        "status": call.status,
        "to": call.to,
        "uri": format!("{uri}.json"),
    })
}
