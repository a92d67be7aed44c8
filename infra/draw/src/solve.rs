//! How shares are found and split into panels. It works in floating point and with a solver: whatever comes out is checked elsewhere
//! in whole numbers.

pub(crate) mod exact;
pub(crate) mod levels;
pub(crate) mod model;
pub(crate) mod peel;
pub(crate) mod polytope;
pub(crate) mod price;
pub(crate) mod prove;
pub(crate) mod separate;
pub(crate) mod swap;

pub use model::Effort;
