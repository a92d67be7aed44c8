//! What of a schema holds for ever, a line each.

use std::collections::BTreeSet;

use prost_reflect::{
    Cardinality, DescriptorPool, EnumDescriptor, FieldDescriptor, FileDescriptor, Kind, MessageDescriptor,
};

/// Events and their envelope. Commands never are at rest: the HTTP API holds them to their bodies.
const KEPT: &str = "commands.proto";

/// Every message, field and value of events.
pub(crate) fn of_pool(pool: &DescriptorPool) -> BTreeSet<String> {
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
    // One that is said otherwise than by its name: what follows from the name needs no word.
    let in_json = match field.json_name() {
        plain if plain == camel(field.name()) => String::new(),
        other => format!(" as {other}"),
    };
    let (owner, name, number) = (message.full_name(), field.name(), field.number());
    format!("{owner}.{name} = {number}: {label}{kind}{one_of}{in_json}")
}

fn is_message(field: &FieldDescriptor) -> bool {
    matches!(field.kind(), Kind::Message(_))
}

fn of_enum(values: &EnumDescriptor) -> Vec<String> {
    let name = values.full_name().to_owned();
    values.values().map(|value| format!("{name}.{} = {}", value.name(), value.number())).collect()
}

/// `opens_on` -> `opensOn`, as protobuf has it.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| {
        let mut letters = word.chars();
        let capital = letters.next().map(|letter| letter.to_ascii_uppercase());
        camel + &capital.into_iter().chain(letters).collect::<String>()
    })
}
