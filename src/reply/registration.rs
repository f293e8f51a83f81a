//! What a business needs to register its number with the US carriers, in its own words, and how the number fares so far.
//!
//! The sample texts are the ones that are sent: they come out of the same functions. How the number fares is told from
//! what became of its newest texts alone; what we have not seen we do not claim.

use super::answers::{self, Answer};
use super::template;
use crate::lead::wording::{Kind, Wording};
use crate::outbox::block::Block;
use crate::outbox::store::fates::Fate;

/// How a number fares with the carriers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Texting is not connected.
    Off,
    /// No text has arrived or failed lately.
    Unknown,
    /// Texts arrive; the newest that did was sent then (UTC milliseconds).
    GetsThrough(i64),
    /// The carriers block the number: it is not registered.
    NotRegistered(i64),
    /// The carriers block the toll-free number: it is not verified.
    NotVerified(i64),
    /// A trial account texts confirmed numbers only.
    Trial(i64),
}

impl Standing {
    /// From what became of the newest texts: whichever was sent last decides. That an alert reached one of us says
    /// nothing against a trial account, since our own numbers are confirmed there.
    pub fn of(fates: &[Fate]) -> Self {
        let blocks = |fate: &&Fate| !fate.delivered && Self::of_code(fate.code, 0).is_some();
        let last_block = fates.iter().filter(blocks).max_by_key(|fate| fate.sent_at);
        let is_trial = last_block.is_some_and(|fate| Block::of_code(fate.code) == Some(Block::Trial));
        let arrived = fates.iter().filter(|fate| fate.delivered && (fate.to_lead || !is_trial));
        let last_arrived = arrived.map(|fate| fate.sent_at).max();
        let blocked = last_block.filter(|fate| last_arrived.is_none_or(|at| fate.sent_at >= at));
        blocked
            .and_then(|fate| Self::of_code(fate.code, fate.sent_at))
            .or(last_arrived.map(Standing::GetsThrough))
            .unwrap_or(Standing::Unknown)
    }

    fn of_code(code: i64, at: i64) -> Option<Self> {
        Some(match Block::of_code(code)? {
            Block::NotVerified => Standing::NotVerified(at),
            Block::NotRegistered => Standing::NotRegistered(at),
            Block::Trial => Standing::Trial(at),
        })
    }

    /// The instant that it is told from (UTC milliseconds).
    pub fn at(self) -> Option<i64> {
        match self {
            Standing::Off | Standing::Unknown => None,
            Standing::GetsThrough(at)
            | Standing::NotRegistered(at)
            | Standing::NotVerified(at)
            | Standing::Trial(at) => Some(at),
        }
    }

    /// Whether texts to customers are blocked.
    pub fn is_blocked(self) -> bool {
        matches!(self, Standing::NotRegistered(_) | Standing::NotVerified(_) | Standing::Trial(_))
    }

    /// Whether the carriers are who blocks them: nobody at all is reached by text, not even one of us.
    pub fn is_of_the_carriers(self) -> bool {
        matches!(self, Standing::NotRegistered(_) | Standing::NotVerified(_))
    }

    /// Whether a code says so.
    pub fn is_code_of_the_carriers(code: i64) -> bool {
        Self::of_code(code, 0).is_some_and(Self::is_of_the_carriers)
    }

    /// In a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Standing::Off => "Texting is not connected yet.",
            Standing::Unknown => "No text has arrived or failed lately.",
            Standing::GetsThrough(_) => "Texts get through.",
            Standing::NotRegistered(_) => "Your number is not registered with the US carriers.",
            Standing::NotVerified(_) => "Your toll-free number is not verified with the US carriers.",
            Standing::Trial(_) => "The Twilio account is a trial account.",
        }
    }

    /// What it means for leads.
    pub fn means(self) -> &'static str {
        match self {
            Standing::Off => "Until it is, texts go to the preview phones.",
            Standing::Unknown => "So we cannot say whether the carriers let your number through.",
            Standing::GetsThrough(_) => "The carriers let your number through.",
            Standing::NotRegistered(_) | Standing::NotVerified(_) => {
                "The carriers block it and drop its texts. Leads who left an address get email until this is done; call the others."
            }
            Standing::Trial(_) => {
                "It texts confirmed numbers only. Leads who left an address get email until this is done; call the others."
            }
        }
    }

    /// The next step.
    pub fn next(self) -> &'static str {
        match self {
            Standing::Off => "Connect a Twilio account first; then register its number with the words on this page.",
            Standing::Unknown => "Send a test lead with your own number and come back in a minute.",
            Standing::GetsThrough(_) => "Nothing to do. Keep this page for the day when a carrier asks.",
            Standing::NotRegistered(_) => {
                "At twilio.com open Messaging, Regulatory Compliance, A2P 10DLC. Register the business, then a campaign with the words on this page. It takes days to weeks."
            }
            Standing::NotVerified(_) => {
                "At twilio.com open Messaging, Regulatory Compliance, Toll-free verifications. Send it in with the words on this page. It takes days to weeks."
            }
            Standing::Trial(_) => {
                "Upgrade the account at twilio.com. Then register the number with the words on this page."
            }
        }
    }
}

/// A text as it is sent, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// When it goes out.
    pub when: &'static str,
    /// Word for word.
    pub words: String,
}

/// The texts of this shop to show to the carriers, in its own words where it has any. `opens`: when it opens, as it would
/// be said while it is closed.
pub fn samples(shop: &str, owner: Option<&str>, phone: Option<&str>, opens: &str, wording: &Wording) -> Vec<Sample> {
    let open = Answer { first_name: Some("Maria"), shop, owner, phone, opens: None };
    let closed = Answer { opens: Some(opens), ..open };
    let nameless = Answer { first_name: None, ..open };
    let sample = |when, kind, answer: &Answer<'_>, usual: String| {
        let own = wording.of(kind).map(|own| template::fill(own, &answer.values("$150.00", "")));
        Sample { when, words: own.unwrap_or(usual) }
    };
    vec![
        sample("Somebody sent the form while you are open", Kind::Open, &open, answers::answer(&open)),
        sample("Somebody sent the form while you are closed", Kind::Closed, &closed, answers::answer(&closed)),
        sample("Somebody paid", Kind::Paid, &open, answers::thanks(&open, "$150.00")),
        sample("Somebody called and nobody picked up", Kind::Missed, &nameless, answers::missed(&nameless)),
    ]
}

/// What the number is used for, as the form of the carriers asks.
pub fn use_case(shop: &str) -> String {
    format!(
        "{shop} texts people who have just contacted it: through the form on its website, by a payment or by calling. The \
         text confirms that the request arrived and says who will call back and when. After that, people at {shop} and the \
         customer write to each other about that request. The texts answer a request; they advertise nothing. Every first \
         text names {shop} and says how to opt out."
    )
}

/// How people agree, as the form of the carriers asks. `form` is the address of the shop's own form.
pub fn opt_in(shop: &str, form: &str, consent: &str) -> String {
    format!(
        "People type their own number into the form at {form}. Beside it stands a box that is empty at first and is no \
         condition of sending the form. Its words: \"{consent}\" Who leaves it empty is answered by email. Numbers are \
         neither bought nor shared, and {shop} texts nobody who did not write, pay or call first."
    )
}

/// What is answered to HELP.
pub fn help(shop: &str, phone: Option<&str>) -> String {
    let call = phone.map(|phone| format!(" Call us at {phone}.")).unwrap_or_default();
    format!("{shop}: we text about your request.{call} Message and data rates may apply. Reply STOP to opt out.")
}

/// What is answered to STOP.
pub fn stop(shop: &str) -> String {
    format!("{shop}: you are opted out and get no more texts from us. Reply START to get them again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::sms;
    use crate::lead::own_form::usual_words;

    fn fate(sent_at: i64, to_lead: bool, code: i64) -> Fate {
        Fate { sent_at, to_lead, delivered: code == 0, code }
    }

    #[test]
    fn whichever_text_was_sent_last_says_how_the_number_fares() {
        let (ours, theirs) = (false, true);
        let table: [(&[Fate], Standing); 12] = [
            (&[], Standing::Unknown),
            (&[fate(1, theirs, 30003)], Standing::Unknown),
            (&[fate(1, theirs, 0)], Standing::GetsThrough(1)),
            (&[fate(1, theirs, 30034)], Standing::NotRegistered(1)),
            (&[fate(2, theirs, 30034), fate(1, theirs, 0)], Standing::NotRegistered(2)),
            (&[fate(2, theirs, 0), fate(1, theirs, 30034)], Standing::GetsThrough(2)),
            (&[fate(3, theirs, 30006), fate(2, theirs, 30032)], Standing::NotVerified(2)),
            (&[fate(2, ours, 0), fate(1, theirs, 30035)], Standing::GetsThrough(2)),
            (&[fate(2, ours, 0), fate(1, theirs, 21608)], Standing::Trial(1)),
            (&[fate(2, theirs, 0), fate(1, theirs, 21608)], Standing::GetsThrough(2)),
            (&[fate(3, ours, 0), fate(2, theirs, 21608), fate(1, theirs, 0)], Standing::Trial(2)),
            (&[Fate { code: 30034, ..fate(1, theirs, 0) }], Standing::GetsThrough(1)),
        ];

        for (fates, standing) in table {
            assert_eq!(Standing::of(fates), standing, "{fates:?}");
        }
    }

    #[test]
    fn every_standing_says_what_it_means_and_the_next_step() {
        let all = [
            Standing::Off,
            Standing::Unknown,
            Standing::GetsThrough(7),
            Standing::NotRegistered(7),
            Standing::NotVerified(7),
            Standing::Trial(7),
        ];
        let said: Vec<String> = all
            .iter()
            .map(|s| format!("{:?} {:?} {}\n{}\n{}\n{}\n", s, s.at(), s.is_blocked(), s.title(), s.means(), s.next()))
            .collect();

        insta::assert_snapshot!("standings", said.join("\n"));
    }

    #[test]
    fn samples_are_the_texts_that_are_sent() {
        let samples =
            samples("Harbor Plumbing", Some("Dave"), Some("(512) 555-0100"), "Mon 8:00 am", &Wording::default());

        let words: Vec<&str> = samples.iter().map(|sample| sample.words.as_str()).collect();
        assert_eq!(
            words,
            [
                "Hi Maria, Harbor Plumbing here. Got your message - Dave will call you shortly from (512) 555-0100. Reply here \
                 any time. STOP to opt out.",
                "Hi Maria, Harbor Plumbing here. Got your message. We're closed and will call you after Mon 8:00 am. Urgent? \
                 Reply URGENT. STOP to opt out.",
                "Hi Maria, Harbor Plumbing here. Your $150.00 payment arrived, thank you. Dave will call you to fix a time. STOP \
                 to opt out.",
                "Hi there, Harbor Plumbing here. Sorry, we missed your call. Dave will call you back shortly. Or just reply \
                 here. STOP to opt out.",
            ]
        );
        assert!(words.iter().all(|text| sms::parts(text).segments == 1));
    }

    #[test]
    fn the_words_for_the_carriers_name_the_shop_and_what_they_must_say() {
        let consent = usual_words("Harbor Plumbing");
        let agreed = opt_in("Harbor Plumbing", "https://x.test/f/harbor", &consent);

        assert!(
            agreed.contains("https://x.test/f/harbor") && agreed.contains(&consent) && agreed.contains("no condition")
        );
        assert!(use_case("Harbor Plumbing").starts_with("Harbor Plumbing texts people who have just contacted it"));
        assert_eq!(
            help("Harbor Plumbing", Some("(512) 555-0100")),
            "Harbor Plumbing: we text about your request. Call us at (512) 555-0100. Message and data rates may apply. Reply \
             STOP to opt out."
        );
        assert!(!help("Harbor Plumbing", None).contains("Call us"));
        assert_eq!(
            stop("Harbor Plumbing"),
            "Harbor Plumbing: you are opted out and get no more texts from us. Reply START to get them again."
        );
        for text in [help("Harbor Plumbing", Some("(512) 555-0100")), stop("Harbor Plumbing")] {
            assert_eq!(sms::parts(&text).segments, 1, "{text}");
        }
    }
}
