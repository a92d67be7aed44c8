//! What was released can be read for ever: every field of an event keeps its number, name and type, and every value of an
//! enum its number. `released.txt` has them, a line each, and only grows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::{collections::BTreeSet, env, fs, path::Path};

use prost::Message as _;
use prost_reflect::{
    Cardinality, DynamicMessage, EnumDescriptor, FieldDescriptor, FileDescriptor, Kind, MessageDescriptor,
    ReflectMessage as _,
};

const FILE: &str = "released.txt";
/// Events and their envelope. Commands never are at rest: the HTTP API holds them to their bodies.
const KEPT: &str = "commands.proto";

fn today() -> BTreeSet<String> {
    let pool = radslag_proto::descriptors().unwrap();
    let is_kept = |file: &FileDescriptor| !file.name().ends_with(KEPT);
    let messages = pool.all_messages().filter(|message| is_kept(&message.parent_file()));
    let enums = pool.all_enums().filter(|values| is_kept(&values.parent_file()));
    messages
        .flat_map(|message| of_message(&message))
        .chain(enums.flat_map(|values| of_enum(&values)))
        .collect()
}

fn of_message(message: &MessageDescriptor) -> Vec<String> {
    let mut lines = vec![format!("message {}", message.full_name())];
    lines.extend(message.fields().map(|field| of_field(message, &field)));
    lines
}

fn of_field(message: &MessageDescriptor, field: &FieldDescriptor) -> String {
    let label = match field.cardinality() {
        Cardinality::Repeated => "repeated ",
        Cardinality::Optional if field.supports_presence() && !is_message(field) => "optional ",
        Cardinality::Optional | Cardinality::Required => "",
    };
    let one_of = match field.containing_oneof() {
        Some(one_of) if !one_of.name().starts_with('_') => format!(" in {}", one_of.name()),
        _ => String::new(),
    };
    let kind = match field.kind() {
        Kind::Message(other) => other.full_name().to_owned(),
        Kind::Enum(values) => values.full_name().to_owned(),
        simple => format!("{simple:?}").to_lowercase(),
    };
    format!("{}.{} = {}: {label}{kind}{one_of}", message.full_name(), field.name(), field.number())
}

fn is_message(field: &FieldDescriptor) -> bool {
    matches!(field.kind(), Kind::Message(_))
}

fn of_enum(values: &EnumDescriptor) -> Vec<String> {
    let name = values.full_name().to_owned();
    values.values().map(|value| format!("{name}.{} = {}", value.name(), value.number())).collect()
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
