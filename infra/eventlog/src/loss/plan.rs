//! What is to be done once a loss is decided, as a file; and the copying and cutting that it says.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use radslag_kernel::id::LogId;
use radslag_vault::Disk;

use super::Survey;
use crate::{Error, segment::HEADER};

pub(super) const PLAN: &str = "plan";
pub(super) const ACCEPTED: &str = "accepted";
pub(super) const NEXT: &str = "next.segment";
const FIRST: &str = "radslag loss 1";
/// Bytes copied or zeroed at once.
const CHUNK: usize = 1 << 20;

/// A line each: the log, the life that ends, events that are kept, the segment that is cut and where, segments that are
/// removed; then the CRC32C of all that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) log: LogId,
    pub(super) origin: u32,
    pub(super) kept: u64,
    pub(super) cut: Option<(String, u64)>,
    pub(super) removed: Vec<String>,
}

impl Plan {
    pub(super) fn of(found: &Survey) -> Self {
        let name =
            |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let cut = found.cut.as_ref().map(|(path, offset)| (name(path), *offset));
        Self {
            log: found.log,
            origin: found.origin,
            kept: found.kept,
            cut,
            removed: found.removed.iter().map(name).collect(),
        }
    }

    /// Where everything goes that is cut off.
    pub(super) fn folder(&self) -> String {
        format!("lost-{}", self.origin)
    }

    pub(super) fn encode(&self) -> String {
        let mut text = format!("{FIRST}\nlog {}\norigin {}\nkept {}\n", self.log, self.origin, self.kept);
        if let Some((name, offset)) = &self.cut {
            let _ = writeln!(text, "cut {name} {offset}");
        }
        for name in &self.removed {
            let _ = writeln!(text, "removed {name}");
        }
        let sum = crc32c::crc32c(text.as_bytes());
        let _ = writeln!(text, "crc {sum:08x}");
        text
    }

    pub(super) fn decode(text: &str) -> Option<Self> {
        let (body, sum) = text.strip_suffix('\n')?.rsplit_once("\ncrc ")?;
        if u32::from_str_radix(sum, 16).ok()? != crc32c::crc32c(format!("{body}\n").as_bytes()) {
            return None;
        }
        let mut lines = body.lines();
        if lines.next()? != FIRST {
            return None;
        }
        let mut plan = Self {
            log: lines.next()?.strip_prefix("log ")?.parse().ok()?,
            origin: lines.next()?.strip_prefix("origin ")?.parse().ok()?,
            kept: lines.next()?.strip_prefix("kept ")?.parse().ok()?,
            cut: None,
            removed: Vec::new(),
        };
        for line in lines {
            match line.split_once(' ')? {
                ("cut", at) => {
                    let (name, offset) = at.split_once(' ')?;
                    plan.cut = Some((name.into(), offset.parse().ok()?));
                }
                ("removed", name) => plan.removed.push(name.into()),
                _ => return None,
            }
        }
        Some(plan)
    }

    /// The one that was decided and isn't carried out.
    pub(super) fn open(folder: &Path) -> Result<Option<(PathBuf, Self)>, Error> {
        for (_, lost) in losses(folder)? {
            let path = lost.join(PLAN);
            if !path.exists() {
                continue;
            }
            let text = fs::read_to_string(&path).map_err(Error::io("reading", &path))?;
            let plan =
                Self::decode(&text).ok_or_else(|| Error::damaged(&path, 0, "the plan does not check"))?;
            return Ok(Some((lost, plan)));
        }
        Ok(None)
    }
}

/// Every life that ended by a loss, and where what was cut off is.
pub(super) fn losses(folder: &Path) -> Result<Vec<(u32, PathBuf)>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::io("listing", folder))?.flatten();
    let loss = |entry: fs::DirEntry| {
        let number = entry.file_name().to_str()?.strip_prefix("lost-")?.parse().ok()?;
        Some((number, entry.path()))
    };
    Ok(entries.filter_map(loss).collect())
}

/// Copies a file into a folder, to stay.
pub(super) fn copy(disk: &dyn Disk, from: &Path, folder: &Path) -> Result<(), Error> {
    let path = folder.join(from.file_name().unwrap_or_default());
    let (source, target) = (
        disk.open(from).map_err(Error::io("opening", from))?,
        disk.open(&path).map_err(Error::io("making", &path))?,
    );
    let (mut at, mut bytes) = (0, vec![0; CHUNK]);
    loop {
        let read = source.read_at(&mut bytes, at).map_err(Error::io("reading", from))?;
        if read == 0 {
            break;
        }
        target.write_at(&bytes[..read], at).map_err(Error::io("writing", &path))?;
        at += read as u64;
    }
    target.sync().map_err(Error::io("syncing", &path))
}

/// Writes a whole file, to stay.
pub(super) fn put(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let file = disk.open(path).map_err(Error::io("making", path))?;
    file.write_at(bytes, 0).map_err(Error::io("writing", path))?;
    file.sync().map_err(Error::io("syncing", path))
}

/// Zeros a segment from an offset on.
pub(super) fn cut(disk: &dyn Disk, path: &Path, offset: u64) -> Result<(), Error> {
    let file = disk.open(path).map_err(Error::io("opening", path))?;
    let length = file.length().map_err(Error::io("reading", path))?;
    let mut at = offset.max(HEADER);
    while at < length {
        let size = CHUNK.min((length - at) as usize);
        file.write_at(&vec![0; size], at).map_err(Error::io("cutting", path))?;
        at += size as u64;
    }
    file.sync().map_err(Error::io("syncing", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_its_bytes_and_every_changed_one_is_noticed() {
        let plan = Plan {
            log: LogId::from_bytes([5; 16]),
            origin: 2,
            kept: 77,
            cut: Some(("00000000000000000040.segment".into(), 4_200)),
            removed: vec!["00000000000000000080.segment".into(), "00000000000000000090.segment".into()],
        };
        let text = plan.encode();
        assert_eq!(Plan::decode(&text), Some(plan.clone()));
        let bare = Plan { cut: None, removed: vec![], ..plan };
        assert_eq!(Plan::decode(&bare.encode()), Some(bare));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 2;
            assert_eq!(String::from_utf8(bytes).ok().as_deref().and_then(Plan::decode), None, "byte {at}");
        }
    }
}
