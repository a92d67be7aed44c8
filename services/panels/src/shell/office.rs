//! The office of one tenant: its log, its tables and its keys.

use std::{
    collections::BTreeMap,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use radslag_eventlog::Writer;
use radslag_kernel::AggregateId;
use radslag_readmodel::Backend;
use radslag_runtime::{
    config::{self, Offer},
    ground::Tenant,
    office::Desk,
    project::Running,
    service::Failure,
};

use crate::{
    panel::{Decider, Panel, State},
    projections,
    shell::{Panels, drawing::Preparing, links::Links},
};

/// One tenant's panels.
pub struct Office {
    desk: Desk<Panels>,
    /// Panels and their members.
    pub panels: Arc<Running<Panels>>,
    /// Draws that are being prepared.
    pub preparing: Preparing,
    /// How many had left each panel when it was looked at last whether a place became free.
    gone: Mutex<BTreeMap<AggregateId, i64>>,
    /// Tokens of members' links.
    pub links: Links,
}

/// The stream of a panel.
#[must_use]
pub fn stream(id: AggregateId) -> String {
    format!("panel-{id}")
}

impl Office {
    /// Opens log and tables.
    ///
    /// # Errors
    /// `Log` (damaged, in use), `Vault`, `Readmodel`.
    pub async fn open(
        tenant: Arc<config::Tenant>,
        ground: &Tenant,
        writer: &Writer,
        backend: &Backend,
    ) -> Result<Arc<Self>, Failure> {
        let desk = Desk::open(tenant, ground, writer, backend)?;
        Ok(Arc::new(Self {
            panels: desk.running(projections::PANELS, projections::opens).await?,
            preparing: Preparing::default(),
            gone: Mutex::default(),
            links: Links::new(desk.commands.purpose("memberships")),
            desk,
        }))
    }

    /// A panel as it stands, with the version of its stream.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn panel(&self, id: AggregateId) -> Result<Option<(u64, Panel)>, Failure> {
        let (version, State(panel)) = self.state::<Decider>(&stream(id))?;
        Ok(panel.map(|panel| (version, panel)))
    }

    /// Whether a panel was looked at when so many had left it; from now on it was.
    pub(super) fn looked_at(&self, id: AggregateId, gone: i64) -> bool {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner).insert(id, gone) == Some(gone)
    }

    /// The year, as rules about age see it: the tenant's.
    #[must_use]
    pub fn year(&self) -> i16 {
        self.calendar.date(self.now()).year()
    }
}

impl Deref for Office {
    type Target = Desk<Panels>;

    fn deref(&self) -> &Desk<Panels> {
        &self.desk
    }
}

impl radslag_runtime::office::Office for Office {
    type Service = Panels;

    fn serves(tenant: &config::Tenant) -> bool {
        tenant.offers.contains(&Offer::Panels)
    }

    fn projections(&self) -> Vec<&Arc<Running<Panels>>> {
        vec![&self.panels]
    }
}
