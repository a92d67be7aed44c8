//! The service in this process over tables that were filled beforehand.

use std::{net::SocketAddr, path::Path, sync::Arc};

use anyhow::Result;
use radslag_eventlog::Writer;
use radslag_petitions::{
    http::{self, Offices},
    shell::Office,
};
use radslag_runtime::{
    Kit,
    serve::{self, Shutdown},
};
use tokio::task::JoinHandle;

use super::{
    Arguments,
    tables::{self, Filled},
};
use crate::house::{self, TENANT};

pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) filled: Filled,
    shutdown: Shutdown,
    serving: JoinHandle<Result<(), serve::ServeError>>,
}

/// Opens the house, has its tables filled, and serves them.
pub(crate) async fn start(folder: &Path, arguments: &Arguments) -> Result<Served> {
    let mut config = house::config(folder)?;
    config.http.drain_ms = 1_000;
    let office: Arc<Office> = house::office(&config, &Writer::start()?, None).await?;
    let filled = tables::fill(&office, arguments).await?;
    let kit = Kit::open(&config, &[http::PROBLEMS])?;
    let listener = serve::bind(&config.http)?;
    let address = listener.local_addr()?;
    let shutdown = Shutdown::default();
    let offices = Offices::from([(TENANT.to_owned(), Ok(office))]);
    let api = http::state(kit.clone(), offices, shutdown.clone())?;
    let (app, settings, end) = (kit.wrap(http::routes(api)), config.http, shutdown.clone());
    let serving = tokio::spawn(async move { serve::serve(listener, app, &settings, end).await });
    Ok(Served { address, filled, shutdown, serving })
}

impl Served {
    pub(crate) async fn stop(self) -> Result<()> {
        self.shutdown.begin();
        self.serving.await??;
        Ok(())
    }
}
