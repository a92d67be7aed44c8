//! Reads the file, lays the environment over it, and says of each value where it came from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use serde_path_to_error::Segment;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use super::Config;
use crate::said::{Said, suggestion};
use radslag_readmodel::view::roles::is_prefix;

/// Variables of the environment begin with this.
const PREFIX: &str = "RADSLAG_";

/// The configuration, and where each value came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What holds.
    pub config: Config,
    pub(super) origins: Origins,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of the file.
    File {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: usize,
    },
    /// A variable of the environment.
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(variable) => f.write_str(variable),
        }
    }
}

/// By dotted key.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins(BTreeMap<String, Origin>);

impl Origins {
    /// Of exactly this key.
    pub(super) fn of(&self, key: &str) -> Origin {
        self.0.get(key).cloned().unwrap_or(Origin::Default)
    }

    /// Of this key or the table it stands in.
    fn around(&self, key: &str) -> Origin {
        let mut key = key;
        loop {
            match (self.0.get(key), key.rsplit_once('.')) {
                (Some(origin), _) => return origin.clone(),
                (None, Some((parent, _))) => key = parent,
                (None, None) => return Origin::Default,
            }
        }
    }

    fn replace(&mut self, key: &str, value: &Value, origin: &Origin) {
        let below = format!("{key}.");
        self.0.retain(|known, _| known != key && !known.starts_with(&below));
        self.put(key, value, origin);
    }

    fn put(&mut self, key: &str, value: &Value, origin: &Origin) {
        self.0.insert(key.to_owned(), origin.clone());
        match value {
            Value::Table(table) => {
                for (name, value) in table {
                    self.put(&join(key, name), value, origin);
                }
            }
            Value::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    self.put(&join(key, &index.to_string()), value, origin);
                }
            }
            _ => {}
        }
    }
}

/// Loads a file, if one is named, and the environment.
///
/// # Errors
/// The first thing that is wrong, with the place where it stands.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let mut origins = Origins::default();
    let mut tree = match file {
        Some(path) => read(path, &mut origins)?,
        None => Table::new(),
    };
    let mut variables: Vec<_> = environment.into_iter().filter(|(name, _)| is_setting(name)).collect();
    variables.sort();
    for (variable, text) in variables {
        overlay(&mut tree, &mut origins, &variable, &text)?;
    }
    let config = parse(tree, &origins)?;
    check(&config, &origins)?;
    Ok(Loaded { config, origins })
}

fn read(path: &Path, origins: &mut Origins) -> Result<Table, ConfigError> {
    let failed = |source| ConfigError::Unreadable { path: path.into(), source };
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let broken = |error: toml::de::Error| ConfigError::NotToml {
        path: path.into(),
        line: line(&text, error.span().map_or(0, |span| span.start)),
        what: error.message().lines().next().unwrap_or_default().into(),
    };
    let spanned = DeTable::parse(&text).map_err(broken)?;
    let place = |offset| Origin::File { path: path.into(), line: line(&text, offset) };
    locate(spanned.get_ref(), "", &place, origins);
    let table = text.parse::<Table>().map_err(broken)?;
    Ok(without_datetimes(table))
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn join(key: &str, name: &str) -> String {
    if key.is_empty() { name.into() } else { format!("{key}.{name}") }
}

fn locate(table: &DeTable<'_>, under: &str, place: &impl Fn(usize) -> Origin, origins: &mut Origins) {
    for (name, value) in table {
        let key = join(under, name.get_ref());
        origins.0.insert(key.clone(), place(name.span().start));
        match value.get_ref() {
            DeValue::Table(inner) => locate(inner, &key, place, origins),
            DeValue::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    let key = join(&key, &index.to_string());
                    origins.0.insert(key.clone(), place(value.span().start));
                    if let DeValue::Table(inner) = value.get_ref() {
                        locate(inner, &key, place, origins);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Dates without quotes are read as texts; the fields that hold dates parse them.
fn without_datetimes(table: Table) -> Table {
    fn plain(value: Value) -> Value {
        match value {
            Value::Datetime(moment) => Value::String(moment.to_string()),
            Value::Array(values) => Value::Array(values.into_iter().map(plain).collect()),
            Value::Table(table) => Value::Table(without_datetimes(table)),
            other => other,
        }
    }
    table.into_iter().map(|(key, value)| (key, plain(value))).collect()
}

/// Only `RADSLAG_TENANTS` and names with `__` are ours: Kubernetes sets `RADSLAG_PORT` and the like for a service
/// that is called radslag.
fn is_setting(variable: &str) -> bool {
    variable.strip_prefix(PREFIX).is_some_and(|key| key.contains("__") || key == "TENANTS")
}

fn overlay(tree: &mut Table, origins: &mut Origins, variable: &str, text: &str) -> Result<(), ConfigError> {
    let key = variable.trim_start_matches(PREFIX).to_ascii_lowercase();
    let path: Vec<&str> = key.split("__").collect();
    let dotted = path.join(".");
    let origin = Origin::Environment(variable.into());
    let value = typed(&path, text);
    // Tried alone, so that what is wrong with it is told of the variable and not of the file.
    let mut alone = Origins::default();
    alone.replace(&dotted, &value, &origin);
    parse(nested(&path, value.clone()), &alone)?;
    insert(tree, &path, value.clone());
    origins.replace(&dotted, &value, &origin);
    Ok(())
}

/// As text if the key takes a text, else as TOML: `8080` may be a number or a name, and only the key knows.
fn typed(path: &[&str], text: &str) -> Value {
    let verbatim = Value::String(text.into());
    if parse(nested(path, verbatim.clone()), &Origins::default()).is_ok() {
        return verbatim;
    }
    let parsed = format!("value = {text}").parse::<Table>().map(without_datetimes);
    parsed.ok().and_then(|mut table| table.remove("value")).unwrap_or(verbatim)
}

fn nested(path: &[&str], value: Value) -> Table {
    let mut tree = Table::new();
    insert(&mut tree, path, value);
    tree
}

fn insert(tree: &mut Table, path: &[&str], value: Value) {
    match path {
        [] => {}
        [last] => {
            tree.insert((*last).into(), value);
        }
        [first, rest @ ..] => {
            let inner = tree.entry(*first).or_insert_with(|| Value::Table(Table::new()));
            if !inner.is_table() {
                *inner = Value::Table(Table::new());
            }
            if let Value::Table(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

fn parse(tree: Table, origins: &Origins) -> Result<Config, ConfigError> {
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(Value::Table(tree), &mut track);
    Config::deserialize(tracked).map_err(|error| {
        let key = dotted(&track.path());
        match Said::of(error.message()) {
            Said::UnknownField { name, known } => {
                let key = if key.rsplit('.').next() == Some(&name) { key } else { join(&key, &name) };
                let origin = origins.around(&key);
                ConfigError::UnknownKey { key, origin, suggestion: suggestion(&name, &known) }
            }
            said => ConfigError::Key { origin: origins.around(&key), key, what: said.sentence() },
        }
    })
}

fn dotted(path: &serde_path_to_error::Path) -> String {
    path.iter().fold(String::new(), |key, segment| match segment {
        Segment::Map { key: name } => join(&key, name),
        Segment::Seq { index } => join(&key, &index.to_string()),
        Segment::Enum { .. } | Segment::Unknown => key,
    })
}

/// What types can't say.
fn check(config: &Config, origins: &Origins) -> Result<(), ConfigError> {
    let wrong = |key: String, what: String| {
        let origin = origins.around(&key);
        Err(ConfigError::Key { key, origin, what })
    };
    if let Some(url) = &config.http.public_url
        && (!(url.starts_with("http://") || url.starts_with("https://")) || url.ends_with('/'))
    {
        let what = "expected a URL that begins with http:// or https:// and doesn't end with a slash";
        return wrong("http.public_url".into(), what.into());
    }
    if let Some(url) = &config.bus.nats_url
        && url.contains('@')
    {
        let what =
            "a URL here has no user or password; name a credentials file in `bus.nats_credentials_file`";
        return wrong("bus.nats_url".into(), what.into());
    }
    if !is_prefix(&config.bi.readers) {
        let what = "expected a role's name of at most 22 of a-z, 0-9 and _, beginning with a letter";
        return wrong("bi.readers".into(), what.into());
    }
    for (key, value) in [
        ("bi.statement_timeout_ms", config.bi.statement_timeout_ms),
        ("bi.connections", config.bi.connections.into()),
        ("http.max_connections", config.http.max_connections as u64),
        ("http.timeout_ms", config.http.timeout_ms),
        ("http.file_timeout_ms", config.http.file_timeout_ms),
        ("http.header_timeout_ms", config.http.header_timeout_ms),
        ("http.body_timeout_ms", config.http.body_timeout_ms),
        ("limits.burst", config.limits.burst.into()),
        ("limits.per_minute", config.limits.per_minute.into()),
    ] {
        if value == 0 {
            return wrong(key.into(), "expected more than 0".into());
        }
    }
    for (index, tenant) in config.tenants.iter().enumerate() {
        if let Some((key, what)) = tenant.fault() {
            return wrong(format!("tenants.{index}.{key}"), what);
        }
        if config.tenants[..index].iter().any(|other| other.id == tenant.id) {
            return wrong(format!("tenants.{index}.id"), format!("`{}` is there twice", tenant.id));
        }
    }
    Ok(())
}

/// What is wrong with the configuration, and where. Shows keys, never values of unknown keys.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// No such file, or not ours to read.
    #[error("the configuration {} can't be read", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file isn't TOML.
    #[error("{}:{line} isn't TOML: {what}", path.display())]
    NotToml {
        /// Which file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// In the parser's words.
        what: String,
    },
    /// A key nobody knows.
    #[error("unknown key `{key}` in {origin}; {suggestion}")]
    UnknownKey {
        /// Dotted; entries of a list by number from 0.
        key: String,
        /// Where it stands.
        origin: Origin,
        /// The nearest known name, or all of them.
        suggestion: String,
    },
    /// A key is missing, or has a value it can't have.
    #[error("`{key}` in {origin}: {what}")]
    Key {
        /// Dotted; entries of a list by number from 0.
        key: String,
        /// Where it stands.
        origin: Origin,
        /// What is wrong.
        what: String,
    },
}
