//! An answer's events as protobuf. Texts are sealed under the record's key, the initiator's reply under theirs.

use prost::Message as _;
use radslag_kernel::{Date, Malformed, Plain, Stored};
use radslag_proto::petitions as proto;

use crate::{
    petition::{
        self, Answer,
        answer::{Event, Outcome, Told, What, Why},
    },
    wire::{
        assisted::{kept_in, kept_out},
        fields::{Fields as _, date_in, instant, text},
    },
};

/// Each type, in the order of `What`.
const KINDS: [&str; 15] = [
    "petition.handover_sent",
    "petition.handover_received",
    "petition.handover_refused",
    "petition.handover_overdue",
    "petition.referred",
    "petition.initiator_asked",
    "petition.initiator_replied",
    "petition.reply_missing",
    "petition.answer_given",
    "petition.answer_reopened",
    "petition.followed_up",
    "petition.withdrawal_requested",
    "petition.withdrawal_granted",
    "petition.withdrawal_declined",
    "petition.signers_told",
];

pub(super) fn is_one(kind: &str) -> bool {
    KINDS.contains(&kind)
}

pub(super) const fn kind(what: &What) -> &'static str {
    let number = match what {
        What::Sent { .. } => 0,
        What::Received { .. } => 1,
        What::Refused => 2,
        What::Overdue => 3,
        What::Referred => 4,
        What::Asked { .. } => 5,
        What::Replied { .. } => 6,
        What::ReplyMissing { .. } => 7,
        What::Given { .. } => 8,
        What::Reopened { .. } => 9,
        What::FollowedUp { .. } => 10,
        What::WithdrawalRequested { .. } => 11,
        What::WithdrawalGranted { .. } => 12,
        What::WithdrawalDeclined => 13,
        What::SignersTold { .. } => 14,
    };
    KINDS[number]
}

pub(super) fn public_out(event: &Event, dialogue_id: Option<Vec<u8>>) -> Vec<u8> {
    let (state, part) = (state_out(event.stands).into(), event.part);
    match &event.what {
        What::Sent { count, against, count_position, overdue_at, answer_by, .. } => {
            proto::PetitionHandoverSent {
                dialogue_id,
                state,
                part,
                count: *count,
                count_position: *count_position,
                overdue_at: overdue_at.millis(),
                answer_by: date_out(*answer_by),
                votes_against: *against,
            }
            .encode_to_vec()
        }
        What::Received { answer_by, .. } => {
            let answer_by = date_out(*answer_by);
            proto::PetitionHandoverReceived { dialogue_id, state, part, answer_by }.encode_to_vec()
        }
        What::Refused => proto::PetitionHandoverRefused { dialogue_id, state, part }.encode_to_vec(),
        What::Overdue => proto::PetitionHandoverOverdue { dialogue_id, state, part }.encode_to_vec(),
        What::Referred => proto::PetitionReferred { dialogue_id, state, part }.encode_to_vec(),
        What::Asked { asked_on, reply_by, reply_until, .. } => {
            let (asked_on, reply_by) = (asked_on.to_string(), reply_by.to_string());
            let reply_until = reply_until.millis();
            proto::PetitionInitiatorAsked { dialogue_id, state, part, asked_on, reply_by, reply_until }
                .encode_to_vec()
        }
        What::Replied { answer_by, .. } => {
            let answer_by = date_out(*answer_by);
            proto::PetitionInitiatorReplied { dialogue_id, state, part, answer_by }.encode_to_vec()
        }
        What::ReplyMissing { answer_by } => {
            let answer_by = date_out(*answer_by);
            proto::PetitionReplyMissing { dialogue_id, state, part, answer_by }.encode_to_vec()
        }
        What::Given { version, outcome, .. } => {
            let (version, outcome) = (*version, outcome_out(*outcome).into());
            proto::PetitionAnswerGiven { dialogue_id, state, part, version, outcome }.encode_to_vec()
        }
        What::Reopened { why, answer_by } => {
            let (why, answer_by) = (why_out(*why).into(), date_out(*answer_by));
            proto::PetitionAnswerReopened { dialogue_id, state, part, why, answer_by }.encode_to_vec()
        }
        What::FollowedUp { number, on, .. } => {
            let (number, on) = (*number, on.to_string());
            proto::PetitionFollowedUp { dialogue_id, state, number, on }.encode_to_vec()
        }
        What::WithdrawalRequested { .. } => {
            proto::PetitionWithdrawalRequested { dialogue_id, state }.encode_to_vec()
        }
        What::WithdrawalGranted { parts } => {
            proto::PetitionWithdrawalGranted { dialogue_id, state, parts: parts.clone() }.encode_to_vec()
        }
        What::WithdrawalDeclined => proto::PetitionWithdrawalDeclined { dialogue_id, state }.encode_to_vec(),
        What::SignersTold { about, from, upto, finished } => {
            let (about, from, upto, finished) = (told_out(*about).into(), *from, *upto, *finished);
            proto::PetitionSignersTold { dialogue_id, state, about, from, upto, finished }.encode_to_vec()
        }
    }
}

pub(super) fn sealed_out(event: &Event) -> Vec<Plain> {
    let record = event.record;
    let mut sealed = vec![text(1, record, false, &event.ground)];
    match &event.what {
        What::Sent { committee, package, .. } => {
            sealed.extend([text(2, record, true, committee), text(3, record, true, package)]);
        }
        What::Received { case, .. } => sealed.push(text(2, record, true, case)),
        What::Asked { question, .. } => sealed.push(text(2, record, false, question)),
        What::Replied { initiator, reply, .. } => sealed.push(text(2, *initiator, false, reply)),
        What::Given { text: answer, link, .. } => {
            sealed.extend([text(2, record, true, answer), text(3, record, true, link)]);
        }
        What::FollowedUp { text: told, .. } => sealed.push(text(2, record, true, told)),
        What::Refused
        | What::Overdue
        | What::Referred
        | What::ReplyMissing { .. }
        | What::Reopened { .. }
        | What::WithdrawalGranted { .. }
        | What::SignersTold { .. }
        | What::WithdrawalDeclined => {}
        What::WithdrawalRequested { assisted } => {
            sealed.extend(assisted.iter().map(|how| kept_out(2, record, how)));
        }
    }
    sealed
}

/// The event of stored bytes of one of `KINDS`.
pub(super) fn decode(stored: &Stored<'_>) -> Result<petition::Event, Malformed> {
    let (state, part, what) = match stored.kind {
        "petition.handover_sent" | "petition.handover_received" | "petition.referred" => sent(stored)?,
        "petition.handover_refused" => {
            let message: proto::PetitionHandoverRefused = stored.message(1)?;
            (message.state(), message.part, What::Refused)
        }
        "petition.handover_overdue" => {
            let message: proto::PetitionHandoverOverdue = stored.message(1)?;
            (message.state(), message.part, What::Overdue)
        }
        "petition.initiator_asked" | "petition.initiator_replied" | "petition.reply_missing" => {
            asked(stored)?
        }
        "petition.answer_given" | "petition.answer_reopened" | "petition.followed_up" => given(stored)?,
        _withdrawal => withdrawal(stored)?,
    };
    let (at, record, ground) = (stored.at, stored.key(1)?, stored.text(1)?);
    let stands = state_in(state)?;
    Ok(petition::Event::Answer(Box::new(Event { at, part, stands, record, ground, what })))
}

type Read = (proto::AnswerState, u32, What);

fn sent(stored: &Stored<'_>) -> Result<Read, Malformed> {
    match stored.kind {
        "petition.handover_sent" => {
            let message: proto::PetitionHandoverSent = stored.message(1)?;
            let what = What::Sent {
                count: message.count,
                against: message.votes_against,
                count_position: message.count_position,
                overdue_at: instant(message.overdue_at),
                answer_by: maybe_date(&message.answer_by)?,
                committee: stored.text(2)?,
                package: stored.text(3)?,
            };
            Ok((message.state(), message.part, what))
        }
        "petition.handover_received" => {
            let message: proto::PetitionHandoverReceived = stored.message(1)?;
            let (answer_by, case) = (maybe_date(&message.answer_by)?, stored.text(2)?);
            Ok((message.state(), message.part, What::Received { answer_by, case }))
        }
        _referred => {
            let message: proto::PetitionReferred = stored.message(1)?;
            Ok((message.state(), message.part, What::Referred))
        }
    }
}

fn asked(stored: &Stored<'_>) -> Result<Read, Malformed> {
    match stored.kind {
        "petition.initiator_asked" => {
            let message: proto::PetitionInitiatorAsked = stored.message(1)?;
            let (asked_on, reply_by) = (date_in(&message.asked_on)?, date_in(&message.reply_by)?);
            let (reply_until, question) = (instant(message.reply_until), stored.text(2)?);
            Ok((message.state(), message.part, What::Asked { asked_on, reply_by, reply_until, question }))
        }
        "petition.initiator_replied" => {
            let message: proto::PetitionInitiatorReplied = stored.message(1)?;
            let (initiator, reply) = (stored.key(2)?, stored.text(2)?);
            let answer_by = maybe_date(&message.answer_by)?;
            Ok((message.state(), message.part, What::Replied { answer_by, initiator, reply }))
        }
        _missing => {
            let message: proto::PetitionReplyMissing = stored.message(1)?;
            let answer_by = maybe_date(&message.answer_by)?;
            Ok((message.state(), message.part, What::ReplyMissing { answer_by }))
        }
    }
}

fn given(stored: &Stored<'_>) -> Result<Read, Malformed> {
    match stored.kind {
        "petition.answer_given" => {
            let message: proto::PetitionAnswerGiven = stored.message(1)?;
            let outcome = match message.outcome() {
                proto::AnswerOutcome::Accepted => Outcome::Accepted,
                proto::AnswerOutcome::Partly => Outcome::Partly,
                proto::AnswerOutcome::Declined => Outcome::Declined,
                proto::AnswerOutcome::Noted => Outcome::Noted,
                proto::AnswerOutcome::Unspecified => return Err(Malformed("answered, but how".into())),
            };
            let (version, text, link) = (message.version, stored.text(2)?, stored.text(3)?);
            Ok((message.state(), message.part, What::Given { version, outcome, text, link }))
        }
        "petition.answer_reopened" => {
            let message: proto::PetitionAnswerReopened = stored.message(1)?;
            let why = match message.why() {
                proto::ReopenedFor::Remand => Why::Remand,
                proto::ReopenedFor::Error => Why::Error,
                proto::ReopenedFor::Unspecified => return Err(Malformed("reopened, but why".into())),
            };
            let answer_by = maybe_date(&message.answer_by)?;
            Ok((message.state(), message.part, What::Reopened { why, answer_by }))
        }
        _followed_up => {
            let message: proto::PetitionFollowedUp = stored.message(1)?;
            let (number, on, text) = (message.number, date_in(&message.on)?, stored.text(2)?);
            Ok((message.state(), 0, What::FollowedUp { number, on, text }))
        }
    }
}

fn withdrawal(stored: &Stored<'_>) -> Result<Read, Malformed> {
    match stored.kind {
        "petition.withdrawal_requested" => {
            let message: proto::PetitionWithdrawalRequested = stored.message(1)?;
            Ok((message.state(), 0, What::WithdrawalRequested { assisted: kept_in(stored, 2)? }))
        }
        "petition.withdrawal_granted" => {
            let message: proto::PetitionWithdrawalGranted = stored.message(1)?;
            Ok((message.state(), 0, What::WithdrawalGranted { parts: message.parts }))
        }
        "petition.withdrawal_declined" => {
            let message: proto::PetitionWithdrawalDeclined = stored.message(1)?;
            Ok((message.state(), 0, What::WithdrawalDeclined))
        }
        "petition.signers_told" => {
            let message: proto::PetitionSignersTold = stored.message(1)?;
            let about = match message.about() {
                proto::SignersToldOf::Requested => Told::Requested,
                proto::SignersToldOf::Granted => Told::Granted,
                proto::SignersToldOf::Declined => Told::Declined,
                proto::SignersToldOf::Unspecified => return Err(Malformed("told, but what".into())),
            };
            let (from, upto, finished) = (message.from, message.upto, message.finished);
            Ok((message.state(), 0, What::SignersTold { about, from, upto, finished }))
        }
        unknown => Err(Malformed(format!("unknown type {unknown:?}"))),
    }
}

fn date_out(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

fn maybe_date(text: &str) -> Result<Option<Date>, Malformed> {
    if text.is_empty() { Ok(None) } else { date_in(text).map(Some) }
}

const fn state_out(answer: Answer) -> proto::AnswerState {
    match answer {
        Answer::None => proto::AnswerState::None,
        Answer::Due => proto::AnswerState::Due,
        Answer::HandedOver => proto::AnswerState::HandedOver,
        Answer::InProcess => proto::AnswerState::InProcess,
        Answer::AwaitingInitiator => proto::AnswerState::AwaitingInitiator,
        Answer::Answered => proto::AnswerState::Answered,
        Answer::FollowedUp => proto::AnswerState::FollowedUp,
    }
}

fn state_in(state: proto::AnswerState) -> Result<Answer, Malformed> {
    match state {
        proto::AnswerState::None => Ok(Answer::None),
        proto::AnswerState::Due => Ok(Answer::Due),
        proto::AnswerState::HandedOver => Ok(Answer::HandedOver),
        proto::AnswerState::InProcess => Ok(Answer::InProcess),
        proto::AnswerState::AwaitingInitiator => Ok(Answer::AwaitingInitiator),
        proto::AnswerState::Answered => Ok(Answer::Answered),
        proto::AnswerState::FollowedUp => Ok(Answer::FollowedUp),
        proto::AnswerState::Unspecified => Err(Malformed("an answer stands somewhere".into())),
    }
}

const fn outcome_out(outcome: Outcome) -> proto::AnswerOutcome {
    match outcome {
        Outcome::Accepted => proto::AnswerOutcome::Accepted,
        Outcome::Partly => proto::AnswerOutcome::Partly,
        Outcome::Declined => proto::AnswerOutcome::Declined,
        Outcome::Noted => proto::AnswerOutcome::Noted,
    }
}

const fn why_out(why: Why) -> proto::ReopenedFor {
    match why {
        Why::Remand => proto::ReopenedFor::Remand,
        Why::Error => proto::ReopenedFor::Error,
    }
}

const fn told_out(told: Told) -> proto::SignersToldOf {
    match told {
        Told::Requested => proto::SignersToldOf::Requested,
        Told::Granted => proto::SignersToldOf::Granted,
        Told::Declined => proto::SignersToldOf::Declined,
    }
}
