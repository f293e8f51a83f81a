//! The commands as they are typed, in one process: what they print, what they refuse.

use super::*;
use crate::config::Inputs;
use clap::CommandFactory;
use serde_json::Value;
use std::path::Path;

/// The settings of a data directory, with nobody listening.
pub(crate) fn config_in(dir: &Path) -> Config {
    Config::from_inputs(&Inputs {
        flags: [("data_dir", dir.display().to_string()), ("listen", "127.0.0.1:9".to_owned())].into(),
        environment: std::collections::BTreeMap::new(),
        file: None,
        read: &|path| std::fs::read_to_string(path),
    })
    .unwrap()
}

/// Types a command line and gives its end and what it printed.
async fn typed(dir: &Path, words: &str) -> (anyhow::Result<Exit>, String) {
    let cli = Cli::try_parse_from(shell_words(words)).unwrap();
    let mut out = Vec::new();
    let ended = run(&cli, Ok(config_in(dir)), &mut out).await;
    (ended, String::from_utf8(out).unwrap())
}

/// Types a command line with `--json` that must succeed, and gives its one document.
async fn facts(dir: &Path, words: &str) -> Value {
    let (ended, printed) = typed(dir, &format!("{words} --json")).await;
    assert_eq!(ended.unwrap(), Exit::Fine, "{words}");
    serde_json::from_str(&printed).unwrap_or_else(|e| panic!("{words}: {e}: {printed}"))
}

fn shell_words(words: &str) -> Vec<String> {
    let mut all = vec!["leadbell".to_owned()];
    for (n, part) in words.split('"').enumerate() {
        if n % 2 == 1 {
            all.push(part.to_owned());
        } else {
            all.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    all
}

#[test]
fn the_help_says_what_there_is() {
    let mut all = String::new();
    for name in ["", "source", "source add", "business add", "user", "token", "export", "config"] {
        let mut command = Cli::command();
        command.build();
        let mut chosen = &mut command;
        for word in name.split_whitespace() {
            chosen = chosen.find_subcommand_mut(word).unwrap();
        }
        let help = chosen.render_help().to_string();
        let own = if name.is_empty() { help.as_str() } else { help.split("Settings (").next().unwrap_or(&help) };
        all += &format!("$ leadbell {name} -h\n{}\n\n", own.trim_end());
    }

    insta::assert_snapshot!(all);
}

#[tokio::test]
async fn a_shop_a_source_a_sign_in_and_a_key_are_added_and_printed_as_the_contract_says() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();

    let shop = facts(
        dir,
        "business add --name \"Harbor Plumbing\" --timezone America/Chicago --country us --owner-name Dave \
         --owner-phone \"(512) 555-0100\" --owner-email dave@example.com",
    )
    .await;
    let source = facts(dir, "source add generic --name \"Quote form\" --secret s3cret").await;
    let listed = facts(dir, "source list").await;
    let user = facts(dir, "user add Owner@Example.com").await;
    let again = facts(dir, "user link owner@example.com").await;
    let key = facts(dir, "token add crm --business harbor-plumbing").await;

    assert_eq!(shop["slug"], "harbor-plumbing");
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&shop), ["id", "slug", "name"]);
    assert_eq!(keys(&source), ["id", "provider", "business", "url", "token"]);
    let token = source["token"].as_str().unwrap();
    assert_eq!(source["url"], format!("http://127.0.0.1:9/in/{token}"));
    assert_eq!(listed[0]["url"], source["url"]);
    assert_eq!((&listed[0]["signed"], &listed[0]["last_at"]), (&Value::Bool(true), &Value::Null));
    assert_eq!(keys(&user), ["id", "email", "link"]);
    assert_eq!((&user["email"], &again["id"]), (&Value::from("owner@example.com"), &user["id"]));
    assert_ne!(user["link"], again["link"]);
    assert_eq!(keys(&key), ["id", "name", "token"]);
}

#[tokio::test]
async fn wrong_usage_says_what_would_be_right_and_stores_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    for (words, expected) in [
        ("source add generic", "there is no business yet"),
        ("business add --name \" \"", "--name is empty"),
        ("business add --name X --country Narnia", "two letters"),
        ("business add --name X --timezone Mars/Base", "no such zone"),
        ("business add --name X --owner-phone 12", "--owner-phone 12"),
        ("business add --name X --owner-email nobody", "--owner-email nobody"),
        ("source add fax", "generic takes anything"),
    ] {
        let (ended, printed) = typed(dir, words).await;
        let error = ended.unwrap_err();
        assert!(error.to_string().contains(expected), "{words}: {error}");
        assert_eq!((exit_of(&error), printed.as_str()), (Exit::WrongUsage, ""), "{words}");
    }

    facts(dir, "business add --name One").await;
    facts(dir, "business add --name Two").await;
    let (ended, _) = typed(dir, "source add generic").await;
    assert_eq!(ended.unwrap_err().to_string(), "say which business, with --business: one, two");
    assert_eq!(facts(dir, "source list").await, serde_json::json!([]));
}

#[tokio::test]
async fn a_person_is_forgotten_by_number_or_address_in_one_business_or_all() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let none = typed(dir, "erase --phone 5125550142").await.0.unwrap_err();
    for name in ["Harbor", "Other"] {
        facts(dir, &format!("business add --name {name} --country US")).await;
    }
    let db = crate::db::Db::open(&config_in(dir).database).await.unwrap();
    db.write(|conn| {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO lead (id, business_id, source_id, kind, name, phone, email, state, last_write_at, received_at) \
                 SELECT slug || p, id, 's', 'form', 'Maria Lopez', '+1512555014' || p, 'Maria' || p || '@example.com', \
                 'waiting', 1, 1 FROM business, (SELECT 2 AS p UNION ALL SELECT 3)",
            )
            .execute(conn)
            .await
        })
    })
    .await
    .unwrap();
    db.close().await;
    let made = typed(dir, "backup").await.0;

    let one = facts(dir, "erase --phone \"(512) 555-0142\" --business harbor").await;
    let all = facts(dir, "erase --email maria3@EXAMPLE.com").await;
    let (words, said) = typed(dir, "erase --phone 512-555-0142").await;
    let wrong = ["erase --phone 12", "erase --email nobody", "erase --phone 5125550142 --business nowhere"];

    assert!(none.to_string().contains("no business yet"), "{none}");
    assert!(made.is_ok());
    let keys: Vec<&String> = one.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["leads", "messages", "receipts"]);
    assert_eq!((&one["leads"], &all["leads"]), (&Value::from(1), &Value::from(2)));
    assert_eq!(words.unwrap(), Exit::Fine);
    assert!(said.starts_with("Forgotten: 1 lead, 0 messages, 0 submissions."), "{said}");
    assert!(said.contains("1 backup still holds them until "), "{said}");
    for words in wrong {
        let error = typed(dir, words).await.0.unwrap_err();
        assert_eq!(exit_of(&error), Exit::WrongUsage, "{words}: {error}");
    }
}

#[tokio::test]
async fn tables_come_out_whole_page_after_page_and_as_csv_that_runs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    facts(dir, "business add --name Harbor").await;
    facts(dir, "business add --name Other").await;
    let db = crate::db::Db::open(&config_in(dir).database).await.unwrap();
    db.write(|conn| {
        Box::pin(async move {
            sqlx::query(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1203) \
                 INSERT INTO lead (id, business_id, source_id, kind, name, message, fields, state, last_write_at, \
                 received_at) SELECT 'l' || (10000 + i), (SELECT id FROM business WHERE slug = 'harbor'), 's', 'form', \
                 '=cmd', 'two' || char(10) || 'lines', '[{\"label\":\"Size\",\"value\":\"XL\"}]', 'waiting', i, i FROM n",
            )
            .execute(conn)
            .await
        })
    })
    .await
    .unwrap();
    db.close().await;

    let (_, csv) = typed(dir, "export leads").await;
    let (_, jsonl) = typed(dir, "export leads --format jsonl --business harbor").await;
    let (_, none) = typed(dir, "export leads --business other").await;

    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), store::LEAD_COLUMNS);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 1203);
    assert_eq!((&rows[0][6], &rows[0][9], &rows[0][10]), ("'=cmd", "two\nlines", "Size: XL"));
    let lines: Vec<Value> = jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 1203);
    assert_eq!(lines[1202]["received_at"], "1970-01-01T00:00:01.203Z");
    assert_eq!((&lines[0]["test"], &lines[0]["fields"][0]["value"]), (&Value::Bool(false), &Value::from("XL")));
    assert_eq!(none.lines().count(), 1, "only the headings");
    for table in ["receipts", "messages"] {
        assert_eq!(typed(dir, &format!("export {table}")).await.1.lines().count(), 1);
    }
}

#[tokio::test]
async fn a_backup_goes_back_unless_a_server_is_running() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (ended, _) = typed(dir, "backup").await;
    assert_eq!(exit_of(&ended.unwrap_err()), Exit::Failed);
    facts(dir, "business add --name Harbor").await;

    let copied = facts(dir, "backup").await;
    let file = copied["file"].as_str().unwrap().to_owned();
    assert!(file.contains("/backups/leadbell-2") && copied["leads"] == 0 && copied["bytes"].as_u64() > Some(0));
    facts(dir, "business add --name Later").await;

    let held = crate::db::lock::DataLock::take(dir).unwrap();
    let (ended, _) = typed(dir, &format!("restore {file}")).await;
    assert!(ended.unwrap_err().to_string().contains("Stop it first"));
    drop(held);
    let (ended, words) = typed(dir, &format!("restore {file}")).await;

    assert_eq!(ended.unwrap(), Exit::Fine);
    assert!(words.contains("is kept as"), "{words}");
    facts(dir, "source add generic").await;
}

#[tokio::test]
async fn migrate_says_what_is_missing_and_does_it() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();

    let (before, _) = typed(dir, "migrate --check --json").await;
    facts(dir, "migrate").await;
    let after = facts(dir, "migrate --check").await;

    assert_eq!(before.unwrap(), Exit::FoundProblems);
    assert_eq!(after["pending"], serde_json::json!([]));
}

#[tokio::test]
async fn doctor_finds_that_nobody_answers_and_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    facts(dir, "business add --name Harbor").await;
    facts(dir, "source add generic").await;

    let (ended, printed) = typed(dir, "doctor --json").await;

    assert_eq!(ended.unwrap(), Exit::FoundProblems);
    let found: Vec<Value> = serde_json::from_str(&printed).unwrap();
    let checks: Vec<&str> = found.iter().map(|f| f["check"].as_str().unwrap()).collect();
    assert_eq!(
        checks,
        [
            "settings",
            "key file",
            "database",
            "clock",
            "disk",
            "log",
            "public address",
            "texting",
            "mail",
            "source Website form (harbor)"
        ]
    );
    let wrong: Vec<&Value> = found.iter().filter(|f| f["ok"] == false).collect();
    assert_eq!(wrong.len(), 1);
    assert_eq!(wrong[0]["check"], "public address");
    assert!(wrong[0]["next"].as_str().unwrap().contains("leadbell serve"));
}

#[tokio::test]
async fn wrong_settings_stop_every_command_but_those_that_explain_them() {
    let wrong = || {
        Config::from_inputs(&Inputs {
            flags: [("listen", "nowhere".to_owned())].into(),
            environment: [("LEADBELL_COLOUR".to_owned(), "blue".to_owned())].into(),
            file: None,
            read: &|path| std::fs::read_to_string(path),
        })
    };
    for (words, expected, lines) in [
        ("doctor --json", Some(Exit::FoundProblems), 1),
        ("config check --json", Some(Exit::FoundProblems), 1),
        ("version --json", Some(Exit::Fine), 1),
        ("config print --default", Some(Exit::Fine), 50),
        ("source list --json", None, 0),
        ("config print", None, 0),
    ] {
        let cli = Cli::try_parse_from(shell_words(words)).unwrap();
        let mut out = Vec::new();
        match (run(&cli, wrong(), &mut out).await, expected) {
            (Ok(exit), Some(expected)) => assert_eq!(exit, expected, "{words}"),
            (Err(error), None) => {
                assert_eq!(exit_of(&error), Exit::WrongUsage);
                assert!(error.to_string().contains("--listen") && error.to_string().contains("LEADBELL_COLOUR"));
            }
            (other, _) => panic!("{words}: {other:?}"),
        }
        let printed = String::from_utf8(out).unwrap();
        assert!(printed.lines().count() >= lines && (lines > 0 || printed.is_empty()), "{words}: {printed}");
        if words == "config check --json" {
            let found: Vec<Value> = serde_json::from_str(&printed).unwrap();
            assert_eq!(found.len(), 2);
        }
    }
}

#[tokio::test]
async fn a_test_without_a_server_says_so_and_keeps_the_token_to_itself() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    facts(dir, "business add --name Harbor").await;
    let source = facts(dir, "source add generic").await;

    let (ended, printed) = typed(dir, "send-test --json").await;

    let error = format!("{:#}", ended.unwrap_err());
    assert!(error.contains("Is the server running?"), "{error}");
    assert!(!error.contains(source["token"].as_str().unwrap()) && printed.is_empty());
}
