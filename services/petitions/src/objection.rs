//! Objections: a decision is decided again by somebody else. The stream is the contested decision's,
//! `objection-<event id>`, so that there is one objection to each, whatever it is about. What a changed decision comes to
//! is written by the decider of what it was about, in the same append.

pub mod command;
mod decide;
pub mod event;
pub mod refusal;
pub mod state;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Command, Contested};
pub use event::{About, Event, Objector, Outcome};
pub use refusal::Refusal;
pub use state::{Objection, State};

/// Drives the rules of objections.
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
