//! What was released can be read for ever: every field of an event keeps its number, name and type, and every value of an
//! enum its number. `released.txt` has them, a line each, and only grows. That this finds what buf finds is tested by `strict`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod lines;
mod strict;

use std::{collections::BTreeSet, env, fs, path::Path};

use prost::Message as _;
use prost_reflect::{DynamicMessage, ReflectMessage as _};

use lines::of_pool;

const FILE: &str = "released.txt";

fn today() -> BTreeSet<String> {
    of_pool(&radslag_proto::descriptors().unwrap())
}

fn released() -> BTreeSet<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)).unwrap_or_default();
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn nothing_that_was_released_has_changed() {
    let today = today();
    let gone: Vec<_> = released().into_iter().filter(|line| !today.contains(line)).collect();
    assert!(
        gone.is_empty(),
        "these stood in events that are kept for ever; take a new field or value instead:\n{}",
        gone.join("\n")
    );
}

#[test]
fn what_is_new_is_kept() {
    let released = released();
    let new: Vec<_> = today().into_iter().filter(|line| !released.contains(line)).collect();
    if !new.is_empty() && env::var_os("UPDATE_EXPECT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
        // Lines are only ever added.
        let all: Vec<String> = released.into_iter().chain(new).collect::<BTreeSet<_>>().into_iter().collect();
        let about = "# Every field and value of every event that was released, which hold for ever: see tests/released.rs.";
        fs::write(path, format!("{about}\n{}\n", all.join("\n"))).unwrap();
        return;
    }
    assert!(new.is_empty(), "add to {FILE}, or run with UPDATE_EXPECT=1:\n{}", new.join("\n"));
}

#[test]
fn two_fields_or_values_never_share_a_number() {
    let mut seen = BTreeSet::new();
    for line in released() {
        let Some((name, rest)) = line.split_once(" = ") else { continue };
        let (owner, _) = name.rsplit_once('.').unwrap();
        let number = rest.split(':').next().unwrap();
        assert!(seen.insert(format!("{owner} {number}")), "{owner} has used {number} twice: {line}");
    }
}

/// The envelope of every event there is, as another program than ours once wrote it: a message and its bytes a line.
const ENVELOPE: &str = include_str!("envelope.txt");

#[test]
fn the_envelope_of_old_events_decodes_and_encodes_as_it_was() {
    let pool = radslag_proto::descriptors().unwrap();
    for (name, hex) in ENVELOPE.lines().filter_map(|line| line.split_once(' ')) {
        let bytes = unhex(hex);
        let message =
            DynamicMessage::decode(pool.get_message_by_name(name).unwrap(), bytes.as_slice()).unwrap();
        assert_eq!(message.unknown_fields().count(), 0, "{name}");
        assert_eq!(
            message.descriptor().fields().filter(|field| !message.has_field(field)).count(),
            0,
            "{name}"
        );
        assert_eq!(message.encode_to_vec(), bytes, "{name}");
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
}
