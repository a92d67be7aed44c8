//! What a petition's events add up to: three machines side by side, and what its rules compare.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{AggregateId, Date, Instant, ItemId, KeyRef, Opened, Role, SubjectId};

use crate::{
    petition::{
        answer,
        attached::Attachment,
        coinitiator::{Coinitiator, Former},
        command::Now,
        course::{Classes, Instead},
        event::{Contact, Content, Decision, How, InitiatorTags, Keys, Register},
        hearing, lapse,
    },
    policy::Policy,
    signature::{Signing, View},
    tag::Tag,
};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub enum $name { $($(#[$case_doc])* $case),* }

        impl $name {
            /// Every one.
            pub const ALL: [Self; [$(stringify!($case)),*].len()] = [$(Self::$case),*];

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

words! {
    /// Where a petition stands in its life.
    Phase {
        /// The citizen's own.
        #[default]
        Draft = "draft",
        /// Handed in, the initiator not confirmed.
        Submitted = "submitted",
        /// A moderator decides.
        InReview = "in_review",
        /// First refusal.
        Returned = "returned",
        /// Refused, readable.
        Rejected = "rejected",
        /// Refused, not shown.
        Hidden = "hidden",
        /// Opens on a planned date.
        Approved = "approved",
        /// Can be signed.
        Open = "open",
        /// Earlier requests may still be confirmed.
        Counting = "counting",
        /// The count is final.
        Closed = "closed",
        /// By the initiator.
        Withdrawn = "withdrawn",
        /// Nobody came back to it.
        Expired = "expired",
        /// All signing is paused.
        Paused = "paused",
        /// Never open when everything was closed early.
        Stopped = "stopped",
        /// Taken down for good.
        Removed = "removed",
        /// Waits for supporters.
        Gathering = "gathering_supporters",
        /// Went elsewhere, with the initiator's yes.
        Redirected = "redirected",
    }
}

impl Phase {
    /// Nothing leads out of it; of a refusal, only restoring.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Rejected
                | Self::Hidden
                | Self::Withdrawn
                | Self::Expired
                | Self::Stopped
                | Self::Removed
                | Self::Redirected
        )
    }

    /// Everybody can read it, signed or not.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Open | Self::Paused | Self::Counting | Self::Closed | Self::Rejected)
    }
}

words! {
    /// The answer, moved by a threshold; signing goes on beside it.
    Answer {
        /// Nobody asked for one.
        #[default]
        None = "none",
        /// The threshold is reached.
        Due = "due",
        /// To a committee.
        HandedOver = "handed_over",
        /// It works on it.
        InProcess = "in_process",
        /// The initiator was asked.
        AwaitingInitiator = "awaiting_initiator",
        /// Given.
        Answered = "answered",
        /// What came of it is told.
        FollowedUp = "followed_up",
    }
}

words! {
    /// The debate.
    Hearing {
        /// Not asked for.
        #[default]
        None = "none",
        /// The threshold is reached.
        Awaiting = "awaiting",
        /// A date is set.
        Scheduled = "scheduled",
        /// It took place.
        Held = "held",
        /// It won't.
        NotHeld = "not_held",
    }
}

/// A life, with what its next step needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Life {
    /// The citizen's own.
    Draft { expires_at: Instant, key: KeyRef, owner: Opened<Tag> },
    /// Waits for the initiator.
    Submitted { expires_at: Instant },
    /// Waits for a moderator.
    InReview,
    /// Waits for a better text.
    Returned { expires_at: Instant },
    /// Refused.
    Rejected,
    /// Refused and not shown.
    Hidden,
    /// Waits for its day.
    Approved(Plan),
    /// Signed until `closes_at`.
    Open { closes_at: Instant },
    /// Confirmed until `until`.
    Counting { closed_at: Instant, until: Instant, how: How },
    /// Over.
    Closed,
    /// Taken back.
    Withdrawn,
    /// Forgotten.
    Expired,
    /// Not signed until the tenant's signing goes on.
    Paused { since: Instant },
    /// By an early closing of everything.
    Stopped,
    /// Taken down for good.
    Removed,
    /// Waits for supporters.
    Gathering { expires_at: Instant },
    /// Went elsewhere.
    Redirected,
}

impl Life {
    /// Without details.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        match self {
            Self::Draft { .. } => Phase::Draft,
            Self::Submitted { .. } => Phase::Submitted,
            Self::InReview => Phase::InReview,
            Self::Returned { .. } => Phase::Returned,
            Self::Rejected => Phase::Rejected,
            Self::Hidden => Phase::Hidden,
            Self::Approved(_) => Phase::Approved,
            Self::Open { .. } => Phase::Open,
            Self::Counting { .. } => Phase::Counting,
            Self::Closed => Phase::Closed,
            Self::Withdrawn => Phase::Withdrawn,
            Self::Expired => Phase::Expired,
            Self::Paused { .. } => Phase::Paused,
            Self::Stopped => Phase::Stopped,
            Self::Removed => Phase::Removed,
            Self::Gathering { .. } => Phase::Gathering,
            Self::Redirected => Phase::Redirected,
        }
    }
}

/// How a petition opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The first instant of a date, or the moment it was approved.
    pub opens_at: Instant,
    /// The last day to sign.
    pub deadline: Date,
    /// Its end.
    pub closes_at: Instant,
    /// Of its page.
    pub url_key: Opened<String>,
}

/// A petition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Petition {
    /// Where it stands.
    pub life: Life,
    /// Its answer.
    pub answer: answer::State,
    /// Its debate.
    pub hearing: hearing::State,
    /// Its texts.
    pub content: Opened<Content>,
    /// Part of which dialogue.
    pub dialogue: Option<AggregateId>,
    /// What it has from being handed in.
    pub filed: Option<Filed>,
    /// How often it was returned.
    pub returns: u32,
    /// The last refusal.
    pub decision: Opened<Decision>,
    /// Who refused it last or took it down, until it is restored.
    pub refused: Option<Refused>,
    /// As it was opened, with the deadline as pauses have moved it since.
    pub opened: Option<Plan>,
    /// When and how signing ended, if it did.
    pub ended: Option<(Instant, How)>,
    /// The initiator is asked whether it should go elsewhere.
    pub redirect: Option<Instead>,
    /// Signatures for an answer, as a share of a frozen count of who may vote.
    pub share: Option<u64>,
    /// What it is about.
    pub classes: Classes,
    /// The last day of a pause that was given back.
    pub given_back: Option<Date>,
    /// Requests to support it by mailbox.
    pub asked: Vec<AskedToSupport>,
    /// Its supporters.
    pub joined: Vec<Joined>,
    /// What was attached to it, oldest first.
    pub attachments: Vec<Attachment>,
    /// When its last event happened: what the tenant did to all signing until then is in its events.
    pub since: Instant,
}

impl Petition {
    /// Signatures for an answer; 0 = no threshold, or none yet.
    #[must_use]
    pub fn answer_at(&self) -> u64 {
        self.share.unwrap_or_else(|| self.filed.as_ref().map_or(0, |filed| filed.policy.answer_at))
    }

    /// How many support it.
    #[must_use]
    pub fn supporters(&self) -> u32 {
        u32::try_from(self.joined.iter().filter(|joined| !joined.struck).count()).unwrap_or(u32::MAX)
    }
}

/// A request to support a petition by mailbox; what of it was sealed may be gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedToSupport {
    /// Which.
    pub item: ItemId,
    /// Seals it; 0 once destroyed.
    pub key: KeyRef,
    /// Of the mailbox.
    pub tag: Option<Tag>,
    /// As typed.
    pub name: Opened<String>,
    /// The link's time.
    pub expires_at: Instant,
}

/// A supporter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Which.
    pub item: ItemId,
    /// Of the mailbox or the eID's subject.
    pub tag: Option<Tag>,
    /// Seals it; 0 once destroyed.
    pub key: KeyRef,
    /// As typed, or from the eID.
    pub name: Opened<String>,
    /// Doesn't count.
    pub struck: bool,
}

/// Who refused a petition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// One moderator; of a take-down two officials.
    pub by: Vec<SubjectId>,
    /// In which role.
    pub role: Role,
}

/// What a petition has from being handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Its number.
    pub register: Register,
    /// The terms it keeps.
    pub policy: Policy,
    /// Its keys.
    pub keys: Keys,
    /// Who started it.
    pub contact: Opened<Contact>,
    /// Who started it, for rules.
    pub tags: Opened<InitiatorTags>,
    /// Who may take it over.
    pub coinitiator: Option<Coinitiator>,
    /// Who started it before somebody took over, oldest first.
    pub former: Vec<Former>,
    /// How often somebody was named.
    pub namings: u32,
    /// The naming of who took over last.
    pub taken_over: Option<ItemId>,
}

impl Filed {
    /// Whether one of somebody's tags (mailbox or eID) is of its initiator, of one before, or of who may take over.
    #[must_use]
    pub fn concerns(&self, tags: &[Tag]) -> bool {
        let others = self.former.iter().map(|former| &former.tags);
        let named = self.coinitiator.iter().map(|named| &named.tags);
        let all = [&self.tags].into_iter().chain(others).chain(named);
        all.filter_map(Opened::known).any(|known| known.is_any_of(tags))
    }
}

/// Of one stream.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State(pub Option<Petition>);

impl State {
    /// As what the tenant did to all signing has made it by now, where its own events don't tell yet; else `None`.
    #[must_use]
    pub fn brought_up_to_date(&self, now: &Now) -> Option<Self> {
        let petition = self.0.as_ref()?;
        if !matches!(petition.life, Life::Open { .. } | Life::Paused { .. })
            || now.signing.is_quiet_since(petition.since)
        {
            return None;
        }
        let mut state = self.clone();
        lapse::catch_up(&mut state, now, &mut Vec::new());
        Some(state)
    }

    /// What signatures need to know of it; `None` before it was handed in. `version` is the stream's, for the guard.
    #[must_use]
    pub fn view(&self, version: u64) -> Option<View> {
        let petition = self.0.as_ref()?;
        let filed = petition.filed.as_ref()?;
        let signing = match &petition.life {
            Life::Open { closes_at } => Signing::Until(*closes_at),
            Life::Counting { until, .. } => Signing::Counting(*until),
            Life::Paused { .. } => Signing::Paused,
            Life::Draft { .. }
            | Life::Submitted { .. }
            | Life::InReview
            | Life::Returned { .. }
            | Life::Rejected
            | Life::Hidden
            | Life::Approved(_)
            | Life::Closed
            | Life::Withdrawn
            | Life::Expired
            | Life::Stopped
            | Life::Removed
            | Life::Gathering { .. }
            | Life::Redirected => Signing::No,
        };
        Some(View {
            version,
            signing,
            policy: filed.policy.clone().into(),
            tags: filed.keys.tags,
            record: filed.keys.record,
            initiator: filed.tags.known().copied(),
        })
    }
}
