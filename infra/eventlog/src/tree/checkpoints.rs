//! The checkpoint file of an origin, `checkpoints.<origin>`: every signed note, oldest first, a blank line after each. It
//! is synced before a checkpoint is shown to anybody. Beside it, `keys.<origin>` has every key that ever signed, a line each.
//!
//! Ways to break: the last note torn (it was never shown: overwritten), any other byte (the newest note doesn't check:
//! the log isn't opened).

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use radslag_evidence::{Checkpoint, Note, SigningKey, VerifierKey};
use radslag_vault::{Disk, disk::File};

use super::Signed;
use crate::{
    Error,
    crash::{self, Point},
};

/// The last note is looked for in so many bytes at the end.
const TAIL: u64 = 1 << 16;
/// Older ones are looked for in so many: some 15,000 of them.
const WINDOW: u64 = 4 << 20;
const BETWEEN: &str = "\n\n";

/// The newest origin of which something was signed.
pub(crate) fn newest_origin(disk: &dyn Disk, folder: &Path) -> Result<Option<u32>, Error> {
    Ok(origins(disk, folder)?.pop())
}

/// The origins of which something was signed, oldest first.
pub(crate) fn origins(disk: &dyn Disk, folder: &Path) -> Result<Vec<u32>, Error> {
    let mut origins = Vec::new();
    for path in disk.list(folder).map_err(Error::io("listing", folder))? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let origin = name.strip_prefix("checkpoints.").and_then(|number| number.parse::<u32>().ok());
        if let Some(origin) = origin {
            let file = disk.open(&path).map_err(Error::io("opening", &path))?;
            let length = file.length().map_err(Error::io("reading", &path))?;
            origins.extend((length > 0).then_some(origin));
        }
    }
    origins.sort_unstable();
    Ok(origins)
}

/// The notes of an origin that is over, as they stand in its file, from a byte on: whole ones alone.
pub(crate) fn past(
    disk: &dyn Disk,
    folder: &Path,
    number: u32,
    from: u64,
    most: usize,
) -> Result<Vec<u8>, Error> {
    // Opening would make what isn't there.
    if !origins(disk, folder)?.contains(&number) {
        return Ok(Vec::new());
    }
    let path = folder.join(format!("checkpoints.{number}"));
    let file = disk.open(&path).map_err(Error::io("opening", &path))?;
    let origin = name(disk, folder, number)?.unwrap_or_default();
    let (start, text) = tail(&*file, &path, TAIL)?;
    let end = last(&text, &origin).map_or(0, |(_, end)| start + end as u64);
    notes(&*file, &path, (from, end), most)
}

/// What the checkpoints of an origin that is over are checked with, oldest first; none of one of which nothing was signed.
pub(crate) fn verifiers_of(disk: &dyn Disk, folder: &Path, number: u32) -> Result<Vec<VerifierKey>, Error> {
    if !origins(disk, folder)?.contains(&number) {
        return Ok(Vec::new());
    }
    Ok(Keys::open(disk, &folder.join(format!("keys.{number}")))?.known)
}

/// Bytes of a file from one on, at most so many, none after its end.
fn notes(file: &dyn File, path: &Path, (from, end): (u64, u64), most: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![0; end.saturating_sub(from).min(most as u64) as usize];
    let read = file.read_at(&mut bytes, from).map_err(Error::io("reading", path))?;
    bytes.truncate(read);
    Ok(bytes)
}

pub(crate) struct Checkpoints {
    path: PathBuf,
    file: Arc<dyn File>,
    end: u64,
    newest: Option<Arc<Signed>>,
    verifiers: Vec<VerifierKey>,
}

impl Checkpoints {
    pub(crate) fn open(
        disk: &dyn Disk,
        folder: &Path,
        number: u32,
        origin: &str,
        keys: &[SigningKey],
    ) -> Result<Self, Error> {
        let verifiers = verifiers(disk, &folder.join(format!("keys.{number}")), keys)?;
        let path = folder.join(format!("checkpoints.{number}"));
        let file = disk.open(&path).map_err(Error::io("opening", &path))?;
        disk.sync_folder(folder).map_err(Error::io("syncing", folder))?;
        let length = file.length().map_err(Error::io("reading", &path))?;
        let (start, tail) = tail(&*file, &path, TAIL)?;
        let mut opened = Self { path, file, end: 0, newest: None, verifiers };
        let Some((note, end)) = last(&tail, origin) else {
            let torn = start == 0 && !is_whole(tail.trim_end_matches('\0'));
            let why = "no whole checkpoint of this log stands at its end";
            return if torn { opened.cut(length) } else { Err(opened.wrong(why)) };
        };
        opened.end = start + end as u64;
        if is_whole(tail[end..].trim_end_matches('\0')) {
            return Err(opened.wrong("what stands here is no checkpoint of this log"));
        }
        let checked = Note::parse(note).map_err(|error| opened.wrong(&error.to_string()))?;
        let checkpoint = Checkpoint::open(&checked, &opened.verifiers);
        let checkpoint = checkpoint.map_err(|error| opened.wrong(&error.to_string()))?;
        let text = format!("{checked}\n");
        opened.newest = Some(Arc::new(Signed { checkpoint, note: checked }));
        // After a failed sync Linux shows bytes the disk never got: it is written again before anybody is shown it.
        let start = opened.end - text.len() as u64;
        opened.file.write_at(text.as_bytes(), start).map_err(Error::io("writing", &opened.path))?;
        opened.file.sync().map_err(Error::io("syncing", &opened.path))?;
        opened.cut(length)
    }

    /// Adds one; durable when it returns.
    pub(crate) fn append(&mut self, signed: &Arc<Signed>) -> Result<(), Error> {
        let text = format!("{}\n", signed.note);
        self.file.write_at(text.as_bytes(), self.end).map_err(Error::io("writing", &self.path))?;
        crash::point(Point::CheckpointWritten);
        self.file.sync().map_err(Error::io("syncing", &self.path))?;
        crash::point(Point::CheckpointSynced);
        self.end += text.len() as u64;
        self.newest = Some(signed.clone());
        Ok(())
    }

    /// What was signed before, oldest first: as much of it as stands in the last few MiB.
    pub(crate) fn older(&self) -> Result<Vec<Signed>, Error> {
        let Some(newest) = &self.newest else { return Ok(Vec::new()) };
        let (_, text) = tail(&*self.file, &self.path, WINDOW)?;
        Ok(all(&text, &newest.checkpoint.origin, &self.verifiers))
    }

    /// The notes as they stand in the file, from a byte on, as far as they are durable.
    pub(crate) fn read(&self, from: u64, most: usize) -> Result<Vec<u8>, Error> {
        notes(&*self.file, &self.path, (from, self.end), most)
    }

    pub(crate) fn newest(&self) -> Option<&Arc<Signed>> {
        self.newest.as_ref()
    }

    pub(crate) fn verifiers(&self) -> &[VerifierKey] {
        &self.verifiers
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Zeros what a crash left of a note that was never shown.
    fn cut(self, length: u64) -> Result<Self, Error> {
        if length > self.end {
            let zeros = vec![0; (length - self.end) as usize];
            self.file.write_at(&zeros, self.end).map_err(Error::io("cutting", &self.path))?;
        }
        Ok(self)
    }

    fn wrong(&self, why: &str) -> Error {
        Error::damaged(&self.path, self.end, why)
    }
}

/// Every checkpoint of an origin that can be read and is rightly signed, oldest first; whatever is damaged is passed over.
/// Nothing is made with a disk that only reads.
pub(crate) fn readable(disk: &dyn Disk, folder: &Path, number: u32) -> Result<Vec<Signed>, Error> {
    let Ok(Keys { known, .. }) = Keys::open(disk, &folder.join(format!("keys.{number}"))) else {
        return Ok(Vec::new());
    };
    let path = folder.join(format!("checkpoints.{number}"));
    let file = match disk.open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened.map_err(Error::io("opening", &path))?,
    };
    let origin = known.first().map(VerifierKey::name).unwrap_or_default();
    let (_, text) = tail(&*file, &path, WINDOW)?;
    Ok(all(&text, origin, &known))
}

/// The end of a file, at most so many bytes of it, and where it begins.
fn tail(file: &dyn File, path: &Path, most: u64) -> Result<(u64, String), Error> {
    let length = file.length().map_err(Error::io("reading", path))?;
    let start = length.saturating_sub(most);
    let mut bytes = vec![0; (length - start) as usize];
    file.read_at(&mut bytes, start).map_err(Error::io("reading", path))?;
    Ok((start, text(&bytes)))
}

/// The notes in a text that are checkpoints of an origin and rightly signed.
fn all(text: &str, origin: &str, trusted: &[VerifierKey]) -> Vec<Signed> {
    let first = format!("{origin}\n");
    let begins = |at: &usize| *at == 0 || text[..*at].ends_with(BETWEEN);
    let starts: Vec<usize> = text.match_indices(&first).map(|(at, _)| at).filter(begins).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let signed = |(start, end): (usize, usize)| {
        let part = &text[start..end];
        let signatures = part.find(BETWEEN)? + BETWEEN.len();
        let length = signatures + part[signatures..].find(BETWEEN)? + 1;
        let note = Note::parse(&part[..length]).ok()?;
        let checkpoint = Checkpoint::open(&note, trusted).ok()?;
        Some(Signed { checkpoint, note })
    };
    starts.iter().copied().zip(ends).filter_map(signed).collect()
}

/// Bytes as text of the same length, so that a place in it is a place in the file: the end of a file may begin within a
/// character, and a torn note may end in one.
fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('\u{1a}', chunk.invalid().len()));
    }
    text
}

/// The last whole note of a file's end, and where the next begins.
fn last<'a>(tail: &'a str, origin: &str) -> Option<(&'a str, usize)> {
    let mut rest = tail.trim_end_matches('\0');
    let (whole, end) = loop {
        let end = rest.rfind(BETWEEN)? + BETWEEN.len();
        let lines = rest[..end].trim_end_matches('\n');
        // A blank line ends a text too: what ends with one and has no signature yet is torn.
        if lines.rsplit('\n').next().is_some_and(|line| line.starts_with('\u{2014}')) {
            break (&tail[..end], end);
        }
        rest = &rest[..lines.rfind(BETWEEN)? + BETWEEN.len()];
    };
    let first = format!("{BETWEEN}{origin}\n");
    let start = match whole.rfind(&first) {
        Some(at) => at + BETWEEN.len(),
        None if whole.starts_with(&first[BETWEEN.len()..]) => 0,
        None => return None,
    };
    Some((&whole[start..end - 1], end))
}

/// Whether something has all the lines of a note, so that it isn't one a crash has cut: three, one that is blank, at least
/// one signature, and one that is blank.
fn is_whole(text: &str) -> bool {
    text.ends_with(BETWEEN) && text.matches('\n').count() >= 6 && !text.contains('\0')
}

/// Under which name an origin was signed before.
pub(crate) fn name(disk: &dyn Disk, folder: &Path, number: u32) -> Result<Option<String>, Error> {
    let keys = Keys::open(disk, &folder.join(format!("keys.{number}")))?;
    Ok(keys.known.first().map(|key| key.name().to_owned()))
}

/// Every key that ever signed; the ones that sign now are noted.
fn verifiers(disk: &dyn Disk, path: &Path, keys: &[SigningKey]) -> Result<Vec<VerifierKey>, Error> {
    let Keys { file, mut known, end } = Keys::open(disk, path)?;
    let fresh: Vec<VerifierKey> =
        keys.iter().map(SigningKey::verifier).filter(|key| !known.contains(key)).collect();
    if !fresh.is_empty() {
        let lines: String = fresh.iter().map(|key| format!("{key}\n")).collect();
        file.write_at(lines.as_bytes(), end).map_err(Error::io("writing", path))?;
        crash::point(Point::VerifiersWritten);
        file.sync().map_err(Error::io("syncing", path))?;
        known.extend(fresh);
    }
    Ok(known)
}

/// A file of keys.
struct Keys {
    file: Arc<dyn File>,
    known: Vec<VerifierKey>,
    /// After its last whole line.
    end: u64,
}

impl Keys {
    fn open(disk: &dyn Disk, path: &Path) -> Result<Self, Error> {
        let file = disk.open(path).map_err(Error::io("opening", path))?;
        let (_, text) = tail(&*file, path, u64::MAX)?;
        let end = text.rfind('\n').map_or(0, |at| at + 1);
        let key = |line| {
            VerifierKey::parse(line).map_err(|error| Error::damaged(path, 0, format!("`{line}`: {error}")))
        };
        let known = text[..end].lines().map(key).collect::<Result<_, _>>()?;
        Ok(Self { file, known, end: end as u64 })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use radslag_vault::RealDisk;
    use zeroize::Zeroizing;

    use super::*;

    const ORIGIN: &str = "radslag.example/malmo/petitions/0";

    fn key() -> SigningKey {
        SigningKey::new(ORIGIN, &Zeroizing::new([7; 32])).unwrap()
    }

    fn note(size: u64, extension: &str) -> String {
        let extensions = vec![extension.to_owned()];
        let checkpoint = Checkpoint { extensions, ..Checkpoint::new(ORIGIN.into(), size, [size as u8; 32]) };
        format!("{}\n", checkpoint.sign(&[&key()]).unwrap())
    }

    fn opened(folder: &Path, bytes: &[u8]) -> Result<Checkpoints, Error> {
        fs::write(folder.join("checkpoints.0"), bytes).unwrap();
        Checkpoints::open(&RealDisk, folder, 0, ORIGIN, &[key()])
    }

    #[test]
    fn the_next_checkpoint_follows_the_newest_wherever_the_tail_that_is_read_begins() {
        let folder = tempfile::tempdir().unwrap();
        let notes: String = (1..400).map(|size| note(size, "x")).collect();
        // The dash of a signature has three bytes: the tail begins in each of them.
        for more in 1..=note(1, "x").len() {
            let file = format!("{notes}{}", note(400, &"x".repeat(more)));
            let found = opened(folder.path(), file.as_bytes()).unwrap();
            let newest = found.newest().map(|newest| newest.checkpoint.size);
            assert_eq!((found.end, newest), (file.len() as u64, Some(400)), "{more}");
        }
    }

    #[test]
    fn damage_in_an_old_note_does_not_move_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = [note(1, "x").into_bytes(), note(2, "x").into_bytes()];
        let mut broken = file.concat();
        broken[3] = 0xff;
        assert_eq!(opened(folder.path(), &broken).unwrap().end, broken.len() as u64);
    }

    #[test]
    fn blank_lines_without_a_signature_are_refused_however_many() {
        let folder = tempfile::tempdir().unwrap();
        assert!(opened(folder.path(), &b"a\n\n".repeat(20_000)).is_err());
    }
}
