//! How a log is proved: the tree over its entries, what is signed about it, and how others check both. Pure: no I/O.
//!
//! Hashes and proofs are those of RFC 6962; notes, checkpoints, tiles and receipts are those of C2SP (signed-note,
//! tlog-checkpoint, tlog-tiles, tlog-proof), so that anybody's verifier can check ours.

pub mod checkpoint;
pub mod fork;
pub mod note;
pub mod proof;
pub mod receipt;
pub mod tile;
pub mod tree;

pub use checkpoint::Checkpoint;
pub use fork::Fork;
pub use note::{Note, SigningKey, VerifierKey};
pub use receipt::Receipt;
pub use tree::{Hash, Nodes, Tree};
