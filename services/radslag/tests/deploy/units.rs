//! Starts and stops what unit files say: their folders, credentials, environment and commands. What confines them is checked
//! elsewhere.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, Result, bail, ensure};
use radslag_kit::guardian::{Guarded, Guardian};

use crate::machine::Mapping;

const UNITS: &str = "etc/systemd/system";

pub(crate) struct Units {
    root: PathBuf,
    mapping: Mapping,
    running: Mutex<BTreeMap<String, Guardian>>,
}

/// A unit's lines, with its instance and this machine's paths in them.
struct Unit(Vec<(String, String)>);

impl Unit {
    fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

impl Units {
    pub(crate) fn new(root: &Path, mapping: Mapping) -> Self {
        Self { root: root.to_owned(), mapping, running: Mutex::default() }
    }

    /// What `systemctl` was asked.
    pub(crate) fn act(&self, words: &[&str]) -> Result<()> {
        let [verb, rest @ ..] = words else { bail!("nothing was asked") };
        let units: Vec<&str> = rest.iter().filter(|word| !word.starts_with("--")).copied().collect();
        match *verb {
            "daemon-reload" => self.install(),
            "enable" if rest.contains(&"--now") => units.iter().try_for_each(|unit| self.start(unit)),
            "enable" => units.iter().try_for_each(|unit| self.read(unit).map(drop)),
            "start" => units.iter().try_for_each(|unit| self.start(unit)),
            "stop" => units.iter().try_for_each(|unit| self.stop(unit)),
            "restart" => units.iter().try_for_each(|unit| self.stop(unit).and_then(|()| self.start(unit))),
            "reload-or-restart" => units.iter().try_for_each(|unit| self.reload(unit)),
            other => bail!("{other} isn't known here"),
        }
    }

    /// Ends all that runs, at once.
    pub(crate) fn end(&self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What every unit said.
    pub(crate) fn said(&self) -> String {
        let logs = fs::read_dir(self.root.join("units")).unwrap().flatten();
        let text = |entry: fs::DirEntry| {
            let log = fs::read_to_string(entry.path().join("log")).unwrap_or_default();
            format!("== {}\n{log}\n", entry.path().display())
        };
        logs.map(text).collect()
    }

    /// Files that were installed get this machine's paths.
    fn install(&self) -> Result<()> {
        let mut folders = vec![self.root.join("etc")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)?.flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = fs::read_to_string(&path)?;
                if !text.contains(&self.root.display().to_string()) {
                    fs::write(&path, self.mapping.of(&text))?;
                }
            }
        }
        Ok(())
    }

    fn read(&self, name: &str) -> Result<Unit> {
        let (file, instance) = match name.split_once('@') {
            Some((template, instance)) => (format!("{template}@.service"), instance),
            None => (format!("{name}.service"), ""),
        };
        let path = self.root.join(UNITS).join(&file);
        let mut text = fs::read_to_string(&path).with_context(|| format!("there is no {file}"))?;
        let more = self.root.join(UNITS).join(format!("{name}.service.d"));
        for entry in fs::read_dir(more).into_iter().flatten().flatten() {
            text += &fs::read_to_string(entry.path())?;
        }
        let credentials = self.credentials(name).display().to_string();
        let state = self.root.join("var/lib").display().to_string();
        let text = text.replace("%i", instance).replace("%d", &credentials).replace("%S", &state);
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let lines = lines.filter_map(|line| line.split_once('='));
        Ok(Unit(lines.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()))
    }

    fn credentials(&self, name: &str) -> PathBuf {
        self.root.join("run/credentials").join(format!("{name}.service"))
    }

    fn start(&self, name: &str) -> Result<()> {
        let unit = self.read(name)?;
        for (key, place) in [("StateDirectory", "var/lib"), ("CacheDirectory", "var/cache")] {
            for folder in unit.all(key).flat_map(str::split_whitespace) {
                fs::create_dir_all(self.root.join(place).join(folder))?;
            }
        }
        for credential in unit.all("LoadCredential") {
            let (id, from) = credential.split_once(':').context("a credential has a file")?;
            let folder = self.credentials(name);
            fs::create_dir_all(&folder)?;
            fs::copy(from, folder.join(id)).with_context(|| format!("the credential {id}"))?;
        }
        for before in unit.all("ExecStartPre") {
            let output = Command::new("env").args(words(&unit, before)).output()?;
            ensure!(output.status.success(), "{before}: {}", String::from_utf8_lossy(&output.stderr));
        }
        let command = unit.all("ExecStart").next().context("a unit starts something")?;
        let command = std::iter::once("env".into()).chain(words(&unit, command)).collect();
        let folder = self.root.join("units").join(name);
        fs::create_dir_all(&folder)?;
        let guarded = Guarded { folder, shown: false, stays: true, ending: "KILL", command, user: None };
        let mut guardian = Guardian::new(guarded)?;
        guardian.start(|_| Ok(Some(())))?;
        self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), guardian);
        Ok(())
    }

    fn stop(&self, name: &str) -> Result<()> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        let Some(mut guardian) = running else { return Ok(()) };
        let code = guardian.stop("TERM")?;
        ensure!(code == Some(0), "{name} ended with {code:?}: {}", guardian.log());
        Ok(())
    }

    fn reload(&self, name: &str) -> Result<()> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(guardian) = running.get_mut(name) else {
            drop(running);
            return self.start(name);
        };
        ensure!(
            self.read(name)?.all("ExecReload").eq(["/bin/kill -HUP $MAINPID"]),
            "{name} is reloaded by something else"
        );
        guardian.signal("HUP")
    }
}

/// A command with its environment before it.
fn words(unit: &Unit, command: &str) -> Vec<OsString> {
    unit.all("Environment").chain(command.split_whitespace()).map(OsString::from).collect()
}
