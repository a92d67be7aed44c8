//! Installs what other people read our events with, of known hashes: Python packages, and AsyncAPI's own parser.

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};

use super::{apt, has_pip, said};
use crate::{
    step::run,
    tools::{asyncapi_parser, node, python_packages, workspace},
};

/// With the versions and hashes of the wheels.
const PYTHON: &str = "infra/xtask/python.txt";
/// With the version and the hash of the package.
const ASYNCAPI: &str = "infra/xtask/asyncapi.txt";

/// Python packages in `.tools/python`.
pub(crate) fn python() -> Result<()> {
    let (kept, wanted) = kept(PYTHON, "python.txt")?;
    if python_packages().is_ok() && fs::read_to_string(&kept).is_ok_and(|kept| kept == wanted) {
        return said("the packages are there");
    }
    has_pip()?;
    let tools = workspace().join(".tools");
    let staging = tools.join(format!("staging-python-{}", std::process::id()));
    fs::create_dir_all(&staging)?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
    let wheels = ["--only-binary=:all:", "--no-binary=dkimpy"];
    let checked = ["--require-hashes", "-r", PYTHON, "--target"];
    let installed = run(Command::new("python3").args(install).args(wheels).args(checked).arg(&staging));
    replace(installed, &staging, &tools.join("python"))?;
    fs::write(&kept, wanted)?;
    said("installed the packages")
}

/// AsyncAPI's parser in `.tools/`: one script in its package, and Node to run it.
pub(crate) fn asyncapi() -> Result<()> {
    if node().is_err() {
        apt(&["nodejs", "npm"])?;
    }
    let (kept, wanted) = kept(ASYNCAPI, "asyncapi.txt")?;
    if asyncapi_parser().is_ok() && fs::read_to_string(&kept).is_ok_and(|kept| kept == wanted) {
        return said("the parser is there");
    }
    let line = wanted.lines().find(|line| line.starts_with('@'));
    let (package, hash) = line
        .and_then(|line| line.split_once(" sha256:"))
        .with_context(|| format!("{ASYNCAPI} names no package"))?;
    let tools = workspace().join(".tools");
    let staging = tools.join(format!("staging-asyncapi-{}", std::process::id()));
    fs::create_dir_all(&staging)?;
    let script = staging.join("package/browser/index.js");
    let unpacked = unpack(package, hash.trim(), &staging);
    let installed = unpacked.and_then(|()| Ok(fs::rename(&script, staging.join("parser.js"))?));
    let installed = installed.and_then(|()| Ok(fs::remove_dir_all(staging.join("package"))?));
    replace(installed, &staging, &tools.join("asyncapi"))?;
    fs::write(&kept, wanted)?;
    said("installed the parser")
}

fn unpack(package: &str, hash: &str, staging: &Path) -> Result<()> {
    run(Command::new("npm").args(["pack", "--silent", package, "--pack-destination"]).arg(staging))?;
    let file = super::find(staging, |name| name.ends_with(".tgz"))?;
    let sum = Command::new("sha256sum").arg(&file).output().context("starting sha256sum")?;
    let sum = String::from_utf8(sum.stdout)?;
    ensure!(sum.split_whitespace().next() == Some(hash), "{package} isn't the file whose hash is known");
    run(Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(staging))?;
    Ok(fs::remove_file(file)?)
}

/// Where the requirements that were installed are kept, and those that are wanted.
fn kept(requirements: &str, name: &str) -> Result<(std::path::PathBuf, String)> {
    Ok((workspace().join(".tools").join(name), fs::read_to_string(workspace().join(requirements))?))
}

/// Puts a folder in its place, or away if filling it failed.
fn replace(filled: Result<()>, staging: &Path, place: &Path) -> Result<()> {
    if filled.is_ok() && place.exists() {
        fs::remove_dir_all(place)?;
    }
    match filled {
        Ok(()) => fs::rename(staging, place).with_context(|| format!("making {}", place.display())),
        Err(failure) => {
            fs::remove_dir_all(staging)?;
            Err(failure)
        }
    }
}
