//! A letter to all who subscribe to a list (stream `mailing-<id>`): written, started by somebody else if it goes to many,
//! planned step by step so that a crash neither repeats nor forgets anybody, and ended by any change of its text.

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
pub use event::{Event, Progress, Text};
pub use refusal::Refusal;
pub use state::{Mailing, Standing, State};

/// To more than so many it takes two: who started it isn't who wrote it.
pub const FOUR_EYES_OVER: u64 = 100;

/// Drives the rules of mailings.
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
