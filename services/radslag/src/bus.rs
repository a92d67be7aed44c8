//! `radslag bus`: consumers and what they couldn't take. It reads and writes what a running server keeps for them.

pub(crate) mod access;

use std::{fs, io::ErrorKind, path::PathBuf};

use anyhow::{Context as _, Result};
use radslag_bus::consumer::{Decision, Kept, Outcome, Parked, Settled};
use radslag_runtime::bus::consumers_folder;
use serde::Serialize;

use crate::{
    cli::bus::{ConsumersArgs, OneParked, ParkedArgs, SkipArgs},
    failure::Usage,
    place::Place,
    print,
    said::Said,
    settings::Settings,
};

#[derive(Serialize)]
struct Consumer {
    tenant: String,
    consumer: String,
    origin: u32,
    next: u64,
    /// Of the log, if it is on this machine.
    behind: Option<u64>,
    parked: usize,
}

#[derive(Serialize)]
struct Waiting {
    tenant: String,
    consumer: String,
    #[serde(flatten)]
    parked: Parked,
    decided: Option<Decision>,
}

#[derive(Serialize)]
struct Done {
    tenant: String,
    consumer: String,
    #[serde(flatten)]
    settled: Settled,
}

/// Lists consumers.
pub(crate) fn consumers(args: &ConsumersArgs, settings: &Settings, said: Said) -> Result<()> {
    let mut all = Vec::new();
    for place in Place::all(args.tenant.as_deref(), settings, said)? {
        for (consumer, kept) in kept(&place)? {
            let Some(checkpoint) = kept.checkpoint()? else { continue };
            let service = consumer.split('.').next().unwrap_or_default();
            let end = match place.services()?.iter().any(|known| known == service) {
                true => Some(place.reader(service)?.watermark()),
                false => None,
            };
            all.push(Consumer {
                tenant: place.tenant.clone(),
                origin: checkpoint.origin,
                next: checkpoint.next,
                behind: end.map(|end| end.saturating_sub(checkpoint.next)),
                parked: kept.parked()?.len(),
                consumer,
            });
        }
    }
    print::result(args.json, &all, || {
        let line = |one: &Consumer| {
            said.consumer(&one.tenant, &one.consumer, (one.origin, one.next), one.behind, one.parked)
        };
        all.iter().map(line).collect::<String>() + said.unless_any(all.is_empty())
    })
}

/// Lists parked events, or what came of them.
pub(crate) fn parked(args: &ParkedArgs, settings: &Settings, said: Said) -> Result<()> {
    let (mut waiting, mut done) = (Vec::new(), Vec::new());
    for place in Place::all(args.tenant.as_deref(), settings, said)? {
        for (consumer, kept) in kept(&place)? {
            if args.consumer.as_ref().is_some_and(|wanted| *wanted != consumer) {
                continue;
            }
            let tenant = &place.tenant;
            for settled in if args.settled { kept.settled()? } else { Vec::new() } {
                done.push(Done { tenant: tenant.clone(), consumer: consumer.clone(), settled });
            }
            for parked in if args.settled { Vec::new() } else { kept.parked()? } {
                let decided = kept.decision(&parked)?;
                waiting.push(Waiting { tenant: tenant.clone(), consumer: consumer.clone(), parked, decided });
            }
        }
    }
    if args.settled {
        let line = |one: &Done| {
            let (kind, outcome) = (shown(&one.settled.parked), one.settled.outcome == Outcome::Taken);
            let reason = match &one.settled.decision {
                Decision::Skip { reason, .. } => reason,
                Decision::Retry { .. } => "",
            };
            said.settled(&one.tenant, &one.consumer, &kind, outcome, reason, &one.settled.at)
        };
        let text = || done.iter().map(line).collect::<String>() + said.unless_any(done.is_empty());
        return print::result(args.json, &done, text);
    }
    let line = |one: &Waiting| {
        let Parked { why, since, tries, .. } = &one.parked;
        said.parked(
            &one.tenant,
            &one.consumer,
            &shown(&one.parked),
            why,
            (since, *tries),
            one.decided.is_some(),
        )
    };
    let text = || waiting.iter().map(line).collect::<String>() + said.unless_any(waiting.is_empty());
    print::result(args.json, &waiting, text)
}

/// Has a parked event tried again.
pub(crate) fn retry(args: &OneParked, settings: &Settings, said: Said) -> Result<()> {
    decide(args, &Decision::Retry { by: args.by.clone() }, settings, said)
}

/// Goes on without a parked event.
pub(crate) fn skip(args: &SkipArgs, settings: &Settings, said: Said) -> Result<()> {
    let reason = args.reason.trim();
    if reason.is_empty() {
        return Err(Usage(said.no_reason().into()).into());
    }
    decide(&args.one, &Decision::Skip { reason: reason.to_owned(), by: args.one.by.clone() }, settings, said)
}

fn decide(args: &OneParked, decision: &Decision, settings: &Settings, said: Said) -> Result<()> {
    let place = Place::of(&args.tenant, settings, said)?;
    let all = kept(&place)?;
    let Some((consumer, kept)) = all.iter().find(|(name, _)| *name == args.consumer) else {
        let known: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        return Err(Usage(said.unknown_consumer(&args.consumer, &known)).into());
    };
    let parked = match kept.decide(args.position, decision) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Usage(said.not_parked(args.position, consumer)).into());
        }
        parked => parked.context("the decision can't be written")?,
    };
    let is_skip = matches!(decision, Decision::Skip { .. });
    let text = said.decided(&shown(&parked), is_skip);
    let (tenant, consumer) = (place.tenant, consumer.clone());
    print::result(args.json, &Waiting { tenant, consumer, parked, decided: Some(decision.clone()) }, || text)
}

/// A tenant's consumers by name.
fn kept(place: &Place) -> Result<Vec<(String, Kept)>> {
    let folder = consumers_folder(place.folders(), &place.tenant);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("{} can't be listed", folder.display()))?,
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let named = |path: PathBuf| Some((path.file_name()?.to_str()?.to_owned(), Kept::new(path)));
    Ok(paths.into_iter().filter_map(named).collect())
}

/// `0.17 petition.opened`: life and position, and the type if it is an event.
fn shown(parked: &Parked) -> String {
    let kind = parked.kind.as_deref().unwrap_or("-");
    format!("{}.{} {kind}", parked.origin, parked.position)
}
