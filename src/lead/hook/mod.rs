//! Outgoing hooks: addresses of a business that are told what happens to its leads. What they are, what they may hear,
//! and the secret they are signed with. Plain values; [`store`] keeps them.

pub mod store;

use crate::base::clock::DAY_MS;
use crate::base::ids::{BusinessId, new_id};
use crate::base::keys::Keys;
use crate::base::random::Random;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How long a replaced secret signs along, in milliseconds.
pub const OVERLAP_MS: i64 = 7 * DAY_MS;
/// The most hooks of one business.
pub const MOST: usize = 20;
/// The event of the test button. Every hook hears it.
pub const PING: &str = "ping";

/// In which shape a hook wants to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON, signed by Standard Webhooks.
    Webhook,
    /// A push message by ntfy.
    Ntfy,
    /// `{"text": …}`, as Slack and what is compatible with it takes it.
    Slack,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 3] = [Kind::Webhook, Kind::Ntfy, Kind::Slack];

    /// The word in database and form.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Webhook => "webhook",
            Kind::Ntfy => "ntfy",
            Kind::Slack => "slack",
        }
    }

    /// The kind of a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Webhook => "Webhook for programs",
            Kind::Ntfy => "ntfy push message",
            Kind::Slack => "Slack message",
        }
    }
}

/// What a hook may hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody wrote, rang or paid: there is a new lead.
    Received,
    /// One of us said that it is theirs.
    Taken,
    /// A person answered it for the first time.
    Answered,
    /// The lead wrote back.
    Replied,
    /// An outcome was chosen.
    Closed,
    /// Money came.
    Paid,
    /// A message about the lead was given up.
    MessageFailed,
}

impl Event {
    /// All of them, in the order of a lead's life.
    pub const ALL: [Event; 7] = [
        Event::Received,
        Event::Taken,
        Event::Answered,
        Event::Replied,
        Event::Closed,
        Event::Paid,
        Event::MessageFailed,
    ];

    /// The word in database, form and body.
    pub fn as_str(self) -> &'static str {
        match self {
            Event::Received => "lead.received",
            Event::Taken => "lead.taken",
            Event::Answered => "lead.answered",
            Event::Replied => "lead.replied",
            Event::Closed => "lead.closed",
            Event::Paid => "payment.received",
            Event::MessageFailed => "message.failed",
        }
    }

    /// What it is called on a page.
    pub fn words(self) -> &'static str {
        match self {
            Event::Received => "A lead came in",
            Event::Taken => "Someone took it",
            Event::Answered => "A person answered",
            Event::Replied => "The lead replied",
            Event::Closed => "It was closed",
            Event::Paid => "A payment came",
            Event::MessageFailed => "A message failed",
        }
    }

    /// The event of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == word)
    }

    /// The event behind a kind of line in the timeline.
    pub fn of_line(kind: &str) -> Option<Self> {
        Some(match kind {
            "received" | "not_spam" => Event::Received,
            "taken" => Event::Taken,
            "person" => Event::Answered,
            "replied" => Event::Replied,
            "outcome" => Event::Closed,
            "paid" => Event::Paid,
            "message_failed" => Event::MessageFailed,
            _ => return None,
        })
    }
}

/// A hook of a business.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Hook {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub business_id: BusinessId,
    /// A word of [`Kind`].
    pub kind: String,
    /// Host of the address, with its port if that is not 443.
    pub host: String,
    /// The address, sealed.
    pub url_sealed: String,
    /// The secret, sealed; none unless it is a webhook.
    pub secret_sealed: Option<String>,
    /// The secret before, sealed.
    pub old_secret_sealed: Option<String>,
    /// Until when that one signs along (UTC milliseconds).
    pub old_until_at: Option<i64>,
    /// Words of [`Event`], separated by spaces.
    pub events: String,
    /// Whether it hears anything.
    pub is_on: bool,
    /// Why we switched it off, for people.
    pub off_why: Option<String>,
    /// Tries in a row that failed.
    pub failures: i64,
    /// UTC milliseconds.
    pub created_at: i64,
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hook({} {} at {})", self.id, self.kind, self.host)
    }
}

impl Hook {
    /// A new one, and its secret in the clear if it has one: the only time that it is shown.
    pub fn new(
        business: &BusinessId,
        kind: Kind,
        at: (&str, &str),
        events: &[Event],
        means: Means<'_>,
    ) -> (Self, Option<String>) {
        let Means { keys, random, now } = means;
        let (url, host) = at;
        let secret = (kind == Kind::Webhook).then(|| new_secret(random));
        let words: Vec<&str> = events.iter().map(|event| event.as_str()).collect();
        let hook = Self {
            id: new_id(random, now),
            business_id: business.clone(),
            kind: kind.as_str().to_owned(),
            host: host.to_owned(),
            url_sealed: keys.seal(random, url),
            secret_sealed: secret.as_deref().map(|secret| keys.seal(random, secret)),
            old_secret_sealed: None,
            old_until_at: None,
            events: words.join(" "),
            is_on: true,
            off_why: None,
            failures: 0,
            created_at: now,
        };
        (hook, secret)
    }

    /// Whether it wants to hear of this.
    pub fn wants(&self, event: Event) -> bool {
        self.events.split(' ').any(|word| word == event.as_str())
    }

    /// In which shape; an unknown word is a webhook.
    pub fn kind(&self) -> Kind {
        Kind::parse(&self.kind).unwrap_or(Kind::Webhook)
    }
}

/// What a new hook is made with.
#[derive(Clone, Copy, Debug)]
pub struct Means<'a> {
    /// Seals its address and its secret.
    pub keys: &'a Keys,
    /// Fit for secrets.
    pub random: &'a Random,
    /// Now, UTC milliseconds.
    pub now: i64,
}

/// A secret as Standard Webhooks writes it: `whsec_` and 32 random bytes in base 64.
pub fn new_secret(random: &Random) -> String {
    let mut bytes = [0u8; 32];
    random.fill(&mut bytes);
    format!("whsec_{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_what_it_stands_for() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        for event in Event::ALL {
            assert_eq!(Event::parse(event.as_str()), Some(event));
        }
        assert_eq!((Kind::parse(""), Event::parse("ping"), Event::of_line("note")), (None, None, None));
    }

    #[test]
    fn address_and_secret_are_kept_sealed_and_only_a_webhook_has_a_secret() {
        let (keys, random) = (Keys::new([7; 32]), Random::seeded(1));
        let means = Means { keys: &keys, random: &random, now: 5 };
        let at = ("https://crm.example/in?key=canary", "crm.example");

        let (hook, secret) = Hook::new(&"harbor".into(), Kind::Webhook, at, &[Event::Received, Event::Paid], means);
        let (slack, none) = Hook::new(&"harbor".into(), Kind::Slack, at, &[Event::Received], means);

        let secret = secret.unwrap();
        assert!(secret.starts_with("whsec_") && STANDARD.decode(&secret[6..]).unwrap().len() == 32);
        assert_eq!(keys.open(hook.secret_sealed.as_deref().unwrap()).unwrap(), secret);
        assert_eq!(keys.open(&hook.url_sealed).unwrap(), at.0);
        assert!(!format!("{hook:?} {} {}", hook.url_sealed, hook.events).contains("canary"));
        assert!(hook.wants(Event::Paid) && !hook.wants(Event::Taken));
        assert_eq!((none, slack.secret_sealed), (None, None));
    }
}
