//! The rules held to real elections, to other people's implementations and to slow ones that are obviously right.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

mod budget;
mod pabulib;
mod ranked;
mod results;

use std::{fs, path::PathBuf};

/// A file of the shared data; where it isn't there, the test says so and is skipped.
#[allow(clippy::print_stdout, reason = "whoever runs the tests is to see what wasn't tried")]
pub(crate) fn shared(path: &str) -> Option<Vec<u8>> {
    let root: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "..", "..", "..", "shared", "data", path].iter().collect();
    let read = fs::read(&root).ok();
    if read.is_none() {
        println!("skipped: {} isn't there", root.display());
    }
    read
}
