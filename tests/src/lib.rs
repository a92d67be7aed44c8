//! Tests over the whole workspace: its structure now, the whole system and its faults in the binaries beside this.
