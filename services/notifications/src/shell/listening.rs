//! Hears of another service's events from the bus, where each runs in a process of its own: of an event it knows its public
//! header, asks the owner what it leads to, and goes on once the letters stand in the log.

use std::sync::Arc;

use radslag_bus::{Checkpoint, Delivery, Take, Unable};
use radslag_kernel::{EventId, Instant};
use radslag_runtime::{
    bus::{Bus, BusError, Reader},
    http::Health,
    serve::{Shutdown, Tasks},
    service::Failure,
};

use crate::{letter::Cause, shell::Office};

/// What is older than that when the service is started for the first time leads to no letters: whoever waits for one has
/// waited for minutes, and years of history aren't told anew.
const OLDEST_HOURS: u64 = 24;

/// Listens to a service of a tenant.
struct Listening {
    office: Arc<Office>,
    service: &'static str,
    types: &'static [&'static str],
    since: Instant,
}

impl Take for Listening {
    async fn take(&mut self, event: &Delivery) -> Result<(), Unable> {
        let header = &event.header;
        let is_news = header.recorded_at >= self.since.millis();
        if !is_news || self.types.binary_search(&header.r#type.as_str()).is_err() {
            return Ok(());
        }
        let id = EventId::from_slice(&header.event_id);
        let event = Cause {
            service: self.service.into(),
            origin: event.origin,
            position: event.position,
            event: id.ok_or_else(|| Unable::Ever("it has no id".into()))?,
        };
        self.office.heard(&[event]).await.map_err(|failure| Unable::Now(failure.to_string()))
    }
}

/// Since when events lead to letters: a day before the first one was planned.
fn since(office: &Office) -> Result<Instant, Failure> {
    let first = match office.log.watermark() {
        0 => office.now(),
        _ => Instant::from_millis(office.log.read_at(0)?.header.recorded_at),
    };
    Ok(Instant::from_millis(first.millis().saturating_sub(OLDEST_HOURS * 3_600_000)))
}

/// Why nothing is heard.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Deaf {
    /// The bus can't be used as configured.
    #[error("the bus can't be used")]
    Bus(#[from] BusError),
    /// The service's own log can't be read.
    #[error("the service's own log can't be read")]
    Log(#[from] Failure),
}

/// Has an office listen to a service of its tenant until the end. `/readyz` says what it waits for.
///
/// # Errors
/// `Bus`, `Log`.
pub async fn listen(
    office: &Arc<Office>,
    (service, types): (&'static str, &'static [&'static str]),
    bus: &Bus,
    (tasks, health, shutdown): (&mut Tasks, &Health, &Shutdown),
) -> Result<(), Deaf> {
    let tenant = office.tenant.id.as_str();
    let source = bus.source(tenant, service, None).await?;
    let reader = Reader { tenant, service, name: "letters", start: Checkpoint::START };
    let taker = Listening { office: office.clone(), service, types, since: since(office)? };
    let reading = bus.consume(reader, source, taker, (tasks, shutdown))?;
    health.check(format!("hearing of {service} of {tenant}"), move || match &reading.borrow().trouble {
        Some(trouble) => Err(trouble.clone()),
        None => Ok(()),
    });
    Ok(())
}
