//! Sends each act on an answer to its use case.

use crate::petition::{
    answer::{Act, give, handover, process, withdrawal},
    command::Now,
    event::Event,
    refusal::Refusal,
    state::Petition,
};

pub(in crate::petition) fn decide(petition: &Petition, act: Act, now: &Now) -> Result<Vec<Event>, Refusal> {
    match act {
        Act::HandOver { by, handover } => handover::hand_over(petition, &by, handover, now),
        Act::Receive { by, part, case } => handover::receive(petition, &by, part, case, now),
        Act::Refuse { by, part } => handover::refuse(petition, &by, part, now),
        Act::Refer { by, part, handover } => handover::refer(petition, &by, part, handover, now),
        Act::Ask { by, part, question, reply_by } => {
            process::ask(petition, &by, part, question, reply_by, now)
        }
        Act::Reply { proof, part, text } => process::reply(petition, proof, part, text, now),
        Act::Give { by, part, outcome, text, link } => {
            give::give(petition, &by, part, (outcome, text, link), now)
        }
        Act::Reopen { by, part, why } => give::reopen(petition, &by, part, why, now),
        Act::FollowUp { by, on, text } => give::follow_up(petition, &by, on, text, now),
        Act::DecideWithdrawal { by, grant } => withdrawal::decide(petition, &by, grant, now),
        Act::TellSigners { told, upto, finished } => {
            Ok(withdrawal::tell(petition, told, (upto, finished), now))
        }
    }
}
