//! Sorts more records than fit in memory: sorted runs in unlinked temporary files, merged at the end.
//! Records of one key keep the order in which they were pushed.

use std::{
    fs::File,
    io::{BufWriter, Seek as _, Write as _},
    path::PathBuf,
};

use crate::{
    error::{Error, Result, io},
    rebuild::merge::Merge,
};

/// Runs are merged into one when there are so many, so that a tiny memory doesn't need a thousand open files.
const RUNS: usize = 32;
const BUFFER: usize = 1 << 20;
/// Key length, payload length.
const HEAD: usize = 8;

/// Makes one payload of two of the same key, if it can.
pub(crate) type Combine = fn(&[u8], &[u8], &mut Vec<u8>) -> bool;

/// Records on their way into order.
pub(crate) struct Sorter {
    dir: PathBuf,
    limit: usize,
    combine: Combine,
    memory: Memory,
    runs: Vec<File>,
    pub(crate) pushed: u64,
}

/// Records in memory: key length, payload length, key, payload, one after the other.
#[derive(Default)]
pub(crate) struct Memory {
    arena: Vec<u8>,
    entries: Vec<Entry>,
}

/// A record: eight bytes of its key, at the depth that is being compared, and where it begins.
#[derive(Clone, Copy)]
struct Entry {
    prefix: u64,
    offset: u32,
}

impl Sorter {
    /// Holds at most about `limit` bytes in memory.
    pub(crate) fn new(dir: PathBuf, limit: usize, combine: Combine) -> Self {
        let limit = limit.min(u32::MAX as usize / 2);
        Self { dir, limit, combine, memory: Memory::default(), runs: Vec::new(), pushed: 0 }
    }

    /// Adds a record, written in place.
    pub(crate) fn push(
        &mut self,
        key: impl FnOnce(&mut Vec<u8>),
        payload: impl FnOnce(&mut Vec<u8>),
    ) -> Result<()> {
        let Memory { arena, entries } = &mut self.memory;
        let offset = arena.len();
        arena.extend_from_slice(&[0; HEAD]);
        key(arena);
        let key_end = arena.len();
        payload(arena);
        let lengths = [key_end - offset - HEAD, arena.len() - key_end];
        for (at, length) in lengths.into_iter().enumerate() {
            arena[offset + at * 4..offset + at * 4 + 4].copy_from_slice(&(length as u32).to_le_bytes());
        }
        entries.push(Entry { prefix: 0, offset: offset as u32 });
        self.pushed += 1;
        if arena.len() + entries.len() * size_of::<Entry>() >= self.limit { self.spill() } else { Ok(()) }
    }

    /// Gives up some memory from now on.
    pub(crate) fn shrink(&mut self, bytes: usize) {
        self.limit = self.limit.saturating_sub(bytes).max(4096);
    }

    /// Writes what is in memory as a sorted run.
    fn spill(&mut self) -> Result<()> {
        if self.runs.len() == RUNS {
            let dir = self.dir.clone();
            let mut merge = Merge::of_files(std::mem::take(&mut self.runs), &dir)?;
            let mut run = Run::new(&dir, self.combine)?;
            while merge.advance()? {
                run.push(merge.key(), merge.payload())?;
            }
            self.runs.push(run.finish()?);
        }
        self.memory.sort();
        let mut run = Run::new(&self.dir, self.combine)?;
        for entry in &self.memory.entries {
            let (key, payload) = self.memory.record(entry.offset);
            run.push(key, payload)?;
        }
        self.runs.push(run.finish()?);
        self.memory.arena.clear();
        self.memory.entries.clear();
        Ok(())
    }

    /// All records in order.
    pub(crate) fn finish(mut self) -> Result<Merge> {
        if self.runs.is_empty() {
            self.memory.sort();
            return Ok(Merge::of_memory(self.memory));
        }
        if !self.memory.entries.is_empty() {
            self.spill()?;
        }
        self.memory = Memory::default();
        Merge::of_files(self.runs, &self.dir)
    }
}

impl Memory {
    /// The key and the payload of the record at an offset.
    fn record(&self, offset: u32) -> (&[u8], &[u8]) {
        let record = &self.arena[offset as usize..];
        let (key, payload) = lengths(record);
        let body = &record[HEAD..];
        (&body[..key], &body[key..key + payload])
    }

    /// The nth record.
    pub(crate) fn nth(&self, n: usize) -> Option<(&[u8], &[u8])> {
        self.entries.get(n).map(|entry| self.record(entry.offset))
    }

    fn sort(&mut self) {
        let mut entries = std::mem::take(&mut self.entries);
        self.sort_at(&mut entries, 0);
        self.entries = entries;
    }

    /// Sorts by the eight bytes at a depth, then what is equal by the next eight: few looks into the arena.
    fn sort_at(&self, entries: &mut [Entry], depth: usize) {
        let mut deeper = false;
        for entry in &mut *entries {
            let rest = self.record(entry.offset).0.get(depth..).unwrap_or_default();
            deeper |= rest.len() > 8;
            entry.prefix = match rest.first_chunk() {
                Some(eight) => u64::from_be_bytes(*eight),
                None => {
                    rest.iter().enumerate().fold(0, |sum, (at, byte)| sum | u64::from(*byte) << (56 - 8 * at))
                }
            };
        }
        entries.sort_unstable_by_key(|entry| (entry.prefix, entry.offset));
        if deeper {
            for equal in entries.chunk_by_mut(|a, b| a.prefix == b.prefix).filter(|equal| equal.len() > 1) {
                self.sort_at(equal, depth + 8);
            }
        }
    }
}

fn lengths(record: &[u8]) -> (usize, usize) {
    let length = |at: usize| record[at..].first_chunk().map_or(0, |four| u32::from_le_bytes(*four) as usize);
    (length(0), length(4))
}

/// A run being written.
struct Run {
    dir: PathBuf,
    file: BufWriter<File>,
    combine: Combine,
    key: Vec<u8>,
    payload: Vec<u8>,
    combined: Vec<u8>,
    some: bool,
}

impl Run {
    fn new(dir: &std::path::Path, combine: Combine) -> Result<Self> {
        let file = tempfile::tempfile_in(dir).map_err(io(dir, "make a temporary file"))?;
        let (key, payload, combined) = Default::default();
        let file = BufWriter::with_capacity(BUFFER, file);
        Ok(Self { dir: dir.to_owned(), file, combine, key, payload, combined, some: false })
    }

    fn push(&mut self, key: &[u8], payload: &[u8]) -> Result<()> {
        if self.some && self.key == key && (self.combine)(&self.payload, payload, &mut self.combined) {
            std::mem::swap(&mut self.payload, &mut self.combined);
            return Ok(());
        }
        self.flush()?;
        self.key.clear();
        self.key.extend_from_slice(key);
        self.payload.clear();
        self.payload.extend_from_slice(payload);
        self.some = true;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if !self.some {
            return Ok(());
        }
        let mut head = [0; HEAD];
        head[..4].copy_from_slice(&(self.key.len() as u32).to_le_bytes());
        head[4..].copy_from_slice(&(self.payload.len() as u32).to_le_bytes());
        [&head[..], &self.key, &self.payload]
            .into_iter()
            .try_for_each(|part| self.file.write_all(part))
            .map_err(io(&self.dir, "write a temporary file"))
    }

    fn finish(mut self) -> Result<File> {
        self.flush()?;
        let failed = |source| Error::Io { path: self.dir.clone(), doing: "write a temporary file", source };
        let mut file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.rewind().map_err(failed)?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn never(_: &[u8], _: &[u8], _: &mut Vec<u8>) -> bool {
        false
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn records_come_out_by_key_then_in_the_order_they_came(
            keys in proptest::collection::vec(proptest::collection::vec(1u8..4, 0..20), 0..400),
            limit in prop_oneof![Just(1usize), Just(500), Just(1 << 20)],
        ) {
            let mut sorter = Sorter::new(std::env::temp_dir(), limit, never);
            let mut expected = Vec::new();
            for (number, mut key) in keys.into_iter().enumerate() {
                key.push(0);
                let payload = number.to_be_bytes().to_vec();
                sorter.push(|to| to.extend_from_slice(&key), |to| to.extend_from_slice(&payload)).unwrap();
                expected.push((key, payload));
            }
            expected.sort();
            let mut merge = sorter.finish().unwrap();
            let mut found = Vec::new();
            while merge.advance().unwrap() {
                found.push((merge.key().to_vec(), merge.payload().to_vec()));
            }
            prop_assert_eq!(found, expected);
        }
    }
}
