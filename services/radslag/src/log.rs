//! `radslag log`: looking at event logs. All but `rebuild-index` and `verify --sealed` work beside a running server.

pub(crate) mod accept_loss;
pub(crate) mod export;
pub(crate) mod follow;
pub(crate) mod fork_evidence;
pub(crate) mod info;
pub(crate) mod read;
pub(crate) mod rebuild_index;
pub(crate) mod verify;
