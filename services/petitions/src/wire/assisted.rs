//! Who acted for a citizen, as protobuf: a part of sealed values.

use prost::Message as _;
use radslag_kernel::{KeyRef, Malformed, Opened, Plain, Role, Stored};
use radslag_proto::petitions as proto;

use super::fields::{Fields as _, plain, subject_in};
use crate::assisted::{Assisted, Assurance, Channel, Identified};

pub(super) fn assisted_out(assisted: &Assisted) -> proto::Assisted {
    proto::Assisted {
        by: assisted.by.as_bytes().to_vec(),
        role: assisted.role as u32,
        channel: match assisted.channel {
            Channel::Counter => proto::AssistedChannel::Counter,
            Channel::Phone => proto::AssistedChannel::Phone,
            Channel::EService => proto::AssistedChannel::EService,
        }
        .into(),
        identified: match assisted.identified {
            Identified::IdDocument => proto::Identified::IdDocument,
            Identified::Eid => proto::Identified::Eid,
            Identified::Known => proto::Identified::Known,
            Identified::Questions => proto::Identified::Questions,
        }
        .into(),
        assurance: match assisted.assurance {
            Assurance::Low => proto::Assurance::Low,
            Assurance::Substantial => proto::Assurance::Substantial,
            Assurance::High => proto::Assurance::High,
        }
        .into(),
        register: assisted.register,
    }
}

pub(super) fn assisted_in(assisted: Option<&proto::Assisted>) -> Result<Option<Assisted>, Malformed> {
    let Some(assisted) = assisted else { return Ok(None) };
    let missing = || Malformed("who acted for somebody says how".into());
    Ok(Some(Assisted {
        by: subject_in(&assisted.by)?,
        role: Role::from_number(assisted.role).ok_or_else(missing)?,
        channel: match assisted.channel() {
            proto::AssistedChannel::Counter => Channel::Counter,
            proto::AssistedChannel::Phone => Channel::Phone,
            proto::AssistedChannel::EService => Channel::EService,
            proto::AssistedChannel::Unspecified => return Err(missing()),
        },
        identified: match assisted.identified() {
            proto::Identified::IdDocument => Identified::IdDocument,
            proto::Identified::Eid => Identified::Eid,
            proto::Identified::Known => Identified::Known,
            proto::Identified::Questions => Identified::Questions,
            proto::Identified::Unspecified => return Err(missing()),
        },
        assurance: match assisted.assurance() {
            proto::Assurance::Low => Assurance::Low,
            proto::Assurance::Substantial => Assurance::Substantial,
            proto::Assurance::High => Assurance::High,
            proto::Assurance::Unspecified => return Err(missing()),
        },
        register: assisted.register,
    }))
}

/// Who acted, where it is a sealed field of its own.
pub(super) fn kept_out(field: u32, under: KeyRef, how: &Opened<Assisted>) -> Plain {
    plain(field, under, false, how.known().map(|how| assisted_out(how).encode_to_vec()).unwrap_or_default())
}

/// The same again; nothing if nobody acted for anybody.
pub(super) fn kept_in(stored: &Stored<'_>, field: u32) -> Result<Option<Opened<Assisted>>, Malformed> {
    if (stored.field)(field).is_none() {
        return Ok(None);
    }
    let missing = || Malformed("who acted for somebody is somebody".into());
    Ok(Some(match stored.sub::<proto::Assisted>(field)? {
        Opened::Gone => Opened::Gone,
        Opened::Known(how) => Opened::Known(assisted_in(Some(&how))?.ok_or_else(missing)?),
    }))
}
