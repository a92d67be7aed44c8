//! The links that were sent to a mailbox, and what became of each.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use crate::session::event::{Asker, Event};

/// Where a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not used.
    Requested,
    /// Used: a session, until then at most.
    Open {
        /// When it ends by itself.
        until: Instant,
    },
    /// Its holder logged out.
    Ended,
    /// Never used.
    Expired,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its own; the session it opens has the same.
    pub item: ItemId,
    /// What its address is sealed under.
    pub key: KeyRef,
    /// When it was asked for.
    pub at: Instant,
    /// When it can't be used any more.
    pub expires_at: Instant,
    /// Who asked; gone once it was used or its time was up.
    pub asker: Opened<Asker>,
    /// Where it stands.
    pub standing: Standing,
}

/// A mailbox's links, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// All of them.
    pub links: Vec<Link>,
}

impl State {
    /// A link by its item.
    #[must_use]
    pub fn link(&self, item: ItemId) -> Option<&Link> {
        self.links.iter().find(|link| link.item == item)
    }

    /// Whether a session goes on.
    #[must_use]
    pub fn is_open(&self, item: ItemId, now: Instant) -> bool {
        self.link(item).is_some_and(|link| matches!(link.standing, Standing::Open { until } if now < until))
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        let standing = match event {
            Event::Requested { at, item, key, expires_at, asker } => {
                let (asker, standing) = (asker.clone(), Standing::Requested);
                self.links.push(Link {
                    item: *item,
                    key: *key,
                    at: *at,
                    expires_at: *expires_at,
                    asker,
                    standing,
                });
                return;
            }
            Event::Opened { until, .. } => Standing::Open { until: *until },
            Event::Ended { .. } => Standing::Ended,
            Event::Expired { .. } => Standing::Expired,
        };
        if let Some(link) = self.links.iter_mut().find(|link| link.item == event.item()) {
            link.standing = standing;
            if !event.erases().is_empty() {
                link.asker = Opened::Gone;
            }
        }
    }
}
