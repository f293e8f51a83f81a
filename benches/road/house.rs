//! The real program in a folder of its own, and what the system says of it.

use crate::vendors::Vendors;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

pub struct House {
    child: Child,
    folder: tempfile::TempDir,
    pub url: String,
    pub ready_ms: u128,
}

impl House {
    /// Starts it with an owner who has a phone and an address, and waits until it listens.
    pub async fn start(vendors: &Vendors) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let owner = ["business", "add", "--name", "Harbor", "--owner-name", "Dave", "--owner-phone", "+15125550100"];
        let mail = ["--owner-email", "dave@harbor.example", "--country", "US"];
        run(Self::command(folder.path(), vendors).args(owner).args(mail));
        let added = run(
            Self::command(folder.path(), vendors).args(["source", "add", "generic", "--secret", "bench", "--json"])
        );
        let token =
            added.split("\"token\":").nth(1).and_then(|rest| rest.split('"').nth(1)).expect("a token").to_owned();
        let (child, address, ready_ms) = listen(Self::command(folder.path(), vendors));
        // A sender with a secret is never refused for volume.
        House { child, folder, url: format!("{address}/in/{token}?secret=bench"), ready_ms }
    }

    fn command(folder: &Path, vendors: &Vendors) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadbell"));
        command
            .current_dir(folder)
            .env("LEADBELL_DATA_DIR", folder.join("data"))
            .env("LEADBELL_LISTEN", "127.0.0.1:0")
            .env("LEADBELL_SEND_CAPS", "off")
            .env("LEADBELL_LOG", "error")
            .env("LEADBELL_TWILIO_ACCOUNT_SID", "AC00112233445566778899aabbccddeeff")
            .env("LEADBELL_TWILIO_AUTH_TOKEN", "token")
            .env("LEADBELL_TWILIO_FROM", "+14155550123")
            .env("LEADBELL_TWILIO_API_URL", format!("http://{}", vendors.texts))
            .env("LEADBELL_SMTP_URL", format!("smtp://{}", vendors.mails))
            .env("LEADBELL_EMAIL_FROM", "leads@harbor.example");
        command
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Resident memory, MB.
    pub fn memory_mb(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most it ever had, MB.
    pub fn peak_memory_mb(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, field: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("a process");
        let line = status.lines().find(|l| l.starts_with(field)).expect("a field");
        let kb: f64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).expect("a number");
        kb / 1_024.0
    }

    /// CPU it has used so far, in microseconds. A tick is 10 ms on Linux.
    pub fn cpu_us(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("a process");
        let after = stat.rsplit(')').next().expect("fields");
        let ticks: u64 = after.split_whitespace().skip(11).take(2).map(|n| n.parse::<u64>().expect("ticks")).sum();
        ticks * 10_000
    }
}

impl Drop for House {
    /// Ends it without ceremony: what it leaves behind goes with its folder.
    fn drop(&mut self) {
        let _ended_already = self.child.kill().and_then(|()| self.child.wait());
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the stopwatch")]
fn listen(mut command: Command) -> (Child, String, u128) {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("its output"));
    let mut first = String::new();
    lines.read_line(&mut first).expect("a line");
    let ready = started.elapsed().as_millis();
    let address = first.trim().rsplit(' ').next().expect("an address").to_owned();
    std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
    (child, address, ready)
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}
