//! Every petition's count in memory, for ten thousand polls a second: what the read tables say, kept by the same events.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use radslag_kernel::{AggregateId, Recorded};
use tokio::sync::watch;

use crate::{Event, petition, shell::trend::Trend};

/// A petition's count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Signatures counted.
    pub count: i64,
    /// Votes against, where they are taken.
    pub against: Option<i64>,
    /// Origin and position of the event that changed it last.
    pub position: Option<(u32, u64)>,
    /// Events in the petition's own stream.
    pub version: u64,
    /// Everybody may see it.
    pub public: bool,
}

/// All of them, what the last hour brought, and a bell that rings when any changed.
#[derive(Default)]
pub struct Counts {
    all: RwLock<HashMap<AggregateId, Count>>,
    /// The last hour's.
    pub trend: Trend,
    bell: watch::Sender<u64>,
}

impl Counts {
    /// Of a petition that the tables know.
    #[must_use]
    pub fn get(&self, petition: AggregateId) -> Option<Count> {
        self.read().get(&petition).copied()
    }

    /// Changes whenever some count may have.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// Those whose count changed at or after a position.
    #[must_use]
    pub fn changed_since(&self, position: u64) -> Vec<AggregateId> {
        let since = |count: &Count| count.position.is_some_and(|(_, changed)| changed >= position);
        self.read().iter().filter(|(_, count)| since(count)).map(|(petition, _)| *petition).collect()
    }

    /// From the tables, at the start.
    pub fn load(&self, rows: impl IntoIterator<Item = (AggregateId, Count)>) {
        self.all.write().unwrap_or_else(PoisonError::into_inner).extend(rows);
    }

    /// After the tables have taken events in.
    pub fn take(&self, events: &[Recorded<Event>]) {
        let mut counts = self.all.write().unwrap_or_else(PoisonError::into_inner);
        for recorded in events {
            let position = Some((recorded.origin, recorded.position));
            match &recorded.event {
                Event::Petition(event) => {
                    let count = counts.entry(recorded.aggregate).or_default();
                    count.version = recorded.version;
                    count.public = shown(event).unwrap_or(count.public);
                    if matches!(event, petition::Event::Submitted(submitted) if submitted.policy.votes_against)
                    {
                        count.against = Some(0);
                    }
                    if matches!(event, petition::Event::Opened { initiator_counts: true, .. }) {
                        (count.count, count.position) = (count.count + 1, position);
                    }
                }
                Event::Signature(event) if event.counts() => {
                    let count = counts.entry(recorded.aggregate).or_default();
                    (count.count, count.position) = (count.count + i64::from(event.delta()), position);
                    count.against = count.against.map(|against| against + i64::from(event.delta_against()));
                }
                Event::Signature(_)
                | Event::Register(_)
                | Event::Moderation(_)
                | Event::Signing(_)
                | Event::List(_)
                | Event::Bulk(_)
                | Event::Paper(_)
                | Event::Session(_)
                | Event::Comment(_)
                | Event::Inquiry(_)
                | Event::Objection(_) => {}
            }
        }
        drop(counts);
        self.trend.take(events);
        self.bell.send_modify(|rung| *rung += 1);
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<AggregateId, Count>> {
        self.all.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an event changes about who may see the count.
const fn shown(event: &petition::Event) -> Option<bool> {
    use petition::{
        Event, Fate,
        course::Event::{Reopened, Restored, TakenDown},
    };
    match event {
        Event::Opened { .. }
        | Event::Rejected { .. }
        | Event::Course(Reopened { .. } | TakenDown { fate: Fate::Rejected, .. }) => Some(true),
        Event::Course(TakenDown { fate: Fate::Hidden | Fate::Removed, .. } | Restored { .. }) => Some(false),
        _ => None,
    }
}
