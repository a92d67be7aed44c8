//! What an author's page adds up to.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::{
    comment::event::{Author, Facts},
    petition::Decision,
    tag::Tag,
};

/// Where a comment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Waits for its mailbox.
    Requested,
    /// Waits for a moderator.
    Waiting,
    /// Everybody sees it.
    Published,
    /// A moderator said no.
    Refused,
    /// Taken back.
    Withdrawn,
    /// Never confirmed.
    Expired,
}

impl Standing {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Requested, Self::Waiting, Self::Published, Self::Refused, Self::Withdrawn, Self::Expired];

    /// The word in rows, answers and the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Waiting => "waiting",
            Self::Published => "published",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Which.
    pub item: ItemId,
    /// Its own; zero once destroyed.
    pub key: KeyRef,
    /// Where it stands.
    pub standing: Standing,
    /// When it can't be confirmed any more.
    pub expires_at: Instant,
    /// What it replies to.
    pub reply_to: Option<ItemId>,
    /// What is said.
    pub text: Opened<String>,
    /// Who.
    pub author: Opened<Author>,
    /// For rules.
    pub facts: Opened<Facts>,
    /// A moderator has seen it as it is shown, and all reports of it.
    pub checked: bool,
    /// Who reported it.
    pub reporters: Vec<Tag>,
    /// Who refused it.
    pub refused_by: Option<SubjectId>,
    /// Why.
    pub decision: Opened<Decision>,
}

/// Of one stream: oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State {
    /// The author's comments on the petition.
    pub comments: Vec<Comment>,
}

impl State {
    /// One of them.
    #[must_use]
    pub fn comment(&self, item: ItemId) -> Option<&Comment> {
        self.comments.iter().find(|comment| comment.item == item)
    }
}
