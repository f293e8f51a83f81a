//! Texts that come in by a source: from somebody whom the business knows, and keywords, they go the way of every text;
//! only from a stranger they are an enquiry.

use super::{Received, Status, Submission};
use crate::base::random::Random;
use crate::db::Conn;
use crate::lead::reading::{About, Kind};
use crate::lead::silence;
use crate::lead::store::inbound;
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
    own_number: Option<&str>,
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
        let desk = Desk { now: s.received_at, random, public_url, own_number, within: Some(&s.card.business.id) };
        match desk.take_in(conn, &text).await? {
            Took::Stranger(_) => {}
            Took::Repeat => drop(heard.insert(s.receipt_id.to_string(), None)),
            Took::Heard { lead, .. } => drop(heard.insert(s.receipt_id.to_string(), lead)),
        }
    }
    Ok(heard)
}

/// Whose the texts are that made a lead, or went into one.
pub async fn belong(conn: &mut Conn, items: &[Submission], answers: &[Received]) -> Result<(), sqlx::Error> {
    let texts = items.iter().zip(answers).filter(|(s, _)| matches!(s.reading.about, About::Text));
    for (s, answer) in texts {
        if let (Some(id), Some(lead), Status::Accepted) = (&s.reading.event_id, &answer.lead, answer.status) {
            inbound::belongs(conn, id, lead).await?;
        }
    }
    Ok(())
}

/// Whether it is a text that asks for silence: it is an enquiry for a person to read, and never answered by itself.
pub fn asks_for_silence(s: &Submission) -> bool {
    let said = s.reading.message.as_deref().filter(|_| matches!(s.reading.about, About::Text));
    said.is_some_and(silence::asks_for_silence)
}

/// The number that it was sent to.
fn sent_to(s: &Submission) -> Option<String> {
    url::form_urlencoded::parse(&s.body).find(|(name, _)| name == "To").map(|(_, to)| to.into_owned())
}

fn text(s: &Submission) -> Option<InboundText> {
    let word = match s.reading.about {
        About::Keyword(word) => Some(word.as_str().to_owned()),
        _ => None,
    };
    Some(InboundText {
        vendor_id: s.reading.event_id.clone()?,
        from: s.reading.phone.as_ref()?.as_str().to_owned(),
        to: sent_to(s).unwrap_or_else(|| s.card.source.name.clone()),
        body: s.reading.message.clone().unwrap_or_default(),
        media: i64::from(s.reading.files),
        opt_out_type: word,
    })
}
