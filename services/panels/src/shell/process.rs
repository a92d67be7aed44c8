//! The service in a process: a log and tables for each tenant, the routes, and what runs beside them.

use radslag_runtime::{
    Config,
    process::{Process, ProcessError, Says, because},
};

use crate::{
    http::{self, Offices},
    shell::{Office, run},
};

/// What is known of its routes before it is mounted.
pub const SAYS: Says = Says { problems: http::PROBLEMS, commands: http::COMMANDS };

/// Serves all tenants by itself, until it is told to stop.
///
/// # Errors
/// What can't be opened or listened on.
pub async fn serve(config: &Config) -> Result<(), ProcessError> {
    let mut process = Process::start(config, &[SAYS])?;
    if !process.has_database().await {
        return process.end().await;
    }
    mount(&mut process).await?;
    process.serve().await
}

/// Opens every tenant's office, and has the process answer for them.
///
/// # Errors
/// What can't be opened.
pub async fn mount(process: &mut Process<'_>) -> Result<Offices, ProcessError> {
    let (writer, backend) = (process.house.writer.clone(), process.house.backend.clone());
    let offices = process
        .offices(|tenant, ground| {
            let (writer, backend) = (&writer, &backend);
            async move { Office::open(tenant, &ground, writer, backend).await }
        })
        .await?;
    let (health, end) = (process.kit.health().clone(), process.shutdown.clone());
    for office in offices.values().flatten() {
        run::start(office, &mut process.tasks, (&health, &end));
    }
    let api = http::state(process.kit.clone(), offices.clone()).map_err(because("a page can't be read"))?;
    process.mount(http::routes(api), Some(http::document()));
    Ok(offices)
}
