//! Letters: which of them go out, how, and what became of each; who subscribes to what, and what is sent to all of them.
//! Who a letter goes to and what it says is the owner's of the event that led to it, asked at the last moment.
//! All of it is pure but `shell`, which asks, writes and sends, and `http`, which serves.

pub mod bounce;
pub mod catalogue;
pub mod delivery;
pub mod event;
pub mod http;
pub mod letter;
pub mod mailing;
pub mod optout;
pub mod projections;
pub mod shell;
pub mod subscription;
pub mod templates;
pub mod text;
pub mod verp;
pub mod wire;
pub mod wording;

pub use event::Event;
pub use radslag_kernel::{Tag, mailbox, tag};
