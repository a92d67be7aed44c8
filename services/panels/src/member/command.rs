//! What is asked of a person's page. Time, items, keys, tags and what the panel asks for were stamped by the shell.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Instant, ItemId, KeyRef};

use crate::{
    form::Form,
    member::event::{Assisted, Reason},
    panel::{Panel, Phase},
    person::{Person, Tags},
    strata::Strata,
};

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// The panel, as its members see it.
    pub panel: View,
    /// What.
    pub act: Act,
}

/// A panel, as its members see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Where it stands.
    pub phase: Phase,
    /// Anybody the form takes may come.
    pub enrols: bool,
    /// Whoever comes is a volunteer.
    pub drawn: bool,
    /// What it asks.
    pub form: Form,
    /// What it looks like.
    pub strata: Strata,
    /// The term that runs; 0 if there are none.
    pub term: u32,
    /// Until when members of the term before may stay.
    pub renew_by: Option<Instant>,
    /// Of a removal's ground.
    pub record: KeyRef,
    /// In the tenant's zone.
    pub year: i16,
}

impl View {
    /// Of a panel in a year.
    #[must_use]
    pub fn of(panel: &Panel, year: i16) -> Self {
        let recruiting = panel.recruiting();
        Self {
            phase: panel.phase,
            enrols: recruiting.enrols,
            drawn: recruiting.drawn,
            form: panel.form().cloned().unwrap_or_default(),
            strata: panel.strata().cloned().unwrap_or_default(),
            term: panel.term.map_or(0, |term| term.number),
            renew_by: panel.term.and_then(|term| term.renew_by),
            record: panel.keys.record,
            year,
        }
    }
}

/// Somebody new, with the item and the key that are theirs from here on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub item: ItemId,
    pub key: KeyRef,
    pub person: Person,
    pub tags: Tags,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Anybody names a mailbox.
    Submit {
        new: Newcomer,
    },
    /// Its mailbox confirms.
    Confirm {
        item: ItemId,
    },
    /// Somebody who proved who they are, or with an official's help.
    Join {
        new: Newcomer,
        assisted: Option<Assisted>,
    },
    /// On a list of volunteers that came from elsewhere.
    Volunteer {
        new: Newcomer,
    },
    /// Drawn from a register.
    Invite {
        new: Newcomer,
        draw: ItemId,
        number: u32,
        expires_at: Instant,
    },
    /// A volunteer was drawn, or gets the place of one who left.
    Offer {
        item: ItemId,
        draw: ItemId,
        number: u32,
        expires_at: Instant,
    },
    /// A volunteer is next in line.
    Reserve {
        item: ItemId,
        draw: ItemId,
        number: u32,
    },
    /// `said`: of themselves, beside the answer.
    Answer {
        item: ItemId,
        accepted: bool,
        said: Option<Person>,
        assisted: Option<Assisted>,
    },
    /// Its time is up.
    Expire {
        item: ItemId,
    },
    Pause {
        item: ItemId,
        assisted: Option<Assisted>,
    },
    Resume {
        item: ItemId,
        assisted: Option<Assisted>,
    },
    Leave {
        item: ItemId,
        reason: Reason,
        assisted: Option<Assisted>,
    },
    /// An official takes them out.
    Remove {
        item: ItemId,
        ground: String,
    },
    /// Somebody else has the place.
    Replace {
        item: ItemId,
        by: ItemId,
    },
    Correct {
        item: ItemId,
        person: Person,
        tags: Tags,
    },
    Renew {
        item: ItemId,
        assisted: Option<Assisted>,
    },
    Erase {
        item: ItemId,
    },
}
