//! Notes, checkpoints, keys, receipts, tiles and proofs.

use std::sync::LazyLock;

use radslag_evidence::{
    Checkpoint, Hash, Nodes, Note, Receipt, SigningKey, VerifierKey,
    proof::{self, Invalid},
    tile::{self, Of, Tile},
    tree,
};
use zeroize::Zeroizing;

use crate::input::Input;

/// The name of the log that signs.
pub(crate) const ORIGIN: &str = "radslag.example/malmo/petitions/0";

static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::new(ORIGIN, &Zeroizing::new([7; 32])).unwrap());

pub(crate) fn key() -> SigningKey {
    KEY.clone()
}

fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// A note that is read is written as it came, and nobody's signature is believed but its own.
pub fn note(data: &[u8]) {
    let text = text(data);
    if let Ok(note) = Note::parse(&text) {
        assert_eq!(note.to_string(), text);
        let known = key().verifier();
        if let Ok(said) = note.signed_by(std::slice::from_ref(&known)) {
            assert_eq!(said, note.text());
            assert!(note.signatures().iter().any(|signature| signature.name == known.name()));
        }
    }
    // Signing takes longer than all the rest: some texts are enough.
    if text.len().is_multiple_of(16)
        && let Ok(signed) = Note::sign(text.clone().into_owned(), &[&key()])
    {
        let again = Note::parse(&signed.to_string());
        assert_eq!(again.as_ref(), Ok(&signed));
        assert_eq!(signed.signed_by(&[key().verifier()]), Ok(&*text));
    }
}

/// A checkpoint that is read is written as it came, and survives being signed.
pub fn checkpoint(data: &[u8]) {
    let text = text(data);
    if let Ok(checkpoint) = Checkpoint::parse(&text) {
        assert_eq!(checkpoint.to_string(), text);
        if let Ok(note) = checkpoint.sign(&[&key()]) {
            assert_eq!(Checkpoint::open(&note, &[key().verifier()]), Ok(checkpoint));
        }
    }
    if let Ok(note) = Note::parse(&text) {
        let opened = Checkpoint::open(&note, &[key().verifier()]);
        assert!(opened.is_err() || opened == Checkpoint::parse(note.text()));
    }
}

/// A key that is read is written as it came.
pub fn verifier_key(data: &[u8]) {
    let text = text(data);
    if let Ok(key) = VerifierKey::parse(&text) {
        assert_eq!(key.to_string(), text);
        assert_eq!(key.named(key.name()).as_ref(), Ok(&key));
    }
    if text.len().is_multiple_of(16)
        && let Ok(key) = SigningKey::new(&text, &Zeroizing::new([9; 32]))
    {
        assert_eq!(VerifierKey::parse(&key.verifier().to_string()), Ok(key.verifier()));
    }
}

/// A receipt that is read is written as it came; it proves its own entry and no other.
pub fn receipt(data: &[u8]) {
    let text = text(data);
    let Ok(receipt) = Receipt::parse(&text) else { return };
    assert_eq!(receipt.to_string(), text);
    let entry = receipt.extra.clone().unwrap_or_default();
    let keys = [key().verifier()];
    if let Ok(checkpoint) = receipt.check(&entry, &keys) {
        assert!(receipt.index < checkpoint.size);
        assert!(receipt.check(&[&entry[..], b"x"].concat(), &keys).is_err());
    }
}

/// A tile's name that is read is written as it came; a tile of a tree has a name.
pub fn tile(data: &[u8]) {
    let path = text(data);
    if let Some(tile) = Tile::parse(&path) {
        assert_eq!(tile.to_string(), path);
        assert!((1..=256).contains(&tile.width));
    }
    let mut input = Input(data);
    let of = match input.byte() {
        255 => Of::Entries,
        level => Of::Hashes(level % 64),
    };
    if let Some(tile) = Tile::in_tree(of, input.long(), input.long()) {
        assert_eq!(Tile::parse(&tile.to_string()), Some(tile));
    }
}

/// The entries of a bundle are bundled as they came.
pub fn bundle(data: &[u8]) {
    if let Some(entries) = tile::unbundle(data) {
        let mut again = Vec::new();
        entries.iter().for_each(|entry| tile::bundle(&mut again, entry));
        assert_eq!(again, data);
    }
    let hashes = data.as_chunks::<32>().0;
    let root = tile::root(hashes);
    assert_eq!(root.is_some(), hashes.len().is_power_of_two());
    assert!(root.is_none_or(|root| root == naive(hashes)));
}

/// What RFC 6962 says a tree's root is, word by word.
fn naive(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => tree::empty(),
        [leaf] => *leaf,
        more => {
            let (left, right) = more.split_at(half(more.len()));
            tree::node(&naive(left), &naive(right))
        }
    }
}

/// The largest power of two below a number.
fn half(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// PATH of RFC 6962, 2.1.1.
fn path(leaves: &[Hash], index: usize) -> Vec<Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(half(leaves.len()));
    let (mut path, sibling) = match index.checked_sub(left.len()) {
        None => (path(left, index), naive(right)),
        Some(index) => (path(right, index), naive(left)),
    };
    path.push(sibling);
    path
}

/// SUBPROOF of RFC 6962, 2.1.2.
fn subproof(leaves: &[Hash], old: usize, whole: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![naive(leaves)] };
    }
    let (left, right) = leaves.split_at(half(leaves.len()));
    let (mut proof, sibling) = match old.checked_sub(left.len()).filter(|old| *old > 0) {
        None => (subproof(left, old, whole), naive(right)),
        Some(old) => (subproof(right, old, false), naive(left)),
    };
    proof.push(sibling);
    proof
}

struct Leaves(Vec<Hash>);

impl Nodes for Leaves {
    type Error = std::convert::Infallible;

    fn node(&self, height: u32, index: u64) -> Result<Hash, Self::Error> {
        let (first, count) = ((index as usize) << height, 1 << height);
        Ok(naive(&self.0[first..first + count]))
    }
}

fn leaves(size: u8) -> Leaves {
    Leaves((0..size).map(|n| tree::leaf(&[n])).collect())
}

/// A proof changed as the input says: hashes flipped, doubled, left out, added.
fn edited(mut proof: Vec<Hash>, input: &mut Input<'_>) -> Vec<Hash> {
    for _ in 0..input.byte() % 4 {
        let (what, at, with) = (input.byte(), usize::from(input.byte()), input.byte());
        let place = at % (proof.len() + 1);
        match what % 5 {
            0 => proof.insert(place, [with; 32]),
            1 if place < proof.len() => drop(proof.remove(place)),
            2 if place < proof.len() => proof[place][usize::from(with) % 32] ^= 1 << (with >> 5),
            3 if place < proof.len() => proof.insert(place, proof[place]),
            _ => proof.reverse(),
        }
    }
    proof
}

/// A path that leads to the root is the one that a tree made by the book gives, of that leaf at that place.
pub fn inclusion(data: &[u8]) {
    let mut input = Input(data);
    let (size, index, claimed) = (input.byte() % 80, input.byte(), input.byte());
    let known = leaves(size);
    if index < size {
        let (at, root) = (usize::from(index), naive(&known.0));
        let right = path(&known.0, at);
        assert_eq!(proof::inclusion(&known, index.into(), size.into()), Ok(right.clone()));
        assert_eq!(proof::check_inclusion(&known.0[at], index.into(), size.into(), &right, &root), Ok(()));
        let claimed = if input.byte() % 2 == 0 { index } else { claimed };
        let leaf = tree::leaf(&[input.byte()]);
        let leaf = if input.byte() % 2 == 0 { known.0[at] } else { leaf };
        let changed = edited(right, &mut input);
        if proof::check_inclusion(&leaf, claimed.into(), size.into(), &changed, &root).is_ok() {
            assert_eq!((known.0[usize::from(claimed)], path(&known.0, claimed.into())), (leaf, changed));
        }
    }
    let (index, size) = (input.long(), input.long());
    let hashes = input.0.as_chunks::<32>().0;
    let checked = proof::check_inclusion(&[1; 32], index, size, hashes, &[2; 32]);
    assert_eq!(checked == Err(Invalid::Size), index >= size);
}

/// A proof that a tree goes on in another is the one that trees made by the book give.
pub fn consistency(data: &[u8]) {
    let mut input = Input(data);
    let (new, old) = (input.byte() % 80, input.byte());
    let known = leaves(new);
    if 0 < old && old <= new {
        let (before, after) = (naive(&known.0[..old.into()]), naive(&known.0));
        let right = subproof(&known.0, old.into(), true);
        assert_eq!(proof::consistency(&known, old.into(), new.into()), Ok(right.clone()));
        let (old_size, new_size) = (u64::from(old), u64::from(new));
        assert_eq!(proof::check_consistency((old_size, &before), (new_size, &after), &right), Ok(()));
        let claimed =
            if input.byte() % 2 == 0 { before } else { naive(&known.0[..(input.byte() % new).into()]) };
        let changed = edited(right.clone(), &mut input);
        if proof::check_consistency((old_size, &claimed), (new_size, &after), &changed).is_ok() {
            assert_eq!((claimed, changed), (before, right));
        }
    }
    let (old, new) = (input.long(), input.long());
    let hashes = input.0.as_chunks::<32>().0;
    let checked = proof::check_consistency((old, &[1; 32]), (new, &[2; 32]), hashes);
    assert_eq!(checked == Err(Invalid::Size), old > new);
}
