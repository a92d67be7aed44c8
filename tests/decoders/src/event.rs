//! Payloads of petitions: the public part and the sealed values of an event of any type.

use std::sync::LazyLock;

use radslag_kernel::{Encoded, Happens as _, Instant, ItemId, KeyRef, Opened, Plain, Stored, SubjectId};
use radslag_petitions::{Event, wire};

use crate::input::Input;

/// Of each released event: its type, and its bytes.
pub(crate) const RELEASED: &str = include_str!("../../../services/petitions/fixtures/events.txt");

/// Every type, and one that nobody knows.
pub(crate) static KINDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut kinds: Vec<&str> = RELEASED.lines().filter_map(|line| line.split(' ').next()).collect();
    kinds.push("petition.dreamt");
    kinds.sort_unstable();
    kinds.dedup();
    kinds
});

const AT: Instant = Instant::from_millis(1_224_806_400_000);
const BY: SubjectId = SubjectId::from_bytes([77; 16]);

struct Bytes<'a> {
    kind: &'a str,
    schema: u32,
    item: Option<ItemId>,
    public: &'a [u8],
    erased: Vec<KeyRef>,
    sealed: Vec<(u32, KeyRef, Opened<&'a [u8]>)>,
}

/// Type, schema, whether it has an item, the public part, keys it destroys, and then number, key and value of each
/// sealed field; a key above 32,767 is destroyed.
fn bytes<'a>(data: &'a [u8]) -> Bytes<'a> {
    let mut input = Input(data);
    let kind = KINDS[usize::from(input.byte()) % KINDS.len()];
    let (schema, has_item) = (u32::from(input.byte()), input.byte() % 2 == 1);
    let item = has_item.then(|| ItemId::from_bytes([3; 16]));
    let public = input.part();
    let erased = (0..input.byte() % 4).map(|_| KeyRef(input.byte().into())).collect();
    let mut sealed = Vec::new();
    while !input.is_empty() && sealed.len() < 16 {
        let (number, key, value) = (u32::from(input.byte()), input.short(), input.part());
        let value = if key > 32_767 { Opened::Gone } else { Opened::Known(value) };
        sealed.push((number, KeyRef(key.into()), value));
    }
    Bytes { kind, schema, item, public, erased, sealed }
}

impl Bytes<'_> {
    fn decoded(&self) -> Option<Event> {
        let find = |number| self.sealed.iter().find(|(known, ..)| *known == number);
        let field = |number| Some(find(number)?.2.clone().map(<[u8]>::to_vec));
        let under = |number| Some(find(number)?.1);
        let (kind, schema, item) = (self.kind, self.schema, self.item);
        let (public, erased) = (self.public, &self.erased[..]);
        let stored =
            Stored { kind, schema, at: AT, item, by: BY, public, erased, field: &field, under: &under };
        wire::decode(&stored).ok()
    }
}

fn again(event: &Event, encoded: &Encoded, item: Option<ItemId>) -> Option<Event> {
    let field = |number| {
        let plain = encoded.sealed.iter().find(|plain| plain.field == number)?;
        Some(Opened::Known(plain.value.clone()))
    };
    let under = |number| {
        let Plain { under, .. } = encoded.sealed.iter().find(|plain| plain.field == number)?;
        under.first().copied()
    };
    let (kind, schema, public) = (encoded.kind, encoded.schema, &encoded.public[..]);
    let erased = &event.erases()[..];
    wire::decode(&Stored { kind, schema, at: AT, item, by: BY, public, erased, field: &field, under: &under })
        .ok()
}

/// An event that is read is written and read as the same, unless something of it is gone.
pub fn event(data: &[u8]) {
    let bytes = bytes(data);
    let Some(event) = bytes.decoded() else { return };
    let encoded = wire::encode(&event, None);
    assert_eq!((event.at(), encoded.kind), (AT, bytes.kind));
    if bytes.sealed.iter().all(|(.., value)| value.known().is_some()) {
        assert_eq!(again(&event, &encoded, bytes.item), Some(event), "{}", bytes.kind);
    }
}
