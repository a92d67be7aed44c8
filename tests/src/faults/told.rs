//! What somebody was told by a log, and whether the log still says it after whatever happened.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result, bail, ensure};
use radslag_eventlog::{Appended, Log};
use radslag_evidence::{Hash, Tree};
use radslag_kernel::KeyRef;

use super::{home, lab::Lost};

/// What was acknowledged, signed, erased.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Leaves by position: a leaf is a hash of everything in an event.
    pub events: BTreeMap<u64, Hash>,
    /// Sizes and roots of checkpoints that were shown.
    pub checkpoints: Vec<(u64, Hash)>,
    /// Keys whose erasure was confirmed.
    pub erased: Vec<KeyRef>,
}

impl Told {
    /// Notes an acknowledged append.
    pub fn take(&mut self, appended: &Appended) {
        self.events.extend((appended.first..).zip(appended.leaves.iter().copied()));
    }

    /// Notes the newest checkpoint, if there is one.
    pub fn signed(&mut self, log: &Log) {
        if let Some(signed) = log.checkpoint() {
            self.checkpoints.push((signed.checkpoint.size, signed.checkpoint.root));
        }
    }

    /// Takes in a line of a child; a torn last one tells nothing. Gives what isn't about the log.
    pub fn read<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        let mut words = line.split(' ');
        match (words.next(), words.next().and_then(|word| word.parse::<u64>().ok())) {
            (Some("ACK"), Some(first)) => {
                let leaves: Option<Vec<Hash>> = words.map(unhex).collect();
                self.events.extend((first..).zip(leaves.unwrap_or_default()));
            }
            (Some("CHECKPOINT"), Some(size)) => {
                self.checkpoints.extend(words.next().and_then(unhex).map(|root| (size, root)));
            }
            (Some("ERASED"), Some(slot)) => self.erased.push(KeyRef(slot)),
            _ => return Some(line),
        }
        None
    }

    /// Whether a log still says all of it, is whole in itself, and goes on. How many events were looked for.
    ///
    /// # Errors
    /// The first thing that doesn't hold; `Lost` if events are gone.
    pub fn holds(&self, log: &Log) -> Result<u64> {
        let leaves = self.present(log)?;
        self.proved(log, &leaves)?;
        streams(log)?;
        log.verify(&|_, _| ()).context("verifying")?;
        for key in &self.erased {
            ensure!(log.vault().is_erased(*key), "key {} was erased and is there again", key.0);
        }
        goes_on(log)?;
        Ok(self.events.len() as u64)
    }

    /// The log's leaves: positions are dense, and what was acknowledged stands where it was said to.
    fn present(&self, log: &Log) -> Result<Vec<Hash>> {
        let mut leaves: Vec<Hash> = Vec::new();
        for frame in log.frames(0) {
            for stored in frame.context("reading")?.0.events() {
                ensure!(stored.position == leaves.len() as u64, "position {} isn't dense", stored.position);
                leaves.push(stored.leaf());
            }
        }
        ensure!(leaves.len() as u64 == log.watermark(), "{} of {} events", leaves.len(), log.watermark());
        let there = |(position, leaf): &(&u64, &Hash)| leaves.get(**position as usize) == Some(*leaf);
        let lost = self.events.iter().filter(|event| !there(event)).count() as u64;
        if lost > 0 {
            bail!(Lost(lost));
        }
        Ok(leaves)
    }

    /// Every root that was shown, and the one signed now, is the root of the leaves.
    fn proved(&self, log: &Log, leaves: &[Hash]) -> Result<()> {
        let mut tree = Tree::default();
        let mut roots = HashMap::from([(0, tree.root())]);
        for leaf in leaves {
            tree.push(*leaf, |_, _| ());
            if self.checkpoints.iter().any(|(size, _)| *size == tree.size()) {
                roots.insert(tree.size(), tree.root());
            }
        }
        for (size, root) in &self.checkpoints {
            ensure!(roots.get(size) == Some(root), "the checkpoint over {size} events isn't of this log");
        }
        let signed = log.sign_checkpoint().context("signing")?;
        let signed = signed.map(|signed| (signed.checkpoint.size, signed.checkpoint.root));
        let due = (tree.size() > 0).then(|| (tree.size(), tree.root()));
        ensure!(signed == due, "another root was signed than the leaves have");
        Ok(())
    }
}

/// Every stream is a chain of versions without a gap, and the index knows its newest.
fn streams(log: &Log) -> Result<()> {
    let mut heads: HashMap<String, (u64, u64)> = HashMap::new();
    for event in log.read(0, usize::MAX).context("reading")? {
        let (stream, version) = (event.private.stream.clone(), event.private.version);
        let before = heads.insert(stream.clone(), (version, event.position()));
        let known = (event.private.previous, version);
        let due = (before.map(|(_, at)| at), before.map_or(0, |(version, _)| version) + 1);
        ensure!(known == due, "{stream} has a gap at position {}", event.position());
    }
    for (stream, (version, _)) in heads {
        ensure!(log.version(&stream)? == version, "the index knows another version of {stream}");
    }
    Ok(())
}

/// The log takes an event, and gives it back.
fn goes_on(log: &Log) -> Result<()> {
    let version = log.version("goes-on")?;
    home::put(log, "goes-on", version, "on").context("appending afterwards")?;
    let events = log.read_stream("goes-on").context("reading afterwards")?;
    ensure!(events.len() as u64 == version + 1, "what was appended afterwards isn't there");
    Ok(())
}

/// A hash in a line.
#[must_use]
pub fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Hash> {
    let mut hash = [0; 32];
    for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    (text.len() == 64).then_some(hash)
}
