//! What handlers take: a tenant's office to read from, and the same with who asks it for what.

use radslag_runtime::http::asking;

pub(super) use radslag_runtime::http::asking::asked;

use crate::shell::Office;

/// A tenant's office.
pub(super) type Reading = asking::Reading<Office>;

/// Somebody who asks an office for something, in the roles of their token.
pub(super) type Asking = asking::Asking<Office>;
