//! Entries come and go; what is there already isn't added again.

use radslag_kernel::Opened;

use crate::lists::{
    command::{Act, Command},
    event::Event,
    pattern::Pattern,
    refusal::Refusal,
    state::State,
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { at, by, ground, act } = command;
    if ground.trim().is_empty() {
        return Err(Refusal::GroundMissing);
    }
    let ground = Opened::Known(ground);
    match act {
        Act::Add { item, key, effect, kind, pattern } => {
            let pattern = Pattern::parse(kind, &pattern)?;
            let same = |entry: &crate::lists::Entry| {
                entry.effect == effect && entry.pattern.known() == Some(&pattern)
            };
            if state.entries.iter().any(same) {
                return Err(Refusal::AlreadyListed);
            }
            let pattern = Opened::Known(pattern);
            Ok(vec![Event::Added { at, item, by, key, effect, kind, pattern, ground }])
        }
        Act::Remove { item } => {
            let entry = state.entries.iter().find(|entry| entry.item == item);
            let key = entry.ok_or(Refusal::UnknownEntry)?.key;
            Ok(vec![Event::Removed { at, item, by, key, ground }])
        }
    }
}
