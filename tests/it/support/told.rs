//! Phones and inboxes that expect something, and the complaint at the end about what nobody expected.

use super::fake_calls::Placed;
use super::fake_smtp::Taken;
use super::shop::Shop;
use super::twilio_wire::Accepted;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;

/// Which texts, mails and calls a line of the test has expected, by their place in the fakes' truth.
#[derive(Default)]
pub struct Seen {
    texts: Mutex<HashSet<usize>>,
    mails: Mutex<HashSet<usize>>,
    pub(super) calls: Mutex<HashSet<usize>>,
}

pub struct Phone<'a> {
    pub(super) shop: &'a Shop,
    pub(super) number: String,
}

impl Phone<'_> {
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The oldest text here that nobody expected yet says this.
    pub fn expects_text(&self, words: &str) -> Accepted {
        let texts = self.shop.twilio.accepted();
        let seen = self.shop.seen.texts.lock().unwrap().clone();
        let next = texts.iter().enumerate().find(|(n, text)| text.to == self.number && !seen.contains(n));
        let Some((n, text)) = next else { panic!("no text came to {} that says {words:?}", self.number) };
        assert!(text.body.contains(words), "{} got {:?} instead of {words:?}", self.number, text.body);
        self.shop.seen.texts.lock().unwrap().insert(n);
        text.clone()
    }

    /// Nothing came here that was not expected.
    pub fn is_quiet(&self) {
        let texts = self.shop.unexpected_texts();
        let here: Vec<&Accepted> = texts.iter().filter(|text| text.to == self.number).collect();
        assert!(here.is_empty(), "{} got {here:#?}", self.number);
    }
}

pub struct Inbox<'a> {
    pub(super) shop: &'a Shop,
    pub(super) address: String,
}

impl Inbox<'_> {
    /// The oldest mail here that nobody expected yet says this, in its subject or its words.
    pub fn expects_mail(&self, words: &str) -> Taken {
        let mails = self.shop.smtp.taken();
        let seen = self.shop.seen.mails.lock().unwrap().clone();
        let next = mails.iter().enumerate().find(|(n, mail)| mail.to == self.address && !seen.contains(n));
        let Some((n, mail)) = next else { panic!("no mail came to {} that says {words:?}", self.address) };
        let whole = format!("{}\n{}", mail.header("Subject").unwrap(), mail.part("text/plain").unwrap());
        assert!(whole.contains(words), "{} got {whole:?} instead of {words:?}", self.address);
        self.shop.seen.mails.lock().unwrap().insert(n);
        mail.clone()
    }
}

impl Shop {
    /// Dave is told of a lead as usual, by text and by mail. Returns the text.
    pub fn owner_is_told(&self, words: &str) -> Accepted {
        self.inbox(super::shop::DAVE_MAIL).expects_mail("Open this lead");
        self.phone(super::shop::DAVE).expects_text(words)
    }

    /// Whatever else came is not what this test is about.
    pub fn whatever_came(&self) {
        self.seen.calls.lock().unwrap().extend(0..self.twilio.placed().len());
        self.seen.texts.lock().unwrap().extend(0..self.twilio.accepted().len());
        self.seen.mails.lock().unwrap().extend(0..self.smtp.taken().len());
    }

    pub fn unexpected_calls(&self) -> Vec<Placed> {
        let seen = self.seen.calls.lock().unwrap();
        let calls = self.twilio.placed();
        calls.into_iter().enumerate().filter(|(n, _)| !seen.contains(n)).map(|(_, call)| call).collect()
    }

    pub fn unexpected_texts(&self) -> Vec<Accepted> {
        let seen = self.seen.texts.lock().unwrap();
        let texts = self.twilio.accepted();
        texts.into_iter().enumerate().filter(|(n, _)| !seen.contains(n)).map(|(_, text)| text).collect()
    }

    /// How many calls were placed so far; all of them are expected.
    pub fn has_rung(&self) -> usize {
        let placed = self.twilio.placed().len();
        self.seen.calls.lock().unwrap().extend(0..placed);
        placed
    }

    /// Whatever came so far is expected: for tests that count it in another way.
    pub fn takes_everything(&self) {
        self.seen.calls.lock().unwrap().extend(0..self.twilio.placed().len());
        self.seen.texts.lock().unwrap().extend(0..self.twilio.accepted().len());
        self.seen.mails.lock().unwrap().extend(0..self.smtp.taken().len());
    }

    fn unexpected_mails(&self) -> Vec<String> {
        let seen = self.seen.mails.lock().unwrap();
        let mails = self.smtp.taken();
        let unseen = mails.iter().enumerate().filter(|(n, _)| !seen.contains(n));
        unseen.map(|(_, mail)| format!("to {}: {}", mail.to, mail.header("Subject").unwrap())).collect()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let (texts, mails) = (self.unexpected_texts(), self.unexpected_mails());
        let calls = self.unexpected_calls();
        let is_expected = texts.is_empty() && mails.is_empty() && calls.is_empty();
        assert!(is_expected, "nobody expected {texts:#?} {mails:#?} {calls:#?}");
        let left = on_their_way(self.database());
        assert!(left.is_empty(), "still on their way: {left:#?}");
    }
}

/// Messages that are neither done nor waiting for a person. Asked on a thread of its own, since a drop cannot wait.
fn on_their_way(database: PathBuf) -> Vec<String> {
    let ask = async move {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
        let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
        sqlx::query_scalar(
            "SELECT purpose || ' to ' || recipient || ' is ' || state || ' ' || COALESCE(reason, '') FROM outbox \
             WHERE state IN ('queued', 'sending', 'unknown')",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap()
    };
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    std::thread::spawn(move || runtime().block_on(ask)).join().unwrap()
}
