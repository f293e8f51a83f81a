//! The real program on a folder of its own, between a fake Twilio and a fake mail server that outlive it.

use crate::client;
use crate::support::fake_smtp::FakeSmtp;
use crate::support::fake_twilio::{ACCOUNT, AUTH_TOKEN, FakeTwilio, NUMBER};
use leadbell::base::clock::Clock;
use leadbell::base::random::Random;
use leadbell::config::{Config, Inputs};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// The one who is told by text.
pub const OWNER_PHONE: &str = "+15125550100";
/// The one who is told by mail.
pub const OWNER_MAIL: &str = "owner@harbor.example";
/// A start slower than this is not one.
const GIVE_UP: Duration = Duration::from_secs(30);

/// Where everything is.
pub struct House {
    folder: tempfile::TempDir,
    pub program: PathBuf,
    pub address: SocketAddr,
    pub twilio: FakeTwilio,
    pub smtp: FakeSmtp,
    pub clock: Clock,
    /// Paths to post to: the shop whose owner is told by text, and the one whose owner is told by mail.
    pub by_text: String,
    pub by_mail: String,
}

impl House {
    /// A house with two shops, not running yet.
    pub async fn build(program: PathBuf, random: &Random) -> Self {
        let clock = Clock::system();
        let (twilio, smtp) = (FakeTwilio::start(clock.clone()).await, FakeSmtp::start().await);
        let folder = tempfile::Builder::new().prefix("leadbell-crash").tempdir().unwrap();
        let address = free_address(random);
        let none = String::new;
        let mut house = House { folder, program, address, twilio, smtp, clock, by_text: none(), by_mail: none() };
        house.by_text = house.shop("Harbor", "--owner-phone", OWNER_PHONE);
        house.by_mail = house.shop("Bellwood", "--owner-email", OWNER_MAIL);
        house
    }

    fn shop(&self, name: &str, told: &str, whom: &str) -> String {
        self.ask(&["business", "add", "--name", name, "--timezone", "America/Chicago", told, whom]);
        let source = self.ask(&["source", "add", "generic", "--business", &name.to_lowercase()]);
        format!("/in/{}", source["token"].as_str().unwrap())
    }

    /// What a command of the program says.
    pub fn ask(&self, words: &[&str]) -> serde_json::Value {
        let output = self.command().args(words).arg("--json").output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn database(&self) -> PathBuf {
        self.data().join("leadbell.db")
    }

    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn settings(&self) -> BTreeMap<String, String> {
        [
            ("LEADBELL_LISTEN", self.address.to_string()),
            ("LEADBELL_DATA_DIR", self.data().display().to_string()),
            ("LEADBELL_TWILIO_ACCOUNT_SID", ACCOUNT.to_owned()),
            ("LEADBELL_TWILIO_AUTH_TOKEN", AUTH_TOKEN.to_owned()),
            ("LEADBELL_TWILIO_FROM", NUMBER.to_owned()),
            ("LEADBELL_TWILIO_API_URL", self.twilio.api_url.clone()),
            ("LEADBELL_SMTP_URL", self.smtp.url()),
            ("LEADBELL_EMAIL_FROM", "Leads <leads@shop.example>".to_owned()),
            ("LEADBELL_SEND_CAPS", "off".to_owned()),
            ("LEADBELL_LOG", "warn".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// The same settings, for parts of the house that run inside the test.
    pub fn config(&self) -> Config {
        let inputs = Inputs {
            flags: BTreeMap::new(),
            environment: self.settings(),
            file: None,
            read: &|path| std::fs::read_to_string(path),
        };
        Config::from_inputs(&inputs).unwrap()
    }

    /// The program with these settings and nothing of ours around it.
    pub fn command(&self) -> Command {
        self.dressed(Command::new(&self.program))
    }

    /// Any command, with the program's settings.
    #[expect(clippy::disallowed_methods, reason = "the child must not inherit settings of whoever runs the tests")]
    pub fn dressed(&self, mut command: Command) -> Command {
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LEADBELL_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).envs(self.settings());
        command
    }

    pub fn start(&self) -> Running {
        self.start_as(self.command())
    }

    /// Starts the server by this command; what it complains of is kept.
    pub fn start_as(&self, mut command: Command) -> Running {
        let complaints = std::fs::File::create(self.scratch("stderr")).unwrap();
        let child = command.stdout(Stdio::null()).stderr(complaints).spawn().unwrap();
        Running { child, address: self.address, clock: self.clock.clone(), complaints: self.scratch("stderr") }
    }

    /// What the server complained of since its last start.
    pub fn complaints(&self) -> String {
        std::fs::read_to_string(self.scratch("stderr")).unwrap_or_default()
    }

    /// What `PRAGMA integrity_check` says of a copy of the files as they lie there, so that the program itself meets
    /// its log untouched.
    pub async fn integrity(&self) -> String {
        let copy = self.scratch("looked-at.db");
        for end in ["", "-wal"] {
            let (from, to) = (with_end(&self.database(), end), with_end(&copy, end));
            let _none = std::fs::remove_file(&to);
            if from.exists() {
                std::fs::copy(&from, &to).unwrap();
            }
        }
        let _none = std::fs::remove_file(with_end(&copy, "-shm"));
        let mut connection = SqliteConnectOptions::new().filename(&copy).connect().await.unwrap();
        let verdict: Vec<(String,)> =
            sqlx::query_as("PRAGMA integrity_check").fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        verdict.into_iter().map(|(line,)| line).collect::<Vec<_>>().join("; ")
    }

    /// The database, to look at beside the program.
    pub async fn reader(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.database()).read_only(true).connect().await.unwrap()
    }
}

/// A file's name with something behind it.
pub fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Outside the range from which the system gives ports to whoever calls: while the program is down, nobody may get
/// its port, a sender that calls it least of all.
fn free_address(random: &Random) -> SocketAddr {
    for _ in 0..100 {
        let port = 20_000 + u16::try_from(random.up_to(9_999)).unwrap();
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        }
    }
    panic!("no free port");
}

/// The server at work.
pub struct Running {
    pub child: Child,
    address: SocketAddr,
    clock: Clock,
    complaints: PathBuf,
}

impl Running {
    /// Waits until it says that it is ready; how long that took, in milliseconds from the call.
    pub async fn ready(&mut self) -> i64 {
        self.ready_unless_ended().await.expect("the program ended before it was ready")
    }

    /// The same; none if it ends instead.
    pub async fn ready_unless_ended(&mut self) -> Option<i64> {
        let began = self.clock.mono_ms();
        let mut last = None;
        let asking = async {
            loop {
                let answer = client::get(self.address, "/readyz").await;
                if answer.as_ref().is_ok_and(|answer| answer.status == 200) {
                    return Some(self.clock.mono_ms() - began);
                }
                last = Some(answer);
                if self.child.try_wait().unwrap().is_some() {
                    return None;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        match tokio::time::timeout(GIVE_UP, asking).await {
            Ok(started) => started,
            Err(_) => {
                let complaints = std::fs::read_to_string(&self.complaints).unwrap_or_default();
                panic!("the program was not ready within 30 s; it said {last:?} and complained: {complaints}")
            }
        }
    }

    /// SIGKILL, in the middle of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; its exit status and how long it took, in milliseconds.
    pub async fn stop(mut self) -> (ExitStatus, i64) {
        let began = self.clock.mono_ms();
        let term = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &term]).status().unwrap().success());
        let status = self.ended().await;
        (status, self.clock.mono_ms() - began)
    }

    /// Waits until it has ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let waiting = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(GIVE_UP, waiting).await.expect("the program did not end within 30 s")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _status = self.child.wait();
    }
}
