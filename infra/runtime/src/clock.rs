//! How far a tenant's clock is from the wall clock, and where that is kept.

use std::{
    fs,
    path::{Path, PathBuf},
};

use radslag_eventlog::Clock;

use crate::{config::Tenant, ground::Folders};

/// Where a tenant's clock offset is kept: a clock that starts in 2008 runs on from where it was.
#[must_use]
pub fn file(folders: &Folders, tenant: &str) -> PathBuf {
    folders.ground.join(tenant).join("clock")
}

/// How far a tenant's clock is from the wall clock, in milliseconds.
#[must_use]
pub fn offset(folders: &Folders, tenant: &Tenant) -> i64 {
    let Some(starts_at) = tenant.starts_at() else { return tenant.clock_offset_ms.unwrap_or(0) };
    let file = file(folders, &tenant.id);
    if let Some(kept) = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()) {
        return kept;
    }
    let clock = Clock::system(0);
    clock.set(starts_at);
    keep(&file, clock.offset_ms());
    clock.offset_ms()
}

/// Keeps an offset for the next start.
pub fn keep(file: &Path, offset_ms: i64) {
    let made = file.parent().map_or(Ok(()), fs::create_dir_all);
    if let Err(error) = made.and_then(|()| fs::write(file, format!("{offset_ms}\n"))) {
        tracing::warn!(file = %file.display(), %error, "the clock's offset can't be kept");
    }
}
