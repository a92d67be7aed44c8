//! Figures for Prometheus, as OpenMetrics text.
//!
//! By `prometheus-client`, the Prometheus project's own: three small crates, and escaping, suffixes and the format's
//! rules stay other people's tested work. Labels are method, route and status, or tenant, service and projection: never a
//! path, an id or an address.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The content type of what [`Metrics::text`] gives.
pub(super) const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Seconds; a count read takes well under the first, a rebuild's page over the last.
const BUCKETS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// The figures of this process. A clone is the same registry.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Mutex<Registry>>,
    requests: Family<Labels, Counter>,
    seconds: Family<RouteLabel, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    watermarks: Family<LogLabels, Gauge>,
    positions: Family<ProjectionLabels, Gauge>,
    lags: Family<ProjectionLabels, Gauge>,
    watched: Arc<Mutex<Vec<Reach>>>,
}

/// How far a log and its projections have come, in events. Asked when somebody reads the figures, so it must answer at
/// once.
pub struct Reach {
    /// Whose log.
    pub tenant: String,
    /// The service that writes it.
    pub service: &'static str,
    /// Events the log holds.
    pub watermark: Reached,
    /// Each projection by its name, with the events it has read.
    pub projections: Vec<(&'static str, Reached)>,
}

/// The position after the last event, as it is now.
pub type Reached = Box<dyn Fn() -> u64 + Send + Sync>;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct LogLabels {
    tenant: String,
    service: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ProjectionLabels {
    tenant: String,
    service: &'static str,
    projection: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("radslag");
        let requests = Family::default();
        let seconds = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let in_flight = Gauge::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time to the answer", seconds.clone());
        registry.register("http_requests_in_flight", "Requests being answered", in_flight.clone());
        let (watermarks, positions, lags) = (Family::default(), Family::default(), Family::default());
        registry.register("log_watermark", "Events the log holds", watermarks.clone());
        registry.register("projection_position", "Events the projection has read", positions.clone());
        registry.register("projection_lag_events", "Events it hasn't read yet", lags.clone());
        let (registry, watched) = (Arc::new(Mutex::new(registry)), Arc::default());
        Self { registry, requests, seconds, in_flight, watermarks, positions, lags, watched }
    }
}

impl Metrics {
    /// Adds figures of a service's own.
    pub fn register(&self, add: impl FnOnce(&mut Registry)) {
        add(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Adds a log and its projections.
    pub fn watch(&self, reach: Reach) {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).push(reach);
    }

    /// All figures, as OpenMetrics text.
    ///
    /// # Errors
    /// If a figure of a service can't be written.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|reach| self.look(reach));
        let mut text = String::new();
        encode(&mut text, &self.registry.lock().unwrap_or_else(PoisonError::into_inner))?;
        Ok(text)
    }

    fn look(&self, reach: &Reach) {
        let (tenant, service) = (&reach.tenant, reach.service);
        // Projections first: one that has read more than the log held a moment ago would be ahead of it.
        let positions: Vec<_> = reach.projections.iter().map(|(name, reached)| (*name, reached())).collect();
        let watermark = (reach.watermark)();
        set(&self.watermarks, &LogLabels { tenant: tenant.clone(), service }, watermark);
        for (projection, position) in positions {
            let labels = ProjectionLabels { tenant: tenant.clone(), service, projection };
            set(&self.positions, &labels, position);
            set(&self.lags, &labels, watermark.saturating_sub(position));
        }
    }

    pub(super) fn began(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    pub(super) fn answered(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        self.requests.get_or_create(&Labels { method, route: route.into(), status }).inc();
        self.seconds.get_or_create(&RouteLabel { route: route.into() }).observe(took.as_secs_f64());
    }
}

fn set<L: Clone + std::hash::Hash + Eq>(family: &Family<L, Gauge>, labels: &L, events: u64) {
    family.get_or_create(labels).set(i64::try_from(events).unwrap_or(i64::MAX));
}

/// Counts down even if the client goes away in the middle.
pub(super) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
