//! Row 10: the wall clock goes forward, back, leaps a second, between appends and between lives; the log must be read-only
//! exactly when it should be, positions stay dense and no event is recorded before the one before it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use anyhow::{Context as _, Result, bail, ensure};
use radslag_eventlog::{AppendError, Clock, Log, log::Health};
use rand::{RngExt as _, rngs::StdRng};

use super::{
    home::{self, Home},
    lab::Lab,
    report::Ran,
    told::Told,
};

/// Beyond this a jump is noticed.
const NOTICED: i64 = 60_000;

/// Clocks that go wrong.
///
/// # Errors
/// None.
pub fn run(lab: &Lab) -> Result<Ran> {
    lab.row(lab.times(8, 1_000), |rng, _| wander(lab, rng))
}

/// A wall clock and a monotonic one, moved by hand.
#[derive(Clone)]
struct Hands(Arc<AtomicU64>, Arc<AtomicU64>);

impl Hands {
    fn clock(&self) -> Arc<Clock> {
        let Self(wall, monotonic) = self.clone();
        let source = move || (wall.load(Ordering::SeqCst), monotonic.load(Ordering::SeqCst));
        Arc::new(Clock::of(Box::new(source), 0))
    }

    fn wall(&self) -> i64 {
        self.0.load(Ordering::SeqCst).cast_signed()
    }

    fn pass(&self, wall: i64, monotonic: u64) {
        self.0.store(self.0.load(Ordering::SeqCst).saturating_add_signed(wall), Ordering::SeqCst);
        self.1.fetch_add(monotonic, Ordering::SeqCst);
    }
}

/// What should be so.
struct Expected {
    /// Wall minus monotonic, as far as it was accepted.
    jumped: i64,
    /// When the last event was recorded.
    last: i64,
    /// A clock behind the last event was accepted.
    behind: bool,
}

fn wander(lab: &Lab, rng: &mut StdRng) -> Result<u64> {
    let hands = Hands(Arc::new(AtomicU64::new(1_700_000_000_000)), Arc::default());
    let mut home = Home { clock: hands.clock(), ..Home::new(lab)? };
    let mut log = home.open()?;
    let mut told = Told::default();
    let mut expected = Expected { jumped: 0, last: 0, behind: false };
    for step in 0..rng.random_range(10..60) {
        match rng.random_range(0..12) {
            0..6 => {
                let passed = rng.random_range(0..20_000);
                hands.pass(passed as i64, passed);
            }
            6 => jump(rng.random_range(-1_001..=1_001), &hands, &mut expected),
            7 => jump(rng.random_range(NOTICED - 2..NOTICED * 3), &hands, &mut expected),
            8 => jump(-rng.random_range(NOTICED - 2..NOTICED * 3), &hands, &mut expected),
            9 => {
                log.accept_clock();
                (expected.jumped, expected.behind) = (0, true);
            }
            10 => {
                log.close();
                home.clock = hands.clock();
                log = home.open().with_context(|| format!("opening at step {step}"))?;
                (expected.jumped, expected.behind) = (0, false);
            }
            _ => {}
        }
        append(&log, &hands, &mut expected, &mut told).with_context(|| format!("step {step}"))?;
    }
    log.accept_clock();
    let events = told.holds(&log)?;
    let recorded: Vec<u64> = log.read(0, usize::MAX)?.iter().map(|event| event.header.recorded_at).collect();
    ensure!(recorded.is_sorted(), "an event was recorded before the one before it");
    log.close();
    std::fs::remove_dir_all(&home.folder)?;
    Ok(events)
}

fn jump(by: i64, hands: &Hands, expected: &mut Expected) {
    hands.pass(by, 0);
    expected.jumped += by;
}

/// An append is refused exactly when the clock can't be believed, and `health` says the same.
fn append(log: &Log, hands: &Hands, expected: &mut Expected, told: &mut Told) -> Result<()> {
    let behind = expected.last - hands.wall() > NOTICED && !expected.behind;
    let due = expected.jumped.abs() > NOTICED || behind;
    let read_only = matches!(log.health(), Health::ReadOnly(..));
    ensure!(read_only == due, "read-only: {read_only}, should be: {due}");
    let stream = "clocks";
    match home::put(log, stream, log.version(stream)?, "x") {
        Ok(appended) => {
            ensure!(!due, "an event was taken while the clock can't be believed");
            ensure!(appended.first == told.events.len() as u64, "positions don't decide");
            told.take(&appended);
            expected.last = appended.recorded_at.millis().cast_signed();
        }
        Err(AppendError::ReadOnly(reason)) => {
            ensure!(due && reason.contains("clock"), "refused without need: {reason}");
        }
        Err(other) => bail!(other),
    }
    Ok(())
}
