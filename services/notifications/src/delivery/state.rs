//! Where a letter is on its way.

use radslag_kernel::{Instant, KeyRef, Opened};

use crate::delivery::event::{Event, Letter, Move};

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To be attempted.
    Planned {
        /// Not before.
        due_at: Instant,
    },
    /// Handed to the server, or about to be.
    Attempting,
    /// The server took it.
    Sent,
    /// It won't be taken.
    Failed,
    /// It came back.
    Bounced,
    /// It wasn't sent.
    Skipped,
    /// Nobody knows, and it isn't repeated.
    InDoubt,
    /// What it was is gone.
    Erased,
}

impl Standing {
    /// In answers and tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Planned { .. } => "planned",
            Self::Attempting => "attempting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Bounced => "bounced",
            Self::Skipped => "skipped",
            Self::InDoubt => "in-doubt",
            Self::Erased => "erased",
        }
    }
}

/// A letter on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What all of it is sealed under.
    pub key: KeyRef,
    /// Which.
    pub letter: Opened<Letter>,
    /// Where it stands.
    pub standing: Standing,
    /// Attempts so far.
    pub attempts: u32,
    /// How often nobody knew what became of one.
    pub doubts: u32,
}

/// A delivery, if there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State(pub Option<Delivery>);

impl State {
    pub(super) fn evolve(&mut self, event: &Event) {
        match (event, &mut self.0) {
            (Event::Planned { key, letter, .. }, _) => {
                let standing = match letter {
                    Opened::Known(letter) => Standing::Planned { due_at: letter.due_at },
                    Opened::Gone => Standing::Erased,
                };
                let letter = letter.clone();
                self.0 = Some(Delivery { key: *key, letter, standing, attempts: 0, doubts: 0 });
            }
            (Event::Moved { to: Opened::Known(to), .. }, Some(delivery)) => delivery.move_to(to),
            (Event::Moved { to: Opened::Gone, .. } | Event::Erased { .. }, Some(delivery)) => {
                delivery.standing = Standing::Erased;
                delivery.letter = Opened::Gone;
            }
            (Event::Moved { .. } | Event::Erased { .. }, None) => {}
        }
    }
}

impl Delivery {
    fn move_to(&mut self, to: &Move) {
        self.standing = match to {
            Move::Attempting { number } => {
                self.attempts = *number;
                Standing::Attempting
            }
            Move::Sent => Standing::Sent,
            Move::Failed { retry_at: Some(due_at), .. } => Standing::Planned { due_at: *due_at },
            Move::Failed { retry_at: None, .. } => Standing::Failed,
            Move::Bounced { .. } => Standing::Bounced,
            Move::Skipped { .. } => Standing::Skipped,
            Move::InDoubt { again_at } => {
                self.doubts += 1;
                again_at.map_or(Standing::InDoubt, |due_at| Standing::Planned { due_at })
            }
            Move::Delayed { until } => Standing::Planned { due_at: *until },
        };
    }
}
