//! `radslag backup`: what must not be lost, copied beside whoever writes it. Of each log the events first and its keys after,
//! then the files that its events name; before a tenant's logs, how far its consumers are, and the log of who hears of others
//! last: what is done twice after restoring is named after its cause and comes to the same, what is left out would be lost.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use radslag_eventlog::Log;
use radslag_notifications::shell::Notifications;
use radslag_runtime::service::Service as _;
use serde::Serialize;

use crate::{
    cli::backup::BackupArgs, failure::Usage, place::Place, print, progress::Bar, said::Said,
    settings::Settings,
};

/// What a log's own copy has, or what isn't to be copied.
const LOGS_OWN: [&str; 4] = ["segments", "ACK", "LOCK", "keys"];

#[derive(Serialize)]
struct Copied {
    tenant: String,
    service: String,
    events: u64,
    /// Of segments and keys.
    bytes: u64,
    /// Files that events name.
    files: u64,
}

/// Runs the command.
pub(crate) fn run(args: &BackupArgs, settings: &Settings, said: Said) -> Result<()> {
    let places = Place::all(args.tenant.as_deref(), settings, said)?;
    if args.to.exists() {
        return Err(Usage(said.not_empty(&args.to)).into());
    }
    // Under another name until it is whole.
    let draft = args.to.with_added_extension("part");
    if draft.exists() {
        fs::remove_dir_all(&draft).with_context(|| format!("{} can't be removed", draft.display()))?;
    }
    let mut all = Vec::new();
    for place in &places {
        let to = draft.join(&place.tenant);
        all.extend(tenant(place, &to, said).with_context(|| said.not_backed_up(&place.tenant))?);
    }
    if all.is_empty() {
        bail!(said.nothing_to_back_up(&settings.folders().ground));
    }
    sync(&draft)?;
    fs::rename(&draft, &args.to).with_context(|| format!("{} can't be moved", draft.display()))?;
    sync(args.to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    let text = |one: &Copied| said.backed_up(&one.tenant, &one.service, one.events, one.bytes, one.files);
    print::result(args.json, &all, || {
        let lines: String = all.iter().map(text).collect();
        lines + &said.secrets_apart(&settings.folders().secrets)
    })
}

fn tenant(place: &Place, to: &Path, said: Said) -> Result<Vec<Copied>> {
    let mut services = place.services()?;
    if services.is_empty() {
        return Ok(Vec::new());
    }
    services.sort_by_key(|service| service == Notifications::NAME);
    files(&place.ground(), to, &|name| services.iter().any(|service| service == name))?;
    let mut copied = Vec::new();
    for service in services {
        let (from, to) = (place.ground().join(&service), to.join(&service));
        let bar = Bar::new(&said.backing_up(&place.tenant, &service));
        let log = Log::copy(&from, &to, &|done, of| bar.set(done, of))?;
        // Its checkpoints are there already, and no others are wanted.
        let own = |name: &str| {
            LOGS_OWN.contains(&name) || name.starts_with("checkpoints.") || name.starts_with("keys.")
        };
        let files = files(&from, &to, &own)?;
        copied.push(Copied {
            tenant: place.tenant.clone(),
            service,
            events: log.events,
            bytes: log.bytes,
            files,
        });
    }
    Ok(copied)
}

/// Copies what is in a folder, but for some names; how many files. What goes meanwhile was named by nobody any more.
fn files(from: &Path, to: &Path, but: &dyn Fn(&str) -> bool) -> Result<u64> {
    fs::create_dir_all(to).with_context(|| format!("{} can't be made", to.display()))?;
    let mut count = 0;
    let entries = fs::read_dir(from).with_context(|| format!("{} can't be listed", from.display()))?;
    for entry in entries {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if name.to_str().is_some_and(but) {
            continue;
        }
        count += if path.is_dir() {
            files(&path, &to.join(&name), &|_| false)?
        } else {
            file(&path, &to.join(&name))?
        };
    }
    sync(to)?;
    Ok(count)
}

fn file(from: &Path, to: &PathBuf) -> Result<u64> {
    match fs::copy(from, to) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        copied => copied.with_context(|| format!("{} can't be copied", from.display()))?,
    };
    sync(to)?;
    Ok(1)
}

fn sync(path: &Path) -> Result<()> {
    let synced = fs::File::open(path).and_then(|file| file.sync_all());
    synced.with_context(|| format!("{} can't be synced", path.display()))
}
