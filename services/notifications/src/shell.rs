//! Around the pure core: asks owners, stamps time, keys and ids, appends, writes and sends. What it serves over HTTP stands
//! in `http`.

pub mod compose;
pub mod dkim;
pub mod drop;
pub mod smtp;
pub mod transport;
