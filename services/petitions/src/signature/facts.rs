//! What came of a submission: sealed under the petition's tag key, so that a page's rules survive a signer's erasure.

use crate::{assisted::Assisted, tag::Tag};

/// What came of it. Outside, all of them look the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Opened a slot, or took a vacant one.
    New,
    /// The same name again, not confirmed: the mail goes out again.
    Again,
    /// That name has its signature here already.
    AlreadySigned,
    /// The slot had all its mails.
    TooManyMails,
    /// Others have the slots, or live elsewhere.
    NoFreeSlot,
    /// Who started the petition doesn't sign it.
    Initiator,
    /// A list forbids it.
    Blocked,
    /// That name has its signature here already, and now means the other way.
    Changed,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Again,
        Self::AlreadySigned,
        Self::TooManyMails,
        Self::NoFreeSlot,
        Self::Initiator,
        Self::Blocked,
        Self::Changed,
    ];
}

/// A submission's outcome, and what later ones are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What came of it.
    pub outcome: Outcome,
    /// 1 or 2; 0 if it has none.
    pub slot: u8,
    /// Whether a mail goes out.
    pub mail: bool,
    /// Of the name.
    pub name: Tag,
    /// Of the postcode.
    pub postcode: Option<Tag>,
    /// Of name and postcode together.
    pub person: Option<Tag>,
    /// The rule that will set it aside when it is confirmed.
    pub suspicion: Option<String>,
    /// `sv` or `en`: of its mail.
    pub language: String,
    /// Of the network it came from, a /24 or /48.
    pub network: Option<Tag>,
    /// Of the mailbox's domain.
    pub domain: Option<Tag>,
    /// Of the eID's subject, or of the personal number on a list.
    pub eid: Option<Tag>,
    /// Who acted for the signer, if somebody did.
    pub assisted: Option<Assisted>,
}
