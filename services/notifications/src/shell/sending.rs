//! Letters on their way: as many side by side as the way out bears. Each goes by itself, so that a mail server which says
//! nothing holds up only the letters it was given.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    sync::Arc,
    time::Duration,
};

use futures_util::{StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use radslag_kernel::{AggregateId, Instant};
use radslag_readmodel::{Query, Value};
use radslag_runtime::service::Failure;

use crate::{
    projections::{lists, number},
    shell::Office,
};

const DUE: Query = lists::DELIVERIES_DUE;
const ATTEMPTING: Query = lists::DELIVERIES_ATTEMPTING;
/// Letters looked up at once.
const AT_ONCE: usize = 256;
/// Letters on their way at once.
const SIDE_BY_SIDE: usize = 64;
/// How often it looks while nothing moves: letters fall due by the clock too.
const TICK: Duration = Duration::from_millis(500);

/// An attempt under way.
type Flight = BoxFuture<'static, (AggregateId, Result<(), Failure>)>;

/// What is due and what is on its way.
struct Desk {
    office: Arc<Office>,
    queue: VecDeque<AggregateId>,
    flights: FuturesUnordered<Flight>,
    /// Letters that aren't to be taken up although the tables may say that they are due: queued or on their way, or
    /// attempted, with how far the tables must read to know it.
    known: HashMap<AggregateId, Option<u64>>,
    /// How far the tables had read, and when it was, as it looked last.
    looked: Option<(u64, Instant)>,
}

impl Desk {
    fn new(office: &Arc<Office>) -> Self {
        Self {
            office: office.clone(),
            queue: VecDeque::new(),
            flights: FuturesUnordered::new(),
            known: HashMap::new(),
            looked: None,
        }
    }

    /// Starts what is queued, as far as there is room.
    fn start(&mut self) {
        while self.flights.len() < SIDE_BY_SIDE {
            let Some(id) = self.queue.pop_front() else { break };
            let office = self.office.clone();
            self.flights.push(Box::pin(async move { (id, office.attempt(id).await) }));
        }
    }

    /// Looks up what is due, if there can be anything new.
    async fn look(&mut self, now: Instant) -> Result<(), Failure> {
        let reached = self.office.deliveries.reached();
        let soon = |then: Instant| now.millis() < then.plus_millis(TICK.as_millis() as u64).millis();
        if self.looked.is_some_and(|(then_reached, then)| then_reached == reached && soon(then)) {
            return Ok(());
        }
        self.known.retain(|_, attempted| attempted.is_none_or(|end| end > reached));
        let limit = i64::try_from(AT_ONCE + self.known.len()).unwrap_or(i64::MAX);
        let values = [number(now.millis()), Value::Int(limit)];
        for row in self.office.deliveries.store.query(&DUE, &values).await? {
            let id = AggregateId::from_slice(row.bytes("delivery")?).unwrap_or_default();
            if let Entry::Vacant(unknown) = self.known.entry(id) {
                unknown.insert(None);
                self.queue.push_back(id);
            }
        }
        self.looked = Some((reached, now));
        Ok(())
    }

    /// Waits until an attempt has ended; `None` if none is under way.
    async fn land(&mut self) -> Option<Result<(), Failure>> {
        let (id, outcome) = self.flights.next().await?;
        self.known.insert(id, Some(self.office.log.watermark()));
        Some(outcome)
    }

    /// Waits for all that are under way: what one of them broke doesn't leave the others in doubt.
    async fn land_all(&mut self) -> Result<(), Failure> {
        let mut all = Ok(());
        while let Some(landed) = self.land().await {
            all = all.and(landed);
        }
        all
    }
}

/// Sends what falls due, for ever.
///
/// # Errors
/// What is broken; the caller starts it again.
pub async fn send(office: Arc<Office>) -> Result<(), Failure> {
    recover(&office).await?;
    let mut desk = Desk::new(&office);
    let outcome = keep_sending(&mut desk).await;
    desk.land_all().await.and(outcome)
}

async fn keep_sending(desk: &mut Desk) -> Result<(), Failure> {
    let office = desk.office.clone();
    let mut ticker = tokio::time::interval(TICK);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let reached = office.deliveries.reached();
        if desk.queue.is_empty() && desk.flights.len() < SIDE_BY_SIDE {
            desk.look(office.now()).await?;
        }
        desk.start();
        tokio::select! {
            Some(landed) = desk.land() => landed?,
            moved = office.deliveries.wait_for(reached + 1) => moved?,
            _ = ticker.tick() => {}
        }
    }
}

/// Sends some of what is due by now, and waits for it; how many were attempted.
///
/// # Errors
/// As `send`.
pub async fn send_due(office: &Arc<Office>) -> Result<usize, Failure> {
    let (mut desk, mut attempted) = (Desk::new(office), 0);
    desk.look(office.now()).await?;
    desk.start();
    while let Some(landed) = desk.land().await {
        attempted += 1;
        landed?;
        desk.start();
    }
    // They are no longer due once the tables have read what was just written.
    office.deliveries.wait_for(office.log.watermark()).await?;
    Ok(attempted)
}

/// What was being attempted when the process ended: nobody knows what became of it. Before anything else is attempted.
///
/// # Errors
/// `Stopped` if it is to come again; what is broken.
pub async fn recover(office: &Office) -> Result<(), Failure> {
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    loop {
        office.deliveries.wait_for(office.log.watermark()).await?;
        let rows = office.deliveries.store.query(&ATTEMPTING, &[Value::Int(limit)]).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in &rows {
            office.recover(AggregateId::from_slice(row.bytes("delivery")?).unwrap_or_default()).await?;
        }
    }
}
