//! Reads sorted runs as one: a heap of the runs by their next key, older runs first among equals.

use std::{
    fs::File,
    io::{BufReader, Read as _},
    path::{Path, PathBuf},
};

use crate::{
    error::{Result, io},
    rebuild::sorter::Memory,
};

const BUFFER: usize = 1 << 18;

/// Records in order; `advance` to the first.
pub(crate) enum Merge {
    /// Everything fitted in memory.
    Memory { memory: Memory, next: usize },
    /// Runs in files.
    Files(Files),
}

pub(crate) struct Files {
    dir: PathBuf,
    runs: Vec<Run>,
    /// Numbers of runs that have a record; the least one first.
    heap: Vec<usize>,
    started: bool,
}

struct Run {
    file: BufReader<File>,
    key: Vec<u8>,
    payload: Vec<u8>,
}

impl Merge {
    pub(crate) fn of_memory(memory: Memory) -> Self {
        Self::Memory { memory, next: 0 }
    }

    pub(crate) fn of_files(files: Vec<File>, dir: &Path) -> Result<Self> {
        let mut merge = Files { dir: dir.to_owned(), runs: Vec::new(), heap: Vec::new(), started: false };
        for file in files {
            let file = BufReader::with_capacity(BUFFER, file);
            let mut run = Run { file, key: Vec::new(), payload: Vec::new() };
            if run.advance(&merge.dir)? {
                merge.heap.push(merge.runs.len());
                merge.runs.push(run);
            }
        }
        for at in (0..merge.heap.len()).rev() {
            merge.sink(at);
        }
        Ok(Self::Files(merge))
    }

    /// To the next record; false after the last.
    pub(crate) fn advance(&mut self) -> Result<bool> {
        match self {
            Self::Memory { memory, next } => {
                *next += 1;
                Ok(memory.nth(*next - 1).is_some())
            }
            Self::Files(files) => files.advance(),
        }
    }

    /// The record's key.
    pub(crate) fn key(&self) -> &[u8] {
        match self {
            Self::Memory { memory, next } => memory.nth(next.wrapping_sub(1)).unwrap_or_default().0,
            Self::Files(files) => files.heap.first().map_or(&[], |run| &files.runs[*run].key),
        }
    }

    /// The record's payload.
    pub(crate) fn payload(&self) -> &[u8] {
        match self {
            Self::Memory { memory, next } => memory.nth(next.wrapping_sub(1)).unwrap_or_default().1,
            Self::Files(files) => files.heap.first().map_or(&[], |run| &files.runs[*run].payload),
        }
    }
}

impl Files {
    fn advance(&mut self) -> Result<bool> {
        if self.started
            && let Some(first) = self.heap.first()
        {
            if !self.runs[*first].advance(&self.dir)? {
                self.heap.swap_remove(0);
            }
            self.sink(0);
        }
        self.started = true;
        Ok(!self.heap.is_empty())
    }

    fn less(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.heap[a], self.heap[b]);
        (&self.runs[a].key, a) < (&self.runs[b].key, b)
    }

    fn sink(&mut self, mut at: usize) {
        loop {
            let mut least = at;
            for child in [2 * at + 1, 2 * at + 2] {
                if child < self.heap.len() && self.less(child, least) {
                    least = child;
                }
            }
            if least == at {
                return;
            }
            self.heap.swap(at, least);
            at = least;
        }
    }
}

impl Run {
    fn advance(&mut self, dir: &Path) -> Result<bool> {
        let doing = "read a temporary file";
        if std::io::BufRead::fill_buf(&mut self.file).map_err(io(dir, doing))?.is_empty() {
            return Ok(false);
        }
        let mut lengths = [[0; 4]; 2];
        for length in &mut lengths {
            self.file.read_exact(length).map_err(io(dir, doing))?;
        }
        let [key, payload] = lengths.map(|length| u32::from_le_bytes(length) as usize);
        self.key.resize(key, 0);
        self.payload.resize(payload, 0);
        self.file.read_exact(&mut self.key).map_err(io(dir, doing))?;
        self.file.read_exact(&mut self.payload).map_err(io(dir, doing))?;
        Ok(true)
    }
}
