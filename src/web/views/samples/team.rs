//! The team of the made-up shop: Dave first, then Ana, then everyone; a step was typed without a way.

use super::chrome;
use crate::web::views::chrome::Here;
use crate::web::views::team::{Channel, Line, PersonCard, PersonForm, Rule, StepForm, StepRow, TeamPage};

fn line(id: &str, name: &'static str, label: &'static str, kind: &'static str, value: &str) -> Line {
    Line { id: format!("{id}-{name}"), name, label, hint: "", kind, value: value.into(), wrong: None }
}

fn week(id: &str, hours: &str) -> Vec<Line> {
    let days = [("mon", "Monday"), ("sat", "Saturday"), ("sun", "Sunday")];
    days.map(|(name, label)| line(id, name, label, "text", if name == "sun" { "" } else { hours })).into()
}

fn step(n: usize, at: &str, who: &str, ways: &str) -> StepRow {
    let id = format!("step{n}");
    let whom = ["Dave", "Ana", "Everyone on duty"].map(|name| (name.to_lowercase(), name.to_owned(), name == who));
    StepRow {
        n,
        when: format!("{at} min"),
        who: who.into(),
        ways: ways.into(),
        form: StepForm {
            action: format!("/b/harbor/team/steps/{n}"),
            after: line(&id, "after", "Minutes after the lead came", "number", at),
            whom: whom.into(),
            text: ways.contains("text"),
            mail: ways.contains("email"),
            call: ways.contains("call"),
            can_call: id != "step9",
            ways_wrong: None,
            button: "Save the step",
            is_open: false,
            id,
        },
    }
}

fn person(id: &str, name: &str, digits: &str, proven: bool) -> PersonCard {
    let form = format!("person-{id}");
    let address = format!("(512) 555-{digits}");
    let state = if proven { "Proven: a message was taken for it 2:14 pm." } else { "Not proven yet." };
    PersonCard {
        id: id.into(),
        name: name.into(),
        works: "Always on duty.".into(),
        on_duty: proven,
        is_left_out: false,
        channels: vec![Channel { name: "Text", address: address.clone(), is_proven: proven, state: state.into() }],
        can_go: true,
        form: PersonForm {
            action: format!("/b/harbor/team/people/{id}"),
            lines: vec![line(&form, "name", "Name", "text", name), line(&form, "phone", "Mobile", "tel", &address)],
            week: week(&form, "8-17"),
            button: "Save",
            is_open: false,
        },
    }
}

pub fn team() -> TeamPage {
    let mut new_step = step(9, "13", "Everyone on duty", "text").form;
    new_step.ways_wrong = Some("Tick text, phone call, email or all of them.".into());
    new_step.is_open = true;
    let mut new_person = person("new", "", "", false).form;
    new_person.lines.truncate(1);
    let unanswered = line("rule", "unanswered", "Minutes a taken lead may go unanswered", "number", "30");
    TeamPage {
        chrome: chrome(Here::Team),
        told: None,
        wrong: vec![("step9-ways".into(), "Tick text, phone call, email or all of them.".into())],
        steps: vec![
            step(0, "0", "Dave", "text, email"),
            step(1, "3", "Ana", "text"),
            step(2, "4", "Dave", "phone call"),
            step(3, "10", "Everyone on duty", "text, email"),
        ],
        is_usual: false,
        new_step: Some(new_step),
        open: "Open Mon to Sat 8 to 18, closed Sun.".into(),
        week: week("hours", "8-18"),
        rule: Rule {
            waits: false,
            on_call: vec![("dave".into(), "Dave".into(), true), ("ana".into(), "Ana".into(), false)],
            opens: Some("8:00 am".into()),
            unanswered,
        },
        people: vec![person("dave", "Dave", "0100", true), person("ana", "Ana", "0101", false)],
        new_person,
    }
}
