//! The page itself: what stands, and over it what was typed into the form that was not accepted.

use super::forms::{Typed, typed_days_off};
use super::steps::{current, minutes};
use crate::base::clock::MINUTE_MS;
use crate::lead::contact::Phone;
use crate::lead::team::{AfterHours, Member, STEPS_MAX, Step, Team, Whom, store};
use crate::lead::week;
use crate::web::App;
use crate::web::admin::frame::{Frame, frame};
use crate::web::error::{self, PageError};
use crate::web::session::InBusiness;
use crate::web::views::chrome::Here;
use crate::web::views::format::Wall;
use crate::web::views::team::{Channel, PersonCard, PersonForm, Rule, StepForm, StepRow, TeamPage};
use axum::response::Response;

/// What the page is made of.
struct Desk<'a> {
    team: &'a Team,
    typed: &'a Typed,
    root: String,
    country: &'a str,
    wall: &'a Wall,
    can_call: bool,
    now: i64,
}

/// The page. `told` is what was just done.
pub async fn page(
    house: &App,
    who: &InBusiness,
    told: Option<&'static str>,
    typed: &Typed,
) -> Result<Response, PageError> {
    let Frame { chrome, wall, now_ms } = frame(house, who, Here::Team).await?;
    let team = super::team(house, who).await?;
    let proofs = store::proofs(house.db.read(), &who.business.id).await?;
    let desk = Desk {
        team: &team,
        typed,
        root: format!("/b/{}/team", who.business.slug),
        country: &who.business.country,
        wall: &wall,
        can_call: house.engine.pipeline.can_call(),
        now: now_ms,
    };
    let steps = current(&team);
    let people = team.members.iter().map(|member| desk.person(member, &proofs)).collect();
    error::page(&TeamPage {
        told,
        wrong: typed.summary(),
        steps: steps.iter().enumerate().map(|(n, step)| desk.step(n, step)).collect(),
        is_usual: !team.is_set,
        new_step: (steps.len() < STEPS_MAX && !team.members.is_empty()).then(|| desk.new_step(&steps)),
        open: match &team.hours {
            Some(hours) => format!("Open {}.", week::words(hours)),
            None => "Always open: no hours are set.".to_owned(),
        },
        week: typed.week("hours", week::typed(team.hours.as_ref())),
        rule: desk.rule(),
        people,
        new_person: desk.new_person(),
        chrome,
    })
}

impl Desk<'_> {
    fn step(&self, n: usize, step: &Step) -> StepRow {
        let who = match &step.whom {
            Whom::One(id) => self.team.member(id).map_or("somebody who left", |member| &member.name),
            Whom::Everyone => "everyone",
        };
        let ways = [(step.by_text, "text"), (step.by_call, "phone call"), (step.by_mail, "email")];
        let ways: Vec<&str> = ways.into_iter().filter_map(|(on, word)| on.then_some(word)).collect();
        StepRow {
            n,
            when: format!("{} min", minutes(step.after_ms)),
            who: who.to_owned(),
            ways: ways.join(", "),
            form: self.step_form(format!("step{n}"), format!("{}/steps/{n}", self.root), step, "Save the step"),
        }
    }

    fn new_step(&self, steps: &[Step]) -> StepForm {
        let after_ms = steps.last().map_or(0, |step| step.after_ms + 3 * MINUTE_MS);
        let step = Step { after_ms, whom: Whom::Everyone, by_text: true, by_mail: true, by_call: false };
        self.step_form("newstep".to_owned(), format!("{}/steps", self.root), &step, "Add the step")
    }

    fn step_form(&self, id: String, action: String, step: &Step, button: &'static str) -> StepForm {
        let typed = self.typed;
        let stands = match &step.whom {
            Whom::One(id) => id.to_string(),
            Whom::Everyone => String::new(),
        };
        let chosen = typed.or(&id, "who", stands);
        let everyone = (String::new(), "Everyone on duty".to_owned());
        let people = self.team.members.iter().map(|member| (member.id.to_string(), member.name.clone()));
        let whom = people.chain([everyone]).map(|(value, name)| (value.clone(), name, value == chosen)).collect();
        let ticked = |name: &str, stands: bool| {
            if typed.is(&id) { typed.given.contains_key(name) } else { stands }
        };
        let after = ("after", "Minutes after the lead came", "", "number");
        StepForm {
            action,
            after: typed.line(&id, after, minutes(step.after_ms).to_string()),
            whom,
            text: ticked("text", step.by_text),
            mail: ticked("mail", step.by_mail),
            call: ticked("call", step.by_call),
            can_call: self.can_call,
            ways_wrong: typed.wrong(&id, "ways"),
            button,
            is_open: typed.is(&id),
            id,
        }
    }

    fn rule(&self) -> Rule {
        let (waits, on_call) = match &self.team.after_hours {
            AfterHours::Wait => (true, String::new()),
            AfterHours::Wake(on_call) => (false, on_call.as_ref().map(ToString::to_string).unwrap_or_default()),
        };
        let typed = self.typed;
        let chosen = typed.or("rule", "on_call", on_call);
        let first = (String::new(), "Whoever is told first".to_owned());
        let people = self.team.members.iter().map(|member| (member.id.to_string(), member.name.clone()));
        let opening = self.team.hours.as_ref().and_then(|hours| hours.next_opening(self.now, &self.team.zone));
        let hint = "Who has it is asked before. Then it waits for the others again.";
        let limit = ("unanswered", "Minutes a taken lead may go unanswered", hint, "number");
        Rule {
            waits: typed.or("rule", "after_hours", if waits { "wait" } else { "wake" }.to_owned()) == "wait",
            on_call: [first].into_iter().chain(people).map(|(id, name)| (id.clone(), name, id == chosen)).collect(),
            opens: opening.map(|at| self.wall.time(at.timestamp().as_millisecond())),
            unanswered: typed.line("rule", limit, minutes(self.team.unanswered_ms).to_string()),
        }
    }

    fn person(&self, member: &Member, proofs: &[Proof]) -> PersonCard {
        let on_ladder = self.team.steps.is_empty() || self.team.crew().any(|one| one.id == member.id);
        let works = match (&member.hours, member.days_off.is_empty()) {
            (None, true) => "Always on duty.".to_owned(),
            (hours, _) => {
                let hours = hours.as_ref().map_or_else(|| "Always on duty".to_owned(), week::words);
                let off = typed_days_off(&member.days_off);
                if off.is_empty() { format!("{hours}.") } else { format!("{hours}. Off: {off}.") }
            }
        };
        let form = format!("person-{}", member.id);
        PersonCard {
            id: member.id.to_string(),
            name: member.name.clone(),
            works,
            on_duty: self.team.is_on_duty(member, self.now),
            is_left_out: member.is_reachable() && !on_ladder,
            channels: self.channels(member, proofs),
            can_go: self.team.members.len() > 1,
            form: self.person_form(&form, format!("{}/people/{}", self.root, member.id), Some(member), "Save"),
        }
    }

    fn new_person(&self) -> PersonForm {
        self.person_form("newperson", format!("{}/people", self.root), None, "Add the person")
    }

    fn person_form(&self, form: &str, action: String, member: Option<&Member>, button: &'static str) -> PersonForm {
        let of = |pick: fn(&Member) -> Option<String>| member.and_then(pick).unwrap_or_default();
        let phone = of(|member| member.phone.clone());
        let phone = if phone.is_empty() { phone } else { Phone::from_stored(phone).national(self.country) };
        let line = |about, stands| self.typed.line(form, about, stands);
        PersonForm {
            action,
            lines: vec![
                line(("name", "Name", "As customers and colleagues read it.", "text"), of(|m| Some(m.name.clone()))),
                line(("phone", "Mobile", "Alerts are texted to it.", "tel"), phone),
                line(("email", "Email", "", "email"), of(|member| member.email.clone())),
                line(
                    ("days_off", "Days off", "Such as 2026-12-24 to 2026-12-26, 2027-01-01.", "text"),
                    of(|member| Some(typed_days_off(&member.days_off))),
                ),
            ],
            week: self.typed.week(form, week::typed(member.and_then(|member| member.hours.as_ref()))),
            button,
            is_open: self.typed.is(form),
        }
    }

    fn channels(&self, member: &Member, proofs: &[Proof]) -> Vec<Channel> {
        let proof = |word: &str| proofs.iter().find(|proof| proof.0 == member.id && proof.1 == word);
        let channel = |name, word: &str, address: String| {
            let (at, test) = proof(word).map_or((None, None), |(_, _, at, test)| (*at, test.as_deref()));
            let is_call = word == "call";
            let proof = if is_call { "somebody picked up and pressed a key" } else { "a message was taken for it" };
            let known = at.map(|at| format!("Proven: {proof} {}.", self.wall.short(at, self.now)));
            let state = match (test, known) {
                (Some("queued" | "sending" | "unknown" | "accepted"), _) if is_call => {
                    "The test call is on its way: press 1 when it rings.".to_owned()
                }
                (Some("failed" | "expired" | "held"), _) if is_call => {
                    "Nobody pressed a key at the test call.".to_owned()
                }
                (Some("queued" | "sending" | "unknown"), _) => "The test alert is on its way.".to_owned(),
                (Some("failed" | "expired" | "held"), _) => {
                    "The test alert did not get through. See Health for the reason.".to_owned()
                }
                (_, Some(known)) => known,
                _ => "Not proven yet.".to_owned(),
            };
            Channel { name, address, is_proven: at.is_some(), state }
        };
        let phone = member.phone.clone().map(|phone| Phone::from_stored(phone).national(self.country));
        let text = phone.clone().map(|address| channel("Text", "sms", address));
        let call = phone.filter(|_| self.can_call).map(|address| channel("Phone call", "call", address));
        let mail = member.email.clone().map(|address| channel("Email", "mail", address));
        text.into_iter().chain(call).chain(mail).collect()
    }
}

type Proof = (crate::base::ids::PersonId, String, Option<i64>, Option<String>);
