//! The wire format of every event and command, generated from `proto/radslag/**`; and what lies between it and an event.

pub mod fields;
pub mod letters;

use prost_reflect::DescriptorPool;

/// The log's own envelope: public header and private part of an event.
pub mod log {
    #![allow(missing_docs, clippy::all, clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/radslag.log.v1.rs"));
}

/// Events and commands of the petitions service.
pub mod petitions {
    #![allow(missing_docs, clippy::all, clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/radslag.petitions.v1.rs"));
}

/// Events of the notifications service, and the letters it asks other services for.
pub mod notifications {
    #![allow(missing_docs, clippy::all, clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/radslag.notifications.v1.rs"));
}

/// The files that define events, by service: what an event's `dataschema` leads to.
pub const SOURCES: &[(&str, &str)] = &[
    ("log", include_str!("../radslag/log/v1/log.proto")),
    ("notifications", include_str!("../radslag/notifications/v1/events.proto")),
    ("petitions", include_str!("../radslag/petitions/v1/events.proto")),
];

/// All descriptors as a `FileDescriptorSet`, with comments.
pub const DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// All descriptors, for rendering a payload as JSON without knowing its type at compile time.
///
/// # Errors
/// Only if the bytes made by the build are not a descriptor set.
pub fn descriptors() -> Result<DescriptorPool, prost_reflect::DescriptorError> {
    DescriptorPool::decode(DESCRIPTOR_SET)
}
