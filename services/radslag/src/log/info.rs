//! `radslag log info`: what a log is and how large. Read beside whoever writes it, without secrets.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use radslag_eventlog::{FolderLock, Reader, index::Index, lock};
use radslag_kernel::Instant;
use serde::Serialize;

use crate::{cli::InfoArgs, failure::AlreadySaid, place::Place, print, said::Said, settings::Settings};

#[derive(Serialize)]
struct Info {
    tenant: String,
    service: String,
    id: String,
    origin: u32,
    events: u64,
    last_recorded_at: Option<String>,
    segments: usize,
    bytes: u64,
    keys: u64,
    keys_erased: u64,
    index_bytes: u64,
    index: Option<Runs>,
    in_use_by: Option<u32>,
    health: &'static str,
    damage: Option<String>,
}

#[derive(Serialize)]
struct Runs {
    runs: usize,
    streams: u64,
}

/// Runs the command.
pub(crate) fn run(args: &InfoArgs, settings: &Settings, said: Said) -> Result<()> {
    let service = &args.log.service;
    let place = Place::of(&args.log.tenant, settings, said)?;
    let reader = place.reader(service)?;
    let (folder, index) = (place.ground().join(service), place.index(service));
    let (last, damage) = last(&reader);
    let (segments, bytes) = reader.segments()?;
    let slots = reader.slots()?;
    let info = Info {
        tenant: place.tenant,
        service: service.clone(),
        id: reader.id().to_string(),
        origin: reader.origin(),
        events: reader.watermark(),
        last_recorded_at: last.map(|at| at.to_string()),
        segments,
        bytes,
        keys: slots.live.values().sum(),
        keys_erased: slots.erased,
        index_bytes: size(&index).with_context(|| format!("{} can't be read", index.display()))?,
        index: if args.index { Some(runs(&folder, &index)?) } else { None },
        in_use_by: lock::holder(&folder),
        health: if damage.is_some() { "damaged" } else { "whole" },
        damage,
    };
    print::result(args.log.json, &info, || text(&info, said))?;
    if info.damage.is_some() { Err(AlreadySaid.into()) } else { Ok(()) }
}

/// When the last event was recorded, and what is wrong at the end of the log.
fn last(reader: &Reader) -> (Option<Instant>, Option<String>) {
    if let Some(damage) = reader.damage() {
        return (None, Some(damage.to_string()));
    }
    match reader.last() {
        Ok(last) => (last.map(|record| Instant::from_millis(record.header.recorded_at)), None),
        Err(error) => (None, Some(error.to_string())),
    }
}

/// Opening the index needs the log for itself.
fn runs(folder: &Path, index: &Path) -> Result<Runs> {
    let _lock = FolderLock::take(folder)?;
    if !index.is_dir() {
        return Ok(Runs { runs: 0, streams: 0 });
    }
    let (runs, streams) = Index::open(index)?.size();
    Ok(Runs { runs, streams })
}

/// Bytes of a folder's files; 0 if it isn't there.
fn size(folder: &Path) -> std::io::Result<u64> {
    if !folder.is_dir() {
        return Ok(0);
    }
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

fn text(info: &Info, said: Said) -> String {
    let (runs, streams) = match &info.index {
        Some(index) => (index.runs.to_string(), index.streams.to_string()),
        None => (said.ask_for_index().to_owned(), said.ask_for_index().to_owned()),
    };
    let values = [
        format!("{}/{} {}", info.tenant, info.service, info.id),
        info.origin.to_string(),
        info.events.to_string(),
        info.last_recorded_at.clone().unwrap_or_else(|| said.none_yet().into()),
        info.segments.to_string(),
        info.bytes.to_string(),
        info.keys.to_string(),
        info.keys_erased.to_string(),
        info.index_bytes.to_string(),
        runs,
        streams,
        info.in_use_by.map_or_else(|| said.nobody().into(), |process| said.process(process)),
        match &info.damage {
            Some(damage) => format!("{}: {damage}", said.damaged()),
            None => said.whole().into(),
        },
    ];
    print::columns(&said.info().into_iter().zip(values).collect::<Vec<_>>())
}
