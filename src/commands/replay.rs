//! `leadbell replay RECEIPT [--send]`: reads a stored submission again and says what that changes. Works beside a running
//! server, which sends what is planned here within a second.

use super::{Desk, Exit, Refusal};
use crate::app::PREVIEW_PHONE;
use crate::base::ids::ReceiptId;
use crate::base::random::Random;
use crate::outbox::store::planned::Planned;
use crate::pipeline::replay::{Again, Read, Replay};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

#[derive(Serialize)]
struct Printed {
    before: Value,
    after: Value,
    would_send: Vec<Planned>,
}

/// Carries it out.
pub async fn run(receipt: &str, send: bool, desk: &mut Desk<'_>) -> anyhow::Result<Exit> {
    let (db, keys) = desk.open().await?;
    let public_url = desk.public_url()?;
    let again = Again {
        db: &db,
        keys: &keys,
        random: Arc::new(Random::system()),
        public_url: &public_url,
        preview_phone: desk.config.twilio.is_none().then_some(PREVIEW_PHONE),
        now: desk.clock.now_ms(),
    };
    let replayed = again.replay(None, &ReceiptId::from(receipt), send).await;
    db.close().await;
    let Some(replay) = replayed? else {
        return Err(Refusal(format!("no submission has the id {receipt}. Find it: leadbell export receipts")).into());
    };
    let words = words(&replay, send);
    let (before, mut after) = (value(&replay.before), value(&replay.after));
    if let (Some(note), Value::Object(after)) = (&replay.note, &mut after) {
        after.insert("note".to_owned(), Value::from(note.as_str()));
    }
    desk.print(&Printed { before, after, would_send: replay.would_send }, || words)?;
    Ok(Exit::Fine)
}

/// The reading, with what it became beside it.
fn value(read: &Read) -> Value {
    let mut value = serde_json::to_value(&read.reading).unwrap_or_default();
    if value.is_null() {
        value = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(entries) = &mut value {
        entries.insert("state".to_owned(), Value::from(read.state.as_str()));
        entries.insert("lead".to_owned(), Value::from(read.lead.clone()));
    }
    value
}

fn words(replay: &Replay, send: bool) -> String {
    let mut lines = Vec::new();
    for (name, read) in [("Before", &replay.before), ("Now", &replay.after)] {
        let said = read.reading.as_ref().map(|r| {
            let phone = r.phone.as_ref().map(|p| p.as_str().to_owned()).or_else(|| r.phone_as_given.clone());
            let email = r.email.as_ref().map(|e| e.as_str().to_owned());
            [r.name.clone(), phone, email, r.message.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ")
        });
        let said = said.filter(|said| !said.is_empty()).unwrap_or_else(|| "nobody".to_owned());
        lines.push(format!("{name}: {} - {said}", read.state));
    }
    for message in &replay.would_send {
        let verb = if replay.done { "Sends" } else { "Would send" };
        lines.push(format!(
            "{verb} {} by {} to {}: {}",
            message.purpose, message.channel, message.recipient, message.body
        ));
    }
    if replay.would_send.is_empty() {
        lines.push("No message is planned by it.".to_owned());
    }
    lines.extend(replay.note.clone());
    lines.push(match (replay.done, send) {
        (true, _) => "Done.".to_owned(),
        (false, true) => "Nothing was changed.".to_owned(),
        (false, false) => "Nothing was changed. Add --send to do it.".to_owned(),
    });
    lines.join("\n")
}
