//! The demonstration: the petition systems of 2008, with made-up signers, so that they show what their slides showed.
//!
//! It is made beside the folder it will stand in and moved there when it is whole, so an interrupted one is begun again.
//! History is made day by day on the tenant's own clock, which then runs on from where it ends.

mod history;
mod people;
mod seed;
mod talk;

use std::{fs, path::Path, sync::Arc};

use anyhow::{Context as _, Result};
use radslag_runtime::{Config, ground::Folders};

use crate::{
    open::{House, clock_file, keep},
    print,
    progress::Bar,
    rebuild::catch_up,
    said::Said,
};
use history::History;

/// Makes the demonstration if its folder isn't there.
pub(crate) async fn make_if_missing(config: &Config, said: Said) -> Result<()> {
    let folder = &config.data.dir;
    if folder.exists() {
        return Ok(());
    }
    let making = folder.with_extension("making");
    if making.exists() {
        fs::remove_dir_all(&making).with_context(|| format!("{} can't be removed", making.display()))?;
    }
    print::note(&said.making_demo(folder));
    make(config, &making, said).await?;
    fs::rename(&making, folder).with_context(|| format!("{} can't be moved", making.display()))?;
    Ok(())
}

async fn make(config: &Config, folder: &Path, said: Said) -> Result<()> {
    let folders = Folders {
        ground: folder.join("ground"),
        derived: folder.join("derived"),
        secrets: folder.join("secrets"),
    };
    let house = House::at(folders.clone(), config)?;
    for tenant in &config.tenants {
        let Some(seed) = seed::of(&tenant.id)? else { continue };
        let tenant = Arc::new(tenant.clone());
        let office = house.office(&tenant, config).await?;
        let history = History::new(&tenant, &seed)?;
        let bar = Bar::new(&said.filling(&tenant.name));
        talk::play(&seed, &office).await?;
        history.play(&office, &bar).await?;
        drop(bar);
        for running in office.projections() {
            catch_up(running).await?;
        }
        keep(&clock_file(&folders, &tenant.id), office.log.clock_offset_ms());
        let log = office.log.clone();
        drop(office);
        tokio::task::spawn_blocking(move || log.close()).await?;
    }
    Ok(())
}
