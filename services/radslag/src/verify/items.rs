//! Every signature followed from its first event to its last, so that nobody is counted twice. What happened to them is put
//! by in many parts, on disk when it is much, and each part is looked at alone: memory stays the same.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read as _, Seek as _, Write as _},
    thread,
};

use radslag_kernel::{AggregateId, ItemId};
use radslag_petitions::recount::{Act, Stands, step};
use sha2::{Digest as _, Sha256};

use super::findings::{Difference, What};

const PARTS: usize = 64;
/// Bytes of a part that are kept in memory.
const KEPT: usize = 1 << 16;
/// Beside an act: of a vote against.
const AGAINST: u8 = 0x80;
/// Signature, position, act.
const RECORD: usize = 16 + 8 + 1;
const ACTS: [Act; 12] = [
    Act::Submitted,
    Act::Signed,
    Act::Confirmed,
    Act::Suspected,
    Act::Expired,
    Act::SetAside,
    Act::Cleared,
    Act::Withdrawn,
    Act::Superseded,
    Act::Invalidated(false),
    Act::Invalidated(true),
    Act::Restored,
];

/// What happened to all signatures.
pub(crate) struct Items {
    parts: Vec<Part>,
    /// How much that is.
    pub(crate) acts: u64,
}

#[derive(Default)]
struct Part {
    kept: Vec<u8>,
    file: Option<File>,
}

impl Default for Items {
    fn default() -> Self {
        Self { parts: std::iter::repeat_with(Part::default).take(PARTS).collect(), acts: 0 }
    }
}

impl Items {
    /// Takes an act, in the log's order.
    pub(crate) fn take(
        &mut self,
        petition: AggregateId,
        item: ItemId,
        position: u64,
        (act, against): (Act, bool),
    ) -> io::Result<()> {
        // An item of one petition is nothing in another.
        let key = Sha256::new().chain_update(item.as_bytes()).chain_update(petition.as_bytes()).finalize();
        let part = &mut self.parts[usize::from(key[0]) % PARTS];
        let code = ACTS.iter().position(|known| *known == act).unwrap_or_default();
        part.kept.extend_from_slice(&key[..16]);
        part.kept.extend_from_slice(&position.to_be_bytes());
        part.kept.push(code as u8 | if against { AGAINST } else { 0 });
        self.acts += 1;
        if part.kept.len() + RECORD > KEPT {
            let file = match &mut part.file {
                Some(file) => file,
                none => none.insert(tempfile::tempfile()?),
            };
            file.write_all(&part.kept)?;
            part.kept.clear();
        }
        Ok(())
    }

    /// Every act that can't follow what came before it.
    pub(crate) fn check(self) -> io::Result<Vec<Difference>> {
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get).clamp(1, PARTS);
        let mut shares: Vec<Vec<Part>> = std::iter::repeat_with(Vec::new).take(threads).collect();
        for (number, part) in self.parts.into_iter().enumerate() {
            shares[number % threads].push(part);
        }
        let mut found = Vec::new();
        thread::scope(|scope| {
            let checking: Vec<_> = shares
                .into_iter()
                .map(|share| scope.spawn(|| share.into_iter().map(Part::check).collect::<Vec<_>>()))
                .collect();
            for share in checking {
                let checked = share.join().map_err(|_| io::Error::other("a thread ended"))?;
                for one in checked {
                    found.extend(one?);
                }
            }
            Ok(found)
        })
    }
}

impl Part {
    fn check(self) -> io::Result<Vec<Difference>> {
        let mut bytes = Vec::new();
        if let Some(mut file) = self.file {
            file.rewind()?;
            file.read_to_end(&mut bytes)?;
        }
        bytes.extend_from_slice(&self.kept);
        let mut standing: HashMap<[u8; 16], Stands> = HashMap::new();
        let mut found = Vec::new();
        for record in bytes.as_chunks::<RECORD>().0 {
            let (key, rest) = record.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
            let (position, code) = rest.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
            let (act, against) = (ACTS[usize::from(code[0] & !AGAINST)], code[0] & AGAINST != 0);
            match step(standing.get(key).copied(), act, against) {
                Some(stands) => {
                    standing.insert(*key, stands);
                }
                None => {
                    let detail =
                        format!("{} can't follow what happened to that signature before", act.kind());
                    let wrong = Difference::new(What::Recount, "", detail);
                    found.push(wrong.at(u64::from_be_bytes(*position)));
                    found.truncate(32);
                }
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PETITION: AggregateId = AggregateId::from_bytes([6; 16]);

    fn item(number: u64) -> ItemId {
        ItemId::from_bytes(u128::from(number).to_be_bytes())
    }

    #[test]
    fn a_signature_confirmed_twice_is_found_among_many_that_went_to_disk() {
        let mut items = Items::default();
        let many = 200_000;
        for number in 0..many {
            items.take(PETITION, item(number), number, (Act::Submitted, false)).unwrap();
        }
        for number in 0..many {
            items.take(PETITION, item(number), many + number, (Act::Confirmed, false)).unwrap();
        }
        items.take(PETITION, item(77), 2 * many, (Act::Confirmed, false)).unwrap();
        assert!(items.parts.iter().any(|part| part.file.is_some()));
        let found = items.check().unwrap();
        assert_eq!(found.iter().map(|one| one.position).collect::<Vec<_>>(), [Some(2 * many)]);
    }

    #[test]
    fn an_item_of_one_petition_is_nothing_in_another() {
        let mut items = Items::default();
        items.take(PETITION, item(1), 0, (Act::Submitted, false)).unwrap();
        items.take(AggregateId::from_bytes([7; 16]), item(1), 1, (Act::Confirmed, false)).unwrap();
        assert_eq!(items.check().unwrap()[0].position, Some(1));
    }
}
