//! `cargo xtask up`: builds the product and becomes the program that runs all of it, which stands in `tests/up`.

use std::{env, os::unix::process::CommandExt as _, process::Command};

use anyhow::{Context as _, Result};

use crate::step::{Steps, cargo};

/// Builds, and is that program from then on: signals reach it, and its exit code is ours.
pub(crate) fn up(steps: &mut Steps, words: &[&str]) -> Result<()> {
    let profile = if words.contains(&"--dev") { "dev" } else { "release" };
    let build = ["build", "--profile", profile, "--locked", "-p", "radslag", "-p", "radslag-up"];
    steps.step("build", || cargo(&build))?;
    // This program stands in <target>/debug.
    let this = env::current_exe()?;
    let target = this.ancestors().nth(2).context("this program stands in no target folder")?;
    let built = target.join(if profile == "dev" { "debug" } else { profile });
    let mut program = Command::new(built.join("radslag-up"));
    program.arg("--radslag").arg(built.join("radslag")).args(words.iter().filter(|word| **word != "--dev"));
    Err(program.exec()).with_context(|| format!("starting {}", built.join("radslag-up").display()))
}
