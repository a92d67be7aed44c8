//! `radslag log read`: the public part of events, a line each, as far as they were acknowledged.

use std::io::Write;

use anyhow::Result;
use radslag_eventlog::{Reader, Record};

use crate::{
    cli::{ReadArgs, Which},
    event::Line,
    payload::Payloads,
    place, print,
    said::Said,
    settings::Settings,
};

/// Runs the command.
pub(crate) fn run(args: &ReadArgs, settings: &Settings, said: Said) -> Result<()> {
    let reader = place::reader(&args.log, settings, said)?;
    let mut events = Events::new(&args.which, &args.log.service, args.log.json);
    let mut out = print::out();
    let printed = events.print(&reader, args.from, &mut out);
    out.flush()?;
    printed
}

/// Prints those events that are asked for.
pub(crate) struct Events<'a> {
    which: &'a Which,
    payloads: Payloads,
    json: bool,
    left: u64,
}

impl<'a> Events<'a> {
    /// Of a service's log.
    pub(crate) fn new(which: &'a Which, service: &str, json: bool) -> Self {
        Self { which, payloads: Payloads::of(service), json, left: which.count.unwrap_or(u64::MAX) }
    }

    /// Whether as many as asked for were printed.
    pub(crate) const fn done(&self) -> bool {
        self.left == 0
    }

    /// Prints from a position to the watermark, or until there are enough.
    pub(crate) fn print(&mut self, reader: &Reader, from: u64, out: &mut impl Write) -> Result<()> {
        for frame in reader.frames(from) {
            if self.done() {
                break;
            }
            let (frame, segment) = frame?;
            for (stored, record) in frame.events().zip(reader.decode(&frame, &segment)?) {
                if record.position() >= from && !self.done() && self.wanted(&record) {
                    self.line(&record, &stored.leaf(), out)?;
                    self.left -= 1;
                }
            }
        }
        Ok(())
    }

    fn wanted(&self, record: &Record) -> bool {
        let kind = &record.header.r#type;
        let of_kind = self.which.kind.as_ref().is_none_or(|wanted| match wanted.strip_suffix('*') {
            Some(beginning) => kind.starts_with(beginning),
            None => kind == wanted,
        });
        of_kind && self.which.stream.as_ref().is_none_or(|stream| record.private.stream == *stream)
    }

    fn line(&self, record: &Record, leaf: &[u8], out: &mut impl Write) -> Result<()> {
        let line = Line::of(record, leaf, &self.payloads, self.which.private);
        if self.json {
            serde_json::to_writer(&mut *out, &line)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{}", line.text())?;
        }
        Ok(())
    }
}
