//! What is asked of a batch. Time, refs and keys were stamped by the shell; what its sheets hold was read before.
#![allow(missing_docs)] // the fields of a variant: the variant says what they are

use radslag_kernel::{Date, Instant, ItemId, KeyRef, SubjectId};

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// The batch.
    pub batch: ItemId,
    /// Who.
    pub by: SubjectId,
    /// They signed or started the petition.
    pub conflict: bool,
    /// The petition is, or has been, open for signatures, and wasn't taken away.
    pub takes_paper: bool,
    /// Why; may be empty where the policy doesn't ask.
    pub ground: String,
    /// An official acts, and the policy wants each of their acts on paper to have a ground.
    pub asks_ground: bool,
    /// What.
    pub act: Act,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A batch came in.
    Register { key: KeyRef, received: Date, today: Date, scan: [u8; 32] },
    /// Lines were typed: so many are taken, so many aren't, from a number to a number.
    Enter { taken: u32, refused: u32, first: u32, last: u32 },
    /// A file of lines begins to come in; `key` seals what of it waits.
    BeginImport { key: KeyRef, deadline: Date, receivable: Date },
    /// The whole file is here and each row was looked at.
    ReceiveImport { import: u32, parts: u32, rows: u32, refused: u32 },
    /// By the service: the next part of the file becomes a sheet.
    EnterPart { import: u32, taken: u32, refused: u32, first: u32, last: u32 },
    /// No more of the file is to be entered; by the service, of one that broke off.
    CancelImport { import: Option<u32> },
    /// Another person looked at each line of a sheet.
    Check { sheet: u32, differing: u32 },
    /// A difference is settled.
    Settle { sheet: u32 },
    /// It is to be counted.
    Accept,
    /// By the service: the next sheet is.
    Count { counted: u32, uncompared: u32, dropped: u32 },
    /// By the service: every sheet was.
    FinishCount,
    /// None of it is to count.
    Undo { ground: String },
    /// By the service: the next sheet counts no more.
    Strike { struck: u32 },
    /// By the service: what lost to a struck sheet counts again.
    Reinstate,
    /// By the service: every sheet was.
    FinishStrike,
}
