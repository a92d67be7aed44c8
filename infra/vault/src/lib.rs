//! Keys of subjects: a key file a log, sealing under one or two of its keys, tags, and erasure by destroying a key.
//!
//! What it leaves to others: when a slot is synced (the log's commit), and what the `Erased` event says.

pub mod cipher;
pub mod disk;
mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod kek;
pub mod keyfile;
pub mod ledger;
pub mod slot;
pub mod vault;

pub use cipher::{Key, Tagger, commitment};
pub use disk::{Disk, RealDisk};
pub use error::{Error, disk_full};
pub use kek::Keyring;
pub use ledger::Ledger;
pub use vault::{NewKey, Vault};
