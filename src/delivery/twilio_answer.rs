//! What Twilio's answer to a message means. Pure: status, headers and body go in, an outcome comes out.
//!
//! The rule (<https://www.twilio.com/docs/messaging/api/message-resource>): only an answer that proves it may say
//! that nothing was sent. 429 is never processed; other refusals name their cause by code; a fault of the server
//! or an answer that cannot be read leaves the message unknown, because it may have been taken.

use super::twilio_errors::{Class, call_sentence, class, sentence};
use crate::base::sms;
use crate::outbox::channel::Outcome;
use serde::Deserialize;
use std::borrow::Cow;
use std::time::Duration;

/// 63038 says "no more today" without a time; an hour is the longest wait the outbox takes from a vendor.
const WAIT_OF_A_DAILY_LIMIT: Duration = Duration::from_secs(3_600);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer<'a> {
    #[serde(borrow)]
    sid: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Option<Loose<'a>>,
    #[serde(borrow)]
    num_segments: Option<Loose<'a>>,
    #[serde(borrow)]
    error_code: Option<Loose<'a>>,
    #[serde(borrow)]
    code: Option<Loose<'a>>,
}

/// A value that Twilio writes as text in one answer and as a number in another.
#[derive(Deserialize)]
#[serde(untagged)]
enum Loose<'a> {
    Number(i64),
    Text(#[serde(borrow)] Cow<'a, str>),
}

impl Loose<'_> {
    fn word(&self) -> Option<&str> {
        match self {
            Loose::Text(text) => Some(text),
            Loose::Number(_) => None,
        }
    }

    fn number(&self) -> Option<i64> {
        match self {
            Loose::Number(n) => Some(*n),
            Loose::Text(text) => text.parse().ok(),
        }
    }
}

/// The outcome that an HTTP answer stands for. `body` is what came of it; `words` is the text that was sent, to
/// count its parts where Twilio does not yet know them.
pub fn read(http_status: u16, retry_after: Option<Duration>, body: &[u8], words: &str) -> Outcome {
    let answer = serde_json::from_slice::<Answer<'_>>(body).unwrap_or_default();
    let code = answer.code.as_ref().and_then(Loose::number);
    match http_status {
        200..=299 => taken(answer, words),
        429 => too_much(code, retry_after),
        401 | 403 => blocked(code),
        300..=399 => Outcome::Blocked {
            reason:
                "The address set for Twilio leads somewhere else, so no texts go out; check it in the configuration."
                    .to_owned(),
            code: None,
        },
        408 | 500.. => fault(http_status, code),
        _ => refused(http_status, code, retry_after),
    }
}

/// The outcome of asking for a call: the same classes, in words of their own.
pub fn read_call(http_status: u16, retry_after: Option<Duration>, body: &[u8]) -> Outcome {
    let say = |code: Option<i64>, else_say: &str| {
        code.and_then(call_sentence).map_or_else(|| else_say.to_owned(), str::to_owned)
    };
    match read(http_status, retry_after, body, "") {
        Outcome::Accepted { vendor_id, .. } => Outcome::Accepted { vendor_id, parts: 1 },
        Outcome::NotSent { code, retry_after, .. } => {
            let reason = say(code, "Twilio asks us to slow down; the call is made by itself in a moment.");
            Outcome::NotSent { reason, code, retry_after }
        }
        Outcome::Rejected { code, .. } => {
            let number = code.map(|code| format!(" with code {code}")).unwrap_or_default();
            let reason = say(code, &format!("Twilio refused this call{number}; look for it in the log at twilio.com."));
            Outcome::Rejected { reason, code, opted_out: false }
        }
        Outcome::Blocked { code, .. } => {
            let reason =
                "Twilio does not let this account call, so no calls are made; sign in at twilio.com to see why.";
            Outcome::Blocked { reason: say(code, reason), code }
        }
        Outcome::Unknown { code, .. } => {
            let reason = "Twilio did not say whether it took the call; we are finding out whether the phone rang.";
            Outcome::Unknown { reason: reason.to_owned(), code }
        }
    }
}

fn taken(answer: Answer<'_>, words: &str) -> Outcome {
    let failed = matches!(answer.status.as_ref().and_then(Loose::word), Some("failed" | "undelivered" | "canceled"));
    // No callback ever comes for the first status, so a message born dead is refused here or never.
    if failed {
        return refused(201, answer.error_code.as_ref().and_then(Loose::number), None);
    }
    match answer.sid.filter(|sid| !sid.is_empty()) {
        Some(sid) => {
            Outcome::Accepted { vendor_id: Some(sid.into_owned()), parts: counted(answer.num_segments, words) }
        }
        None => Outcome::Unknown {
            reason: "Twilio's answer could not be read; we are finding out whether the text went out.".to_owned(),
            code: None,
        },
    }
}

/// A Messaging Service says 0 until it has picked a number.
fn counted(num_segments: Option<Loose<'_>>, words: &str) -> u32 {
    let theirs = num_segments.and_then(|n| n.number()).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
    theirs.unwrap_or_else(|| sms::parts(words).segments)
}

fn too_much(code: Option<i64>, retry_after: Option<Duration>) -> Outcome {
    let daily = (code == Some(63038)).then_some(WAIT_OF_A_DAILY_LIMIT);
    Outcome::NotSent { reason: sentence(code.unwrap_or(20429)), code, retry_after: retry_after.or(daily) }
}

fn blocked(code: Option<i64>) -> Outcome {
    Outcome::Blocked { reason: sentence(code.unwrap_or(20003)), code }
}

fn fault(http_status: u16, code: Option<i64>) -> Outcome {
    let reason = match code.filter(|code| class(*code) == Some(Class::Vendor)) {
        Some(code) => sentence(code),
        None => format!("Twilio had a fault of its own ({http_status}); we are finding out whether the text went out."),
    };
    Outcome::Unknown { reason, code }
}

fn refused(http_status: u16, code: Option<i64>, retry_after: Option<Duration>) -> Outcome {
    let reason = match code {
        Some(code) => sentence(code),
        None => format!("Twilio refused this text ({http_status}) without saying why; call, or write an e-mail."),
    };
    match code.and_then(class) {
        Some(Class::Account) => Outcome::Blocked { reason, code },
        Some(Class::Later) => Outcome::NotSent { reason, code, retry_after },
        Some(Class::OptedOut) => Outcome::Rejected { reason, code, opted_out: true },
        // A wrong path answers 404 for every message: that is the set-up, not the recipient.
        None if http_status == 404 => Outcome::Blocked { reason: sentence(20404), code },
        _ => Outcome::Rejected { reason, code, opted_out: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> &'static str {
        match name {
            "number" => include_str!("../../tests/fixtures/twilio/api-201-from-number.json"),
            "service" => include_str!("../../tests/fixtures/twilio/api-201-messaging-service.json"),
            "20003" => include_str!("../../tests/fixtures/twilio/api-error-20003.json"),
            "20404" => include_str!("../../tests/fixtures/twilio/api-error-20404.json"),
            "20429" => include_str!("../../tests/fixtures/twilio/api-error-20429.json"),
            "21211" => include_str!("../../tests/fixtures/twilio/api-error-21211.json"),
            "21408" => include_str!("../../tests/fixtures/twilio/api-error-21408.json"),
            "21610" => include_str!("../../tests/fixtures/twilio/api-error-21610.json"),
            "21614" => include_str!("../../tests/fixtures/twilio/api-error-21614.json"),
            other => panic!("no fixture {other}"),
        }
    }

    #[test]
    fn an_accepted_text_carries_its_id_and_its_parts() {
        let sid = Some("SM0f1e2d3c4b5a69788796a5b4c3d2e1f0".to_owned());

        let by_number = read(201, None, fixture("number").as_bytes(), "Hi");
        let by_service = read(201, None, fixture("service").as_bytes(), &"é".repeat(161));

        assert_eq!(by_number, Outcome::Accepted { vendor_id: sid.clone(), parts: 1 });
        assert_eq!(by_service, Outcome::Accepted { vendor_id: sid, parts: 2 });
    }

    #[test]
    fn refusals_are_told_apart_by_their_code() {
        let kind = |http, name| match read(http, None, fixture(name).as_bytes(), "Hi") {
            Outcome::Rejected { code, opted_out, .. } => ("rejected", code, opted_out),
            Outcome::Blocked { code, .. } => ("blocked", code, false),
            other => panic!("{name}: {other:?}"),
        };

        assert_eq!(kind(400, "21211"), ("rejected", Some(21211), false));
        assert_eq!(kind(400, "21408"), ("rejected", Some(21408), false));
        assert_eq!(kind(400, "21610"), ("rejected", Some(21610), true));
        assert_eq!(kind(400, "21614"), ("rejected", Some(21614), false));
        assert_eq!(kind(401, "20003"), ("blocked", Some(20003), false));
        assert_eq!(kind(404, "20404"), ("blocked", Some(20404), false));
    }

    #[test]
    fn too_many_requests_are_not_sent_and_wait_as_asked() {
        let wait = Some(Duration::from_secs(7));
        let reason = sentence(20429);

        assert_eq!(
            read(429, wait, fixture("20429").as_bytes(), "Hi"),
            Outcome::NotSent { reason: reason.clone(), code: Some(20429), retry_after: wait }
        );
        assert_eq!(
            read(429, None, b"<html>slow down</html>", "Hi"),
            Outcome::NotSent { reason, code: None, retry_after: None }
        );
    }

    #[test]
    fn the_daily_limit_and_a_full_queue_wait_too() {
        let daily = read(429, None, br#"{"code":63038,"message":"limit","status":429}"#, "Hi");
        let full = read(400, None, br#"{"code":21611,"message":"full","status":400}"#, "Hi");

        assert!(matches!(daily, Outcome::NotSent { retry_after: Some(d), .. } if d == WAIT_OF_A_DAILY_LIMIT));
        assert!(matches!(full, Outcome::NotSent { code: Some(21611), .. }));
    }

    #[test]
    fn what_proves_nothing_is_unknown() {
        for (status, body) in [
            (500, &b"{\"code\":20500,\"message\":\"x\",\"status\":500}"[..]),
            (502, b"<html>Bad gateway</html>"),
            (503, b""),
            (408, b""),
            (201, b""),
            (201, b"{\"sid\":"),
            (201, b"{\"status\":\"queued\"}"),
            (200, b"{\"sid\":\"\"}"),
        ] {
            assert!(matches!(read(status, None, body, "Hi"), Outcome::Unknown { .. }), "{status} {body:?}");
        }
    }

    #[test]
    fn a_text_that_is_born_dead_is_refused_because_no_callback_will_say_so() {
        let body = br#"{"sid":"SM1","status":"failed","error_code":30005,"num_segments":"1"}"#;

        assert!(matches!(read(201, None, body, "Hi"), Outcome::Rejected { code: Some(30005), .. }));
    }

    #[test]
    fn refusals_without_a_code_follow_their_status() {
        assert!(matches!(read(400, None, b"<html>", "Hi"), Outcome::Rejected { code: None, .. }));
        assert!(matches!(read(404, None, b"<html>", "Hi"), Outcome::Blocked { .. }));
        assert!(matches!(read(403, None, b"", "Hi"), Outcome::Blocked { .. }));
        assert!(matches!(read(302, None, b"", "Hi"), Outcome::Blocked { .. }));
    }
}
