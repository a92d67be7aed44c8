//! Sends each command to its use case, after whatever was due by then: a late timer never gives extra hours.

use crate::petition::{
    answer, attached, classify, coinitiator,
    command::{Act, Command, Official},
    electorate, erase,
    event::Event,
    handin, hearing, lapse, redirect,
    refusal::Refusal,
    review,
    state::{Filed, Petition, State},
    supporters, takedown, threshold, withdraw,
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { now, act } = command;
    let mut state = state.clone();
    let mut events = Vec::new();
    lapse::catch_up(&mut state, &now, &mut events);
    let decided = match act {
        Act::SaveDraft { owner, key, content, policy, dialogue } => {
            handin::save(state.0.as_ref(), owner, key, content, &policy, dialogue, &now)?
        }
        Act::Submit(handed) => handin::submit(state.0.as_ref(), *handed, &now)?,
        Act::ConfirmInitiator { proof } => handin::confirm(known(&state)?, proof, &now)?,
        Act::Resubmit { proof, content } => handin::resubmit(known(&state)?, proof, content, &now)?,
        Act::Return(verdict) => review::return_it(known(&state)?, verdict, &now)?,
        Act::Reject(verdict) => review::reject(known(&state)?, verdict, now.at)?,
        Act::Hide(verdict) => review::hide(known(&state)?, verdict, now.at)?,
        Act::Approve { by, opens_on, url_key, taken } => {
            review::approve(known(&state)?, &by, opens_on, url_key, taken, &now)?
        }
        Act::Withdraw { proof, reason } => withdraw::withdraw(known(&state)?, proof, reason, now.at)?,
        Act::WithdrawFor { citizen, name, reason, helper } => {
            withdraw::withdraw_for(known(&state)?, (citizen, name), reason, &helper, now.at)?
        }
        Act::TakeDown { verdict, role, second, fate } => {
            takedown::take_down(known(&state)?, verdict, role, second, fate, now.at)?
        }
        Act::Restore { by, role } => takedown::restore(known(&state)?, &by, role, &now)?,
        Act::Overturn { by } => takedown::overturn(known(&state)?, &by, &now)?,
        Act::Support(asked) => supporters::support(known(&state)?, *asked, &now)?,
        Act::ConfirmSupport { item, proof } => supporters::confirm(known(&state)?, item, proof, &now)?,
        Act::StrikeSupporter { by, item } => supporters::strike(known(&state)?, item, &by, &now)?,
        Act::EraseSupporter { by, second, item } => {
            supporters::erase(known(&state)?, item, &by, second, now.at)?
        }
        Act::FixElectorate { by, voters } => electorate::fix(known(&state)?, &by, voters, now.at)?,
        Act::Classify { by, classes, unknown } => {
            classify::classify(known(&state)?, &by, classes, unknown, now.at)?
        }
        Act::ProposeRedirect { by, instead, to } => {
            redirect::propose(known(&state)?, &by, instead, to, now.at)?
        }
        Act::AnswerRedirect { proof, accept } => redirect::answer(known(&state)?, proof, accept, now.at)?,
        Act::NameCoinitiator { proof, named } => coinitiator::name(known(&state)?, proof, *named, &now)?,
        Act::RevokeCoinitiator { proof } => coinitiator::revoke(known(&state)?, proof, now.at)?,
        Act::AsCoinitiator { item, proof, act } => {
            coinitiator::act(known(&state)?, item, proof, act, now.at)?
        }
        Act::Attach { proof, file } => attached::attach(known(&state)?, proof, *file, now.at)?,
        Act::Detach { proof, item, in_hand } => {
            attached::detach(known(&state)?, proof, item, in_hand, now.at)?
        }
        Act::Lapse => Vec::new(),
        Act::ReachThreshold { threshold, count, count_position } => {
            threshold::reach(known(&state)?, threshold, count, count_position, now.at)?
        }
        Act::LoseThreshold { threshold, count, count_position } => {
            threshold::lose(known(&state)?, threshold, count, count_position, now.at)?
        }
        Act::Answer(act) => answer::decide(known(&state)?, act, &now)?,
        Act::Hearing(act) => hearing::decide(known(&state)?, act, now.at)?,
        Act::Erase { by, second, what } => erase::erase(known(&state)?, &by, second, what, now.at)?,
    };
    events.extend(decided);
    Ok(events)
}

fn known(state: &State) -> Result<&Petition, Refusal> {
    state.0.as_ref().ok_or(Refusal::UnknownPetition)
}

/// An official's act has a ground, and isn't about their own petition.
pub(super) fn official(filed: &Filed, by: &Official) -> Result<(), Refusal> {
    if by.signed || filed.concerns(&by.tags) {
        return Err(Refusal::ConflictOfInterest);
    }
    if by.ground.trim().is_empty() {
        return Err(Refusal::GroundMissing);
    }
    Ok(())
}
