//! `radslag keys status`: which key-encryption keys there are, how old, and what they wrap. No key is read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use radslag_eventlog::reader::Slots;
use radslag_kernel::Instant;
use serde::Serialize;

use crate::{cli::keys::KeysArgs, place::Place, print, said::Said, settings::Settings};

/// A key-encryption key wraps no longer than this.
const LONGEST_DAYS: u64 = 30;

#[derive(Serialize)]
struct Status {
    tenant: String,
    keys: Vec<Kek>,
    logs: Vec<OfLog>,
    rotate_now: bool,
}

#[derive(Serialize)]
struct Kek {
    number: u32,
    made_at: String,
    age_days: u64,
    current: bool,
}

#[derive(Serialize)]
struct OfLog {
    service: String,
    /// Slots by the number of their key-encryption key.
    live: std::collections::BTreeMap<u32, u64>,
    erased: u64,
}

/// Runs the command.
pub(crate) fn run(args: &KeysArgs, settings: &Settings, said: Said) -> Result<()> {
    let places = Place::all(args.tenant.as_deref(), settings, said)?;
    let all = places.iter().map(status).collect::<Result<Vec<_>>>()?;
    print::result(args.json, &all, || all.iter().map(|one| text(one, said)).collect())
}

fn status(place: &Place) -> Result<Status> {
    let files = place.keks()?;
    let mut keys = Vec::with_capacity(files.len());
    let current = files.last().map_or(0, |(number, _)| *number);
    for (number, path) in &files {
        let made = path.metadata().and_then(|about| about.modified());
        let made = made.with_context(|| format!("{} can't be read", path.display()))?;
        let age = SystemTime::now().duration_since(made).unwrap_or(Duration::ZERO);
        let millis = made.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        keys.push(Kek {
            number: *number,
            made_at: Instant::from_millis(millis).to_string(),
            age_days: age.as_secs() / 86_400,
            current: *number == current,
        });
    }
    let mut logs = Vec::new();
    for service in place.services()? {
        let Slots { live, erased } = place.reader(&service)?.slots()?;
        logs.push(OfLog { service, live, erased });
    }
    let rotate_now = keys.iter().any(|key| key.age_days >= LONGEST_DAYS);
    Ok(Status { tenant: place.tenant.clone(), keys, logs, rotate_now })
}

fn text(status: &Status, said: Said) -> String {
    if status.keys.is_empty() {
        return format!("{}\n", said.nothing_to_rotate(&status.tenant));
    }
    let mut lines = vec![status.tenant.clone()];
    for key in &status.keys {
        lines.push(said.kek(key.number, &key.made_at, key.age_days, key.current));
    }
    for log in &status.logs {
        let live: Vec<String> = log.live.iter().map(|(kek, slots)| said.under(*kek, *slots)).collect();
        let live = if live.is_empty() { "0".to_owned() } else { live.join(", ") };
        lines.push(said.slots(&log.service, &live, log.erased));
    }
    if status.rotate_now {
        lines.push(said.rotate_now(&status.tenant));
    }
    lines.push(String::new());
    lines.join("\n")
}
