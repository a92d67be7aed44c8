//! The tenant's letters, as a process serves them, sent into memory: whoever is to click their links takes them from there.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context as _, Result};
use radslag_eventlog::Writer;
use radslag_notifications::{
    delivery::Outcome,
    shell::{
        Office,
        asking::Within,
        hearing::Hearing,
        means,
        office::Means,
        owner::Owners,
        run,
        transport::{Outgoing, Sending, Transport},
    },
    tag::Tag,
};
use radslag_petitions::shell::{Office as Petitions, letters::owner};
use radslag_proto::letters::OF_PETITIONS;
use radslag_readmodel::Backend;
use radslag_runtime::{
    Config, Kit,
    ground::Tenant,
    letters::Counted,
    serve::{Shutdown, Tasks},
};

/// Letters that were sent.
#[derive(Default)]
pub(crate) struct InMemory(Mutex<Vec<Vec<u8>>>);

impl InMemory {
    /// Takes all that is there.
    pub(crate) fn take(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Sent(Arc<InMemory>);

impl Transport for Sent {
    fn send<'a>(&'a self, letter: &'a Outgoing) -> Sending<'a> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).push(letter.bytes.clone());
        Box::pin(async { Outcome::Sent })
    }

    fn forget(&self, _: Tag) -> io::Result<()> {
        Ok(())
    }
}

/// What the letters stand on.
pub(crate) struct On<'a> {
    pub(crate) ground: &'a Tenant,
    pub(crate) writer: &'a Writer,
    pub(crate) config: &'a Config,
    pub(crate) url: &'a str,
}

/// Opens them and has them listen to the petitions.
pub(crate) async fn start(
    on: &On<'_>,
    petitions: &Arc<Petitions>,
    kit: &Kit,
    tasks: &mut Tasks,
    shutdown: &Shutdown,
) -> Result<Arc<InMemory>> {
    let letters = Arc::new(InMemory::default());
    let owner = Counted::new(Arc::new(owner([petitions], on.url)), kit.metrics());
    let owners = Owners::default().with("petitions", Arc::new(Within(owner)));
    let tenant = Arc::new(on.config.tenants.first().context("no tenant")?.clone());
    let transport = Arc::new(Sent(letters.clone()));
    let means = Means { transport, ..means::of(on.config, &tenant.id, on.url, owners)? };
    let backend = Backend::Sqlite { dir: on.config.data.derived_dir() };
    let office = Office::open(tenant, on.ground, on.writer, &backend, means).await?;
    let hearing = Hearing { office: office.clone(), service: "petitions", types: OF_PETITIONS };
    run::listen(hearing, &petitions.log, tasks, (kit.health(), shutdown)).await?;
    run::start(&office, tasks, (kit.health(), shutdown));
    Ok(letters)
}
