//! Hears of another service's events from its log, where both run in one process. Between processes a consumer of the bus
//! does the same: it gives [`Office::heard`] what the event's header says, and acknowledges it once that is done.

use std::{pin::Pin, sync::Arc};

use radslag_eventlog::Record;
use radslag_runtime::{reaction::React, service::Failure};

use crate::{letter::Cause, shell::Office};

/// Listens to one service.
pub struct Hearing {
    /// Who plans.
    pub office: Arc<Office>,
    /// Whose events.
    pub service: &'static str,
    /// Public types of events that may lead to letters, sorted: the owner is asked of no other.
    pub types: &'static [&'static str],
}

impl React for Hearing {
    fn react<'a>(
        &'a self,
        records: &'a [Record],
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(async move {
            // What destroys a key may withdraw letters, whatever it is.
            let heard = |record: &&Record| {
                self.types.binary_search(&record.header.r#type.as_str()).is_ok()
                    || !record.erased().is_empty()
            };
            let cause = |record: &Record| Cause {
                service: self.service.into(),
                origin: record.origin,
                position: record.position(),
                event: record.id(),
            };
            let causes: Vec<Cause> = records.iter().filter(heard).map(cause).collect();
            self.office.heard(&causes).await
        })
    }
}
