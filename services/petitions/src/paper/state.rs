//! How far a batch is.

use radslag_kernel::{Date, KeyRef, SubjectId};

use crate::paper::event::Event;

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Phase {
    /// Lines are typed and checked.
    #[default]
    Entry,
    /// Its sheets are being counted, or are.
    Accepted,
    /// Its signatures are struck out, or are being.
    Undone,
}

impl Phase {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Entry, Self::Accepted, Self::Undone];

    /// The word in answers and in the catalogue.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Accepted => "accepted",
            Self::Undone => "undone",
        }
    }
}

/// A sheet, as its batch knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetState {
    /// Who typed it.
    pub entered_by: SubjectId,
    /// Who checked it.
    pub checked_by: Option<SubjectId>,
    /// Lines taken.
    pub taken: u32,
    /// Lines not taken.
    pub refused: u32,
    /// Differences that aren't settled.
    pub open: u32,
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Where it stands.
    pub phase: Phase,
    /// Seals its grounds.
    pub key: KeyRef,
    /// When it came in.
    pub received: Date,
    /// SHA-256 of its scan.
    pub scan: [u8; 32],
    /// Who entered it.
    pub by: SubjectId,
    /// In order, from 0.
    pub sheets: Vec<SheetState>,
    /// The number of its last line.
    pub last: u32,
    /// Sheets counted so far.
    pub counted_sheets: u32,
    /// Sheets struck out so far.
    pub struck_sheets: u32,
    /// Lines that were counted.
    pub counted: u32,
    /// Of those, lines that couldn't be compared.
    pub uncompared: u32,
}

impl Batch {
    /// The next sheet to count or to strike out, if there is one.
    #[must_use]
    pub fn next_sheet(&self) -> Option<u32> {
        match self.phase {
            Phase::Entry => None,
            Phase::Accepted => Some(self.counted_sheets).filter(|next| (*next as usize) < self.sheets.len()),
            Phase::Undone => Some(self.struck_sheets).filter(|next| *next < self.counted_sheets),
        }
    }
}

/// A batch, once it was registered.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State(pub Option<Batch>);

impl State {
    pub(super) fn evolve(&mut self, event: &Event) {
        if let Event::Registered { by, key, received, scan, .. } = event {
            self.0 = Some(Batch {
                phase: Phase::Entry,
                key: *key,
                received: *received,
                scan: *scan,
                by: *by,
                sheets: Vec::new(),
                last: 0,
                counted_sheets: 0,
                struck_sheets: 0,
                counted: 0,
                uncompared: 0,
            });
        }
        let Some(batch) = &mut self.0 else { return };
        match event {
            Event::SheetEntered { by, taken, refused, last, .. } => {
                let (entered_by, taken, refused) = (*by, *taken, *refused);
                batch.sheets.push(SheetState { entered_by, checked_by: None, taken, refused, open: 0 });
                batch.last = *last;
            }
            Event::SheetChecked { by, sheet, differing, .. } => {
                if let Some(sheet) = batch.sheets.get_mut(*sheet as usize) {
                    (sheet.checked_by, sheet.open) = (Some(*by), *differing);
                }
            }
            Event::SheetSettled { sheet, .. } => {
                if let Some(sheet) = batch.sheets.get_mut(*sheet as usize) {
                    sheet.open = sheet.open.saturating_sub(1);
                }
            }
            Event::Accepted { .. } => batch.phase = Phase::Accepted,
            Event::SheetCounted { counted, uncompared, .. } => {
                batch.counted_sheets += 1;
                batch.counted += counted;
                batch.uncompared += uncompared;
            }
            Event::Undone { .. } => batch.phase = Phase::Undone,
            Event::SheetStruck { .. } => batch.struck_sheets += 1,
            Event::Registered { .. }
            | Event::Entered { .. }
            | Event::Refused { .. }
            | Event::Differed { .. }
            | Event::Settled { .. } => {}
        }
    }
}
