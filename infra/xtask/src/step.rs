//! Steps, each printed with its time, and the programs they run.

use std::{
    env,
    ffi::OsString,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};

use crate::tools::workspace;

/// What was run so far and how long it took.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(&'static str, Duration)>,
    failed: Option<&'static str>,
}

impl Steps {
    /// Runs one and prints its time.
    pub(crate) fn step(&mut self, name: &'static str, run: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("== {name}");
        let started = Instant::now();
        let outcome = run();
        let took = started.elapsed();
        match outcome {
            Ok(()) => {
                println!("== {name}: {}", seconds(took));
                self.done.push((name, took));
            }
            Err(_) => self.failed = Some(name),
        }
        outcome
    }

    /// The last line.
    pub(crate) fn summary(&self, outcome: &Result<()>) {
        let done: Vec<String> =
            self.done.iter().map(|(name, took)| format!("{name} {}", seconds(*took))).collect();
        let all: Duration = self.done.iter().map(|(_, took)| *took).sum();
        match outcome {
            Ok(()) => println!("xtask: ok in {} ({})", seconds(all), done.join(", ")),
            Err(failure) => println!("xtask: FAILED at {}: {failure:#}", self.failed.unwrap_or("the start")),
        }
    }
}

/// Runs cargo in the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Result<()> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // `cargo run` tells this program about its own package; build scripts that watch these variables (ring's does)
    // would be run again each time.
    for (name, _) in env::vars_os().filter(|(name, _)| of_a_package(name)) {
        cargo.env_remove(name);
    }
    run(cargo.args(arguments))
}

/// Runs a program in the workspace, with its output shown.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
    let line = words.join(" ".as_ref()).to_string_lossy().into_owned();
    println!("$ {line}");
    let status = command.current_dir(workspace()).status().with_context(|| format!("starting {line}"))?;
    ensure!(status.success(), "{line}: {status}");
    Ok(())
}

fn of_a_package(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"]
        .iter()
        .any(|start| name.starts_with(start))
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
