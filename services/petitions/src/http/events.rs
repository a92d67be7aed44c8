//! A petition's count as it grows, as server-sent events. A stream ends by itself after ten minutes and at once when the
//! server stops; a browser then asks again, naming the event it saw last.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use radslag_kernel::AggregateId;
use radslag_runtime::{
    Problem,
    http::{Client, PathId},
    serve::Shutdown,
};
use serde_json::json;
use tokio::{sync::watch, time::Instant};

use crate::{
    http::{asking::Reading, embed::ANY_SITE, petitions::place},
    shell::Office,
};

/// Streams at once, of everybody and of one address.
const MOST: usize = 2_000;
const MOST_OF_ONE: usize = 50;
/// An event a second is as fast as anybody looks.
const REST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(600);
const ALIVE: Duration = Duration::from_secs(15);

/// How many streams are open, and by whom. A clone counts the same.
#[derive(Clone, Default)]
pub(super) struct Streams(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One open stream.
struct Place {
    streams: Streams,
    address: IpAddr,
}

impl Streams {
    fn open(&self, address: IpAddr) -> Option<Place> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let own = open.get(&address).copied().unwrap_or(0);
        if all >= MOST || own >= MOST_OF_ONE {
            return None;
        }
        open.insert(address, own + 1);
        Some(Place { streams: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.address);
            }
        }
    }
}

struct Following {
    office: Arc<Office>,
    petition: AggregateId,
    bell: watch::Receiver<u64>,
    shutdown: Shutdown,
    /// The event that was told last.
    told: Option<String>,
    rest_until: Instant,
    end: Instant,
    _place: Place,
}

/// The count of a petition whenever it changes, at most once a second: `{"count": 17, "position": "0.42"}` (and
/// `against` where votes against are taken), whose event id is
/// the position. With `Last-Event-ID` nothing is told that was told before.
#[utoipa::path(get, path = "/api/v1/{tenant}/petitions/{id}/count/events", tag = "petitions", operation_id = "follow_count",
    params(("tenant" = String, Path), ("id" = String, Path)),
    responses((status = 200, description = "text/event-stream"), (status = 503, description = "Too many streams")))]
pub(super) async fn count(
    Reading { api, office }: Reading,
    PathId(petition): PathId<AggregateId>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !office.counts.get(petition).is_some_and(|count| count.public) {
        return Err(Problem::not_found());
    }
    let full = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "too-many-streams").retry_after(ALIVE);
    let place = api.own.streams.open(client.address).ok_or_else(full)?;
    let told = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let now = Instant::now();
    let following = Following {
        bell: office.counts.watch(),
        office,
        petition,
        shutdown: api.own.shutdown,
        told,
        rest_until: now,
        end: now + LONGEST,
        _place: place,
    };
    let events = stream::unfold(following, |mut following| async {
        let event = following.next().await?;
        Some((Ok::<_, Infallible>(event), following))
    });
    Ok(([ANY_SITE], Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE))).into_response())
}

impl Following {
    async fn next(&mut self) -> Option<Event> {
        let shutdown = self.shutdown.clone();
        let end = self.end;
        tokio::select! {
            biased;
            () = shutdown.begun() => None,
            () = tokio::time::sleep_until(end) => None,
            event = self.changed() => event,
        }
    }

    async fn changed(&mut self) -> Option<Event> {
        loop {
            tokio::time::sleep_until(self.rest_until).await;
            // What rings from here on is looked at the next time.
            self.bell.borrow_and_update();
            let count = self.office.counts.get(self.petition).filter(|count| count.public)?;
            let position = count.position.map_or_else(|| "none".to_owned(), place);
            if self.told.as_ref() != Some(&position) {
                self.told = Some(position.clone());
                self.rest_until = Instant::now() + REST;
                let mut data = json!({ "count": count.count, "position": count.position.map(place) });
                if let Some(against) = count.against {
                    data["against"] = against.into();
                }
                return Some(Event::default().event("count").id(position).data(data.to_string()));
            }
            self.bell.changed().await.ok()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_streams() {
        let (streams, one) = (Streams::default(), IpAddr::from([192, 0, 2, 1]));
        let mut open: Vec<Place> = (0..MOST_OF_ONE).map(|_| streams.open(one).unwrap()).collect();
        assert!(streams.open(one).is_none());
        assert!(streams.open(IpAddr::from([192, 0, 2, 2])).is_some());
        open.pop();
        assert!(streams.open(one).is_some());
        drop(open);
        assert!(streams.0.lock().unwrap().is_empty());
    }
}
