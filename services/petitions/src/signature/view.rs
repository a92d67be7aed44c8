//! What a signature needs to know of its petition: read before, guarded by the stream's version at the append.

use std::sync::Arc;

use radslag_kernel::{Instant, KeyRef};

use crate::{petition::InitiatorTags, policy::Policy, signature::command::SignerTags};

/// Whether a petition can be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// Not.
    No,
    /// Not until the tenant's signing goes on; earlier requests may be confirmed.
    Paused,
    /// Until its deadline.
    Until(Instant),
    /// Earlier requests may be confirmed.
    Counting(Instant),
}

/// A petition as its signatures see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Of the petition's stream: the guard.
    pub version: u64,
    /// Whether it can be signed.
    pub signing: Signing,
    /// The terms it keeps.
    pub policy: Arc<Policy>,
    /// Seals tags and outcomes.
    pub tags: KeyRef,
    /// Seals grounds.
    pub record: KeyRef,
    /// Who started it.
    pub initiator: Option<InitiatorTags>,
}

impl View {
    /// New requests are taken. The deadline counts even if nobody has noticed it yet.
    #[must_use]
    pub fn takes_requests(&self, at: Instant) -> bool {
        matches!(self.signing, Signing::Until(closes_at) if at < closes_at)
    }

    /// Requests may be confirmed.
    #[must_use]
    pub fn takes_confirmations(&self, at: Instant) -> bool {
        match self.signing {
            Signing::No => false,
            Signing::Paused => true,
            Signing::Until(closes_at) => at < closes_at.plus_hours(u64::from(self.policy.counting_hours)),
            Signing::Counting(until) => at < until,
        }
    }

    /// Who started the petition, by eID, or by the same name with the same mailbox or postcode.
    #[must_use]
    pub fn is_initiator(&self, signer: &SignerTags) -> bool {
        self.initiator.is_some_and(|initiator| {
            let same_eid = signer.eid.is_some() && signer.eid == initiator.eid;
            let same_mailbox = signer.mailbox.is_some() && signer.mailbox == initiator.mailbox;
            let same_postcode = signer.postcode.is_some() && signer.postcode == initiator.postcode;
            same_eid || (signer.name == initiator.name && (same_mailbox || same_postcode))
        })
    }
}
