//! What each vendor's file makes of a request: the same each time, nothing that breaks out of its line, and of events
//! that came together each what it would say alone.

use super::{BODY_MAX, Target};
use crate::corpus::Corpus;
use crate::parcel::unpack;
use leadbell::intake::mapping::{apply, place};
use leadbell::intake::providers::{self, Provider};
use leadbell::intake::reading::{About, Kind, Reading};
use leadbell::lead::mapping::{Field, Mapping, Meaning};

pub fn targets(corpus: &Corpus) -> Vec<Target> {
    let mut all: Vec<Target> = providers::all().iter().map(|provider| target(*provider, corpus)).collect();
    all.push(Target {
        name: "mapping".to_owned(),
        inputs: 100,
        seeds: corpus.sent.iter().map(|one| one.parcel.clone()).collect(),
        most: BODY_MAX,
        check: Box::new(overruled),
    });
    all
}

/// Whatever meanings are given to whatever fields, nothing hostile comes out and nobody is lost.
fn overruled(bytes: &[u8]) {
    let parcel = unpack(bytes);
    let request = parcel.request();
    let provider =
        providers::all()[bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>() % providers::all().len()];
    let answers = provider.answers(&request);
    let before = provider.read(&request);
    for turn in 0..3 {
        let field = |(n, answer)| Field { place: place(answer), is: Meaning::ALL[(n * 5 + turn * 3) % 8] };
        let mapping = Mapping::of(answers.iter().enumerate().filter(|(n, _)| n % 3 == turn).map(field));
        let mut reading = before.clone();

        apply(&mut reading, &answers, &mapping, "US");

        is_harmless(&reading);
        assert!(before.kind != Kind::Lead || reading.kind == Kind::Lead, "a mapping cost a lead");
        assert_eq!(Mapping::parse(&mapping.to_json().unwrap_or_default()), mapping);
    }
}

fn target(provider: &'static dyn Provider, corpus: &Corpus) -> Target {
    let folder = if provider.id() == "generic" { "generic-" } else { provider.id() };
    let (own, others): (Vec<_>, Vec<_>) = corpus.sent.iter().partition(|one| one.vendor.starts_with(folder));
    assert!(!own.is_empty(), "{} has no fixtures", provider.id());
    // Its own as often as everybody else's together.
    let own = own.iter().cycle().take(others.len());
    Target {
        name: format!("vendor-{}", provider.id()),
        inputs: 25,
        seeds: own.chain(&others).map(|one| one.parcel.clone()).collect(),
        most: BODY_MAX,
        check: Box::new(move |bytes| check(provider, bytes)),
    }
}

fn check(provider: &dyn Provider, bytes: &[u8]) {
    let parcel = unpack(bytes);
    let request = parcel.request();

    let readings = provider.read_all(&request);

    assert!(!readings.is_empty(), "it says nothing at all");
    readings.iter().for_each(is_harmless);
    assert_eq!(readings, provider.read_all(&request), "it says something else each time");
    let parts = provider.parts(&request);
    assert!(parts.is_empty() || parts.len() == readings.len(), "{} parts, {} events", parts.len(), readings.len());
    for (part, reading) in parts.iter().zip(&readings).take(20) {
        let alone = provider.read_all(&leadbell::intake::reading::Request { body: part.as_bytes(), ..request });
        assert_eq!(alone.as_slice(), std::slice::from_ref(reading), "alone it says something else: {part}");
    }
    is_harmless(&provider.read_answer(&request));
    provider.handshake(&request, &["secret"]);
}

/// Nothing of it can break out of a line, a header or a page's direction.
fn is_harmless(reading: &Reading) {
    let payment = match &reading.about {
        About::Payment(payment) => Some(payment),
        _ => None,
    };
    let booking = match &reading.about {
        About::Booking(booking) => Some(booking),
        _ => None,
    };
    let lines = [&reading.name, &reading.first_name, &reading.phone_as_given, &reading.page, &reading.event_id];
    let of_payment = payment.iter().flat_map(|p| p.reason.iter().chain(&p.what).chain(&p.references).chain(&p.refund));
    let of_booking = booking.iter().flat_map(|b| b.what.iter().chain(&b.starts));
    let consent = reading.consent.iter().flat_map(|consent| [&consent.field, &consent.words]);
    let labels = reading.fields.iter().map(|field| &field.label);
    for line in lines.into_iter().flatten().chain(of_payment).chain(of_booking).chain(consent).chain(labels) {
        assert!(!line.chars().any(is_hostile), "{line:?}");
    }
    for text in reading.fields.iter().map(|field| &field.value).chain(&reading.message).chain(&reading.problem) {
        assert!(!text.chars().any(|c| c != '\n' && is_hostile(c)), "{text:?}");
    }
    assert!(payment.is_none_or(|payment| !payment.references.is_empty()));
    assert!(reading.name.as_ref().is_none_or(|name| name.chars().count() <= 200));
}

fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c), 0x200E | 0x200F | 0x202A..=0x202E | 0x2028 | 0x2029 | 0x2066..=0x2069 | 0xFEFF)
}
