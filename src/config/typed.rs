//! From texts to types: every setting is read once, and what does not fit is a problem with a next step.

use super::layers::Found;
use super::problem::{Problem, Problems};
use super::show::Shown;
use super::{Admin, Config, DATABASE, LogFormat, Mail, Twilio, keys};
use ipnet::IpNet;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use url::Url;

/// The configuration that the settled texts make, with `shown` holding only what somebody set.
pub fn read(settled: BTreeMap<&'static str, Found>, problems: Problems) -> Result<Config, Problems> {
    let mut form = Form { settled, problems };
    let default_listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let listen = form.parse("listen", listen).unwrap_or(default_listen);
    let data_dir = PathBuf::from(form.text("data_dir").unwrap_or_else(|| "./leadbell-data".to_owned()));
    let database = form.parse("database_url", database).unwrap_or_else(|| data_dir.join(DATABASE));
    let config = Config {
        listen,
        data_dir,
        database,
        public_url: form.parse("public_url", web_address),
        trusted_proxies: form.parse("trusted_proxies", networks).unwrap_or_default(),
        twilio: twilio(&mut form),
        twilio_api_url: form
            .parse("twilio_api_url", web_address)
            .unwrap_or_else(|| "https://api.twilio.com".to_owned()),
        mail: mail(&mut form),
        admin: admin(&mut form),
        send_caps: form.parse("send_caps", on_or_off).unwrap_or(true),
        log: form.parse("log", filter).unwrap_or_else(|| "info".to_owned()),
        log_format: form.parse("log_format", log_format).unwrap_or(LogFormat::Text),
        shown: form.settled.iter().filter_map(|(name, found)| Shown::of(keys::find(name)?, found)).collect(),
    };
    if form.problems.0.is_empty() { Ok(config) } else { Err(form.problems) }
}

/// Why a text does not fit, and what to do.
type Misfit = (&'static str, &'static str);

struct Form {
    settled: BTreeMap<&'static str, Found>,
    problems: Problems,
}

impl Form {
    fn text(&self, name: &str) -> Option<String> {
        self.settled.get(name).map(|found| found.value.clone())
    }

    fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    fn has(&self, name: &str) -> bool {
        self.settled.contains_key(name)
    }

    fn parse<T>(&mut self, name: &'static str, read: impl Fn(&str) -> Result<T, Misfit>) -> Option<T> {
        let found = self.settled.get(name)?;
        match read(&found.value) {
            Ok(value) => Some(value),
            Err((problem, next)) => {
                let from = key_as_given(name, found);
                self.problems.0.push(Problem { key: from, problem: problem.to_owned(), next: next.to_owned() });
                None
            }
        }
    }

    /// Reports a setting that is missing beside those that are there.
    fn missing(&mut self, name: &str, beside: &str, next: String) {
        let variable = keys::find(name).map_or_else(|| name.to_owned(), keys::Key::variable);
        let problem = format!("is not set, but {beside} is");
        self.problems.0.push(Problem { key: variable, problem, next });
    }
}

/// The name by which the author knows the setting: flags and variables name it, a file does not.
fn key_as_given(name: &str, found: &Found) -> String {
    if found.from.starts_with("--") || found.from.starts_with(keys::PREFIX) {
        found.from.clone()
    } else {
        format!("{}: {name}", found.from)
    }
}

fn twilio(form: &mut Form) -> Option<Twilio> {
    const ALL: [&str; 6] = [
        "twilio_account_sid",
        "twilio_auth_token",
        "twilio_api_key",
        "twilio_api_secret",
        "twilio_from",
        "twilio_messaging_service_sid",
    ];
    let first = ALL.into_iter().find(|name| form.has(name))?;
    let beside = keys::find(first).map(keys::Key::variable)?;
    let before = form.problems.0.len();
    if !form.has("twilio_account_sid") {
        form.missing("twilio_account_sid", &beside, "It begins with AC; the Twilio console shows it.".to_owned());
    }
    match (form.has("twilio_auth_token"), form.has("twilio_api_key"), form.has("twilio_api_secret")) {
        (_, true, false) => {
            let next = "Twilio shows it once, when the key is made.".to_owned();
            form.missing("twilio_api_secret", "LEADBELL_TWILIO_API_KEY", next);
        }
        (_, false, true) => {
            let next = "It begins with SK; the Twilio console lists it.".to_owned();
            form.missing("twilio_api_key", "LEADBELL_TWILIO_API_SECRET", next);
        }
        (false, false, false) => {
            let next = "Or set LEADBELL_TWILIO_API_KEY and LEADBELL_TWILIO_API_SECRET.".to_owned();
            form.missing("twilio_auth_token", &beside, next);
        }
        _ => {}
    }
    if !form.has("twilio_from") && !form.has("twilio_messaging_service_sid") {
        let next = "A number such as +15125550100; or set LEADBELL_TWILIO_MESSAGING_SERVICE_SID.".to_owned();
        form.missing("twilio_from", &beside, next);
    }
    let from = form.parse("twilio_from", sender);
    if form.problems.0.len() > before {
        return None;
    }
    Some(Twilio {
        account_sid: form.parse("twilio_account_sid", sid)?,
        auth_token: form.secret("twilio_auth_token"),
        api_key: form.text("twilio_api_key").zip(form.secret("twilio_api_secret")),
        from,
        messaging_service_sid: form.text("twilio_messaging_service_sid"),
    })
}

fn mail(form: &mut Form) -> Option<Mail> {
    let smtp_url = form.parse("smtp_url", mail_server);
    let from = form.parse("email_from", mail_sender);
    match (form.has("smtp_url"), form.has("email_from")) {
        (true, false) => {
            let next = "The address that mail comes from, such as leads@example.com.".to_owned();
            form.missing("email_from", "LEADBELL_SMTP_URL", next);
        }
        (false, true) => {
            let next = "For example smtp://user:password@host:587?tls=required.".to_owned();
            form.missing("smtp_url", "LEADBELL_EMAIL_FROM", next);
        }
        _ => {}
    }
    Some(Mail { smtp_url: smtp_url?, from: from? })
}

fn admin(form: &mut Form) -> Option<Admin> {
    let email = form.parse("admin_email", mail_address);
    let password = form.parse("admin_password", password);
    match (form.has("admin_email"), form.has("admin_password")) {
        (true, false) => {
            let next = "Best as LEADBELL_ADMIN_PASSWORD_FILE.".to_owned();
            form.missing("admin_password", "LEADBELL_ADMIN_EMAIL", next);
        }
        (false, true) => {
            form.missing("admin_email", "LEADBELL_ADMIN_PASSWORD", "The address to sign in with.".to_owned());
        }
        _ => {}
    }
    Some(Admin { email: email?.to_lowercase(), password: password? })
}

fn listen(text: &str) -> Result<SocketAddr, Misfit> {
    let numeric = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    numeric
        .as_deref()
        .unwrap_or(text)
        .parse()
        .map_err(|_| ("is not an address and a port", "For example 127.0.0.1:8080, or 0.0.0.0:8080 for every network."))
}

fn database(text: &str) -> Result<PathBuf, Misfit> {
    const NEXT: &str = "Write sqlite: and a path, or leave it out.";
    let rest = text.strip_prefix("sqlite:").ok_or(("does not begin with sqlite:", NEXT))?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    match path {
        "" => Err(("names no file", NEXT)),
        ":memory:" => Err(("would forget every lead at the next start", NEXT)),
        path if path.contains('?') => Err(("has options behind the path", "Leave out everything from the ? on.")),
        path => Ok(PathBuf::from(path)),
    }
}

fn web_address(text: &str) -> Result<String, Misfit> {
    const NEXT: &str = "For example https://leads.example.com, without user, query or #.";
    let url = Url::parse(text).map_err(|_| ("is not a web address", NEXT))?;
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !bare || url.fragment().is_some() {
        return Err(("is not a plain web address", NEXT));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn networks(text: &str) -> Result<Vec<IpNet>, Misfit> {
    text.split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<IpNet>().or_else(|_| part.parse::<IpAddr>().map(IpNet::from)))
        .collect::<Result<_, _>>()
        .map_err(|_| ("is not a list of networks", "For example 127.0.0.1, 10.0.0.0/8, separated by commas."))
}

fn sid(text: &str) -> Result<String, Misfit> {
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) {
        Ok(text.to_owned())
    } else {
        Err(("is not an account SID", "It is AC and 32 letters and digits; the Twilio console shows it."))
    }
}

fn sender(text: &str) -> Result<String, Misfit> {
    let Some(rest) = text.strip_prefix('+') else { return Ok(text.to_owned()) };
    let digits: String = rest.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    if (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(format!("+{digits}"))
    } else {
        Err(("is not a phone number", "Write + and the country code first, such as +15125550100."))
    }
}

fn mail_server(text: &str) -> Result<SecretString, Misfit> {
    const NEXT: &str = "For example smtp://user:password@host:587?tls=required, with odd characters as %40.";
    let url = Url::parse(text).map_err(|_| ("is not the address of a mail server", NEXT))?;
    if matches!(url.scheme(), "smtp" | "smtps") && url.host_str().is_some_and(|host| !host.is_empty()) {
        Ok(SecretString::from(text.to_owned()))
    } else {
        Err(("does not begin with smtp:// or smtps:// and a host", NEXT))
    }
}

fn mail_address(text: &str) -> Result<String, Misfit> {
    let fits = text.rsplit_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
        && !text.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ','));
    if fits { Ok(text.to_owned()) } else { Err(("is not one e-mail address", "For example leads@example.com.")) }
}

/// An address, or `Name <address>`.
fn mail_sender(text: &str) -> Result<String, Misfit> {
    let bare = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) if !name.chars().any(char::is_control) => address,
        _ => text,
    };
    mail_address(bare).map(|_| text.to_owned())
}

fn password(text: &str) -> Result<SecretString, Misfit> {
    if text.chars().count() >= 10 {
        Ok(SecretString::from(text.to_owned()))
    } else {
        Err(("is shorter than 10 characters", "Choose a longer one."))
    }
}

fn on_or_off(text: &str) -> Result<bool, Misfit> {
    match text.to_ascii_lowercase().as_str() {
        "on" | "true" | "yes" | "1" => Ok(true),
        "off" | "false" | "no" | "0" => Ok(false),
        _ => Err(("is neither on nor off", "Write on or off.")),
    }
}

fn filter(text: &str) -> Result<String, Misfit> {
    tracing_subscriber::EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|_| ("is not a tracing filter", "For example info, or info,leadbell=debug."))
}

fn log_format(text: &str) -> Result<LogFormat, Misfit> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(("is neither text nor json", "Write text or json.")),
    }
}
