//! The walk over a whole log, once: every entry into the tree, every tile compared with it, every checkpoint compared at
//! its size, every petition counted.

use std::sync::mpsc::Receiver;

use anyhow::Result;
use radslag_evidence::{
    Checkpoint, Hash, Tree,
    tile::{HEIGHT, LEVELS, Of, Tile, WIDTH},
};
use radslag_petitions::recount::{Fault, Recount, What as Said};

use super::{
    bundles::{self, Handed},
    disclosed::Disclosing,
    figures::Published,
    findings::{Difference, Found, What},
    items::Items,
    lives::Lives,
    notes,
    source::Reading,
};

/// A chain whose next checkpoint is looked at before it is due.
pub(crate) struct Chain {
    from: Receiver<Result<Checkpoint, Difference>>,
    next: Option<Checkpoint>,
    last: Option<u64>,
    count: u64,
}

impl Chain {
    pub(crate) fn new(from: Receiver<Result<Checkpoint, Difference>>, found: &mut Found) -> Self {
        let mut chain = Self { from, next: None, last: None, count: 0 };
        chain.advance(found);
        chain
    }

    fn advance(&mut self, found: &mut Found) {
        self.next = None;
        while let Ok(checked) = self.from.recv() {
            match checked {
                Ok(checkpoint) => {
                    self.next = Some(checkpoint);
                    return;
                }
                Err(difference) => found.differs(difference),
            }
        }
    }

    /// Compares the checkpoint of this size, if there is one.
    fn compare(&mut self, tree: &Tree, found: &mut Found) {
        while let Some(due) = self.next.take_if(|next| next.size <= tree.size()) {
            (self.last, self.count) = (Some(due.size), self.count + 1);
            if due.root != tree.root() {
                let detail = format!("the root it signs over {} entries isn't theirs", due.size);
                found.differs(
                    Difference::new(What::ChainRoot, notes::FILE, detail).at(due.size.saturating_sub(1)),
                );
            }
            self.advance(found);
        }
    }

    /// What is wrong with the checkpoints alone, where no tree can be compared with them any more.
    fn drain(mut self, found: &mut Found) {
        while self.next.is_some() {
            self.advance(found);
        }
    }

    /// Whether it led to the newest checkpoint.
    fn end(self, size: u64, found: &mut Found) {
        found.checkpoints = Some(self.count);
        if self.last != Some(size) {
            let last = self.last.map_or_else(|| "nowhere".to_owned(), |last| format!("to {last} entries"));
            let detail = format!("it leads {last}, the newest checkpoint has {size}");
            found.differs(Difference::new(What::ChainEnd, notes::FILE, detail));
        }
    }
}

/// What is compared on the way.
pub(crate) struct Walk {
    /// What was signed for.
    pub(crate) checkpoint: Checkpoint,
    /// Reads tiles above the lowest.
    pub(crate) reading: Reading,
    /// All checkpoints.
    pub(crate) chain: Option<Chain>,
    /// What it signed before a loss was accepted.
    pub(crate) lives: Option<Lives>,
    /// An earlier checkpoint, that must be of the same history.
    pub(crate) remembered: Option<Checkpoint>,
    /// What is public now and was sealed.
    pub(crate) disclosing: Option<Disclosing>,
    /// What is published.
    pub(crate) published: Option<Published>,
    tree: Tree,
    levels: Vec<Vec<Hash>>,
    recount: Recount,
    items: Items,
}

impl Walk {
    pub(crate) fn new(checkpoint: Checkpoint, reading: Reading, lives: Lives) -> Self {
        Self {
            checkpoint,
            reading,
            chain: None,
            lives: Some(lives),
            remembered: None,
            disclosing: None,
            published: None,
            tree: Tree::default(),
            levels: vec![Vec::new(); usize::from(LEVELS) + 1],
            recount: Recount::default(),
            items: Items::default(),
        }
    }

    /// Walks; whether the remembered checkpoint is contradicted.
    pub(crate) fn run(
        mut self,
        lanes: &[Receiver<Handed>],
        found: &mut Found,
        progress: &dyn Fn(u64, u64),
    ) -> Result<bool> {
        let size = self.checkpoint.size;
        let mut forked = self.reached(found);
        for number in 0..size.div_ceil(WIDTH) {
            let handed = lanes[(number % lanes.len() as u64) as usize].recv();
            let bundle = match handed {
                Ok(Ok(bundle)) => bundle,
                Ok(Err(difference)) => {
                    found.differs(difference);
                    if let Some(chain) = self.chain.take() {
                        chain.drain(found);
                    }
                    return self.stopped(found).map(|()| forked);
                }
                Err(_) => anyhow::bail!("a thread that reads ended"),
            };
            bundle.differences.into_iter().for_each(|difference| found.differs(difference));
            if let Some(lives) = &mut self.lives {
                bundle.accepted.into_iter().for_each(|accepted| lives.accept(accepted));
            }
            if let Some(disclosing) = &mut self.disclosing {
                bundle.committed.iter().for_each(|committed| disclosing.compare(committed, found));
            }
            let mut facts = bundle.facts.into_iter().peekable();
            for leaf in bundle.leaves {
                let position = self.tree.size();
                self.grow(leaf, found);
                while let Some(fact) = facts.next_if(|fact| fact.position <= position) {
                    if let Said::Signature(item, act, against) = &fact.what {
                        self.items.take(fact.petition, *item, position, (*act, *against))?;
                    }
                    let mut faults = Vec::new();
                    self.recount.take(&fact, &mut faults);
                    faults.into_iter().for_each(|fault| found.differs(recounted(fault)));
                }
                forked |= self.reached(found);
            }
            (found.entries, found.tiles) = (self.tree.size(), found.tiles + 2);
            progress(self.tree.size(), size);
        }
        self.last_tiles(found);
        if self.tree.root() != self.checkpoint.root {
            let detail = format!("the tiles of {size} entries lead to another root than the one signed");
            found.differs(Difference::new(What::Root, "checkpoint", detail));
        }
        if let Some(chain) = self.chain.take() {
            chain.end(size, found);
        }
        let lives = std::mem::take(&mut self.lives);
        forked |= lives.is_some_and(|lives| lives.end(found));
        self.stopped(found).map(|()| forked)
    }

    /// What holds after so many entries.
    fn reached(&mut self, found: &mut Found) -> bool {
        let size = self.tree.size();
        if let Some(chain) = &mut self.chain {
            chain.compare(&self.tree, found);
        }
        if let Some(lives) = &mut self.lives {
            lives.compare(&self.tree, found);
        }
        if let Some(published) = &mut self.published {
            published.compare(size, &self.recount, found);
        }
        let then = self.remembered.as_ref().filter(|then| then.size == size);
        let forked = then.is_some_and(|then| then.root != self.tree.root());
        if forked {
            let detail = "the entries that were remembered aren't those it begins with now";
            found.differs(Difference::new(What::Fork, "checkpoint", detail));
        }
        forked
    }

    fn grow(&mut self, leaf: Hash, found: &mut Found) {
        let (levels, mut full) = (&mut self.levels, Vec::new());
        self.tree.push(leaf, |height, root| {
            let level = (height / HEIGHT) as usize;
            if height % HEIGHT == 0 && level < levels.len() {
                levels[level].push(root);
                if levels[level].len() == WIDTH as usize {
                    full.push(level);
                }
            }
        });
        full.into_iter().for_each(|level| self.tile(level, found));
    }

    /// The last tile of each level, where it isn't whole.
    fn last_tiles(&mut self, found: &mut Found) {
        for level in 1..usize::from(LEVELS) {
            if !self.levels[level].is_empty() {
                self.tile(level, found);
            }
        }
    }

    /// Compares a tile with the roots of the tiles below it.
    fn tile(&mut self, level: usize, found: &mut Found) {
        let counted = std::mem::take(&mut self.levels[level]);
        let all = self.tree.size() >> (level as u32 * HEIGHT);
        let number = (all - counted.len() as u64) / WIDTH;
        let tile = Tile { of: Of::Hashes(level as u8), number, width: counted.len() as u16 };
        let below = |index: u64| ((number * WIDTH) + index) << (level as u32 * HEIGHT);
        found.tiles += 1;
        match bundles::hashes(&mut self.reading, tile) {
            Err(difference) => found.differs(difference.at(below(0))),
            Ok(kept) => {
                let wrong = kept.iter().zip(&counted).position(|(kept, counted)| kept != counted);
                if let Some(index) = wrong {
                    let detail = format!("its hash {index} isn't that of the tile below");
                    let wrong = Difference::new(What::TileHash, bundles::name(tile), detail);
                    found.differs(wrong.at(below(index as u64)));
                }
            }
        }
    }

    /// What can be said of what was walked.
    fn stopped(self, found: &mut Found) -> Result<()> {
        found.petitions = self.recount.petitions();
        (found.published_held, found.published_passed) = (self.recount.held, self.recount.passed);
        found.signature_acts = self.items.acts;
        self.items.check()?.into_iter().for_each(|difference| found.differs(difference));
        Ok(())
    }
}

fn recounted(Fault { position, why }: Fault) -> Difference {
    Difference::new(What::Recount, "", why).at(position)
}
