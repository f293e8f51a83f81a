//! Texts that no callback brought: while we were away, or while the vendor could not reach us. Its list is asked every five
//! minutes and at start, from ten minutes before the newest look; what is in already is left alone. A list that cannot be
//! read to its end moves nothing forward, so nothing is lost by it.

use super::InboundText;
use crate::db::WriteError;
use crate::delivery::twilio_inbox::Inbox;
use crate::lead::store::text_list;
use crate::pipeline::Pipeline;

/// What a look into the list brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// Texts that the list showed.
    pub listed: usize,
    /// Texts that were not in yet, and are now.
    pub taken_in: usize,
}

impl Pipeline {
    /// Looks into the vendor's list, if there is one, and takes in what is missing, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read or cannot commit. That the list cannot be read is logged and tried again.
    pub async fn hear_missed(&self) -> Result<Missed, WriteError> {
        let Some(inbox) = &self.inbox else { return Ok(Missed::default()) };
        let now = self.clock.now_ms();
        let unread = |error: sqlx::Error| WriteError::Unavailable(error.to_string().into());
        let account = inbox.account().to_owned();
        let since = text_list::read_from(self.db.read(), &account, now).await.map_err(unread)?;
        let texts = match inbox.since(since).await {
            Ok(texts) => texts,
            Err(reason) => {
                tracing::warn!(reason, "could not look for texts that were missed; trying again");
                return Ok(Missed::default());
            }
        };
        let (mut missed, mut failed) = (Missed { listed: texts.len(), taken_in: 0 }, None);
        for text in texts {
            if text_list::is_in(self.db.read(), &text.vendor_id).await.map_err(unread)? {
                continue;
            }
            let text = InboundText {
                vendor_id: text.vendor_id,
                from: text.from,
                to: text.to,
                body: text.body,
                media: text.media,
                opt_out_type: None,
            };
            match self.hear_text(text).await {
                Ok(_) => missed.taken_in += 1,
                // One that cannot be stored holds no other up; it is tried again from the same instant.
                Err(error) => failed = Some(error),
            }
        }
        if missed.taken_in > 0 {
            tracing::info!(texts = missed.taken_in, "took in texts that no callback had brought");
        }
        if let Some(error) = failed {
            return Err(error);
        }
        self.db.write(move |c| Box::pin(async move { text_list::was_read(c, &account, now).await })).await?;
        Ok(missed)
    }
}

impl Pipeline {
    /// Knows the account whose texts come in: the list that is asked for missed ones, and the number that ours come from.
    #[must_use]
    pub fn listening(mut self, inbox: Inbox, number: Option<String>, token: Option<secrecy::SecretString>) -> Self {
        (self.inbox, self.own_number, self.texts_secret) = (Some(inbox), number, token);
        self
    }
}
