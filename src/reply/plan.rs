//! The plan for one lead: the first answer, and an alert to each of us, with every word in it.
//!
//! Who gets a text: a lead with a dialable number of the shop's own country, no opt-out, and permission as the source
//! wants it, while the carriers let the shop's number through. Who gets a mail instead: everybody else with an address, and the reason is kept for the lead's page.

use super::alert;
use super::answers::{self, Answer};
use super::follow_up::{follow_mails, follow_ups};
use super::mails;
use super::template;
use super::topic::{Answering, Topic};
use super::way::{Way, way};
use super::words;
use crate::base::clock::{HOUR_MS, MINUTE_MS};
use crate::base::ids::{BusinessId, LeadId, MessageId, PersonId};
use crate::base::keys::Keys;
use crate::base::random::Random;
use crate::base::sms;
use crate::lead::contact::{Email, Phone};
use crate::lead::hours::{Hours, clock_words};
use crate::lead::quiet::{Quiet, quiet};
use crate::lead::reading::Reading;
use crate::lead::shop::{Business, Person, Source};
use crate::lead::wording::{Kind, Wording};
use crate::lead::zone::Whereabouts;
use crate::outbox::block::Block;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Fallback, Purpose, State};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// One of us, with the link and the digit that this alert gives them.
#[derive(Clone, Debug)]
pub struct AlertTo {
    /// Who.
    pub id: PersonId,
    /// The text goes here.
    pub phone: Option<String>,
    /// The mail goes here.
    pub email: Option<String>,
    /// It rings here.
    pub ring: Option<String>,
    /// `/l/{code}`.
    pub code: String,
    /// What to reply.
    pub digit: Option<u8>,
}

/// Everything that decides who is told what about one submission.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The shop.
    pub business: &'a Business,
    /// Who will call, for the answer's words.
    pub owner: Option<&'a Person>,
    /// Where it came in.
    pub source: &'a Source,
    /// The lead it made or joined.
    pub lead_id: &'a LeadId,
    /// What came.
    pub reading: &'a Reading,
    /// It is a test.
    pub is_test: bool,
    /// It joined an open lead.
    pub again: Option<&'a str>,
    /// Nobody answered this person automatically in the last 12 hours.
    pub first_free: bool,
    /// They asked not to be texted.
    pub opted_out: bool,
    /// They left the box for texts unticked on an earlier form of the same lead.
    pub wants_no_texts: bool,
    /// Why the carriers would drop a text of this shop, where that is known.
    pub blocked: Option<Block>,
    /// What links that end mails are made with; without it no mail follows.
    pub keys: Option<&'a Keys>,
    /// What it is about, where somebody did not simply write.
    pub topic: Option<&'a Topic>,
    /// Who of us is told.
    pub told: &'a [AlertTo],
    /// The shop's own words, and what follows.
    pub wording: &'a Wording,
    /// The browser's network, for the caps.
    pub remote: Option<&'a str>,
    /// What links start with.
    pub public_url: &'a str,
    /// The moment, UTC milliseconds.
    pub now: i64,
}

/// What was decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// To be queued with the lead.
    pub drafts: Vec<Draft>,
    /// Sentences for the lead's timeline: why a text was not planned, or a mail was.
    pub notes: Vec<String>,
    /// Whether the person is answered automatically by this plan.
    pub answers: bool,
}

/// Plans the answer and the alerts.
pub fn plan(o: &Occasion<'_>, random: &Random) -> Told {
    let mut told = Told::default();
    let is_answered = match o.topic.map(|topic| &topic.answer) {
        None | Some(Answering::Usual) => o.again.is_none(),
        Some(Answering::Thanks(_) | Answering::Nudge(_) | Answering::Missed) => true,
        Some(Answering::Nothing) => false,
    };
    if !o.is_test && is_answered {
        answer(o, random, &mut told);
    }
    for to in o.told {
        alert::alert(o, to, random, &mut told.drafts);
    }
    told
}

fn answer(o: &Occasion<'_>, random: &Random, told: &mut Told) {
    if !o.first_free {
        let what = match money(o) {
            Some(Answering::Thanks(_)) => "No thank-you for the payment",
            Some(_) => "No word to them about the failed payment",
            None => "No automatic answer",
        };
        told.notes.push(match money(o) {
            Some(_) => format!("{what}: they had an automatic answer within the last 12 hours."),
            None => format!("{what}: they had one within the last 12 hours."),
        });
        return;
    }
    let opens = opens(o);
    let phone = o.business.phone.as_ref().map(|p| Phone::from_stored(p.clone()).national(&o.business.country));
    let owner = o.owner.and_then(|p| p.name.split_whitespace().next());
    let words = Answer {
        first_name: o.reading.first_name.as_deref().or(o.reading.name.as_deref()),
        shop: &o.business.name,
        owner,
        phone: phone.as_deref(),
        opens: opens.as_deref(),
    };
    match way(o) {
        Way::Text(to) => {
            let mut draft = text_to_lead(o, to, &words, random);
            if let Some(night) = night(o, to) {
                draft.due_at = night.until;
                draft.expires_at = night.until + HOUR_MS;
                draft.reason = Some(night.reason);
                if let Some(email) = o.reading.email.as_ref().filter(|e| !e.is_role()) {
                    told.drafts.push(mail_to_lead(o, email, &words, random));
                }
            }
            told.drafts.push(draft);
            if o.topic.is_none() {
                told.drafts.extend(follow_ups(o, to, &words, random));
            }
            told.answers = true;
        }
        Way::TextHeld(to, why) => {
            let mut draft = text_to_lead(o, to, &words, random);
            draft.state = State::Held;
            draft.reason = Some(why.to_owned());
            told.drafts.push(draft);
            told.answers = true;
        }
        Way::Mail(to, why) => {
            told.notes.extend(why.map(str::to_owned));
            told.drafts.push(mail_to_lead(o, to, &words, random));
            if o.topic.is_none() && !o.opted_out {
                told.drafts.extend(follow_mails(o, to, &words, random));
            }
            told.answers = true;
        }
        Way::Nothing(why) => told.notes.push(why.to_owned()),
    }
}

/// What is said to the person of money, if this is about money.
fn money<'a>(o: &Occasion<'a>) -> Option<&'a Answering> {
    o.topic.map(|topic| &topic.answer).filter(|answer| matches!(answer, Answering::Thanks(_) | Answering::Nudge(_)))
}

/// Which message to the lead it is; a lead is answered once, and told once of each payment that it was made, or
/// that it failed.
fn answer_step<'a>(o: &Occasion<'a>) -> &'a str {
    let again = o.topic.filter(|topic| topic.answer == Answering::Missed && o.again.is_some());
    money(o).and(o.topic).or(again).map_or("first", |topic| &topic.step)
}

/// Whether it is a call that nobody answered.
fn is_missed_call(o: &Occasion<'_>) -> bool {
    o.topic.is_some_and(|topic| topic.answer == Answering::Missed)
}

fn mail_words(o: &Occasion<'_>, words: &Answer<'_>, by_phone: bool) -> mails::LeadMail {
    match money(o) {
        Some(Answering::Thanks(amount)) => mails::thanks_mail(words, amount, by_phone),
        Some(Answering::Nudge(amount)) => mails::nudge_mail(words, amount),
        _ if is_missed_call(o) => mails::missed_mail(words),
        _ => mails::lead_mail(words, by_phone),
    }
}

fn text_to_lead(o: &Occasion<'_>, to: &Phone, words: &Answer<'_>, random: &Random) -> Draft {
    let own = own_words(o, words);
    let body = match money(o) {
        _ if own.is_some() => own.unwrap_or_default(),
        Some(Answering::Thanks(amount)) => answers::thanks(words, amount),
        Some(Answering::Nudge(amount)) => answers::nudge(words, amount),
        _ if is_missed_call(o) => answers::missed(words),
        _ => answers::answer(words),
    };
    let mut draft = draft(o, Purpose::LeadReply, answer_step(o), Medium::Sms, to.as_str(), body, random);
    draft.fallback = o.reading.email.as_ref().filter(|e| !e.is_role()).map(|email| {
        let mail = mail_words(o, words, true);
        Fallback { to: email.as_str().to_owned(), subject: mail.subject, body: mail.body }
    });
    draft
}

/// The shop's own words for this answer, if it has any.
fn own_words(o: &Occasion<'_>, words: &Answer<'_>) -> Option<String> {
    let (kind, amount) = match o.topic.map(|topic| &topic.answer) {
        Some(Answering::Thanks(amount)) => (Kind::Paid, amount.as_str()),
        Some(Answering::Nudge(_) | Answering::Nothing) => return None,
        Some(Answering::Missed) => (Kind::Missed, ""),
        None | Some(Answering::Usual) if words.opens.is_some() => (Kind::Closed, ""),
        None | Some(Answering::Usual) => (Kind::Open, ""),
    };
    o.wording.of(kind).map(|own| template::fill(own, &words.values(amount, "")))
}

fn mail_to_lead(o: &Occasion<'_>, to: &Email, words: &Answer<'_>, random: &Random) -> Draft {
    let mail = mail_words(o, words, o.reading.phone.is_some());
    let step = format!("{}:mail", answer_step(o));
    let mut draft = draft(o, Purpose::LeadReply, &step, Medium::Mail, to.as_str(), mail.body, random);
    draft.subject = mail.subject;
    draft
}

pub(super) fn draft(
    o: &Occasion<'_>,
    purpose: Purpose,
    step: &str,
    medium: Medium,
    to: &str,
    body: String,
    random: &Random,
) -> Draft {
    Draft {
        source_id: Some(o.source.id.clone()),
        lead_id: Some(o.lead_id.clone()),
        remote: o.remote.map(str::to_owned),
        ..bare(&o.business.id, purpose, step, medium, to, body, o.now, random)
    }
}

/// A draft that concerns no lead.
#[expect(clippy::too_many_arguments, reason = "each is one column; a struct of them is the draft itself")]
pub(super) fn bare(
    business_id: &BusinessId,
    purpose: Purpose,
    step: &str,
    medium: Medium,
    to: &str,
    body: String,
    now: i64,
    random: &Random,
) -> Draft {
    let parts = if medium == Medium::Sms { i64::from(sms::parts(&body).segments) } else { 1 };
    Draft {
        id: MessageId::new(random, now),
        business_id: business_id.clone(),
        lead_id: None,
        person_id: None,
        source_id: None,
        purpose,
        step: step.to_owned(),
        medium,
        recipient: to.to_owned(),
        subject: String::new(),
        body,
        html: None,
        parts,
        remote: None,
        queued_at: now,
        due_at: now,
        expires_at: now + purpose.worth_ms(),
        state: State::Queued,
        reason: None,
        fallback: None,
    }
}

/// The owner is told of unreadable submissions once in so many milliseconds, counted from 1970.
pub const KEPT_ALERT_EVERY_MS: i64 = 15 * MINUTE_MS;

/// "Someone wrote, but we could not read it": at most once in 15 minutes per source and person, whatever comes.
pub fn kept_alert(
    business: &Business,
    source: &Source,
    told: &[AlertTo],
    link: &str,
    now: i64,
    random: &Random,
) -> Vec<Draft> {
    let window = now.div_euclid(KEPT_ALERT_EVERY_MS);
    let body = words::kept(&source.name, link);
    let mut drafts = Vec::new();
    for to in told {
        let ways = [(Medium::Sms, &to.phone), (Medium::Mail, &to.email)];
        for (medium, address) in ways.into_iter().filter_map(|(m, a)| Some((m, a.as_ref()?))) {
            let mut draft = bare(&business.id, Purpose::OwnerAlert, "kept", medium, address, body.clone(), now, random);
            // The id makes the window: planning it twice stores it once.
            draft.id = MessageId::from(format!("kept-{}-{window}-{}-{}", source.id, to.id, medium.as_str()));
            draft.person_id = Some(to.id.clone());
            draft.source_id = Some(source.id.clone());
            draft.subject = format!("Could not read a submission of {}", source.name);
            drafts.push(draft);
        }
    }
    drafts
}

/// "8:00 am", or "Mon 8:00 am" when it is not today or tomorrow; none while the shop is open.
fn opens(o: &Occasion<'_>) -> Option<String> {
    let hours = Hours::parse(o.business.hours.as_deref()?)?;
    let zone = TimeZone::get(&o.business.timezone).ok()?;
    if hours.is_open(o.now, &zone) {
        return None;
    }
    let opening = hours.next_opening(o.now, &zone)?;
    let today = Timestamp::from_millisecond(o.now).ok()?.to_zoned(zone).date();
    let time = clock_words(&opening, &o.business.country);
    Some(if opening.date() == today { time } else { format!("{} {time}", opening.strftime("%a")) })
}

/// Until when a first text waits, if it is quiet where they are and answers wait for the morning.
fn night(o: &Occasion<'_>, to: &Phone) -> Option<Quiet> {
    if o.business.answer_at_night {
        return None;
    }
    let place = Whereabouts::of(Some(to.as_str()), &o.reading.fields, &o.business.timezone);
    quiet(o.now, &place, &o.business.country)
}

/// A moment as a clock time of the shop.
pub(super) fn clock_time(at: i64, zone: &str, country: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    Timestamp::from_millisecond(at).map_or_else(|_| String::new(), |t| clock_words(&t.to_zoned(zone), country))
}
