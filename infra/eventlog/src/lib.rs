//! The append-only log of one tenant and service: segment files are the truth, sled is the index over them.
//!
//! Nothing is acknowledged before it is synced; a log that isn't what was acknowledged is not served.

pub mod ack;
pub mod clock;
mod commit;
#[cfg(not(feature = "crash-points"))]
mod crash;
#[cfg(feature = "crash-points")]
pub mod crash;
mod error;
pub mod frame;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod heads;
pub mod index;
mod life;
pub mod lock;
pub mod log;
pub mod loss;
pub mod read;
pub mod reader;
pub mod record;
mod recovery;
pub mod segment;
mod stage;
pub mod tree;
pub mod verify;
pub mod writer;

pub use clock::Clock;
pub use error::{AppendError, Error};
pub use lock::FolderLock;
pub use log::{Log, Options};
pub use loss::{Acceptance, Accepted, Survey};
pub use read::{Chunk, Follow};
pub use reader::Reader;
pub use record::{Append, Appended, Context, Guard, NewEvent, Record, Write};
pub use tree::{Signed, Signing};
pub use writer::Writer;
