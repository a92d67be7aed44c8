//! Drawing panels. Pure.
pub mod certificate;
pub mod instance;
pub mod leximin;
pub mod lot;
pub mod lottery;
pub mod orbit;
pub mod solve;
