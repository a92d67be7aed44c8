//! What is done to a whole tenant.

pub(crate) mod export;
