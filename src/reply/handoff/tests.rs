//! The ladder step by step, and 10,000 simulated days of it.

use super::*;
use crate::base::clock::{DAY_MS, HOUR_MS, SECOND_MS};
use crate::lead::hours::Hours;
use crate::lead::team::UNANSWERED_MS;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use std::collections::{BTreeMap, BTreeSet};

mod simulation;

fn at(text: &str) -> i64 {
    format!("{text}[America/Chicago]").parse::<Zoned>().unwrap().timestamp().as_millisecond()
}

/// Somebody with a number and an address, always on duty.
fn member(id: &str, position: i64) -> Member {
    Member {
        id: id.into(),
        name: id.to_owned(),
        phone: Some(format!("+1512555010{position}")),
        email: Some(format!("{id}@shop.test")),
        position,
        hours: None,
        days_off: Vec::new(),
    }
}

/// Dave first, Ana after 3 minutes, everyone after 10; open 8 to 18 on weekdays where `hours` says so.
fn team(hours: bool) -> Team {
    let members = vec![member("dave", 0), member("ana", 1)];
    let week = r#"{"mon":["08:00-18:00"],"tue":["08:00-18:00"],"wed":["08:00-18:00"],"thu":["08:00-18:00"],"fri":["08:00-18:00"]}"#;
    Team {
        zone: TimeZone::get("America/Chicago").unwrap(),
        hours: hours.then(|| Hours::parse(week).unwrap()),
        steps: Team::usual_steps(&members, &AfterHours::Wake(None)),
        members,
        is_set: false,
        after_hours: AfterHours::Wake(None),
        unanswered_ms: UNANSWERED_MS,
    }
}

/// Who is told by text, and who by mail alone.
fn told(turn: &Turn) -> (Vec<&str>, Vec<&str>) {
    let of = |by_text: bool| {
        turn.tell.iter().filter(|tell| tell.by_text == by_text).map(|tell| tell.person.as_str()).collect()
    };
    (of(true), of(false))
}

/// The looks that follow a first one, each with its distance to the start in minutes and who is told by text.
fn run(team: &Team, start: i64) -> Vec<(i64, Vec<String>)> {
    let mut turn = first(team, start);
    let mut looks = Vec::new();
    while let Some(due) = turn.due {
        turn = look(team, turn.wait, due);
        let told = turn.tell.iter().filter(|tell| tell.by_text).map(|tell| tell.person.to_string()).collect();
        looks.push(((due - start) / MINUTE_MS, told));
    }
    looks
}

fn looks(list: &[(i64, &[&str])]) -> Vec<(i64, Vec<String>)> {
    list.iter().map(|(at, who)| (*at, who.iter().map(|id| (*id).to_owned()).collect())).collect()
}

const NOON: &str = "2026-11-24T12:00:00";
const NIGHT: &str = "2026-11-24T22:00:00";

#[test]
fn a_lead_that_nobody_takes_goes_from_person_to_person_and_then_to_everyone() {
    let team = team(true);

    assert_eq!(told(&first(&team, at(NOON))), (vec!["dave"], vec![]));
    assert_eq!(run(&team, at(NOON)), looks(&[(3, &["ana"]), (10, &["dave", "ana"])]));
}

#[test]
fn who_is_off_duty_is_skipped_and_the_next_one_is_told_at_once() {
    let mut team = team(true);
    team.members[0].days_off = vec![("2026-11-24".parse().unwrap(), "2026-11-24".parse().unwrap())];

    assert_eq!(told(&first(&team, at(NOON))), (vec!["ana"], vec![]), "Dave has the day off");
    assert_eq!(run(&team, at(NOON)), looks(&[(3, &[]), (10, &["ana"])]));
}

#[test]
fn after_closing_who_is_on_call_is_woken_and_the_others_follow_at_the_opening() {
    let mut team = team(true);
    team.after_hours = AfterHours::Wake(Some("ana".into()));

    let turn = first(&team, at(NIGHT));

    assert_eq!(told(&turn), (vec!["ana"], vec!["dave"]), "a mail wakes nobody");
    let mut no_mail = team.clone();
    no_mail.members[0].email = None;
    assert_eq!(told(&first(&no_mail, at(NIGHT))), (vec!["ana"], vec![]), "and nobody else is");
    assert_eq!(turn.opens, Some(at("2026-11-25T08:00:00")));
    assert_eq!(run(&team, at(NIGHT)), looks(&[(600, &["dave"]), (603, &[]), (610, &["dave", "ana"])]));
}

#[test]
fn a_shop_that_waits_until_opening_is_told_by_mail_at_once_and_by_text_at_the_opening() {
    let mut team = team(true);
    team.after_hours = AfterHours::Wait;

    assert_eq!(told(&first(&team, at(NIGHT))), (vec![], vec!["dave"]));
    assert_eq!(run(&team, at(NIGHT)), looks(&[(600, &["dave"]), (603, &["ana"]), (610, &["dave", "ana"])]));
    team.members[0].email = None;
    assert_eq!(told(&first(&team, at(NIGHT))), (vec!["dave"], vec![]), "the first alert always goes");
}

#[test]
fn a_ladder_that_closing_time_cuts_off_goes_on_at_the_opening() {
    let team = team(true);
    let evening = at("2026-11-24T17:58:00");

    assert_eq!(run(&team, evening), looks(&[(3, &[]), (14 * 60 + 2, &["ana"]), (14 * 60 + 9, &["dave", "ana"])]));
}

#[test]
fn who_was_told_a_minute_before_closing_is_not_woken_as_the_one_on_call() {
    let mut team = team(true);
    team.after_hours = AfterHours::Wake(Some("dave".into()));

    let turn = first(&team, at("2026-11-24T17:58:00"));
    let turn = look(&team, turn.wait, at("2026-11-24T18:01:00"));

    assert_eq!((told(&turn), turn.due), ((vec![], vec![]), Some(at("2026-11-25T08:00:00"))));
}

#[test]
fn nobody_on_duty_is_said_once_and_the_ladder_waits_for_the_first_who_is() {
    let mut team = team(false);
    let morning = Hours::parse(r#"{"wed":["09:00-17:00"]}"#);
    team.members.iter_mut().for_each(|member| member.hours = morning.clone());

    let turn = first(&team, at(NOON));
    assert_eq!((told(&turn), turn.due), ((vec![], vec!["dave"]), Some(at(NOON))), "the alert goes all the same");

    let turn = look(&team, turn.wait, at(NOON) + SECOND_MS);
    assert_eq!(turn.nobody_until, Some(Some(at("2026-11-25T09:00:00"))));
    let later = look(&team, turn.wait.clone(), at(NOON) + HOUR_MS);
    assert_eq!((later.nobody_until, later.tell.len()), (None, 0), "it is said once");
    let turn = look(&team, turn.wait, at("2026-11-25T09:00:00"));
    assert_eq!(told(&turn).0, ["dave"]);
}

#[test]
fn steps_that_were_missed_are_taken_together_and_nobody_is_told_twice_at_once() {
    let team = team(false);
    let turn = first(&team, at(NOON));

    let turn = look(&team, turn.wait, at(NOON) + 2 * HOUR_MS);

    assert_eq!(told(&turn).0, ["ana", "dave"]);
    assert_eq!((turn.wait.next, turn.due), (3, None));
}

#[test]
fn who_handed_it_back_is_not_told_first() {
    let team = team(false);
    let wait = Wait { since: at(NOON), ahead: vec!["dave".into()], ..Wait::default() };

    assert_eq!(told(&look(&team, wait, at(NOON))).0, ["ana"]);
}

#[test]
fn who_lacks_the_way_that_a_step_names_is_told_by_the_other() {
    let mut team = team(false);
    team.members[0].phone = None;
    team.steps[0].by_mail = false;

    assert_eq!(told(&first(&team, at(NOON))), (vec![], vec!["dave"]));
}

#[test]
fn who_has_a_lead_is_asked_after_a_quarter_of_an_hour_and_loses_it_after_half_an_hour() {
    let team = team(true);
    let since = at(NOON);
    let begun = Held { since, asked: false };

    let early = held(&team, begun, since);
    assert_eq!((early.ask, early.due), (false, Some(since + ASK_MS)));
    let asked = held(&team, begun, since + ASK_MS);
    assert_eq!((asked.ask, asked.give_back, asked.due), (true, false, Some(since + UNANSWERED_MS)));
    let back = held(&team, asked.held, since + UNANSWERED_MS);
    assert_eq!((back.ask, back.give_back), (false, true));
    let late = held(&team, begun, since + 5 * HOUR_MS);
    assert_eq!((late.ask, late.due), (true, Some(since + 5 * HOUR_MS + ASK_MS)), "the question comes first");
    let night = held(&team, Held { since: at("2026-11-24T17:45:00"), asked: true }, at("2026-11-24T18:15:00"));
    assert_eq!((night.give_back, night.due), (false, Some(at("2026-11-25T08:00:00"))));
}

#[test]
fn where_nobody_else_is_told_a_lead_is_asked_about_and_kept() {
    let mut alone = team(false);
    alone.members.truncate(1);
    let mut without = team(false);
    without.steps.clear();

    for team in [alone, without] {
        let asked = held(&team, Held { since: 0, asked: false }, ASK_MS);

        assert_eq!((asked.ask, asked.give_back, asked.due), (true, false, None));
    }
}
