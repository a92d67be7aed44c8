//! All signing of a tenant: paused, going on, or closed early for an election. One stream, `signing`; each petition lives
//! by it from the instant it is written, because its decisions and its signatures' are guarded on that stream.

use radslag_kernel::{Instant, KeyRef, Opened, SubjectId};

use radslag_kernel::refusals;

/// The stream.
pub const STREAM: &str = "signing";

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// No new requests until it goes on.
    Paused,
    /// It goes on.
    Resumed,
    /// Everything that is open is closed, everything that never was is stopped.
    ClosedEarly,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When; later than the one before.
    pub at: Instant,
    /// Who.
    pub by: SubjectId,
    /// What.
    pub what: What,
    /// Seals the ground.
    pub record: KeyRef,
    /// Why.
    pub ground: Opened<String>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// When.
    pub at: Instant,
    /// Who.
    pub by: SubjectId,
    /// What.
    pub what: What,
    /// A new key.
    pub record: KeyRef,
    /// Why.
    pub ground: String,
}

refusals! {
    /// An official's act has a ground.
    GroundMissing = "ground-missing",
    /// It is paused.
    AlreadyPaused = "signing-already-paused",
    /// It isn't paused.
    NotPaused = "signing-not-paused",
}

/// What was done so far, oldest first; no two at the same instant.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Signing(Vec<(Instant, What)>);

impl Signing {
    /// Of the stream's events.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        Self(events.into_iter().map(|event| (event.at, event.what)).collect())
    }

    /// Whether it is paused at an instant.
    #[must_use]
    pub fn is_paused(&self, at: Instant) -> bool {
        let until = self.0.iter().rev().filter(|(done_at, _)| *done_at <= at);
        let last = until.map(|(_, what)| *what).find(|what| *what != What::ClosedEarly);
        last == Some(What::Paused)
    }

    /// From when it is paused for what was open since an instant.
    pub(crate) fn paused_from(&self, since: Instant) -> Option<Instant> {
        if self.is_paused(since) { Some(since) } else { self.next(What::Paused, |at| at > since) }
    }

    /// When it goes on.
    pub(crate) fn resumed_after(&self, since: Instant) -> Option<Instant> {
        self.next(What::Resumed, |at| at > since)
    }

    /// When everything is closed early.
    pub(crate) fn closed_from(&self, since: Instant) -> Option<Instant> {
        self.next(What::ClosedEarly, |at| at >= since)
    }

    /// Nothing was done since an instant.
    pub(crate) fn is_quiet_since(&self, since: Instant) -> bool {
        self.0.last().is_none_or(|(at, _)| *at < since)
    }

    fn next(&self, wanted: What, fits: impl Fn(Instant) -> bool) -> Option<Instant> {
        self.0.iter().find(|(at, what)| *what == wanted && fits(*at)).map(|(at, _)| *at)
    }

    /// Decides.
    ///
    /// # Errors
    /// The rule that forbids it.
    pub fn decide(&self, command: Command) -> Result<Event, Refusal> {
        let Command { at, by, what, record, ground } = command;
        if ground.trim().is_empty() {
            return Err(Refusal::GroundMissing);
        }
        // A clock that stands still mustn't put two of them at the same instant.
        let at = self.0.last().map_or(at, |(last, _)| at.max(last.plus_millis(1)));
        match (what, self.is_paused(at)) {
            (What::Paused, true) => Err(Refusal::AlreadyPaused),
            (What::Resumed, false) => Err(Refusal::NotPaused),
            (What::Paused | What::Resumed | What::ClosedEarly, _) => {
                Ok(Event { at, by, what, record, ground: Opened::Known(ground) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(signing: &Signing, at: u64, what: What) -> Result<Event, Refusal> {
        let (by, record) = (SubjectId::from_bytes([77; 16]), KeyRef(12));
        signing.decide(Command { at: Instant::from_millis(at), by, what, record, ground: "Election".into() })
    }

    #[test]
    fn signing_is_paused_once_and_goes_on_once() {
        let none = Signing::default();
        assert_eq!(act(&none, 5, What::Resumed), Err(Refusal::NotPaused));
        let paused = act(&none, 5, What::Paused).unwrap();
        let signing = Signing::fold([&paused]);
        assert_eq!(act(&signing, 6, What::Paused), Err(Refusal::AlreadyPaused));
        let resumed = act(&signing, 5, What::Resumed).unwrap();
        assert_eq!(resumed.at, Instant::from_millis(6), "no two at the same instant");
        let signing = Signing::fold([&paused, &resumed]);
        assert!(signing.is_paused(Instant::from_millis(5)) && !signing.is_paused(Instant::from_millis(6)));
    }

    #[test]
    fn an_early_closing_leaves_a_pause_as_it_is_and_has_a_ground() {
        let paused = act(&Signing::default(), 5, What::Paused).unwrap();
        let signing = Signing::fold([&paused]);
        let closed = act(&signing, 9, What::ClosedEarly).unwrap();
        assert!(Signing::fold([&paused, &closed]).is_paused(Instant::from_millis(9)));
        let silent = Command {
            at: closed.at,
            by: closed.by,
            what: What::Resumed,
            record: closed.record,
            ground: " ".into(),
        };
        assert_eq!(signing.decide(silent), Err(Refusal::GroundMissing));
    }

    #[test]
    fn a_code_never_changes() {
        let codes = [Refusal::GroundMissing, Refusal::AlreadyPaused, Refusal::NotPaused].map(Refusal::code);
        assert_eq!(codes, ["ground-missing", "signing-already-paused", "signing-not-paused"]);
    }
}
