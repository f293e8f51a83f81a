//! What hooks are told: the body for a program, the words for a push message or a chat, and the three lines that say who
//! it is, what they want and what happened so far. And what the owner is told of a hook that does not answer.

use super::plan::{AlertTo, bare, clock_time};
use super::words::cut;
use crate::base::ids::{BusinessId, LeadId, MessageId};
use crate::base::instant::rfc3339;
use crate::base::random::Random;
use crate::base::sms;
use crate::lead::hook::{Event, Hook, Kind, PING};
use crate::lead::record::Lead;
use crate::lead::sale::Sale;
use crate::lead::shape::{LeadShape, PaymentShape};
use crate::lead::shop::Business;
use crate::outbox::channel::Medium;
use crate::outbox::message::{Draft, Purpose};
use crate::outbox::store::hooks::{ToHook, Untold};
use crate::outbox::store::read::Message;
use serde_json::{Value, json};

/// The longest wish in the three lines, in characters.
const WISH_MAX: usize = 300;

/// Something that happened to a lead, with all that hooks may be told of it.
#[derive(Clone, Copy, Debug)]
pub struct News<'a> {
    /// What happened.
    pub event: Event,
    /// When (UTC milliseconds).
    pub at: i64,
    /// Whose lead.
    pub business: &'a Business,
    /// The lead as it stands.
    pub lead: &'a Lead,
    /// The payment that came.
    pub payment: Option<&'a Sale>,
    /// The message that failed.
    pub message: Option<&'a Message>,
    /// The words of the reply.
    pub reply: Option<&'a str>,
    /// What links start with.
    pub public_url: &'a str,
}

impl News<'_> {
    /// The message to a hook; none where it does not want to hear of this.
    pub fn to(&self, hook: &Hook, now: i64, random: &Random) -> Option<ToHook> {
        let lead = Some(&self.lead.id);
        hook.wants(self.event).then(|| to_hook(hook, lead, self.event.as_str(), self.body(hook.kind()), (now, random)))
    }

    fn body(&self, kind: Kind) -> String {
        match kind {
            Kind::Webhook => self.json().to_string(),
            Kind::Ntfy => push(&self.title(), &self.summary(), &self.link()),
            Kind::Slack => chat(&format!("{}\n{}\n{}", self.title(), self.summary(), self.link())),
        }
    }

    fn json(&self) -> Value {
        let mut data = json!(LeadShape::of(self.lead.clone(), &self.business.slug));
        data["summary"] = self.summary().into();
        data["link"] = self.link().into();
        if let Some(payment) = self.payment {
            data["payment"] = json!(PaymentShape::from(payment.clone()));
        }
        if let Some(m) = self.message {
            data["message_failed"] = json!({
                "id": m.id.as_str(), "purpose": m.purpose, "channel": m.channel, "to": m.recipient, "state": m.state, "reason": m.reason,
            });
        }
        if let Some(words) = self.reply {
            data["reply"] = words.into();
        }
        json!({"type": self.event.as_str(), "timestamp": rfc3339(self.at), "data": data})
    }

    fn link(&self) -> String {
        format!("{}/b/{}/leads/{}", self.public_url, self.business.slug, self.lead.id)
    }

    fn title(&self) -> String {
        let name = cut(self.lead.title(), 60);
        let holder = self.lead.held_by.as_ref().map_or("Someone", |holder| holder.name.as_str());
        match self.event {
            Event::Received => format!("New lead: {name}"),
            Event::Taken => format!("{holder} took {name}"),
            Event::Answered => format!("{name} was answered"),
            Event::Replied => format!("{name} replied"),
            Event::Closed => format!("{name}: {}", self.lead.outcome.as_deref().unwrap_or("closed")),
            Event::Paid => format!("Payment from {name}"),
            Event::MessageFailed => format!("A message about {name} failed"),
        }
    }

    /// Who it is, what they want, what happened so far.
    fn summary(&self) -> String {
        let lead = self.lead;
        let phone = lead.phone.as_ref().map(|phone| phone.national(&self.business.country));
        let reach = [phone, lead.email.as_ref().map(|email| email.as_str().to_owned())];
        let named = lead.name.clone().into_iter().chain(reach.into_iter().flatten());
        let who = named.collect::<Vec<_>>().join(", ");
        let who = if who.is_empty() { lead.title().to_owned() } else { who };
        let wish = lead.message.as_deref().map(|words| words.split_whitespace().collect::<Vec<_>>().join(" "));
        let wish = wish
            .filter(|words| !words.is_empty())
            .map_or_else(|| came_by(&lead.kind).to_owned(), |w| cut(&w, WISH_MAX));
        format!("{who}\n{wish}\n{}", self.so_far())
    }

    fn so_far(&self) -> String {
        let (zone, country) = (&self.business.timezone, &self.business.country);
        let at = |at: i64| clock_time(at, zone, country);
        let clocks = &self.lead.clocks;
        let mut said = vec![format!("Received {}", at(clocks.received_at))];
        said.extend(clocks.first_text_at.map(|t| format!("first answer {}", at(t))));
        let holder = self.lead.held_by.as_ref();
        said.extend(holder.map(|holder| format!("taken by {} {}", holder.name, at(holder.since))));
        said.extend(clocks.person_at.map(|t| format!("answered by a person {}", at(t))));
        said.extend(clocks.replied_at.map(|t| format!("replied {}", at(t))));
        let paid = self.payment.and_then(Sale::money).map(|money| format!("paid {}", money.display()));
        said.extend(paid);
        said.extend(self.lead.outcome.as_ref().map(|outcome| format!("closed: {outcome}")));
        if clocks.person_at.is_none() && self.lead.outcome.is_none() {
            said.push("nobody has answered yet".to_owned());
        }
        format!("{}.", said.join("; "))
    }
}

fn came_by(kind: &str) -> &'static str {
    match kind {
        "payment" => "Paid, without a word.",
        "call" => "Rang, without a word.",
        "booking" => "Booked a time.",
        _ => "Left no message.",
    }
}

/// The message of the test button.
pub fn ping(hook: &Hook, business: &Business, public_url: &str, now: i64, random: &Random) -> ToHook {
    let link = format!("{public_url}/b/{}/hooks", business.slug);
    let words = format!("A test from {}. If you read this, it works.", business.name);
    let body = match hook.kind() {
        Kind::Webhook => {
            let data = json!({"business": business.slug, "link": link});
            json!({"type": PING, "timestamp": rfc3339(now), "data": data}).to_string()
        }
        Kind::Ntfy => push("Test", &words, &link),
        Kind::Slack => chat(&words),
    };
    to_hook(hook, None, PING, body, (now, random))
}

fn push(title: &str, text: &str, link: &str) -> String {
    json!({"title": title, "text": text, "click": link}).to_string()
}

/// Slack reads `&`, `<` and `>` as its own: <https://api.slack.com/reference/surfaces/formatting#escaping>.
fn chat(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({ "text": text }).to_string()
}

fn to_hook(hook: &Hook, lead: Option<&LeadId>, event: &str, body: String, (now, random): (i64, &Random)) -> ToHook {
    ToHook {
        id: MessageId::new(random, now),
        business_id: hook.business_id.clone(),
        lead_id: lead.cloned(),
        hook_id: hook.id.clone(),
        host: hook.host.clone(),
        event: event.to_owned(),
        body,
        at: now,
    }
}

/// The notice about a hook that does not answer, or was switched off; by mail, and by text to whoever has no mail.
pub fn hook_notice(
    business: &BusinessId,
    to: &AlertTo,
    untold: &Untold,
    (messages, reason): (i64, Option<&str>),
    link: &str,
    now: i64,
    random: &Random,
) -> Option<Draft> {
    let (medium, address) = match (&to.email, &to.phone) {
        (Some(email), _) => (Medium::Mail, email),
        (None, Some(phone)) => (Medium::Sms, phone),
        (None, None) => return None,
    };
    let host = cut(&untold.host, 60);
    let (subject, told, step) = match &untold.off_why {
        Some(why) => (
            format!("The hook at {host} was switched off"),
            format!("The hook at {host} was switched off. {why}"),
            format!("hook:off:{}", untold.hook_id),
        ),
        None => {
            let many = if messages == 1 { "One message".to_owned() } else { format!("{messages} messages") };
            let why = reason.unwrap_or("It did not answer.");
            (
                format!("The hook at {host} does not answer"),
                format!(
                    "{many} to the hook at {host} did not arrive, and no more tries are made. {why} Leads are not affected."
                ),
                format!("hook:{}", untold.hook_id),
            )
        }
    };
    let body = if medium == Medium::Sms {
        sms::fit_one_part("", &sms::to_gsm(&told), &format!("\n{link}"))
    } else {
        format!("{told}\n\nLook at it, and send again what is to be sent again: {link}\n")
    };
    let mut draft = bare(business, Purpose::Notice, &step, medium, address, body, now, random);
    draft.person_id = Some(to.id.clone());
    draft.subject = subject;
    Some(draft)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::keys::Keys;
    use crate::lead::hook::Means;
    use crate::lead::store::sample;
    use crate::reply::sample::harbor;

    fn hook(kind: Kind) -> Hook {
        let (keys, random) = (Keys::new([7; 32]), Random::seeded(1));
        let means = Means { keys: &keys, random: &random, now: 5 };
        Hook::new(
            &"harbor".into(),
            kind,
            ("https://crm.example/in", "crm.example"),
            &[Event::Received, Event::Paid],
            means,
        )
        .0
    }

    fn told(kind: Kind, event: Event, lead: &Lead) -> Option<Value> {
        let business = harbor();
        let news = News {
            event,
            at: 5,
            business: &business,
            lead,
            payment: None,
            message: None,
            reply: None,
            public_url: "https://x.test",
        };
        news.to(&hook(kind), 9, &Random::seeded(2)).map(|message| serde_json::from_str(&message.body).unwrap())
    }

    #[test]
    fn a_program_gets_the_lead_as_the_api_gives_it_with_three_lines() {
        let lead = sample::lead("maria", 1_795_262_340_000);

        let body = told(Kind::Webhook, Event::Received, &lead).unwrap();

        let api = json!(LeadShape::of(lead.clone(), "harbor-plumbing"));
        for (name, value) in api.as_object().unwrap().iter().filter(|(name, _)| *name != "business") {
            assert_eq!(&body["data"][name], value, "{name}");
        }
        assert_eq!((&body["type"], &body["timestamp"]), (&json!("lead.received"), &json!("1970-01-01T00:00:00.005Z")));
        assert_eq!(
            body["data"]["summary"],
            "Maria Lopez, (512) 555-0142\nKitchen tap leaking\nReceived 5:59 am; nobody has answered yet."
        );
        assert!(told(Kind::Webhook, Event::Taken, &lead).is_none(), "not what it wants to hear");
    }

    #[test]
    fn a_chat_reads_what_somebody_typed_as_words_and_nothing_else() {
        let mut lead = sample::lead("maria", 1_795_262_340_000);
        lead.name = Some("<!channel> & Co".to_owned());
        lead.message = Some("one\ntwo".to_owned());

        let chat = told(Kind::Slack, Event::Received, &lead).unwrap();
        let push = told(Kind::Ntfy, Event::Received, &lead).unwrap();

        let text = chat["text"].as_str().unwrap();
        assert!(text.starts_with("New lead: &lt;!channel&gt; &amp; Co\n") && text.contains("\none two\n"), "{text}");
        assert!(text.ends_with("/leads/maria"), "{text}");
        assert_eq!(push["title"], "New lead: <!channel> & Co");
        assert!(push["click"].as_str().unwrap().ends_with("/leads/maria"));
    }
}
