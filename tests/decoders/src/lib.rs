//! What must hold of every decoder, whatever bytes it gets: it refuses them or reads them, what it read is written and
//! read again as the same, and it never panics. `tests/fuzz` runs each of these for as long as one likes; a test here
//! runs all of them over the kept seeds and some changes of each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a property that doesn't hold is told by panicking"
)]

mod bus;
mod event;
mod evidence;
mod input;
mod keys;
mod log;
mod memory;
pub mod mutate;
mod paper;
pub mod seeds;
mod tables;
mod tally;
mod texts;
mod tickets;

pub use bus::message;
pub use event::event;
pub use evidence::{bundle, checkpoint, consistency, inclusion, note, receipt, tile, verifier_key};
pub use keys::{key_file, ledger, slot};
pub use log::{ack, checkpoint_file, frame, index_block, segment};
pub use paper::paper_csv;
pub use tables::{change, count_block, row_key, search, varint};
pub use tally::{code, pabulib, preflib};
pub use texts::{config, policies, roles, typed};
pub use tickets::{cursor, link, token};

/// A property, by the name of its fuzz target.
#[derive(Clone, Copy)]
pub struct Target {
    /// Of the fuzz target and of its folder of seeds.
    pub name: &'static str,
    /// Panics if it doesn't hold.
    pub run: fn(&[u8]),
}

macro_rules! targets {
    ($($name:ident),* $(,)?) => {
        /// Every one.
        pub const TARGETS: &[Target] = &[$(Target { name: stringify!($name), run: $name }),*];
    };
}

targets![
    frame,
    segment,
    ack,
    index_block,
    checkpoint_file,
    note,
    checkpoint,
    verifier_key,
    receipt,
    tile,
    bundle,
    inclusion,
    consistency,
    slot,
    key_file,
    ledger,
    event,
    message,
    varint,
    row_key,
    change,
    count_block,
    search,
    cursor,
    token,
    link,
    config,
    roles,
    policies,
    typed,
    paper_csv,
    pabulib,
    preflib,
    code,
];
