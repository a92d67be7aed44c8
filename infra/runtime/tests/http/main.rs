//! The HTTP kit over real connections: bad input, wrong tokens, limits, panics, and the end of the server.

mod answers;
mod bench;
mod input;
mod lifecycle;
