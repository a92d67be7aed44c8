//! Where an answer stands: the threshold, the committees' parts, follow-ups and a request to withdraw.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Date, Instant, Opened};

use crate::petition::{answer::event::Told, state::Answer};

/// Of one petition.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State {
    /// The threshold is reached, or somebody handed it over without one.
    pub due: bool,
    /// One for each handover, in order: part n stands at n - 1.
    pub parts: Vec<Part>,
    /// How often it was told what came of it.
    pub follow_ups: u32,
    /// Told since the last answer.
    pub told: bool,
    /// The initiator wants it back, and nobody decided yet.
    pub withdrawal: bool,
    /// Signers are being told.
    pub telling: Option<Telling>,
}

/// What signers are being told, and how far that is. News takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telling {
    /// What.
    pub about: Told,
    /// When it happened.
    pub since: Instant,
    /// Signatures up to this position of the log were told.
    pub upto: u64,
}

/// What one committee has of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// From 1.
    pub number: u32,
    /// Whose.
    pub committee: Opened<String>,
    /// How far it is.
    pub stage: Stage,
    /// By when an answer is wanted.
    pub answer_by: Option<Date>,
    /// What its committee asked the initiator last.
    pub question: Opened<String>,
    /// Answers given.
    pub versions: u32,
}

/// How far a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No receipt yet.
    Sent { overdue_at: Instant, alarmed: bool },
    /// The case system wouldn't have it.
    Refused,
    /// Worked on.
    InProcess,
    /// The initiator was asked.
    Awaiting { asked_on: Date, reply_by: Date, reply_until: Instant },
    /// Answered.
    Answered,
    /// Others have it.
    Referred,
}

impl Stage {
    /// The word in rows and answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent { .. } => "handed_over",
            Self::Refused => "refused",
            Self::InProcess => "in_process",
            Self::Awaiting { .. } => "awaiting_initiator",
            Self::Answered => "answered",
            Self::Referred => "referred",
        }
    }
}

impl State {
    /// The word for the whole: answered when all parts are, else what the part that is furthest from it waits for.
    #[must_use]
    pub fn stands(&self) -> Answer {
        let any = |test: fn(&Stage) -> bool| self.parts.iter().any(|part| test(&part.stage));
        if any(|stage| matches!(stage, Stage::Awaiting { .. })) {
            Answer::AwaitingInitiator
        } else if any(|stage| matches!(stage, Stage::InProcess)) {
            Answer::InProcess
        } else if any(|stage| matches!(stage, Stage::Sent { .. })) {
            Answer::HandedOver
        } else if any(|stage| matches!(stage, Stage::Answered)) {
            if self.told { Answer::FollowedUp } else { Answer::Answered }
        } else if self.due {
            Answer::Due
        } else {
            Answer::None
        }
    }

    /// The threshold was reached, and nobody acted on it.
    #[must_use]
    pub fn untouched(&self) -> bool {
        self.due && self.parts.is_empty()
    }

    /// A part by its number.
    #[must_use]
    pub fn part(&self, number: u32) -> Option<&Part> {
        self.parts.iter().find(|part| part.number == number)
    }
}
