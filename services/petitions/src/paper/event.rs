//! What happened to a batch, and to a line of one of its sheets. A batch's events have the batch as their item.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Date, Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::paper::typed::Typed;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A batch came in; `key` seals its grounds.
    Registered { at: Instant, batch: ItemId, by: SubjectId, key: KeyRef, received: Date, scan: [u8; 32] },
    /// Lines were typed, up to line `last` of the batch.
    SheetEntered {
        at: Instant,
        batch: ItemId,
        by: SubjectId,
        sheet: u32,
        taken: u32,
        refused: u32,
        last: u32,
    },
    /// Another person looked at each line.
    SheetChecked { at: Instant, batch: ItemId, by: SubjectId, sheet: u32, differing: u32 },
    /// One difference less.
    SheetSettled { at: Instant, batch: ItemId, by: SubjectId, sheet: u32 },
    /// It is to be counted.
    Accepted { at: Instant, batch: ItemId, by: SubjectId },
    /// A sheet's lines became signatures.
    SheetCounted { at: Instant, batch: ItemId, sheet: u32, counted: u32, uncompared: u32 },
    /// None of it is to count.
    Undone { at: Instant, batch: ItemId, by: SubjectId, key: KeyRef, ground: Opened<String> },
    /// A sheet's signatures count no more.
    SheetStruck { at: Instant, batch: ItemId, sheet: u32, struck: u32 },
    /// A line was typed. `number`: in its batch.
    Entered { at: Instant, item: ItemId, key: KeyRef, number: u32, typed: Opened<Typed> },
    /// A line was not taken; it is kept as it came.
    Refused {
        at: Instant,
        item: ItemId,
        key: KeyRef,
        number: u32,
        reason: Opened<String>,
        raw: Opened<String>,
    },
    /// The second person read something else.
    Differed { at: Instant, by: SubjectId, item: ItemId, key: KeyRef, typed: Opened<Typed> },
    /// What stands there; nothing if it can't be read.
    Settled { at: Instant, by: SubjectId, item: ItemId, key: KeyRef, typed: Opened<Option<Typed>> },
}

impl Event {
    /// When.
    #[must_use]
    pub const fn at(&self) -> Instant {
        self.head().0
    }

    /// The batch, or the line.
    #[must_use]
    pub const fn item(&self) -> ItemId {
        self.head().1
    }

    const fn head(&self) -> (Instant, ItemId) {
        match self {
            Self::Registered { at, batch, .. }
            | Self::SheetEntered { at, batch, .. }
            | Self::SheetChecked { at, batch, .. }
            | Self::SheetSettled { at, batch, .. }
            | Self::Accepted { at, batch, .. }
            | Self::SheetCounted { at, batch, .. }
            | Self::Undone { at, batch, .. }
            | Self::SheetStruck { at, batch, .. } => (*at, *batch),
            Self::Entered { at, item, .. }
            | Self::Refused { at, item, .. }
            | Self::Differed { at, item, .. }
            | Self::Settled { at, item, .. } => (*at, *item),
        }
    }
}
