//! Any event of this service, as projections see them.

use crate::{announced, frame, meeting, member, panel};

radslag_kernel::streams! {
    Panel panel,
    Frame frame,
    Announced announced,
    Member member,
    Meeting meeting,
}
