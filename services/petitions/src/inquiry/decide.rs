//! Sends each command to its use case.

use crate::{
    inquiry::{
        answer,
        command::{Act, Command},
        event::Event,
        office, own,
        refusal::Refusal,
        state::{Inquiry, State},
    },
    petition::Official,
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { now, act } = command;
    match act {
        Act::Receive(asking) => own::receive(state, *asking, &now),
        Act::Confirm { proof } => own::confirm(known(state)?, proof, &now),
        Act::Expire => own::expire(known(state)?, now.at),
        Act::Accept { by } => office::accept(known(state)?, by, now.at),
        Act::Refuse(verdict) => office::refuse(known(state)?, verdict, now.at),
        Act::Assign { by, to } => office::assign(known(state)?, by, to, &now),
        Act::Answer { by, own, text, public } => answer::answer(known(state)?, by, own, text, public, now.at),
        Act::Reopen { by } => office::reopen(known(state)?, by, &now),
        Act::Close { by } => office::close(known(state)?, by, now.at),
        Act::Withdraw { proof, reason } => own::withdraw(known(state)?, proof, reason, now.at),
        Act::Erase { by, second, what } => office::erase(known(state)?, by, second, what, now.at),
    }
}

fn known(state: &State) -> Result<&Inquiry, Refusal> {
    state.0.as_ref().ok_or(Refusal::UnknownInquiry)
}

/// An official's act has a ground, and isn't about what they asked themselves.
pub(super) fn official(inquiry: &Inquiry, by: &Official) -> Result<(), Refusal> {
    if inquiry.facts.known().is_some_and(|facts| by.tags.contains(&facts.proof)) {
        return Err(Refusal::ConflictOfInterest);
    }
    if by.ground.trim().is_empty() {
        return Err(Refusal::GroundMissing);
    }
    Ok(())
}
