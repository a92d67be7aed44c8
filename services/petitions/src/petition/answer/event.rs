//! What happens to a petition's answer. Whose act it was stands in the record's actor.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Date, Instant, KeyRef, Opened};

use crate::{assisted::Assisted, petition::state::Answer};

/// What happened, to which part, and where the whole stands after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// Which part, from 1; 0 is the whole.
    pub part: u32,
    /// Where the whole answer stands after it.
    pub stands: Answer,
    /// The key of grounds and decisions.
    pub record: KeyRef,
    /// Why; of the service's own acts empty.
    pub ground: Opened<String>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// To a committee; makes the part. `package` is the SHA-256 of what goes to its case system, in hexadecimal.
    Sent {
        count: u64,
        against: Option<u64>,
        count_position: u64,
        overdue_at: Instant,
        answer_by: Option<Date>,
        committee: Opened<String>,
        package: Opened<String>,
    },
    /// Its case system has it, under a case number. The clock begins.
    Received { answer_by: Option<Date>, case: Opened<String> },
    /// Its case system won't have it; the ground is the reason.
    Refused,
    /// No receipt in time.
    Overdue,
    /// To other committees, whose parts follow.
    Referred,
    /// The initiator is asked; the clock stands still.
    Asked { asked_on: Date, reply_by: Date, reply_until: Instant, question: Opened<String> },
    /// The initiator replied; the clock goes on.
    Replied { answer_by: Option<Date>, initiator: KeyRef, reply: Opened<String> },
    /// No reply in time; the clock goes on.
    ReplyMissing { answer_by: Option<Date> },
    /// An answer, or a new version beside the old.
    Given { version: u32, outcome: Outcome, text: Opened<String>, link: Opened<String> },
    /// It is worked on again.
    Reopened { why: Why, answer_by: Option<Date> },
    /// What came of it.
    FollowedUp { number: u32, on: Date, text: Opened<String> },
    /// The initiator wants it back; the ground is the reason. Who acted for them, if somebody did.
    WithdrawalRequested { assisted: Option<Opened<Assisted>> },
    /// It is given back, and these parts end.
    WithdrawalGranted { parts: Vec<u32> },
    /// It is not.
    WithdrawalDeclined,
    /// Who signed by mailbox was told: those counted between two positions of the log; `finished`: nobody is left.
    SignersTold { about: Told, from: u64, upto: u64, finished: bool },
}

macro_rules! worded {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$case_doc])* $case),* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$case),*];

            /// The word in rows, answers and the catalogue.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$case => $word),* }
            }

            /// The one with a word.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$case),)* _ => None }
            }
        }
    };
}

worded! {
    /// What a committee decided.
    Outcome {
        /// It will be done.
        Accepted = "accepted",
        /// Some of it will.
        Partly = "partly",
        /// It won't.
        Declined = "declined",
        /// It was read.
        Noted = "noted",
    }
}

worded! {
    /// Why an answer is opened again.
    Why {
        /// A court or a higher body sent it back.
        Remand = "remand",
        /// It was wrong.
        Error = "error",
    }
}

worded! {
    /// What signers are told of a request to withdraw what they signed.
    Told {
        /// The committee will decide it.
        Requested = "requested",
        /// It is withdrawn.
        Granted = "granted",
        /// It isn't.
        Declined = "declined",
    }
}
