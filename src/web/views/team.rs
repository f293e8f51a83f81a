//! The team: who is told, in what order, when and by which channels; who works when; what happens after hours.

use super::chrome::Chrome;
use askama::Template;

/// The page at `/b/{slug}/team`. Each of its forms posts to an address below and comes back.
#[derive(Clone, Debug, Template)]
#[template(path = "admin/team.html")]
pub struct TeamPage {
    /// The frame.
    pub chrome: Chrome,
    /// What was just done.
    pub told: Option<&'static str>,
    /// All mistakes: the field's id and the words.
    pub wrong: Vec<(String, String)>,
    /// The ladder.
    pub steps: Vec<StepRow>,
    /// Whether it is the usual one, made of the people.
    pub is_usual: bool,
    /// A step to be added; none when there are enough.
    pub new_step: Option<StepForm>,
    /// The opening hours in a few words.
    pub open: String,
    /// The opening hours, Monday first.
    pub week: Vec<Line>,
    /// What happens after hours.
    pub rule: Rule,
    /// Everyone, first told first.
    pub people: Vec<PersonCard>,
    /// Somebody to be added.
    pub new_person: PersonForm,
}

impl TeamPage {
    /// Whether a line of the opening hours is wrong.
    pub fn is_week_wrong(&self) -> bool {
        self.week.iter().any(|line| line.wrong.is_some())
    }
}

/// One step of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// Its place, from 0.
    pub n: usize,
    /// `3 min`.
    pub when: String,
    /// `Ana`, or `everyone`.
    pub who: String,
    /// `text, mail`.
    pub ways: String,
    /// To change it.
    pub form: StepForm,
}

/// What a step is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepForm {
    /// Where it posts `after`, `who`, `text`, `call` and `mail`.
    pub action: String,
    /// What its ids begin with.
    pub id: String,
    /// Minutes.
    pub after: Line,
    /// Whom it may tell: value, name, whether it is the one.
    pub whom: Vec<(String, String, bool)>,
    /// By text.
    pub text: bool,
    /// By mail.
    pub mail: bool,
    /// By phone call.
    pub call: bool,
    /// Whether anything can call.
    pub can_call: bool,
    /// What is wrong with the ways.
    pub ways_wrong: Option<String>,
    /// The word on its button.
    pub button: &'static str,
    /// Whether it is shown at once.
    pub is_open: bool,
}

/// One line of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// Its name in the form.
    pub name: &'static str,
    /// Its visible label.
    pub label: &'static str,
    /// A sentence that helps; may be empty.
    pub hint: &'static str,
    /// `text`, `email`, `tel`, `number`.
    pub kind: &'static str,
    /// What was typed, or stands.
    pub value: String,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

impl Line {
    /// The ids of what explains it.
    pub fn described_by(&self) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-h", self.id));
        let wrong = self.wrong.is_some().then(|| format!("{}-e", self.id));
        match (hint, wrong) {
            (Some(hint), Some(wrong)) => Some(format!("{hint} {wrong}")),
            (one, other) => one.or(other),
        }
    }
}

/// What happens after hours, and to a lead that was taken and not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whether texts wait for the opening.
    pub waits: bool,
    /// Who may be on call: value, name, whether it is the one.
    pub on_call: Vec<(String, String, bool)>,
    /// When the shop opens next, if it has hours: `8:00 am`.
    pub opens: Option<String>,
    /// Minutes.
    pub unanswered: Line,
}

/// One of us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonCard {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// When they work, in a few words.
    pub works: String,
    /// Whether that is now.
    pub on_duty: bool,
    /// Whether no step of the ladder tells them.
    pub is_left_out: bool,
    /// Their channels.
    pub channels: Vec<Channel>,
    /// Whether they can be removed: somebody else is left.
    pub can_go: bool,
    /// To change them.
    pub form: PersonForm,
}

impl PersonCard {
    /// How many channels are proven: `1 of 2 channels proven`.
    pub fn proven(&self) -> String {
        let proven = self.channels.iter().filter(|channel| channel.is_proven).count();
        let all = self.channels.len();
        format!("{proven} of {all} {} proven", if all == 1 { "channel" } else { "channels" })
    }
}

/// A way to reach one of us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// `Text`, `Phone call` or `Email`.
    pub name: &'static str,
    /// The number as people write it, or the address.
    pub address: String,
    /// Whether anything was ever taken for it.
    pub is_proven: bool,
    /// What is known of it.
    pub state: String,
}

/// What a person is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonForm {
    /// Where it posts.
    pub action: String,
    /// Name, number, address, days off.
    pub lines: Vec<Line>,
    /// Working hours, Monday first.
    pub week: Vec<Line>,
    /// The word on its button.
    pub button: &'static str,
    /// Whether it is shown at once.
    pub is_open: bool,
}
