//! What the workspace's test binaries share: the fault table. The tests themselves are in the binaries beside this.

pub mod faults;
