//! The round of the ladder: leads that nobody has are told to the next one, leads that somebody has and does not answer
//! go back. Once a second.
//!
//! What is planned, and how far the ladder has come, is one transaction: a crash before it repeats the look, a crash
//! after it has the messages in the outbox. Messages carry the look that planned them, so that none is planned twice.

use super::Pipeline;
use crate::base::clock::DAY_MS;
use crate::base::ids::{BusinessId, LeadId, PersonId, new_code};
use crate::base::news::Change;
use crate::base::random::Random;
use crate::db::{Conn, WriteError};
use crate::lead::record::{Event, Holder, Lead};
use crate::lead::shop::{Business, store as shops};
use crate::lead::state::State;
use crate::lead::store::handoff::{self, Kind, Row};
use crate::lead::store::intake::{NewLink, insert_events, insert_links};
use crate::lead::store::{act, read};
use crate::lead::team::{self, Member, Team};
use crate::outbox::message::Draft;
use crate::outbox::store::enqueue::enqueue;
use crate::reply::AlertTo;
use crate::reply::handoff::{self as ladder, Decision, Escalation, Handed, Held, HeldTurn, Standing, Turn};
use std::collections::HashMap;
use std::sync::Arc;

/// How many leads are looked at in one transaction, so that a flood never holds the writer for long.
const AT_ONCE: i64 = 32;

impl Pipeline {
    /// Looks at every lead whose time has come. Returns how many messages were planned. A lead that cannot be looked at
    /// keeps no other one waiting.
    ///
    /// # Errors
    /// When the database cannot be read or cannot commit.
    pub async fn hand_on(&self) -> Result<usize, WriteError> {
        let mut planned = 0;
        loop {
            let due = handoff::due(self.db.read(), self.clock.now_ms(), AT_ONCE).await;
            let due = due.map_err(|error| WriteError::Unavailable(error.to_string().into()))?;
            let is_last = (due.len() as i64) < AT_ONCE;
            match self.look_at(due.clone()).await {
                Ok(count) => planned += count,
                Err(error) if due.len() < 2 => return Err(error),
                Err(_) => {
                    for lead in due {
                        match self.look_at(vec![lead.clone()]).await {
                            Ok(count) => planned += count,
                            Err(error) => {
                                tracing::error!(%error, %lead, "this lead could not be handed on; trying again")
                            }
                        }
                    }
                    break;
                }
            }
            if is_last {
                break;
            }
        }
        if planned > 0 {
            self.outbox.nudge();
        }
        Ok(planned)
    }

    async fn look_at(&self, due: Vec<LeadId>) -> Result<usize, WriteError> {
        if due.is_empty() {
            return Ok(0);
        }
        let round = Round {
            now: self.clock.now_ms(),
            random: Arc::clone(&self.random),
            public_url: self.public_url.clone(),
            preview_phone: self.cards.preview_phone().map(str::to_owned),
            can_call: self.can_call(),
            shops: HashMap::new(),
            drafts: Vec::new(),
            changed: Vec::new(),
        };
        let (planned, changed) =
            self.db.write(move |c| Box::pin(async move { round.carry_out(c, &due).await })).await?;
        for business_id in changed {
            self.news.tell(Change { business_id, new_lead: None });
        }
        Ok(planned)
    }
}

/// One transaction's worth of looks.
struct Round {
    now: i64,
    random: Arc<Random>,
    public_url: String,
    preview_phone: Option<String>,
    can_call: bool,
    shops: HashMap<BusinessId, Option<Arc<(Business, Team)>>>,
    drafts: Vec<Draft>,
    changed: Vec<BusinessId>,
}

/// A lead that is looked at, with what there is to know.
struct Case {
    shop: Arc<(Business, Team)>,
    lead: Lead,
    events: Vec<Event>,
    row: Row,
    step: String,
}

impl Round {
    async fn carry_out(mut self, c: &mut Conn, due: &[LeadId]) -> Result<(usize, Vec<BusinessId>), sqlx::Error> {
        for id in due {
            if let Some(row) = handoff::due_row(c, id, self.now).await? {
                self.look(c, row).await?;
            }
        }
        enqueue(c, &self.drafts).await?;
        self.changed.dedup();
        Ok((self.drafts.len(), self.changed))
    }

    async fn look(&mut self, c: &mut Conn, row: Row) -> Result<(), sqlx::Error> {
        let lead = read::one_in(c, &row.business_id, &row.lead_id).await?;
        let shop = self.shop(c, &row.business_id).await?;
        let (Some(lead), Some(shop)) = (lead, shop) else { return handoff::drop_row(c, &row.lead_id).await };
        let is_over = !matches!(lead.state, State::Waiting | State::Taken);
        let standing = Standing {
            held_since: lead.held_by.as_ref().map(|holder| holder.since),
            is_settled: is_over || lead.clocks.person_at.is_some() || lead.is_spam || lead.is_test,
        };
        let decision = ladder::decide(&shop.1, &row, standing, self.now);
        if decision == Decision::Drop {
            return handoff::drop_row(c, &row.lead_id).await;
        }
        let events = read::events_in(c, &row.business_id, &row.lead_id).await?;
        let step = format!("{}:{}", row.since_at, row.next);
        let case = Case { shop, lead, events, row, step };
        match decision {
            Decision::Drop => Ok(()),
            Decision::Wait(turn) => self.waits(c, case, turn).await,
            Decision::Held(turn) => self.is_held(c, case, turn).await,
        }
    }

    async fn shop(&mut self, c: &mut Conn, id: &BusinessId) -> Result<Option<Arc<(Business, Team)>>, sqlx::Error> {
        if let Some(shop) = self.shops.get(id) {
            return Ok(shop.clone());
        }
        let shop = match shops::business_in(c, id).await? {
            Some(business) => {
                let team = team::store::of(c, &business, self.preview_phone.as_deref()).await?;
                Some(Arc::new((business, team)))
            }
            None => None,
        };
        self.shops.insert(id.clone(), shop.clone());
        Ok(shop)
    }

    /// The next ones are told; or everyone, that nobody is on duty.
    async fn waits(&mut self, c: &mut Conn, case: Case, turn: Turn) -> Result<(), sqlx::Error> {
        let (business, team) = &*case.shop;
        let handed = match &case.row.had_by {
            Some(name) => {
                let taken = case.events.iter().rev().find(|event| event.kind == "taken").map(|event| event.at);
                Handed::By(name, self.now - taken.unwrap_or(case.row.since_at))
            }
            None => Handed::Untaken,
        };
        for tell in &turn.tell {
            let Some(member) = team.member(&tell.person) else { continue };
            let mut to = self.alert_to(c, &case.lead, member).await?;
            to.ring = to.phone.clone().filter(|_| tell.by_call && self.can_call);
            // Where nothing can ring, a text says it.
            let by_text = tell.by_text || (tell.by_call && !self.can_call);
            let told = ladder::still_waiting(&self.escalation(&case, handed), &to, by_text, tell.by_mail, &self.random);
            self.drafts.extend(told);
        }
        if let Some(until) = turn.nobody_until {
            let (note, at) = ladder::nobody_note(team, until, &business.country, self.now);
            let told = self.escalation(&case, handed);
            self.drafts.extend(ladder::nobody_on_duty(&told, &team.members, at.as_deref(), &self.random));
            insert_events(c, &[(business.id.as_str(), case.lead.id.as_str(), self.now, "note", Some(note))]).await?;
            self.changed.push(business.id.clone());
        }
        let Some(due) = turn.due else { return handoff::drop_row(c, &case.lead.id).await };
        let row = Row {
            kind: Kind::Waiting,
            since_at: turn.wait.since,
            next: turn.wait.next,
            ahead: turn.wait.ahead,
            told: turn.wait.told,
            noted: turn.wait.noted,
            had_by: case.row.had_by.filter(|_| turn.tell.is_empty()),
            ..case.row
        };
        handoff::keep(c, &row, due.max(self.now + 1), self.now).await
    }

    /// Who has the lead is asked whether they reached the person; or it goes back to the others.
    async fn is_held(&mut self, c: &mut Conn, case: Case, turn: HeldTurn) -> Result<(), sqlx::Error> {
        let (business, team) = &*case.shop;
        let holder = case.lead.held_by.as_ref().and_then(|holder| holding(team, holder)).cloned();
        if turn.ask
            && let Some(holder) = &holder
        {
            let to = self.known_to(c, &case.lead, holder).await?;
            self.drafts.extend(ladder::question(&self.escalation(&case, Handed::Untaken), &to, &self.random));
        }
        if turn.give_back {
            let Some(who) = act::give_back(c, &business.id, &case.lead.id, self.now).await? else {
                return handoff::drop_row(c, &case.lead.id).await;
            };
            if let Some(holder) = &holder {
                let to = self.known_to(c, &case.lead, holder).await?;
                let had = case.lead.held_by.as_ref().map_or(0, |holder| self.now - holder.since);
                let told = self.escalation(&case, Handed::Untaken);
                self.drafts.extend(ladder::given_back(&told, &to, had, &self.random));
            }
            self.changed.push(business.id.clone());
            let row = Row {
                kind: Kind::Waiting,
                since_at: self.now,
                next: 0,
                ahead: holder.map(|holder| holder.id).into_iter().collect(),
                told: Vec::new(),
                had_by: Some(who.name),
                noted: false,
                ..case.row
            };
            // The others are told by the same look, once it is read anew.
            handoff::keep(c, &row, self.now, self.now).await?;
            return Box::pin(self.look(c, row)).await;
        }
        let Some(due) = turn.due else { return handoff::drop_row(c, &case.lead.id).await };
        let Held { since, asked } = turn.held;
        let row = Row { kind: Kind::Taken, since_at: since, next: usize::from(asked), ..case.row };
        handoff::keep(c, &row, due.max(self.now + 1), self.now).await
    }

    fn escalation<'a>(&'a self, case: &'a Case, handed: Handed<'a>) -> Escalation<'a> {
        Escalation {
            business: &case.shop.0,
            lead: &case.lead,
            events: &case.events,
            handed,
            step: &case.step,
            public_url: &self.public_url,
            now: self.now,
        }
    }

    /// A person with the link and the digit that they have for this lead already, or new ones.
    async fn alert_to(&self, c: &mut Conn, lead: &Lead, member: &Member) -> Result<AlertTo, sqlx::Error> {
        let since = self.now - DAY_MS;
        let used = handoff::other_digits(c, &lead.id, &member.id, since).await?;
        if let Some((code, Some(digit))) = handoff::link(c, &lead.id, &member.id, since).await?
            && !used.contains(&digit)
        {
            return Ok(to(member, code, u8::try_from(digit).ok()));
        }
        let digit = (1..=9u8).find(|digit| !used.contains(&i64::from(*digit)));
        self.new_link(c, lead, member, digit).await
    }

    /// A person with a link that they have for this lead already, or a new one; nothing is to be taken by it.
    async fn known_to(&self, c: &mut Conn, lead: &Lead, member: &Member) -> Result<AlertTo, sqlx::Error> {
        match handoff::link(c, &lead.id, &member.id, self.now - 6 * DAY_MS).await? {
            Some((code, _)) => Ok(to(member, code, None)),
            None => self.new_link(c, lead, member, None).await,
        }
    }

    async fn new_link(
        &self,
        c: &mut Conn,
        lead: &Lead,
        member: &Member,
        digit: Option<u8>,
    ) -> Result<AlertTo, sqlx::Error> {
        let code = new_code(&self.random);
        let link = NewLink {
            code: &code,
            business_id: &lead.business,
            lead_id: &lead.id,
            person_id: &member.id,
            digit,
            at: self.now,
        };
        insert_links(c, &[link]).await?;
        Ok(to(member, code, digit))
    }
}

/// Whoever has a lead, as one of the team. A sign-in that took it on the page goes by its name.
fn holding<'a>(team: &'a Team, holder: &Holder) -> Option<&'a Member> {
    match &holder.person {
        Some(id) => team.member(id),
        None => team.members.iter().find(|member| member.name == holder.name),
    }
}

fn to(member: &Member, code: String, digit: Option<u8>) -> AlertTo {
    let id: PersonId = member.id.clone();
    AlertTo { id, phone: member.phone.clone(), email: member.email.clone(), ring: None, code, digit }
}
