//! How far relays and consumers have got, for Prometheus. Labels are tenant, service and consumer.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _};
use prometheus_client::metrics::gauge::ConstGauge;
use radslag_bus::{Progress, consumer::Reading};
use tokio::sync::watch;

use crate::http::Metrics;

/// The relays and consumers of this process. A clone is the same.
#[derive(Clone, Default)]
pub struct Figures(Arc<Mutex<Watched>>);

#[derive(Default)]
struct Watched {
    relays: Vec<(RelayLabels, watch::Receiver<u64>, watch::Receiver<Progress>)>,
    consumers: Vec<(ConsumerLabels, watch::Receiver<Reading>)>,
}

#[derive(Clone, Debug, EncodeLabelSet)]
struct RelayLabels {
    tenant: String,
    service: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet)]
struct ConsumerLabels {
    tenant: String,
    service: &'static str,
    consumer: &'static str,
}

impl Figures {
    /// None yet; shown with the process's other figures.
    #[must_use]
    pub fn new(metrics: &Metrics) -> Self {
        let figures = Self::default();
        metrics.register(|registry| registry.register_collector(Box::new(Shown(figures.clone()))));
        figures
    }

    pub(super) fn relay(
        &self,
        (tenant, service): (&str, &'static str),
        watermark: watch::Receiver<u64>,
        progress: watch::Receiver<Progress>,
    ) {
        let labels = RelayLabels { tenant: tenant.to_owned(), service };
        self.watched(|watched| watched.relays.push((labels, watermark, progress)));
    }

    pub(super) fn consumer(
        &self,
        (tenant, service, consumer): (&str, &'static str, &'static str),
        reading: watch::Receiver<Reading>,
    ) {
        let labels = ConsumerLabels { tenant: tenant.to_owned(), service, consumer };
        self.watched(|watched| watched.consumers.push((labels, reading)));
    }

    fn watched<T>(&self, look: impl FnOnce(&mut Watched) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Shown(Figures);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown(..)")
    }
}

impl Collector for Shown {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (mut relays, mut consumers) = (Vec::new(), Vec::new());
        self.0.watched(|watched| {
            for (labels, watermark, progress) in &watched.relays {
                // Progress first: the log never holds less than its stream.
                let Progress { published, trouble } = progress.borrow().clone();
                let lag = watermark.borrow().saturating_sub(published);
                relays.push((labels.clone(), [published, lag, u64::from(trouble.is_some())]));
            }
            for (labels, reading) in &watched.consumers {
                let Reading { next, behind, parked, trouble } = reading.borrow().clone();
                let figures = [next, behind, parked as u64, u64::from(trouble.is_some())];
                consumers.push((labels.clone(), figures));
            }
        });
        let names = [
            ("relay_position", "Events that are in the log's stream"),
            ("relay_lag_events", "Events that aren't there yet"),
            ("relay_in_trouble", "1 while the relay doesn't get on"),
        ];
        family(&mut encoder, &names, &relays)?;
        let names = [
            ("consumer_position", "Events the consumer has taken or parked"),
            ("consumer_lag_events", "Events still to come, as far as it knows"),
            ("consumer_parked_events", "Events that wait for somebody's decision"),
            ("consumer_in_trouble", "1 while the consumer doesn't get on"),
        ];
        family(&mut encoder, &names, &consumers)
    }
}

fn family<const N: usize>(
    encoder: &mut DescriptorEncoder<'_>,
    names: &[(&str, &str); N],
    all: &[(impl EncodeLabelSet, [u64; N])],
) -> fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    for (at, (name, help)) in names.iter().enumerate() {
        let gauge = ConstGauge::<i64>::new(0);
        let mut metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
        for (labels, figures) in all {
            let gauge = ConstGauge::new(i64::try_from(figures[at]).unwrap_or(i64::MAX));
            gauge.encode(metric.encode_family(labels)?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relays_and_consumers_are_shown_as_they_are_when_somebody_looks() {
        let metrics = Metrics::default();
        let figures = Figures::new(&metrics);
        let (watermark, progress) = (watch::Sender::new(12), watch::Sender::new(Progress::default()));
        figures.relay(("malmo", "petitions"), watermark.subscribe(), progress.subscribe());
        let reading = watch::Sender::new(Reading::default());
        figures.consumer(("malmo", "petitions", "mails"), reading.subscribe());
        progress.send_replace(Progress { published: 9, trouble: Some("away".into()) });
        reading.send_replace(Reading { next: 7, behind: 2, parked: 1, trouble: None });
        let text = metrics.text().unwrap();
        for line in [
            r#"radslag_relay_position{tenant="malmo",service="petitions"} 9"#,
            r#"radslag_relay_lag_events{tenant="malmo",service="petitions"} 3"#,
            r#"radslag_relay_in_trouble{tenant="malmo",service="petitions"} 1"#,
            r#"radslag_consumer_position{tenant="malmo",service="petitions",consumer="mails"} 7"#,
            r#"radslag_consumer_lag_events{tenant="malmo",service="petitions",consumer="mails"} 2"#,
            r#"radslag_consumer_parked_events{tenant="malmo",service="petitions",consumer="mails"} 1"#,
            r#"radslag_consumer_in_trouble{tenant="malmo",service="petitions",consumer="mails"} 0"#,
        ] {
            assert!(text.contains(line), "{line} isn't in\n{text}");
        }
    }
}
