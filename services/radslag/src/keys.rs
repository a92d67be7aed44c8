//! `radslag keys`: key-encryption keys. An erasure is complete, backups included, when the keys of its time are gone.

pub(crate) mod rotate;
pub(crate) mod status;
