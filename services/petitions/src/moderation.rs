//! What moderators keep beside a petition in review: who holds it, and notes that nobody else reads. Stream
//! `moderation-<petition>`. Every event has one public type, so that not even the number of notes can be told from locks.

mod decide;
pub mod event;
pub mod refusal;
pub mod report;
pub mod state;

#[cfg(test)]
mod tests;

pub use decide::{Act, Command, LOCK_MINUTES};
pub use event::{Entry, Event};
pub use refusal::Refusal;
pub use state::{Lock, Note, State};

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
        state.take(event);
    }
}
