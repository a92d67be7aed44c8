//! Draws of panels, without I/O: who is on a panel is decided by quotas, a proof that nobody could be treated more fairly, and
//! a seed that nobody could choose. Files, names of columns and people's data are left to the caller.

pub mod bundle;
pub mod certificate;
pub mod conflict;
pub mod instance;
pub mod leximin;
pub mod lot;
pub mod lottery;
pub mod orbit;
pub mod replace;
pub mod solve;
pub mod stratified;
pub mod table;
