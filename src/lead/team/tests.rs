//! The usual ladder, and who is on duty when.

use super::*;
use jiff::Zoned;

fn at(text: &str) -> i64 {
    format!("{text}[America/Chicago]").parse::<Zoned>().unwrap().timestamp().as_millisecond()
}

fn zone() -> TimeZone {
    TimeZone::get("America/Chicago").unwrap()
}

fn member(id: &str, position: i64) -> Member {
    Member {
        id: id.into(),
        name: id.to_owned(),
        phone: Some("+15125550100".to_owned()),
        email: None,
        position,
        hours: None,
        days_off: Vec::new(),
    }
}

fn steps(members: &[Member]) -> Vec<(i64, String)> {
    let whom = |step: &Step| match &step.whom {
        Whom::One(id) => id.to_string(),
        Whom::Everyone => "all".to_owned(),
    };
    let steps = Team::usual_steps(members, &AfterHours::Wake(None));
    steps.iter().map(|step| (step.after_ms / MINUTE_MS, whom(step))).collect()
}

#[test]
fn a_ladder_that_nobody_set_goes_from_person_to_person_and_ends_with_everyone() {
    let of = |list: &[(i64, &str)]| list.iter().map(|(at, who)| (*at, (*who).to_owned())).collect::<Vec<_>>();

    assert_eq!(steps(&[member("dave", 0), member("ana", 1)]), of(&[(0, "dave"), (3, "ana"), (10, "all")]));
    let five: Vec<Member> =
        (0..5).map(|n| member(["a", "b", "c", "d", "e"][n], i64::try_from(n).unwrap() + 2)).collect();
    assert_eq!(steps(&five), of(&[(0, "a"), (3, "b"), (6, "c"), (9, "d"), (12, "e"), (15, "all")]));
    let both_first = [member("dave", 0), member("ana", 0)];
    assert_eq!(steps(&both_first), of(&[(0, "dave"), (0, "ana"), (10, "all")]));
}

#[test]
fn one_person_alone_has_no_ladder_and_who_cannot_be_reached_does_not_count() {
    let nobody = Member { phone: None, ..member("eve", 1) };

    assert_eq!(steps(&[member("dave", 0)]), []);
    assert_eq!(steps(&[member("dave", 0), nobody]), []);
    assert_eq!(
        Team::usual_steps(&[member("dave", 0)], &AfterHours::Wait).len(),
        1,
        "a text has to wait for the opening"
    );
}

#[test]
fn days_off_and_working_hours_are_those_of_the_shops_zone() {
    let mut ana = member("ana", 0);
    ana.hours = Hours::parse(r#"{"mon":["08:00-17:00"],"tue":["08:00-17:00"]}"#);
    ana.days_off = vec![("2026-11-23".parse().unwrap(), "2026-11-23".parse().unwrap())];

    assert!(!ana.is_on_duty(at("2026-11-23T09:00:00"), &zone()), "her day off");
    assert!(ana.is_on_duty(at("2026-11-24T09:00:00"), &zone()));
    assert!(!ana.is_on_duty(at("2026-11-24T17:00:00"), &zone()));
    assert_eq!(ana.next_duty(at("2026-11-22T20:00:00"), &zone()), Some(at("2026-11-24T08:00:00")));
    assert_eq!(ana.next_duty(at("2026-11-24T09:00:00"), &zone()), Some(at("2026-11-30T08:00:00")));
    ana.hours = None;
    assert_eq!(ana.next_duty(at("2026-11-23T09:00:00"), &zone()), Some(at("2026-11-24T00:00:00")));
}
