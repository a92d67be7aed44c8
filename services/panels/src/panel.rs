//! A panel (stream `panel-<id>`): planned, decided, recruiting, at work, at rest, ended; with what is imported for it
//! (`import`) and drawn for it (`draw`), one draw at a time.

pub mod command;
pub mod course;
pub mod decide;
pub mod draw;
pub mod event;
pub mod import;
pub mod plan;
pub mod refusal;
pub mod state;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, By, Command};
pub use event::{Event, Texts, Told};
pub use refusal::{Field, Refusal};
pub use state::{Decided, Keys, Panel, Phase, Replacement, State};

/// Drives the rules of panels.
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
