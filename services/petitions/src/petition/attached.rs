//! Files attached to a petition: by its initiator, as long as it isn't decided whether it opens. What a file holds stands
//! beside the log; here is what it is called, what it is, and the key that opens it.

pub mod event;
#[cfg(test)]
mod tests;

use std::fmt;

use radslag_kernel::{Instant, ItemId, KeyRef, Opened};

use crate::{
    attachment::{self, Kind},
    petition::{
        attached::event::Event as Happened,
        event::Event,
        handin,
        refusal::Refusal,
        state::{Life, Petition},
    },
    tag::Tag,
};

/// For each file a policy allows, how many may come and go: each is an event for ever.
const TRIES: usize = 10;

/// A file, as the petition keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// For people.
    pub name: String,
    /// By its bytes.
    pub kind: Kind,
    /// Bytes.
    pub size: u32,
    /// Where it stands beside the log, sealed.
    pub blob: [u8; 16],
    /// SHA-256 of what stands there.
    pub digest: [u8; 32],
    /// Opens it.
    pub key: FileKey,
}

/// The key of one file. It stands sealed under the attachment's own key, so it goes when that does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FileKey(pub [u8; 32]);

impl fmt::Debug for FileKey {
    /// Never shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey(..)")
    }
}

/// Something that was attached, also when it is there no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Which.
    pub item: ItemId,
    /// Seals what is known of it.
    pub key: KeyRef,
    /// The file; gone once it was removed or destroyed.
    pub file: Opened<File>,
}

/// What the organisation's scanner says of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It knows nothing against it, or the organisation looks at none.
    Clean,
    /// It knows what it is.
    Infected,
    /// Nobody could look at it.
    Not,
}

/// A file that comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// New.
    pub item: ItemId,
    /// New; seals what is known of it.
    pub key: KeyRef,
    /// As it was called where it came from.
    pub typed: String,
    /// By its bytes; `None` is anything that isn't taken.
    pub kind: Option<Kind>,
    /// Bytes.
    pub size: u64,
    /// What the scanner says.
    pub looked: Looked,
    /// Where it stands.
    pub blob: [u8; 16],
    /// SHA-256 of what stands there.
    pub digest: [u8; 32],
    /// Opens it.
    pub file: FileKey,
    /// A moderator is reading the petition.
    pub in_hand: bool,
}

/// Handed in, and not decided.
fn undecided(petition: &Petition, proof: Tag, in_hand: bool) -> Result<(), Refusal> {
    handin::initiator(petition, proof)?;
    match (petition.waits(), in_hand) {
        (false, _) => Err(Refusal::AttachmentsClosed),
        (true, true) => Err(Refusal::LockedByAnother),
        (true, false) => Ok(()),
    }
}

pub(super) fn attach(
    petition: &Petition,
    proof: Tag,
    incoming: Incoming,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    undecided(petition, proof, incoming.in_hand)?;
    let filed = petition.filed.as_ref().ok_or(Refusal::AttachmentsClosed)?;
    let most = filed.policy.attachments as usize;
    if most == 0 {
        return Err(Refusal::AttachmentsNotAllowed);
    }
    if petition.files().count() >= most || petition.attachments.len() >= most * TRIES {
        return Err(Refusal::TooManyAttachments);
    }
    if incoming.size > u64::from(filed.policy.attachment_bytes) {
        return Err(Refusal::AttachmentTooLarge);
    }
    let kind = incoming.kind.ok_or(Refusal::AttachmentKindNotAllowed)?;
    match incoming.looked {
        Looked::Clean => {}
        Looked::Infected => return Err(Refusal::AttachmentInfected),
        Looked::Not => return Err(Refusal::AttachmentsNotScanned),
    }
    let Incoming { item, key, typed, size, blob, digest, file, .. } = incoming;
    let (name, size) = (attachment::name(&typed, kind), u32::try_from(size).unwrap_or(u32::MAX));
    let file = Opened::Known(File { name, kind, size, blob, digest, key: file });
    Ok(vec![Happened::Attached { at, item, key, file }.into()])
}

/// Its key is destroyed. A second time does nothing.
pub(super) fn detach(
    petition: &Petition,
    proof: Tag,
    item: ItemId,
    in_hand: bool,
    at: Instant,
) -> Result<Vec<Event>, Refusal> {
    handin::initiator(petition, proof)?;
    let of_item = |attachment: &&Attachment| attachment.item == item;
    let found = petition.attachments.iter().find(of_item).ok_or(Refusal::UnknownAttachment)?;
    if found.file.known().is_none() {
        return Ok(Vec::new());
    }
    undecided(petition, proof, in_hand)?;
    Ok(vec![Happened::Detached { at, item, key: found.key }.into()])
}

/// What an event makes of what is attached.
pub(super) fn evolve(petition: &mut Petition, event: &Happened) {
    match event {
        Happened::Attached { item, key, file, .. } => {
            petition.attachments.push(Attachment { item: *item, key: *key, file: file.clone() });
        }
        Happened::Detached { item, .. } => {
            let of_item = petition.attachments.iter_mut().filter(|attachment| attachment.item == *item);
            of_item.for_each(|attachment| attachment.file = Opened::Gone);
        }
    }
}

impl Petition {
    /// Handed in, and not decided.
    const fn waits(&self) -> bool {
        matches!(
            self.life,
            Life::Submitted { .. } | Life::Gathering { .. } | Life::InReview | Life::Returned { .. }
        )
    }

    /// How many files its initiator may still attach, and of how many bytes each; nothing where none may be, or no more.
    #[must_use]
    pub fn takes_files(&self) -> Option<(usize, u32)> {
        let policy = &self.filed.as_ref().filter(|_| self.waits())?.policy;
        let most = policy.attachments as usize;
        let tries = (most * TRIES).saturating_sub(self.attachments.len());
        let more = most.saturating_sub(self.files().count()).min(tries);
        (more > 0).then_some((more, policy.attachment_bytes))
    }

    /// Whether its initiator may take a file away.
    #[must_use]
    pub fn gives_files_back(&self) -> bool {
        self.waits() && self.files().next().is_some()
    }

    /// What is attached to it.
    pub fn files(&self) -> impl Iterator<Item = (&Attachment, &File)> {
        self.attachments.iter().filter_map(|attachment| Some((attachment, attachment.file.known()?)))
    }

    /// The keys of what is attached to it.
    pub(super) fn file_keys(&self) -> impl Iterator<Item = KeyRef> {
        self.files().map(|(attachment, _)| attachment.key)
    }

    /// Its text is destroyed, and what was attached with it.
    pub(super) fn forget_document(&mut self) {
        self.content = Opened::Gone;
        self.attachments.iter_mut().for_each(|attachment| attachment.file = Opened::Gone);
    }
}
