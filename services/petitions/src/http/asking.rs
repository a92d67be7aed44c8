//! What handlers take: a tenant's office to read from, and the same with who asks it for what.

use radslag_runtime::{Principal, http::asking};

pub(super) use radslag_runtime::http::{Holder, Who};

use crate::{http::api::Own, shell::Office};

/// A tenant's office.
pub(super) type Reading = asking::Reading<Office, Own>;

/// Somebody who asks an office for something.
pub(super) type Asking<W = Principal> = asking::Asking<Office, Own, W>;
