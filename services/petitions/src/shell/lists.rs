//! Commands to the lists, and the lists at hand.

use std::sync::{Arc, PoisonError};

use radslag_kernel::{Actor, AggregateId, Decider as _, ItemId};
use radslag_runtime::{
    execute::{Happening, Plan, Stop, Undone, execute},
    service::{Failure, Loaded, load},
};

use crate::{
    event::Event,
    lists::{self, Effect, Kind},
    shell::{Asked, Done, Office, Petitions, Wrong, petition::Staff},
};

/// What an official wants of the lists.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// A new entry.
    Add {
        /// What it does.
        effect: Effect,
        /// What it is about.
        kind: Kind,
        /// Whom.
        pattern: String,
    },
    /// An entry gone.
    Remove(ItemId),
}

impl Office {
    /// The lists and their version, from memory while nobody changed them.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn lists(&self) -> Result<(u64, Arc<lists::State>), Failure> {
        let version = self.log.version(lists::STREAM)?;
        let mut at_hand = self.lists_at_hand.lock().unwrap_or_else(PoisonError::into_inner);
        if at_hand.0 != version {
            let loaded = load::<Petitions>(&self.log, lists::STREAM)?;
            *at_hand = (loaded.version, Arc::new(fold(&loaded)));
        }
        Ok(at_hand.clone())
    }

    /// Changes the lists. A new entry's item follows from the command's id, so that the same command adds one entry.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn keep_lists(
        &self,
        asked: &Asked,
        staff: &Staff<'_>,
        wanted: &Wanted,
    ) -> Result<(ItemId, Done), Undone<Wrong>> {
        let actor = Actor { role: staff.role, subject: self.staff(staff.subject) };
        let made = ItemId::from_bytes(*self.commands.aggregate(asked.command).as_bytes());
        let done = execute::<Petitions, Wrong>(&self.log, asked, |at| {
            let loaded = asked.load::<Petitions, _>(&self.log, lists::STREAM)?;
            let new = self.log.vault().reserve();
            let (act, keys) = match wanted {
                Wanted::Add { effect, kind, pattern } => {
                    let (key, pattern) = (new.reference, pattern.clone());
                    let act = lists::Act::Add { item: made, key, effect: *effect, kind: *kind, pattern };
                    (act, vec![new])
                }
                Wanted::Remove(item) => (lists::Act::Remove { item: *item }, Vec::new()),
            };
            let command = lists::Command { at, by: actor.subject, ground: staff.ground.clone(), act };
            let events = lists::Decider::decide(&fold(&loaded), command).map_err(Stop::refused)?;
            let digest_under = keys.first().map(|new| new.reference);
            let events = events
                .into_iter()
                .map(|event| Happening::of(AggregateId::default(), None, actor, Event::List(event)))
                .collect();
            Ok(Plan { keys, digest_under, ..Plan::of(lists::STREAM, loaded.version, events) })
        })
        .await?;
        Ok((made, done))
    }
}

fn fold(loaded: &Loaded<Event>) -> lists::State {
    let events = loaded.events.iter().filter_map(|recorded| recorded.event.list());
    lists::Decider::fold(events)
}
