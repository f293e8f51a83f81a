//! The ladder: whom to tell about a lead that nobody has, when to look again, and what becomes of a lead that somebody
//! took and did not answer. Pure: the team, where the lead stands and the moment go in; whom to tell goes out.
//!
//! Rules. Whoever is not on duty is skipped, and the next one on the ladder who is is told instead, at once; their own
//! step then goes to the one after them. While the shop is closed nobody but who is on call is told by text; the ladder
//! goes on at the opening. If nobody on the ladder is on duty, that is said once, and the ladder waits for the first who
//! is. Steps that were missed (the house was down) are taken together, so that nobody is told twice at once.

mod drafts;
#[cfg(test)]
mod tests;
mod texts;

pub use drafts::{
    Escalation, Handed, closed_note, given_back, nobody_note, nobody_on_duty, question, still_waiting, test_alerts,
};

use crate::base::clock::MINUTE_MS;
use crate::base::ids::PersonId;
use crate::lead::store::handoff::{Kind, Row};
use crate::lead::team::{AfterHours, Member, Step, Team, Whom};

/// So long after a take the taker is asked whether they reached the person, in milliseconds.
pub const ASK_MS: i64 = 15 * MINUTE_MS;

/// Somebody to be told, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tell {
    /// Who.
    pub person: PersonId,
    /// By text.
    pub by_text: bool,
    /// By mail.
    pub by_mail: bool,
    /// By a phone call.
    pub by_call: bool,
}

/// Where the ladder of a waiting lead stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    /// Steps count from here (UTC milliseconds); may lie ahead, at the next opening.
    pub since: i64,
    /// The first step not taken yet.
    pub next: usize,
    /// People who were told before their step, or need not be told at it.
    pub ahead: Vec<PersonId>,
    /// People who were told by text or call since it waits.
    pub told: Vec<PersonId>,
    /// It was said that nobody is on duty.
    pub noted: bool,
}

/// What a look at a waiting lead leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Whom to tell now.
    pub tell: Vec<Tell>,
    /// Nobody on the ladder is on duty, and nobody was told that yet; the instant is when the first one is.
    pub nobody_until: Option<Option<i64>>,
    /// When the shop opens, if it is closed.
    pub opens: Option<i64>,
    /// Where the ladder stands after it.
    pub wait: Wait,
    /// When to look again; none = never.
    pub due: Option<i64>,
}

/// How a lead stands that is looked after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Since when somebody has it (UTC milliseconds).
    pub held_since: Option<i64>,
    /// A person has answered it, or it is over.
    pub is_settled: bool,
}

/// What is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Nothing any more.
    Drop,
    /// It waits.
    Wait(Turn),
    /// Somebody has it.
    Held(HeldTurn),
}

/// A lead whose time has come. What is stored of it is believed only as far as it fits how the lead stands.
pub fn decide(team: &Team, row: &Row, standing: Standing, now: i64) -> Decision {
    if standing.is_settled {
        return Decision::Drop;
    }
    match (standing.held_since, row.kind) {
        (Some(_), Kind::Taken) => Decision::Held(held(team, Held { since: row.since_at, asked: row.next > 0 }, now)),
        (Some(since), Kind::Waiting) => Decision::Held(held(team, Held { since, asked: false }, now)),
        (None, _) if team.steps.is_empty() => Decision::Drop,
        (None, Kind::Waiting) => {
            let (ahead, told) = (row.ahead.clone(), row.told.clone());
            let wait = Wait { since: row.since_at, next: row.next, ahead, told, noted: row.noted };
            Decision::Wait(look(team, wait, now))
        }
        (None, Kind::Taken) => Decision::Wait(look(team, Wait { since: now, ..Wait::default() }, now)),
    }
}

/// A lead has come: who is told at once. Somebody always is, if anybody can be reached: where hours forbid a text it is
/// a mail, and a text after all where nobody has an address.
pub fn first(team: &Team, now: i64) -> Turn {
    let wait = Wait { since: now, ..Wait::default() };
    let Some(opens) = team.closed_until(now) else {
        let mut turn = look(team, wait, now);
        if turn.nobody_until.take().is_some() {
            // The round says so, a moment later; the alert itself goes all the same.
            turn = Turn { wait: Wait { since: now, ..Wait::default() }, due: Some(now), ..Turn::default() };
        }
        if turn.tell.is_empty() {
            quietly(team, &mut turn);
        }
        return turn;
    };
    let mut turn =
        Turn { wait: Wait { since: opens, ..wait }, opens: Some(opens), due: Some(opens), ..Turn::default() };
    match &team.after_hours {
        AfterHours::Wake(Some(id)) => wake(team, id, &mut turn),
        AfterHours::Wake(None) => {
            let first = opening_steps(team);
            for (member, step) in first.filter(|(member, _)| team.is_on_duty(member, now)) {
                turn.add(member, Ways::of(step));
                turn.wait.ahead.push(member.id.clone());
            }
        }
        AfterHours::Wait => {}
    }
    quietly(team, &mut turn);
    turn
}

/// A look at a waiting lead whose time has come.
pub fn look(team: &Team, wait: Wait, now: i64) -> Turn {
    let mut turn = Turn { wait, ..Turn::default() };
    let Some(step) = team.steps.get(turn.wait.next) else { return turn };
    if let Some(opens) = team.closed_until(now) {
        if let AfterHours::Wake(Some(id)) = &team.after_hours
            && !turn.wait.ahead.contains(id)
            && !turn.wait.told.contains(id)
        {
            wake(team, id, &mut turn);
        }
        (turn.wait.since, turn.opens, turn.due) = (opens - after(team, step), Some(opens), Some(opens));
        return turn;
    }
    if turn.wait.since + after(team, step) <= now && !team.crew().any(|member| team.is_on_duty(member, now)) {
        let back = team.next_duty(now);
        if !turn.wait.noted {
            (turn.wait.noted, turn.nobody_until) = (true, Some(back));
        }
        turn.wait.since = back.map_or(turn.wait.since, |back| back - after(team, step));
        turn.due = back;
        return turn;
    }
    while let Some(step) = team.steps.get(turn.wait.next) {
        let at = turn.wait.since + after(team, step);
        if at > now {
            turn.due = Some(at);
            break;
        }
        take(team, step, now, &mut turn);
        turn.wait.next += 1;
    }
    turn
}

/// How long after the start a step is; the first one is at the start, whatever it says.
fn after(team: &Team, step: &Step) -> i64 {
    step.after_ms - team.steps.first().map_or(0, |first| first.after_ms)
}

/// By what somebody is to be told.
#[derive(Clone, Copy)]
struct Ways {
    text: bool,
    mail: bool,
    call: bool,
}

impl Ways {
    fn of(step: &Step) -> Self {
        Self { text: step.by_text, mail: step.by_mail, call: step.by_call }
    }
}

/// Takes one step.
fn take(team: &Team, step: &Step, now: i64, turn: &mut Turn) {
    let is_on = |member: &Member| member.is_reachable() && team.is_on_duty(member, now);
    let Whom::One(id) = &step.whom else {
        for member in team.members.iter().filter(|member| is_on(member)) {
            turn.add(member, Ways::of(step));
        }
        return;
    };
    let was_told = turn.wait.ahead.iter().position(|ahead| ahead == id);
    if let Some(place) = was_told {
        turn.wait.ahead.remove(place);
    } else if let Some(member) = team.member(id).filter(|member| is_on(member)) {
        turn.add(member, Ways::of(step));
        return;
    }
    let later = team.steps.iter().skip(turn.wait.next + 1).filter_map(|later| match &later.whom {
        Whom::One(id) => Some((team.member(id)?, later)),
        Whom::Everyone => None,
    });
    let free = |member: &Member, turn: &Turn| {
        let is_new = !turn.wait.ahead.contains(&member.id) && !turn.wait.told.contains(&member.id);
        is_new && !turn.tell.iter().any(|tell| tell.person == member.id)
    };
    let stand_in =
        later.filter(|(member, _)| is_on(member) && free(member, turn)).map(|(m, s)| (m.clone(), Ways::of(s))).next();
    if let Some((member, own)) = stand_in {
        turn.add(&member, own);
        turn.wait.ahead.push(member.id);
    }
}

/// Who is on call is told by everything there is.
fn wake(team: &Team, id: &PersonId, turn: &mut Turn) {
    if let Some(member) = team.member(id).filter(|member| member.is_reachable()) {
        turn.add(member, Ways { text: true, mail: true, call: false });
        turn.wait.ahead.push(member.id.clone());
    }
}

/// The members of the steps at the start.
fn opening_steps(team: &Team) -> impl Iterator<Item = (&Member, &Step)> {
    let at_start = team.steps.iter().take_while(|step| after(team, step) == 0);
    at_start.flat_map(|step| {
        let named = move |member: &&Member| match &step.whom {
            Whom::One(id) => member.id == *id,
            Whom::Everyone => true,
        };
        team.members.iter().filter(named).filter(|member| member.is_reachable()).map(move |member| (member, step))
    })
}

/// Those of the first steps who are not told otherwise get a mail. Only where that tells nobody it is a text.
fn quietly(team: &Team, turn: &mut Turn) {
    let is_told = |turn: &Turn, member: &Member| turn.tell.iter().any(|tell| tell.person == member.id);
    for (member, _) in opening_steps(team).filter(|(member, _)| member.email.is_some()) {
        if !is_told(turn, member) {
            turn.add(member, Ways { text: false, mail: true, call: false });
        }
    }
    if turn.tell.is_empty() {
        for (member, _) in opening_steps(team) {
            turn.add(member, Ways { text: true, mail: false, call: false });
            turn.wait.ahead.push(member.id.clone());
        }
    }
}

impl Turn {
    /// Somebody is told by what they have: where a step names only a way that they lack, by the other one.
    fn add(&mut self, member: &Member, ways: Ways) {
        let has_number = member.phone.is_some();
        let mut by_text = ways.text && has_number;
        let mut by_mail = ways.mail && member.email.is_some();
        let by_call = ways.call && has_number;
        if !by_text && !by_mail && !by_call {
            (by_text, by_mail) = (has_number, !has_number);
        }
        if (by_text || by_call) && !self.wait.told.contains(&member.id) {
            self.wait.told.push(member.id.clone());
        }
        match self.tell.iter_mut().find(|tell| tell.person == member.id) {
            Some(tell) => {
                tell.by_text |= by_text;
                tell.by_mail |= by_mail;
                tell.by_call |= by_call;
            }
            None => self.tell.push(Tell { person: member.id.clone(), by_text, by_mail, by_call }),
        }
    }
}

/// Where a lead stands that somebody has and has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Since when it is theirs (UTC milliseconds).
    pub since: i64,
    /// Whether they were asked if they reached the person.
    pub asked: bool,
}

/// What a look at a held lead leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldTurn {
    /// Ask whether they reached the person.
    pub ask: bool,
    /// The lead goes back to the others.
    pub give_back: bool,
    /// Where it stands after it.
    pub held: Held,
    /// When to look again; none = never.
    pub due: Option<i64>,
}

/// A look at a held lead. The question always comes before the lead is given back, by as long as it usually does, and
/// nothing is given back while the shop is closed. Where there is nobody else it stays where it is.
pub fn held(team: &Team, held: Held, now: i64) -> HeldTurn {
    let goes_back = team.crew().count() > 1;
    let ask_ms = if goes_back { ASK_MS.min(team.unanswered_ms / 2) } else { ASK_MS };
    let mut turn = HeldTurn { ask: false, give_back: false, held, due: None };
    if !held.asked {
        if now < held.since + ask_ms {
            turn.due = Some(held.since + ask_ms);
            return turn;
        }
        turn.ask = true;
        // Asked late (the house was down): the answer has the time that it would have had.
        turn.held = Held { since: held.since.max(now - ask_ms), asked: true };
    }
    if !goes_back {
        return turn;
    }
    let back = turn.held.since + team.unanswered_ms;
    if !turn.ask && now >= back {
        match team.closed_until(now) {
            Some(opens) => turn.due = Some(opens),
            None => turn.give_back = true,
        }
    } else {
        turn.due = Some(back.max(now + 1));
    }
    turn
}
