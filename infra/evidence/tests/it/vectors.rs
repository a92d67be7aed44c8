//! Roots and proofs of RFC 6962's test tree, and digests over all of them up to 130 leaves.

use std::fmt::Write as _;

use radslag_evidence::{Hash, proof, tree};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{Leaves, hex};

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../fixtures/rfc6962.json")).unwrap()
}

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hash(hex: &Value) -> Hash {
    bytes(hex).try_into().unwrap()
}

fn path(proof: &Value) -> Vec<Hash> {
    proof["proof"].as_array().unwrap().iter().map(hash).collect()
}

#[test]
fn single_hashes_are_those_of_the_rfc() {
    let facts = &vectors()["single_hash_facts"];
    assert_eq!(tree::empty(), hash(&facts["empty_root"]));
    assert_eq!(tree::leaf(b""), hash(&facts["empty_leaf"]));
    assert_eq!(tree::leaf(b"L123456"), hash(&facts["leaf_L123456"]));
}

#[test]
fn roots_and_proofs_of_up_to_eight_leaves_are_those_of_the_vectors() {
    let vectors = vectors();
    let inputs = vectors["leaf_inputs_hex"].as_array().unwrap();
    let leaves = Leaves(inputs.iter().map(|input| tree::leaf(&bytes(input))).collect());
    for (size, root) in vectors["roots_by_size"].as_array().unwrap().iter().enumerate() {
        assert_eq!(leaves.root(size as u64), hash(root));
        assert_eq!(proof::root(&leaves, size as u64).unwrap(), hash(root));
    }
    let inclusion = vectors["inclusion"].as_array().unwrap();
    let consistency = vectors["consistency"].as_array().unwrap();
    assert_eq!((inclusion.len(), consistency.len()), (36, 36));
    for vector in inclusion {
        let (index, size) = (vector["index"].as_u64().unwrap(), vector["size"].as_u64().unwrap());
        assert_eq!(proof::inclusion(&leaves, index, size).unwrap(), path(vector));
        let leaf = leaves.0[index as usize];
        assert_eq!(proof::check_inclusion(&leaf, index, size, &path(vector), &leaves.root(size)), Ok(()));
    }
    for vector in consistency {
        let (old, new) = (vector["size1"].as_u64().unwrap(), vector["size2"].as_u64().unwrap());
        assert_eq!(proof::consistency(&leaves, old, new).unwrap(), path(vector));
        let (old, new) = ((old, &leaves.root(old)), (new, &leaves.root(new)));
        assert_eq!(proof::check_consistency(old, new, &path(vector)), Ok(()));
    }
}

#[test]
fn every_root_and_proof_up_to_130_leaves_has_the_digest_of_the_vectors() {
    let expected = &vectors()["accumulated"];
    let leaves = Leaves::bytes(130);
    let (mut roots, mut inclusion, mut consistency) = (String::new(), String::new(), String::new());
    let line = |path: Vec<Hash>| path.iter().map(|hash| format!(" {}", hex(hash))).collect::<String>();
    for size in 0..=130 {
        writeln!(roots, "{size} {}", hex(&leaves.root(size))).unwrap();
        for index in 0..size {
            writeln!(inclusion, "{index} {size}{}", line(proof::inclusion(&leaves, index, size).unwrap()))
                .unwrap();
        }
    }
    for new in 1..=130 {
        for old in 1..=new {
            let path = proof::consistency(&leaves, old, new).unwrap();
            writeln!(consistency, "{old} {new}{}", line(path)).unwrap();
        }
    }
    let digest = |lines: &str| hex(&Sha256::digest(lines));
    assert_eq!(digest(&roots), expected["roots_0_130"].as_str().unwrap());
    assert_eq!(digest(&inclusion), expected["inclusion_1_130"].as_str().unwrap());
    assert_eq!(digest(&consistency), expected["consistency_1_130"].as_str().unwrap());
}
