//! Why a batch isn't taken further, with a code that never changes.

use radslag_kernel::refusals;

refusals! {
    /// There is no such batch.
    UnknownBatch = "unknown-batch",
    /// It has no such sheet, or the sheet no such line.
    UnknownLine = "unknown-paper-line",
    /// Nobody could sign the petition, or it was taken away.
    PetitionNotSigned = "petition-not-signed",
    /// Lists come in today or before.
    ReceivedInTheFuture = "received-in-the-future",
    /// An official's act has a ground.
    GroundMissing = "ground-missing",
    /// They signed or started the petition.
    ConflictOfInterest = "conflict-of-interest",
    /// Nothing was typed.
    LinesMissing = "paper-lines-missing",
    /// More than a sheet holds.
    TooManyLines = "too-many-paper-lines",
    /// A line's number comes after those that are there.
    LinesNotInOrder = "paper-lines-not-in-order",
    /// It takes no lines and no checks any more.
    AlreadyAccepted = "paper-already-accepted",
    /// A sheet is checked once.
    AlreadyChecked = "paper-already-checked",
    /// Who typed a sheet doesn't check it.
    SamePersonTwice = "same-person-twice",
    /// Both read the same, or it is settled.
    NotDiffering = "paper-line-not-differing",
    /// What the second person read isn't a line that is taken.
    LineNotTaken = "paper-line-not-taken",
    /// A second person looks at every sheet.
    NotChecked = "paper-not-checked",
    /// Every difference is settled before.
    DifferencesOpen = "paper-differences-open",
    /// A file is being read in: it is finished or cancelled first.
    ImportUnderWay = "paper-import-under-way",
    /// Another file took the place of this one.
    ImportReplaced = "paper-import-replaced",
    /// No file is being read in.
    NoImport = "paper-no-import",
    /// It was undone.
    AlreadyUndone = "paper-already-undone",
    /// A line that may be counted yet is erased once it is, or once its batch is undone.
    LineWaits = "paper-line-waits",
    /// Its key is destroyed.
    AlreadyErased = "already-erased",
}
