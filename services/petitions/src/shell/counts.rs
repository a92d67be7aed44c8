//! Every petition's count in memory, for ten thousand polls a second: what the read tables say, kept by the same events.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use radslag_kernel::{AggregateId, Recorded};

use crate::{Event, petition};

/// A petition's count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Signatures counted.
    pub count: i64,
    /// Origin and position of the event that changed it last.
    pub position: Option<(u32, u64)>,
    /// Events in the petition's own stream.
    pub version: u64,
    /// Everybody may see it.
    pub public: bool,
}

/// All of them.
#[derive(Default)]
pub struct Counts(RwLock<HashMap<AggregateId, Count>>);

impl Counts {
    /// Of a petition that the tables know.
    #[must_use]
    pub fn get(&self, petition: AggregateId) -> Option<Count> {
        self.read().get(&petition).copied()
    }

    /// From the tables, at the start.
    pub fn load(&self, rows: impl IntoIterator<Item = (AggregateId, Count)>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).extend(rows);
    }

    /// After the tables have taken events in.
    pub fn take(&self, events: &[Recorded<Event>]) {
        let mut counts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for recorded in events {
            let position = Some((recorded.origin, recorded.position));
            match &recorded.event {
                Event::Petition(event) => {
                    let count = counts.entry(recorded.aggregate).or_default();
                    count.version = recorded.version;
                    count.public |=
                        matches!(event, petition::Event::Opened { .. } | petition::Event::Rejected { .. });
                    if matches!(event, petition::Event::Opened { initiator_counts: true, .. }) {
                        (count.count, count.position) = (count.count + 1, position);
                    }
                }
                Event::Signature(event) if event.delta() != 0 => {
                    let count = counts.entry(recorded.aggregate).or_default();
                    (count.count, count.position) = (count.count + i64::from(event.delta()), position);
                }
                Event::Signature(_) | Event::Register(_) | Event::Comment(_) | Event::Inquiry(_) => {}
            }
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<AggregateId, Count>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}
