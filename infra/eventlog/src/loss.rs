//! Accepting that events are lost: the log keeps what can be read of it, the first n events, and goes on at position n in
//! its next life. Somebody decides it and says why; the log never does it by itself.
//!
//! Nothing is deleted: everything that is cut off is first copied to `lost-<origin>/` beside the segments, where `plan` says
//! what was done. The folder gets that name when it is whole, which is the one moment that decides: before it the log is as
//! it was, and is refused as it was; after it, opening finishes what the plan says, as often as that takes.
//!
//! ```text
//! lost-<origin>/plan              what is to be done; called `accepted` once it is
//! lost-<origin>/next.segment      begins the next life, with `log.loss_accepted` in it
//! lost-<origin>/<n>.segment       copies of the segments of which something is cut off, and of ACK
//! ```

mod plan;
mod survey;

use std::{
    fs,
    path::{Path, PathBuf},
};

use prost::Message as _;
use radslag_kernel::{Actor, AggregateId, Encoded, id::LogId};
use radslag_proto::log::LossAccepted;
use radslag_vault::{Disk, Vault};

use crate::{
    Context, Error, FolderLock, Log, NewEvent, Options,
    frame::{Builder, Seed},
    segment::{Identity, SMALLEST, Segment},
    stage::{Place, encode},
};
use plan::{ACCEPTED, NEXT, PLAN, Plan, copy, put};
pub use survey::Survey;

/// The type of the event that begins a log's next life.
pub const KIND: &str = "log.loss_accepted";
/// Most characters of a ground.
pub const LONGEST_GROUND: usize = 2_000;

/// The stream of a log's own events.
#[must_use]
pub fn stream(log: LogId) -> String {
    format!("log-{log}")
}

/// Whether an event is the log's own, of no service.
#[must_use]
pub fn is_of_the_log(kind: &str) -> bool {
    kind.starts_with("log.")
}

/// Who accepts a loss, and why. Both are public for ever.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    /// Why; names no person.
    pub ground: String,
    /// Who.
    pub actor: Actor,
}

/// What was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The life that has begun.
    pub origin: u32,
    /// Events that were kept: the position at which it begins.
    pub kept: u64,
    /// Where everything is that was cut off.
    pub folder: PathBuf,
}

impl Log {
    /// What a loss would cost, without changing anything; also beside whoever has the log open.
    ///
    /// # Errors
    /// `NotALog` where nothing says which log it is; `Io`.
    pub fn survey(folder: &Path) -> Result<Survey, Error> {
        survey::survey(folder)
    }

    /// Accepts that everything that can't be read is lost, and opens the log in its next life. One that was decided and
    /// interrupted is finished, and no other one is begun.
    ///
    /// # Errors
    /// `NotALog` where nothing says which log it is; `InUse`; `Vault`; `Io`.
    pub fn accept_loss(options: Options, acceptance: &Acceptance) -> Result<(Self, Accepted), Error> {
        let lock = FolderLock::take(&options.folder)?;
        let accepted = match finish(&*options.disk, &options.folder, &options.index)? {
            Some(accepted) => accepted,
            None => accept(&options, acceptance)?,
        };
        drop(lock);
        Ok((Self::open(options)?, accepted))
    }
}

/// Decides it and carries it out.
fn accept(options: &Options, acceptance: &Acceptance) -> Result<Accepted, Error> {
    let (disk, folder) = (&*options.disk, &options.folder);
    let found = survey::survey(folder)?;
    let keys = (options.keyring.clone(), options.ledger.clone());
    let vault = Vault::open(disk, &folder.join("keys"), found.log, keys.0, keys.1)?;
    survey::secure(disk, &found, &vault)?;
    let next = next_segment(&found, &vault, options, acceptance)?;
    let plan = Plan::of(&found);
    let (preparing, lost) = (folder.join(format!("{}.preparing", plan.folder())), folder.join(plan.folder()));
    // What an earlier try left was never decided: it is copies only.
    if preparing.exists() {
        fs::remove_dir_all(&preparing).map_err(Error::io("removing", &preparing))?;
    }
    fs::create_dir_all(&preparing).map_err(Error::io("making", &preparing))?;
    for file in &found.files {
        copy(disk, file, &preparing)?;
    }
    put(disk, &preparing.join(NEXT), &next)?;
    put(disk, &preparing.join(PLAN), plan.encode().as_bytes())?;
    disk.sync_folder(&preparing).map_err(Error::io("syncing", &preparing))?;
    fs::rename(&preparing, &lost).map_err(Error::io("renaming", &preparing))?;
    disk.sync_folder(folder).map_err(Error::io("syncing", folder))?;
    let done = finish(disk, folder, &options.index)?;
    done.ok_or_else(|| Error::damaged(&lost, 0, "what was just decided isn't there"))
}

/// Finishes a loss that was decided, if there is one that isn't.
pub(crate) fn finish(disk: &dyn Disk, folder: &Path, index: &Path) -> Result<Option<Accepted>, Error> {
    let Some((lost, plan)) = Plan::open(folder)? else { return Ok(None) };
    tracing::warn!(folder = %lost.display(), origin = plan.origin + 1, kept = plan.kept, "a loss was accepted: the log goes on in its next life");
    let segments = folder.join("segments");
    fs::create_dir_all(&segments).map_err(Error::io("making", &segments))?;
    // The copies are durable: what is removed and cut here stands there.
    for name in &plan.removed {
        let path = segments.join(name);
        if path.exists() {
            disk.remove(&path).map_err(Error::io("removing", &path))?;
        }
    }
    if let Some((name, offset)) = &plan.cut {
        plan::cut(disk, &segments.join(name), *offset)?;
    }
    let next = segments.join(Segment::name(plan.kept));
    let bytes = fs::read(lost.join(NEXT)).map_err(Error::io("reading", lost.join(NEXT)))?;
    put(disk, &next, &bytes)?;
    disk.sync_folder(&segments).map_err(Error::io("syncing", &segments))?;
    crate::index::Index::delete(index)?;
    let ack = folder.join("ACK");
    crate::ack::Ack::open(disk, &ack)?.write(plan.kept + 1).map_err(Error::io("writing", &ack))?;
    let synced = disk.open(&ack).and_then(|file| file.sync());
    synced.map_err(Error::io("syncing", &ack))?;
    fs::rename(lost.join(PLAN), lost.join(ACCEPTED)).map_err(Error::io("renaming", lost.join(PLAN)))?;
    disk.sync_folder(&lost).map_err(Error::io("syncing", &lost))?;
    Ok(Some(Accepted { origin: plan.origin + 1, kept: plan.kept, folder: lost }))
}

/// The segment that begins the next life, with the event that says so.
fn next_segment(
    found: &Survey,
    vault: &Vault,
    options: &Options,
    acceptance: &Acceptance,
) -> Result<Vec<u8>, Error> {
    let now = options.clock.now().max(found.last_recorded_at);
    let checkpoint = found.checkpoint.as_ref().map(|signed| signed.note.to_string());
    let public = LossAccepted {
        origin: found.origin,
        kept: found.kept,
        checkpoint: checkpoint.unwrap_or_default(),
        ground: acceptance.ground.chars().take(LONGEST_GROUND).collect(),
    };
    let encoded = Encoded { kind: KIND, schema: 1, public: public.encode_to_vec(), sealed: vec![] };
    let context = Context {
        aggregate: AggregateId::from_bytes(*found.log.as_bytes()),
        item: None,
        occurred_at: now,
        actor: acceptance.actor,
        command: None,
        causation: None,
        trace: None,
        digest: None,
    };
    let event = NewEvent::seal(encoded, &context, vault, &[])?;
    let place = Place {
        stream: &stream(found.log),
        position: found.kept,
        now: now.millis(),
        version: found.before.map_or(0, |head| head.version) + 1,
        previous: found.before,
    };
    let (mut header, mut private) = (Vec::new(), Vec::new());
    encode(&event, &place, &mut header, &mut private)
        .map_err(|error| Error::damaged(&options.folder, 0, error.to_string()))?;
    let origin = found.origin + 1;
    let identity = Identity { log: found.log, origin, first: found.kept };
    let mut bytes = identity.encode();
    let mut frame = Builder::new(&mut bytes, found.kept, found.kept);
    frame.event(&header, &event.public, &private);
    frame.end(Seed::new(found.log, origin));
    bytes.resize(bytes.len().max(SMALLEST as usize), 0);
    Ok(bytes)
}
