//! Rows of read tables, temporary files of a rebuild, and searches.

use std::cell::OnceCell;

use radslag_readmodel::{Kind, Search, Value, fuzzing, words};

use crate::input::Input;

/// A number that is read is written in as few bytes as it needs.
pub fn varint(data: &[u8]) {
    if let Some((value, taken, again)) = fuzzing::varint(data) {
        assert!(again.len() <= taken && taken <= 10);
        assert_eq!(fuzzing::varint(&again), Some((value, again.len(), again.clone())));
        assert_eq!(fuzzing::zigzag(value.cast_signed()), value.cast_signed());
    }
}

const KINDS: [&[Kind]; 4] = [
    &[Kind::Int],
    &[Kind::Bytes, Kind::Int],
    &[Kind::Text, Kind::Bytes],
    &[Kind::Int, Kind::Text, Kind::Int],
];

/// A key that is read is written as it came, and the order of keys is the order of their bytes.
pub fn row_key(data: &[u8]) {
    let mut input = Input(data);
    let kinds = KINDS[usize::from(input.byte()) % KINDS.len()];
    if let Some((row, again)) = fuzzing::row_key(input.0, kinds) {
        assert_eq!((row.len(), &again[..]), (kinds.len(), input.0));
    }
    let mut made = || [Value::Bytes(input.part().to_vec()), Value::Int(input.long().cast_signed())];
    let (one, other) = (made(), made());
    let (bytes, others) = (fuzzing::row_key_of(&one), fuzzing::row_key_of(&other));
    assert_eq!(bytes.cmp(&others), one.cmp(&other));
    assert_eq!(fuzzing::row_key(&bytes, KINDS[1]).map(|(row, _)| row), Some(one.to_vec()));
}

/// A change that is read is written and read as the same; so are two that were made one.
pub fn change(data: &[u8]) {
    if let Some((again, same)) = fuzzing::change(data) {
        assert!(same && again.len() <= data.len());
    }
    let mut input = Input(data);
    if let Some(sum) = fuzzing::combined(input.part(), input.0) {
        assert!(fuzzing::change(&sum).is_some_and(|(again, same)| same && again == sum));
    }
    let _ = fuzzing::piece(data).map(|row| fuzzing::count_block(&row[1..]));
}

/// A row of counts that is read holds its changes in order; made again of them, it is the same row.
pub fn count_block(data: &[u8]) {
    let mut input = Input(data);
    let origin = i64::from(input.word());
    let (position, recorded_at, before) = (input.long(), input.long(), input.long().cast_signed());
    let n = if input.byte() == 0 { input.long() } else { u64::from(input.short()) };
    let int = |value: u64| Value::Int(value.cast_signed());
    let row = [
        Value::Int(0),
        Value::Int(origin),
        int(position),
        int(recorded_at),
        Value::Int(before),
        Value::Bytes(input.0.to_vec()),
        int(n),
    ];
    let Some((counted, blocks)) = fuzzing::count_block(&row) else { return };
    assert_eq!(counted.len() as u64, n);
    assert!(counted.is_sorted_by_key(|(position, recorded_at, ..)| (*position, *recorded_at)));
    let last = counted.iter().fold(before, |count, (_, _, delta, _)| count.wrapping_add(*delta));
    assert!(counted.last().is_none_or(|(.., count)| *count == last));
    let bytes: usize = blocks.iter().map(Vec::len).sum();
    assert!(bytes <= input.0.len() && blocks.len() == counted.len().div_ceil(1_024));
}

thread_local! {
    static WORDS: OnceCell<fuzzing::Words> = const { OnceCell::new() };
}

/// Whatever is typed, both databases understand it, and a text is found by its own words.
pub fn search(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let per_cent = u32::from(data.first().copied().unwrap_or(30) % 101);
    let indexed = words::index([&*text]);
    let (all, like) = (Search::all(&text), Search::like(&text, per_cent));
    assert_eq!(indexed.is_none(), like.is_empty());
    assert_eq!(words::likeness(&text, &text), if like.is_empty() { 0 } else { 100 });
    if let Some(indexed) = &indexed {
        assert!(like.shared(indexed) > 0);
        let odd = |c: char| !c.is_alphanumeric() && c != ' ';
        assert!(!indexed.contains(odd), "{indexed}");
    }
    for search in [&all, &like] {
        let asked = fuzzing::postgres(search);
        assert!(asked.chars().all(|c| c.is_alphanumeric() || "'() &|:*A".contains(c)), "{asked}");
        if !search.is_empty() {
            let found = WORDS.with(|words| {
                words.get_or_init(|| fuzzing::Words::new().unwrap()).found(search, indexed.as_deref())
            });
            let found = found.unwrap_or_else(|error| panic!("{error:?}: {search:?}"));
            assert!(found == 1 || indexed.is_none() || std::ptr::eq(search, &raw const all), "{search:?}");
        }
    }
}
