//! Named points of writing and opening a log at which a test lets its process die. Only with the feature `crash-points` is
//! anything of it compiled in; and then nothing outside the process can arm one.

/// Where the process may die.
#[cfg_attr(
    not(feature = "crash-points"),
    allow(unreachable_pub, reason = "only tests' builds name it outside")
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// A new segment's blocks are reserved, its header isn't written.
    SegmentGrown,
    /// Its header is written, nothing is synced.
    SegmentWritten,
    /// It is there for good, no frame is in it.
    SegmentMade,
    /// The active segment was grown, the frames aren't written.
    Grown,
    /// The frames are written, not synced.
    FramesWritten,
    /// The frames are synced, their keys perhaps not.
    FramesSynced,
    /// The keys are written, not synced.
    KeysWritten,
    /// The keys are synced, their frames perhaps not.
    KeysSynced,
    /// An erasing event is durable, its keys aren't destroyed.
    EventOfErasure,
    /// They are, nobody was told.
    Erased,
    /// All is durable, the ACK file isn't written.
    Durable,
    /// The ACK file is written, nobody was told.
    Acknowledged,
    /// The segment before is to be indexed, the ledger says nothing of it.
    Rotated,
    /// A run's blocks are in the index, it doesn't count.
    HalfIndexed,
    /// It counts, sled isn't synced.
    Indexed,
    /// Runs were merged, the merged one doesn't count.
    HalfMerged,
    /// It counts, the old ones are still there.
    Merged,
    /// The tree's hashes are written, not synced.
    TreeWritten,
    /// They are synced, nothing is signed.
    TreeSynced,
    /// A checkpoint is written, not synced.
    CheckpointWritten,
    /// It is synced, nobody has seen it.
    CheckpointSynced,
    /// The keys that check checkpoints are written, not synced.
    VerifiersWritten,
    /// Opening wrote a frame nobody was promised again, not synced.
    WrittenAgain,
    /// Opening has cut what wasn't whole, not synced.
    Cut,
}

/// Nothing, in all builds but tests'.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub(crate) const fn point(_: Point) {}

#[cfg(feature = "crash-points")]
pub use armed::arm;
#[cfg(feature = "crash-points")]
pub(crate) use armed::point;

#[cfg(feature = "crash-points")]
mod armed {
    use std::{
        io::Write as _,
        sync::{Mutex, PoisonError},
    };

    use super::Point;

    static ARMED: Mutex<Option<(Point, u32)>> = Mutex::new(None);

    impl Point {
        /// Each of them.
        pub const ALL: [Self; 24] = [
            Self::SegmentGrown,
            Self::SegmentWritten,
            Self::SegmentMade,
            Self::Grown,
            Self::FramesWritten,
            Self::FramesSynced,
            Self::KeysWritten,
            Self::KeysSynced,
            Self::EventOfErasure,
            Self::Erased,
            Self::Durable,
            Self::Acknowledged,
            Self::Rotated,
            Self::HalfIndexed,
            Self::Indexed,
            Self::HalfMerged,
            Self::Merged,
            Self::TreeWritten,
            Self::TreeSynced,
            Self::CheckpointWritten,
            Self::CheckpointSynced,
            Self::VerifiersWritten,
            Self::WrittenAgain,
            Self::Cut,
        ];
    }

    /// From now on the process dies when it comes to a point for the nth time.
    pub fn arm(point: Point, hit: u32) {
        *ARMED.lock().unwrap_or_else(PoisonError::into_inner) = Some((point, hit));
    }

    pub(crate) fn point(at: Point) {
        let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((point, left)) = armed.as_mut().filter(|(point, _)| *point == at) else { return };
        *left = left.saturating_sub(1);
        if *left == 0 {
            let _ = writeln!(std::io::stderr(), "died at {point:?}");
            // Nobody goes on meanwhile who comes to the same point.
            std::process::abort();
        }
    }
}
