//! The entries that count, and what they say of a submission.

use std::collections::BTreeSet;

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::lists::{
    event::Event,
    pattern::{Kind, Pattern, Submitter},
};

/// What an entry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nothing from there is counted.
    Block,
    /// Many people share it: never over a limit.
    Allow,
}

impl Effect {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Block, Self::Allow];

    /// The word in answers and in the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Allow => "allow",
        }
    }

    /// The one with a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.word() == word)
    }
}

/// An entry that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its own.
    pub item: ItemId,
    /// What it does.
    pub effect: Effect,
    /// What it is about.
    pub kind: Kind,
    /// Whom it is about; gone if its key is.
    pub pattern: Opened<Pattern>,
    /// What it is sealed under.
    pub key: KeyRef,
    /// Why.
    pub ground: Opened<String>,
    /// Who added it.
    pub by: SubjectId,
    /// When.
    pub at: Instant,
}

/// What the lists say of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can't be confirmed.
    Blocked,
    /// It is never over a limit.
    Allowed,
    /// No entry is about it.
    Unlisted,
}

/// Every entry that counts, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State {
    /// Them.
    pub entries: Vec<Entry>,
}

impl State {
    /// Blocks come before allows.
    #[must_use]
    pub fn judge(&self, submitter: &Submitter) -> Verdict {
        let listed = |effect| {
            let mut entries = self.entries.iter().filter(|entry| entry.effect == effect);
            entries.any(|entry| entry.pattern.known().is_some_and(|pattern| pattern.is_about(submitter)))
        };
        if listed(Effect::Block) {
            Verdict::Blocked
        } else if listed(Effect::Allow) {
            Verdict::Allowed
        } else {
            Verdict::Unlisted
        }
    }

    /// Who put a mailbox on a block list; if none names it, it is kept out for its network, and everybody who blocks one
    /// comes into question.
    #[must_use]
    pub fn who_blocks(&self, mailbox: &str) -> Vec<SubjectId> {
        let blocks = || self.entries.iter().filter(|entry| entry.effect == Effect::Block);
        let named = blocks().filter(|entry| entry.pattern.known().is_some_and(|it| it.names(mailbox)));
        let named: BTreeSet<_> = named.map(|entry| entry.by).collect();
        if named.is_empty() {
            let networks = blocks().filter(|entry| entry.kind == Kind::Network).map(|entry| entry.by);
            return networks.collect::<BTreeSet<_>>().into_iter().collect();
        }
        named.into_iter().collect()
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Added { at, item, by, key, effect, kind, pattern, ground } => self.entries.push(Entry {
                item: *item,
                effect: *effect,
                kind: *kind,
                pattern: pattern.clone(),
                key: *key,
                ground: ground.clone(),
                by: *by,
                at: *at,
            }),
            Event::Removed { item, .. } => self.entries.retain(|entry| entry.item != *item),
        }
    }
}
