//! Plans what hooks are told. What happened was written down in the transaction in which it happened; here each such line
//! becomes one message to each hook that wants to hear of it, and is taken off the list by the same commit. Its words
//! are those of the lead as it stands now, a moment later. Tests and spam are told to nobody.

use super::Pipeline;
use crate::base::ids::BusinessId;
use crate::db::WriteError;
use crate::lead::hook::store::{self as hooks, Due};
use crate::lead::hook::{Event, Hook};
use crate::lead::shop::{Business, store as shops};
use crate::lead::store::{payments, read};
use crate::outbox::channel::Medium;
use crate::outbox::message::State;
use crate::outbox::store::enqueue::enqueue;
use crate::outbox::store::hooks::{self as to_hooks, ToHook};
use crate::outbox::store::read as messages;
use crate::reply::{self, AlertTo};
use std::collections::HashMap;
use std::sync::Arc;

/// How many lines are planned by one commit.
const STEP: i64 = 50;

/// A business with its hooks; none if it is gone.
type Shop = Option<(Business, Vec<Hook>)>;

impl Pipeline {
    /// Plans messages to hooks for all that has happened. Returns how many were planned.
    ///
    /// # Errors
    /// When the database cannot be read or cannot commit.
    pub async fn plan_hooks(&self) -> Result<usize, WriteError> {
        let mut planned = 0;
        loop {
            let due = hooks::due(self.db.read(), STEP).await.map_err(unreadable)?;
            if due.is_empty() {
                break;
            }
            let mut shops: HashMap<BusinessId, Shop> = HashMap::new();
            let mut told = Vec::with_capacity(due.len());
            for line in &due {
                if !shops.contains_key(&line.business_id) {
                    let shop = self.shop(&line.business_id).await.map_err(unreadable)?;
                    shops.insert(line.business_id.clone(), shop);
                }
                let shop = shops.get(&line.business_id).and_then(Option::as_ref);
                let messages = self.told(line, shop).await.unwrap_or_else(|error| {
                    // One that cannot be read must not hold up the others, of every shop, for ever.
                    tracing::error!(%error, "an event could not be told to hooks; it is left out");
                    Vec::new()
                });
                told.push(messages);
            }
            let planning = self.db.write(move |c| {
                Box::pin(async move {
                    let mut planned = 0;
                    for (line, messages) in due.iter().zip(&told) {
                        if hooks::done(c, line).await? {
                            to_hooks::plan(c, messages).await?;
                            planned += messages.len();
                        }
                    }
                    Ok(planned)
                })
            });
            planned += planning.await?;
        }
        if planned > 0 {
            self.outbox.nudge_one(Medium::Hook);
        }
        Ok(planned)
    }

    async fn shop(&self, business: &BusinessId) -> Result<Shop, sqlx::Error> {
        let Some(found) = shops::business(self.db.read(), business).await? else { return Ok(None) };
        let mut hooks = hooks::of_business(self.db.read(), business).await?;
        hooks.retain(|hook| hook.is_on);
        Ok(Some((found, hooks)))
    }

    /// The messages that one line leads to.
    async fn told(&self, line: &Due, shop: Option<&(Business, Vec<Hook>)>) -> Result<Vec<ToHook>, sqlx::Error> {
        let (Some((business, hooks)), Some(event)) = (shop, Event::of_line(&line.kind)) else { return Ok(Vec::new()) };
        // Only the first word or call of a person is the answer; and two leads that turned out to be one came once.
        let is_no_news = line.is_repeated && (event == Event::Answered || line.kind == "received");
        if is_no_news || !hooks.iter().any(|hook| hook.wants(event)) {
            return Ok(Vec::new());
        }
        let db = self.db.read();
        let Some(lead) = read::one(db, &business.id, &line.lead_id).await? else { return Ok(Vec::new()) };
        if lead.is_test || lead.is_spam {
            return Ok(Vec::new());
        }
        let payment = match event {
            Event::Paid => {
                payments::of_lead(db, &business.id, &lead.id).await?.into_iter().max_by_key(|sale| sale.paid_at)
            }
            _ => None,
        };
        let message = match (event, &line.detail) {
            (Event::MessageFailed, Some(id)) => messages::one(db, &business.id, &id.as_str().into()).await?,
            _ => None,
        };
        let has_failed = |m: &messages::Message| [State::Failed, State::Expired].iter().any(|s| s.as_str() == m.state);
        if event == Event::MessageFailed && !message.as_ref().is_some_and(has_failed) {
            // Called off, or sent again meanwhile.
            return Ok(Vec::new());
        }
        let news = reply::News {
            event,
            at: line.at,
            business,
            lead: &lead,
            payment: payment.as_ref(),
            message: message.as_ref(),
            reply: line.detail.as_deref().filter(|_| event == Event::Replied),
            public_url: &self.public_url,
        };
        let now = self.clock.now_ms();
        Ok(hooks.iter().filter_map(|hook| news.to(hook, now, &self.random)).collect())
    }

    /// Tells the owner of hooks that do not answer: once a day and hook at most. Returns how many notices were planned.
    ///
    /// # Errors
    /// When the database cannot be read or cannot commit.
    pub async fn tell_of_hooks(&self) -> Result<usize, WriteError> {
        let now = self.clock.now_ms();
        let mut planned = 0;
        for untold in to_hooks::untold(self.db.read(), now).await.map_err(unreadable)? {
            let random = Arc::clone(&self.random);
            let public_url = self.public_url.clone();
            let telling = self.db.write(move |c| {
                Box::pin(async move {
                    let (messages, reason) = to_hooks::mark_told(c, &untold.hook_id, now).await?;
                    let Some(shop) = shops::business_in(c, &untold.business_id).await? else { return Ok(0) };
                    let people = shops::people_in(c, &shop.id).await?;
                    let Some(person) = people.first().filter(|_| messages > 0) else { return Ok(0) };
                    let to = AlertTo {
                        id: person.id.clone(),
                        phone: person.phone.clone(),
                        email: person.email.clone(),
                        ring: None,
                        code: String::new(),
                        digit: None,
                    };
                    let link = format!("{public_url}/b/{}/hooks", shop.slug);
                    let what = (messages, reason.as_deref());
                    let draft = reply::hook_notice(&shop.id, &to, &untold, what, &link, now, &random);
                    enqueue(c, draft.as_slice()).await?;
                    Ok(usize::from(draft.is_some()))
                })
            });
            planned += telling.await?;
        }
        if planned > 0 {
            self.outbox.nudge();
        }
        Ok(planned)
    }
}

fn unreadable(error: sqlx::Error) -> WriteError {
    WriteError::Unavailable(error.to_string().into())
}
