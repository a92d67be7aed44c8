//! Frames, segments, the files beside them, and the index.

use bytes::Bytes;
use prost::Message as _;
use radslag_eventlog::{
    Record,
    ack::Ack,
    frame::{self, Builder, Frame, Head, Seed},
    fuzzing,
    segment::{HEADER, Identity, Segment},
};
use radslag_evidence::{Checkpoint, tree};
use radslag_kernel::id::LogId;
use radslag_proto::log::{Header, Private};
use std::{path::Path, sync::LazyLock};

use crate::{
    evidence::{ORIGIN, key},
    input::Input,
    memory::Memory,
};

/// Whose frames these are.
pub(crate) const LOG: LogId = LogId::from_bytes([5; 16]);
const ORIGIN_NUMBER: u32 = 0;

fn seed() -> Seed {
    Seed::new(LOG, ORIGIN_NUMBER)
}

/// Gives every frame that stands at a multiple of 8 the checksum it needs, so that what is behind it is read.
fn repair(bytes: &mut [u8]) {
    let seed = crc32c::crc32c_append(crc32c::crc32c(LOG.as_bytes()), &ORIGIN_NUMBER.to_le_bytes());
    let mut at = 0;
    while let Some(head) = bytes.get(at..).filter(|rest| rest.len() >= frame::HEAD) {
        let step = Head::read(head).filter(|head| at + head.length <= bytes.len()).map(|head| {
            let content = &mut bytes[at..at + head.length];
            let (content, sum) = content.split_at_mut(head.length - 4);
            sum.copy_from_slice(&crc32c::crc32c_append(seed, content).to_le_bytes());
            head.padded()
        });
        at += step.unwrap_or(8);
    }
}

/// A frame that checks has the events its head says, and records of them are read back as they are.
pub fn frame(data: &[u8]) {
    let mut repaired = data.to_vec();
    repair(&mut repaired);
    for bytes in [data.to_vec(), repaired] {
        if let Some(frame) = Frame::check(Bytes::from(bytes), seed()) {
            checked(&frame);
        }
    }
    built(data);
}

fn checked(frame: &Frame) {
    let stored: Vec<_> = frame.events().collect();
    assert_eq!(
        (stored.len(), frame.head.end()),
        (frame.head.count as usize, stored.last().unwrap().position + 1)
    );
    for event in stored {
        assert_eq!(event.leaf(), tree::leaf(event.entry));
        assert_eq!(frame::entry_size(event.header.len(), event.public.len()), event.entry.len());
        let Some(record) = Record::decode(&event, frame, ORIGIN_NUMBER) else { continue };
        assert_eq!(record.position(), event.position);
        assert_eq!(Header::decode(record.header.encode_to_vec().as_slice()), Ok(record.header.clone()));
        assert_eq!(Private::decode(record.private.encode_to_vec().as_slice()), Ok(record.private.clone()));
        let _ = (record.id(), record.command(), record.erased(), record.keys().count());
        let kernel = record.with(|_, public| Ok::<_, ()>(public.len())).unwrap();
        assert_eq!(kernel.position, event.position);
    }
}

/// What is built is read: the events are parts of the input.
fn built(data: &[u8]) {
    let mut input = Input(data);
    let (first, durable) = (input.long(), input.long());
    let (mut bytes, mut parts) = (Vec::new(), Vec::new());
    let mut frame = Builder::new(&mut bytes, first, durable);
    while !input.is_empty() && parts.len() < 16 {
        let (header, public, private) = (input.part(), input.part(), input.part());
        if frame::entry_size(header.len(), public.len()) <= frame::MAX_ENTRY {
            parts.push((frame.event(header, public, private), header, public, private));
        }
    }
    frame.end(seed());
    let found = Frame::check(Bytes::from(bytes), seed());
    let fits = first.checked_add(parts.len() as u64).is_some() && !parts.is_empty();
    assert_eq!(found.is_some(), fits);
    for (event, (leaf, header, public, private)) in found.iter().flat_map(Frame::events).zip(parts) {
        assert_eq!(
            (event.leaf(), event.header, event.public, event.private),
            (leaf, header, public, private)
        );
    }
}

/// A segment's frames follow one another, and each is found by each of its positions.
pub fn segment(data: &[u8]) {
    if let Some(identity) = Identity::decode(data) {
        assert_eq!(identity.encode()[..24], data[..24]);
    }
    let mut input = Input(data);
    let identity = Identity { log: LOG, origin: ORIGIN_NUMBER, first: input.word().into() };
    assert_eq!(Identity::decode(&identity.encode()), Some(identity));
    let mut frames = input.0.to_vec();
    repair(&mut frames);
    for frames in [input.0, &frames] {
        opened(&[&identity.encode(), frames].concat(), identity);
    }
}

fn opened(file: &[u8], identity: Identity) {
    let disk = Memory::with("segment", file);
    let segment = Segment::open(&disk, Path::new("segment"), LOG).unwrap();
    let (frames, beyond) = fuzzing::frames(&segment).unwrap();
    let mut position = identity.first;
    for (at, frame) in &frames {
        assert_eq!((frame.head.first, at % 8), (position, 0));
        checked(frame);
        for sought in [position, frame.head.end() - 1] {
            let (found, next) = segment.seek(sought).unwrap();
            assert_eq!((found.head, next), (frame.head, at + frame.head.padded() as u64));
            assert!(found.events().eq(frame.events()));
        }
        position = frame.head.end();
    }
    for position in [position, position.saturating_add(1_000), u64::MAX, identity.first.saturating_sub(1)] {
        if let Ok((found, _)) = segment.seek(position) {
            assert!(found.head.first <= position && position < found.head.end());
        }
    }
    assert!(file.len() as u64 > HEADER || (frames.is_empty() && beyond.is_none()));
}

/// What an `ACK` file says is what was written; one that is damaged says nothing.
pub fn ack(data: &[u8]) {
    let (disk, path) = (Memory::with("ACK", data), Path::new("ACK"));
    let ack = Ack::open(&disk, path).unwrap();
    if let Some(position) = ack.read() {
        assert_eq!(position.to_le_bytes(), data[..8]);
    }
    let position = Input(data).long();
    ack.write(position).unwrap();
    assert_eq!(Ack::open(&disk, path).unwrap().read(), Some(position));
}

/// A block of the index that checks is written as it came.
pub fn index_block(data: &[u8]) {
    let mut input = Input(data);
    let next = input.array();
    let mut streams = Vec::new();
    while !input.is_empty() && streams.len() < 160 {
        streams.push((input.array(), input.long(), input.word()));
    }
    let bytes = fuzzing::index_block_of(&streams, next);
    assert_eq!(fuzzing::index_block(&bytes), Some((streams.len(), bytes.clone())));
    let mut repaired = data.to_vec();
    if let Some((content, sum)) = repaired.split_last_chunk_mut::<4>() {
        *sum = crc32c::crc32c(content).to_le_bytes();
    }
    for bytes in [data, &repaired] {
        if let Some((count, again)) = fuzzing::index_block(bytes) {
            assert_eq!((again == bytes, again.len()), (true, 20 + 28 * count));
        }
    }
}

/// Enough notes that only the end of their file is read.
static NOTES: LazyLock<String> = LazyLock::new(|| (1..400).map(note).collect());

/// A checkpoint of ours as it stands in its file.
pub(crate) fn note(size: u64) -> String {
    format!("{}\n", Checkpoint::new(ORIGIN.into(), size, [size as u8; 32]).sign(&[&key()]).unwrap())
}

/// A file of checkpoints is refused, or the next one is its newest; what stood in it stands in it.
pub fn checkpoint_file(data: &[u8]) {
    let mut input = Input(data);
    let before = if input.byte() == 1 { NOTES.as_bytes() } else { &[] };
    let extensions = vec!["x".repeat(usize::from(input.byte()) + 1)];
    let disk = Memory::with("tree/checkpoints.0", &[before, input.0].concat());
    let next = |newest: Option<&Checkpoint>| {
        let size = newest.map_or(1, |newest| newest.size.saturating_add(1));
        Checkpoint { extensions: extensions.clone(), ..Checkpoint::new(ORIGIN.into(), size, [9; 32]) }
    };
    let Ok([newest, after]) = fuzzing::checkpoints(&disk, ORIGIN, &key(), next) else { return };
    assert_eq!(after, Some(next(newest.as_ref())));
    assert!(newest.is_some() || before.is_empty());
    assert!(disk.read("tree/checkpoints.0").starts_with(before));
}
