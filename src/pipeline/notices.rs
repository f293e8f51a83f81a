//! Tells the owner of messages that did not go out: one notice per business in a quarter of an hour, whatever happens.
//! Alerts that do not get through cannot wait that long: they are told by the other channel after a minute, and a channel
//! that the vendor has blocked at once, with one notice in five minutes. A number that the carriers block is told once, until
//! a text arrives again.

use super::Pipeline;
use crate::base::clock::MINUTE_MS;
use crate::base::ids::BusinessId;
use crate::db::WriteError;
use crate::lead::shop::store as shops;
use crate::outbox::block::Block;
use crate::outbox::channel::Medium;
use crate::outbox::store::blocked;
use crate::outbox::store::enqueue::enqueue;
use crate::outbox::store::trouble;
use crate::reply::{self, AlertTo, Failing};

impl Pipeline {
    /// Looks for trouble nobody was told of and plans the notices. Returns how many were planned.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn tell_of_trouble(&self) -> Result<usize, WriteError> {
        let now = self.clock.now_ms();
        let mails_fail = self.outbox.trouble(Medium::Mail).is_some();
        // What the carriers block is one trouble, told once, however many texts it stops.
        let mut planned = self.tell_of_blocked_numbers(now).await?;
        planned += self.tell_of_failing_alerts(now).await?;
        // Asked after the alerts, so that nothing is told twice.
        for business in trouble::untold(self.db.read(), now - 15 * MINUTE_MS).await.map_err(unreadable)? {
            let random = std::sync::Arc::clone(&self.random);
            let public_url = self.public_url.clone();
            planned += self
                .db
                .write(move |c| {
                    Box::pin(async move {
                        let id = BusinessId::from(business.as_str());
                        let reasons = trouble::mark_told(c, &business, now).await?;
                        let Some(shop) = shops::business_in(c, &id).await? else { return Ok(0) };
                        let people = shops::people_in(c, &id).await?;
                        let Some(person) = people.first().filter(|_| !reasons.is_empty()) else { return Ok(0) };
                        let to = AlertTo {
                            id: person.id.clone(),
                            phone: person.phone.clone(),
                            email: person.email.clone(),
                            ring: None,
                            code: String::new(),
                            digit: None,
                        };
                        let link = format!("{public_url}/b/{}/leads", shop.slug);
                        let draft = reply::trouble_notice(&shop, &to, &reasons, mails_fail, &link, now, &random);
                        enqueue(c, draft.as_slice()).await?;
                        Ok(usize::from(draft.is_some()))
                    })
                })
                .await?;
        }
        if planned > 0 {
            self.outbox.nudge();
        }
        Ok(planned)
    }

    async fn tell_of_blocked_numbers(&self, now: i64) -> Result<usize, WriteError> {
        let mut planned = 0;
        for (id, code) in blocked::untold(self.db.read()).await.map_err(unreadable)? {
            let Some(block) = Block::of_code(code) else { continue };
            let random = std::sync::Arc::clone(&self.random);
            let public_url = self.public_url.clone();
            planned += self
                .db
                .write(move |c| {
                    Box::pin(async move {
                        blocked::told(c, &id, now).await?;
                        let Some(shop) = shops::business_in(c, &id).await? else { return Ok(0) };
                        let people = shops::people_in(c, &id).await?;
                        let kit = format!("{public_url}/b/{}/registration", shop.slug);
                        let draft = reply::blocked_notice(&shop, &people, block, &kit, now, &random);
                        enqueue(c, draft.as_slice()).await?;
                        Ok(usize::from(draft.is_some()))
                    })
                })
                .await?;
        }
        Ok(planned)
    }

    async fn tell_of_failing_alerts(&self, now: i64) -> Result<usize, WriteError> {
        let mut planned = 0;
        for (business, medium) in trouble::failing(self.db.read(), now).await.map_err(unreadable)? {
            let random = std::sync::Arc::clone(&self.random);
            let public_url = self.public_url.clone();
            let why = self.outbox.trouble(medium);
            planned += self
                .db
                .write(move |c| {
                    Box::pin(async move {
                        let id = BusinessId::from(business.as_str());
                        let Some(shop) = shops::business_in(c, &id).await? else { return Ok(0) };
                        let people = shops::people_in(c, &id).await?;
                        let told = trouble::mark_failing_told(c, &business, medium, now).await?;
                        let failing = Failing {
                            medium,
                            messages: told.messages,
                            reason: told.reason.as_deref().or(why.as_deref()).unwrap_or("they wait for their turn."),
                            leads: &told.leads,
                            people: &told.people,
                        };
                        let link = format!("{public_url}/b/{}/leads", shop.slug);
                        let draft = reply::failing_notice(&shop, &people, &failing, &link, now, &random);
                        enqueue(c, draft.as_slice()).await?;
                        Ok(usize::from(draft.is_some()))
                    })
                })
                .await?;
        }
        Ok(planned)
    }
}

fn unreadable(error: sqlx::Error) -> WriteError {
    WriteError::Unavailable(error.to_string().into())
}
