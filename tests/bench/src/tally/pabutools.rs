//! The peer: the Python package pabutools, in a process of its own.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use radslag_kit::workspace;
use serde::Deserialize;

const SCRIPT: &str = include_str!("pabutools.py");
/// Where to get it.
pub(super) const ADVICE: &str =
    "python3 -m venv .tools/pabutools && .tools/pabutools/bin/pip install pabutools==1.2.3";

/// What it says.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    pub(super) version: String,
    pub(super) greedy: Counted,
    pub(super) shares: Counted,
}

/// A rule.
#[derive(Debug, Deserialize)]
pub(super) struct Counted {
    pub(super) seconds: f64,
    /// Ids, sorted.
    pub(super) funded: Vec<String>,
}

/// Counts an election; or why it couldn't.
pub(super) fn count(python: Option<&Path>, election: &Path) -> Result<Said, String> {
    let kept = workspace().join(".tools/pabutools/bin/python");
    let kept = if kept.is_file() { kept } else { PathBuf::from("python3") };
    let output = Command::new(python.unwrap_or(&kept)).arg("-c").arg(SCRIPT).arg(election).output();
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(told.trim().lines().last().unwrap_or("it failed").to_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}
