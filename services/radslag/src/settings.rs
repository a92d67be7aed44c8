//! Which configuration holds: the one named, `./radslag.toml`, or the demonstration that is shipped in the binary.

use std::{
    env,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use radslag_runtime::{
    Config,
    config::{self, Loaded, Telemetry},
    ground::Folders,
    telemetry,
};

/// Two systems of 2008.
const DEMO: &str = include_str!("../demo.toml");
const HERE: &str = "radslag.toml";

/// The configuration, and which one it is.
pub(crate) struct Settings {
    loaded: Loaded,
    /// The file it was read from; `None` for the demonstration.
    pub(crate) file: Option<PathBuf>,
    /// Where the demonstration's text stood while it was read, for origins.
    shipped: Option<PathBuf>,
}

impl Settings {
    /// Loads it, with the environment over it.
    pub(crate) fn load(named: Option<&Path>) -> Result<Self> {
        let here = Path::new(HERE).exists().then(|| Path::new(HERE));
        if let Some(file) = named.or(here) {
            let loaded = config::load(Some(file), environment())?;
            return Ok(Self { loaded, file: Some(file.into()), shipped: None });
        }
        let mut shipped = tempfile::NamedTempFile::new().context("the demonstration can't be set up")?;
        shipped.write_all(DEMO.as_bytes()).context("the demonstration can't be set up")?;
        let loaded = config::load(Some(shipped.path()), environment())?;
        Ok(Self { loaded, file: None, shipped: Some(shipped.path().into()) })
    }

    /// What holds.
    pub(crate) const fn config(&self) -> &Config {
        &self.loaded.config
    }

    /// As TOML, each value with where it came from.
    pub(crate) fn print(&self) -> String {
        let text = self.loaded.print();
        match &self.shipped {
            Some(path) => text.replace(&path.display().to_string(), "demo.toml"),
            None => text,
        }
    }

    /// Where it was read from, in a word.
    pub(crate) fn name(&self) -> String {
        self.file.as_ref().map_or_else(|| "demo.toml".to_owned(), |file| file.display().to_string())
    }

    /// Where data is kept.
    pub(crate) fn folders(&self) -> Folders {
        let data = &self.config().data;
        Folders { ground: data.ground_dir(), derived: data.derived_dir(), secrets: data.secrets_dir() }
    }

    /// What the log has to say, from warnings up: for commands that open one to write.
    pub(crate) fn start_warnings(&self) -> Result<()> {
        let format = self.config().telemetry.format;
        Ok(telemetry::init(&Telemetry { filter: "warn".into(), format })?)
    }
}

fn environment() -> impl Iterator<Item = (String, String)> {
    env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_demonstration_is_a_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("demo.toml");
        std::fs::write(&path, DEMO).unwrap();
        let config = config::load(Some(&path), []).unwrap().config;
        let tenants: Vec<_> = config
            .tenants
            .iter()
            .map(|tenant| (tenant.id.as_str(), tenant.locale.as_str(), tenant.policy.as_str()))
            .collect();
        assert_eq!(
            tenants,
            [
                ("number10", "en-GB", "number10"),
                ("malmo", "sv-SE", "malmo-2008"),
                ("ale", "sv-SE", "open"),
                ("svenljunga", "sv-SE", "open"),
            ]
        );
        assert_eq!(config.tenants[0].starts_at().unwrap().to_string(), "2008-10-23T23:00:00.000Z");
        assert_eq!(config.tenants[1].starts_at().unwrap().to_string(), "2008-11-04T23:00:00.000Z");
    }
}
