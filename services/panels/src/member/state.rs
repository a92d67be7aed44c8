//! The memberships of a person in a panel, oldest first.

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use crate::{
    member::event::{Event, Known, Outcome, Reason, Standing},
    person::{Person, Tags},
    strata::Places,
};

/// A place that was offered, or is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// By which draw.
    pub draw: ItemId,
    /// Of the panel's invitations, of the draw, or the order in line.
    pub number: u32,
    /// Until when the answer can be given and changed; nothing for who is next in line.
    pub expires_at: Option<Instant>,
    /// From a register: the answer is theirs from the first.
    pub invited: bool,
}

/// A membership, from its first event to its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Its own.
    pub item: ItemId,
    /// What is known stands under.
    pub key: KeyRef,
    /// When it began.
    pub at: Instant,
    /// Where it stands.
    pub standing: Standing,
    /// Who it is.
    pub person: Opened<Person>,
    /// Their features.
    pub places: Opened<Places>,
    /// By which they are found again.
    pub tags: Opened<Tags>,
    /// Of a submission: what came of it.
    pub outcome: Option<Opened<Outcome>>,
    /// Of a submission: until when it can be confirmed.
    pub expires_at: Option<Instant>,
    /// What they were offered.
    pub offer: Option<Offer>,
    /// Whether they are, or once were, on the panel.
    pub was_member: bool,
    /// The term they are in; 0 if there are none.
    pub term: u32,
    /// The consent they gave.
    pub consent_version: u32,
    /// Why they left.
    pub reason: Option<Opened<Reason>>,
    /// Their data are gone.
    pub erased: bool,
}

/// All memberships, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// All of them.
    pub memberships: Vec<Membership>,
}

impl State {
    /// One by its item.
    #[must_use]
    pub fn of(&self, item: ItemId) -> Option<&Membership> {
        self.memberships.iter().find(|membership| membership.item == item)
    }

    /// The one by which the person is in the panel now.
    #[must_use]
    pub fn here(&self) -> Option<&Membership> {
        self.memberships.iter().rfind(|membership| membership.standing.is_here())
    }

    /// Whether an official has taken the person out.
    #[must_use]
    pub fn was_removed(&self) -> bool {
        let removed = Opened::Known(Reason::Removed);
        self.memberships.iter().any(|membership| membership.reason.as_ref() == Some(&removed))
    }

    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Submitted { at, item, key, expires_at, known, outcome } => {
                let mut new = Membership::new(*item, *key, *at, Standing::Submitted, known);
                (new.outcome, new.expires_at) = (Some(outcome.clone()), Some(*expires_at));
                self.memberships.push(new);
            }
            Event::Enrolled { at, item, standing, fresh: Some((key, known)), .. }
            | Event::Offered { at, item, standing, fresh: Some((key, known)), .. } => {
                self.memberships.push(Membership::new(*item, *key, *at, *standing, known));
            }
            _ => {}
        }
        let item = radslag_kernel::Happens::item(event);
        if let Some(membership) = self.memberships.iter_mut().find(|one| Some(one.item) == item) {
            membership.evolve(event);
        }
    }
}

impl Membership {
    fn new(item: ItemId, key: KeyRef, at: Instant, standing: Standing, known: &Known) -> Self {
        let Known { person, places, tags } = known.clone();
        Self {
            item,
            key,
            at,
            standing,
            person,
            places,
            tags,
            outcome: None,
            expires_at: None,
            offer: None,
            was_member: false,
            term: 0,
            consent_version: 0,
            reason: None,
            erased: false,
        }
    }

    fn evolve(&mut self, event: &Event) {
        self.standing = event.standing();
        self.was_member |= self.standing.is_member();
        match event {
            Event::Submitted { .. } | Event::Moved { .. } | Event::Replaced { .. } => {}
            Event::Enrolled { consent_version, term, .. } => {
                (self.consent_version, self.term) = (*consent_version, *term);
            }
            Event::Offered { standing, draw, number, expires_at, .. } => {
                let (draw, number, expires_at) = (*draw, *number, *expires_at);
                let invited = *standing == Standing::Invited;
                self.offer = Some(Offer { draw, number, expires_at, invited });
            }
            Event::Answered { consent_version, term, said, .. } => {
                if let Some((_, said)) = said {
                    self.person = said.clone();
                }
                (self.consent_version, self.term) = (*consent_version, *term);
            }
            Event::Expired { .. } | Event::Erased { .. } => self.forget(),
            Event::Left { reason, .. } => self.reason = Some(reason.clone()),
            Event::Corrected { known, .. } => {
                let Known { person, places, tags } = known.clone();
                (self.person, self.places, self.tags) = (person, places, tags);
            }
            Event::Renewed { term, .. } => self.term = *term,
        }
    }

    fn forget(&mut self) {
        self.erased = true;
        (self.person, self.places, self.tags) = (Opened::Gone, Opened::Gone, Opened::Gone);
        self.outcome = self.outcome.as_ref().map(|_| Opened::Gone);
    }

    /// Whether an answer can be given or changed at a moment.
    #[must_use]
    pub fn can_answer(&self, at: Instant) -> bool {
        let open = self.offer.and_then(|offer| offer.expires_at).is_some_and(|expires_at| at < expires_at);
        open && !self.erased
            && matches!(
                self.standing,
                Standing::Invited
                    | Standing::Drawn
                    | Standing::Declined
                    | Standing::Active
                    | Standing::Volunteered
            )
    }
}
