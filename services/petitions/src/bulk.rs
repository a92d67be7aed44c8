//! Bulk invalidation (stream `bulk-<id>`): every counted signature that meets conditions is struck out, in chunks, under
//! one ground. Prepared with a count, started by one official or two, cancelled or undone; nothing is deleted.

pub mod command;
pub mod conditions;
mod decide;
pub mod event;
mod evolve;
pub mod refusal;
pub mod state;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Command, Prepare};
pub use conditions::{Candidate, Conditions, Network};
pub use event::{Correction, Cursor, Event, Prepared, Side};
pub use refusal::Refusal;
pub use state::{Bulk, Phase, State};

/// As many as one official may strike out, or restore, alone.
pub const ALONE: u64 = 100;

/// Drives its rules.
#[derive(Clone, Copy, Debug)]
pub enum Decider {}

impl radslag_kernel::Decider for Decider {
    type State = State;
    type Command = Command;
    type Event = Event;
    type Refusal = Refusal;

    fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
        decide::decide(state, command)
    }

    fn evolve(state: &mut State, event: &Event) {
        evolve::evolve(state, event);
    }
}
