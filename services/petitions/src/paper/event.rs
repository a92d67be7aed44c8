//! What happened to a batch, and to a line of one of its sheets. A batch's events have the batch as their item.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Date, Instant, ItemId, KeyRef, Opened, SubjectId};

use crate::paper::{csv::Part, typed::Typed};

/// Why an official acted, under the batch's key; nothing where they said nothing.
pub type Ground = Option<(KeyRef, Opened<String>)>;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A batch came in; `key` seals its grounds.
    Registered {
        at: Instant,
        batch: ItemId,
        by: SubjectId,
        key: KeyRef,
        received: Date,
        scan: [u8; 32],
        ground: Opened<String>,
    },
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
    /// A file of lines begins to come in; `key` seals what of it waits. Its rows are measured by these dates.
    ImportStarted { at: Instant, batch: ItemId, by: SubjectId, key: KeyRef, deadline: Date, receivable: Date },
    /// Rows of a file as they came; they wait to become a sheet.
    PartReceived { at: Instant, batch: ItemId, key: KeyRef, rows: u32, part: Opened<Part> },
    /// The whole file is here.
    ImportReceived { at: Instant, batch: ItemId, parts: u32, rows: u32, refused: u32 },
    /// Every row is a line now; nothing is left of the file.
    ImportFinished { at: Instant, batch: ItemId, keys: Vec<KeyRef> },
    /// No more of it becomes lines; nothing is left of the file.
    ImportCancelled { at: Instant, batch: ItemId, by: SubjectId, keys: Vec<KeyRef>, ground: Ground },
    /// Another person looked at each line.
    SheetChecked { at: Instant, batch: ItemId, by: SubjectId, sheet: u32, differing: u32, ground: Ground },
    /// One difference less.
    SheetSettled { at: Instant, batch: ItemId, by: SubjectId, sheet: u32, ground: Ground },
    /// It is to be counted.
    Accepted { at: Instant, batch: ItemId, by: SubjectId, ground: Ground },
    /// A sheet's lines became signatures; those dropped are named by `Dropped`.
    SheetCounted { at: Instant, batch: ItemId, sheet: u32, counted: u32, uncompared: u32, dropped: u32 },
    /// Every sheet's did.
    Counted { at: Instant, batch: ItemId },
    /// None of it is to count.
    Undone { at: Instant, batch: ItemId, by: SubjectId, key: KeyRef, ground: Opened<String> },
    /// A sheet's signatures count no more.
    SheetStruck { at: Instant, batch: ItemId, sheet: u32, struck: u32 },
    /// What lost to them counts again.
    SheetReinstated { at: Instant, batch: ItemId, sheet: u32 },
    /// Every sheet's do not.
    Struck { at: Instant, batch: ItemId },
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
    /// It stands, and isn't counted; why.
    Dropped { at: Instant, item: ItemId, key: KeyRef, reason: Opened<String> },
    /// Its key destroyed; it keeps its place. Only of a line that is no signature.
    Erased {
        at: Instant,
        item: ItemId,
        by: SubjectId,
        second: SubjectId,
        keys: Vec<KeyRef>,
        record: KeyRef,
        ground: Opened<String>,
    },
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
            | Self::ImportStarted { at, batch, .. }
            | Self::PartReceived { at, batch, .. }
            | Self::ImportReceived { at, batch, .. }
            | Self::ImportFinished { at, batch, .. }
            | Self::ImportCancelled { at, batch, .. }
            | Self::Counted { at, batch }
            | Self::SheetReinstated { at, batch, .. }
            | Self::Struck { at, batch }
            | Self::SheetStruck { at, batch, .. } => (*at, *batch),
            Self::Entered { at, item, .. }
            | Self::Refused { at, item, .. }
            | Self::Differed { at, item, .. }
            | Self::Dropped { at, item, .. }
            | Self::Erased { at, item, .. }
            | Self::Settled { at, item, .. } => (*at, *item),
        }
    }

    /// The keys it destroys.
    #[must_use]
    pub fn erases(&self) -> Vec<KeyRef> {
        match self {
            Self::ImportFinished { keys, .. }
            | Self::ImportCancelled { keys, .. }
            | Self::Erased { keys, .. } => keys.clone(),
            Self::Registered { .. }
            | Self::SheetEntered { .. }
            | Self::ImportStarted { .. }
            | Self::PartReceived { .. }
            | Self::ImportReceived { .. }
            | Self::SheetChecked { .. }
            | Self::SheetSettled { .. }
            | Self::Accepted { .. }
            | Self::SheetCounted { .. }
            | Self::Counted { .. }
            | Self::Undone { .. }
            | Self::SheetStruck { .. }
            | Self::SheetReinstated { .. }
            | Self::Struck { .. }
            | Self::Entered { .. }
            | Self::Refused { .. }
            | Self::Differed { .. }
            | Self::Settled { .. }
            | Self::Dropped { .. } => Vec::new(),
        }
    }
}
