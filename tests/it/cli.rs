//! The real program, as a terminal or a script meets it: exit statuses, what goes to which stream, and the commands
//! beside a running server.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

struct Ended {
    status: i32,
    out: String,
    err: String,
}

impl Ended {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("not one document: {e}: {}{}", self.out, self.err))
    }
}

/// The program in a folder of its own, with nothing of ours in its environment.
#[expect(clippy::disallowed_methods, reason = "the child must not inherit settings of whoever runs the tests")]
fn leadbell(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadbell"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LEADBELL_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).env("TMPDIR", folder).env("LEADBELL_LISTEN", "127.0.0.1:0");
    command
}

fn run(folder: &Path, words: &[&str]) -> Ended {
    ended(leadbell(folder).args(words))
}

fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A server that has printed how to try it, and what it printed until then.
struct Server {
    child: Child,
    greeting: String,
}

impl Server {
    fn start(folder: &Path, words: &[&str]) -> Self {
        let mut child = leadbell(folder).args(words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = String::new();
        while !greeting.contains("  curl ") {
            assert_ne!(lines.read_line(&mut greeting).unwrap(), 0, "it ended early: {greeting}");
        }
        // Whatever follows is read away, so that the pipe never fills.
        std::thread::spawn(move || lines.read_to_end(&mut Vec::new()));
        Self { child, greeting }
    }

    fn stop(mut self) -> i32 {
        let kill = format!("kill -TERM {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
    }
}

#[test]
fn the_exit_status_tells_a_script_what_happened() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();

    for (words, status) in [
        (&["version"][..], 0),
        (&["--version"], 0),
        (&["help"], 0),
        (&["backup"], 1),
        (&["restore", "nowhere.db"], 1),
        (&["user", "link", "nobody@example.com"], 1),
        (&["fax"], 2),
        (&["business", "add"], 2),
        (&["source", "add", "generic"], 2),
        (&["source", "add", "standard-webhooks", "--secret", "whsec_"], 2),
        (&["source", "add", "custom-hmac", "--secret", "s3cret"], 2),
        (&["source", "add", "stripe", "--secret", ""], 2),
        (&["replay", "nothing"], 2),
        (&["erase"], 2),
        (&["erase", "--email", "maria@example.com"], 2),
        (&["source", "list", "--listen", "everywhere"], 2),
        (&["source", "list", "--config", "nowhere.toml"], 2),
        (&["config", "check", "--listen", "everywhere"], 3),
        (&["doctor", "--listen", "everywhere"], 3),
        (&["migrate", "--check", "--data-dir", "new"], 3),
    ] {
        let ended = run(dir, words);
        assert_eq!(ended.status, status, "{words:?}: {}{}", ended.out, ended.err);
        assert_eq!(ended.err.is_empty(), matches!(status, 0 | 3), "{words:?}: {}", ended.err);
    }
}

#[test]
fn settings_come_from_file_environment_and_flags_and_every_mistake_is_named() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("leadbell.toml"), "data_dir = 'here'\nlog = 'warn'\n").unwrap();
    std::fs::write(dir.path().join("token"), "t0ken-canary\n").unwrap();

    let mut command = leadbell(dir.path());
    command.args(["config", "print", "--json", "--log", "error"]);
    command.env("LEADBELL_TWILIO_AUTH_TOKEN_FILE", "token").env("LEADBELL_TWILIO_ACCOUNT_SID", "AC1");
    let printed = ended(command.env("LEADBELL_TWILIO_FROM", "+15125550100")).json();
    let wrong = ended(leadbell(dir.path()).args(["config", "check", "--json"]).env("LEADBELL_SMTP", "x"));

    let row = |key: &str| printed.as_array().unwrap().iter().find(|row| row["key"] == key).unwrap().clone();
    assert_eq!((&row("data_dir")["value"], &row("data_dir")["from"]), (&"here".into(), &"leadbell.toml".into()));
    assert_eq!((&row("log")["value"], &row("log")["from"]), (&"error".into(), &"--log".into()));
    assert_eq!(row("twilio_auth_token")["value"], "(set)");
    assert!(!printed.to_string().contains("canary"));
    assert_eq!((wrong.status, &wrong.json()[0]["key"]), (3, &"LEADBELL_SMTP".into()));
}

#[test]
fn the_commands_work_beside_a_running_server_and_it_notices() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let server = Server::start(dir, &[]);
    assert!(server.greeting.contains("/setup/") && server.greeting.contains("/in/"), "{}", server.greeting);

    let shop = run(dir, &["business", "add", "--name", "Harbor", "--owner-phone", "512 555 0100", "--json"]).json();
    let source = run(dir, &["source", "add", "generic", "--business", "harbor", "--secret", "s3cret", "--json"]).json();
    let tested = run(dir, &["send-test", source["id"].as_str().unwrap(), "--json"]);
    let receipt = tested.json()["receipt"].as_str().unwrap().to_owned();
    let replayed = run(dir, &["replay", &receipt, "--json"]).json();
    let sent = run(dir, &["replay", &receipt, "--send", "--json"]).json();
    let doctor = run(dir, &["doctor", "--json"]);
    let backup = run(dir, &["backup", "kept/copy.db", "--json"]).json();
    let refused = run(dir, &["restore", "kept/copy.db"]);
    let leads = run(dir, &["export", "leads", "--format", "jsonl", "--business", "harbor"]);
    let erased = run(dir, &["erase", "--email", "nobody@example.com", "--json"]).json();

    assert_eq!(shop["slug"], "harbor");
    let address = server.greeting.lines().next().unwrap().rsplit(' ').next().unwrap();
    assert!(source["url"].as_str().unwrap().starts_with(address), "{source} {address}");
    let told = tested.json();
    assert_eq!(tested.status, 0, "{}", tested.err);
    assert!(told["lead"].is_string() && told["receipt"].is_string());
    let steps: Vec<&str> = told["steps"].as_array().unwrap().iter().map(|s| s["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["stored and answered", "owner_alert by sms handed over"]);
    for replayed in [replayed, sent] {
        assert_eq!((&replayed["before"]["state"], &replayed["after"]["lead"]), (&"test".into(), &told["lead"]));
        assert_eq!(replayed["before"]["name"], replayed["after"]["name"]);
        assert_eq!(replayed["would_send"], serde_json::json!([]));
    }
    assert_eq!(doctor.status, 0, "{}", doctor.out);
    assert_eq!(erased, serde_json::json!({"leads": 0, "messages": 0, "receipts": 0}));
    assert_eq!(backup["leads"], 1);
    assert_eq!(refused.status, 1);
    assert!(refused.err.contains(&format!("process {}", server.child.id())), "{}", refused.err);
    let lead: Value = serde_json::from_str(leads.out.trim()).unwrap();
    assert_eq!((&lead["test"], &lead["id"]), (&Value::Bool(true), &told["lead"]));

    assert_eq!(server.stop(), 0);
    assert_eq!(run(dir, &["restore", "kept/copy.db"]).status, 0);
}

#[test]
fn the_demo_has_leads_and_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    let demos = || {
        let all = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path());
        all.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("demo")))
            .collect::<Vec<_>>()
    };

    let server = Server::start(dir.path(), &["demo"]);
    let folder = demos().pop().unwrap();
    let leads = run(dir.path(), &["export", "leads", "--data-dir", folder.to_str().unwrap()]);

    assert!(leads.out.lines().count() > 300, "{}", leads.err);
    assert_eq!(server.stop(), 0);
    assert_eq!(demos().len(), 0);
}
