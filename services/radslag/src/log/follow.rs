//! `radslag log follow`: what is there from a position, then what comes, until it is interrupted.

use std::io::Write as _;

use anyhow::Result;

use super::read::Events;
use crate::{cli::FollowArgs, place, print, said::Said, settings::Settings};

/// Runs the command.
pub(crate) fn run(args: &FollowArgs, settings: &Settings, said: Said) -> Result<()> {
    let mut reader = place::reader(&args.log, settings, said)?;
    let mut events = Events::new(&args.which, &args.log.service, args.log.json);
    let mut next = args.from.unwrap_or_else(|| reader.watermark());
    while !events.done() {
        reader.wait(next)?;
        let mut out = print::out();
        let printed = events.print(&reader, next, &mut out);
        out.flush()?;
        printed?;
        next = reader.watermark();
    }
    Ok(())
}
