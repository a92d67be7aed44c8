//! What everybody reads: pure folds from events to rows, and the queries over them.

pub mod answers;
pub mod assisted;
pub mod bulks;
pub mod comments;
pub mod hearings;
pub mod inquiries;
pub mod lists;
pub mod objections;
pub mod origins;
pub mod papers;
pub mod persons;
pub mod petitions;
pub mod signatures;
pub mod timers;
pub mod views;

#[cfg(test)]
mod tests;

use radslag_readmodel::Projection;
pub(crate) use radslag_readmodel::cells::{id, int, item, key, number, sealed_text as sealed, text};

use crate::event::Event;

/// Petitions with their counts, and signatures without names.
pub const PETITIONS: Projection<Event> = Projection {
    name: "petitions",
    version: 7,
    tables: &[
        &petitions::PETITIONS,
        &petitions::INITIATORS,
        &petitions::REVIEWS,
        &signatures::SIGNATURES,
        &papers::PAPERS,
        &answers::PARTS,
        &answers::ANSWERS,
        &answers::REPLIES,
        &answers::FOLLOW_UPS,
        &answers::WITHDRAWALS,
        &hearings::HEARINGS,
        &hearings::DOCUMENTS,
    ],
    views: views::OF_PETITIONS,
    fold: petitions::fold,
};

/// What is due when.
pub const TIMERS: Projection<Event> =
    Projection { name: "timers", version: 2, tables: &[&timers::TIMERS], views: &[], fold: timers::fold };

/// Bulk invalidations, and what everybody is told of them.
pub const BULKS: Projection<Event> = Projection {
    name: "bulks",
    version: 2,
    tables: &[&bulks::BULKS, &bulks::CORRECTIONS],
    views: views::OF_BULKS,
    fold: bulks::fold,
};

/// Who signed by which method, and where from, as tags; and what was done for citizens.
pub const PERSONS: Projection<Event> = Projection {
    name: "persons",
    version: 5,
    tables: &[&persons::PERSONS, &origins::ORIGINS, &assisted::ASSISTED],
    views: &[],
    fold: persons::fold,
};

/// Comments on petitions.
pub const COMMENTS: Projection<Event> = Projection {
    name: "comments",
    version: 2,
    tables: &[&comments::COMMENTS],
    views: views::OF_COMMENTS,
    fold: comments::fold,
};

/// Inquiries, who asked them, and the clocks of politicians.
pub const INQUIRIES: Projection<Event> = Projection {
    name: "inquiries",
    version: 2,
    tables: &[&inquiries::INQUIRIES, &inquiries::ANSWERS, &inquiries::ASKERS, &inquiries::ASSIGNMENTS],
    views: views::OF_INQUIRIES,
    fold: inquiries::fold,
};

/// Objections, and what came of them.
pub const OBJECTIONS: Projection<Event> = Projection {
    name: "objections",
    version: 1,
    tables: &[&objections::OBJECTIONS],
    views: views::OF_OBJECTIONS,
    fold: objections::fold,
};
