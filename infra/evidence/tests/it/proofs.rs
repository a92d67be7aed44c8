//! Proofs prove what they should and nothing else; other implementations agree.

use ct_merkle::{ConsistencyProof, InclusionProof, mem_backed_tree::MemoryBackedTree};
use proptest::prelude::*;
use radslag_evidence::{Hash, Tree, proof, proof::Invalid, tree};
use sha2::Sha256;

use crate::Leaves;

const MOST: u64 = 600;

fn sizes() -> impl Strategy<Value = (u64, u64)> {
    (1..=MOST).prop_flat_map(|new| (1..=new, Just(new)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_proof_of_inclusion_holds_for_its_entry_alone((index, size) in sizes(), other in 0..MOST) {
        let leaves = Leaves::bytes(MOST);
        let index = index - 1;
        let (leaf, root) = (leaves.0[index as usize], leaves.root(size));
        let path = proof::inclusion(&leaves, index, size).unwrap();
        prop_assert_eq!(proof::check_inclusion(&leaf, index, size, &path, &root), Ok(()));
        let wrong = tree::leaf(b"another");
        prop_assert_eq!(proof::check_inclusion(&wrong, index, size, &path, &root), Err(Invalid::Root));
        // Entries 256 apart are the same, and so may their paths be.
        if other % 256 != index % 256 {
            prop_assert!(proof::check_inclusion(&leaf, other, size, &path, &root).is_err());
        }
        let longer = [path.clone(), vec![[0; 32]]].concat();
        prop_assert_eq!(proof::check_inclusion(&leaf, index, size, &longer, &root), Err(Invalid::Length));
        if let Some((_, shorter)) = path.split_last() {
            prop_assert!(proof::check_inclusion(&leaf, index, size, shorter, &root).is_err());
        }
        prop_assert_eq!(proof::check_inclusion(&leaf, size, size, &path, &root), Err(Invalid::Size));
    }

    #[test]
    fn a_proof_of_consistency_holds_for_its_trees_alone((old, new) in sizes(), flip in any::<prop::sample::Index>()) {
        let leaves = Leaves::bytes(MOST);
        let (before, after) = (leaves.root(old), leaves.root(new));
        let path = proof::consistency(&leaves, old, new).unwrap();
        prop_assert_eq!(proof::check_consistency((old, &before), (new, &after), &path), Ok(()));
        prop_assert!(proof::check_consistency((old, &[7; 32]), (new, &after), &path).is_err());
        prop_assert!(proof::check_consistency((old, &before), (new, &[7; 32]), &path).is_err());
        let longer = [path.clone(), vec![[0; 32]]].concat();
        prop_assert!(proof::check_consistency((old, &before), (new, &after), &longer).is_err());
        if !path.is_empty() {
            let mut changed = path.clone();
            changed[flip.index(path.len())][0] ^= 1;
            prop_assert!(proof::check_consistency((old, &before), (new, &after), &changed).is_err());
            prop_assert!(proof::check_consistency((old, &before), (new, &after), &path[1..]).is_err());
        }
        if old < new {
            prop_assert_eq!(
                proof::check_consistency((new, &after), (old, &before), &path),
                Err(Invalid::Size)
            );
        }
    }

    #[test]
    fn a_tree_goes_on_from_kept_nodes((old, new) in sizes()) {
        let leaves = Leaves::bytes(MOST);
        let mut tree = Tree::of(&leaves, old).unwrap();
        for leaf in &leaves.0[old as usize..new as usize] {
            tree.push(*leaf, |_, _| ());
        }
        prop_assert_eq!(tree.root(), leaves.root(new));
        prop_assert_eq!(tree, Tree::of(&leaves, new).unwrap());
    }

    #[test]
    fn two_other_implementations_accept_what_is_made((old, new) in sizes()) {
        let leaves = Leaves::bytes(MOST);
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        (0..new).for_each(|n| theirs.push(vec![n as u8]));
        let root = theirs.root();
        prop_assert_eq!(root.as_bytes().as_slice(), leaves.root(new));
        let path = proof::inclusion(&leaves, old - 1, new).unwrap();
        let inclusion = InclusionProof::<Sha256>::try_from_bytes(path.concat()).unwrap();
        prop_assert!(root.verify_inclusion(&vec![(old - 1) as u8], old - 1, &inclusion).is_ok());
        let hashes = |path: &[Hash]| path.iter().map(|hash| tlog_tiles::Hash(*hash)).collect::<Vec<_>>();
        let (their_leaf, their_root) =
            (tlog_tiles::record_hash(&[(old - 1) as u8]), tlog_tiles::Hash(leaves.root(new)));
        prop_assert!(tlog_tiles::check_record(&hashes(&path), new, their_root, old - 1, their_leaf).is_ok());

        let path = proof::consistency(&leaves, old, new).unwrap();
        let before = tlog_tiles::Hash(leaves.root(old));
        prop_assert!(tlog_tiles::check_tree(&hashes(&path), new, their_root, old, before).is_ok());
        if old < new {
            let mut older = MemoryBackedTree::<Sha256, Vec<u8>>::new();
            (0..old).for_each(|n| older.push(vec![n as u8]));
            let consistency = ConsistencyProof::<Sha256>::try_from_bytes(path.concat()).unwrap();
            prop_assert!(root.verify_consistency(&older.root(), &consistency).is_ok());
        }
    }
}

#[test]
fn every_tree_begins_with_the_empty_one_and_with_itself() {
    let leaves = Leaves::bytes(3);
    let (empty, three) = (tree::empty(), leaves.root(3));
    assert_eq!(proof::check_consistency((0, &empty), (3, &three), &[]), Ok(()));
    assert_eq!(proof::check_consistency((0, &empty), (0, &empty), &[]), Ok(()));
    assert_eq!(proof::check_consistency((3, &three), (3, &three), &[]), Ok(()));
    assert_eq!(proof::check_consistency((3, &three), (3, &empty), &[]), Err(Invalid::Root));
    assert_eq!(proof::check_consistency((0, &three), (3, &three), &[]), Err(Invalid::Root));
    assert_eq!(proof::check_consistency((0, &empty), (0, &three), &[]), Err(Invalid::Root));
    assert_eq!(proof::check_consistency((3, &three), (3, &three), &[empty]), Err(Invalid::Length));
    assert_eq!(proof::check_consistency((0, &empty), (3, &three), &[empty]), Err(Invalid::Length));
}

#[test]
fn sizes_at_the_end_of_the_numbers_do_no_harm() {
    let path = vec![[1; 32]; 64];
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
        assert!(proof::check_inclusion(&[0; 32], size - 1, size, &path, &[0; 32]).is_err());
        assert!(proof::check_inclusion(&[0; 32], 0, size, &path, &[0; 32]).is_err());
        assert!(proof::check_consistency((1, &[0; 32]), (size, &[0; 32]), &path).is_err());
        assert!(proof::check_consistency((size - 1, &[0; 32]), (size, &[0; 32]), &path).is_err());
    }
}
