//! `radslag verify`: a log checked from outside, without a secret, a database or a configuration. What it trusts is a key;
//! everything else is hashed, compared and counted again.

mod bundles;
mod disclosed;
mod figures;
mod findings;
mod items;
pub(crate) mod lives;
mod notes;
mod receipt;
mod remember;
mod source;
mod tiles;
mod walk;
mod web;

pub(crate) use figures::FILE as FIGURES;
pub(crate) use findings::{Difference, Found, What};
pub(crate) use notes::{FILE as CHAIN, Notes};
pub(crate) use receipt::Proved;
pub(crate) use source::Source;
pub(crate) use tiles::Tiles;

use std::{thread, time::Duration};

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use radslag_evidence::{Checkpoint, Fork, Note, VerifierKey, fork::Prefix, note, proof};

use crate::{
    cli::{CheckArgs, CheckCommand},
    failure::{AlreadySaid, Usage},
    print,
    progress::Bar,
    said::Said,
};
use bundles::Service;
use lives::Lives;
use remember::Remembered;
use source::Reading;
use walk::{Chain, Walk};

const CHECKPOINT: &str = "checkpoint";
const KEYS: &str = "keys";
/// A checkpoint covers what is new within two seconds.
const TRIES: u32 = 10;
const REST: Duration = Duration::from_millis(500);

/// Runs the command.
pub(crate) fn run(args: &CheckArgs, said: Said) -> Result<()> {
    if let Some(CheckCommand::Receipt(receipt)) = &args.what {
        return receipt::run(receipt, said);
    }
    let began = std::time::Instant::now();
    let target = args.target.as_deref().unwrap_or_default();
    let bar = Bar::new(said.reading());
    let mut found = check(args, &Source::of(target)?, said, &|done, of| bar.set(done, of))?;
    drop(bar);
    found.settle();
    found.milliseconds = began.elapsed().as_millis() as u64;
    print::result(args.json, &found, || said.checked(&found))?;
    if found.whole { Ok(()) } else { Err(AlreadySaid.into()) }
}

fn check(args: &CheckArgs, source: &Source, said: Said, progress: &dyn Fn(u64, u64)) -> Result<Found> {
    let mut found = Found::default();
    let mut reading = source.open()?;
    // Figures first: what they hold for is then covered by the checkpoint that is read after them.
    let mut published = figures::read(&mut reading).unwrap_or_else(|difference| {
        found.differs(difference);
        None
    });
    let keys = keys(args, &mut reading, &mut found, said)?;
    let as_of = published.as_ref().map_or(0, figures::Published::as_of);
    let Some((note, checkpoint)) = newest(&mut reading, &keys, as_of, &mut found, said)? else {
        return Ok(found);
    };
    (found.origin, found.size) = (checkpoint.origin.clone(), checkpoint.size);
    found.root = STANDARD.encode(checkpoint.root);
    let service = service(&checkpoint.origin);
    if service == Service::Other || as_of > checkpoint.size {
        if as_of > checkpoint.size {
            let detail = format!("they hold after {as_of} events, {} are signed for", checkpoint.size);
            found.differs(Difference::new(What::Figures, "figures", detail));
        }
        published = None;
    }
    let remembered = args.remember.as_deref().map(|path| remember::read(path, &keys)).transpose()?.flatten();
    let mut lives = Lives::of(&checkpoint, source, &keys, &mut found)?;
    let earlier = remembered.as_ref().is_some_and(|then| lives.has_had(&then.checkpoint));
    let mut forked = false;
    if let Some(then) = &remembered {
        lives.remember(&then.checkpoint);
        let contradiction = if earlier { None } else { remember::compare(&then.checkpoint, &checkpoint) };
        forked = contradiction.is_some();
        contradiction.into_iter().for_each(|difference| found.differs(difference));
    }
    let mut walk = Walk::new(checkpoint.clone(), reading, lives);
    let chain = source.open()?.stream(CHAIN)?;
    let ends = matches!(source, Source::Folder(_));
    let trusted = lives::trusted(&keys, &checkpoint.origin);
    let chain = chain
        .map(|from| notes::checked(from, trusted.clone(), checkpoint.origin.clone(), checkpoint.size, ends));
    walk.chain = chain.map(|chain| Chain::new(chain, &mut found));
    walk.published = published;
    if service == Service::Petitions {
        walk.disclosing = disclosed::Disclosing::new(source.open()?).unwrap_or_else(|difference| {
            found.differs(difference);
            None
        });
    }
    if let Some(then) = remembered.as_ref().filter(|_| !forked && !earlier) {
        found.remembered = Some(then.checkpoint.size);
        walk.remembered = Some(then.checkpoint.clone());
    }
    let lanes = bundles::start(source, checkpoint.size, service)?;
    forked |= walk.run(&lanes, &mut found, progress)?;
    let Some(path) = &args.remember else { return Ok(found) };
    match remembered.filter(|_| forked) {
        Some(then) => {
            let text = evidence(source, &then, (&note, &checkpoint), &trusted);
            found.evidence = Some(remember::evidence(path, &text)?.display().to_string());
        }
        None if found.differences.is_empty() => remember::keep(path, &note)?,
        None => {}
    }
    Ok(found)
}

/// Two checkpoints that contradict each other, as others can check it where that can be proved; else both as they are.
fn evidence(
    source: &Source,
    then: &Remembered,
    (note, now): (&Note, &Checkpoint),
    trusted: &[VerifierKey],
) -> String {
    let prefix = || -> Result<Option<Prefix>> {
        if then.checkpoint.size >= now.size {
            return Ok(None);
        }
        let tiles = Tiles::new(source, now.size)?;
        let root = proof::root(&tiles, then.checkpoint.size)?;
        Ok(Some(Prefix { root, path: proof::consistency(&tiles, then.checkpoint.size, now.size)? }))
    };
    let fork = prefix().ok().and_then(|prefix| Fork::new(then.note.clone(), note.clone(), prefix).ok());
    let fork = fork.filter(|fork| fork.check(trusted).is_ok());
    fork.map_or_else(|| format!("{}\n{note}\n", then.note), |fork| fork.to_string())
}

/// The newest checkpoint, once it covers what the figures hold for; nothing if it can't be believed.
fn newest(
    reading: &mut Reading,
    keys: &[VerifierKey],
    as_of: u64,
    found: &mut Found,
    said: Said,
) -> Result<Option<(Note, Checkpoint)>> {
    let mut tries = 0;
    loop {
        let bytes = reading.get(CHECKPOINT, note::MAX)?.with_context(|| said.no_checkpoint())?;
        let read = String::from_utf8(bytes)
            .map_err(|_| "it isn't text".to_owned())
            .and_then(|text| Note::parse(&text).map_err(|error| error.to_string()))
            .and_then(|note| {
                let checkpoint = lives::open(&note, keys).map_err(|error| error.to_string())?;
                Ok((note, checkpoint))
            });
        tries += 1;
        match read {
            Err(why) => {
                found.differs(Difference::new(What::Checkpoint, CHECKPOINT, why));
                return Ok(None);
            }
            Ok((_, checkpoint))
                if checkpoint.size < as_of && tries < TRIES && matches!(reading, Reading::Web(_)) =>
            {
                thread::sleep(REST);
            }
            Ok(newest) => return Ok(Some(newest)),
        }
    }
}

/// The keys that were named, or those the log gives.
fn keys(args: &CheckArgs, reading: &mut Reading, found: &mut Found, said: Said) -> Result<Vec<VerifierKey>> {
    let mut keys = pinned(&args.keys)?;
    found.keys_pinned = !keys.is_empty();
    if keys.is_empty() {
        let served = reading.get(KEYS, note::MAX)?.ok_or_else(|| Usage(said.no_keys()))?;
        keys = keys_of(&String::from_utf8_lossy(&served))?;
    }
    found.keys = keys.iter().map(ToString::to_string).collect();
    Ok(keys)
}

/// Keys from the command line.
fn pinned(keys: &[String]) -> Result<Vec<VerifierKey>> {
    let key =
        |key: &String| VerifierKey::parse(key).map_err(|error| Usage(format!("--key {key}: {error}")).into());
    keys.iter().map(key).collect()
}

/// Keys of a file, one a line.
fn keys_of(text: &str) -> Result<Vec<VerifierKey>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| VerifierKey::parse(line).with_context(|| format!("`{line}`"))).collect()
}

/// `<installation>/<tenant>/<service>/<origin>`.
fn service(origin: &str) -> Service {
    match origin.rsplit('/').nth(1) {
        Some("petitions") => Service::Petitions,
        _ => Service::Other,
    }
}
