//! Every recorded payload is read by the provider of its folder, and by the generic reader where there is none yet.

use super::super::providers;
use super::super::reading::{About, Kind, Reading, Request};
use crate::lead::keyword::Keyword;
use crate::lead::reading::PaymentState;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// How many of a hundred expectations the generic reader alone must meet.
const GENERIC_MIN_PERCENT: usize = 95;

struct Fixture {
    folder: String,
    stem: String,
    body: Vec<u8>,
    expect: Value,
}

fn fixtures() -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/intake");
    let mut expectations: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".expect.json"))
        .collect();
    expectations.sort();
    expectations.iter().map(|path| load(path)).collect()
}

fn load(path: &Path) -> Fixture {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let stem = name.trim_end_matches(".expect.json").to_owned();
    let body = ["form", "json", "multipart", "txt"]
        .iter()
        .find_map(|ext| std::fs::read(path.with_file_name(format!("{stem}.{ext}"))).ok())
        .unwrap_or_else(|| panic!("{} has no payload beside it", path.display()));
    let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
    Fixture { folder, stem, body, expect: serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() }
}

impl Fixture {
    fn headers(&self) -> Vec<(String, String)> {
        self.expect["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.to_ascii_lowercase(), value.as_str()?.to_owned())))
            .collect()
    }

    fn request<'a>(&'a self, headers: &'a [(String, String)]) -> Request<'a> {
        Request {
            method: "POST",
            url: "",
            content_type: self.expect["content_type"].as_str(),
            headers,
            query: "",
            body: &self.body,
            country: "US",
            received_at: 0,
        }
    }

    fn read(&self, provider: &dyn providers::Provider) -> Reading {
        let readings = provider.read_all(&self.request(&self.headers()));
        readings.into_iter().next().expect("at least one reading")
    }

    /// What the payload is, in the fixtures' words.
    fn kind(&self) -> &str {
        match self.expect["expected"]["kind"].as_str().unwrap_or("lead") {
            "message_status" => "ignored",
            kind => kind,
        }
    }

    /// Whether a person can be read from it without knowing the vendor.
    fn is_somebody(&self) -> bool {
        matches!(self.kind(), "lead" | "booking" | "spam" | "test" | "ping")
            && !matches!(self.folder.as_str(), "stripe" | "square" | "shopify" | "woocommerce" | "paddle" | "razorpay")
    }

    /// The expectations that a reading misses, and how many there were.
    fn judge(&self, reading: &Reading) -> (Vec<String>, usize) {
        let want = &self.expect["expected"];
        let (kind, about) = sort(reading);
        let mut missed = Vec::new();
        if kind != self.kind() && about != self.kind() {
            missed.push(format!("it is {kind} {about}, not {}", self.kind()));
        }
        if matches!(self.kind(), "ping" | "test" | "spam" | "ignored") {
            return (missed, 1);
        }
        let e164 = reading.phone.as_ref().map(|p| p.as_str());
        let got = [
            ("name", reading.name.as_deref()),
            ("email", reading.email.as_ref().map(|e| e.as_str())),
            ("phone", reading.phone_as_given.as_deref()),
            ("message", reading.message.as_deref()),
        ];
        let mut count = 1;
        for (key, got) in got {
            count += 1;
            if !self.accepts(key, got) {
                missed.push(format!("{key} is {got:?}, not {}", want[key]));
            }
        }
        if let Some(number) = want["phone_e164"].as_str() {
            count += 1;
            if e164 != Some(number) {
                missed.push(format!("phone_e164 is {e164:?}, not {number}"));
            }
        }
        (missed, count)
    }

    /// What only the vendor's own file knows: ids, money, what to ask for, how many events came at once.
    fn judge_vendor(&self, provider: &dyn providers::Provider, reading: &Reading) -> Vec<String> {
        let want = &self.expect["expected"];
        let mut missed = Vec::new();
        // Some ids alone are not unique: the event's kind or time stands beside them.
        let id = reading.event_id.as_deref();
        let want_id = want["event_id"].as_str();
        if !(id == want_id || id.zip(want_id).is_some_and(|(id, want)| id.contains(want))) {
            missed.push(format!("event_id is {id:?}, not {want_id:?}"));
        }
        let payment = match &reading.about {
            About::Payment(payment) => Some(payment),
            _ => None,
        };
        let money = payment.map(|p| (p.money.minor, p.money.currency.as_str()));
        if money != want["amount_minor"].as_i64().zip(want["currency"].as_str()) {
            missed.push(format!("money is {money:?}, not {} {}", want["amount_minor"], want["currency"]));
        }
        if let Some(reference) = want["payment_ref"].as_str()
            && !payment.is_some_and(|p| p.references.iter().any(|r| r == reference))
        {
            missed.push(format!("no payment {reference}"));
        }
        let events = provider.read_all(&self.request(&self.headers())).len();
        if let Some(number) = want["events"].as_u64()
            && events as u64 != number
        {
            missed.push(format!("{events} events, not {number}"));
        }
        missed
    }

    fn accepts(&self, key: &str, got: Option<&str>) -> bool {
        let lists = |field: &str, value: Option<&str>| {
            self.expect[field].as_array().is_some_and(|all| all.iter().any(|one| one.as_str() == value))
        };
        // An empty text is no message.
        got == self.expect["expected"][key].as_str().filter(|text| !text.is_empty())
            || lists("optional", Some(key))
            || lists(&format!("accept_{key}"), got)
    }
}

/// What a reading is, twice: as a submission, and by what it is about. Words of the fixtures.
fn sort(reading: &Reading) -> (&'static str, &'static str) {
    let kind = match reading.kind {
        Kind::Lead if reading.fetch.is_some() => "needs_fetch",
        Kind::Lead => "lead",
        Kind::Test => "test",
        Kind::Ignored => "ignored",
        Kind::Spam => "spam",
        Kind::Unreadable => "unreadable",
    };
    let about = match &reading.about {
        About::Payment(payment) => match payment.state {
            PaymentState::Paid => "payment",
            PaymentState::Pending => "payment_pending",
            PaymentState::Failed => "payment_failed",
            PaymentState::Refunded => "refund",
        },
        About::Booking(booking) if booking.is_cancelled => "booking_cancelled",
        About::Booking(_) => "booking",
        About::Text if reading.kind == Kind::Lead => "inbound_sms",
        About::Keyword(Keyword::Stop) => "opt_out",
        About::Keyword(Keyword::Start) => "opt_in",
        About::Call if reading.kind == Kind::Lead || reading.phone.is_none() => "missed_call",
        About::Call => "call",
        _ if reading.kind == Kind::Ignored => "ping",
        _ => kind,
    };
    (kind, about)
}

#[test]
fn every_recorded_payload_is_read_by_its_provider() {
    let mut missed = Vec::new();
    for fixture in fixtures() {
        let is_generic = fixture.folder.starts_with("generic-");
        let provider = providers::find(&fixture.folder).or(is_generic.then(providers::generic));
        let Some(provider) = provider else { panic!("{} has no provider", fixture.folder) };
        let reading = fixture.read(provider);

        let (mut misses, _) = fixture.judge(&reading);

        misses.extend(fixture.judge_vendor(provider, &reading));
        missed.extend(misses.iter().map(|miss| format!("{}/{}: {miss}", fixture.folder, fixture.stem)));
    }

    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

#[test]
fn the_generic_reader_alone_reads_nearly_every_sender() {
    let mut missed = Vec::new();
    let mut count = 0;
    for fixture in fixtures().iter().filter(|fixture| fixture.is_somebody()) {
        let (misses, of) = fixture.judge(&fixture.read(providers::generic()));

        count += of;
        missed
            .extend(misses.iter().map(|miss| format!("{:<28} {miss}", format!("{}/{}", fixture.folder, fixture.stem))));
    }

    let percent = 100 - missed.len() * 100 / count;
    println!("{} of {count} expectations met\n{}", count - missed.len(), missed.join("\n"));
    assert!(count >= 200, "{count} expectations");
    assert!(percent >= GENERIC_MIN_PERCENT, "{percent} % of {count}\n{}", missed.join("\n"));
}
