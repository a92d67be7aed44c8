//! `radslag log verify`: reads a whole log and tells whether it is what was written. Ends with 1 at the first damage.

use anyhow::{Context as _, Result};
use radslag_eventlog::{Error, Writer};
use serde::Serialize;

use crate::{
    cli::VerifyArgs,
    failure::{self, AlreadySaid},
    place::Place,
    print::{self, hex},
    progress::Bar,
    said::Said,
    settings::Settings,
};

#[derive(Serialize)]
struct Verified {
    whole: bool,
    events: u64,
    frames: u64,
    streams: u64,
    sealed: u64,
    erased: u64,
    /// Only with the keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    opened: Option<u64>,
    digest: String,
}

#[derive(Serialize)]
struct Damage {
    whole: bool,
    error: String,
    file: Option<String>,
    offset: Option<u64>,
}

/// Runs the command.
pub(crate) fn run(args: &VerifyArgs, settings: &Settings, said: Said) -> Result<()> {
    match verify(args, settings, said) {
        Ok(verified) => print::result(args.log.json, &verified, || text(&verified, said)),
        Err(error) if args.log.json && error.chain().any(|cause| cause.is::<Error>()) => {
            print::result(true, &damage(&error), String::new)?;
            Err(AlreadySaid.into())
        }
        Err(error) => Err(error),
    }
}

fn verify(args: &VerifyArgs, settings: &Settings, said: Said) -> Result<Verified> {
    let place = Place::of(&args.log.tenant, settings, said)?;
    let reader = place.reader(&args.log.service)?;
    let bar = Bar::new(said.reading());
    let found = reader.verify(&|done, of| bar.set(done, of))?;
    let opened = if args.sealed { Some(open_sealed(args, &place, settings, &bar)?) } else { None };
    Ok(Verified {
        whole: true,
        events: found.events,
        frames: found.frames,
        streams: found.streams,
        sealed: found.sealed,
        erased: found.erased,
        opened,
        digest: hex(&found.digest),
    })
}

/// Opens every sealed field under its keys: tells how many opened.
fn open_sealed(args: &VerifyArgs, place: &Place, settings: &Settings, bar: &Bar) -> Result<u64> {
    settings.start_warnings()?;
    let writer = Writer::start().context("the writer can't be started")?;
    let log = place.log(&place.open()?, &args.log.service, &writer)?;
    let found = log.verify(&|done, of| bar.set(done, of))?;
    log.close();
    Ok(found.opened)
}

fn damage(error: &anyhow::Error) -> Damage {
    let place = error.chain().find_map(|cause| match cause.downcast_ref() {
        Some(Error::Damaged { path, offset, .. }) => Some((path.display().to_string(), *offset)),
        _ => None,
    });
    let (file, offset) = place.unzip();
    Damage { whole: false, error: failure::chain(error), file, offset }
}

fn text(found: &Verified, said: Said) -> String {
    let text = said.verified((found.events, found.frames), (found.sealed, found.erased), &found.digest);
    match found.opened {
        Some(opened) => format!("{text}\n{}", said.opened(opened)),
        None => text,
    }
}
