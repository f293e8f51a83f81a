//! Three accounts of the same days, compared: what senders were promised, what the database holds, what the vendors
//! took over. The vendors' is found by the words in texts and mails, not by our own ids.

use crate::house::{House, OWNER_MAIL, OWNER_PHONE};
use crate::load::{Ledger, find_mark, mark};
use leadbell::outbox::route::MAIL_AT_ONCE;
use sqlx::Connection;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

/// Messages that are neither handed over nor at an end.
pub const OPEN: &str = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'unknown')";
/// What gathered while the program hardly lived, on a slow machine.
const DRAINED: Duration = Duration::from_secs(300);
const UNDER_WAY: &str = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')";

/// What came more than once.
#[derive(Debug, Default)]
pub struct Doubles {
    pub owner_texts: usize,
    pub lead_texts: usize,
    /// Mails, each under the Message-ID of its first, so that a mailbox drops it.
    pub mails: usize,
}

impl Doubles {
    /// Per 200 kills: four alerts, one text to a lead. A mail server cannot be asked what became of a mail, so each one
    /// that was under way may come once more under its old name.
    pub fn allowed(kills: usize) -> Self {
        let per_200 = |most: usize| (most * kills).div_ceil(200);
        Doubles { owner_texts: per_200(4), lead_texts: per_200(1), mails: kills * MAIL_AT_ONCE }
    }

    pub fn none() -> Self {
        Self::default()
    }
}

/// The result.
#[derive(Debug, Default)]
pub struct Account {
    pub promised: usize,
    pub retried: usize,
    pub texts: usize,
    pub mails: usize,
    pub callbacks: usize,
    pub lost: usize,
    pub doubled_leads: usize,
    pub alerts_lost: usize,
    pub doubles: Doubles,
    /// Everything that must not be, one line each.
    pub wrong: Vec<String>,
    /// Messages that took more than one attempt, one line for each, to find out why.
    pub tries: Vec<String>,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = &self.doubles;
        write!(
            f,
            "{} leads answered ({} after tries in vain), {} texts, {} mails, {} callbacks taken in: {} leads lost, {} doubled, \
             {} alerts lost; came twice: {} alert texts, {} lead texts, {} mails (under one Message-ID)",
            self.promised,
            self.retried,
            self.texts,
            self.mails,
            self.callbacks,
            self.lost,
            self.doubled_leads,
            self.alerts_lost,
            d.owner_texts,
            d.lead_texts,
            d.mails
        )
    }
}

/// One number from the database.
pub async fn count(house: &House, sql: &'static str) -> i64 {
    let mut reader = house.reader().await;
    let n = sqlx::query_scalar(sql).fetch_one(&mut reader).await.unwrap();
    reader.close().await.unwrap();
    n
}

/// How many messages are in which state, in words.
pub async fn states(house: &House) -> String {
    let mut reader = house.reader().await;
    let sql = "SELECT state || ' ' || channel || ' ' || purpose || ': ' || count(*) FROM outbox GROUP BY state, channel, purpose";
    let all: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut reader).await.unwrap();
    reader.close().await.unwrap();
    all.join(", ")
}

/// Waits until the running program has nothing left to hand over. Unknown outcomes stay.
pub async fn quiet(house: &House) {
    let resting = async {
        while count(house, UNDER_WAY).await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(DRAINED, resting).await;
    assert!(in_time.is_ok(), "the outbox did not empty in five minutes: {}", states(house).await);
}

/// Compares the three.
pub async fn account(house: &House, ledger: &Ledger) -> Account {
    let mut account = Account {
        promised: ledger.promised.len(),
        retried: ledger.promised.values().filter(|promise| promise.tries > 1).count(),
        callbacks: ledger.delivered.len(),
        ..Account::default()
    };
    if ledger.promised.len() != ledger.sent.len() {
        account.wrong.push(format!("{} of {} senders had no answer", ledger.promised.len(), ledger.sent.len()));
    }
    leads(house, ledger, &mut account).await;
    messages(house, ledger, &mut account);
    callbacks(house, ledger, &mut account).await;
    account.tries = tries(house).await;
    account
}

async fn tries(house: &House) -> Vec<String> {
    let mut reader = house.reader().await;
    let sql = "SELECT o.channel || ' ' || o.purpose || ' ' || o.id || ': ' || group_concat(COALESCE(a.class, '?') || ' at ' || \
               a.started_at || ' for ' || COALESCE(a.ended_at - a.started_at, -1) || ' ms', ', ') FROM outbox o \
               JOIN attempt a ON a.message_id = o.id WHERE o.attempts > 1 GROUP BY o.id";
    let all = sqlx::query_scalar(sql).fetch_all(&mut reader).await.unwrap();
    reader.close().await.unwrap();
    all
}

/// Promises against rows.
async fn leads(house: &House, ledger: &Ledger, account: &mut Account) {
    let mut reader = house.reader().await;
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT id, COALESCE(message, ''), writes FROM lead").fetch_all(&mut reader).await.unwrap();
    let receipts: BTreeMap<String, Option<String>> =
        sqlx::query_as("SELECT id, lead_id FROM receipt").fetch_all(&mut reader).await.unwrap().into_iter().collect();
    let bare: Vec<String> = sqlx::query_scalar(
        "SELECT l.id FROM lead l WHERE (SELECT count(DISTINCT o.purpose) FROM outbox o WHERE o.lead_id = l.id \
         AND o.purpose IN ('lead_reply', 'owner_alert')) < 2",
    )
    .fetch_all(&mut reader)
    .await
    .unwrap();
    reader.close().await.unwrap();
    account.wrong.extend(bare.into_iter().map(|id| format!("lead {id} stands without its answer or its alert")));
    let mut by_number: BTreeMap<usize, Vec<(String, i64)>> = BTreeMap::new();
    for (id, message, writes) in rows {
        let number = find_mark(message.as_bytes()).unwrap_or(usize::MAX);
        by_number.entry(number).or_default().push((id, writes));
    }
    for (number, promise) in &ledger.promised {
        let found = by_number.get(number).map_or(&[][..], Vec::as_slice);
        let receipt_is_there = promise.receipt.as_ref().is_none_or(|receipt| receipts.contains_key(receipt));
        let lead_is_there = promise.lead.as_ref().is_none_or(|lead| found.iter().any(|(id, _)| id == lead));
        if found.is_empty() || !receipt_is_there || !lead_is_there {
            account.lost += 1;
            account.wrong.push(format!("{} was answered ({promise:?}) and is not there: {found:?}", mark(*number)));
        }
        if found.len() > 1 || found.iter().any(|(_, writes)| *writes > 1) {
            account.doubled_leads += 1;
            account.wrong.push(format!("{} is there more than once: {found:?}", mark(*number)));
        }
    }
    let strangers = by_number.keys().filter(|number| !ledger.sent.contains_key(number)).count();
    if strangers > 0 {
        account.wrong.push(format!("{strangers} leads were never sent"));
    }
}

/// Promises against what the vendors took over.
fn messages(house: &House, ledger: &Ledger, account: &mut Account) {
    let (texts, mails) = (house.twilio.accepted(), house.smtp.taken());
    (account.texts, account.mails) = (texts.len(), mails.len());
    let mut alert_texts: BTreeMap<usize, usize> = BTreeMap::new();
    let mut lead_texts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in &texts {
        if text.to == OWNER_PHONE {
            *alert_texts.entry(find_mark(text.body.as_bytes()).unwrap_or(usize::MAX)).or_default() += 1;
        } else {
            *lead_texts.entry(&text.to).or_default() += 1;
        }
    }
    let mut alert_mails: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut lead_mails: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for mail in &mails {
        let id = mail.header("Message-ID").unwrap();
        if mail.to == OWNER_MAIL {
            let subject = mail.header("Subject").unwrap();
            alert_mails.entry(find_mark(subject.as_bytes()).unwrap_or(usize::MAX)).or_default().push(id);
        } else {
            lead_mails.entry(&mail.to).or_default().push(id);
        }
    }
    for (number, sent) in ledger.sent.iter().filter(|(number, _)| ledger.promised.contains_key(number)) {
        let none = Vec::new();
        let (alert_mail, lead_mail) = (alert_mails.get(number), lead_mails.get(sent.contact.as_str()));
        let alerts = if sent.by_mail {
            account.doubles.mails += doubled(alert_mail.unwrap_or(&none), &mut account.wrong);
            alert_mail.map_or(0, Vec::len)
        } else {
            let n = alert_texts.get(number).copied().unwrap_or(0);
            account.doubles.owner_texts += n.saturating_sub(1);
            n
        };
        if alerts == 0 {
            account.alerts_lost += 1;
            account.wrong.push(format!("the owner was never told of {}", mark(*number)));
        }
        let answers = if sent.contact.contains('@') {
            account.doubles.mails += doubled(lead_mail.unwrap_or(&none), &mut account.wrong);
            lead_mail.map_or(0, Vec::len)
        } else {
            let n = lead_texts.get(sent.contact.as_str()).copied().unwrap_or(0);
            account.doubles.lead_texts += n.saturating_sub(1);
            n
        };
        if answers == 0 {
            account.wrong.push(format!("{} was never answered", mark(*number)));
        }
    }
}

/// A second mail must carry the Message-ID of the first.
fn doubled(ids: &[String], wrong: &mut Vec<String>) -> usize {
    if ids.iter().collect::<BTreeSet<_>>().len() > 1 {
        wrong.push(format!("one mail under several names: {ids:?}"));
    }
    ids.len().saturating_sub(1)
}

/// News that was taken in must show.
async fn callbacks(house: &House, ledger: &Ledger, account: &mut Account) {
    let mut reader = house.reader().await;
    let sql = "SELECT vendor_id FROM outbox WHERE state = 'delivered'";
    let known: BTreeSet<String> = sqlx::query_scalar(sql).fetch_all(&mut reader).await.unwrap().into_iter().collect();
    reader.close().await.unwrap();
    for sid in ledger.delivered.iter().filter(|sid| !known.contains(*sid)) {
        account.wrong.push(format!("{sid} was reported delivered, and its message does not say so"));
    }
}
