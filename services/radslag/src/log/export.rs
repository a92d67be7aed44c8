//! `radslag log export`: the public part of a log as JSON lines, with each entry as stored, so that an outsider can hash
//! every leaf again. Nothing private is in it.

use std::{
    fs,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use radslag_eventlog::Reader;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{
    cli::ExportArgs,
    event::Header,
    failure::Usage,
    place,
    print::{self, hex},
    progress::Bar,
    said::Said,
    settings::Settings,
};

/// A line of the export.
#[derive(Serialize)]
struct Line<'a> {
    header: Header<'a>,
    /// Base64 of the bytes that were hashed.
    entry: String,
    /// SHA-256 of a zero byte and the entry.
    leaf: String,
}

#[derive(Serialize)]
struct Exported {
    events: u64,
    file: PathBuf,
    digest: String,
}

/// Runs the command.
pub(crate) fn run(args: &ExportArgs, settings: &Settings, said: Said) -> Result<()> {
    let reader = place::reader(&args.log, settings, said)?;
    let Some(to) = &args.to else {
        let mut out = print::out();
        let written = write(&reader, &mut out, &|_, _| ());
        out.flush()?;
        return written.map(drop);
    };
    if to.exists() {
        return Err(Usage(said.exists(to)).into());
    }
    let bar = Bar::new(said.reading());
    let digest = to_file(&reader, to, &|done, of| bar.set(done, of))?;
    drop(bar);
    let exported = Exported { events: reader.watermark(), file: to.clone(), digest: hex(&digest) };
    print::result(args.log.json, &exported, || said.exported(exported.events, to, &exported.digest))
}

/// Under another name until it is whole and on disk.
fn to_file(reader: &Reader, to: &Path, progress: &dyn Fn(u64, u64)) -> Result<[u8; 32]> {
    let mut draft = to.as_os_str().to_owned();
    draft.push(".part");
    let draft = PathBuf::from(draft);
    let file = fs::File::create(&draft).with_context(|| format!("{} can't be written", draft.display()))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let written = write(reader, &mut out, progress).and_then(|digest| {
        out.flush()?;
        out.get_ref().sync_all()?;
        fs::rename(&draft, to)?;
        Ok(digest)
    });
    if written.is_err() {
        // The first failure is the one to tell.
        let _ = fs::remove_file(&draft);
    }
    written.with_context(|| format!("{} wasn't written", to.display()))
}

/// Gives the digest of all leaves in order.
fn write(reader: &Reader, out: &mut impl Write, progress: &dyn Fn(u64, u64)) -> Result<[u8; 32]> {
    let (mut digest, mut done) = (Sha256::new(), 0);
    for frame in reader.frames(0) {
        let (frame, segment) = frame?;
        let records = reader.decode(&frame, &segment)?;
        for (stored, record) in frame.events().zip(&records) {
            let leaf = stored.leaf();
            let line =
                Line { header: Header::of(record), entry: STANDARD.encode(stored.entry), leaf: hex(&leaf) };
            serde_json::to_writer(&mut *out, &line)?;
            writeln!(out)?;
            digest.update(leaf);
            done += 1;
        }
        progress(done, reader.watermark());
    }
    Ok(digest.finalize().into())
}
