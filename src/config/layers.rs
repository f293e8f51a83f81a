//! Three layers of settings as they came, before anybody knows what they mean.
//!
//! In: the flags, the environment and the text of `leadbell.toml`, all as values. Out: for each setting the text
//! that wins and where it came from. What is refused: names that nobody knows, a value given both directly and by
//! file in one layer, files that cannot be read. Nothing stops at the first problem.

use super::keys::{self, Key, PREFIX};
use super::problem::{Problem, Problems};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Reads a whole file as text; an argument, so that tests need no files.
pub type ReadFile<'a> = &'a dyn Fn(&Path) -> io::Result<String>;

/// Everything a configuration is made from.
pub struct Inputs<'a> {
    /// Flags by the name of their setting, such as `listen` or `smtp_url_file`.
    pub flags: BTreeMap<&'static str, String>,
    /// The whole environment; variables that are not ours are passed over.
    pub environment: BTreeMap<String, String>,
    /// Name and text of the configuration file, if there is one.
    pub file: Option<(String, String)>,
    /// How the files behind `…_FILE` are read.
    pub read: ReadFile<'a>,
}

/// A setting that somebody made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its text, trimmed, never empty.
    pub value: String,
    /// Who set it, for people: `--listen`, `LEADBELL_LISTEN`, `leadbell.toml`.
    pub from: String,
}

/// For each setting the text that wins. What is wrong is added to `problems`.
pub fn settle(inputs: &Inputs<'_>, problems: &mut Problems) -> BTreeMap<&'static str, Found> {
    let mut layers = vec![flags(inputs), environment(inputs, problems)];
    if let Some((name, text)) = &inputs.file {
        layers.push(file(name, text, problems));
    }
    let mut settled = BTreeMap::new();
    for key in keys::KEYS {
        if let Some(found) = layers.iter().find_map(|layer| layer.get(key, inputs.read, problems)) {
            settled.insert(key.name, found);
        }
    }
    settled
}

/// One layer: values by setting (or twin), each with the name its author knows it by.
#[derive(Default)]
struct Layer(BTreeMap<String, Found>);

impl Layer {
    fn get(&self, key: &Key, read: ReadFile<'_>, problems: &mut Problems) -> Option<Found> {
        let direct = self.0.get(key.name);
        let twin = self.0.get(&format!("{}_file", key.name));
        match (direct, twin) {
            (Some(direct), Some(twin)) => {
                problems.add(&twin.from, format!("{} is set as well", direct.from), "Keep one of the two.");
                Some(direct.clone())
            }
            (Some(direct), None) => Some(direct.clone()),
            (None, Some(twin)) => match read(Path::new(&twin.value)) {
                Ok(text) if !text.trim().is_empty() => {
                    Some(Found { value: text.trim().to_owned(), from: twin.from.clone() })
                }
                Ok(_) => {
                    problems.add(&twin.from, format!("{} is empty", twin.value), "Write the value into the file.");
                    None
                }
                Err(cause) => {
                    let next = "Check the path and that this user may read it.";
                    problems.add(&twin.from, format!("cannot read {}: {cause}", twin.value), next);
                    None
                }
            },
            (None, None) => None,
        }
    }

    /// An empty value is a setting that was left blank, as compose files and env files do.
    fn put(&mut self, name: String, value: &str, from: String) {
        let value = value.trim();
        if !value.is_empty() {
            self.0.insert(name, Found { value: value.to_owned(), from });
        }
    }
}

fn flags(inputs: &Inputs<'_>) -> Layer {
    let mut layer = Layer::default();
    for (name, value) in &inputs.flags {
        layer.put((*name).to_owned(), value, format!("--{}", name.replace('_', "-")));
    }
    layer
}

fn environment(inputs: &Inputs<'_>, problems: &mut Problems) -> Layer {
    let mut layer = Layer::default();
    for (variable, value) in &inputs.environment {
        let Some(rest) = variable.strip_prefix(PREFIX) else { continue };
        let name = rest.to_ascii_lowercase();
        if rest == rest.to_ascii_uppercase() && keys::find_with_twin(&name).is_some() {
            layer.put(name, value, variable.clone());
        } else {
            let meant = keys::closest(&name).map(|n| format!("{PREFIX}{}", n.to_ascii_uppercase()));
            problems.add(variable, "no setting has this name".to_owned(), &suggestion(meant));
        }
    }
    layer
}

fn file(path: &str, text: &str, problems: &mut Problems) -> Layer {
    let mut layer = Layer::default();
    let table = match text.parse::<toml::Table>() {
        Ok(table) => table,
        Err(cause) => {
            let line = cause.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            problems.add(path, format!("line {line}: {}", cause.message()), "Put texts in \"double quotes\".");
            return layer;
        }
    };
    for (name, value) in &table {
        let place = format!("{path}: {name}");
        if keys::find_with_twin(name).is_none() {
            let meant = keys::closest(name).map(str::to_owned);
            problems.add(&place, "no setting has this name".to_owned(), &suggestion(meant));
        } else if let Some(value) = plain(value) {
            layer.put(name.clone(), &value, path.to_owned());
        } else {
            problems.add(&place, "is not a text".to_owned(), "Write it as \"text\" (a list of texts is fine too).");
        }
    }
    layer
}

/// A value of the file as one line of text; lists are joined by commas.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(on) => Some(if *on { "on" } else { "off" }.to_owned()),
        toml::Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>().map(|all| all.join(",")),
        _ => None,
    }
}

fn suggestion(meant: Option<String>) -> String {
    match meant {
        Some(name) => format!("Did you mean {name}?"),
        None => "Remove it. `leadbell config print --default` lists every setting.".to_owned(),
    }
}

impl Problems {
    fn add(&mut self, key: &str, problem: String, next: &str) {
        self.0.push(Problem { key: key.to_owned(), problem, next: next.to_owned() });
    }
}
