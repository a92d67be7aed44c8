//! Petitions and their signatures: what a petition may become, who may sign, and what everybody sees of it.
//! All of it is pure but `shell`, which reads, stamps time and keys and appends, and `http`, which serves.

pub mod assisted;
pub mod attachment;
pub mod breakdown;
pub mod bulk;
pub mod catalogue;
pub mod comment;
pub mod event;
pub mod glob;
pub mod http;
pub mod inquiry;
pub mod letters;
pub mod lists;
pub mod moderation;
pub mod objection;
pub mod paper;
pub mod petition;
pub mod policy;
pub mod projections;
pub mod reactions;
pub mod recount;
pub mod register;
pub mod session;
pub mod shell;
pub mod signature;
pub mod signing;
pub mod tag;
pub mod terms;
pub mod wire;
pub mod workdays;

pub use event::Event;
pub use policy::Policy;
pub use radslag_kernel::{mailbox, text};
pub use tag::Tag;
