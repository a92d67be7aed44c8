//! The two ways to ask an owner: a call within this process, and one over TLS to another.

use prost::Message as _;
use radslag_proto::notifications as proto;
use radslag_runtime::{
    internal::Caller,
    letters::{Counted, PATH},
};

use crate::{
    letter::Opened,
    shell::owner::{Answering, Ask, Away, Owner},
};

/// An owner in this process.
pub struct Within(pub Counted);

/// An owner in another.
pub struct Remote(pub Caller);

impl Owner for Within {
    fn open<'a>(&'a self, ask: &'a Ask) -> Answering<'a> {
        Box::pin(async move { read(self.0.open(ask.to_proto()).await.map_err(away)?) })
    }
}

impl Owner for Remote {
    fn open<'a>(&'a self, ask: &'a Ask) -> Answering<'a> {
        Box::pin(async move {
            let answer = self.0.call(PATH, ask.to_proto().encode_to_vec()).await.map_err(away)?;
            read(proto::Opened::decode(answer).map_err(away)?)
        })
    }
}

fn read(message: proto::Opened) -> Result<Opened, Away> {
    Opened::from_proto(message).map_err(away)
}

/// Errors of these kinds never hold what was asked or answered.
fn away(error: impl std::fmt::Display) -> Away {
    Away(error.to_string())
}
