//! Tells the owner of a disk that fills up: once in six hours for each degree of it.

use super::Pipeline;
use crate::base::clock::HOUR_MS;
use crate::db::WriteError;
use crate::db::disk::Standing;
use crate::lead::shop::{Person, store as shops};
use crate::outbox::store::enqueue::enqueue;
use crate::outbox::store::trouble;
use crate::reply::{self, AlertTo};

impl Pipeline {
    /// Plans the notices of how the disk stands, to whoever is told first in each business. Returns how many.
    ///
    /// # Errors
    /// When the database cannot be read or cannot commit.
    pub async fn tell_of_disk(&self, standing: Standing) -> Result<usize, WriteError> {
        let (step, left_mb) = match standing {
            Standing::Fine => return Ok(0),
            Standing::Low(bytes) => (reply::DISK_LOW, Some(bytes / (1024 * 1024))),
            Standing::Full => (reply::DISK_FULL, None),
        };
        let now = self.clock.now_ms();
        let found = shops::businesses(self.db.read()).await;
        let businesses = found.map_err(|error| WriteError::Unavailable(error.to_string().into()))?;
        let random = std::sync::Arc::clone(&self.random);
        let planned = self.db.write(move |c| {
            Box::pin(async move {
                let mut drafts = Vec::new();
                for shop in &businesses {
                    if trouble::was_told(c, &shop.id, step, now - 6 * HOUR_MS).await? {
                        continue;
                    }
                    let people = shops::people_in(c, &shop.id).await?;
                    let Some(person) = people.first() else { continue };
                    drafts.extend(reply::disk_notices(shop, &alert_to(person), left_mb, now, &random));
                }
                enqueue(c, &drafts).await?;
                Ok(drafts.len())
            })
        });
        let planned = planned.await?;
        self.outbox.nudge();
        Ok(planned)
    }
}

fn alert_to(person: &Person) -> AlertTo {
    AlertTo {
        id: person.id.clone(),
        phone: person.phone.clone(),
        email: person.email.clone(),
        ring: None,
        code: String::new(),
        digit: None,
    }
}
