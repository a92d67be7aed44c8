//! What is asked of a page. Time, item refs, keys and tags were stamped by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef, SubjectId};

use crate::{assisted::Helper, petition::Official, signature::view::View, tag::Tag};

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// The petition, as it was read.
    pub petition: View,
    /// What.
    pub act: Act,
}

/// What everybody is to see of a signer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The name.
    Name,
    /// Another name.
    Alias(String),
    /// Nothing.
    Anonymous,
}

/// A signer, as rules compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignerTags {
    /// Of the canonical mailbox; none by eID.
    pub mailbox: Option<Tag>,
    /// Of the eID's subject; none by mailbox.
    pub eid: Option<Tag>,
    /// Of the name.
    pub name: Tag,
    /// Of the postcode, if there is one.
    pub postcode: Option<Tag>,
    /// Of name and postcode together.
    pub person: Option<Tag>,
}

/// Somebody wants to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Random, new.
    pub item: ItemId,
    /// Its own, new.
    pub key: KeyRef,
    /// As typed, or from the eID.
    pub name: String,
    /// As typed; empty by eID.
    pub mailbox: String,
    /// As typed; may be empty where the policy doesn't ask.
    pub postcode: String,
    /// Of the postcode; empty = unknown.
    pub area: String,
    /// What everybody is to see.
    pub shown: Shown,
    /// A vote against, where the policy takes them.
    pub against: bool,
    /// For rules.
    pub tags: SignerTags,
    /// A list forbids it.
    pub blocked: bool,
    /// A rule that sets it aside, for example of rates.
    pub suspicion: Option<String>,
    /// `sv` or `en`.
    pub language: String,
    /// Of the network it comes from.
    pub network: Option<Tag>,
    /// Of the mailbox's domain.
    pub domain: Option<Tag>,
    /// Which version of the tenant's terms is accepted.
    pub terms: String,
    /// Who acts for the signer, if somebody does.
    pub helper: Option<Helper>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// By mailbox: a mail goes out.
    Request(Box<Request>),
    /// By eID: counted at once.
    Sign(Box<Request>),
    /// The link of a submission was used. A rule may set it aside.
    Confirm { item: ItemId, suspicion: Option<String> },
    /// The signer takes it back.
    Withdraw { item: ItemId },
    /// The same by somebody who acts for the signer, who is called so.
    WithdrawFor { item: ItemId, name: Tag, helper: Box<Helper> },
    /// The signer shows something else.
    ChangeName { item: ItemId, shown: Shown },
    /// The same by somebody who acts for the signer, who is called so.
    ChangeNameFor { item: ItemId, name: Tag, shown: Shown, helper: Box<Helper> },
    /// A submission's time is up.
    Expire { item: ItemId },
    /// The same person signed by a stronger method.
    Supersede { item: ItemId },
    /// What a line on paper lost to is gone: it counts again.
    Reinstate { item: ItemId },
    /// Counted, and doubted by an official: counted no more until somebody decided.
    Suspect { item: ItemId, by: Official },
    /// Suspected, and found good.
    Clear { item: ItemId, by: Official },
    /// Found bad.
    Invalidate { item: ItemId, by: Official, batch: Option<[u8; 16]> },
    /// Found good after all.
    Restore { item: ItemId, by: Official, batch: Option<[u8; 16]> },
    /// Destroy the signer's keys on a legal ground; two officials.
    Erase { item: ItemId, by: Official, second: SubjectId },
}
