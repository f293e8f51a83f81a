//! The settings as flags. Secrets have none of their own, because every process on the machine can read the
//! command line of every other; they have a `--…-file`.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Flags that set what the environment and `leadbell.toml` can set too.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Settings (each is also LEADBELL_… in the environment and a line in leadbell.toml)")]
pub struct Flags {
    /// Read this configuration file [default: leadbell.toml, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// Database, key file and backups [default: ./leadbell-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<String>,
    /// sqlite:PATH, if the database lives elsewhere
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub database_url: Option<String>,
    /// What webhook addresses and links start with [default: http:// and the listen address]
    #[arg(long, global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// Networks whose X-Forwarded-For is believed, separated by commas
    #[arg(long, global = true, value_name = "NETS", hide_short_help = true)]
    pub trusted_proxies: Option<String>,
    /// Twilio account
    #[arg(long, global = true, value_name = "SID", hide_short_help = true)]
    pub twilio_account_sid: Option<String>,
    /// File with Twilio's auth token
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub twilio_auth_token_file: Option<String>,
    /// Twilio API key
    #[arg(long, global = true, value_name = "SID", hide_short_help = true)]
    pub twilio_api_key: Option<String>,
    /// File with the secret of the Twilio API key
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub twilio_api_secret_file: Option<String>,
    /// Number that texts come from
    #[arg(long, global = true, value_name = "NUMBER", hide_short_help = true)]
    pub twilio_from: Option<String>,
    /// Messaging service that texts come from
    #[arg(long, global = true, value_name = "SID", hide_short_help = true)]
    pub twilio_messaging_service_sid: Option<String>,
    // A doc comment here is the help text; the brackets would be a link in the docs.
    #[expect(rustdoc::bare_urls, reason = "clap shows this line as it is")]
    /// Where Twilio answers [default: https://api.twilio.com]
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub twilio_api_url: Option<String>,
    /// File with the address of the mail server, smtp://user:password@host:587?tls=required
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub smtp_url_file: Option<String>,
    /// Sender of all mail
    #[arg(long, global = true, value_name = "EMAIL", hide_short_help = true)]
    pub email_from: Option<String>,
    /// The first sign-in
    #[arg(long, global = true, value_name = "EMAIL", hide_short_help = true)]
    pub admin_email: Option<String>,
    /// File with the password of the first sign-in
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub admin_password_file: Option<String>,
    /// on, or off for load tests [default: on]
    #[arg(long, global = true, value_name = "ON|OFF", hide_short_help = true)]
    pub send_caps: Option<String>,
    /// What to log to standard error [default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// text or json [default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
}

impl Flags {
    /// Those that were given, by the name of their setting.
    pub fn given(&self) -> BTreeMap<&'static str, String> {
        [
            ("listen", &self.listen),
            ("data_dir", &self.data_dir),
            ("database_url", &self.database_url),
            ("public_url", &self.public_url),
            ("trusted_proxies", &self.trusted_proxies),
            ("twilio_account_sid", &self.twilio_account_sid),
            ("twilio_auth_token_file", &self.twilio_auth_token_file),
            ("twilio_api_key", &self.twilio_api_key),
            ("twilio_api_secret_file", &self.twilio_api_secret_file),
            ("twilio_from", &self.twilio_from),
            ("twilio_messaging_service_sid", &self.twilio_messaging_service_sid),
            ("twilio_api_url", &self.twilio_api_url),
            ("smtp_url_file", &self.smtp_url_file),
            ("email_from", &self.email_from),
            ("admin_email", &self.admin_email),
            ("admin_password_file", &self.admin_password_file),
            ("send_caps", &self.send_caps),
            ("log", &self.log),
            ("log_format", &self.log_format),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.clone().map(|value| (name, value)))
        .collect()
    }
}
