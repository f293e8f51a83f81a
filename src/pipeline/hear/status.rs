//! Status news of our messages, as vendors send it: in any order, repeated.

use crate::base::news::Change;
use crate::db::WriteError;
use crate::delivery::twilio_errors;
use crate::outbox::store::hear::{self, Heard, News};
use crate::pipeline::{Pipeline, bridge};
use crate::reply::registration::Standing;
use std::sync::Arc;

/// A status callback, its signature already checked.
#[derive(Clone, Debug)]
pub struct StatusNews {
    /// The message and attempt that our own tag names.
    pub message: Option<(String, i64)>,
    /// The vendor's id.
    pub vendor_id: String,
    /// The vendor's word.
    pub status: String,
    /// The vendor's error code, 0 for none.
    pub code: i64,
}

impl Pipeline {
    /// Takes a vendor's news of one of our messages in: in any order, repeated.
    ///
    /// # Errors
    /// When the database cannot commit; the vendor should say it again.
    pub async fn hear_status(&self, news: StatusNews) -> Result<Heard, WriteError> {
        let at = self.clock.now_ms();
        let news = News {
            reason: (news.code != 0).then(|| twilio_errors::sentence(news.code)),
            opted_out: news.code == 21610,
            quiet: false,
            message: news.message,
            vendor_id: news.vendor_id,
            status: news.status,
            code: news.code,
            at,
        };
        let (can_call, random) = (self.can_call(), Arc::clone(&self.random));
        let heard = self
            .db
            .write(move |c| {
                Box::pin(async move {
                    let heard = hear::hear(c, &news).await?;
                    if can_call && matches!(heard, Heard::Moved(_)) && Standing::is_code_of_the_carriers(news.code) {
                        bridge::ring_instead(c, &news.vendor_id, at, &random).await?;
                    }
                    Ok(heard)
                })
            })
            .await?;
        if let Heard::Moved(business) = &heard {
            self.news.tell(Change { business_id: business.as_str().into(), new_lead: None });
        }
        self.outbox.nudge();
        Ok(heard)
    }
}
