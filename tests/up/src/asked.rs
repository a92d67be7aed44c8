//! Whether somebody asked for the end: Ctrl-C, SIGTERM, or the terminal that went away.

use std::{
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use anyhow::{Context as _, Result, ensure};
use tokio::{
    runtime::Builder,
    signal::unix::{Signal, SignalKind, signal},
};

/// A flag that signals set.
pub(crate) struct Asked(Arc<AtomicBool>);

impl Asked {
    /// Listens from now on. Who asks twice doesn't want to wait: then this process ends at once, and the guardians kill what
    /// is left.
    pub(crate) fn to_end() -> Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        let runtime = Builder::new_current_thread().enable_all().build().context("a runtime for signals")?;
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let inside = runtime.enter();
        let mut signals = kinds.map(signal);
        drop(inside);
        ensure!(signals.iter().all(Result::is_ok), "signals can't be heard");
        let set = flag.clone();
        thread::spawn(move || {
            runtime.block_on(async {
                any(&mut signals).await;
                eprintln!("\nup: ending all of it; once more ends it at once");
                set.store(true, Ordering::Relaxed);
                any(&mut signals).await;
                process::exit(130);
            });
        });
        Ok(Self(flag))
    }

    /// Whether somebody has.
    pub(crate) fn already(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Goes on only if nobody has.
    pub(crate) fn not_yet(&self) -> Result<()> {
        ensure!(!self.already(), "asked to end");
        Ok(())
    }
}

async fn any(signals: &mut [std::io::Result<Signal>; 3]) {
    let [Ok(one), Ok(two), Ok(three)] = signals else { return };
    tokio::select! {
        _ = one.recv() => {}
        _ = two.recv() => {}
        _ = three.recv() => {}
    }
}
