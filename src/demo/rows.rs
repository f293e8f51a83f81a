//! Stories become rows: what each form said, which messages went out, and the timeline of it all.

use super::story::{Sort, Story};
use crate::base::clock::{DAY_MS, HOUR_MS, SECOND_MS};
use crate::base::ids::{LeadId, MessageId, ReceiptId, new_token};
use crate::base::keys::sha256_hex;
use crate::base::random::Random;
use crate::delivery::twilio_errors;
use crate::lead::contact::{Email, Phone};
use crate::lead::reading::{About, Consent, Field, Kind, Reading};
use crate::lead::shop::{Business, Person, Source};
use crate::lead::wording::Wording;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose, State};
use crate::reply::{AlertTo, Occasion, plan};
use url::form_urlencoded;

/// Everything around the stories.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The shop.
    pub business: &'a Business,
    /// Who is told.
    pub people: &'a [Person],
    /// Where leads come in, with tokens.
    pub sources: &'a [(Source, String)],
    /// What links start with.
    pub public_url: &'a str,
    /// For ids and link codes.
    pub random: &'a Random,
    /// The present.
    pub now_ms: i64,
}

/// Rows of every table, ready to be stored.
#[derive(Default)]
pub struct Rows {
    /// With their receipts.
    pub leads: Vec<LeadRow>,
    /// With what became of them.
    pub messages: Vec<(Draft, Fate)>,
    /// Timelines.
    pub events: Vec<EventRow>,
    /// Links in alerts: code, lead, person (by position), digit, when.
    pub links: Vec<(String, LeadId, usize, u8, i64)>,
}

/// A lead, its receipt and its clocks.
pub struct LeadRow {
    /// The lead.
    pub id: LeadId,
    /// Its receipt.
    pub receipt_id: ReceiptId,
    /// Which source.
    pub source: usize,
    /// What was read.
    pub reading: Reading,
    /// The raw form.
    pub body: String,
    /// What happened, with all instants.
    pub story: Story,
}

/// What became of a message.
pub struct Fate {
    /// Where it stands.
    pub state: State,
    /// Why, if it failed.
    pub reason: Option<String>,
    /// The vendor's code, if it failed.
    pub code: Option<i64>,
    /// The vendor's id.
    pub vendor_id: String,
    /// When the vendor took it.
    pub accepted_at: i64,
    /// When it arrived, as far as the vendor says.
    pub delivered_at: Option<i64>,
}

/// One line of a timeline.
pub struct EventRow {
    /// The lead.
    pub lead_id: LeadId,
    /// When.
    pub at: i64,
    /// Its word.
    pub kind: &'static str,
    /// Who; `None` is the machine.
    pub by: Option<String>,
    /// Words, or a message id.
    pub detail: Option<String>,
}

/// The rows of all stories.
pub fn of(scene: &Scene<'_>, stories: &[Story]) -> Rows {
    let mut rows = Rows::default();
    let mut fresh_digits = (1..=9).cycle();
    for story in stories {
        let digit = if story.at > scene.now_ms - DAY_MS { fresh_digits.next().unwrap_or(1) } else { 1 };
        add(scene, story, digit, &mut rows);
    }
    rows.events.sort_by_key(|event| event.at);
    rows
}

fn add(scene: &Scene<'_>, story: &Story, digit: u8, rows: &mut Rows) {
    let lead = LeadRow {
        id: LeadId::new(scene.random, story.at),
        receipt_id: ReceiptId::new(scene.random, story.at),
        source: story.source,
        reading: reading(story, scene.business),
        body: form(story, scene.business),
        story: story.clone(),
    };
    let mut told: Vec<AlertTo> = Vec::new();
    for (n, person) in scene.people.iter().enumerate() {
        let code = new_token(scene.random);
        let (phone, email) = (person.phone.clone(), person.email.clone());
        told.push(AlertTo { id: person.id.clone(), phone, email, ring: None, code: code.clone(), digit: Some(digit) });
        if story.sort != Sort::Spam {
            rows.links.push((code, lead.id.clone(), n, digit, story.at));
        }
    }
    timeline(scene, &lead, rows);
    if story.sort != Sort::Spam {
        messages(scene, &lead, &told, rows);
    }
    rows.leads.push(lead);
}

fn messages(scene: &Scene<'_>, lead: &LeadRow, told: &[AlertTo], rows: &mut Rows) {
    let story = &lead.story;
    let usual = Wording::default();
    let occasion = Occasion {
        business: scene.business,
        owner: scene.people.first(),
        source: &scene.sources[lead.source].0,
        lead_id: &lead.id,
        reading: &lead.reading,
        is_test: story.sort == Sort::Test,
        again: None,
        first_free: true,
        opted_out: false,
        wants_no_texts: false,
        blocked: None,
        keys: None,
        topic: None,
        told,
        wording: &usual,
        remote: None,
        public_url: scene.public_url,
        now: story.at,
    };
    for draft in plan(&occasion, scene.random).drafts {
        let vendor_id = vendor_id(draft.medium, &draft.id);
        let (accepted_at, delivered_at) = match (draft.purpose, story.first_text, story.alerted_at) {
            (Purpose::LeadReply, Some((accepted, delivered)), _) => (accepted, delivered),
            (_, _, Some(alerted)) => (alerted, alerted + 2 * SECOND_MS),
            _ => (story.at + SECOND_MS, story.at + 3 * SECOND_MS),
        };
        if draft.purpose == Purpose::LeadReply && draft.medium == Medium::Sms && story.landline {
            refused_by_landline(lead, draft, vendor_id, (accepted_at, delivered_at), rows);
            continue;
        }
        let delivered_at = (draft.medium == Medium::Sms && delivered_at < scene.now_ms).then_some(delivered_at);
        let state = if delivered_at.is_some() { State::Delivered } else { State::Accepted };
        let fate = Fate { state, reason: None, code: None, vendor_id, accepted_at, delivered_at };
        send(lead, draft, fate, rows);
    }
}

/// The carrier took the text, found a landline, and the same was said by mail.
fn refused_by_landline(
    lead: &LeadRow,
    text: Draft,
    vendor_id: String,
    (accepted_at, failed_at): (i64, i64),
    rows: &mut Rows,
) {
    let mail = text.fallback.clone().map(|fallback| Draft {
        id: MessageId::from(format!("{}m", text.id)),
        step: format!("{}:mail", text.step),
        medium: Medium::Mail,
        recipient: fallback.to,
        subject: fallback.subject,
        body: fallback.body,
        parts: 1,
        queued_at: failed_at,
        due_at: failed_at,
        expires_at: failed_at + HOUR_MS,
        fallback: None,
        ..text.clone()
    });
    let reason = Some(twilio_errors::sentence(LANDLINE));
    rows.events.push(event(lead, failed_at, "message_failed", None, Some(text.id.to_string())));
    let fate = Fate { state: State::Failed, reason, code: Some(LANDLINE), vendor_id, accepted_at, delivered_at: None };
    send(lead, text, fate, rows);
    if let Some(mail) = mail {
        let vendor_id = self::vendor_id(Medium::Mail, &mail.id);
        let accepted_at = failed_at + SECOND_MS;
        let fate =
            Fate { state: State::Accepted, reason: None, code: None, vendor_id, accepted_at, delivered_at: None };
        send(lead, mail, fate, rows);
    }
}

/// <https://www.twilio.com/docs/api/errors/30006>: landline or unreachable carrier.
const LANDLINE: i64 = 30006;

fn send(lead: &LeadRow, draft: Draft, fate: Fate, rows: &mut Rows) {
    let name = Some(draft.id.to_string());
    rows.events.push(event(lead, fate.accepted_at, "message_accepted", None, name.clone()));
    if let Some(at) = fate.delivered_at {
        rows.events.push(event(lead, at, "message_delivered", None, name));
    }
    rows.messages.push((draft, fate));
}

fn vendor_id(medium: Medium, id: &MessageId) -> String {
    match medium {
        Medium::Sms => format!("SM{}", &sha256_hex(id.as_bytes())[..32]),
        Medium::Call => format!("CA{}", &sha256_hex(id.as_bytes())[..32]),
        Medium::Mail | Medium::Hook => format!("<{id}@harbor.example>"),
    }
}

fn timeline(scene: &Scene<'_>, lead: &LeadRow, rows: &mut Rows) {
    let story = &lead.story;
    let who = |n: usize| scene.people.get(n).map(|person| person.name.clone());
    let holder = story.taken.map_or(0, |(_, n)| n);
    rows.events.push(event(lead, story.at, "received", None, Some(scene.sources[lead.source].0.name.clone())));
    if let Some((at, n)) = story.taken {
        rows.events.push(event(lead, at, "taken", who(n), None));
    }
    if let Some((at, how)) = story.person {
        rows.events.push(event(lead, at, "person", who(holder), Some(how.as_str().to_owned())));
    }
    if let Some(at) = story.reached_at {
        rows.events.push(event(lead, at, "reached", who(holder), Some("talked".to_owned())));
    }
    if let Some((at, words)) = story.replied {
        rows.events.push(event(lead, at, "replied", None, Some(words.to_owned())));
    }
    if let Some((at, outcome)) = story.outcome {
        rows.events.push(event(lead, at, "outcome", who(holder), Some(outcome.to_owned())));
    }
}

fn event(lead: &LeadRow, at: i64, kind: &'static str, by: Option<String>, detail: Option<String>) -> EventRow {
    EventRow { lead_id: lead.id.clone(), at, kind, by, detail }
}

const CONSENT: &str = "Harbor Plumbing & Heating may text me about my request. Reply STOP to end.";
const PAGE: &str = "https://harbor.example/contact";

fn reading(story: &Story, business: &Business) -> Reading {
    let phone = story.phone.clone().map(Phone::from_stored);
    let given = phone.as_ref().map(|phone| phone.national(&business.country));
    let fields = story.fields.iter().map(|(label, value)| Field { label: (*label).into(), value: (*value).into() });
    Reading {
        kind: match story.sort {
            Sort::Real => Kind::Lead,
            Sort::Test => Kind::Test,
            Sort::Spam => Kind::Spam,
        },
        about: About::Form,
        fetch: None,
        name: Some(format!("{} {}", story.name.0, story.name.1)),
        first_name: Some(story.name.0.to_owned()),
        email: story.email.clone().map(Email::from_stored),
        marketing: None,
        consent: phone.as_ref().map(|_| Consent {
            given: true,
            field: "consent".to_owned(),
            words: CONSENT.to_owned(),
        }),
        phone_as_given: given,
        phone,
        message: Some(story.message.to_owned()),
        page: Some(PAGE.to_owned()),
        fields: fields.collect(),
        event_id: None,
        redirect: None,
        files: 0,
        answers_hash: sha256_hex(form(story, business).as_bytes()),
        problem: (story.sort == Sort::Spam).then(|| "The hidden field was filled in, as only machines do.".to_owned()),
    }
}

/// The form as the browser sent it.
fn form(story: &Story, business: &Business) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("name", &format!("{} {}", story.name.0, story.name.1));
    if let Some(phone) = &story.phone {
        form.append_pair("phone", &Phone::from_stored(phone.clone()).national(&business.country));
        form.append_pair("consent", CONSENT);
    }
    if let Some(email) = &story.email {
        form.append_pair("email", email);
    }
    form.append_pair("message", story.message);
    form.extend_pairs(&story.fields);
    if story.sort == Sort::Spam {
        form.append_pair("_gotcha", "https://spam.example");
    }
    form.finish()
}
