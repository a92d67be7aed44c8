//! `radslag bus accounts` and `radslag bus key`: who may read what on the NATS server.

use std::{fs, os::unix::fs::MetadataExt as _};

use anyhow::{Context as _, Result, bail};
use radslag_bus::accounts::{Access, accounts, new_seed, public_key};
use radslag_runtime::bus::{owner_seed, seed_file};
use serde::Serialize;

use crate::{
    cli::bus::{AccountsArgs, KeyArgs},
    print,
    said::Said,
    settings::Settings,
};

/// Writes the accounts of all tenants.
pub(crate) fn write(args: &AccountsArgs, settings: &Settings, said: Said) -> Result<()> {
    let others = args.with.iter().map(|file| Settings::load(Some(file))).collect::<Result<Vec<_>>>()?;
    let mut all = Vec::new();
    for tenant in &settings.config().tenants {
        let serves = |other: &&Settings| other.config().tenants.iter().any(|one| one.id == tenant.id);
        let mut owners = Vec::new();
        for service in [settings].into_iter().chain(others.iter().filter(serves)) {
            owners.push(owner(service, &tenant.id, said)?);
        }
        let readers = tenant.integrations.iter().map(|one| (one.name.clone(), one.nkey.clone())).collect();
        all.push(Access { tenant: tenant.id.clone(), owners, readers });
    }
    let text = accounts(&all);
    match &args.to {
        Some(file) => fs::write(file, text).with_context(|| format!("{} can't be written", file.display())),
        None => print::result(false, &(), || text),
    }
}

/// A service's public key for a tenant. Where it has none, one is made, but not by somebody else than its user: it couldn't be
/// read by the service then.
fn owner(service: &Settings, tenant: &str, said: Said) -> Result<String> {
    let folders = service.folders();
    let is_others = fs::metadata(&folders.secrets)
        .is_ok_and(|theirs| fs::metadata("/proc/self").is_ok_and(|this| this.uid() != theirs.uid()));
    if is_others && !seed_file(&folders, tenant).exists() {
        bail!(said.no_nats_key(&service.name(), tenant));
    }
    Ok(public_key(&owner_seed(&folders, tenant)?)?)
}

#[derive(Serialize)]
struct Key {
    seed: String,
    nkey: String,
}

/// Makes a key pair.
pub(crate) fn key(args: &KeyArgs, said: Said) -> Result<()> {
    let seed = new_seed()?;
    let nkey = public_key(&seed)?;
    let text = said.nkey(&seed, &nkey);
    print::result(args.json, &Key { seed, nkey }, || text)
}
