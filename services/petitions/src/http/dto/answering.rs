//! What committees, their case systems and the initiator say about an answer, and about a hearing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
            #[serde(deny_unknown_fields)]
            pub(crate) struct $name { $($(#[$attribute])* pub(crate) $field: $kind),* }
        )*
    };
}

bodies! {
    /// To which committees.
    HandOver {
        /// Their names; each gets a part.
        committees: Vec<String>,
        /// By when an answer is wanted; else as the policy says.
        #[serde(default)]
        answer_by: Option<String>,
        /// Why, for the record.
        ground: String,
    }
    /// A case system's receipt.
    Receive {
        /// Its number there.
        case_number: String,
        /// Why, for the record; of a case system, what it says.
        ground: String,
    }
    /// A question to the initiator.
    Ask {
        /// What is asked.
        question: String,
        /// The last day to reply.
        reply_by: String,
        /// Why, for the record.
        ground: String,
    }
    /// The initiator's reply.
    Reply {
        /// To which part's question; else to the first.
        #[serde(default)]
        part: Option<u32>,
        /// What they say.
        text: String,
    }
    /// A committee's answer.
    GiveAnswer {
        /// `accepted`, `partly`, `declined` or `noted`.
        outcome: String,
        /// For everybody.
        text: String,
        /// To the decision; may be empty.
        #[serde(default)]
        link: String,
        /// Why, for the record.
        ground: String,
    }
    /// Why an answer is opened again.
    Reopen {
        /// `remand` or `error`.
        why: String,
        /// For the record.
        ground: String,
    }
    /// What came of it.
    FollowUp {
        /// Since when; today, if nothing is said.
        #[serde(default)]
        on: Option<String>,
        /// For everybody.
        text: String,
        /// Why, for the record.
        ground: String,
    }
    /// When and where a hearing is.
    Schedule {
        /// In RFC 3339.
        starts_at: String,
        /// Where.
        place: String,
        /// Where it can be followed; may be empty.
        #[serde(default)]
        link: String,
        /// Why, for the record.
        ground: String,
    }
    /// A hearing that was held.
    Held {
        /// To its recording; may be empty.
        #[serde(default)]
        link: String,
        /// Why, for the record.
        ground: String,
    }
    /// A hearing that won't be.
    NotHeld {
        /// For everybody.
        why: String,
        /// For the record.
        ground: String,
    }
    /// A transcript or notes.
    Document {
        /// What it is.
        title: String,
        /// Where it stands.
        link: String,
        /// Why, for the record.
        ground: String,
    }
}
