//! Any event of this service, as projections see them.

use crate::{delivery, mailing, optout, subscription, wording};

radslag_kernel::streams! {
    Delivery delivery,
    Subscription subscription,
    Optout optout,
    Mailing mailing,
    Wording wording,
}
