//! The pure core every service stands on: deciders, ids, time, actors and the shape of an event. No async and no I/O.

pub mod actor;
pub mod decider;
pub mod event;
pub mod golden;
pub mod id;
pub mod mailbox;
pub mod refusal;
pub mod stream;
pub mod tag;
pub mod test;
pub mod text;
pub mod time;

pub use actor::{Actor, Role};
pub use decider::Decider;
pub use event::{Encoded, Happens, KeyRef, Malformed, Opened, Plain, Recorded, Stored};
pub use id::{AggregateId, EventId, ItemId, SubjectId};
pub use stream::Kind;
pub use tag::Tag;
pub use time::{Calendar, Date, Instant};
