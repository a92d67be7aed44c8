//! A mailbox's subscription to a list (stream `subscription-<tag of list and mailbox>`): asked for by anybody, confirmed by
//! who has the mailbox, ended by one click. The address stands sealed under a key of the request's own, which its end
//! destroys. Asking always writes one event of one shape.

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
pub use state::{Request, Standing, State};

/// How long a request can be confirmed.
pub const CONFIRM_HOURS: u64 = 72;

/// The list of news about everything.
pub const NEWSLETTER: &str = "newsletter";

/// Drives the rules of subscriptions.
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
