//! What is told where somebody did not simply write: of money, of an appointment, of an event that names nobody.

use super::plan::{AlertTo, bare};
use super::words;
use crate::base::ids::LeadId;
use crate::base::random::Random;
use crate::lead::hours::clock_words;
use crate::lead::reading::{Booking, Reading};
use crate::lead::sale::{Heard, Sale};
use crate::lead::shop::{Business, Source};
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// How the person is answered automatically.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answering {
    /// As anybody who wrote.
    Usual,
    /// With thanks for a payment of this amount.
    Thanks(String),
    /// With a word on a payment of this amount that failed.
    Nudge(String),
    /// With a word on the call that nobody answered.
    Missed,
    /// Not at all.
    Nothing,
}

/// The news in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The first line of the alert, with the name in it.
    pub line: String,
    /// What follows below the contact; may be empty.
    pub says: String,
    /// Which news of the lead it is: the same step is told once.
    pub step: String,
    /// What the person hears.
    pub answer: Answering,
}

impl Topic {
    /// News of a payment. `name` is what to call the person.
    pub fn payment(heard: Heard, sale: &Sale, reading: &Reading, name: &str, is_test: bool) -> Self {
        let amount = sale.money().map_or_else(|| sale.refunded().display(), |money| money.display());
        let (word, step, first) = match heard {
            Heard::Started => ("Payment started", "started", sale.what.as_deref()),
            Heard::Failed => ("Payment failed", "failed", sale.reason.as_deref()),
            Heard::Refunded => ("Refund", "refunded", None),
            Heard::Paid | Heard::Nothing => ("New payment", "paid", sale.what.as_deref()),
        };
        let word = match (is_test, word.strip_prefix("New ")) {
            (true, Some(word)) => format!("TEST {word}"),
            (true, None) => format!("TEST {}", word.to_lowercase()),
            (false, _) => word.to_owned(),
        };
        if heard == Heard::Refunded {
            let step = format!("{step}:{}:{}", sale.id, sale.refunded_minor);
            return Topic { line: format!("{word}: {name}"), says: given_back(sale), step, answer: Answering::Nothing };
        }
        let says: Vec<&str> = first.into_iter().chain(reading.message.as_deref()).collect();
        Topic {
            line: format!("{word}: {name} {amount}"),
            says: says.join(". "),
            step: format!("{step}:{}", sale.id),
            answer: Answering::Nothing,
        }
    }

    /// Somebody booked, or moved what they booked. `again` is the receipt, if they had an open lead.
    pub fn booking(
        booking: &Booking,
        shop: &Business,
        name: &str,
        message: Option<&str>,
        is_test: bool,
        again: Option<&str>,
    ) -> Self {
        let line = match (is_test, again) {
            (true, _) => format!("TEST booking: {name}"),
            (false, Some(_)) => format!("Booking: {name}"),
            (false, None) => format!("New booking: {name}"),
        };
        let step = again.map_or_else(|| "new".to_owned(), |receipt| format!("booked:{receipt}"));
        let when = Some(starts(booking, shop)).filter(|when| !when.is_empty());
        let says: Vec<&str> = when.as_deref().into_iter().chain(message).collect();
        Topic { line, says: says.join(". "), step, answer: Answering::Usual }
    }

    /// Somebody rang and nobody answered. `step` tells it from other calls of theirs.
    pub fn missed_call(name: &str, is_test: bool, step: String) -> Self {
        let line = if is_test { format!("TEST missed call: {name}") } else { format!("Missed call: {name}") };
        Topic { line, says: String::new(), step, answer: Answering::Missed }
    }

    /// Somebody called an appointment off. `receipt` tells it from others.
    pub fn called_off(booking: &Booking, shop: &Business, name: &str, receipt: &str) -> Self {
        let step = format!("called_off:{receipt}");
        Topic { line: format!("Called off: {name}"), says: starts(booking, shop), step, answer: Answering::Nothing }
    }

    /// An event named somebody without saying who. `receipt` tells it from others; see [`Topic::details`].
    pub fn nameless(source: &str, vendor: &str, is_test: bool, receipt: &str) -> Self {
        let who = if is_test { "TEST: someone" } else { "Someone" };
        let line = format!("{who} through {}; the details are at {vendor}", words::cut(source, 40));
        Topic { line, says: String::new(), step: format!("new:nameless:{receipt}"), answer: Answering::Nothing }
    }

    /// Who it was that an event named. `receipt` tells it from others.
    pub fn details(name: &str, message: Option<&str>, is_test: bool, receipt: &str) -> Self {
        let line = if is_test { format!("TEST details: {name}") } else { format!("Details arrived: {name}") };
        let says = message.unwrap_or_default().to_owned();
        Topic { line, says, step: format!("details:{receipt}"), answer: Answering::Usual }
    }

    /// The subject of a mail.
    pub fn subject(&self) -> String {
        let one_line = self.says.split_whitespace().collect::<Vec<_>>().join(" ");
        if one_line.is_empty() { self.line.clone() } else { format!("{}, {}", self.line, words::cut(&one_line, 60)) }
    }
}

fn given_back(sale: &Sale) -> String {
    let so_far = sale.refunded().display();
    match sale.money() {
        Some(money) => format!("{so_far} of {} given back.", money.display()),
        None => format!("{so_far} given back."),
    }
}

/// What was booked and when, on the shop's wall clock: `Drain check, Wed 11 Feb, 11:00 am`.
pub fn starts(booking: &Booking, shop: &Business) -> String {
    let when = booking.starts.as_deref().map(|text| {
        let zone = TimeZone::get(&shop.timezone).unwrap_or(TimeZone::UTC);
        let at = text.parse::<Timestamp>().map(|at| at.to_zoned(zone.clone()));
        let at = at.or_else(|_| text.parse::<DateTime>().and_then(|at| at.to_zoned(zone)));
        at.map_or_else(
            |_| words::cut(text, 40),
            |at| format!("{}, {}", at.strftime("%a %-d %b"), clock_words(&at, &shop.country)),
        )
    });
    let what = booking.what.as_deref().map(|what| words::cut(what, 80));
    what.into_iter().chain(when).collect::<Vec<_>>().join(", ")
}

/// News that ask for nothing, and whom they are for.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The shop.
    pub business: &'a Business,
    /// Where it came in.
    pub source: &'a Source,
    /// The lead they are about; none is there when nobody is waiting for anything.
    pub lead: Option<&'a LeadId>,
    /// Who of us is told.
    pub told: &'a [AlertTo],
    /// The news.
    pub topic: &'a Topic,
    /// Where to look when there is no lead.
    pub receipt: &'a str,
    /// What links start with.
    pub public_url: &'a str,
    /// The moment, UTC milliseconds.
    pub now: i64,
}

/// One text, or else one mail, to each of us.
pub fn notice(n: &Notice<'_>, random: &Random) -> Vec<Draft> {
    let to_one = |to: &AlertTo| {
        let (medium, address) = match (&to.phone, &to.email) {
            (Some(phone), _) => (Medium::Sms, phone),
            (None, Some(email)) => (Medium::Mail, email),
            (None, None) => return None,
        };
        let link = match n.lead {
            Some(_) => format!("{}/l/{}", n.public_url, to.code),
            None => n.receipt.to_owned(),
        };
        let body = words::notice(&n.topic.line, &n.topic.says, &link);
        let step = format!("{}:{}", n.topic.step, to.id);
        let mut draft = bare(&n.business.id, Purpose::Notice, &step, medium, address, body, n.now, random);
        draft.lead_id = n.lead.cloned();
        draft.person_id = Some(to.id.clone());
        draft.source_id = Some(n.source.id.clone());
        draft.subject = n.topic.subject();
        Some(draft)
    };
    n.told.iter().filter_map(to_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::sample::harbor as shop;

    #[test]
    fn an_appointment_is_told_on_the_shops_clock_and_what_is_no_instant_as_it_was_written() {
        let at = |starts: &str| {
            let booking =
                Booking { what: Some("Drain check".into()), starts: Some(starts.into()), is_cancelled: false };
            starts_words(&booking)
        };

        assert_eq!(at("2026-02-11T17:00:00.000000Z"), "Drain check, Wed 11 Feb, 11:00 am");
        assert_eq!(at("2026-02-11T11:00:00-06:00"), "Drain check, Wed 11 Feb, 11:00 am");
        assert_eq!(at("2026-02-11T11:00:00"), "Drain check, Wed 11 Feb, 11:00 am");
        assert_eq!(at("next Tuesday"), "Drain check, next Tuesday");
        assert_eq!(starts_words(&Booking::default()), "");
    }

    fn starts_words(booking: &Booking) -> String {
        starts(booking, &shop())
    }
}
