//! Random shops, each for a day and what follows: leads come, are taken, handed back, answered and closed; the house
//! crashes before a commit and stands still for hours. Every rule of the ladder is checked at every look.

use super::*;
use crate::base::random::Random;
use crate::lead::team::Step;

/// How many days, one shop each.
const DAYS: u64 = 10_000;
const MIDNIGHT: &str = "2026-10-31T00:00:00";

/// A lead, its row, and which messages were planned about it, as the database would hold them.
struct World<'a> {
    team: &'a Team,
    random: &'a Random,
    row: Option<Row>,
    due: i64,
    held: Option<(i64, PersonId)>,
    settled: bool,
    planned: BTreeSet<String>,
    /// Who was told by the ladder since the lead waits, and the looks so far.
    told: BTreeSet<PersonId>,
    looks: Vec<i64>,
    /// How often each was told alone since the lead waits, steps for everyone aside.
    alone: BTreeMap<PersonId, usize>,
    excused: Vec<PersonId>,
    asked_at: Option<i64>,
}

fn chance(random: &Random, one_in: i64) -> bool {
    random.up_to(one_in - 1) == 0
}

fn hours(random: &Random) -> Hours {
    let (from, to) = (random.up_to(14), 15 + random.up_to(8));
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let open: Vec<String> = days
        .iter()
        .filter(|_| !chance(random, 4))
        .map(|day| format!(r#""{day}":["{from:02}:00-{to:02}:30"]"#))
        .collect();
    Hours::parse(&format!("{{{}}}", open.join(","))).unwrap()
}

fn shop(random: &Random) -> Team {
    let zone = TimeZone::get("America/Chicago").unwrap();
    let size = 1 + random.up_to(4);
    let today = Timestamp::from_millisecond(at(MIDNIGHT)).unwrap().to_zoned(zone.clone()).date();
    let mut members: Vec<Member> = (0..size)
        .map(|n| {
            let mut one =
                member(["a", "b", "c", "d", "e"][usize::try_from(n).unwrap()], if chance(random, 4) { 0 } else { n });
            one.hours = chance(random, 3).then(|| hours(random));
            one.days_off = chance(random, 6).then_some((today, today)).into_iter().collect();
            one.email = one.email.filter(|_| !chance(random, 3));
            one.phone = one.phone.filter(|_| !chance(random, 5));
            one
        })
        .collect();
    members.sort_by_key(|member| member.position);
    let anyone = || members[usize::try_from(random.up_to(size - 1)).unwrap()].id.clone();
    let after_hours = match random.up_to(2) {
        0 => AfterHours::Wait,
        1 => AfterHours::Wake(Some(anyone())),
        _ => AfterHours::Wake(None),
    };
    let mut steps = Team::usual_steps(&members, &after_hours);
    let is_set = chance(random, 2);
    if is_set {
        let mut after_ms = 0;
        steps = (0..=random.up_to(5))
            .map(|_| {
                let whom = if chance(random, 4) { Whom::Everyone } else { Whom::One(anyone()) };
                let (by_text, by_mail, by_call) = (!chance(random, 4), chance(random, 2), chance(random, 4));
                let step = Step { after_ms, whom, by_text, by_mail, by_call };
                after_ms += random.up_to(6) * MINUTE_MS;
                step
            })
            .collect();
    }
    let unanswered_ms = (10 + random.up_to(50)) * MINUTE_MS;
    let hours = chance(random, 2).then(|| hours(random));
    Team { zone, hours, members, steps, is_set, after_hours, unanswered_ms }
}

#[test]
fn in_ten_thousand_days_nobody_is_told_twice_nobody_is_left_out_and_nothing_follows_an_answer() {
    for seed in 0..DAYS {
        let random = Random::seeded(seed);
        let team = shop(&random);
        if team.steps.is_empty() {
            continue;
        }
        let came = at(MIDNIGHT) + random.up_to(DAY_MS);
        World::begin(&team, &random, came).live(seed, came);
    }
}

impl<'a> World<'a> {
    fn begin(team: &'a Team, random: &'a Random, now: i64) -> Self {
        let turn = first(team, now);
        let reachable = opening_steps(team).count() > 0;
        assert!(!turn.tell.is_empty() || !reachable, "the first alert always goes: {team:?}");
        let mut world = World {
            team,
            random,
            row: None,
            due: i64::MAX,
            held: None,
            settled: false,
            planned: BTreeSet::new(),
            told: turn.tell.iter().map(|tell| tell.person.clone()).collect(),
            looks: vec![now],
            alone: BTreeMap::new(),
            excused: Vec::new(),
            asked_at: None,
        };
        world.judge_hours(&turn, now, true);
        world.nobody_told_too_often(&turn, 0);
        world.keep_waiting(&turn);
        world
    }

    fn live(mut self, seed: u64, came: i64) {
        let (mut now, ends) = (came, came + 2 * DAY_MS);
        let mut deeds = 0;
        while now < ends && !self.settled && (self.row.is_some() || self.held.is_some() || deeds < 6) {
            // The next thing that happens is a look that is due, or a deed before it.
            let deed = now + 1 + self.random.up_to(if deeds < 4 { 20 * MINUTE_MS } else { 8 * HOUR_MS });
            let late = if chance(self.random, 40) { self.random.up_to(6 * HOUR_MS) } else { self.random.up_to(1_000) };
            let look = if self.row.is_some() { self.due.max(now).saturating_add(late) } else { i64::MAX };
            if look <= deed {
                now = look;
                self.looks_at_it(now, seed);
            } else {
                now = deed;
                if chance(self.random, 2) {
                    self.somebody_acts(now);
                }
                deeds += 1;
            }
        }
    }

    fn standing(&self) -> Standing {
        Standing { held_since: self.held.as_ref().map(|(since, _)| *since), is_settled: self.settled }
    }

    fn looks_at_it(&mut self, now: i64, seed: u64) {
        let Some(row) = self.row.clone() else { return };
        let decision = decide(self.team, &row, self.standing(), now);
        assert_eq!(decision, decide(self.team, &row, self.standing(), now), "a crash repeats the same look");
        if chance(self.random, 20) {
            return;
        }
        match decision {
            Decision::Drop => self.row = None,
            Decision::Wait(turn) => {
                assert!(self.held.is_none() && !self.settled, "seed {seed}: told after a take or an answer");
                let mut at_once = BTreeSet::new();
                for tell in &turn.tell {
                    assert!(at_once.insert(tell.person.clone()), "seed {seed}: twice at once");
                    assert!(tell.by_text || tell.by_mail || tell.by_call, "seed {seed}: told by nothing");
                    let key = format!("wait:{}:{}:{}", row.since_at, row.next, tell.person);
                    assert!(self.planned.insert(key.clone()), "seed {seed}: {key} twice");
                    self.told.insert(tell.person.clone());
                }
                self.judge_hours(&turn, now, false);
                self.nobody_told_too_often(&turn, row.next);
                self.looks.push(now);
                self.nobody_left_out(&turn, row.next, now, seed);
                self.keep_waiting(&turn);
                assert!(self.row.is_none() || self.due > now, "seed {seed}: due at once again");
            }
            Decision::Held(turn) => {
                assert!(self.held.is_some(), "seed {seed}: asked about a lead that nobody has");
                if turn.ask {
                    assert_eq!(self.asked_at.replace(now), None, "seed {seed}: asked twice");
                }
                if turn.give_back {
                    let asked = self.asked_at.expect("the question comes first");
                    let least = ASK_MS.min(self.team.unanswered_ms / 2);
                    assert!(now - asked >= least, "seed {seed}: no time to answer the question");
                    assert!(self.team.closed_until(now).is_none(), "seed {seed}: given back after closing");
                    let (_, who) = self.held.take().unwrap();
                    self.waits_anew(vec![who], now);
                    return;
                }
                match turn.due {
                    Some(due) => {
                        assert!(due > now, "seed {seed}");
                        let (since_at, next) = (turn.held.since, usize::from(turn.held.asked));
                        (self.row, self.due) = (Some(Row { kind: Kind::Taken, since_at, next, ..row }), due);
                    }
                    None => self.row = None,
                }
            }
        }
    }

    fn keep_waiting(&mut self, turn: &Turn) {
        let row = |wait: &Wait| Row {
            lead_id: "lead".into(),
            business_id: "shop".into(),
            kind: Kind::Waiting,
            since_at: wait.since,
            next: wait.next,
            ahead: wait.ahead.clone(),
            told: wait.told.clone(),
            had_by: None,
            noted: wait.noted,
        };
        self.row = turn.due.map(|_| row(&turn.wait));
        self.due = turn.due.unwrap_or(i64::MAX);
    }

    /// No text reaches who is off duty or, while the shop is closed, anybody but who is on call.
    fn judge_hours(&self, turn: &Turn, now: i64, is_first: bool) {
        let is_closed = self.team.closed_until(now).is_some();
        for tell in turn.tell.iter().filter(|tell| tell.by_text || tell.by_call) {
            let member = self.team.member(&tell.person).unwrap();
            let is_on_call = self.team.after_hours == AfterHours::Wake(Some(member.id.clone()));
            let has_no_other_way =
                is_first && member.email.is_none() && turn.tell.iter().all(|tell| tell.by_text || tell.by_call);
            let is_first_awake = is_first && self.team.after_hours == AfterHours::Wake(None);
            let on_duty = self.team.is_on_duty(member, now);
            let may = if is_closed { is_on_call || (is_first_awake && on_duty) } else { on_duty };
            assert!(may || has_no_other_way, "{tell:?} at {now} of {:?}", self.team);
        }
    }

    /// Whoever has a step that is over, and was on duty at every look, has been told; and at a step for everyone, whoever
    /// is on duty is.
    fn nobody_left_out(&self, turn: &Turn, before: usize, now: i64, seed: u64) {
        for step in &self.team.steps[before.min(turn.wait.next)..turn.wait.next] {
            let all = self.team.members.iter().filter(|member| member.is_reachable());
            match &step.whom {
                Whom::Everyone => {
                    for member in all.filter(|member| self.team.is_on_duty(member, now)) {
                        assert!(turn.tell.iter().any(|tell| tell.person == member.id), "seed {seed}: everyone");
                    }
                }
                Whom::One(id) => {
                    let always = |member: &&Member| self.looks.iter().all(|at| self.team.is_on_duty(member, *at));
                    if all.filter(|member| member.id == *id).any(|member| always(&member)) {
                        let excused = self.excused.contains(id);
                        assert!(excused || self.told.contains(id), "seed {seed}: {id} is left out of {:?}", self.team);
                    }
                }
            }
        }
    }

    /// Who stands in for somebody is not told again at the own step.
    fn nobody_told_too_often(&mut self, turn: &Turn, before: usize) {
        let steps = |id: &PersonId| self.team.steps.iter().filter(|step| step.whom == Whom::One(id.clone())).count();
        if self.team.steps[before.min(turn.wait.next)..turn.wait.next].iter().any(|step| step.whom == Whom::Everyone) {
            return;
        }
        for tell in turn.tell.iter().filter(|tell| tell.by_text || tell.by_call) {
            let times = self.alone.entry(tell.person.clone()).or_default();
            *times += 1;
            assert!(*times <= steps(&tell.person).max(1), "{tell:?} for the {times}th time in {:?}", self.team);
        }
    }

    /// What a deed writes: the row anew.
    fn waits_anew(&mut self, ahead: Vec<PersonId>, now: i64) {
        self.excused.clone_from(&ahead);
        self.told.clear();
        self.alone.clear();
        self.looks = vec![now];
        let wait = Wait { since: now, ahead, ..Wait::default() };
        self.keep_waiting(&Turn { wait, due: Some(now), ..Turn::default() });
    }

    fn somebody_acts(&mut self, now: i64) {
        let anyone = usize::try_from(self.random.up_to(i64::try_from(self.team.members.len()).unwrap() - 1)).unwrap();
        match (self.held.clone(), self.random.up_to(3)) {
            (Some((_, who)), 0) => {
                self.held = None;
                self.waits_anew(vec![who], now);
            }
            (_, 1) => self.settled = true,
            _ => {
                self.held = Some((now, self.team.members[anyone].id.clone()));
                self.asked_at = None;
                let row = Row {
                    lead_id: "lead".into(),
                    business_id: "shop".into(),
                    kind: Kind::Taken,
                    since_at: now,
                    next: 0,
                    ahead: Vec::new(),
                    told: Vec::new(),
                    had_by: None,
                    noted: false,
                };
                (self.row, self.due) = (Some(row), now);
            }
        }
    }
}

#[test]
fn the_simulated_shops_are_as_different_as_they_should_be() {
    let mut seen = BTreeMap::new();
    for seed in 0..500 {
        let team = shop(&Random::seeded(seed));
        let kind = (team.steps.is_empty(), team.is_set, team.hours.is_some(), team.after_hours == AfterHours::Wait);
        *seen.entry(kind).or_insert(0) += 1;
    }

    assert!(seen.len() >= 10 && seen.values().filter(|n| **n > 10).count() >= 8, "{seen:?}");
}
