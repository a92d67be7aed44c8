//! What happened to a letter on its way.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Happens, Instant, KeyRef, Opened};

use crate::{
    letter::{Cause, Class},
    tag::Tag,
};

/// Which letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// How often it may arrive.
    pub class: Class,
    /// Empty if nothing is to be written: it looks like one that is.
    pub template: String,
    /// Why.
    pub cause: Cause,
    /// Stands for the address.
    pub subject: Tag,
    /// Not before.
    pub due_at: Instant,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It is to be written.
    Planned { at: Instant, key: KeyRef, letter: Opened<Letter> },
    /// It went on.
    Moved { at: Instant, key: KeyRef, to: Opened<Move> },
    /// The address was erased; its key is destroyed.
    Erased { at: Instant, key: KeyRef },
}

/// How it went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// It is about to be handed to the server, `number` counts from 1.
    Attempting { number: u32 },
    /// The server took it.
    Sent,
    /// The server didn't. `code` is 0 where it said nothing; without `retry_at` that was the last time.
    Failed { permanent: bool, code: u16, retry_at: Option<Instant> },
    /// It came back for good.
    Bounced { status: String },
    /// It wasn't sent.
    Skipped { reason: Reason },
    /// Nobody knows whether it was sent. Without `again_at` it isn't repeated.
    InDoubt { again_at: Option<Instant> },
    /// It waits.
    Delayed { until: Instant },
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $word:literal;)*) => {
        /// Why a letter wasn't sent. Numbers stand in the log and are never reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Reason { $($(#[$doc])* $name = $number),* }

        impl Reason {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The reason of a number.
            #[must_use]
            pub const fn of(number: u32) -> Option<Self> {
                match number { $($number => Some(Self::$name),)* _ => None }
            }

            /// In answers.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

reasons! {
    /// There is nothing to say.
    Silent = 1, "silent";
    /// The address was erased.
    Gone = 2, "gone";
    /// The mailbox got as many letters as it may today.
    Capped = 3, "capped";
    /// The mailbox wants none.
    OptedOut = 4, "opted-out";
    /// It isn't an address, or the template can't be filled in.
    Unwritable = 5, "unwritable";
    /// What it belongs to was cancelled.
    Cancelled = 6, "cancelled";
}

impl Happens for Event {
    fn at(&self) -> Instant {
        match self {
            Self::Planned { at, .. } | Self::Moved { at, .. } | Self::Erased { at, .. } => *at,
        }
    }

    fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::Erased { key, .. } => vec![*key],
            Self::Planned { .. } | Self::Moved { .. } => Vec::new(),
        }
    }
}
