//! The whole service in this process, on a socket of its own.

use std::{net::SocketAddr, path::Path, sync::Arc};

use anyhow::Result;
use radslag_eventlog::Writer;
use radslag_kernel::AggregateId;
use radslag_petitions::{
    http::{self, Offices},
    shell::run,
};
use radslag_runtime::{
    Config, Kit,
    serve::{self, Shutdown, Tasks},
};
use tokio::task::JoinHandle;

use crate::{
    api::post::{self, InMemory},
    house::{self, TENANT},
};

pub(crate) struct Server {
    pub(crate) config: Config,
    pub(crate) petition: AggregateId,
    pub(crate) mails: Arc<InMemory>,
    pub(crate) address: SocketAddr,
    shutdown: Shutdown,
    tasks: Tasks,
    serving: JoinHandle<Result<(), serve::ServeError>>,
}

impl Server {
    pub(crate) async fn start(folder: &Path) -> Result<Self> {
        let mut config = house::config(folder)?;
        // A load that stops takes its connections with it; nothing is worth waiting for.
        config.http.drain_ms = 1_000;
        let (ground, writer) = (house::ground(&config)?, Writer::start()?);
        let office = house::office_on(&ground, &config, &writer, None).await?;
        let petition = house::petition(&office).await?;
        let kit = Kit::open(&config, &[http::PROBLEMS])?;
        let listener = serve::bind(&config.http)?;
        let address = listener.local_addr()?;
        let shutdown = Shutdown::default();
        let mut tasks = Tasks::new(shutdown.clone(), kit.health().clone());
        let url = format!("http://{address}");
        let on = post::On { ground: &ground, writer: &writer, config: &config, url: &url };
        let mails = post::start(&on, &office, &kit, &mut tasks, &shutdown).await?;
        run::start(&office, &mut tasks, (kit.health(), &shutdown));
        let offices = Offices::from([(TENANT.to_owned(), Ok(office.clone()))]);
        let app = kit.wrap(http::routes(http::state(kit.clone(), offices, shutdown.clone())?));
        let (settings, end) = (config.http.clone(), shutdown.clone());
        let serving = tokio::spawn(async move { serve::serve(listener, app, &settings, end).await });
        office.petitions.wait_for(office.log.watermark()).await?;
        Ok(Self { config, petition, mails, address, shutdown, tasks, serving })
    }

    pub(crate) async fn stop(self) -> Result<()> {
        self.shutdown.begin();
        self.serving.await??;
        self.tasks.end(self.config.http.drain()).await;
        Ok(())
    }
}
