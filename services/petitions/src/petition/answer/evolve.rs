//! What an event makes of an answer. Never fails: an event that doesn't fit leaves it as it was.

use radslag_kernel::{Date, Opened};

use crate::petition::answer::{
    event::{Event, Told, What},
    state::{Part, Stage, State, Telling},
};

pub(in crate::petition) fn evolve(state: &mut State, event: &Event) {
    match &event.what {
        What::Sent { overdue_at, answer_by, committee, .. } => {
            // Whoever handed it over wants an answer, also where no threshold asks for one.
            state.due = true;
            state.parts.push(Part {
                number: event.part,
                committee: committee.clone(),
                stage: Stage::Sent { overdue_at: *overdue_at, alarmed: false },
                answer_by: *answer_by,
                question: Opened::Gone,
                versions: 0,
            });
        }
        What::Received { answer_by, .. }
        | What::Replied { answer_by, .. }
        | What::ReplyMissing { answer_by } => work(state, event.part, *answer_by),
        What::Reopened { answer_by, .. } => {
            work(state, event.part, *answer_by);
            state.told = false;
        }
        What::Refused => move_to(state, event.part, Stage::Refused),
        What::Overdue => with(state, event.part, |part| {
            if let Stage::Sent { alarmed, .. } = &mut part.stage {
                *alarmed = true;
            }
        }),
        What::Referred => move_to(state, event.part, Stage::Referred),
        What::Asked { asked_on, reply_by, reply_until, question } => with(state, event.part, |part| {
            let (asked_on, reply_by, reply_until) = (*asked_on, *reply_by, *reply_until);
            part.stage = Stage::Awaiting { asked_on, reply_by, reply_until };
            part.question = question.clone();
        }),
        What::Given { version, .. } => {
            with(state, event.part, |part| {
                part.stage = Stage::Answered;
                part.versions = *version;
            });
            state.told = false;
        }
        What::FollowedUp { number, .. } => {
            state.follow_ups = *number;
            state.told = true;
        }
        What::WithdrawalRequested { .. } => {
            state.withdrawal = true;
            state.telling = Some(news(Told::Requested, event));
        }
        What::WithdrawalDeclined => {
            state.withdrawal = false;
            state.telling = Some(news(Told::Declined, event));
        }
        What::WithdrawalGranted { .. } => {
            *state = State { telling: Some(news(Told::Granted, event)), ..State::default() };
        }
        What::SignersTold { upto, finished, .. } => {
            state.telling = state.telling.filter(|_| !finished).map(|told| Telling { upto: *upto, ..told });
        }
    }
}

const fn news(about: Told, event: &Event) -> Telling {
    Telling { about, since: event.at, upto: 0 }
}

fn with(state: &mut State, number: u32, change: impl FnOnce(&mut Part)) {
    if let Some(part) = state.parts.iter_mut().find(|part| part.number == number) {
        change(part);
    }
}

fn move_to(state: &mut State, number: u32, stage: Stage) {
    with(state, number, |part| part.stage = stage);
}

fn work(state: &mut State, number: u32, answer_by: Option<Date>) {
    with(state, number, |part| {
        part.stage = Stage::InProcess;
        part.answer_by = answer_by;
    });
}
