//! Every setting by name: what the flags, the environment and `leadbell.toml` are checked against.

/// What every variable of ours begins with.
pub const PREFIX: &str = "LEADBELL_";

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As `leadbell.toml` spells it; the variable is the same in capitals behind [`PREFIX`].
    pub name: &'static str,
    /// Whether its value may never be shown.
    pub secret: bool,
}

const fn open(name: &'static str) -> Key {
    Key { name, secret: false }
}

const fn secret(name: &'static str) -> Key {
    Key { name, secret: true }
}

/// All settings, in the order in which they are explained.
pub const KEYS: &[Key] = &[
    open("listen"),
    open("data_dir"),
    open("database_url"),
    open("public_url"),
    open("trusted_proxies"),
    open("twilio_account_sid"),
    secret("twilio_auth_token"),
    open("twilio_api_key"),
    secret("twilio_api_secret"),
    open("twilio_from"),
    open("twilio_messaging_service_sid"),
    open("twilio_api_url"),
    secret("smtp_url"),
    open("email_from"),
    open("admin_email"),
    secret("admin_password"),
    open("send_caps"),
    open("log"),
    open("log_format"),
];

impl Key {
    /// The environment variable, such as `LEADBELL_LISTEN`.
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_ascii_uppercase())
    }
}

/// The setting of that name; `None` for anything else. Takes the lower-case name, without `_file`.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The setting that a lower-case name stands for, be it the name itself or its `_file` twin.
pub fn find_with_twin(name: &str) -> Option<&'static Key> {
    find(name).or_else(|| name.strip_suffix("_file").and_then(find))
}

/// The setting that was probably meant by a name nobody knows.
pub fn closest(name: &str) -> Option<&'static str> {
    KEYS.iter()
        .map(|key| (distance(name, key.name), key.name))
        .min()
        .filter(|(far, _)| *far <= 1 + name.len() / 5)
        .map(|(_, name)| name)
}

/// How many letters must be put in, taken out or changed to come from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_a_stranger_is_not() {
        assert_eq!(closest("lisen"), Some("listen"));
        assert_eq!(closest("twillio_from"), Some("twilio_from"));
        assert_eq!((closest("colour_scheme"), closest("foo")), (None, None));
    }

    #[test]
    fn a_twin_belongs_to_its_setting() {
        assert_eq!(find_with_twin("smtp_url_file").map(|k| k.name), Some("smtp_url"));
        assert_eq!(find_with_twin("smtp_url_files").map(|k| k.name), None);
    }
}
