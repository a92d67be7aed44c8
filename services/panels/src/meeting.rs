//! A meeting (stream `meeting-<id>`) of a panel, of an area or of a dialogue: planned, held or cancelled; with notes, documents, and
//! points that were raised and answered.

pub mod command;
pub mod decide;
pub mod event;
pub mod refusal;
pub mod state;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Command};
pub use event::{Attended, Event, Texts};
pub use refusal::{Field, Refusal};
pub use state::{Meeting, Phase, State};

/// Drives the rules of meetings.
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
        state.evolve(event);
    }
}
