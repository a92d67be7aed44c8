//! A log's key file and a tenant's ledger of erasures.

use radslag_kernel::KeyRef;
use radslag_vault::{
    fuzzing,
    slot::{self, SIZE, Slot},
};

use crate::{input::Input, log::LOG, memory::Memory};

fn repaired(bytes: [u8; SIZE], number: u64) -> [u8; SIZE] {
    let mut bytes = bytes;
    let about = crc32c::crc32c(&slot::about(LOG, number));
    let sum = crc32c::crc32c_append(about, &bytes[..60]);
    bytes[60..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// A slot that checks is written and read as the same, and nowhere else.
pub fn slot(data: &[u8]) {
    let mut input = Input(data);
    let (number, bytes) = (input.long(), input.array());
    for bytes in [bytes, repaired(bytes, number)] {
        let Some(slot) = Slot::decode(&bytes, LOG, number) else { continue };
        let again = slot.encode(LOG, number);
        assert_eq!(Slot::decode(&again, LOG, number), Some(slot));
        assert!(slot == Slot::Unused || Slot::decode(&again, LOG, number ^ 1).is_none());
        assert!(!matches!(slot, Slot::Live { .. }) || again == bytes);
    }
}

/// A key file is refused, or what it holds is told by slot; a slot that isn't there is an error.
pub fn key_file(data: &[u8]) {
    let mut input = Input(data);
    let (repair, any) = (input.byte(), input.long());
    let mut bytes = input.0.to_vec();
    if repair % 2 == 1 && bytes.len() >= SIZE {
        bytes[..8].copy_from_slice(b"RDKEYS\0\x01");
        bytes[8..24].copy_from_slice(LOG.as_bytes());
        bytes[32..60].fill(0);
        let sum = crc32c::crc32c(&bytes[..60]);
        bytes[60..64].copy_from_slice(&sum.to_le_bytes());
        for (number, slot) in bytes.as_chunks_mut::<SIZE>().0.iter_mut().enumerate().skip(1) {
            *slot = repaired(*slot, number as u64);
        }
    }
    let slots = (bytes.len() / SIZE) as u64;
    let keys = [0, 1, slots.saturating_sub(1), slots + (1 << 20), any, u64::MAX];
    let Ok((_, highest, found)) = fuzzing::key_file(&Memory::with("keys", &bytes), LOG, &keys) else {
        return;
    };
    assert!(highest <= slots);
    assert!(found[0].is_err() && found[3].is_err() && found[5].is_err());
}

/// The lines of a ledger that is read say the same when they are written again.
pub fn ledger(data: &[u8]) {
    let mut repaired = Vec::new();
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = &text[..text.iter().rposition(|byte| *byte == b' ').unwrap_or(text.len())];
        repaired.extend_from_slice(text);
        repaired.extend_from_slice(format!(" {:08x}\n", crc32c::crc32c(text)).as_bytes());
    }
    for bytes in [data, &repaired] {
        let Ok((erased, whole)) = fuzzing::ledger(bytes, LOG) else { continue };
        assert!(whole <= bytes.len() && !bytes[whole..].contains(&b'\n'));
        let mut again: String =
            erased.slots.iter().map(|slot| fuzzing::ledger_line(LOG, 1, Some(*slot), 2)).collect();
        again += &fuzzing::ledger_line(LOG, erased.complete_to, None, 2);
        assert_eq!(fuzzing::ledger(again.as_bytes(), LOG), Ok((erased, again.len())));
    }
    let (position, number) = (Input(data).long(), Input(data).long());
    let line = fuzzing::ledger_line(LOG, position, Some(KeyRef(number)), position);
    assert!(
        fuzzing::ledger(line.as_bytes(), LOG)
            .is_ok_and(|(erased, _)| erased.slots == [KeyRef(number)].into())
    );
}
