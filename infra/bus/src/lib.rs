//! How events travel: from a log by its own tail, or from service to service over NATS JetStream.
//!
//! Only public headers and public payloads travel. A `Subscription` reads the same way whichever road they took; a
//! `Consumer` has somebody do something because of each; a `Relay` carries a log to its stream. What a service makes of an
//! event is its own business.

pub mod accounts;
mod address;
mod connection;
pub mod consumer;
mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod local;
mod relay;
mod remote;
mod settings;
mod source;
mod stream;
mod subscription;
mod wire;

pub use address::{Address, Links, NotAnAddress};
pub use async_nats::{ConnectOptions, jetstream::Context as JetStream};
pub use connection::{connect, connect_with};
pub use consumer::{Consumer, Take, Unable};
pub use error::{Alarm, Error};
pub use relay::{Progress, Relay};
pub use remote::Remote;
pub use settings::Difference;
pub use source::Source;
pub use stream::{Limits, stream_config};
pub use subscription::{Checkpoint, Delivery, Subscription};
