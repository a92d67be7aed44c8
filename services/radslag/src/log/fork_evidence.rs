//! `radslag log fork-evidence`: evidence that a log has signed two checkpoints that can't both be true. It needs no data of
//! ours: whoever has two checkpoints and the public keys can make it, and anybody can check it offline.
//!
//! Two roots over one size contradict each other by themselves. Over two sizes they don't: that takes what the tree of the
//! larger one has where the smaller one was signed, with the consistency proof that it has. Whoever gives the larger one's
//! tiles gives that, willing or not (`--log`); it is then in the file, and nobody has to ask them again.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow};
use radslag_evidence::{
    Checkpoint, Fork, Note, VerifierKey,
    fork::{self, Forked, Prefix},
    proof,
};
use serde::Serialize;

use crate::{
    cli::ForkArgs,
    failure::Usage,
    print::{self, hex},
    said::Said,
    verify::{Source, Tiles, lives},
};

#[derive(Serialize)]
struct Told<'a> {
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
    let (fork, forked) = match &args.other {
        None => {
            let fork = Fork::parse(&one).with_context(|| format!("{}", args.one.display()))?;
            let forked = check(&fork, &keys, said)?;
            (fork, forked)
        }
        Some(other) => {
            let fork = Fork::new(note(&args.one, &one)?, note(other, &read(other)?)?, None)?;
            match (check_quietly(&fork, &keys), &args.log) {
                (Err(fork::Error::Sizes(..)), Some(log)) => connected(&fork, &keys, log, said)?,
                (checked, _) => (fork, checked.map_err(|error| told(error, said))?),
            }
        }
    };
    let text = fork.to_string();
    if let Some(to) = &args.to {
        if to.exists() {
            return Err(Usage(said.exists(to)).into());
        }
        write(to, &text).with_context(|| format!("{} can't be written", to.display()))?;
    }
    let told = Told {
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

/// Keys are trusted in every life of their log.
fn check_quietly(fork: &Fork, keys: &[VerifierKey]) -> Result<Forked, fork::Error> {
    let origin = fork.first.text().lines().next().unwrap_or_default();
    fork.check(&lives::trusted(keys, origin))
}

fn check(fork: &Fork, keys: &[VerifierKey], said: Said) -> Result<Forked> {
    check_quietly(fork, keys).map_err(|error| told(error, said))
}

fn told(error: fork::Error, said: Said) -> anyhow::Error {
    match error {
        fork::Error::Agree | fork::Error::Sizes(..) | fork::Error::Origins(..) => {
            anyhow!(said.no_fork(&error))
        }
        error => error.into(),
    }
}

/// The same two with what connects them, out of the tree of the larger one. Where the tree that is given is another one,
/// what was signed of that contradicts one of the two.
fn connected(fork: &Fork, keys: &[VerifierKey], log: &str, said: Said) -> Result<(Fork, Forked)> {
    let (tiles, own, size) = Tiles::newest(&Source::of(log)?).with_context(|| log.to_owned())?;
    let is_there = |checkpoint: &Checkpoint| -> Result<bool> {
        let root = || proof::root(&tiles, checkpoint.size).with_context(|| log.to_owned());
        Ok(checkpoint.size <= size && root()? == checkpoint.root)
    };
    for larger in [&fork.second, &own] {
        let checkpoint = Checkpoint::parse(larger.text())?;
        if !is_there(&checkpoint)? {
            continue;
        }
        for smaller in [&fork.first, &fork.second] {
            let old = Checkpoint::parse(smaller.text())?.size;
            if old > checkpoint.size {
                continue;
            }
            let prefix = Prefix {
                root: proof::root(&tiles, old)?,
                path: proof::consistency(&tiles, old, checkpoint.size)?,
            };
            let prefix = Some(prefix).filter(|_| old < checkpoint.size);
            let evidence = Fork::new(smaller.clone(), larger.clone(), prefix)?;
            // The two can be believed; what is given there is evidence only if it can be, too.
            if let Ok(forked) = check_quietly(&evidence, keys) {
                return Ok((evidence, forked));
            }
        }
    }
    let goes_on = is_there(&Checkpoint::parse(fork.second.text())?)?;
    Err(anyhow!(if goes_on { said.goes_on(log) } else { said.not_provable(log) }))
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
