//! One-time links to a mailbox and the sessions they open (stream `session-<tag>`, the tag of the mailbox under a key of
//! the service, which no petition's tags can be joined with). A link is good for a quarter of an hour and once; the
//! address is destroyed as soon as it was used or its time is up. Who may do what with a session is decided elsewhere.

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
pub use event::{Asker, Event};
pub use refusal::Refusal;
pub use state::{Link, Standing, State};

/// How long a link can be used.
pub const LINK_MINUTES: u64 = 15;

/// Drives the rules of links and sessions.
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
