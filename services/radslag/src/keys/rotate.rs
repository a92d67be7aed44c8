//! `radslag keys rotate`: a new key-encryption key, every slot of every log wrapped with it, the old ones destroyed.
//!
//! Every log of the tenant is opened before the new key is made, so that a log that is in use, or damaged, changes
//! nothing. Interrupted, it can be run again.

use anyhow::{Context as _, Result};
use radslag_eventlog::{Log, Writer};
use radslag_runtime::ground;
use serde::Serialize;

use crate::{cli::keys::KeysArgs, place::Place, print, progress::Bar, said::Said, settings::Settings};

#[derive(Serialize)]
struct Rotated {
    tenant: String,
    /// `None` if there was nothing to wrap.
    key: Option<u32>,
    logs: Vec<String>,
    destroyed: Vec<u32>,
}

/// Runs the command.
pub(crate) fn run(args: &KeysArgs, settings: &Settings, said: Said) -> Result<()> {
    settings.start_warnings()?;
    let places = Place::all(args.tenant.as_deref(), settings, said)?;
    let writer = Writer::start().context("the writer can't be started")?;
    let (mut all, mut failed) = (Vec::with_capacity(places.len()), None);
    for place in &places {
        match rotate(place, &writer, said) {
            Ok(rotated) => all.push(rotated),
            Err(error) => {
                failed = Some(error.context(format!("the keys of {} can't be rotated", place.tenant)));
                break;
            }
        }
    }
    // Of several tenants, those that are done are told even if the next failed.
    if failed.is_none() || !all.is_empty() {
        print::result(args.json, &all, || all.iter().map(|one| text(one, said)).collect())?;
    }
    failed.map_or(Ok(()), Err)
}

fn text(one: &Rotated, said: Said) -> String {
    let line = match one.key {
        Some(key) => said.rotated(&one.tenant, key, one.logs.len(), &one.destroyed),
        None => said.nothing_to_rotate(&one.tenant),
    };
    line + "\n"
}

fn rotate(place: &Place, writer: &Writer, said: Said) -> Result<Rotated> {
    let services = place.services()?;
    let rotated =
        Rotated { tenant: place.tenant.clone(), key: None, logs: services.clone(), destroyed: vec![] };
    if services.is_empty() {
        return Ok(rotated);
    }
    let tenant = place.open()?;
    let mut logs = Vec::with_capacity(services.len());
    for service in &services {
        logs.push((service.as_str(), place.log(&tenant, service, writer)?));
    }
    let old = tenant.keyring.numbers();
    let key = tenant.keyring.add()?;
    for (service, log) in &logs {
        let bar = Bar::new(&said.wrapping(&place.tenant, service));
        log.vault().rotate(&|done, of| bar.set(done, of))?;
    }
    let destroyed = destroy(&tenant, &logs, &old)?;
    logs.into_iter().for_each(|(_, log)| log.close());
    Ok(Rotated { key: Some(key), destroyed, ..rotated })
}

/// Destroys the old keys that no slot of any log names any more.
fn destroy(tenant: &ground::Tenant, logs: &[(&str, Log)], old: &[u32]) -> Result<Vec<u32>> {
    let mut destroyed = Vec::new();
    for number in old {
        let mut named = false;
        for (_, log) in logs {
            named |= log.vault().names(*number)?;
        }
        if !named {
            tenant.keyring.destroy(*number)?;
            destroyed.push(*number);
        }
    }
    Ok(destroyed)
}
