//! Texts that come in by a source: from somebody whom the business knows, and keywords, they go the way of every text;
//! only from a stranger they are an enquiry.

use super::Submission;
use crate::base::random::Random;
use crate::db::Conn;
use crate::lead::reading::{About, Kind};
use crate::lead::store::intake::Known;
use crate::pipeline::InboundText;
use crate::pipeline::hear::{Desk, Took};
use std::collections::{HashMap, HashSet};

/// The texts of a batch that are no enquiries, by their receipt, each with the lead that it is of.
pub type Heard = HashMap<String, Option<String>>;

/// Takes in what is no enquiry. What came before, or is not authentic, is left alone.
pub async fn hear(
    conn: &mut Conn,
    items: &[Submission],
    known: &[Known],
    random: &Random,
    public_url: &str,
) -> Result<Heard, sqlx::Error> {
    let mut heard = Heard::new();
    let mut keys = HashSet::new();
    for (s, known) in items.iter().zip(known) {
        let is_text = matches!(s.reading.about, About::Text | About::Keyword(_));
        if !is_text || s.refused.is_some() || !matches!(s.reading.kind, Kind::Lead | Kind::Ignored) {
            continue;
        }
        let Some(text) = text(s).filter(|_| known.earlier.is_none()) else { continue };
        if !keys.insert((s.card.source.id.as_str(), s.dedupe_key.as_str())) {
            continue;
        }
        let desk = Desk { now: s.received_at, random, public_url, within: Some(&s.card.business.id) };
        match desk.take_in(conn, &text).await? {
            Took::Stranger => {}
            Took::Repeat => drop(heard.insert(s.receipt_id.to_string(), None)),
            Took::Heard { lead, .. } => drop(heard.insert(s.receipt_id.to_string(), lead)),
        }
    }
    Ok(heard)
}

fn text(s: &Submission) -> Option<InboundText> {
    let word = match s.reading.about {
        About::Keyword(word) => Some(word.as_str().to_owned()),
        _ => None,
    };
    Some(InboundText {
        vendor_id: s.reading.event_id.clone()?,
        from: s.reading.phone.as_ref()?.as_str().to_owned(),
        to: s.card.source.name.clone(),
        body: s.reading.message.clone().unwrap_or_default(),
        media: i64::from(s.reading.files),
        opt_out_type: word,
    })
}
