//! What is asked of a petition. Time, calendar, keys and tags were stamped by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use std::sync::Arc;

use radslag_kernel::{AggregateId, Calendar, Date, Instant, ItemId, KeyRef, Role, SubjectId};

use crate::{
    assisted::Helper,
    petition::{
        answer, attached, coinitiator,
        course::{Classes, Fate, Instead},
        event::{Contact, Content, Erasable, InitiatorTags, Keys, Register, Threshold},
        hearing,
        supporters::Support,
    },
    policy::Policy,
    signing::Signing,
    tag::Tag,
};

/// The moment, and the tenant's calendar in which its dates are counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Now {
    /// Of the log's clock.
    pub at: Instant,
    /// The tenant's.
    pub calendar: Calendar,
    /// What the tenant did to all signing.
    pub signing: Arc<Signing>,
}

impl Now {
    /// The end of the date so many days after today, and that date.
    #[must_use]
    pub fn in_days(&self, days: u32) -> (Date, Instant) {
        let date = radslag_kernel::time::plus_days(self.today(), days);
        (date, self.calendar.end_of(date))
    }

    /// Today's date.
    #[must_use]
    pub fn today(&self) -> Date {
        self.calendar.date(self.at)
    }
}

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// When.
    pub now: Now,
    /// What.
    pub act: Act,
}

/// A petition that is handed in, for the first time.
#[derive(Clone, Debug, PartialEq)]
pub struct HandIn {
    /// The terms it will keep.
    pub policy: Policy,
    /// Its texts.
    pub content: Content,
    /// Who hands it in.
    pub initiator: Initiator,
    /// Its keys, new.
    pub keys: Keys,
    /// The next number of the stream `register-<year>`, which is appended to with this.
    pub register: Register,
    /// Part of which dialogue; of a draft, the draft's.
    pub dialogue: Option<AggregateId>,
    /// Which version of the tenant's terms was accepted.
    pub terms: String,
    /// Under the tag that owns the draft, if there is one.
    pub owner: Option<Tag>,
}

/// Who starts a petition.
#[derive(Clone, Debug, PartialEq)]
pub struct Initiator {
    /// Who.
    pub contact: Contact,
    /// For rules.
    pub tags: InitiatorTags,
    /// Known to be in the population register.
    pub registered: bool,
    /// Who acts for them, if somebody does.
    pub helper: Option<Helper>,
}

/// Who acts for the authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Official {
    /// Of this service.
    pub id: SubjectId,
    /// The official's own tags under this petition's tag key (mailbox and eID), to compare with the initiator's.
    pub tags: Vec<Tag>,
    /// They signed this petition themselves.
    pub signed: bool,
    /// Another moderator is at work on it.
    pub locked_out: bool,
    /// Why they act.
    pub ground: String,
}

/// A refusal as asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Who.
    pub by: Official,
    /// Of the catalogue.
    pub codes: Vec<String>,
    /// For the initiator.
    pub text: String,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // one lives for one call
pub enum Act {
    /// Begin a draft or change it. `key` seals a new one; a change keeps its own.
    SaveDraft { owner: Tag, key: KeyRef, content: Content, policy: Policy, dialogue: Option<AggregateId> },
    /// Hand in.
    Submit(Box<HandIn>),
    /// The mailbox of the initiator answered. `proof` is its tag.
    ConfirmInitiator { proof: Tag },
    /// Hand in again what was returned.
    Resubmit { proof: Tag, content: Content },
    /// Refuse for the first time.
    Return(Verdict),
    /// Refuse for good; it stays readable.
    Reject(Verdict),
    /// Refuse for good and never show it.
    Hide(Verdict),
    /// Let it open: at once, or on a date. `url_key` overrides the wished one; `taken`: another petition has the key.
    Approve { by: Official, opens_on: Option<Date>, url_key: Option<String>, taken: bool },
    /// Take it back.
    Withdraw { proof: Tag, reason: String },
    /// The same by somebody who acts for the initiator, who has this tag by eID, or one of this name.
    WithdrawFor { citizen: Tag, name: Tag, reason: String, helper: Box<Helper> },
    /// Take down what was published or refused; two officials, of whom the first acts in `role`.
    TakeDown { verdict: Verdict, role: Role, second: SubjectId, fate: Fate },
    /// Back to review.
    Restore { by: Official, role: Role },
    /// Back to review, because somebody else decided an objection to its refusal so.
    Overturn { by: Official },
    /// Support it before review.
    Support(Box<Support>),
    /// The supporter's mailbox answered. `proof` is its tag.
    ConfirmSupport { item: ItemId, proof: Tag },
    /// Strike a supporter out.
    StrikeSupporter { by: Official, item: ItemId },
    /// Destroy what a supporter left on a legal ground; two officials.
    EraseSupporter { by: Official, second: SubjectId, item: ItemId },
    /// How many may vote.
    FixElectorate { by: Official, voters: u64 },
    /// Say what it is about; `unknown`: a name stands in none of the tenant's lists.
    Classify { by: Official, classes: Classes, unknown: bool },
    /// Ask the initiator whether it should go elsewhere; `to` says where.
    ProposeRedirect { by: Official, instead: Instead, to: String },
    /// The initiator's yes or no.
    AnswerRedirect { proof: Tag, accept: bool },
    /// Name who may take it over.
    NameCoinitiator { proof: Tag, named: Box<coinitiator::Named> },
    /// The initiator takes the naming back.
    RevokeCoinitiator { proof: Tag },
    /// Something the one who was named does. `proof` is the tag of their mailbox.
    AsCoinitiator { item: ItemId, proof: Tag, act: coinitiator::Act },
    /// Attach a file.
    Attach { proof: Tag, file: Box<attached::Incoming> },
    /// Take one away; `in_hand`: a moderator is reading the petition.
    Detach { proof: Tag, item: ItemId, in_hand: bool },
    /// Whatever is due by now happens. Nothing, if nothing is.
    Lapse,
    /// The count of a position stands at or above a threshold.
    ReachThreshold { threshold: Threshold, count: u64, count_position: u64 },
    /// The count of a position stands below a threshold that was reached.
    LoseThreshold { threshold: Threshold, count: u64, count_position: u64 },
    /// Something about its answer.
    Answer(answer::Act),
    /// Something about its hearing.
    Hearing(hearing::Act),
    /// Destroy keys on a legal ground; two officials.
    Erase { by: Official, second: SubjectId, what: Erasable },
}
