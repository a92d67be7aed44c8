//! How far a batch is.

use radslag_kernel::{Date, Instant, KeyRef, Opened, SubjectId};

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

/// A file that is being read in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Which of the batch's files, from 1.
    pub number: u32,
    /// Seals what of it waits.
    pub key: KeyRef,
    /// Who sent it.
    pub by: SubjectId,
    /// When it began to come in.
    pub began: Instant,
    /// The last day to sign, when it came.
    pub deadline: Date,
    /// The last day on which a list may come in.
    pub receivable: Date,
    /// Parts, rows and rows that aren't taken, once all of it is here.
    pub whole: Option<(u32, u32, u32)>,
    /// Parts that are sheets.
    pub done: u32,
    /// Rows that are lines.
    pub entered: u32,
}

/// What the service is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A file is coming in: one that broke off is given up after a while.
    Await,
    /// Make a sheet of this part of the file.
    Enter(u32),
    /// Count this sheet.
    Count(u32),
    /// Say that all is counted.
    FinishCount,
    /// Strike out this sheet.
    Strike(u32),
    /// Count again what lost to this sheet.
    Reinstate(u32),
    /// Say that all is struck out.
    FinishStrike,
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
    /// Lines that stand and aren't counted.
    pub dropped: u32,
    /// Signatures that were struck out.
    pub struck: u32,
    /// Struck sheets whose losers count again.
    pub reinstated_sheets: u32,
    /// All that was to be counted, or struck out, is.
    pub finished: bool,
    /// Why it was undone.
    pub ground: Opened<String>,
    /// Files that began to come in.
    pub imports: u32,
    /// The one under way.
    pub import: Option<Import>,
}

impl Batch {
    /// What is next for the service.
    #[must_use]
    pub fn work(&self) -> Option<Work> {
        let sheets = u32::try_from(self.sheets.len()).unwrap_or(u32::MAX);
        match self.phase {
            Phase::Entry => self.import.as_ref().map(|import| match import.whole {
                None => Work::Await,
                Some(_) => Work::Enter(import.done),
            }),
            Phase::Accepted if self.counted_sheets < sheets => Some(Work::Count(self.counted_sheets)),
            Phase::Accepted => (!self.finished).then_some(Work::FinishCount),
            Phase::Undone if self.reinstated_sheets < self.struck_sheets => {
                Some(Work::Reinstate(self.reinstated_sheets))
            }
            Phase::Undone if self.struck_sheets < self.counted_sheets => {
                Some(Work::Strike(self.struck_sheets))
            }
            Phase::Undone => (!self.finished).then_some(Work::FinishStrike),
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
                dropped: 0,
                struck: 0,
                reinstated_sheets: 0,
                finished: false,
                ground: Opened::Gone,
                imports: 0,
                import: None,
            });
        }
        if let Some(batch) = &mut self.0 {
            batch.evolve(event);
        }
    }
}

impl Batch {
    fn evolve(&mut self, event: &Event) {
        match event {
            Event::SheetEntered { by, taken, refused, last, .. } => {
                let (entered_by, taken, refused) = (*by, *taken, *refused);
                self.sheets.push(SheetState { entered_by, checked_by: None, taken, refused, open: 0 });
                self.last = *last;
                if let Some(import) = &mut self.import {
                    (import.done, import.entered) = (import.done + 1, import.entered + taken + refused);
                }
            }
            Event::SheetChecked { by, sheet, differing, .. } => {
                if let Some(sheet) = self.sheets.get_mut(*sheet as usize) {
                    (sheet.checked_by, sheet.open) = (Some(*by), *differing);
                }
            }
            Event::SheetSettled { sheet, .. } => {
                if let Some(sheet) = self.sheets.get_mut(*sheet as usize) {
                    sheet.open = sheet.open.saturating_sub(1);
                }
            }
            Event::Accepted { .. } => self.phase = Phase::Accepted,
            Event::SheetCounted { counted, uncompared, dropped, .. } => {
                self.counted_sheets += 1;
                self.counted += counted;
                self.uncompared += uncompared;
                self.dropped += dropped;
            }
            Event::Undone { ground, .. } => {
                (self.phase, self.finished, self.ground) = (Phase::Undone, false, ground.clone());
            }
            Event::SheetStruck { struck, .. } => {
                (self.struck_sheets, self.struck) = (self.struck_sheets + 1, self.struck + struck);
            }
            Event::SheetReinstated { .. } => self.reinstated_sheets += 1,
            Event::Counted { .. } | Event::Struck { .. } => self.finished = true,
            Event::ImportStarted { at, by, key, deadline, receivable, .. } => {
                self.imports += 1;
                self.import = Some(Import {
                    number: self.imports,
                    key: *key,
                    by: *by,
                    began: *at,
                    deadline: *deadline,
                    receivable: *receivable,
                    whole: None,
                    done: 0,
                    entered: 0,
                });
            }
            Event::ImportReceived { parts, rows, refused, .. } => {
                if let Some(import) = &mut self.import {
                    import.whole = Some((*parts, *rows, *refused));
                }
            }
            Event::ImportFinished { .. } | Event::ImportCancelled { .. } => self.import = None,
            Event::Registered { .. }
            | Event::PartReceived { .. }
            | Event::Entered { .. }
            | Event::Refused { .. }
            | Event::Differed { .. }
            | Event::Settled { .. }
            | Event::Dropped { .. }
            | Event::Erased { .. } => {}
        }
    }
}
