//! The preview phones and inbox: where messages go until texting and mail are connected, and all of `demo`.
//!
//! To the outbox this is a vendor like any other, one that accepts at once. It keeps the newest messages in
//! memory for the page, tells listening pages of each, and prints each as it is handed over. Nothing survives a
//! restart, which is why it lists nothing for an attempt it does not remember.

use crate::base::clock::Clock;
use crate::base::ids::{BusinessId, MessageId};
use crate::base::sms;
use crate::outbox::channel::{Boxed, Channel, Found, Medium, Outcome, Outgoing, Sighting};
use std::collections::VecDeque;
use std::fmt;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;

/// How many messages the page can look back on.
pub const KEPT: usize = 200;
const WIDTH: usize = 46;

/// How a message is drawn where it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Round corners and a little colour, for a terminal.
    Terminal,
    /// ASCII without colour, for pipes and logs.
    Plain,
}

/// One message as it lies on a preview phone or in the preview inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Text or mail.
    pub medium: Medium,
    /// The row in the outbox.
    pub message_id: MessageId,
    /// Whose message it is.
    pub business_id: BusinessId,
    /// Whom it went to.
    pub to: String,
    /// Who it is from, by name.
    pub from_name: String,
    /// Subject of a mail.
    pub subject: String,
    /// The words.
    pub body: String,
    /// When it was handed over, UTC milliseconds.
    pub at: i64,
}

/// The phones and the inbox. Clones show the same messages.
#[derive(Clone)]
pub struct Preview(Arc<Store>);

/// One of the two ways onto a [`Preview`].
#[derive(Debug)]
pub struct PreviewChannel {
    preview: Preview,
    medium: Medium,
}

struct Store {
    clock: Clock,
    look: Look,
    shown: Mutex<VecDeque<Arc<Shown>>>,
    news: broadcast::Sender<Arc<Shown>>,
    print: Mutex<Box<dyn Write + Send>>,
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Preview(…)")
    }
}

impl Preview {
    /// Empty phones. Each message is printed to `print`, standard output in production, in the given look.
    pub fn new(clock: Clock, print: Box<dyn Write + Send>, look: Look) -> Self {
        let (news, _) = broadcast::channel(KEPT);
        let shown = Mutex::new(VecDeque::with_capacity(KEPT));
        Preview(Arc::new(Store { clock, look, shown, news, print: Mutex::new(print) }))
    }

    /// The way for texts.
    pub fn sms(&self) -> PreviewChannel {
        PreviewChannel { preview: self.clone(), medium: Medium::Sms }
    }

    /// The way for mails.
    pub fn mail(&self) -> PreviewChannel {
        PreviewChannel { preview: self.clone(), medium: Medium::Mail }
    }

    /// What is on them, oldest first, at most [`KEPT`].
    pub fn shown(&self) -> Vec<Arc<Shown>> {
        locked(&self.0.shown).iter().cloned().collect()
    }

    /// Every message from now on. A listener that falls behind by more than [`KEPT`] is told that it did.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Shown>> {
        self.0.news.subscribe()
    }

    fn show(&self, shown: Shown) {
        let shown = Arc::new(shown);
        self.print(&shown);
        let mut all = locked(&self.0.shown);
        if all.len() == KEPT {
            all.pop_front();
        }
        all.push_back(shown.clone());
        // Sent under the lock, so that pages hear in the order in which they will read. No listener is fine.
        let _ = self.0.news.send(shown);
    }

    /// A closed pipe must not cost a message, so a failure to print is nobody's concern.
    fn print(&self, shown: &Shown) {
        let framed = framed(shown, self.0.look);
        let mut print = locked(&self.0.print);
        let _ = print.write_all(framed.as_bytes()).and_then(|()| print.flush());
    }
}

impl Channel for PreviewChannel {
    fn medium(&self) -> Medium {
        self.medium
    }

    fn vendor(&self) -> &'static str {
        "preview"
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Outcome> {
        self.preview.show(Shown {
            medium: self.medium,
            message_id: message.id.clone(),
            business_id: message.business_id.clone(),
            to: message.to.clone(),
            from_name: message.from_name.clone(),
            subject: message.subject.clone(),
            body: message.body.clone(),
            at: self.preview.0.clock.now_ms(),
        });
        let parts = match self.medium {
            Medium::Sms => sms::parts(&message.body).segments,
            Medium::Mail | Medium::Hook | Medium::Call => 1,
        };
        Box::pin(std::future::ready(Outcome::Accepted { vendor_id: Some(vendor_id(&message.id)), parts }))
    }

    fn look_up<'a>(&'a self, message: &'a Outgoing, since_ms: i64) -> Boxed<'a, Found> {
        let is_it = |s: &Arc<Shown>| s.message_id == message.id && s.at >= since_ms;
        let found = match self.preview.shown().iter().any(is_it) {
            true => Found::Yes(vec![Sighting {
                vendor_id: vendor_id(&message.id),
                status: "delivered".to_owned(),
                code: None,
            }]),
            false => Found::No,
        };
        Box::pin(std::future::ready(found))
    }
}

fn vendor_id(id: &MessageId) -> String {
    format!("preview-{id}")
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The message in a frame of [`WIDTH`] characters.
fn framed(shown: &Shown, look: Look) -> String {
    let title = match shown.medium {
        Medium::Sms => format!(" Text to {} ", shown.to),
        Medium::Mail => format!(" Mail to {} ", shown.to),
        Medium::Hook => format!(" Hook at {} ", shown.to),
        Medium::Call => format!(" Call to {} ", shown.to),
    };
    let mut lines = Vec::new();
    if !shown.subject.is_empty() {
        wrap(&shown.subject, &mut lines);
        lines.push(String::new());
    }
    wrap(&shown.body, &mut lines);
    let (corners, across, side, colour) = match look {
        Look::Terminal => (['╭', '╮', '╰', '╯'], "─", "│", ("\x1b[36m", "\x1b[0m")),
        Look::Plain => (['+', '+', '+', '+'], "-", "|", ("", "")),
    };
    let title: String = visible(&title).chars().take(WIDTH).collect();
    let rest = across.repeat((WIDTH + 1).saturating_sub(title.chars().count()));
    let (on, off) = colour;
    let mut out = format!("\n{on}{}{across}{title}{rest}{}{off}\n", corners[0], corners[1]);
    for line in lines {
        let pad = " ".repeat(WIDTH - line.chars().count());
        out.push_str(&format!("{on}{side}{off} {line}{pad} {on}{side}{off}\n"));
    }
    out.push_str(&format!("{on}{}{}{}{off}\n", corners[2], across.repeat(WIDTH + 2), corners[3]));
    out
}

/// Without control characters: a message must not steer the terminal it is printed on.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Breaks text at spaces, and words longer than a line where the line ends.
fn wrap(text: &str, lines: &mut Vec<String>) {
    for paragraph in text.lines() {
        let (mut line, mut used) = (String::new(), 0);
        for word in visible(paragraph).split(' ') {
            let length = word.chars().count();
            if used > 0 && used + 1 + length > WIDTH {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            for c in word.chars() {
                if used == WIDTH {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push(c);
                used += 1;
            }
        }
        lines.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            locked(&self.0).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Page {
        fn text(&self) -> String {
            String::from_utf8(locked(&self.0).clone()).unwrap()
        }
    }

    fn message(n: usize, body: &str) -> Outgoing {
        Outgoing {
            id: format!("m{n}").into(),
            business_id: "b1".into(),
            attempt: 1,
            to: "+15125550142".to_owned(),
            from_name: "Harbor Plumbing".to_owned(),
            reply_to: None,
            subject: String::new(),
            body: body.to_owned(),
            html: None,
            valid_for_secs: 60,
            auto_reply: true,
            unsubscribe: None,
            hook: None,
        }
    }

    #[tokio::test]
    async fn a_text_is_printed_shown_and_told_to_the_pages() {
        let (page, clock) = (Page::default(), Clock::manual(5));
        let preview = Preview::new(clock, Box::new(page.clone()), Look::Plain);
        let mut news = preview.listen();

        let outcome = preview.sms().send(&message(1, "Hi Maria, Harbor Plumbing here. Reply here any time.")).await;

        assert_eq!(outcome, Outcome::Accepted { vendor_id: Some("preview-m1".to_owned()), parts: 1 });
        assert_eq!(news.recv().await.unwrap(), preview.shown()[0]);
        assert_eq!(preview.shown()[0].at, 5);
        let drawn = [
            "",
            "+- Text to +15125550142 -------------------------+",
            "| Hi Maria, Harbor Plumbing here. Reply here any |",
            "| time.                                          |",
            "+------------------------------------------------+",
            "",
        ];
        assert_eq!(page.text(), drawn.join("\n"));
    }

    #[tokio::test]
    async fn only_the_newest_are_kept_and_texts_and_mails_share_the_store() {
        let preview = Preview::new(Clock::manual(0), Box::new(std::io::sink()), Look::Plain);

        for n in 0..KEPT + 5 {
            preview.sms().send(&message(n, "x")).await;
        }
        preview.mail().send(&Outgoing { subject: "Subject".to_owned(), ..message(999, "y") }).await;

        let shown = preview.shown();
        assert_eq!(shown.len(), KEPT);
        assert_eq!(shown[0].message_id.as_str(), "m6");
        assert_eq!(shown[KEPT - 1].medium, Medium::Mail);
    }

    #[tokio::test]
    async fn what_was_shown_is_found_and_what_was_not_is_not() {
        let preview = Preview::new(Clock::manual(1_000), Box::new(std::io::sink()), Look::Plain);
        preview.sms().send(&message(1, "x")).await;

        let (seen, unseen) = (message(1, "x"), message(2, "x"));

        assert!(matches!(preview.sms().look_up(&seen, 900).await, Found::Yes(_)));
        assert_eq!(preview.sms().look_up(&unseen, 900).await, Found::No);
    }

    #[test]
    fn a_message_cannot_steer_the_terminal_and_pipes_stay_plain() {
        let hostile = "\u{1b}[2J\u{7}bell\r\nnext \u{9b}31m".to_owned() + &"long".repeat(30);
        let shown = Shown {
            medium: Medium::Mail,
            message_id: "m1".into(),
            business_id: "b1".into(),
            to: "\u{1b}]0;x".to_owned() + &"y".repeat(200),
            from_name: String::new(),
            subject: "\u{1b}[31mred".to_owned(),
            body: hostile,
            at: 0,
        };

        let plain = framed(&shown, Look::Plain);

        assert!(plain.chars().all(|c| c == '\n' || !c.is_control()), "{plain:?}");
        assert!(plain.lines().skip(1).all(|line| line.chars().count() == WIDTH + 4), "{plain}");
        assert!(framed(&shown, Look::Terminal).contains('╭'));
    }
}
