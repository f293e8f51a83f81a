//! The messages of the ladder: to the next one, to everyone when nobody is on duty, to the one who has the lead.

use super::{Turn, texts};
use crate::base::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::base::ids::MessageId;
use crate::base::random::Random;
use crate::lead::hours::clock_words;
use crate::lead::record::{Event, Lead};
use crate::lead::shop::Business;
use crate::lead::team::{AfterHours, Member, Team};
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Fallback, Purpose};
use crate::reply::plan::{AlertTo, bare, clock_time};
use crate::reply::spoken;
use crate::reply::words::{self, Alert};
use jiff::Timestamp;

/// How a lead came to wait for the next one.
#[derive(Clone, Copy, Debug)]
pub enum Handed<'a> {
    /// Nobody has taken it.
    Untaken,
    /// This person had it for so long (milliseconds) and gave no answer.
    By(&'a str, i64),
}

/// A lead that waits, as the ladder tells of it.
#[derive(Clone, Copy, Debug)]
pub struct Escalation<'a> {
    /// The shop.
    pub business: &'a Business,
    /// The lead.
    pub lead: &'a Lead,
    /// What happened to it so far.
    pub events: &'a [Event],
    /// Why it waits.
    pub handed: Handed<'a>,
    /// Which look this is: the same look plans the same messages.
    pub step: &'a str,
    /// What links start with.
    pub public_url: &'a str,
    /// The moment (UTC milliseconds).
    pub now: i64,
}

impl Escalation<'_> {
    fn contact(&self) -> Option<String> {
        let national = self.lead.phone.as_ref().map(|phone| phone.national(&self.business.country));
        national
            .or_else(|| self.lead.phone_given.clone())
            .or_else(|| self.lead.email.as_ref().map(|e| e.as_str().into()))
    }

    fn name(&self) -> String {
        words::title(self.lead.name.as_deref(), self.contact().as_deref())
    }

    fn waiting(&self) -> String {
        let waited = self.now - self.lead.clocks.received_at;
        let waited = if waited < MINUTE_MS { String::new() } else { format!(", {}", minutes(waited)) };
        format!("Still waiting{waited}: {}", self.name())
    }

    fn draft(&self, purpose: Purpose, step: String, medium: Medium, to: &str, body: String, random: &Random) -> Draft {
        Draft {
            lead_id: Some(self.lead.id.clone()),
            ..bare(&self.business.id, purpose, &step, medium, to, body, self.now, random)
        }
    }

    /// What is said first on the telephone; no number.
    fn spoken_heading(&self) -> String {
        let name = spoken::called(self.lead.name.as_deref());
        match self.handed {
            Handed::Untaken => self.waiting().replace(&self.name(), &name),
            Handed::By(who, ms) => {
                format!("{} took {name} {} ago and has not reached them", words::cut(who, 30), minutes(ms))
            }
        }
    }

    /// Who, what they want, and what happened so far: three lines.
    fn context(&self) -> String {
        let contact = self.contact().filter(|contact| *contact != self.name());
        let who = [Some(self.name()), contact].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let wants = self.lead.message.as_deref().unwrap_or("(no message)");
        let wants = words::cut(&wants.split_whitespace().collect::<Vec<_>>().join(" "), 300);
        let came = self.clock(self.lead.clocks.received_at);
        let history = self.history();
        let far = if history.is_empty() { String::new() } else { format!(" {history}") };
        format!("{who}\n{wants}\nCame {came}.{far}\n")
    }

    fn clock(&self, at: i64) -> String {
        clock_time(at, &self.business.timezone, &self.business.country)
    }

    /// What people did and what the lead said since it came, the newest last; empty when nothing happened.
    fn history(&self) -> String {
        let told: Vec<String> = self
            .events
            .iter()
            .filter_map(|event| Some(format!("{} {}", self.clock(event.at), happened(event)?)))
            .collect();
        let newest = told.len().saturating_sub(4);
        if told.is_empty() { String::new() } else { format!("{}.", told[newest..].join(", ")) }
    }

    /// How it stands, in one sentence: the newest thing that happened, else that nobody has taken it.
    fn stands(&self) -> String {
        let newest = self.events.iter().rev().find_map(happened);
        format!("{}.", newest.unwrap_or_else(|| "Nobody has taken it".to_owned()))
    }
}

fn happened(event: &Event) -> Option<String> {
    let by = event.by.as_deref().unwrap_or("Someone");
    let detail = event.detail.as_deref().unwrap_or_default();
    Some(match event.kind.as_str() {
        "taken" => format!("{by} took it"),
        "handed_back" => format!("{by} handed it back"),
        "returned" => format!("{detail} gave no answer"),
        "passed_on" => format!("{by} passed it on to {detail}"),
        "called" if !detail.starts_with("completed") => format!("{by} called and did not get through"),
        "replied" | "wrote_again" => format!("They wrote \"{}\"", words::cut(detail, 60)),
        "paid" => format!("Paid {detail}"),
        "booked" => format!("Booked {detail}"),
        _ => return None,
    })
}

/// The timeline's line about a lead that came while the shop is closed: who was told, and when the others are; none when
/// nobody has to wait.
pub fn closed_note(team: &Team, turn: &Turn, country: &str, now: i64) -> Option<String> {
    let at = when(team, turn.opens?, country, now);
    let woken: Vec<&str> = turn
        .tell
        .iter()
        .filter(|tell| tell.by_text)
        .filter_map(|tell| team.member(&tell.person).map(|member| member.name.as_str()))
        .collect();
    if team.after_hours == AfterHours::Wait {
        return Some(format!("Closed until {at}: the team is told by mail now, by text then."));
    }
    let others = team.crew().count() > woken.len();
    let now = if woken.is_empty() { "by mail".to_owned() } else { woken.join(", ") };
    others.then(|| format!("Closed until {at}: told now: {now}; the others then."))
}

/// The timeline's line when nobody on the ladder is on duty.
pub fn nobody_note(team: &Team, until: Option<i64>, country: &str, now: i64) -> (String, Option<String>) {
    match until.map(|until| when(team, until, country, now)) {
        Some(at) => (format!("Nobody is on duty until {at}. Everyone was told so."), Some(at)),
        None => ("Nobody is on duty. Everyone was told so.".to_owned(), None),
    }
}

/// "8:00 am", with the day when it is not today.
fn when(team: &Team, at: i64, country: &str, now: i64) -> String {
    let local = |at| Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(team.zone.clone());
    let (then, today) = (local(at), local(now).date());
    let time = clock_words(&then, country);
    if then.date() == today { time } else { format!("{} {time}", then.strftime("%a")) }
}

/// "3 min", "2 h", "4 days".
fn minutes(ms: i64) -> String {
    match ms {
        ms if ms < HOUR_MS => format!("{} min", ms.max(0) / MINUTE_MS),
        ms if ms < 2 * DAY_MS => format!("{} h", ms / HOUR_MS),
        ms => format!("{} days", ms / DAY_MS),
    }
}

/// The messages to one of us about a lead that still waits: by text (with the mail as its second way), by mail, by call
/// (with the text as its second way), as asked for; it rings where `to` says so.
pub fn still_waiting(e: &Escalation<'_>, to: &AlertTo, by_text: bool, by_mail: bool, random: &Random) -> Vec<Draft> {
    let link = format!("{}/l/{}", e.public_url, to.code);
    let (name, contact) = (e.name(), e.contact());
    let alert = Alert {
        is_test: e.lead.is_test,
        again: false,
        name: e.lead.name.as_deref(),
        contact: contact.as_deref(),
        message: None,
        digit: to.digit,
        link: &link,
    };
    let heading = match e.handed {
        Handed::Untaken => e.waiting(),
        Handed::By(who, ms) => {
            format!("{} took {name} {} ago and has not reached them.", words::cut(who, 30), minutes(ms))
        }
    };
    let stands = match e.handed {
        Handed::Untaken => e.stands(),
        Handed::By(..) => String::new(),
    };
    let text = texts::waits(&heading, &stands, &alert);
    let subject = match e.handed {
        Handed::Untaken => e.waiting(),
        Handed::By(who, _) => format!("{name} waits again: {} gave no answer", words::cut(who, 30)),
    };
    let reply = to.digit.filter(|_| to.phone.is_some());
    let take = reply.map(|digit| format!(", or reply {digit} to the text")).unwrap_or_default();
    let mail_body = format!("{heading}\n\n{}\nTake it here{take}: {link}\n", e.context());
    let mut drafts = Vec::new();
    if let Some(phone) = &to.ring {
        let step = format!("wait:{}:{}:call", e.step, to.id);
        let said = spoken::about(&e.spoken_heading(), e.lead.message.as_deref());
        let (shop, lead) = (&e.business.id, &e.lead.id);
        let mut call = spoken::call(shop, lead, &to.id, phone, Purpose::Escalation, &step, said, e.now, random);
        let instead = || Fallback { to: phone.clone(), subject: String::new(), body: text.clone() };
        call.fallback = (!by_text).then(instead);
        drafts.push(call);
    }
    if let (true, Some(phone)) = (by_text, &to.phone) {
        let step = format!("wait:{}:{}:sms", e.step, to.id);
        let mut draft = e.draft(Purpose::Escalation, step, Medium::Sms, phone, text, random);
        let mail = |to: &String| Fallback { to: to.clone(), subject: subject.clone(), body: mail_body.clone() };
        draft.fallback = to.email.as_ref().filter(|_| !by_mail).map(mail);
        drafts.push(draft);
    }
    if let (true, Some(email)) = (by_mail, &to.email) {
        let step = format!("wait:{}:{}:mail", e.step, to.id);
        let mut draft = e.draft(Purpose::Escalation, step, Medium::Mail, email, mail_body, random);
        draft.subject = subject;
        drafts.push(draft);
    }
    drafts.into_iter().map(|draft| Draft { person_id: Some(to.id.clone()), ..draft }).collect()
}

/// To everyone, by mail or else by text: nobody on the ladder is on duty. `until` is when the first one is.
pub fn nobody_on_duty(e: &Escalation<'_>, team: &[Member], until: Option<&str>, random: &Random) -> Vec<Draft> {
    let link = format!("{}/b/{}/leads/{}", e.public_url, e.business.slug, e.lead.id);
    let name = e.name();
    let heading = format!("Nobody is on duty for {name}.");
    let then = until.map_or_else(String::new, |until| format!("The next one is at {until}."));
    let to_one = |member: &Member| {
        let step = format!("nobody:{}:{}", e.step, member.id);
        let mut draft = match (&member.email, &member.phone) {
            (Some(email), _) => {
                let body = format!("{heading} {then}\n\n{}\nWho can, calls: {link}\n", e.context());
                e.draft(Purpose::Notice, step, Medium::Mail, email, body, random)
            }
            (None, Some(phone)) => {
                let body = words::notice(&heading, &then, &link);
                e.draft(Purpose::Notice, step, Medium::Sms, phone, body, random)
            }
            (None, None) => return None,
        };
        draft.subject = format!("Nobody is on duty for {name}");
        draft.person_id = Some(member.id.clone());
        Some(draft)
    };
    team.iter().filter_map(to_one).collect()
}

/// "Did you reach Maria Lopez?", to who has the lead; by mail where there is no number. None when neither is there.
pub fn question(e: &Escalation<'_>, to: &AlertTo, random: &Random) -> Option<Draft> {
    let step = format!("reach:{}:{}", e.step, to.id);
    let link = format!("{}/l/{}", e.public_url, to.code);
    let name = e.name();
    let mut draft = match (&to.phone, &to.email) {
        (Some(phone), _) => e.draft(Purpose::Notice, step, Medium::Sms, phone, texts::did_you_reach(&name), random),
        (None, Some(email)) => {
            let body = format!("Did you reach {name}?\n\n{}\nSay so here: {link}\n", e.context());
            e.draft(Purpose::Notice, step, Medium::Mail, email, body, random)
        }
        (None, None) => return None,
    };
    draft.subject = format!("Did you reach {name}?");
    draft.person_id = Some(to.id.clone());
    Some(draft)
}

/// To who had a lead for `ms` milliseconds without an answer: it waits for the others again.
pub fn given_back(e: &Escalation<'_>, to: &AlertTo, ms: i64, random: &Random) -> Option<Draft> {
    let step = format!("returned:{}:{}", e.step, to.id);
    let link = format!("{}/l/{}", e.public_url, to.code);
    let name = e.name();
    let heading = format!("{name} is back with the others: no answer noted in {}.", minutes(ms));
    let (medium, address) = match (&to.phone, &to.email) {
        (Some(phone), _) => (Medium::Sms, phone),
        (None, Some(email)) => (Medium::Mail, email),
        (None, None) => return None,
    };
    let body = words::notice(&heading, "Called already? Say so here:", &link);
    let mut draft = e.draft(Purpose::Notice, step, medium, address, body, random);
    draft.subject = format!("{name} is back with the others");
    draft.person_id = Some(to.id.clone());
    Some(draft)
}

/// A test alert to one of us by everything they have, by phone call too where calls are connected. Pressed twice within
/// a minute it goes once.
pub fn test_alerts(business: &Business, to: &Member, can_call: bool, now: i64, random: &Random) -> Vec<Draft> {
    let minute = now.div_euclid(MINUTE_MS);
    let ways = [(Medium::Sms, &to.phone), (Medium::Mail, &to.email)];
    let draft = |(medium, address): (Medium, &Option<String>)| {
        let body = texts::test_alert(&business.name);
        let mut draft = bare(&business.id, Purpose::Notice, "test", medium, address.as_ref()?, body, now, random);
        draft.id = MessageId::from(format!("test-{}-{minute}-{}", to.id, medium.as_str()));
        draft.subject = format!("Test alert from {}", business.name);
        draft.person_id = Some(to.id.clone());
        Some(draft)
    };
    let call = to.phone.as_ref().filter(|_| can_call).map(|phone| spoken::test(business, &to.id, phone, now, random));
    ways.into_iter().filter_map(draft).chain(call).collect()
}
