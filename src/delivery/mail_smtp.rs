//! Mails over SMTP (RFC 5321), with lettre.
//!
//! The dialogue is driven step by step, because the same error means different things on either side of the
//! final dot: before it nothing was sent, after it nobody knows. lettre's own time-out covers connecting only, so
//! the whole exchange has ours; its pool hands half-spoken connections on, so ours (`mail_lines`) keeps only those
//! whose last mail the server took over. RFC 5321 wants
//! ten minutes of patience after the dot and a channel has half a minute, so the rest of the wait is handed back to
//! the outbox, which does it apart. Silence after that is an `Unknown`, and the outbox tries once more with the same
//! Message-ID.

use super::mail_lines::Lines;
use super::mail_message::{self, Mail};
use super::mail_replies::{Stage, not_sent, refused, rejected, said, unanswered, unfit, unknown};
use super::smtp_server::{Encryption, SmtpServer};
use super::{BadSetup, Timeouts};
use crate::base::clock::Clock;
use crate::base::mask;
use crate::outbox::channel::{Boxed, Channel, Found, Handed, Medium, Outcome, Outgoing};
use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use secrecy::ExposeSecret;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a kept connection may take to answer `NOOP`.
const STILL_THERE: Duration = Duration::from_secs(3);

/// The channel to one mail server.
pub struct Smtp {
    line: Arc<Line>,
}

/// What a dialogue needs; shared, because one may outlive the call that began it.
struct Line {
    server: SmtpServer,
    sender: Mailbox,
    hello: ClientId,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    timeouts: Timeouts,
    clock: Clock,
    open: Lines,
}

/// Why a dialogue ended early.
enum Failure {
    Smtp(SmtpError),
    Unreachable(std::io::Error),
    OutOfTurn,
    NoInternationalMail,
}

impl From<SmtpError> for Failure {
    fn from(error: SmtpError) -> Self {
        Failure::Smtp(error)
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Smtp({:?}, from {})", self.line.server, self.line.sender.email)
    }
}

impl Smtp {
    /// Makes the channel. `sender` is an address, or `Name <address>`; a message's own sender name wins.
    ///
    /// # Errors
    /// When the sender is no address or TLS cannot be set up.
    pub fn new(server: SmtpServer, sender: &str, timeouts: Timeouts, clock: Clock) -> Result<Self, BadSetup> {
        super::install_crypto();
        let sender =
            sender.trim().parse().map_err(|_| BadSetup("the sender of mails is not an e-mail address".to_owned()))?;
        let tls = match server.encryption {
            Encryption::None => None,
            Encryption::StartTls | Encryption::Implicit => Some(
                TlsParameters::new(server.host.clone())
                    .map_err(|e| BadSetup(format!("TLS to the mail server cannot be set up: {e}")))?,
            ),
        };
        let credentials = server
            .login
            .as_ref()
            .map(|(user, password)| Credentials::new(user.clone(), password.expose_secret().to_owned()));
        let hello = ClientId::default();
        Ok(Self {
            line: Arc::new(Line { server, sender, hello, tls, credentials, timeouts, clock, open: Lines::default() }),
        })
    }

    /// Says hello, signs in and leaves: no mail is sent.
    ///
    /// # Errors
    /// What the server or the network said, in one sentence without secrets.
    pub async fn greet(&self) -> Result<(), String> {
        self.line.greet().await
    }
}

impl Line {
    async fn greet(&self) -> Result<(), String> {
        let hello = async {
            let mut connection = self.connect().await?;
            if let Some(credentials) = &self.credentials {
                connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
            }
            let at_work = connection.test_connected().await;
            let _farewell = connection.quit().await;
            if at_work { Ok(()) } else { Err(Failure::OutOfTurn) }
        };
        match timeout(self.timeouts.total, hello).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Failure::Smtp(error))) => Err(super::http::chain(&error)),
            Ok(Err(Failure::Unreachable(cause))) => Err(cause.to_string()),
            Ok(Err(Failure::OutOfTurn | Failure::NoInternationalMail)) => Err("it answered out of turn".to_owned()),
            Err(_) => Err("it did not answer in time".to_owned()),
        }
    }

    async fn hand_over(self: Arc<Self>, message: Outgoing) -> Handed {
        let mail = match mail_message::build(&message, &self.sender, self.clock.now_ms()) {
            Ok(mail) => mail,
            Err(why) => {
                return Handed::Done(Outcome::Rejected { reason: why.0.to_owned(), code: None, opted_out: false });
            }
        };
        let message_id = mail.message_id.clone();
        let stage = Arc::new(Mutex::new(Stage::Connecting));
        let (line, reached) = (Arc::clone(&self), Arc::clone(&stage));
        let mut talking = Box::pin(async move { line.talk(&mail, &reached).await });
        match timeout(self.timeouts.total, &mut talking).await {
            Ok(ended) => Handed::Done(self.outcome(ended, of(&stage), message_id, &message)),
            Err(_) if of(&stage) != Stage::Handing => Handed::Done(not_sent("The mail server did not answer in time")),
            Err(_) if self.timeouts.answer.is_zero() => Handed::Done(unanswered()),
            Err(_) => Handed::Waiting(Box::pin(async move {
                match timeout(self.timeouts.answer, talking).await {
                    Ok(ended) => self.outcome(ended, Stage::Handing, message_id, &message),
                    Err(_) => unanswered(),
                }
            })),
        }
    }

    fn outcome(
        &self,
        ended: Result<Response, Failure>,
        stage: Stage,
        message_id: String,
        message: &Outgoing,
    ) -> Outcome {
        match ended {
            Ok(reply) if reply.has_code(250) => Outcome::Accepted { vendor_id: Some(message_id), parts: 1 },
            Ok(reply) => unknown("The mail server answered out of turn", Some(number(&reply))),
            Err(failure) => self.judge(stage, &failure, message),
        }
    }

    async fn talk(&self, mail: &Mail, stage: &Mutex<Stage>) -> Result<Response, Failure> {
        if let Some(mut connection) = self.open.take(self.clock.mono_ms()) {
            // A line may have died without a word; a server that is there answers this at once.
            if timeout(STILL_THERE, connection.test_connected()).await.unwrap_or(false) {
                reach(stage, Stage::Addressing);
                return self.write(connection, mail, stage).await;
            }
        }
        let mut connection = self.connect().await?;
        reach(stage, Stage::SigningIn);
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        reach(stage, Stage::Addressing);
        self.write(connection, mail, stage).await
    }

    /// Hands a mail over on an open connection, and keeps the connection if the server took it.
    async fn write(
        &self,
        mut connection: AsyncSmtpConnection,
        mail: &Mail,
        stage: &Mutex<Stage>,
    ) -> Result<Response, Failure> {
        let ended = match address(&mut connection, mail).await {
            Ok(()) => {
                reach(stage, Stage::Handing);
                connection.message(&mail.source).await.map_err(Failure::from)
            }
            Err(failure) => Err(failure),
        };
        if matches!(&ended, Ok(reply) if reply.has_code(250)) {
            self.open.keep(connection, self.clock.mono_ms());
        } else {
            // The outcome stands; manners must not delay it.
            super::mail_lines::hang_up(connection);
        }
        ended
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let at = (self.server.host.as_str(), self.server.port);
        if self.server.encryption == Encryption::Implicit {
            let (wait, tls) = (Some(self.timeouts.connect), self.tls.clone());
            return Ok(AsyncSmtpConnection::connect_tokio1(at, wait, &self.hello, tls, None).await?);
        }
        let stream = timeout(self.timeouts.connect, TcpStream::connect(at))
            .await
            .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
            .map_err(Failure::Unreachable)?;
        // lettre writes the dot by itself; with Nagle's algorithm it would wait 40 ms for an acknowledgement.
        stream.set_nodelay(true).map_err(Failure::Unreachable)?;
        let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await?;
        if let Some(tls) = &self.tls {
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        Ok(connection)
    }

    fn judge(&self, stage: Stage, failure: &Failure, message: &Outgoing) -> Outcome {
        let error = match failure {
            Failure::Smtp(error) => error,
            Failure::Unreachable(cause) => {
                tracing::warn!(message = %message.id, %cause, "no connection to the mail server");
                return not_sent("The mail server cannot be reached");
            }
            Failure::OutOfTurn => return not_sent("The mail server answered out of turn"),
            Failure::NoInternationalMail => {
                return rejected("The mail server does not take addresses with such letters; call instead.", None);
            }
        };
        match error.status() {
            Some(code) => {
                let code_number = u16::from(code);
                refused(stage, code.severity, code_number, &said(stage, error, message))
            }
            None if error.is_client() => Outcome::Blocked { reason: unfit(stage), code: None },
            None => {
                let cause = super::http::chain(error).replace(&message.to, &mask::contact(&message.to));
                tracing::warn!(message = %message.id, ?stage, cause, "the mail server broke off");
                match stage {
                    Stage::Handing => unknown("The mail server broke off after it had the mail", None),
                    Stage::Connecting => not_sent("The mail server cannot be reached"),
                    _ => not_sent("The mail server broke off"),
                }
            }
        }
    }
}

impl Channel for Smtp {
    fn medium(&self) -> Medium {
        Medium::Mail
    }

    fn vendor(&self) -> &'static str {
        "smtp"
    }

    fn send<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Outcome> {
        Box::pin(async move {
            match self.hand_over(message).await {
                Handed::Done(outcome) => outcome,
                Handed::Waiting(answer) => answer.await,
            }
        })
    }

    fn hand_over<'a>(&'a self, message: &'a Outgoing) -> Boxed<'a, Handed> {
        Box::pin(Arc::clone(&self.line).hand_over(message.clone()))
    }

    fn look_up<'a>(&'a self, _: &'a Outgoing, _: i64) -> Boxed<'a, Found> {
        Box::pin(std::future::ready(Found::CannotTell("A mail server keeps no list that could be asked.".to_owned())))
    }
}

/// `MAIL FROM`, `RCPT TO`, `DATA`, each with the one kind of answer that allows the next.
async fn address(connection: &mut AsyncSmtpConnection, mail: &Mail) -> Result<(), Failure> {
    let mut options = Vec::new();
    if !is_ascii(&mail.from) || !is_ascii(&mail.to) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Failure::NoInternationalMail);
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    let from = connection.command(MailFrom::new(Some(mail.from.clone()), options)).await?;
    let to = connection.command(Rcpt::new(mail.to.clone(), Vec::new())).await?;
    let data = connection.command(Data).await?;
    let completed = |reply: &Response| reply.code().severity == Severity::PositiveCompletion;
    if completed(&from) && completed(&to) && data.has_code(354) { Ok(()) } else { Err(Failure::OutOfTurn) }
}

fn of(stage: &Mutex<Stage>) -> Stage {
    *stage.lock().unwrap_or_else(PoisonError::into_inner)
}

fn reach(stage: &Mutex<Stage>, next: Stage) {
    *stage.lock().unwrap_or_else(PoisonError::into_inner) = next;
}

fn is_ascii(address: &Address) -> bool {
    let text: &str = address.as_ref();
    text.is_ascii()
}

fn number(reply: &Response) -> i64 {
    i64::from(u16::from(reply.code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_must_be_an_address() {
        let server = || SmtpServer::parse("smtp://127.0.0.1").unwrap();
        let made = |sender| Smtp::new(server(), sender, Timeouts::MAILS, Clock::manual(0)).is_ok();

        assert!(made("leads@shop.example") && made(" Harbor Plumbing <leads@shop.example> "));
        assert!(!made("leads") && !made(""));
    }
}
