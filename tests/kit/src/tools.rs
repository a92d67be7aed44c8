//! Where the servers' binaries are. `cargo xtask setup` puts them there.

use std::{
    cmp::Reverse,
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

/// The workspace's folder, whichever crate asks.
#[must_use]
pub fn workspace() -> &'static Path {
    let kit = Path::new(env!("CARGO_MANIFEST_DIR"));
    kit.ancestors().nth(2).unwrap_or(kit)
}

/// The NATS server: `RADSLAG_NATS_SERVER`, or `.tools/nats-server` of the workspace.
///
/// # Errors
/// If it isn't there.
pub fn nats_server() -> Result<PathBuf> {
    let path = env::var_os("RADSLAG_NATS_SERVER")
        .map_or_else(|| workspace().join(".tools/nats-server"), PathBuf::from);
    path.is_file()
        .then_some(())
        .with_context(|| format!("no NATS server at {}: run `cargo xtask setup`", path.display()))?;
    Ok(path)
}

/// The folder that holds `initdb`, `postgres` and `psql`: `RADSLAG_POSTGRES_BIN`, the newest under
/// `/usr/lib/postgresql`, or one on the `PATH`.
///
/// # Errors
/// If there is none.
pub fn postgres_bin() -> Result<PathBuf> {
    env::var_os("RADSLAG_POSTGRES_BIN")
        .map(PathBuf::from)
        .into_iter()
        .chain(packaged())
        .chain(env::var_os("PATH").iter().flat_map(env::split_paths))
        .find(|bin| ["initdb", "postgres", "psql"].iter().all(|name| bin.join(name).is_file()))
        .context("no PostgreSQL (initdb, postgres, psql): run `cargo xtask setup`")
}

/// Chromium: `RADSLAG_CHROMIUM`, or `chromium` on the `PATH`.
///
/// # Errors
/// If there is none.
pub fn chromium() -> Result<PathBuf> {
    let on_path = env::var_os("PATH");
    let folders = on_path.iter().flat_map(env::split_paths).map(|folder| folder.join("chromium"));
    let mut all = env::var_os("RADSLAG_CHROMIUM").map(PathBuf::from).into_iter().chain(folders);
    all.find(|path| path.is_file()).context("no Chromium: run `cargo xtask setup`")
}

/// The accessibility rules, one script: `.tools/axe.min.js` of the workspace.
///
/// # Errors
/// If it isn't there.
pub fn axe() -> Result<PathBuf> {
    let path = workspace().join(".tools/axe.min.js");
    path.is_file().then_some(path).context("no .tools/axe.min.js in the workspace: run `cargo xtask setup`")
}

/// The folder of Python packages that read our events and take our mails, for `PYTHONPATH`: `.tools/python` of the workspace.
///
/// # Errors
/// If it isn't there.
pub fn python_packages() -> Result<PathBuf> {
    let path = workspace().join(".tools/python");
    let found = path.join("nats").is_dir().then_some(path);
    found.context("no .tools/python in the workspace: run `cargo xtask setup`")
}

/// AsyncAPI's own parser, one script for Node: `.tools/asyncapi/parser.js` of the workspace.
///
/// # Errors
/// If it isn't there.
pub fn asyncapi_parser() -> Result<PathBuf> {
    let path = workspace().join(".tools/asyncapi/parser.js");
    let found = path.is_file().then_some(path);
    found.context("no .tools/asyncapi/parser.js in the workspace: run `cargo xtask setup`")
}

/// buf, which says what breaks readers of protobuf: `.tools/buf` of the workspace.
///
/// # Errors
/// If it isn't there.
pub fn buf() -> Result<PathBuf> {
    let path = workspace().join(".tools/buf");
    let found = path.is_file().then_some(path);
    found.context("no .tools/buf in the workspace: run `cargo xtask setup`")
}

/// Node, on the `PATH`.
///
/// # Errors
/// If there is none.
pub fn node() -> Result<PathBuf> {
    let on_path = env::var_os("PATH");
    let mut all = on_path.iter().flat_map(env::split_paths).map(|folder| folder.join("node"));
    all.find(|path| path.is_file()).context("no Node: run `cargo xtask setup`")
}

fn packaged() -> Vec<PathBuf> {
    let version = |path: &Path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    folders.sort_by_key(|path| Reverse(version(path)));
    folders.into_iter().map(|path| path.join("bin")).collect()
}
