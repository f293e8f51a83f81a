//! Tells the owner of messages that did not go out: one notice per business in a quarter of an hour, whatever happens.

use super::Pipeline;
use crate::base::clock::MINUTE_MS;
use crate::base::ids::BusinessId;
use crate::db::WriteError;
use crate::lead::shop::store as shops;
use crate::outbox::store::enqueue::enqueue;
use crate::outbox::store::trouble;
use crate::reply::{self, AlertTo};

impl Pipeline {
    /// Looks for trouble nobody was told of and plans the notices. Returns how many were planned.
    ///
    /// # Errors
    /// When the database cannot commit.
    pub async fn tell_of_trouble(&self) -> Result<usize, WriteError> {
        let now = self.clock.now_ms();
        let businesses = match trouble::untold(self.db.read(), now - 15 * MINUTE_MS).await {
            Ok(found) => found,
            Err(error) => return Err(WriteError::Unavailable(error.to_string().into())),
        };
        let mut planned = 0;
        for business in businesses {
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
                            code: String::new(),
                            digit: None,
                        };
                        let link = format!("{public_url}/b/{}/leads", shop.slug);
                        let draft = reply::trouble_notice(&shop, &to, &reasons, &link, now, &random);
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
}
