//! `count_block`: the changes of one aggregate's count, 1,024 a row.
//!
//! `changes` holds `n` times: position gap, milliseconds gap, change (zigzag), each a varint, the gaps counted from the
//! change before; of a block's first change both are 0. A block belongs to one origin. Nothing depends on where batches
//! were cut, so a block is the same whether it grew live or was rebuilt.

use crate::{op::Value, varint};

/// Changes a row.
pub(crate) const CHANGES: u64 = 1024;

/// One change of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) origin: u32,
    pub(crate) position: u64,
    pub(crate) recorded_at: u64,
    pub(crate) delta: i64,
}

/// A row of `count_block` without its aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) number: i64,
    pub(crate) origin: u32,
    pub(crate) first_position: u64,
    pub(crate) first_recorded_at: u64,
    pub(crate) count_before: i64,
    pub(crate) changes: Vec<u8>,
    pub(crate) n: u64,
}

/// Where the newest change of an aggregate left it: what the next one is measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tip {
    pub(crate) origin: u32,
    pub(crate) position: u64,
    pub(crate) recorded_at: u64,
    pub(crate) count: i64,
}

/// A change came before its predecessor.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OutOfOrder;

/// Where the next change goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Into the newest block.
    Same,
    /// It begins this block.
    Fresh(Block),
}

/// The tip after `change`, and whether a new block begins. `n` is the newest block's.
pub(crate) fn step(
    tip: Option<Tip>,
    newest: Option<(i64, u64)>,
    change: Change,
) -> Result<(Tip, Next), OutOfOrder> {
    let (recorded_at, count_before) = match tip {
        Some(tip) if (change.origin, change.position) < (tip.origin, tip.position) => return Err(OutOfOrder),
        Some(tip) => (change.recorded_at.max(tip.recorded_at), tip.count),
        None => (change.recorded_at, 0),
    };
    let Change { origin, position, delta, .. } = change;
    let after = Tip { origin, position, recorded_at, count: count_before.wrapping_add(delta) };
    match (tip, newest) {
        (Some(tip), Some((_, n))) if tip.origin == origin && n < CHANGES => Ok((after, Next::Same)),
        _ => {
            let number = newest.map_or(0, |(number, _)| number + 1);
            let (first_position, first_recorded_at) = (position, recorded_at);
            let changes = Vec::new();
            let fresh =
                Block { number, origin, first_position, first_recorded_at, count_before, changes, n: 0 };
            Ok((after, Next::Fresh(fresh)))
        }
    }
}

/// Appends one change to a block's bytes. `before` is the tip before it, nothing for a block's first.
pub(crate) fn put(before: Option<Tip>, after: Tip, delta: i64, changes: &mut Vec<u8>) {
    let (position, recorded_at) =
        before.map_or((after.position, after.recorded_at), |tip| (tip.position, tip.recorded_at));
    varint::put(after.position - position, changes);
    varint::put(after.recorded_at - recorded_at, changes);
    varint::put(varint::zigzag(delta), changes);
}

impl Block {
    /// Every change, with the count after it; nothing if the bytes aren't `n` changes.
    pub(crate) fn each(&self, mut see: impl FnMut(Tip, i64)) -> Option<()> {
        let mut bytes = &self.changes[..];
        let mut tip = self.start();
        for _ in 0..self.n {
            tip.position = tip.position.checked_add(varint::take(&mut bytes)?)?;
            tip.recorded_at = tip.recorded_at.checked_add(varint::take(&mut bytes)?)?;
            let delta = varint::unzigzag(varint::take(&mut bytes)?);
            tip.count = tip.count.wrapping_add(delta);
            see(tip, delta);
        }
        bytes.is_empty().then_some(())
    }

    /// The newest change.
    pub(crate) fn tip(&self) -> Option<Tip> {
        let mut tip = self.start();
        self.each(|seen, _| tip = seen)?;
        Some(tip)
    }

    fn start(&self) -> Tip {
        let (position, recorded_at) = (self.first_position, self.first_recorded_at);
        Tip { origin: self.origin, position, recorded_at, count: self.count_before }
    }

    /// From a row's values after the aggregate.
    pub(crate) fn from_values(values: &[Value]) -> Option<Self> {
        let int = |at: usize| match values.get(at) {
            Some(Value::Int(int)) => Some(*int),
            _ => None,
        };
        let Some(Value::Bytes(changes)) = values.get(5) else { return None };
        Some(Self {
            number: int(0)?,
            origin: u32::try_from(int(1)?).ok()?,
            first_position: int(2)?.cast_unsigned(),
            first_recorded_at: int(3)?.cast_unsigned(),
            count_before: int(4)?,
            changes: changes.clone(),
            n: u64::try_from(int(6)?).ok()?,
        })
    }

    /// A row's values.
    pub(crate) fn into_values(self, aggregate: Vec<u8>) -> Vec<Value> {
        vec![
            Value::Bytes(aggregate),
            Value::Int(self.number),
            Value::Int(i64::from(self.origin)),
            Value::Int(self.first_position.cast_signed()),
            Value::Int(self.first_recorded_at.cast_signed()),
            Value::Int(self.count_before),
            Value::Bytes(self.changes),
            Value::Int(self.n.cast_signed()),
        ]
    }
}

/// The newest block of one aggregate, growing.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    tip: Option<Tip>,
    /// Blocks that were touched; the last one grows.
    pub(crate) blocks: Vec<Block>,
}

impl Growth {
    /// Goes on from the newest block; nothing if its bytes are damaged.
    pub(crate) fn from(newest: Block) -> Option<Self> {
        Some(Self { tip: Some(newest.tip()?), blocks: vec![newest] })
    }

    /// One more change.
    pub(crate) fn push(&mut self, change: Change) -> Result<(), OutOfOrder> {
        let newest = self.blocks.last().map(|block| (block.number, block.n));
        let (after, next) = step(self.tip, newest, change)?;
        let before = match next {
            Next::Same => self.tip,
            Next::Fresh(block) => {
                self.blocks.push(block);
                None
            }
        };
        if let Some(block) = self.blocks.last_mut() {
            put(before, after, change.delta, &mut block.changes);
            block.n += 1;
        }
        self.tip = Some(after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(origin: u32, position: u64, recorded_at: u64, delta: i64) -> Change {
        Change { origin, position, recorded_at, delta }
    }

    #[test]
    fn a_block_holds_1024_changes_of_one_origin() {
        let mut growth = Growth::default();
        for position in 0..1500 {
            growth.push(change(0, position, position * 3, 1)).unwrap();
        }
        growth.push(change(1, 1500, 9_000, -1)).unwrap();
        let shape: Vec<_> = growth.blocks.iter().map(|b| (b.number, b.origin, b.count_before, b.n)).collect();
        assert_eq!(shape, [(0, 0, 0, 1024), (1, 0, 1024, 476), (2, 1, 1500, 1)]);
        let tip = growth.blocks[2].tip().unwrap();
        assert_eq!(tip, Tip { origin: 1, position: 1500, recorded_at: 9_000, count: 1499 });
    }

    #[test]
    fn a_change_of_one_takes_three_bytes_in_a_storm() {
        let mut growth = Growth::default();
        (0..1024).for_each(|p| growth.push(change(0, p * 2, p * 30, 1)).unwrap());
        assert_eq!(growth.blocks[0].changes.len(), 3 * 1024);
    }

    #[test]
    fn a_block_that_goes_on_is_the_block_that_never_stopped() {
        let changes: Vec<_> = (0..50).map(|p| change(0, p * 7, 1_000 + p * p * 500, p as i64 - 20)).collect();
        let mut whole = Growth::default();
        changes.iter().for_each(|c| whole.push(*c).unwrap());
        let mut half = Growth::default();
        changes[..20].iter().for_each(|c| half.push(*c).unwrap());
        let mut rest = Growth::from(half.blocks.pop().unwrap()).unwrap();
        changes[20..].iter().for_each(|c| rest.push(*c).unwrap());
        assert_eq!(rest.blocks, whole.blocks);
    }

    #[test]
    fn a_position_never_falls_and_a_clock_that_does_stands_still() {
        let mut growth = Growth::default();
        growth.push(change(0, 9, 100, 1)).unwrap();
        assert_eq!(growth.push(change(0, 8, 100, 1)), Err(OutOfOrder));
        growth.push(change(0, 9, 50, 1)).unwrap();
        assert_eq!(growth.blocks[0].tip().unwrap().recorded_at, 100);
    }

    #[test]
    fn damaged_changes_are_seen() {
        let mut growth = Growth::default();
        (0..3).for_each(|p| growth.push(change(0, p, p, 1)).unwrap());
        let mut block = growth.blocks.pop().unwrap();
        block.changes.push(0);
        assert_eq!(block.tip(), None);
        block.changes.truncate(8);
        assert_eq!(block.tip(), None);
    }
}
