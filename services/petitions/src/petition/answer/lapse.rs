//! What time alone does to an answer: a receipt or a reply that stays away. Whatever becomes of the petition, it is noted
//! once, so that no timer waits for ever.

use radslag_kernel::Instant;

use crate::petition::{
    answer::{
        event::What,
        happened, process,
        state::{Part, Stage},
    },
    event::Event,
    state::Petition,
};

/// Of what is due by `at` in the petition's life and in its answer, what was due first.
pub(in crate::petition) fn first(petition: &Petition, life: Option<Event>, at: Instant) -> Option<Event> {
    let due = petition.answer.parts.iter().filter_map(due).filter(|(due_at, ..)| *due_at <= at);
    let Some((due_at, part, what)) = due.min_by_key(|(due_at, part, _)| (*due_at, *part)) else {
        return life;
    };
    if life.as_ref().is_some_and(|life| life.at() <= due_at) {
        return life;
    }
    happened(petition, due_at, "", [(part, what)]).pop().or(life)
}

/// When time moves a part next, and how.
fn due(part: &Part) -> Option<(Instant, u32, What)> {
    match part.stage {
        Stage::Sent { overdue_at, alarmed: false } => Some((overdue_at, part.number, What::Overdue)),
        Stage::Awaiting { asked_on, reply_by, reply_until } => {
            let answer_by = part.answer_by.map(|date| process::later(date, asked_on, reply_by));
            Some((reply_until, part.number, What::ReplyMissing { answer_by }))
        }
        Stage::Sent { alarmed: true, .. }
        | Stage::Refused
        | Stage::InProcess
        | Stage::Answered
        | Stage::Referred => None,
    }
}
