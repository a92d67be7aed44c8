//! `radslag tenant export`: a tenant's logs as static files, as C2SP tlog-tiles lays them out, for any web server and for
//! `radslag verify`. Tiles are made again from the segments, not copied: what is written is what the log holds.

use std::{
    fs,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use radslag_eventlog::Reader;
use radslag_evidence::{
    Checkpoint, Hash, Note, Tree, VerifierKey,
    tile::{self, HEIGHT, LEVELS, Of, Tile, WIDTH},
};
use radslag_kernel::EventId;
use radslag_petitions::{
    projections::PETITIONS,
    shell::{
        Petitions,
        figures::{self, Figures},
    },
};
use radslag_readmodel::Store;
use radslag_runtime::{house, project, service::Service as _};
use serde::Serialize;

use crate::{
    cli::TenantExportArgs,
    failure::Usage,
    place::Place,
    print,
    progress::Bar,
    said::Said,
    settings::Settings,
    verify::{CHAIN, FIGURES, Notes, lives},
};

/// More petitions than this nobody has.
const PETITIONS_AT_MOST: usize = 2_000_000;
/// A checkpoint covers what is new within two seconds.
const TRIES: u32 = 10;
const REST: Duration = Duration::from_millis(500);

/// Figures, and the last event that the tables they are from have read.
type Published = (Figures, Option<(u64, EventId)>);

/// A service's log that was written.
#[derive(Serialize)]
struct Exported {
    service: String,
    folder: PathBuf,
    /// Events.
    size: u64,
    /// Base64.
    root: String,
    checkpoints: u64,
    /// Petitions with figures; none if there are no tables to read.
    figures: Option<u64>,
}

/// Runs the command.
pub(crate) fn run(args: &TenantExportArgs, settings: &Settings, said: Said) -> Result<()> {
    let place = Place::of(&args.tenant, settings, said)?;
    let services = place.services()?;
    if services.is_empty() {
        return Err(place.no_logs());
    }
    if fs::read_dir(&args.to).is_ok_and(|mut there| there.next().is_some()) || args.to.is_file() {
        return Err(Usage(said.not_empty(&args.to)).into());
    }
    let mut exported = Vec::new();
    for service in &services {
        // Where nothing has happened there is nothing to export, and nothing was ever signed.
        if services.len() > 1 && place.reader(service)?.watermark() == 0 {
            continue;
        }
        let figures = if service == Petitions::NAME { published(&place, settings)? } else { None };
        exported.push(one(&place, service, figures, &args.to, said)?);
    }
    if let (true, Some(service)) = (exported.is_empty(), services.last()) {
        bail!(said.never_signed(service));
    }
    let text = |one: &Exported| said.log_exported(&one.folder, one.size, one.figures);
    print::result(args.json, &exported, || exported.iter().map(text).collect())
}

/// What the tables say now, and the last event they have read; nothing if there are none, or they are of another version.
fn published(place: &Place, settings: &Settings) -> Result<Option<Published>> {
    let backend = house::backend(settings.config(), place.folders())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let figures = runtime.block_on(async {
        let store = Store::open_to_read(&backend, &place.tenant, Petitions::NAME, &PETITIONS).await?;
        let Some(store) = store else { return Ok(None) };
        if store.is_stale().await? {
            return Ok(None);
        }
        let figures = figures::page(&store, None, PETITIONS_AT_MOST).await?;
        // Read later, it names what was read later: that is of the same log.
        let last = store.source().await?.as_deref().and_then(project::last_read);
        Ok(Some((figures, last)))
    });
    figures.map_err(|error: radslag_readmodel::Error| error).context("the figures can't be read")
}

/// Under another name until it is whole.
fn one(place: &Place, service: &str, figures: Option<Published>, to: &Path, said: Said) -> Result<Exported> {
    let mut reader = place.reader(service)?;
    let figures = figures.map(|published| of_the_log(&mut reader, published)).transpose()?.flatten();
    let keys = reader.verifiers()?;
    let as_of = figures.as_ref().map_or(0, |figures| figures.as_of);
    let Some((note, checkpoint)) = newest(&reader, &keys, as_of)? else {
        bail!(said.never_signed(service));
    };
    reach(&mut reader, checkpoint.size)?;
    let figures = figures.filter(|figures| figures.as_of <= checkpoint.size);
    let (folder, draft) = (to.join(service), to.join(format!("{service}.part")));
    let write = || -> Result<u64> {
        fs::create_dir_all(&draft)?;
        let bar = Bar::new(&said.writing(service));
        let root = Files::new(&draft).write(&reader, checkpoint.size, &|done, of| bar.set(done, of))?;
        ensure!(root == checkpoint.root, "the log's events don't lead to the root that was signed");
        let lines: String = keys.iter().map(|key| format!("{key}\n")).collect();
        fs::write(draft.join("keys"), lines)?;
        if let Some(figures) = &figures {
            let mut out = BufWriter::new(fs::File::create(draft.join(FIGURES))?);
            serde_json::to_writer(&mut out, figures)?;
            out.flush()?;
        }
        let checkpoints = chain(&reader.checkpoints(), Some(&checkpoint), &draft.join(CHAIN))?;
        older(&reader, &draft)?;
        fs::write(draft.join("checkpoint"), note.to_string())?;
        fs::rename(&draft, &folder)?;
        Ok(checkpoints)
    };
    let checkpoints = write().with_context(|| format!("{} wasn't written", folder.display()))?;
    Ok(Exported {
        service: service.to_owned(),
        folder,
        size: checkpoint.size,
        root: STANDARD.encode(checkpoint.root),
        checkpoints,
        figures: figures.map(|figures| figures.petitions.len() as u64),
    })
}

/// The figures, if the tables were made from this log and not from another story of it.
fn of_the_log(reader: &mut Reader, (figures, last): Published) -> Result<Option<Figures>> {
    let Some((position, id)) = last else { return Ok(Some(figures).filter(|figures| figures.as_of == 0)) };
    for _ in 0..TRIES {
        if reader.refresh()? > position {
            break;
        }
        thread::sleep(REST);
    }
    let Some(found) = reader.frames(position).next() else { return Ok(None) };
    let (frame, segment) = found?;
    let mut records = reader.decode(&frame, &segment)?.into_iter();
    let same = records.any(|record| record.position() == position && record.id() == id);
    Ok(same.then_some(figures))
}

/// The newest checkpoint; a little later, if a server is about to sign what the figures hold for.
fn newest(reader: &Reader, keys: &[VerifierKey], as_of: u64) -> Result<Option<(Note, Checkpoint)>> {
    let path = reader.checkpoints();
    for again in 0..TRIES {
        if again > 0 {
            thread::sleep(REST);
        }
        let Ok(file) = fs::File::open(&path) else { return Ok(None) };
        // What is cut short is being written.
        let Some(text) = Notes::new(file).map_while(Result::ok).last() else { return Ok(None) };
        let opened = Note::parse(&text).map_err(anyhow::Error::from).and_then(|note| {
            let checkpoint = Checkpoint::open(&note, keys)?;
            Ok((note, checkpoint))
        });
        let newest = opened.with_context(|| format!("{}: the newest checkpoint", path.display()))?;
        if newest.1.size >= as_of || again + 1 == TRIES {
            return Ok(Some(newest));
        }
    }
    Ok(None)
}

/// What is signed is acknowledged a moment later at most.
fn reach(reader: &mut Reader, size: u64) -> Result<()> {
    for _ in 0..TRIES {
        if reader.refresh()? >= size {
            return Ok(());
        }
        thread::sleep(REST);
    }
    bail!("the log has {} events, its newest checkpoint vouches for {size}", reader.watermark())
}

/// Copies checkpoints, up to one; how many.
fn chain(from: &Path, to: Option<&Checkpoint>, path: &Path) -> Result<u64> {
    let mut out = BufWriter::new(fs::File::create(path)?);
    let mut written = 0;
    for text in Notes::new(fs::File::open(from)?).map_while(Result::ok) {
        writeln!(out, "{text}")?;
        written += 1;
        let Some(to) = to else { continue };
        let signed = Note::parse(&text)?;
        if Checkpoint::parse(signed.text())?.size >= to.size {
            break;
        }
    }
    out.flush()?;
    Ok(written)
}

/// What the log signed before a loss was accepted, also of events it hasn't any more: with it anybody sees what was lost.
fn older(reader: &Reader, to: &Path) -> Result<()> {
    let mut origins = reader.older_origins()?;
    for number in &origins {
        let folder = to.join(lives::folder(*number));
        fs::create_dir_all(&folder)?;
        chain(&reader.checkpoints_of(*number), None, &folder.join(CHAIN))?;
        let keys: String = reader.verifiers_of(*number)?.iter().map(|key| format!("{key}\n")).collect();
        fs::write(folder.join("keys"), keys)?;
    }
    origins.push(reader.origin());
    let lines: String = origins.iter().map(|number| format!("{number}\n")).collect();
    Ok(fs::write(to.join("origins"), lines)?)
}

/// Tiles and bundles as they fill.
struct Files<'a> {
    folder: &'a Path,
    tree: Tree,
    levels: Vec<Vec<Hash>>,
    entries: Vec<u8>,
    made: Option<PathBuf>,
}

impl<'a> Files<'a> {
    fn new(folder: &'a Path) -> Self {
        let levels = vec![Vec::new(); usize::from(LEVELS) + 1];
        Self { folder, tree: Tree::default(), levels, entries: Vec::new(), made: None }
    }

    /// Writes all that a tree of a size has; gives its root.
    fn write(mut self, reader: &Reader, size: u64, progress: &dyn Fn(u64, u64)) -> Result<Hash> {
        for frame in reader.frames(0) {
            let (frame, _) = frame?;
            for stored in frame.events().filter(|stored| stored.position < size) {
                ensure!(stored.position == self.tree.size(), "position {} isn't there", self.tree.size());
                self.take(stored.entry, stored.leaf())?;
            }
            progress(self.tree.size(), size);
            if self.tree.size() >= size {
                break;
            }
        }
        self.bundle()?;
        for level in 0..usize::from(LEVELS) {
            self.tile(level)?;
        }
        Ok(self.tree.root())
    }

    fn take(&mut self, entry: &[u8], leaf: Hash) -> Result<()> {
        tile::bundle(&mut self.entries, entry);
        self.levels[0].push(leaf);
        let levels = &mut self.levels;
        self.tree.push(leaf, |height, root| {
            let level = (height / HEIGHT) as usize;
            if height % HEIGHT == 0 && level < levels.len() {
                levels[level].push(root);
            }
        });
        if self.levels[0].len() as u64 == WIDTH {
            self.bundle()?;
        }
        for level in 0..usize::from(LEVELS) {
            if self.levels[level].len() as u64 == WIDTH {
                self.tile(level)?;
            }
        }
        Ok(())
    }

    /// The entries whose hashes wait at the lowest level.
    fn bundle(&mut self) -> Result<()> {
        let entries = std::mem::take(&mut self.entries);
        let width = self.levels[0].len() as u64;
        self.put(Of::Entries, self.tree.size(), width, &entries)
    }

    fn tile(&mut self, level: usize) -> Result<()> {
        let hashes = std::mem::take(&mut self.levels[level]);
        let all = self.tree.size() >> (level as u32 * HEIGHT);
        self.put(Of::Hashes(level as u8), all, hashes.len() as u64, hashes.as_flattened())
    }

    /// The last `width` of so many.
    fn put(&mut self, of: Of, all: u64, width: u64, bytes: &[u8]) -> Result<()> {
        if width == 0 {
            return Ok(());
        }
        let tile = Tile { of, number: (all - width) / WIDTH, width: width as u16 };
        let path = self.folder.join(format!("tile/{tile}"));
        let parent = path.parent().map(Path::to_owned);
        if parent != self.made {
            parent.as_ref().map_or(Ok(()), fs::create_dir_all)?;
            self.made = parent;
        }
        fs::write(&path, bytes).with_context(|| format!("{} can't be written", path.display()))
    }
}
