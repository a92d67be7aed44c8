//! Keys as bytes whose order is the order of both databases: what a rebuild sorts by and a batch hashes by.
//!
//! An integer is 8 bytes, big endian, sign bit flipped. Text and bytes end with 00 00; a 00 within is 00 FF.
//! So no key is the beginning of another key of its table.

use crate::{op::Value, table::Kind};

/// Appends a key.
pub(crate) fn encode(key: &[Value], to: &mut Vec<u8>) {
    for value in key {
        match value {
            // A key never holds a null: `Schema::check_key`.
            Value::Null => {}
            Value::Int(int) => to.extend_from_slice(&(int.cast_unsigned() ^ (1 << 63)).to_be_bytes()),
            Value::Text(text) => escape(text.as_bytes(), to),
            Value::Bytes(bytes) => escape(bytes, to),
        }
    }
}

/// The key of the given kinds, or nothing if the bytes are none.
pub(crate) fn decode(mut from: &[u8], kinds: impl Iterator<Item = Kind>, row: &mut Vec<Value>) -> Option<()> {
    for kind in kinds {
        row.push(match kind {
            Kind::Int => {
                let (int, rest) = from.split_first_chunk::<8>()?;
                from = rest;
                Value::Int((u64::from_be_bytes(*int) ^ (1 << 63)).cast_signed())
            }
            Kind::Text => Value::Text(String::from_utf8(unescape(&mut from)?).ok()?),
            Kind::Bytes => Value::Bytes(unescape(&mut from)?),
        });
    }
    from.is_empty().then_some(())
}

fn escape(bytes: &[u8], to: &mut Vec<u8>) {
    let mut parts = bytes.split(|byte| *byte == 0);
    if let Some(first) = parts.next() {
        to.extend_from_slice(first);
    }
    for part in parts {
        to.extend_from_slice(&[0, 0xff]);
        to.extend_from_slice(part);
    }
    to.extend_from_slice(&[0, 0]);
}

fn unescape(from: &mut &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(16);
    loop {
        let zero = from.iter().position(|byte| *byte == 0)?;
        bytes.extend_from_slice(&from[..zero]);
        let mark = *from.get(zero + 1)?;
        *from = &from[zero + 2..];
        match mark {
            0 => return Some(bytes),
            0xff => bytes.push(0),
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(key: &[Value]) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode(key, &mut bytes);
        bytes
    }

    fn keys() -> impl Strategy<Value = (i64, Vec<u8>, String)> {
        (any::<i64>(), proptest::collection::vec(0u8..3, 0..5), "[\\x01-ab]{0,3}")
    }

    proptest! {
        #[test]
        fn a_key_survives_its_bytes_and_keeps_its_order(a in keys(), b in keys()) {
            let key = |k: &(i64, Vec<u8>, String)| [Value::Bytes(k.1.clone()), Value::Text(k.2.clone()), Value::Int(k.0)];
            let (left, right) = (key(&a), key(&b));
            prop_assert_eq!(encoded(&left).cmp(&encoded(&right)), left.cmp(&right));
            let mut back = Vec::new();
            let kinds = [Kind::Bytes, Kind::Text, Kind::Int];
            prop_assert_eq!(decode(&encoded(&left), kinds.into_iter(), &mut back), Some(()));
            prop_assert_eq!(&back[..], &left[..]);
        }
    }

    #[test]
    fn bytes_that_are_no_key_are_not_read_as_one() {
        for bytes in [&[1u8, 0][..], &[0, 7], &[0, 0, 0], &[]] {
            assert_eq!(decode(bytes, [Kind::Bytes].into_iter(), &mut Vec::new()), None, "{bytes:?}");
        }
    }
}
