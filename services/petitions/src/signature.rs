//! Signatures: a mailbox's page in a petition (`mailbox-<petition>-<tag>`, at most two slots), or an eID's
//! (`eid-<petition>-<tag>`, one). Rules compare tags, never plain text, so they work after an erasure.

pub mod command;
mod confirm;
mod decide;
mod erase;
pub mod event;
mod evolve;
pub mod facts;
mod official;
pub mod refusal;
mod request;
mod sign;
mod signer;
pub mod state;
pub mod view;

#[cfg(test)]
mod histories;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use command::{Act, Command, Request, Shown, SignerTags};
pub use event::{Event, Public, Signer, Submission};
pub use facts::{Facts, Outcome};
pub use refusal::Refusal;
pub use state::{Pending, Slot, Standing, State};
pub use view::{Signing, View};

/// Drives a page's rules.
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
