//! The index: for each stream, where its newest event is, for all sealed segments. Kept in sled, derived from the
//! segments, deleted and made again whenever anything about it is wrong. The only place that knows sled.

mod filter;
pub(crate) mod run;

use std::{
    fs, panic,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use crate::{
    Error,
    crash::{self, Point},
    heads::{Head, HeadMap, StreamHash},
    index::run::Run,
};

/// Runs of one level that are merged into one of the next.
const FANOUT: usize = 16;
const CACHE: u64 = 32 << 20;

/// An open index.
pub struct Index {
    folder: PathBuf,
    db: sled::Db,
    runs: RwLock<Arc<Vec<Arc<Run>>>>,
}

impl Index {
    /// Opens the index of a log.
    ///
    /// # Errors
    /// `Index` if anything is wrong with it: delete it and open again.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        fs::create_dir_all(folder).map_err(Error::io("making", folder))?;
        for entry in fs::read_dir(folder).map_err(Error::io("listing", folder))?.flatten() {
            let name = entry.file_name();
            if name.to_string_lossy().starts_with("snap.") && name.to_string_lossy().ends_with(".generating")
            {
                fs::remove_file(entry.path()).map_err(Error::io("removing", entry.path()))?;
            }
        }
        // sled panics on some kinds of damage: that is damage like any other.
        let opened = panic::catch_unwind(|| {
            let config = sled::Config::new().path(folder).cache_capacity(CACHE).flush_every_ms(None);
            config.open().map_err(|error| Error::Index(error.to_string()))
        });
        let db = opened.unwrap_or_else(|_| Err(Error::Index("sled panicked while opening".into())))?;
        let runs = run::load(&db)?;
        if runs.windows(2).any(|pair| pair[0].to != pair[1].from) {
            return Err(Error::Index("a run is missing".into()));
        }
        for id in run::ids(&db)? {
            if !runs.iter().any(|run| run.id == id) {
                run::clear(&db, id)?;
            }
        }
        Ok(Self { folder: folder.into(), db, runs: RwLock::new(Arc::new(runs)) })
    }

    /// Deletes an index that is damaged.
    ///
    /// # Errors
    /// `Io`.
    pub fn delete(folder: &Path) -> Result<(), Error> {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("removing", folder)(error))
            }
            _ => Ok(()),
        }
    }

    /// Where it is kept.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Up to which position (exclusive) it knows every stream.
    #[must_use]
    pub fn covers(&self) -> u64 {
        self.runs().last().map_or(0, |run| run.to)
    }

    /// How many runs there are, and how many streams they hold together.
    #[must_use]
    pub fn size(&self) -> (usize, u64) {
        let runs = self.runs();
        (runs.len(), runs.iter().map(|run| run.streams).sum())
    }

    /// The newest event of a stream below `covers`.
    ///
    /// # Errors
    /// `Index` if it is damaged.
    pub fn find(&self, stream: &StreamHash) -> Result<Option<Head>, Error> {
        for run in self.runs().iter().rev() {
            if let Some(head) = run::find(&self.db, run, stream)? {
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    /// Takes in the streams of a sealed segment, and merges runs where there are enough. One caller at a time.
    ///
    /// # Errors
    /// `Index`.
    pub fn add(&self, to: u64, streams: &HeadMap) -> Result<(), Error> {
        let mut sorted: Vec<_> = streams.iter().map(|(hash, head)| (*hash, *head)).collect();
        sorted.sort_unstable_by_key(|(hash, _)| *hash);
        let from = self.covers();
        let most = sorted.len();
        let run = run::write(&self.db, (self.next_id(), from, to, 0), most, sorted.into_iter().map(Ok))?;
        crash::point(Point::HalfIndexed);
        run::commit(&self.db, &run, &[])?;
        crash::point(Point::Indexed);
        self.replace(&[], run);
        while let Some((level, merged)) = self.due() {
            self.merge(level, &merged)?;
        }
        self.settle()
    }

    fn due(&self) -> Option<(u32, Vec<Arc<Run>>)> {
        let runs = self.runs();
        let level = runs.last()?.level;
        let tail: Vec<_> = runs.iter().rev().take_while(|run| run.level == level).cloned().collect();
        (tail.len() >= FANOUT).then(|| (level, tail.into_iter().rev().collect()))
    }

    fn merge(&self, level: u32, old: &[Arc<Run>]) -> Result<(), Error> {
        let most = old.iter().map(|run| run.streams as usize).sum();
        let ranges = (self.next_id(), old[0].from, old[old.len() - 1].to, level + 1);
        let merged = run::write(&self.db, ranges, most, Merge::new(&self.db, old))?;
        crash::point(Point::HalfMerged);
        run::commit(&self.db, &merged, old)?;
        crash::point(Point::Merged);
        self.replace(old, merged);
        old.iter().try_for_each(|run| run::clear(&self.db, run.id))
    }

    /// sled's own flush doesn't reach the disk on Linux, so its file is synced as well.
    fn settle(&self) -> Result<(), Error> {
        self.db.flush().map_err(|error| Error::Index(error.to_string()))?;
        let path = self.folder.join("db");
        let synced = fs::File::open(&path).and_then(|file| file.sync_data());
        synced.map_err(Error::io("syncing", path))
    }

    fn replace(&self, old: &[Arc<Run>], new: Run) {
        let mut runs = self.runs.write().unwrap_or_else(PoisonError::into_inner);
        let mut kept: Vec<_> =
            runs.iter().filter(|run| !old.iter().any(|gone| gone.id == run.id)).cloned().collect();
        kept.push(Arc::new(new));
        *runs = Arc::new(kept);
    }

    fn next_id(&self) -> u64 {
        self.runs().iter().map(|run| run.id).max().unwrap_or(0) + 1
    }

    fn runs(&self) -> Arc<Vec<Arc<Run>>> {
        self.runs.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The streams of several runs in one ascending order; of the same stream in two, the newer.
struct Merge<'a> {
    sources: Vec<std::iter::Peekable<Source<'a>>>,
}

type Source<'a> = Box<dyn Iterator<Item = Result<run::Entry, Error>> + 'a>;

impl<'a> Merge<'a> {
    fn new(db: &sled::Db, runs: &'a [Arc<Run>]) -> Self {
        let source = |run: &'a Arc<Run>| -> Source<'a> { Box::new(run::entries(db, run)) };
        Self { sources: runs.iter().map(|run| source(run).peekable()).collect() }
    }
}

impl Iterator for Merge<'_> {
    type Item = Result<run::Entry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut smallest: Option<StreamHash> = None;
        for source in &mut self.sources {
            match source.peek() {
                Some(Ok((hash, _))) => smallest = Some(smallest.map_or(*hash, |least| least.min(*hash))),
                Some(Err(_)) => return source.next(),
                None => {}
            }
        }
        let smallest = smallest?;
        let mut newest = None;
        for source in &mut self.sources {
            if source.peek().is_some_and(|entry| entry.as_ref().is_ok_and(|(hash, _)| *hash == smallest)) {
                newest = source.next();
            }
        }
        newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(streams: impl IntoIterator<Item = (u32, u64, u64)>) -> HeadMap {
        let entry = |(n, position, version): (u32, u64, u64)| {
            (StreamHash::of(&n.to_string()), Head { position, version })
        };
        streams.into_iter().map(entry).collect()
    }

    #[test]
    fn the_newest_event_of_a_stream_is_found_across_merges_and_restarts() {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(folder.path()).unwrap();
        for round in 0..40_u32 {
            let own = (0..500).map(|n| (round * 500 + n, u64::from(round), 1));
            index
                .add(u64::from(round) + 1, &map(own.chain([(1_000_000, u64::from(round), u64::from(round))])))
                .unwrap();
        }
        let check = |index: &Index| {
            assert_eq!(index.covers(), 40);
            assert_eq!(index.size().0, 10, "two merged runs and eight single ones");
            for n in [0_u32, 499, 500, 7_999, 19_999] {
                let found = index.find(&StreamHash::of(&n.to_string())).unwrap();
                assert_eq!(found, Some(Head { position: u64::from(n / 500), version: 1 }));
            }
            let hot = index.find(&StreamHash::of("1000000")).unwrap();
            assert_eq!(hot, Some(Head { position: 39, version: 39 }));
            assert_eq!(index.find(&StreamHash::of("nobody")).unwrap(), None);
        };
        check(&index);
        drop(index);
        check(&Index::open(folder.path()).unwrap());
    }

    #[test]
    fn a_missing_block_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::open(folder.path()).unwrap();
        index.add(1, &map((0..1_000).map(|n| (n, 0, 1)))).unwrap();
        let second = index.db.scan_prefix(b"b").keys().nth(1).unwrap().unwrap();
        index.db.remove(second).unwrap();
        let found = (0..1_000).map(|n| index.find(&StreamHash::of(&n.to_string())));
        assert!(found.into_iter().any(|found| matches!(found, Err(Error::Index(_)))));
    }
}
