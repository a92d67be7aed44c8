//! What is asked of an answer.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::Date;

use crate::{
    petition::{
        answer::{
            event::{Outcome, Why},
            state::Telling,
        },
        command::Official,
    },
    tag::Tag,
};

/// A committee that gets a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handing {
    /// Its name.
    pub committee: String,
    /// SHA-256 of what goes to its case system, in hexadecimal.
    pub package: String,
}

/// Petitions handed over, and how many had signed them then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Each committee gets a part.
    pub to: Vec<Handing>,
    /// By when an answer is wanted; else as the policy says.
    pub answer_by: Option<Date>,
    /// Signatures.
    pub count: u64,
    /// Votes against, where they are taken.
    pub against: Option<u64>,
    /// Of the log.
    pub count_position: u64,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Send it to committees.
    HandOver { by: Official, handover: Handover },
    /// The case system has it.
    Receive { by: Official, part: u32, case: String },
    /// The case system won't have it; the ground is the reason.
    Refuse { by: Official, part: u32 },
    /// Send a part on to other committees.
    Refer { by: Official, part: u32, handover: Handover },
    /// Ask the initiator something.
    Ask { by: Official, part: u32, question: String, reply_by: Date },
    /// The initiator replies; without a part, to who asked first.
    Reply { proof: Tag, part: Option<u32>, text: String },
    /// Answer, or answer anew.
    Give { by: Official, part: u32, outcome: Outcome, text: String, link: String },
    /// Work on it again.
    Reopen { by: Official, part: u32, why: Why },
    /// Tell what came of it.
    FollowUp { by: Official, on: Date, text: String },
    /// Decide the initiator's request.
    DecideWithdrawal { by: Official, grant: bool },
    /// By the service: the next signers are told, up to a position; `told` is how far that was.
    TellSigners { told: Telling, upto: u64, finished: bool },
}
