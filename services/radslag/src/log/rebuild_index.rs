//! `radslag log rebuild-index`: deletes the index and makes it again from the segments. Needs the log for itself.

use anyhow::{Context as _, Result};
use indicatif::ProgressBar;
use radslag_eventlog::Writer;
use serde::Serialize;

use crate::{cli::OneLog, place::Place, print, said::Said, settings::Settings};

#[derive(Serialize)]
struct Rebuilt {
    runs: usize,
    streams: u64,
}

/// Runs the command.
pub(crate) fn run(args: &OneLog, settings: &Settings, said: Said) -> Result<()> {
    settings.start_warnings()?;
    let place = Place::of(&args.tenant, settings, said)?;
    place.reader(&args.service)?;
    let writer = Writer::start().context("the writer can't be started")?;
    let log = place.log(&place.open()?, &args.service, &writer)?;
    // How long it takes isn't known before: it is as long as reading the segments.
    let spinner = ProgressBar::new_spinner().with_message(said.indexing());
    spinner.enable_steady_tick(std::time::Duration::from_millis(100));
    let made = log.rebuild_index();
    spinner.finish_and_clear();
    made?;
    let (runs, streams) = log.index_size();
    log.close();
    let rebuilt = Rebuilt { runs, streams };
    print::result(args.json, &rebuilt, || said.indexed(runs, streams))
}
