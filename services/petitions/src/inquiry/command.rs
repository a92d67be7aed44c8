//! What is asked of an inquiry. Time, calendar, keys and tags were stamped by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{AggregateId, SubjectId};

use crate::{
    inquiry::event::{Asked, Contact, Erasable, Keys, Kind},
    petition::{Now, Official, Register},
    tag::Tag,
    terms::Terms,
};

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// When.
    pub now: Now,
    /// What.
    pub act: Act,
}

/// An inquiry as it is handed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Asking {
    /// The terms it will keep.
    pub terms: Terms,
    /// Which kind.
    pub kind: Kind,
    /// What is asked.
    pub asked: Asked,
    /// Who asks.
    pub contact: Contact,
    /// Of their eID or mailbox.
    pub proof: Tag,
    /// By eID.
    pub by_eid: bool,
    /// They want no answer in public.
    pub private: bool,
    /// The politician they would like to hear from.
    pub wished: Option<SubjectId>,
    /// Its keys, new.
    pub keys: Keys,
    /// The next number of the stream `register-<year>`, which is appended to with this.
    pub register: Register,
    /// Part of which dialogue.
    pub dialogue: Option<AggregateId>,
    /// A list forbids it.
    pub blocked: bool,
    /// Over a rate: no mail goes out.
    pub over_rate: bool,
}

/// An elected representative, as the tenant knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Representative {
    /// Of this service.
    pub id: SubjectId,
    /// Public.
    pub name: String,
    /// Public.
    pub party: String,
}

/// A moderator's no.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Who.
    pub by: Official,
    /// Of the catalogue.
    pub codes: Vec<String>,
    /// For the asker.
    pub text: String,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // one lives for one call
pub enum Act {
    /// Hand in.
    Receive(Box<Asking>),
    /// The asker's mailbox answered.
    Confirm { proof: Tag },
    /// The time to confirm is up.
    Expire,
    /// A moderator lets it through.
    Accept { by: Official },
    /// A moderator doesn't.
    Refuse(Verdict),
    /// Give it to a politician, or to another one; a clock begins.
    Assign { by: Official, to: Representative },
    /// Answer: `own` by the politician themselves, else by an official.
    Answer { by: Official, own: bool, text: String, public: bool },
    /// Have it answered again, after an error or because something new is known.
    Reopen { by: Official },
    /// Nothing more will come.
    Close { by: Official },
    /// The asker takes it back.
    Withdraw { proof: Tag, reason: String },
    /// Destroy a key on a legal ground; two officials.
    Erase { by: Official, second: SubjectId, what: Erasable },
}
