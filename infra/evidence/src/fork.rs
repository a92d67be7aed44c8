//! Evidence that a log has told two stories: two checkpoints that it signed and that can't both be true. Anybody can check
//! it with nothing but the log's public keys.
//!
//! ```text
//! radslag/fork@v1
//! <an empty line>
//! <signed note of a checkpoint>
//! <an empty line>
//! <signed note of another one, not smaller>
//! ```
//! Both have one origin line. Of one size with different roots, they are evidence by themselves. Where the second is larger,
//! these lines follow after one more empty line: the root over the first entries of the second one's tree, as many as the
//! first one has, and the consistency proof between these two. It leads to the second one's root, and the root it begins
//! with isn't the first one's: the log signed that it goes on from something else.
//!
//! ```text
//! prefix <hash in base64>
//! <hash in base64>...
//! ```
//! Ways to break: a note that isn't signed by a key one trusts, two origins, two notes that agree, a proof that doesn't
//! lead to the second one's root. Each is another error, and none is evidence.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use crate::{
    checkpoint::{self, Checkpoint, hash},
    note::{self, Note, VerifierKey},
    proof,
    tree::Hash,
};

/// First line of the file.
pub const FIRST: &str = "radslag/fork@v1";
/// Most bytes of a file that is read.
pub const MAX: usize = 4 << 20;
/// A path over 2^64 entries has no more hashes.
const LONGEST: usize = 128;

/// Two signed notes, and where they differ in size what connects them. Unchecked until `check`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// The smaller one, or either.
    pub first: Note,
    /// The other one.
    pub second: Note,
    /// Of two sizes: what the second one's tree has where the first one was signed.
    pub prefix: Option<Prefix>,
}

/// What a later tree has where an earlier one was signed, and the proof that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The root over as many entries as the earlier one has.
    pub root: Hash,
    /// The consistency proof from there to the later one.
    pub path: Vec<Hash>,
}

/// What is proved: checkpoints that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forked {
    /// The smaller one, or either.
    pub first: Checkpoint,
    /// The other one.
    pub second: Checkpoint,
}

/// Why something isn't evidence of a fork.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It isn't such a file.
    #[error("it is not evidence of a fork: {0}")]
    Format(&'static str),
    /// One of the two can't be believed.
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Error),
    /// They are of two logs, or of two lives of one.
    #[error("they are of {0} and of {1}")]
    Origins(String, String),
    /// They are of one size and have one root.
    #[error("both say the same")]
    Agree,
    /// They are of two sizes, and nothing shows that the smaller one isn't in the larger one.
    #[error("they are of {0} and {1} entries: that needs a proof of what the larger one holds")]
    Sizes(u64, u64),
    /// The proof doesn't lead to the larger one's root.
    #[error("the proof between them is wrong: {0}")]
    Proof(proof::Invalid),
}

impl Fork {
    /// Two notes; the smaller one becomes the first. Of one size they need nothing else.
    ///
    /// # Errors
    /// `Checkpoint` if one isn't a checkpoint.
    pub fn new(one: Note, other: Note, prefix: Option<Prefix>) -> Result<Self, Error> {
        let size = |note: &Note| Checkpoint::parse(note.text()).map(|checkpoint| checkpoint.size);
        let swap = size(&one)? > size(&other)?;
        let (first, second) = if swap { (other, one) } else { (one, other) };
        Ok(Self { first, second, prefix })
    }

    /// What it proves, to somebody who trusts these keys.
    ///
    /// # Errors
    /// Why it proves nothing.
    pub fn check(&self, trusted: &[VerifierKey]) -> Result<Forked, Error> {
        let open = |note| Checkpoint::open(note, trusted);
        let (first, second) = (open(&self.first)?, open(&self.second)?);
        if first.origin != second.origin {
            return Err(Error::Origins(first.origin, second.origin));
        }
        if first.size == second.size {
            if first.root == second.root {
                return Err(Error::Agree);
            }
            return Ok(Forked { first, second });
        }
        let sizes = Error::Sizes(first.size.min(second.size), first.size.max(second.size));
        let Some(Prefix { root, path }) = self.prefix.as_ref().filter(|_| first.size < second.size) else {
            return Err(sizes);
        };
        proof::check_consistency((first.size, root), (second.size, &second.root), path)
            .map_err(Error::Proof)?;
        if *root == first.root { Err(Error::Agree) } else { Ok(Forked { first, second }) }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// `Format`, `Checkpoint`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX {
            return Err(Error::Format("it is too large"));
        }
        let rest = text.strip_prefix(FIRST).and_then(|rest| rest.strip_prefix("\n\n"));
        let rest = rest.ok_or(Error::Format("its first line is another"))?;
        let (first, rest) = split_note(rest)?;
        let (second, rest) = split_note(rest)?;
        let prefix = if rest.is_empty() { None } else { Some(Prefix::parse(rest)?) };
        Ok(Self { first, second, prefix })
    }
}

impl Prefix {
    fn parse(text: &str) -> Result<Self, Error> {
        let mut lines = text.strip_suffix('\n').ok_or(Error::Format("the last line has no end"))?.split('\n');
        let root = lines.next().and_then(|line| line.strip_prefix("prefix ")).and_then(hash);
        let root = root.ok_or(Error::Format("it has no prefix where there should be one"))?;
        let path = lines.map(hash).collect::<Option<Vec<_>>>();
        let path = path.filter(|path| path.len() <= LONGEST);
        Ok(Self { root, path: path.ok_or(Error::Format("its proof isn't hashes"))? })
    }
}

/// The note that something begins with: text, an empty line, lines of signatures; then the end, or another empty line.
fn split_note(text: &str) -> Result<(Note, &str), Error> {
    // A checkpoint has no empty line within its text, so that the first one ends it.
    let signatures = text.find("\n\n").ok_or(Error::Format("it hasn't two signed notes"))? + 2;
    let end = text[signatures..].find("\n\n").map_or(text.len(), |at| signatures + at + 1);
    let note = Note::parse(&text[..end]).map_err(checkpoint::Error::from)?;
    let rest = &text[end..];
    Ok((note, rest.strip_prefix('\n').unwrap_or(rest)))
}

impl fmt::Display for Fork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FIRST}\n\n{}\n{}", self.first, self.second)?;
        let Some(Prefix { root, path }) = &self.prefix else { return Ok(()) };
        write!(f, "\nprefix {}\n", BASE64.encode(root))?;
        path.iter().try_for_each(|hash| writeln!(f, "{}", BASE64.encode(hash)))
    }
}

impl From<note::Error> for Error {
    fn from(error: note::Error) -> Self {
        Self::Checkpoint(error.into())
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::{
        note::SigningKey,
        tree::{Nodes, Tree, leaf, node},
    };

    const ORIGIN: &str = "radslag.example/malmo/petitions/0";

    /// A tree that keeps every leaf.
    struct Leaves(Vec<Hash>);

    impl Nodes for Leaves {
        type Error = std::convert::Infallible;

        fn node(&self, height: u32, index: u64) -> Result<Hash, Self::Error> {
            if height == 0 {
                return Ok(self.0[index as usize]);
            }
            let child = |at| self.node(height - 1, at);
            Ok(node(&child(index * 2)?, &child(index * 2 + 1)?))
        }
    }

    fn key(seed: u8) -> SigningKey {
        SigningKey::new(ORIGIN, &Zeroizing::new([seed; 32])).unwrap()
    }

    fn entries(events: std::ops::Range<u64>, story: &str) -> Vec<Hash> {
        events.map(|n| leaf(format!("{story} {n}").as_bytes())).collect()
    }

    fn root(leaves: &[Hash]) -> Hash {
        let mut tree = Tree::default();
        leaves.iter().for_each(|leaf| tree.push(*leaf, |_, _| ()));
        tree.root()
    }

    fn signed(leaves: &[Hash], origin: &str, seed: u8) -> Note {
        let checkpoint = Checkpoint::new(origin.into(), leaves.len() as u64, root(leaves));
        checkpoint.sign(&[&key(seed)]).unwrap()
    }

    fn trusted() -> Vec<VerifierKey> {
        vec![key(1).verifier()]
    }

    fn same_size() -> Fork {
        let notes = ["one", "another"].map(|story| signed(&entries(0..5, story), ORIGIN, 1));
        let [one, other] = notes;
        Fork::new(one, other, None).unwrap()
    }

    /// Signed over `old` entries of one story, and over `new` of another.
    fn two_sizes(old: u64, new: u64) -> Fork {
        let later = Leaves(entries(0..new, "another"));
        let prefix = Prefix {
            root: proof::root(&later, old).unwrap(),
            path: proof::consistency(&later, old, new).unwrap(),
        };
        let earlier = signed(&entries(0..old, "one"), ORIGIN, 1);
        Fork::new(signed(&later.0, ORIGIN, 1), earlier, Some(prefix)).unwrap()
    }

    #[test]
    fn two_checkpoints_of_one_size_with_different_roots_are_evidence() {
        let fork = same_size();
        let text = fork.to_string();
        assert!(text.starts_with("radslag/fork@v1\n\nradslag.example/malmo/petitions/0\n5\n"), "{text}");
        assert!(text.contains(&fork.first.to_string()) && text.contains(&fork.second.to_string()));
        let read = Fork::parse(&text).unwrap();
        assert_eq!(read, fork);
        let forked = read.check(&trusted()).unwrap();
        assert_eq!((forked.first.size, forked.second.size), (5, 5));
        assert_ne!(forked.first.root, forked.second.root);
    }

    #[test]
    fn a_later_checkpoint_that_does_not_hold_an_earlier_one_is_evidence() {
        for old in 1..20 {
            for new in old + 1..21 {
                let fork = two_sizes(old, new);
                let read = Fork::parse(&fork.to_string()).unwrap();
                assert_eq!(read, fork);
                let forked = read.check(&trusted()).unwrap();
                assert_eq!((forked.first.size, forked.second.size), (old, new));
            }
        }
    }

    #[test]
    fn a_log_that_went_on_is_no_fork() {
        let leaves = entries(0..9, "one");
        let (earlier, later) = (signed(&leaves[..4], ORIGIN, 1), signed(&leaves, ORIGIN, 1));
        let fork = Fork::new(earlier.clone(), later.clone(), None).unwrap();
        assert_eq!(fork.check(&trusted()), Err(Error::Sizes(4, 9)));
        let nodes = Leaves(leaves.clone());
        let path = proof::consistency(&nodes, 4, 9).unwrap();
        let prefix = Prefix { root: root(&leaves[..4]), path: path.clone() };
        let fork = Fork::new(earlier.clone(), later.clone(), Some(prefix)).unwrap();
        assert_eq!(fork.check(&trusted()), Err(Error::Agree));
        // A prefix that the later one doesn't have proves nothing, whoever says so.
        let invented = Prefix { root: [7; 32], path };
        let fork = Fork::new(earlier.clone(), later, Some(invented)).unwrap();
        assert_eq!(fork.check(&trusted()), Err(Error::Proof(proof::Invalid::Root)));
        assert_eq!(Fork::new(earlier.clone(), earlier, None).unwrap().check(&trusted()), Err(Error::Agree));
    }

    #[test]
    fn two_lives_of_a_log_are_no_fork() {
        let next = "radslag.example/malmo/petitions/1";
        let notes = [(ORIGIN, "one"), (next, "another")];
        let [one, other] = notes.map(|(origin, story)| signed(&entries(0..5, story), origin, 1));
        let told = Fork::new(one, other, None).unwrap().check(&trusted());
        assert_eq!(told, Err(Error::Origins(ORIGIN.into(), next.into())));
    }

    #[test]
    fn what_nobody_trusted_has_signed_is_no_evidence() {
        let [one, other] = [1, 2].map(|seed| signed(&entries(0..5, &seed.to_string()), ORIGIN, seed));
        let fork = Fork::new(one, other, None).unwrap();
        let unsigned = Error::from(note::Error::Unsigned);
        assert_eq!(fork.check(&trusted()), Err(unsigned.clone()));
        assert_eq!(same_size().check(&[key(2).verifier()]), Err(unsigned));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        for fork in [same_size(), two_sizes(5, 9)] {
            let text = fork.to_string();
            for at in 0..text.len() {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1;
                let Ok(changed) = String::from_utf8(bytes) else { continue };
                let told = Fork::parse(&changed).and_then(|fork| fork.check(&trusted()));
                assert!(told.is_err(), "byte {at}: {told:?}");
            }
            for end in 0..text.len() {
                let told =
                    text.get(..end).map(|cut| Fork::parse(cut).and_then(|fork| fork.check(&trusted())));
                assert!(!matches!(told, Some(Ok(_))), "cut at {end}");
            }
        }
    }
}
