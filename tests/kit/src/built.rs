//! Binaries of the workspace, for tests of other crates than their own.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
    sync::OnceLock,
};

use anyhow::{Context as _, Result, anyhow, ensure};

/// A binary of the workspace. All are built once: with everything that the tests of the workspace build, so that nothing is
/// built twice.
///
/// # Errors
/// If something doesn't build, or there is no such binary.
pub fn binary(name: &str) -> Result<PathBuf> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    let built = BUILT.get_or_init(|| build().map_err(|failure| format!("{failure:#}")));
    built.as_ref().map_err(|failure| anyhow!("{failure}"))?;
    // Tests stand in <target>/debug/deps.
    let test = env::current_exe()?;
    let path = test.ancestors().nth(2).context("a test stands in deps")?.join(name);
    ensure!(path.is_file(), "there is no {}", path.display());
    Ok(path)
}

fn build() -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let all = ["test", "--workspace", "--no-run", "--quiet", "--locked"];
    let built = Command::new(cargo).args(all).stderr(Stdio::null()).status().context("starting cargo")?;
    ensure!(built.success(), "the workspace doesn't build: {built}");
    Ok(())
}
