//! What an objection's events add up to.

use radslag_kernel::{Date, Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::objection::event::{About, Event, Objector, Outcome};

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The contested decision's event id.
    pub id: ItemId,
    /// The contested decision's position.
    pub position: u64,
    /// What it was about.
    pub about: About,
    /// Which signature or comment.
    pub item: Option<ItemId>,
    /// Who decided first.
    pub decided_by: Vec<SubjectId>,
    /// When it was raised.
    pub raised_at: Instant,
    /// By when somebody decides.
    pub decide_by: Date,
    /// What the objector is sealed under.
    pub key: KeyRef,
    /// Why.
    pub reason: Opened<String>,
    /// Who.
    pub objector: Opened<Objector>,
    /// The second decision, and what the objector was told.
    pub outcome: Option<(Outcome, Opened<String>)>,
}

/// Of one stream.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State(pub Option<Objection>);

impl State {
    pub(super) fn evolve(&mut self, event: &Event) {
        match event {
            Event::Raised {
                at,
                objection,
                about,
                item,
                position,
                decided_by,
                decide_by,
                key,
                reason,
                objector,
            } => {
                self.0 = Some(Objection {
                    id: *objection,
                    position: *position,
                    about: *about,
                    item: *item,
                    decided_by: decided_by.clone(),
                    raised_at: *at,
                    decide_by: *decide_by,
                    key: *key,
                    reason: reason.clone(),
                    objector: objector.clone(),
                    outcome: None,
                });
            }
            Event::Decided { outcome, text, .. } => {
                self.0.iter_mut().for_each(|objection| objection.outcome = Some((*outcome, text.clone())));
            }
        }
    }
}
