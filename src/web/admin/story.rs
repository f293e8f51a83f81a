//! What happened to a lead, as its page tells it: each event in words, with the message that it is about.
//!
//! It says only what is known: handed over is not delivered, and a tap on Call is not a call.

use super::show;
use crate::lead::record::{Event, Lead};
use crate::lead::shop::{Person, Source};
use crate::outbox::store::read::Message;
use crate::web::views::format::{Wall, words};
use crate::web::views::lead::{Step, after};
use crate::web::views::pieces::Bubble;

/// The timeline, oldest first.
pub fn tell(
    lead: &Lead,
    events: &[Event],
    messages: &[Message],
    people: &[Person],
    source: Option<&Source>,
    wall: &Wall,
) -> Vec<Step> {
    let teller = Teller { lead, messages, people, source };
    let mut answered = false;
    events
        .iter()
        .enumerate()
        .map(|(n, event)| {
            let mut step = teller.step(event);
            step.at = if n == 0 { wall.time(event.at) } else { after((event.at - lead.clocks.received_at).max(0)) };
            if lead.clocks.person_at == Some(event.at) && event.kind == "person" && !answered {
                answered = true;
                step.pill = Some(show::answered((event.at - lead.clocks.received_at).max(0)));
            }
            step
        })
        .collect()
}

/// Whom a message is for, by name.
pub fn recipient(message: &Message, lead: &Lead, people: &[Person]) -> String {
    match &message.person_id {
        None => them(lead).to_owned(),
        Some(id) => people.iter().find(|p| p.id == *id).map_or_else(|| "one of us".to_owned(), |p| p.name.clone()),
    }
}

struct Teller<'a> {
    lead: &'a Lead,
    messages: &'a [Message],
    people: &'a [Person],
    source: Option<&'a Source>,
}

impl Teller<'_> {
    fn step(&self, event: &Event) -> Step {
        let by = event.by.as_deref().unwrap_or("Someone");
        let detail = event.detail.as_deref().unwrap_or_default();
        let them = them(self.lead);
        match event.kind.as_str() {
            "received" => step("in", "", self.arrived(), self.place()),
            "paid" => step("check", "fast", format!("Paid {detail}"), String::new()),
            "payment_started" => step("clock", "", "Payment started".to_owned(), detail.to_owned()),
            "payment_failed" => step("warn", "slow", "Payment failed".to_owned(), detail.to_owned()),
            "fetched" => step("in", "", format!("{detail} told us the rest"), String::new()),
            "refunded" => step("out", "", format!("Refund: {detail}"), String::new()),
            "booked" => step("check", "", "Booked".to_owned(), detail.to_owned()),
            "called_off" => step("warn", "", "Called off".to_owned(), detail.to_owned()),
            "wrote_again" => with_bubble(step("in", "", format!("{them} wrote again"), String::new()), detail, true),
            kind if kind.starts_with("message_") => self.message(kind, detail),
            "taken" => step("check", "me", format!("{by} took it"), String::new()),
            "handed_back" => step("out", "me", format!("{by} handed it back"), String::new()),
            "returned" => step("out", "slow", format!("{detail} gave no answer; it waits again"), String::new()),
            "passed_on" => step("out", "me", format!("{by} passed it on to {detail}"), String::new()),
            "person" => self.person(by, detail),
            "called" => called(by, them, detail),
            "reached" => step("phone", "me", reached(by, them, detail), String::new()),
            "replied" => with_bubble(step("msg", "", format!("{them} replied"), String::new()), detail, true),
            "urgent" => step("warn", "slow", format!("{them} called for help at once"), "All were told.".to_owned()),
            "outcome" => {
                let words = show::ended(detail).words.to_lowercase();
                step(
                    "star",
                    if detail == "booked" { "fast" } else { "" },
                    format!("Marked {words}"),
                    format!("By {by}"),
                )
            }
            "reopened" => step("pen", "me", format!("{by} opened it again"), String::new()),
            "not_spam" => step("pen", "me", format!("{by} said it is no spam"), String::new()),
            "opted_out" => {
                step("warn", "slow", format!("{them} asked us not to text"), "You can still call.".to_owned())
            }
            "unsubscribed" => {
                step("warn", "slow", format!("{them} wants no more mails"), "You can still write yourself.".to_owned())
            }
            "opted_in" => step("check", "", format!("{them} may be texted again"), String::new()),
            _ => step("warn", "", "Noted".to_owned(), detail.to_owned()),
        }
    }

    fn arrived(&self) -> String {
        match self.lead.kind.as_str() {
            "payment" => "Heard of a payment",
            "call" => "Call received",
            "text" => "Text received",
            "booking" => "Booking received",
            _ => "Form received",
        }
        .to_owned()
    }

    fn place(&self) -> String {
        let mut place: Vec<String> = self.source.map(|source| source.name.clone()).into_iter().collect();
        place.extend(self.lead.page.as_ref().map(|page| format!("page {page}")));
        place.join(", ")
    }

    fn person(&self, by: &str, how: &str) -> Step {
        let them = them(self.lead);
        match how {
            "call" => step("phone", "me", format!("{by} tapped Call"), String::new()),
            "bridge" => step("phone", "me", format!("{by} was put through to {them}"), String::new()),
            "text" => step("msg", "me", format!("{by} wrote a text"), String::new()),
            "mail" => step("mail", "me", format!("{by} wrote an email"), String::new()),
            _ => step("phone", "me", format!("{by} called {them}"), "By their own word.".to_owned()),
        }
    }

    fn message(&self, kind: &str, id: &str) -> Step {
        let Some(message) = self.messages.iter().find(|message| *message.id == *id) else {
            return step("msg", "", "A message".to_owned(), kind.trim_start_matches("message_").to_owned());
        };
        let who = recipient(message, self.lead, self.people);
        let ours = message.person_id.is_some();
        let what = match (message.channel.as_str(), ours) {
            ("sms", false) => "Text",
            ("sms", true) => "Alert by text",
            ("call", _) => return rang(kind, &who, message.reason.clone().unwrap_or_default()),
            (_, false) => "Email",
            (_, true) => "Alert by email",
        };
        let reason = message.reason.clone().unwrap_or_default();
        let told = match kind {
            "message_accepted" => step(
                if ours { "bolt" } else { "msg" },
                if ours { "" } else { "fast" },
                format!("{what} handed over for {who}"),
                String::new(),
            ),
            "message_delivered" => {
                step("check", if ours { "" } else { "fast" }, format!("{what} delivered to {who}"), String::new())
            }
            "message_held" => step("clock", "ok", format!("{what} for {who} held"), reason),
            "message_failed" => step("warn", "slow", format!("{what} for {who} failed"), reason),
            _ => step("msg", "", format!("{what} for {who}"), reason),
        };
        if kind == "message_accepted" && !ours { with_bubble(told, &message.body, false) } else { told }
    }
}

fn them(lead: &Lead) -> &str {
    lead.first_name.as_deref().unwrap_or_else(|| lead.title())
}

/// How one of us was rung. That a phone rang is known, that somebody listened only by a key.
fn rang(kind: &str, who: &str, reason: String) -> Step {
    match kind {
        "message_accepted" => step("phone", "", format!("Ringing {who}"), String::new()),
        "message_delivered" => step("phone", "", format!("{who} picked up"), String::new()),
        "message_held" => step("clock", "ok", format!("Call to {who} held"), reason),
        _ => step("warn", "slow", format!("Call to {who} not answered"), reason),
    }
}

/// How being put through to the lead ended: the vendor's word, and after a talk its seconds.
fn called(by: &str, them: &str, detail: &str) -> Step {
    let (word, secs) = detail.split_once(' ').unwrap_or((detail, ""));
    let lasted = secs.parse::<i64>().ok().map(|secs| format!(", {}", words(secs * 1_000)));
    match word {
        "completed" => step("phone", "me", format!("{by} called{}", lasted.unwrap_or_default()), String::new()),
        "no-answer" => step("phone", "slow", format!("{by} called, {them} did not pick up"), String::new()),
        "busy" => step("phone", "slow", format!("{by} called, the line of {them} was busy"), String::new()),
        "canceled" => step("phone", "", format!("{by} hung up before {them} picked up"), String::new()),
        _ => step("warn", "slow", format!("{by} called, the call did not go through"), String::new()),
    }
}

fn reached(by: &str, them: &str, result: &str) -> String {
    match result {
        "talked" => format!("{by} talked with {them}"),
        "voicemail" => format!("{by} left a voicemail"),
        _ => format!("{by} called, nobody answered"),
    }
}

fn step(icon: &'static str, tone: &'static str, title: String, detail: String) -> Step {
    Step { at: String::new(), icon, tone, title, detail, pill: None, bubble: None }
}

fn with_bubble(mut step: Step, words: &str, theirs: bool) -> Step {
    if !words.is_empty() {
        step.bubble = Some(Bubble { words: words.to_owned(), theirs });
    }
    step
}
