//! `radslag clock accept`: tells a running server that the clock is right although it jumped. The server looks for the
//! marker `<ground>/<tenant>/clock-accept`, which holds the wall clock's time in RFC 3339.

use std::{
    fs,
    io::Write as _,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result};
use radslag_kernel::Instant;
use serde::Serialize;

use crate::{cli::AcceptArgs, place::Place, print, said::Said, settings::Settings};

/// The marker's name in the tenant's folder of ground state.
pub(crate) const MARKER: &str = "clock-accept";

#[derive(Serialize)]
struct Accepted<'a> {
    tenant: &'a str,
    accepted_at: &'a str,
    marker: &'a Path,
}

/// Writes the marker and says what it does.
pub(crate) fn accept(args: &AcceptArgs, settings: &Settings, said: Said) -> Result<()> {
    let place = Place::of(&args.tenant, settings, said)?;
    let folder = place.ground();
    if !folder.is_dir() {
        return Err(place.no_logs());
    }
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
    let at = Instant::from_millis(millis).to_string();
    let marker = folder.join(MARKER);
    write(&folder, &marker, &at).with_context(|| format!("{} can't be written", marker.display()))?;
    let accepted = Accepted { tenant: &place.tenant, accepted_at: &at, marker: &marker };
    print::result(args.json, &accepted, || said.clock_accepted(&place.tenant, &at, &marker))
}

/// Under another name first, so that the server never reads half of it.
fn write(folder: &Path, marker: &Path, at: &str) -> Result<()> {
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(draft, "{at}")?;
    draft.as_file().sync_all()?;
    draft.persist(marker)?;
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}
