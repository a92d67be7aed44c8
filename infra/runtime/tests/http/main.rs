//! The HTTP kit over real connections: bad input, wrong tokens, limits, panics, and the end of the server.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod answers;
mod bench;
mod input;
mod lifecycle;
