//! Layers, types and problems of the settings, without touching the process.

use super::*;
use secrecy::ExposeSecret;
use std::collections::BTreeMap;

const NO_FILES: ReadFile<'_> = &|_| Err(io::Error::from(io::ErrorKind::NotFound));

fn read(environment: &[(&str, &str)], file: &str) -> Result<Config, Problems> {
    read_with(&[], environment, file, NO_FILES)
}

fn read_with(
    flags: &[(&'static str, &str)],
    environment: &[(&str, &str)],
    file: &str,
    files: ReadFile<'_>,
) -> Result<Config, Problems> {
    Config::from_inputs(&Inputs {
        flags: flags.iter().map(|(k, v)| (*k, (*v).to_owned())).collect(),
        environment: environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        file: Some(("leadbell.toml".to_owned(), file.to_owned())),
        read: files,
    })
}

fn problems(environment: &[(&str, &str)], file: &str) -> Vec<String> {
    read(environment, file).unwrap_err().0.into_iter().map(|p| format!("{}: {}", p.key, p.problem)).collect()
}

#[test]
fn nothing_set_gives_the_documented_defaults() {
    let config = read(&[], "").unwrap();

    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database, Path::new("./leadbell-data/leadbell.db"));
    assert_eq!(config.public_url(config.listen), "http://127.0.0.1:8080");
    assert!(config.twilio.is_none() && config.mail.is_none() && config.admin.is_none());
    assert!(config.send_caps && config.trusted_proxies.is_empty());
    assert_eq!((config.log.as_str(), config.log_format), ("info", LogFormat::Text));
    assert_eq!(config.twilio_api_url, "https://api.twilio.com");
}

#[test]
fn a_flag_beats_the_environment_and_that_beats_the_file() {
    let file = "listen = '127.0.0.1:1'\nlog = 'warn'\ndata_dir = '/srv/a'";
    let environment = [("LEADBELL_LISTEN", "127.0.0.1:2"), ("LEADBELL_LOG", "debug"), ("HOME", "/root")];

    let config = read_with(&[("listen", "127.0.0.1:3")], &environment, file, NO_FILES).unwrap();

    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.log, "debug");
    assert_eq!(config.database, Path::new("/srv/a/leadbell.db"));
    let from = |key| config.shown().iter().find(|s| s.key == key).map(|s| s.from.clone()).unwrap();
    assert_eq!(
        [from("listen"), from("log"), from("data_dir"), from("send_caps")],
        ["--listen", "LEADBELL_LOG", "leadbell.toml", "default"]
    );
}

#[test]
fn every_variable_of_the_contract_is_known_with_its_twin() {
    const CONTRACT: [&str; 19] = [
        "LEADBELL_LISTEN",
        "LEADBELL_DATA_DIR",
        "LEADBELL_DATABASE_URL",
        "LEADBELL_PUBLIC_URL",
        "LEADBELL_TRUSTED_PROXIES",
        "LEADBELL_TWILIO_ACCOUNT_SID",
        "LEADBELL_TWILIO_AUTH_TOKEN",
        "LEADBELL_TWILIO_API_KEY",
        "LEADBELL_TWILIO_API_SECRET",
        "LEADBELL_TWILIO_FROM",
        "LEADBELL_TWILIO_MESSAGING_SERVICE_SID",
        "LEADBELL_TWILIO_API_URL",
        "LEADBELL_SMTP_URL",
        "LEADBELL_EMAIL_FROM",
        "LEADBELL_ADMIN_EMAIL",
        "LEADBELL_ADMIN_PASSWORD",
        "LEADBELL_SEND_CAPS",
        "LEADBELL_LOG",
        "LEADBELL_LOG_FORMAT",
    ];
    let known: Vec<String> = keys::KEYS.iter().map(keys::Key::variable).collect();
    assert_eq!(known, CONTRACT);

    for variable in CONTRACT {
        for name in [variable.to_owned(), format!("{variable}_FILE")] {
            let unknown = read(&[(&name, "x")], "")
                .err()
                .is_some_and(|p| p.0.iter().any(|p| p.problem.contains("no setting has this name")));
            assert!(!unknown, "{name}");
        }
    }
}

#[test]
fn the_default_file_names_every_setting_and_its_default() {
    let uncommented: String = DEFAULT_FILE
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.split_once(" = ").is_some_and(|(name, _)| keys::find(name).is_some()))
        .fold(String::new(), |all, line| all + line + "\n");
    let table: toml::Table = uncommented.parse().unwrap();

    assert!(DEFAULT_FILE.lines().all(|line| line.is_empty() || line.starts_with('#')), "nothing in it is in force");
    for key in keys::KEYS {
        assert!(table.contains_key(key.name), "{}", key.name);
    }
    for shown in read(&[], DEFAULT_FILE).unwrap().shown() {
        if let (Some(value), false) = (&shown.value, shown.key == "public_url") {
            assert_eq!(table.get(shown.key).and_then(toml::Value::as_str), Some(value.as_str()), "{}", shown.key);
        }
    }
}

#[test]
fn every_problem_is_reported_at_once_with_its_key() {
    let environment = [
        ("LEADBELL_LISTEN", "everywhere"),
        ("LEADBELL_LISEN", "127.0.0.1:1"),
        ("LEADBELL_SEND_CAPS", "perhaps"),
        ("LEADBELL_DATABASE_URL", "postgres://x"),
        ("LEADBELL_TEST_MODE", "1"),
    ];

    let all = problems(&environment, "public_url = 'leads'\ncolour = 'blue'\nlog = { a = 1 }");

    assert_eq!(
        all,
        [
            "LEADBELL_LISEN: no setting has this name",
            "LEADBELL_TEST_MODE: no setting has this name",
            "leadbell.toml: colour: no setting has this name",
            "leadbell.toml: log: is not a text",
            "LEADBELL_LISTEN: is not an address and a port",
            "LEADBELL_DATABASE_URL: does not begin with sqlite:",
            "leadbell.toml: public_url: is not a web address",
            "LEADBELL_SEND_CAPS: is neither on nor off",
        ]
    );
    let first = &read(&environment, "").unwrap_err().0[0];
    assert_eq!(first.next, "Did you mean LEADBELL_LISTEN?");
}

#[test]
fn a_file_that_is_not_toml_names_the_line() {
    let all = problems(&[], "listen = '127.0.0.1:1'\nlog = info\n");

    assert_eq!(all.len(), 1);
    assert!(all[0].starts_with("leadbell.toml: line 2: "), "{all:?}");
}

#[test]
fn a_twin_reads_its_value_from_a_file() {
    let files: ReadFile<'_> = &|path| match path.to_str() {
        Some("/run/smtp") => Ok("smtp://u:p@mail.example:587\n".to_owned()),
        _ => Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    let environment = [("LEADBELL_SMTP_URL_FILE", "/run/smtp"), ("LEADBELL_EMAIL_FROM", "leads@example.com")];

    let config = read_with(&[], &environment, "", files).unwrap();

    assert_eq!(config.mail.unwrap().smtp_url.expose_secret(), "smtp://u:p@mail.example:587");
    let missing = read_with(&[], &[("LEADBELL_LOG_FILE", "/nowhere")], "", files).unwrap_err();
    assert_eq!(missing.0[0].key, "LEADBELL_LOG_FILE");
    let both = read_with(&[], &[("LEADBELL_LOG_FILE", "/run/smtp"), ("LEADBELL_LOG", "info")], "", files);
    assert_eq!(both.unwrap_err().0[0].problem, "LEADBELL_LOG is set as well");
}

#[test]
fn a_blank_variable_counts_as_not_set() {
    let config = read(&[("LEADBELL_TWILIO_FROM", ""), ("LEADBELL_LOG", " ")], "log = 'warn'").unwrap();

    assert!(config.twilio.is_none());
    assert_eq!(config.log, "warn");
}

#[test]
fn half_a_texting_account_is_a_problem_and_a_whole_one_is_not() {
    let account = ("LEADBELL_TWILIO_ACCOUNT_SID", "AC1");
    let token = ("LEADBELL_TWILIO_AUTH_TOKEN", "t0ken");
    let from = ("LEADBELL_TWILIO_FROM", "+1 (512) 555-0100");
    let key = ("LEADBELL_TWILIO_API_KEY", "SK1");
    let secret = ("LEADBELL_TWILIO_API_SECRET", "s3cret");
    let service = ("LEADBELL_TWILIO_MESSAGING_SERVICE_SID", "MG1");

    assert_eq!(problems(&[from], "").len(), 2, "account and credentials");
    assert_eq!(
        problems(&[account, token], ""),
        ["LEADBELL_TWILIO_FROM: is not set, but LEADBELL_TWILIO_ACCOUNT_SID is"]
    );
    assert_eq!(
        problems(&[account, key, service], ""),
        ["LEADBELL_TWILIO_API_SECRET: is not set, but LEADBELL_TWILIO_API_KEY is"]
    );
    let whole = read(&[account, token, from], "").unwrap().twilio.unwrap();
    assert_eq!(whole.from.as_deref(), Some("+15125550100"));
    let by_key = read(&[account, key, secret, service], "").unwrap().twilio.unwrap();
    assert!(by_key.auth_token.is_none() && by_key.api_key.is_some());
}

#[test]
fn mail_and_the_first_sign_in_want_both_halves() {
    assert_eq!(
        problems(&[("LEADBELL_SMTP_URL", "smtp://127.0.0.1:2525")], ""),
        ["LEADBELL_EMAIL_FROM: is not set, but LEADBELL_SMTP_URL is"]
    );
    let named = [("LEADBELL_SMTP_URL", "smtp://h"), ("LEADBELL_EMAIL_FROM", "Harbor, Inc <leads@example.com>")];
    assert_eq!(read(&named, "").unwrap().mail.unwrap().from, "Harbor, Inc <leads@example.com>");
    assert_eq!(
        problems(&[("LEADBELL_ADMIN_EMAIL", "you@example.com"), ("LEADBELL_ADMIN_PASSWORD", "nine char")], ""),
        ["LEADBELL_ADMIN_PASSWORD: is shorter than 10 characters"]
    );
    assert_eq!(crate::account::password::SHORTEST, 10, "settings and sign-in form ask for the same");
}

#[test]
fn addresses_are_tidied_and_networks_understood() {
    let file = "public_url = 'https://Leads.Example.com/bell/'\ntrusted_proxies = ['127.0.0.1', '10.0.0.0/8']";

    let config = read(&[("LEADBELL_LISTEN", "localhost:0")], file).unwrap();

    assert_eq!(config.public_url(config.listen), "https://leads.example.com/bell");
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.listen.to_string(), "127.0.0.1:0");
}

#[test]
fn no_secret_is_ever_shown() {
    let canary = "c4nary-secret";
    let url = format!("smtp://u:{canary}@host");
    let environment: BTreeMap<&str, &str> = [
        ("LEADBELL_TWILIO_ACCOUNT_SID", "AC1"),
        ("LEADBELL_TWILIO_AUTH_TOKEN", canary),
        ("LEADBELL_TWILIO_API_KEY", "SK1"),
        ("LEADBELL_TWILIO_API_SECRET", canary),
        ("LEADBELL_TWILIO_FROM", "+15125550100"),
        ("LEADBELL_SMTP_URL", &url),
        ("LEADBELL_EMAIL_FROM", "a@example.com"),
        ("LEADBELL_ADMIN_EMAIL", "a@example.com"),
        ("LEADBELL_ADMIN_PASSWORD", canary),
    ]
    .into();
    let all: Vec<(&str, &str)> = environment.into_iter().collect();

    let config = read(&all, "").unwrap();
    let wrong: Vec<(&str, &str)> = all.iter().copied().chain([("LEADBELL_LISTEN", "x")]).collect();

    let said =
        format!("{config:?} {} {}", serde_json::to_string(config.shown()).unwrap(), problems(&wrong, "").join(""));
    assert!(!said.contains(canary), "{said}");
    assert!(said.contains("(set)"));
    let broken = [("LEADBELL_SMTP_URL", canary), ("LEADBELL_EMAIL_FROM", canary)];
    assert!(!read(&broken, "").unwrap_err().to_string().contains(canary));
}
