//! The offices that are worked on without serving them: rebuilt, or filled for the demonstration.

use std::sync::Arc;

use radslag_notifications::shell as letters;
use radslag_panels::shell as panels;
use radslag_petitions::shell::Office;
use radslag_runtime::{Config, config::Tenant, house::House, service::Failure};

/// A tenant's petitions.
pub(crate) async fn petitions(
    house: &House,
    tenant: &Arc<Tenant>,
    config: &Config,
) -> Result<Arc<Office>, Failure> {
    let (ground, shared) = (house.ground(tenant)?, config.limits.shared_networks.clone());
    Office::open(tenant.clone(), &ground, &house.writer, &house.backend, shared).await
}

/// A tenant's panels.
pub(crate) async fn panels(house: &House, tenant: &Arc<Tenant>) -> Result<Arc<panels::Office>, Failure> {
    let ground = house.ground(tenant)?;
    panels::Office::open(tenant.clone(), &ground, &house.writer, &house.backend).await
}

/// A tenant's letters.
pub(crate) async fn letters(
    house: &House,
    tenant: &Arc<Tenant>,
    means: letters::office::Means,
) -> Result<Arc<letters::Office>, Failure> {
    let ground = house.ground(tenant)?;
    letters::Office::open(tenant.clone(), &ground, &house.writer, &house.backend, means).await
}
