//! Files attached to a petition: each is sealed under a key of its own and stands beside the log; that key stands, sealed
//! again, in the event that names it. The file is there before its event, and goes after it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prost::Message as _;
use radslag_kernel::{Actor, AggregateId, Decider as _, EventId, ItemId, Opened, Role, SubjectId};
use radslag_proto::log::Sealed;
use radslag_runtime::{blobs::Name, execute::Undone, service::Failure};
use radslag_vault::{
    Key,
    cipher::{self, Place},
};
use sha2::{Digest as _, Sha256};

use crate::{
    attachment::Kind,
    petition::{
        self, Act, Now,
        attached::{Attachment, File, FileKey, Incoming, Looked},
    },
    shell::{
        Asked, Done, Office, Wrong, moderation,
        petition::{Found, Made, Proof},
    },
};

/// After so long a file that no event names was left by a crash.
const LEFT: Duration = Duration::from_secs(24 * 60 * 60);
/// The sealed field that a file is.
const FIELD: u32 = 1;

/// A file as it came.
pub struct Uploaded {
    /// What it was called.
    pub typed: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// What the scanner says.
    pub looked: Looked,
}

/// What is attached under a name.
pub enum Attached {
    /// It is there.
    Here(File, Vec<u8>),
    /// It was taken away, or destroyed with the petition's text.
    Gone,
    /// Nothing ever was.
    Never,
}

impl Office {
    /// How many bytes somebody may attach now: asked before anything of a file is read. What comes `again` may be among
    /// the files that are there.
    ///
    /// # Errors
    /// `Undone`, as if an empty file were attached.
    pub fn may_attach(
        &self,
        id: AggregateId,
        proof: &Proof<'_>,
        looked: Looked,
        again: bool,
    ) -> Result<usize, Undone<Wrong>> {
        let (_, state) = self.petition(id)?;
        let (_, signing) = self.signing()?;
        let now = Now { at: self.now(), calendar: self.calendar.clone(), signing };
        let found = Found { now: now.clone(), state: state.clone() };
        let incoming = Incoming {
            item: ItemId::default(),
            key: Default::default(),
            typed: String::new(),
            kind: Some(Kind::Text),
            size: 0,
            looked,
            blob: Name::default(),
            digest: [0; 32],
            file: FileKey([0; 32]),
            in_hand: self.moderation(id)?.1.lock(now.at).is_some(),
        };
        let act = Act::Attach { proof: self.proof(&found, proof)?, file: Box::new(incoming) };
        let decided = petition::Decider::decide(&state, petition::Command { now, act });
        match decided {
            Ok(_) => {}
            Err(petition::Refusal::TooManyAttachments) if again => {}
            Err(rule) => return Err(Undone::Refused(rule.into())),
        }
        let filed = state.0.as_ref().and_then(|petition| petition.filed.as_ref());
        Ok(filed.map_or(0, |filed| filed.policy.attachment_bytes as usize))
    }

    /// Attaches a file; its id follows from the command's, so that the same command attaches the same one.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn attach(
        &self,
        id: AggregateId,
        asked: &Asked,
        proof: &Proof<'_>,
        uploaded: Uploaded,
    ) -> Result<(ItemId, Done), Undone<Wrong>> {
        let item = ItemId::from_bytes(*self.commands.aggregate(asked.command).as_bytes());
        let Uploaded { typed, bytes, looked } = uploaded;
        let (blob, key): (Name, [u8; 32]) = (rand::random(), rand::random());
        let (kind, size) = (Kind::sniff(&bytes), bytes.len() as u64);
        let kept = kind.is_some() && looked == Looked::Clean;
        // What is refused anyhow is never written.
        let digest = if kept { self.keep(id, blob, key, bytes).await? } else { [0; 32] };
        let actor = Actor { role: Role::Initiator, subject: SubjectId::from_bytes(rand::random()) };
        let mut make = |found: &Found| {
            let new = self.log.vault().reserve();
            let (version, moderated) = self.moderation(id)?;
            let incoming = Incoming {
                item,
                key: new.reference,
                typed: typed.clone(),
                kind,
                size,
                looked,
                blob,
                digest,
                file: FileKey(key),
                in_hand: moderated.lock(found.now.at).is_some(),
            };
            let act = Act::Attach { proof: self.proof(found, proof)?, file: Box::new(incoming) };
            let (digest_under, guard) = (Some(new.reference), Some((moderation::stream(id), version)));
            Ok(Made { act, keys: vec![new], register: None, digest_under, guard })
        };
        let done = self.command(id, actor, asked, &mut make).await;
        // Of anything but a plain no it isn't known whether the event was written.
        if matches!(&done, Ok(Done { repeated: true, .. }) | Err(Undone::Refused(_))) {
            self.forget(id, vec![blob]).await;
        }
        Ok((item, done?))
    }

    /// Takes one away.
    ///
    /// # Errors
    /// `Undone`.
    pub async fn detach(
        &self,
        id: AggregateId,
        asked: &Asked,
        proof: &Proof<'_>,
        item: ItemId,
    ) -> Result<Done, Undone<Wrong>> {
        let actor = Actor { role: Role::Initiator, subject: SubjectId::from_bytes(rand::random()) };
        self.command(id, actor, asked, &mut |found| {
            let (version, moderated) = self.moderation(id)?;
            let in_hand = moderated.lock(found.now.at).is_some();
            let act = Act::Detach { proof: self.proof(found, proof)?, item, in_hand };
            Ok(Made { guard: Some((moderation::stream(id), version)), ..Made::act(act) })
        })
        .await
    }

    /// What is attached under a name.
    ///
    /// # Errors
    /// `Log`; `File` if it isn't what the log says.
    pub async fn attached(&self, id: AggregateId, item: ItemId) -> Result<Attached, Failure> {
        let (_, state) = self.petition(id)?;
        let attachments =
            state.0.as_ref().map(|petition| petition.attachments.as_slice()).unwrap_or_default();
        match attachments.iter().find(|attachment| attachment.item == item) {
            None => Ok(Attached::Never),
            Some(Attachment { file: Opened::Gone, .. }) => Ok(Attached::Gone),
            Some(Attachment { file: Opened::Known(file), .. }) => {
                let (blobs, blob) = (self.blobs.clone(), file.blob);
                let read = tokio::task::spawn_blocking(move || blobs.get(id, &blob));
                let bytes =
                    read.await.map_err(|_| Failure::Stopped)?.map_err(|source| self.broken(source))?;
                let opened = bytes.and_then(|bytes| self.opened(file, &bytes));
                let other = || self.broken(std::io::ErrorKind::InvalidData.into());
                Ok(Attached::Here(file.clone(), opened.ok_or_else(other)?))
            }
        }
    }

    fn place(&self, blob: Name) -> Place {
        Place { log: self.log.id(), event: EventId::from_bytes(blob), field: FIELD }
    }

    fn opened(&self, file: &File, bytes: &[u8]) -> Option<Vec<u8>> {
        if <[u8; 32]>::from(Sha256::digest(bytes)) != file.digest {
            return None;
        }
        let sealed = Sealed::decode(bytes).ok()?;
        let key = Key::from(file.key.0);
        cipher::open(self.place(file.blob), &[key], &sealed).ok().map(|opened| opened.value)
    }

    /// Seals and writes a file; the hash of what stands there.
    async fn keep(
        &self,
        id: AggregateId,
        blob: Name,
        key: [u8; 32],
        bytes: Vec<u8>,
    ) -> Result<[u8; 32], Failure> {
        let (place, blobs) = (self.place(blob), self.blobs.clone());
        let write = tokio::task::spawn_blocking(move || {
            let (sealed, _) = cipher::seal(place, &[(0, &Key::from(key))], &bytes);
            drop(bytes);
            let sealed = sealed.encode_to_vec();
            blobs.put(id, &blob, &sealed).map(|()| Sha256::digest(&sealed).into())
        });
        write.await.map_err(|_| Failure::Stopped)?.map_err(|source| self.broken(source))
    }

    fn broken(&self, source: std::io::Error) -> Failure {
        Failure::File { path: self.log.folder().join("blobs"), source }
    }

    /// Removes files whose keys are gone, or that no event names. One that stays goes with the next sweep.
    pub(super) async fn forget(&self, id: AggregateId, names: Vec<Name>) {
        if names.is_empty() {
            return;
        }
        let blobs = self.blobs.clone();
        let removed =
            tokio::task::spawn_blocking(move || names.iter().try_for_each(|name| blobs.remove(id, name)));
        if let Ok(Err(error)) = removed.await {
            tracing::warn!(%error, "a file whose key is gone couldn't be removed yet");
        }
    }

    /// Removes files that no event names and that are older than a day; how many. Where a loss was accepted, events that
    /// were put aside may name what is from before: that stays.
    ///
    /// # Errors
    /// `Log`; `File` if the disk fails.
    pub fn sweep_files(&self) -> Result<usize, Failure> {
        let first_life = self.log.origin() == 0;
        let began = if first_life { 0 } else { self.log.read_at(self.log.begins())?.header.recorded_at };
        let old = UNIX_EPOCH + Duration::from_millis(began)..SystemTime::now() - LEFT;
        let mut gone = 0;
        for owner in self.blobs.owners().map_err(|source| self.broken(source))? {
            // What is old by now was written before the petition is read: its event is there, or never comes.
            let old = self.blobs.written(owner, &old).map_err(|source| self.broken(source))?;
            let (_, state) = self.petition(owner)?;
            let named: Vec<Name> =
                state.0.iter().flat_map(|petition| petition.files().map(|(_, file)| file.blob)).collect();
            for name in old.iter().filter(|name| !named.contains(name)) {
                self.blobs.remove(owner, name).map_err(|source| self.broken(source))?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

/// The files of a petition that it has no more after these events.
pub(super) fn lost(before: &petition::State, events: &[petition::Event]) -> Vec<Name> {
    let blobs = |state: &petition::State| -> Vec<Name> {
        state.0.iter().flat_map(|petition| petition.files().map(|(_, file)| file.blob)).collect()
    };
    let had = blobs(before);
    if had.is_empty() {
        return had;
    }
    let mut after = before.clone();
    events.iter().for_each(|event| petition::Decider::evolve(&mut after, event));
    let left = blobs(&after);
    had.into_iter().filter(|blob| !left.contains(blob)).collect()
}
