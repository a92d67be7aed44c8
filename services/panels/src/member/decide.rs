//! Which rule a command to a person's page comes to.

use crate::member::{
    answering, coming,
    command::{Act, Command},
    event::Event,
    leaving,
    refusal::Refusal,
    state::State,
};

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { at, panel, act } = command;
    match act {
        Act::Submit { new } => coming::submit(state, (at, &panel), new),
        Act::Confirm { item } => coming::confirm(state, (at, &panel), item),
        Act::Join { new, assisted } => coming::join(state, (at, &panel), new, assisted),
        Act::Volunteer { new } => coming::volunteer(state, (at, &panel), new),
        Act::Invite { new, draw, number, expires_at } => {
            coming::invite(state, (at, &panel), new, (draw, number, expires_at))
        }
        Act::Offer { item, draw, number, expires_at } => {
            answering::offer(state, at, item, (draw, number, Some(expires_at)))
        }
        Act::Reserve { item, draw, number } => answering::offer(state, at, item, (draw, number, None)),
        Act::Answer { item, accepted, said, assisted } => {
            answering::answer(state, (at, &panel), (item, accepted), said, assisted)
        }
        Act::Expire { item } => answering::expire(state, at, item),
        Act::Pause { item, assisted } => leaving::pause(state, at, item, assisted),
        Act::Resume { item, assisted } => leaving::resume(state, at, item, assisted),
        Act::Leave { item, reason, assisted } => leaving::leave(state, at, (item, reason), assisted),
        Act::Remove { item, ground } => leaving::remove(state, (at, &panel), item, ground),
        Act::Replace { item, by } => leaving::replace(state, at, item, by),
        Act::Correct { item, person, tags } => coming::correct(state, (at, &panel), item, (person, tags)),
        Act::Renew { item, assisted } => leaving::renew(state, (at, &panel), item, assisted),
        Act::Erase { item } => leaving::erase(state, at, item),
    }
}
