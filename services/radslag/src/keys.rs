//! `radslag keys`: key-encryption keys, and the keys that sign checkpoints. An erasure is complete, backups included, when
//! the key-encryption keys of its time are gone.

pub(crate) mod rotate;
pub(crate) mod signing;
pub(crate) mod status;
