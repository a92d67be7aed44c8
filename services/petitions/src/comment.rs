//! Comments on a petition. The stream is one author's page, `comment-<petition>-<tag>`, where the tag is of their eID or
//! mailbox: so what one mailbox asks for too often is known without a table, and nobody else's comments are touched.

pub mod command;
mod decide;
pub mod event;
mod evolve;
mod moderate;
mod own;
pub mod refusal;
pub mod state;
mod write;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Command, Parent, Remark, Verdict};
pub use event::{Author, Event, Facts, Outcome, Said, Submission};
pub use refusal::Refusal;
pub use state::{Comment, Standing, State};

/// Drives the rules of an author's page.
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
