//! A page: its slots, and the submissions that haven't ended.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use crate::{
    signature::event::{Public, Signer},
    tag::Tag,
};

/// Where a slot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Standing {
    /// Waits for the mailbox.
    #[default]
    Requested,
    /// Counted.
    Confirmed,
    /// Set aside.
    Suspected,
    /// Not confirmed in time.
    Expired,
    /// By the signer.
    Withdrawn,
    /// By an official.
    Invalidated,
    /// By a stronger method.
    Superseded,
}

impl Standing {
    /// The word in answers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Suspected => "suspected",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Invalidated => "invalidated",
            Self::Superseded => "superseded",
        }
    }
}

/// One place of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Where it stands.
    pub standing: Standing,
    /// Of the name.
    pub name: Tag,
    /// Of the postcode.
    pub postcode: Option<Tag>,
    /// The submission that was confirmed or suspected last: the item of the signature.
    pub item: Option<ItemId>,
    /// What `item` is sealed under.
    pub key: KeyRef,
    /// Every submission that belongs to it, so that old links are known, and its key (0 once destroyed): they are
    /// destroyed together.
    pub held: Vec<(ItemId, KeyRef)>,
    /// Who, of `item`; gone after an erasure.
    pub signer: Opened<Signer>,
    /// What everybody may see of it; gone with it.
    pub public: Public,
    /// It is a vote against.
    pub against: bool,
    /// Mails sent for it, also to those who had it before.
    pub mails: u32,
    /// The bulk act that struck it out, if one did and nobody has touched it since.
    pub batch: Option<[u8; 16]>,
}

/// A submission that hasn't ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its item.
    pub item: ItemId,
    /// Its key.
    pub key: KeyRef,
    /// Its end.
    pub expires_at: Instant,
    /// The slot it would confirm (from 0); none if it can't be confirmed.
    pub slot: Option<usize>,
    /// Who.
    pub signer: Opened<Signer>,
    /// What everybody may see once it is confirmed.
    pub public: Public,
    /// It would be a vote against.
    pub against: bool,
    /// Of name and postcode.
    pub person: Option<Tag>,
    /// The rule that will set it aside.
    pub suspicion: Option<String>,
}

/// Of one stream.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State {
    /// At most two; by eID at most one.
    pub slots: Vec<Slot>,
    /// Submissions that haven't ended.
    pub pending: Vec<Pending>,
    /// Mails sent for submissions without a slot.
    pub notices: u32,
    /// Keys of submissions without a slot.
    pub spare: Vec<(ItemId, KeyRef)>,
}

impl State {
    /// The slot whose signature an item is.
    #[must_use]
    pub fn slot_of(&self, item: ItemId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.item == Some(item))
    }

    /// Whether a signature is counted.
    #[must_use]
    pub fn counts(&self, item: ItemId) -> bool {
        self.slot_of(item).is_some_and(|slot| slot.standing == Standing::Confirmed)
    }

    /// Whether nobody has a slot: given up, or never confirmed in time.
    #[must_use]
    pub fn is_vacant(&self, slot: usize, at: Instant) -> bool {
        self.slots.get(slot).is_some_and(|place| match place.standing {
            Standing::Expired | Standing::Withdrawn => !self.is_awaited(slot, at),
            Standing::Requested => !self.is_awaited(slot, at),
            Standing::Confirmed | Standing::Suspected | Standing::Invalidated | Standing::Superseded => false,
        })
    }

    /// The slot (from 0) a submission belongs to.
    #[must_use]
    pub fn place_of(&self, item: ItemId) -> Option<usize> {
        self.slots.iter().position(|slot| slot.held.iter().any(|(held, _)| *held == item))
    }

    fn is_awaited(&self, slot: usize, at: Instant) -> bool {
        self.pending.iter().any(|pending| pending.slot == Some(slot) && at < pending.expires_at)
    }
}
