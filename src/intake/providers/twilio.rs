//! Twilio, with the address as the webhook of a number: who texts is a lead, and so is who rings and is not answered.
//! Keywords switch texts off and on. Signed over the public address and all fields, with the account's auth token, which
//! is the secret here; a replay is known by the id of the message.

use super::vendor::{Proof, Vendor, concerns_nobody};
use super::{NOTHING_TO_SAY, Refusal};
use crate::base::text::{clean_line, clean_text};
use crate::base::twilio_signature::{Callback, HEADER, is_genuine};
use crate::intake::node::Node;
use crate::intake::reading::{About, Field, Kind, Reading, Request};
use crate::lead::contact::Phone;
use crate::lead::keyword::{Keyword, keyword, named};

/// See the file's head.
pub static TWILIO: Vendor = Vendor {
    id: "twilio",
    name: "Twilio",
    kind: "text",
    proof: Proof::Own(verify),
    answer: Some(("text/xml", NOTHING_TO_SAY)),
    refine: event,
    ..Vendor::PLAIN
};

/// How callers without a number are written: `ANONYMOUS`, `RESTRICTED` and so on, spelled on a keypad.
const WITHHELD: &[&str] = &["anonymous", "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"];

fn verify(request: &Request<'_>, secrets: &[&str], _now_ms: i64) -> Result<(), Refusal> {
    let signatures: Vec<&[u8]> = request.all(HEADER).into_iter().map(str::as_bytes).collect();
    if signatures.is_empty() {
        return Err(Refusal::because(format!("No signature came with this: the header {HEADER} is missing.")));
    }
    let callback = Callback {
        method: request.method,
        url: request.url,
        content_type: request.content_type,
        signatures: &signatures,
        body: request.body,
    };
    if is_genuine(&callback, secrets) {
        return Ok(());
    }
    Err(Refusal::because(
        "The signature does not fit. Compare the auth token, and the address at Twilio with the one here.",
    ))
}

fn event(reading: &mut Reading, _tree: &Node, request: &Request<'_>) {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(request.body).into_owned().collect();
    let field =
        |name: &str| form.iter().find(|(n, _)| n == name).map(|(_, value)| value.trim()).filter(|v| !v.is_empty());
    let sid = field("MessageSid").or(field("SmsMessageSid")).or(field("SmsSid"));
    nobody_yet(reading);
    match (sid, field("CallSid")) {
        (Some(sid), _) if field("MessageStatus").is_some() => {
            concerns_nobody(reading, TWILIO.name);
            let status = field("MessageStatus").unwrap_or_default();
            reading.event_id = Some(format!("{sid}:{status}"));
            who(reading, field("To"), request.country);
        }
        (Some(sid), _) => {
            reading.event_id = Some(sid.to_owned());
            who(reading, field("From"), request.country);
            reading.name = field("ProfileName").map(|name| clean_line(name, 200)).filter(|name| !name.is_empty());
            reading.message = field("Body").map(|body| clean_text(body, 1_600)).filter(|body| !body.is_empty());
            reading.files = field("NumMedia").and_then(|n| n.parse().ok()).unwrap_or(0);
            let place = [field("FromCity"), field("FromState")].into_iter().flatten().collect::<Vec<_>>().join(", ");
            let pictures = (reading.files > 0).then(|| ("Pictures".to_owned(), reading.files.to_string()));
            let place = (!place.is_empty()).then(|| ("From".to_owned(), clean_line(&place, 120)));
            reading.fields = place.into_iter().chain(pictures).map(|(label, value)| Field { label, value }).collect();
            let word = field("OptOutType").and_then(named);
            text(reading, word.or_else(|| keyword(reading.message.as_deref().unwrap_or(""), false)));
        }
        (None, Some(sid)) => {
            reading.event_id = Some(sid.to_owned());
            who(reading, field("From").filter(|from| !WITHHELD.contains(from)), request.country);
            reading.about = About::Call;
            call(reading, field("DialCallStatus"));
        }
        (None, None) => concerns_nobody(reading, TWILIO.name),
    }
}

/// What was recognised by its looks is forgotten: only Twilio's own fields count.
fn nobody_yet(reading: &mut Reading) {
    let kind = if reading.kind == Kind::Test { Kind::Test } else { Kind::Lead };
    *reading =
        Reading { kind, problem: None, consent: None, name: None, first_name: None, email: None, ..reading.clone() };
    (reading.phone, reading.phone_as_given, reading.message, reading.page) = (None, None, None, None);
    reading.fields.clear();
}

fn who(reading: &mut Reading, given: Option<&str>, country: &str) {
    let given = given.map(|given| clean_line(given.strip_prefix("whatsapp:").unwrap_or(given), 60));
    reading.phone = given.as_deref().and_then(|given| Phone::parse(given, country));
    reading.phone_as_given = given;
}

fn text(reading: &mut Reading, word: Option<Keyword>) {
    reading.about = word.map_or(About::Text, About::Keyword);
    let said = match word {
        Some(Keyword::Stop) => "They asked not to be texted.",
        Some(Keyword::Start) => "They may be texted again.",
        Some(Keyword::Help) => "They asked who this is; Twilio answers that.",
        None if reading.phone.is_some() => return,
        None => {
            reading.kind = Kind::Unreadable;
            reading.problem = Some("A text from a number that cannot be answered.".to_owned());
            return;
        }
    };
    reading.kind = Kind::Ignored;
    reading.problem = Some(said.to_owned());
}

/// Who hears a ring that nobody answers waits for a call back; who was answered, or hides the number, does not.
fn call(reading: &mut Reading, dialled: Option<&str>) {
    let is_missed = matches!(dialled, Some("no-answer" | "busy" | "failed"));
    if is_missed && reading.phone.is_some() {
        return;
    }
    reading.kind = Kind::Ignored;
    let why = if is_missed { "A missed call from a hidden number." } else { "A call that was not missed." };
    reading.problem = Some(why.to_owned());
}
