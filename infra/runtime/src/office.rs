//! The office of one tenant in one service: what every office has. A service's own adds its projections and what it keeps at
//! hand, and is its desk otherwise.

use std::{ops::Deref, sync::Arc};

use radslag_eventlog::{Log, Writer};
use radslag_kernel::{Calendar, Instant, Kind, SubjectId};
use radslag_readmodel::{Backend, Projection, Store};

use crate::{
    acting::{self, Found, On},
    asked::Done,
    command::CommandKey,
    config,
    execute::{Stop, Undone},
    ground::Tenant,
    http::Reach,
    project::Running,
    service::{Failure, Opens, Service},
};

/// The log of a tenant's service, its keys, and where its tables are.
pub struct Desk<S> {
    /// Who it is.
    pub tenant: Arc<config::Tenant>,
    /// Its zone.
    pub calendar: Calendar,
    /// The log.
    pub log: Log,
    /// Ids of commands, and what stands for somebody within this log.
    pub commands: CommandKey,
    backend: Backend,
    service: std::marker::PhantomData<fn() -> S>,
}

/// An office is its desk, and says which projections it has.
pub trait Office: Deref<Target = Desk<Self::Service>> + Send + Sync + 'static {
    /// Whose.
    type Service: Service;

    /// Whether a tenant has one.
    #[must_use]
    fn serves(_tenant: &config::Tenant) -> bool {
        true
    }

    /// Every projection, in the order in which they are made.
    fn projections(&self) -> Vec<&Arc<Running<Self::Service>>>;

    /// Fills what it keeps in memory from tables that are as they should be.
    ///
    /// # Errors
    /// What can't be read.
    fn remember(&self) -> impl Future<Output = Result<(), Failure>> + Send {
        async { Ok(()) }
    }

    /// How far the log and its projections have come, for `/metrics`.
    fn reach(&self) -> Reach {
        let log = self.log.clone();
        Reach {
            tenant: self.tenant.id.clone(),
            service: Self::Service::NAME,
            watermark: Box::new(move || log.watermark()),
            projections: self.projections().into_iter().map(|running| running.reach()).collect(),
        }
    }
}

impl<S: Service> Desk<S> {
    /// Opens the log.
    ///
    /// # Errors
    /// `Log` (damaged, in use), `Vault`.
    pub fn open(
        tenant: Arc<config::Tenant>,
        ground: &Tenant,
        writer: &Writer,
        backend: &Backend,
    ) -> Result<Self, Failure> {
        let (log, commands) = (ground.log(S::NAME, writer)?, ground.command_key(S::NAME)?);
        let (calendar, backend) = (tenant.calendar(), backend.in_zone(&tenant.zone));
        Ok(Self { tenant, calendar, log, commands, backend, service: std::marker::PhantomData })
    }

    /// The tables of a projection, read from the log; `opens` says which sealed fields its fold looks at.
    ///
    /// # Errors
    /// `Readmodel`.
    pub async fn running(
        &self,
        projection: Projection<S::Event>,
        opens: Opens,
    ) -> Result<Arc<Running<S>>, Failure> {
        let store = self.store(&projection).await?;
        Running::new(self.log.clone(), store, projection, opens).await
    }

    /// The tables of a projection, or the checkpoint of a reaction.
    ///
    /// # Errors
    /// `Readmodel`.
    pub async fn store(&self, projection: &Projection<S::Event>) -> Result<Store, Failure> {
        Ok(Store::open(&self.backend, &self.tenant.id, S::NAME, projection).await?)
    }

    /// Time, as rules see it: the tenant's.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.log.now()
    }

    /// An official, as this service's log knows them.
    #[must_use]
    pub fn staff(&self, subject: &str) -> SubjectId {
        SubjectId::from_bytes(self.commands.short("staff", subject))
    }

    /// Where a stream stands, with its version.
    ///
    /// # Errors
    /// `Log`, `Vault`, `Malformed`.
    pub fn state<D: Kind<Any = S::Event>>(&self, stream: &str) -> Result<(u64, D::State), Failure>
    where
        D::Event: 'static,
    {
        acting::state::<S, D>(&self.log, stream)
    }

    /// Does a command to one stream. `make` says what is asked, from what is found.
    ///
    /// # Errors
    /// `Undone`: nothing was written.
    pub async fn act<D: Kind<Any = S::Event>, R: From<D::Refusal>>(
        &self,
        on: On<'_>,
        make: impl FnMut(&mut Found<'_, S, D>) -> Result<D::Command, Stop<R>>,
    ) -> Result<Done, Undone<R>>
    where
        D::Event: 'static,
    {
        acting::act(&self.log, on, make).await
    }
}
