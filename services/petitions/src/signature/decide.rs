//! Sends each command to its use case.

use crate::signature::{
    command::{Act, Command},
    confirm, erase,
    event::Event,
    official,
    refusal::Refusal,
    request, sign, signer,
    state::State,
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { at, petition, act } = command;
    match act {
        Act::Request(asked) => request::request(state, *asked, &petition, at),
        Act::Sign(asked) => sign::sign(state, *asked, &petition, at),
        Act::Confirm { item, suspicion } => confirm::confirm(state, item, suspicion, &petition, at),
        Act::Expire { item } => confirm::expire(state, item, at),
        Act::Withdraw { item } => signer::withdraw(state, item, &petition, at),
        Act::WithdrawFor { item, name, helper } => {
            signer::withdraw_for(state, item, name, &helper, &petition, at)
        }
        Act::ChangeName { item, shown } => signer::change_name(state, item, &shown, &petition, at),
        Act::ChangeNameFor { item, name, shown, helper } => {
            signer::change_name_for(state, (item, name), &shown, &helper, &petition, at)
        }
        Act::Supersede { item } => signer::supersede(state, item, at),
        Act::Reinstate { item } => signer::reinstate(state, item, &petition, at),
        Act::Suspect { item, by } => official::suspect(state, item, by, &petition, at),
        Act::Clear { item, by } => official::clear(state, item, by, &petition, at),
        Act::Invalidate { item, by, batch } => official::invalidate(state, item, by, batch, &petition, at),
        Act::Restore { item, by, batch } => official::restore(state, item, by, batch, &petition, at),
        Act::Erase { item, by, second } => erase::erase(state, item, by, second, &petition, at),
    }
}
