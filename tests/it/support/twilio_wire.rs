//! Twilio's JSON and forms, byte for byte in the shape of the real ones.

use leadbell::base::sms;
use serde_json::{Value, json};
use url::form_urlencoded;

/// One text that the fake took over: the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub sid: String,
    pub to: String,
    pub from: Option<String>,
    pub service: Option<String>,
    pub body: String,
    pub status_callback: Option<String>,
    pub validity_secs: Option<u32>,
    /// Status as the list shows it, and the code with it.
    pub status: String,
    pub code: Option<i64>,
    pub created_ms: i64,
    pub sent_ms: Option<i64>,
    /// From when on the list shows it.
    pub visible_ms: i64,
    /// `outbound-api`, or `inbound` for a text to our number.
    pub direction: &'static str,
}

/// A POST as Twilio sends it: address, form, signature.
#[derive(Clone, Debug)]
pub struct Signed {
    pub url: String,
    pub form: String,
    pub signature: String,
}

impl Signed {
    pub fn new(auth_token: &str, url: &str, fields: &[(&str, &str)]) -> Self {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let signature = leadbell::base::twilio_signature::sign(auth_token, url, form.as_bytes());
        Signed { url: url.to_owned(), form, signature }
    }

    /// Path and query, for an app that is called without a socket.
    pub fn path(&self) -> &str {
        let after_scheme = self.url.find("://").map_or(0, |at| at + 3);
        self.url[after_scheme..].find('/').map_or("/", |at| &self.url[after_scheme + at..])
    }
}

/// The error JSON of the API.
pub fn error(status: u16, code: i64, message: &str) -> Value {
    json!({
        "code": code,
        "message": message,
        "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
        "status": status,
    })
}

/// The message resource, as a POST answers it and as the list shows it.
pub fn resource(account: &str, m: &Accepted) -> Value {
    let uri = format!("/2010-04-01/Accounts/{account}/Messages/{}", m.sid);
    // A Messaging Service has picked no number yet when it answers, so it counts no parts.
    let segments = if m.from.is_none() { 0 } else { sms::parts(&m.body).segments };
    json!({
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": m.body,
        "date_created": rfc2822(m.created_ms),
        "date_sent": m.sent_ms.map(rfc2822),
        "date_updated": rfc2822(m.created_ms),
        "direction": m.direction,
        "error_code": m.code,
        "error_message": null,
        "from": m.from,
        "messaging_service_sid": m.service,
        "num_media": "0",
        "num_segments": segments.to_string(),
        "price": null,
        "price_unit": null,
        "sid": m.sid,
        "status": m.status,
        "subresource_uris": { "media": format!("{uri}/Media.json") },
        "to": m.to,
        "uri": format!("{uri}.json"),
    })
}

/// One page of the list, newest first.
pub fn page(account: &str, messages: &[&Accepted], query: &str, number: usize, size: usize) -> Value {
    let at = |n: usize| format!("/2010-04-01/Accounts/{account}/Messages.json?{query}&Page={n}&PageToken=PASM{n}");
    let start = number * size;
    let shown: Vec<Value> = messages.iter().skip(start).take(size).map(|m| resource(account, m)).collect();
    let more = messages.len() > start + shown.len();
    json!({
        "end": (start + shown.len()).saturating_sub(1),
        "first_page_uri": format!("/2010-04-01/Accounts/{account}/Messages.json?{query}&Page=0"),
        "next_page_uri": more.then(|| at(number + 1)),
        "page": number,
        "page_size": size,
        "previous_page_uri": (number > 0).then(|| at(number - 1)),
        "start": start,
        "uri": format!("/2010-04-01/Accounts/{account}/Messages.json?{query}&Page={number}"),
        "messages": shown,
    })
}

/// What the magic numbers of the test credentials answer: status, code, message.
pub fn magic(to: &str, from: Option<&str>) -> Option<(u16, i64, &'static str)> {
    let by_sender = match from {
        Some("+15005550001") => Some((400, 21212, "The 'From' number is not a valid phone number.")),
        Some("+15005550007") => Some((400, 21606, "The 'From' phone number is not a valid, SMS-capable number.")),
        Some("+15005550008") => {
            Some((400, 21611, "This 'From' number has exceeded the maximum number of queued messages."))
        }
        _ => None,
    };
    by_sender.or(match to {
        "+15005550001" => Some((400, 21211, "The 'To' number is not a valid phone number.")),
        "+15005550002" => Some((400, 21612, "The 'To' phone number is not currently reachable via SMS.")),
        "+15005550003" => Some((400, 21408, "Permission to send an SMS has not been enabled for the region.")),
        "+15005550004" => Some((400, 21610, "Attempt to send to unsubscribed recipient")),
        "+15005550009" => Some((400, 21614, "'To' number is not a mobile number")),
        _ => None,
    })
}

pub fn rfc2822(ms: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(ms).unwrap().to_zoned(jiff::tz::TimeZone::UTC);
    jiff::fmt::rfc2822::to_string(&at).unwrap()
}
