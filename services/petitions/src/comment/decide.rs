//! Sends each command to its use case.

use crate::comment::{
    command::{Act, Command},
    event::Event,
    moderate, own,
    refusal::Refusal,
    state::State,
    write,
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { now, petition, terms, act } = command;
    match act {
        Act::Submit(remark) => write::submit(state, *remark, &petition, &terms, now.at),
        Act::Make(remark) => write::make(state, *remark, &petition, &terms, &now),
        Act::Confirm { item } => own::confirm(state, item, &petition, &terms, &now),
        Act::Expire { item } => own::expire(state, item, now.at),
        Act::Approve { item, by } => moderate::approve(state, item, by, &petition, now.at),
        Act::Refuse { item, verdict } => moderate::refuse(state, item, verdict, &petition, now.at),
        Act::Restore { item, by } => moderate::restore(state, item, by, &petition, now.at),
        Act::Report { item, who, reason } => moderate::report(state, item, who, reason, &petition, now.at),
        Act::Withdraw { item } => own::withdraw(state, item, now.at),
        Act::WithdrawFor { item, citizen, name, helper } => {
            own::withdraw_for(state, (item, citizen, &name), &helper, &petition, now.at)
        }
        Act::Erase { item, by, second } => moderate::erase(state, item, by, second, &petition, now.at),
    }
}
