//! A mail server on a loopback port that follows a script of faults and keeps every mail it took over.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mailparse::MailHeaderMap;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

pub const USER: &str = "shop";
pub const PASSWORD: &str = "canary-mail-password";

/// A point of the dialogue at which the server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Greeting,
    Hello,
    Auth,
    From,
    To,
    Data,
    /// After the final dot; the mail is not taken over.
    Dot,
    /// After the final dot; the mail is taken over all the same.
    DotTaken,
}

/// What the server does there instead of its duty, for one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Say(At, &'static str),
    Silence(At),
    Cut(At),
    /// Takes one mail over, says so, and hangs up.
    CutAfterMail,
}

/// A mail that was taken over.
#[derive(Clone, Debug)]
pub struct Taken {
    pub from: String,
    pub to: String,
    /// As it came, dots unstuffed.
    pub source: Vec<u8>,
    /// The user who had signed in, if anybody had.
    pub user: Option<String>,
}

impl Taken {
    pub fn header(&self, name: &str) -> Option<String> {
        mailparse::parse_mail(&self.source).unwrap().headers.get_first_value(name)
    }

    /// How many headers of that name there are.
    pub fn headers(&self, name: &str) -> usize {
        mailparse::parse_mail(&self.source).unwrap().headers.get_all_values(name).len()
    }

    /// The part of that type, line ends as LF and none at the end.
    pub fn part(&self, mime: &str) -> Option<String> {
        let mail = mailparse::parse_mail(&self.source).unwrap();
        let part = mail.parts().find(|part| part.ctype.mimetype == mime)?;
        Some(part.get_body().unwrap().replace("\r\n", "\n").trim_end().to_owned())
    }
}

pub struct FakeSmtp {
    pub address: SocketAddr,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    truth: Mutex<Truth>,
    news: Notify,
}

#[derive(Default)]
struct Truth {
    taken: Vec<Taken>,
    queue: VecDeque<Fault>,
    connections: usize,
}

impl FakeSmtp {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let inner = Arc::<Inner>::default();
        tokio::spawn(serve(listener, inner.clone()));
        FakeSmtp { address, inner }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// With the right user and password.
    pub fn url_with_login(&self) -> String {
        format!("smtp://{USER}:{PASSWORD}@{}", self.address)
    }

    /// The next connection meets this fault; several queue up.
    pub fn next(&self, fault: Fault) {
        self.truth().queue.push_back(fault);
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.truth().taken.clone()
    }

    pub fn connections(&self) -> usize {
        self.truth().connections
    }

    /// Waits until at least `n` mails were taken over.
    pub async fn expect(&self, n: usize) -> Vec<Taken> {
        super::soon(&format!("{n} mails"), async {
            loop {
                let mut news = std::pin::pin!(self.inner.news.notified());
                news.as_mut().enable();
                let taken = self.taken();
                if taken.len() >= n {
                    return taken;
                }
                news.await;
            }
        })
        .await
    }

    fn truth(&self) -> MutexGuard<'_, Truth> {
        self.inner.truth.lock().unwrap()
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    while let Ok((stream, _)) = listener.accept().await {
        let fault = {
            let mut truth = inner.truth.lock().unwrap();
            truth.connections += 1;
            truth.queue.pop_front()
        };
        let mut talk = Talk { stream: BufReader::new(stream), fault, inner: inner.clone(), user: None };
        // An error is a connection that either side cut: part of the script.
        tokio::spawn(async move { talk.run().await });
    }
}

struct Talk {
    stream: BufReader<TcpStream>,
    fault: Option<Fault>,
    inner: Arc<Inner>,
    user: Option<String>,
}

impl Talk {
    async fn run(&mut self) -> io::Result<()> {
        let (mut from, mut to) = (String::new(), String::new());
        self.say(At::Greeting, "220 fake.example ESMTP").await?;
        loop {
            let line = self.line().await?;
            let verb = line.trim_end().split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let features = "250-fake.example\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN LOGIN";
                    self.say(At::Hello, features).await?;
                }
                "AUTH" => self.auth(&line).await?,
                "MAIL" => {
                    from = between_brackets(&line);
                    self.say(At::From, "250 2.1.0 ok").await?;
                }
                "RCPT" => {
                    to = between_brackets(&line);
                    self.say(At::To, "250 2.1.5 ok").await?;
                }
                "DATA" => {
                    self.say(At::Data, "354 go on").await?;
                    let source = self.content().await?;
                    self.dot(Taken { from: from.clone(), to: to.clone(), source, user: self.user.clone() }).await?;
                }
                "NOOP" => self.write("250 2.0.0 here").await?,
                "QUIT" => return self.write("221 2.0.0 bye").await,
                _ => self.write("500 5.5.1 what").await?,
            }
        }
    }

    async fn auth(&mut self, line: &str) -> io::Result<()> {
        let given = line.strip_prefix("AUTH PLAIN ").and_then(|text| STANDARD.decode(text.trim()).ok());
        let right = format!("\0{USER}\0{PASSWORD}");
        if given.is_some_and(|given| given == right.as_bytes()) {
            self.user = Some(USER.to_owned());
            self.say(At::Auth, "235 2.7.0 welcome").await
        } else {
            // Some servers do repeat what they were sent; it must end here.
            self.say(At::Auth, &format!("535 5.7.8 bad credentials in {}", line.trim())).await
        }
    }

    async fn dot(&mut self, mail: Taken) -> io::Result<()> {
        let refuses =
            matches!(self.fault, Some(Fault::Say(At::Dot, _) | Fault::Silence(At::Dot) | Fault::Cut(At::Dot)));
        if !refuses {
            self.inner.truth.lock().unwrap().taken.push(mail);
            self.inner.news.notify_waiters();
        }
        let at = if refuses { At::Dot } else { At::DotTaken };
        self.say(at, "250 2.0.0 queued").await?;
        if self.fault == Some(Fault::CutAfterMail) { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }

    async fn say(&mut self, at: At, duty: &str) -> io::Result<()> {
        match self.fault {
            Some(Fault::Say(there, words)) if there == at => self.write(words).await,
            Some(Fault::Cut(there)) if there == at => Err(io::ErrorKind::ConnectionAborted.into()),
            Some(Fault::Silence(there)) if there == at => {
                // Until the other side gives up.
                self.stream.read_to_end(&mut Vec::new()).await?;
                Err(io::ErrorKind::TimedOut.into())
            }
            _ => self.write(duty).await,
        }
    }

    async fn write(&mut self, words: &str) -> io::Result<()> {
        self.stream.write_all(format!("{words}\r\n").as_bytes()).await
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line),
        }
    }

    async fn content(&mut self) -> io::Result<Vec<u8>> {
        let mut source = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.stream.read_until(b'\n', &mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if line == b".\r\n" {
                return Ok(source);
            }
            source.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }
}

fn between_brackets(line: &str) -> String {
    let start = line.find('<').map_or(0, |at| at + 1);
    let end = line.find('>').unwrap_or(line.len());
    line[start..end].to_owned()
}
