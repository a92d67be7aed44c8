//! `radslag log fork-evidence`: evidence that a log has signed two checkpoints that can't both be true. It needs no data of
//! ours: whoever has two checkpoints and the public keys can make it, and anybody can check it.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow};
use radslag_evidence::{Fork, Note, VerifierKey, fork};
use serde::Serialize;

use crate::{
    cli::ForkArgs,
    failure::Usage,
    print::{self, hex},
    said::Said,
};

#[derive(Serialize)]
struct Forked<'a> {
    log: &'a str,
    sizes: [u64; 2],
    roots: [String; 2],
    file: Option<&'a PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &ForkArgs, said: Said) -> Result<()> {
    let keys = read(&args.keys)?;
    let keys = keys.lines().filter(|line| !line.trim().is_empty()).map(VerifierKey::parse);
    let keys: Vec<_> = keys.collect::<Result<_, _>>().with_context(|| format!("{}", args.keys.display()))?;
    let one = read(&args.one)?;
    let fork = match &args.other {
        None => Fork::parse(&one).with_context(|| format!("{}", args.one.display()))?,
        Some(other) => Fork::new(note(&args.one, &one)?, note(other, &read(other)?)?, None)?,
    };
    let forked = fork.check(&keys).map_err(|error| match error {
        fork::Error::Agree | fork::Error::Sizes(..) | fork::Error::Origins(..) => {
            anyhow!(said.no_fork(&error))
        }
        error => error.into(),
    })?;
    let text = fork.to_string();
    if let Some(to) = &args.to {
        if to.exists() {
            return Err(Usage(said.exists(to)).into());
        }
        write(to, &text).with_context(|| format!("{} can't be written", to.display()))?;
    }
    let told = Forked {
        log: &forked.first.origin,
        sizes: [forked.first.size, forked.second.size],
        roots: [hex(&forked.first.root), hex(&forked.second.root)],
        file: args.to.as_ref(),
    };
    // The evidence itself is the result where it was asked for and nowhere put.
    if args.other.is_some() && args.to.is_none() && !args.json {
        return print::result(false, &told, || text);
    }
    print::result(args.json, &told, || said.forked(told.log, told.sizes, args.to.as_deref()))
}

fn note(path: &Path, text: &str) -> Result<Note> {
    Note::parse(text).with_context(|| format!("{}", path.display()))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))
}

fn write(to: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(to)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
