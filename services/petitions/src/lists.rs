//! Block and allow lists of a tenant (stream `lists`): networks, mail domains and mailboxes, by CIDR and glob. An entry is
//! added and removed by officials with a ground; its pattern may point at a person, so it is sealed under a key of its own.

pub mod command;
pub mod decide;
pub mod event;
pub mod pattern;
pub mod refusal;
pub mod state;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Command};
pub use event::Event;
pub use pattern::{Kind, Pattern, Submitter};
pub use refusal::Refusal;
pub use state::{Effect, Entry, State, Verdict};

/// The stream.
pub const STREAM: &str = "lists";

/// Drives the lists' rules.
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
