//! Around the pure core: asks owners, stamps time, keys and ids, appends, writes and sends. What it serves over HTTP stands
//! in `http`.

pub mod asking;
pub mod bounces;
pub mod cap;
pub mod command;
pub mod compose;
pub mod deliver;
pub mod dkim;
pub mod drop;
pub mod hearing;
pub mod listening;
pub mod mailing;
pub mod means;
pub mod office;
pub mod own;
pub mod owner;
pub mod process;
pub mod run;
pub mod sending;
pub mod service;
pub mod smtp;
pub mod spool;
pub mod subscribe;
pub mod tokens;
pub mod transport;
pub mod words;

pub use command::Wrong;
pub use office::Office;
pub use radslag_runtime::{
    acting::settle,
    asked::{Asked, Done},
};
pub use service::Notifications;
