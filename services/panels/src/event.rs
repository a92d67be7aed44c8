//! Any event of this service, as projections see them.

use crate::{frame, meeting, member, panel};

radslag_kernel::streams! {
    Panel panel,
    Frame frame,
    Member member,
    Meeting meeting,
}
