//! A meeting is planned ahead, cancelled or held, and told of afterwards.

use radslag_kernel::{Instant, SubjectId, text};

use crate::meeting::{
    command::{Act, Command},
    event::{Event, Texts},
    refusal::{Field, Refusal},
    state::{Meeting, Phase, State},
};

/// Characters of a title, a place, an area, an address.
pub const LINE_MAX: usize = 300;
/// Characters of an agenda, of notes, of a point and its answer.
pub const TEXT_MAX: usize = 20_000;

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    let Command { at, by, act } = command;
    if let Act::Plan { document, record, dialogue, panel, starts_at, texts } = act {
        if state.0.is_some() {
            return Ok(Vec::new());
        }
        ahead(at, starts_at)?;
        checked(&texts)?;
        let texts = texts.into();
        return Ok(vec![Event::Planned { at, by, document, record, dialogue, panel, starts_at, texts }]);
    }
    let meeting = state.0.as_ref().ok_or(Refusal::UnknownMeeting)?;
    let document = meeting.document;
    let event = match act {
        Act::Plan { .. } => return Ok(Vec::new()),
        Act::Change { starts_at, texts } => {
            to_come(meeting)?;
            ahead(at, starts_at)?;
            checked(&texts)?;
            let panel = meeting.panel;
            Event::Changed { at, by, document, panel, starts_at, texts: texts.into() }
        }
        Act::Cancel { reason } => {
            if meeting.phase == Phase::Cancelled {
                return Ok(Vec::new());
            }
            to_come(meeting)?;
            needed(&reason, LINE_MAX, Field::Reason)?;
            Event::Cancelled { at, by, document, reason: reason.into() }
        }
        Act::Invite { members } => {
            to_come(meeting)?;
            if meeting.panel.is_none() {
                return Err(Refusal::NobodyToInvite);
            }
            if meeting.invited.is_some() {
                return Err(Refusal::InvitedAlready);
            }
            Event::Invited { at, by, members }
        }
        Act::Hold { attended, rows } => {
            to_come(meeting)?;
            if at < meeting.starts_at {
                return Err(Refusal::NotBegun);
            }
            if rows.iter().any(|row| u64::from(row.attended) > attended) {
                return Err(Refusal::MoreThanAttended);
            }
            Event::Held { at, by, document, attended, rows: rows.into() }
        }
        Act::Note { notes } => {
            held(meeting)?;
            needed(&notes, TEXT_MAX, Field::Notes)?;
            Event::Noted { at, by, document, notes: notes.into() }
        }
        added @ (Act::AddDocument { .. } | Act::RaisePoint { .. } | Act::AnswerPoint { .. }) => {
            return add(meeting, (at, by), added);
        }
    };
    Ok(vec![event])
}

/// Documents and points, numbered as they come.
fn add(meeting: &Meeting, (at, by): (Instant, SubjectId), act: Act) -> Result<Vec<Event>, Refusal> {
    let document = meeting.document;
    let event = match act {
        Act::AddDocument { title, address } => {
            needed(&title, LINE_MAX, Field::Title)?;
            if address.chars().count() > LINE_MAX || !text::is_web_page(&address) {
                return Err(Refusal::AddressMalformed);
            }
            let number = meeting.documents.len() as u32 + 1;
            Event::DocumentAdded { at, by, document, number, title: title.into(), address: address.into() }
        }
        Act::RaisePoint { point } => {
            held(meeting)?;
            needed(&point, TEXT_MAX, Field::Point)?;
            let number = meeting.points.len() as u32 + 1;
            Event::PointRaised { at, by, document, number, point: point.into() }
        }
        Act::AnswerPoint { number, answer, who } => {
            if number == 0 || u64::from(number) > meeting.points.len() as u64 {
                return Err(Refusal::UnknownPoint);
            }
            needed(&answer, TEXT_MAX, Field::Answer)?;
            needed(&who, LINE_MAX, Field::Who)?;
            Event::PointAnswered { at, by, document, number, answer: answer.into(), who: who.into() }
        }
        _ => return Ok(Vec::new()),
    };
    Ok(vec![event])
}

fn ahead(at: Instant, starts_at: Instant) -> Result<(), Refusal> {
    if starts_at <= at { Err(Refusal::StartsInThePast) } else { Ok(()) }
}

fn to_come(meeting: &Meeting) -> Result<(), Refusal> {
    match meeting.phase {
        Phase::Planned => Ok(()),
        Phase::Cancelled => Err(Refusal::MeetingCancelled),
        Phase::Held => Err(Refusal::HeldAlready),
    }
}

fn held(meeting: &Meeting) -> Result<(), Refusal> {
    match meeting.phase {
        Phase::Held => Ok(()),
        Phase::Cancelled => Err(Refusal::MeetingCancelled),
        Phase::Planned => Err(Refusal::NotHeld),
    }
}

fn needed(typed: &str, max: usize, field: Field) -> Result<(), Refusal> {
    text::required(typed, max).map_err(|fault| Refusal::Text(field, fault))
}

fn checked(texts: &Texts) -> Result<(), Refusal> {
    needed(&texts.title, LINE_MAX, Field::Title)?;
    needed(&texts.place, LINE_MAX, Field::Place)?;
    let optional =
        |typed: &str, max, field| text::optional(typed, max).map_err(|fault| Refusal::Text(field, fault));
    optional(&texts.agenda, TEXT_MAX, Field::Agenda)?;
    optional(&texts.area, LINE_MAX, Field::Area)
}
