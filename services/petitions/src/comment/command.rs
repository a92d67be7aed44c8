//! What is asked of an author's page. Time, keys, item refs and tags were stamped by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{ItemId, KeyRef, SubjectId};

use crate::{
    assisted::Helper,
    petition::{Now, Official},
    signature::{Shown, View},
    tag::Tag,
    terms::Terms,
};

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// When.
    pub now: Now,
    /// The petition as it was read.
    pub petition: View,
    /// The terms it keeps.
    pub terms: Terms,
    /// What.
    pub act: Act,
}

/// What a reply replies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// Which.
    pub item: ItemId,
    /// Everybody sees it.
    pub published: bool,
    /// It is a reply itself.
    pub is_reply: bool,
}

/// A comment as it is handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    /// Random, new.
    pub item: ItemId,
    /// Its own, new.
    pub key: KeyRef,
    /// What is said.
    pub text: String,
    /// As typed, or from the eID.
    pub name: String,
    /// As typed; empty by eID.
    pub mailbox: String,
    /// What everybody is to see of the author.
    pub shown: Shown,
    /// Verified: of an elected representative.
    pub party: Option<String>,
    /// Of the eID or the mailbox.
    pub author: Tag,
    /// What it replies to; `None` inside if there is no such comment.
    pub reply_to: Option<Option<Parent>>,
    /// A list forbids it.
    pub blocked: bool,
    /// A rule that has it moderated first, for example of rates.
    pub suspicion: Option<String>,
    /// `sv` or `en`.
    pub language: String,
    /// Who acts for the author, if somebody does.
    pub helper: Option<Helper>,
}

/// A moderator's no.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Who.
    pub by: Official,
    /// Of the catalogue.
    pub codes: Vec<String>,
    /// For the author.
    pub text: String,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// By mailbox: a mail goes out.
    Submit(Box<Remark>),
    /// By eID: the subject is proven.
    Make(Box<Remark>),
    /// The link of a submission was used.
    Confirm { item: ItemId },
    /// A submission's time is up.
    Expire { item: ItemId },
    /// A moderator lets everybody see it, or lets a shown one stand.
    Approve { item: ItemId, by: Official },
    /// A moderator doesn't show it, or no longer.
    Refuse { item: ItemId, verdict: Verdict },
    /// Another moderator shows it after all.
    Restore { item: ItemId, by: Official },
    /// Somebody else, by eID, reports it.
    Report { item: ItemId, who: Tag, reason: String },
    /// The author takes it back.
    Withdraw { item: ItemId },
    /// The same by somebody who acts for the author, who has this tag by eID, or is called so.
    WithdrawFor { item: ItemId, citizen: Tag, name: String, helper: Box<Helper> },
    /// Destroy its key on a legal ground; two officials.
    Erase { item: ItemId, by: Official, second: SubjectId },
}
