//! Somebody new texts us: an enquiry, which goes down the road like any other, by a source of the shop that is made when the
//! first one comes. Whoever cannot be answered by text (a short code, a name in place of a number) is kept, never answered.

use super::InboundText;
use crate::base::ids::BusinessId;
use crate::db::WriteError;
use crate::lead::store::inbound::{self, NewInbound};
use crate::pipeline::{Parcel, Pipeline, arrive};
use std::sync::Arc;

impl Pipeline {
    /// Takes an enquiry by text in. The signature was checked where it came in, or it comes from the vendor's list.
    pub(super) async fn welcome(&self, business: &BusinessId, text: &InboundText, now: i64) -> Result<(), WriteError> {
        let source = self.source_of_line(business, now).await?;
        let unread = |error: sqlx::Error| WriteError::Unavailable(error.to_string().into());
        let card = Arc::new(self.cards.load(&self.db, &self.keys, source, now).await.map_err(unread)?);
        let (submissions, _onward) = arrive::take_apart(&card, parcel(text, now), None, &self.random);
        for answer in self.road.write_all(submissions).await {
            answer?;
        }
        // What nobody can read made no lead, and is in all the same: the vendor's list must not bring it again.
        let (business, text) = (business.clone(), text.clone());
        self.db.write(move |c| Box::pin(async move { inbound::insert(c, &row(&text, &business, now)).await })).await?;
        Ok(())
    }
}

fn row<'a>(text: &'a InboundText, business: &'a BusinessId, at: i64) -> NewInbound<'a> {
    NewInbound {
        vendor_id: &text.vendor_id,
        business_id: Some(business),
        lead_id: None,
        person_id: None,
        sender: &text.from,
        recipient: &text.to,
        body: &text.body,
        media: text.media,
        keyword: None,
        at,
    }
}

/// The text as the vendor would have posted it.
fn parcel(text: &InboundText, now: i64) -> Parcel {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("MessageSid", &text.vendor_id)
        .append_pair("From", &text.from)
        .append_pair("To", &text.to)
        .append_pair("Body", &text.body)
        .append_pair("NumMedia", &text.media.to_string());
    Parcel {
        method: "POST".to_owned(),
        url: String::new(),
        content_type: Some("application/x-www-form-urlencoded".to_owned()),
        headers: Vec::new(),
        query: String::new(),
        body: form.finish().into_bytes(),
        files: 0,
        received_at: now,
        remote: None,
    }
}
