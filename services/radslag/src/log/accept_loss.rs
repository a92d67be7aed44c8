//! `radslag log accept-loss`: goes on without events that are lost. Without `--yes` it only shows what that means.

use anyhow::{Context as _, Result};
use radslag_eventlog::{Acceptance, Log, Survey, Writer};
use radslag_kernel::{Actor, Role, SubjectId};
use radslag_runtime::ground;
use serde::Serialize;

use crate::{
    cli::AcceptLossArgs, failure, place::Place, print, progress::Bar, said::Said, settings::Settings,
};

#[derive(Serialize)]
struct Loss {
    tenant: String,
    service: String,
    log: String,
    /// The life that ends.
    ends: u32,
    /// Events that stay: the position at which the next life begins.
    kept: u64,
    /// Acknowledged events that are lost, at least.
    lost: u64,
    /// Whole events after the gap, which don't stay.
    beyond: u64,
    /// Up to where what stays is what was signed.
    signed_to: Option<u64>,
    /// Why no more can be read.
    why: Option<String>,
    /// Files of which copies are kept, whole.
    files: Vec<String>,
    accepted: bool,
    /// The life that has begun, and where copies of the files are.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &AcceptLossArgs, settings: &Settings, said: Said) -> Result<()> {
    let service = &args.log.service;
    let place = Place::of(&args.log.tenant, settings, said)?;
    let folder = place.log_folder(service)?;
    let bar = Bar::new(said.reading());
    bar.set(0, 1);
    let found = Log::survey(&folder)?;
    drop(bar);
    let mut loss = shown(&place.tenant, service, &found);
    if let (Some(ground), true) = (&args.ground, args.yes) {
        settings.start_warnings()?;
        let writer = Writer::start().context("the writer can't be started")?;
        let tenant = place.open_to_append(settings)?;
        let actor = actor(&tenant, service, args.by.as_deref())?;
        let acceptance = Acceptance { ground: ground.clone(), actor };
        let (log, accepted) = tenant.accept_loss(service, &writer, &acceptance)?;
        log.close();
        // One that was decided before and interrupted is finished instead.
        loss.kept = accepted.kept;
        (loss.accepted, loss.origin) = (true, Some(accepted.origin));
        loss.folder = Some(accepted.folder.display().to_string());
    }
    print::result(args.log.json, &loss, || text(&loss, said))
}

fn shown(tenant: &str, service: &str, found: &Survey) -> Loss {
    Loss {
        tenant: tenant.into(),
        service: service.into(),
        log: found.log.to_string(),
        ends: found.origin,
        kept: found.kept,
        lost: found.lost(),
        beyond: found.beyond,
        signed_to: found.agrees,
        why: found.broken.clone().map(|error| failure::chain(&error.into())),
        files: found.files.iter().map(|path| path.display().to_string()).collect(),
        accepted: false,
        origin: None,
        folder: None,
    }
}

/// An official of the tenant; who they are stands in the log only as this service's id of theirs.
fn actor(tenant: &ground::Tenant, service: &str, by: Option<&str>) -> Result<Actor> {
    let subject = match by {
        Some(by) => SubjectId::from_bytes(tenant.command_key(service)?.short("staff", by)),
        None => SubjectId::default(),
    };
    Ok(Actor { role: Role::TenantAdministrator, subject })
}

fn text(loss: &Loss, said: Said) -> String {
    let number = |number: Option<u64>| number.map_or_else(|| "-".into(), |number| number.to_string());
    let values = [
        format!("{}/{} {}", loss.tenant, loss.service, loss.log),
        loss.ends.to_string(),
        loss.kept.to_string(),
        loss.lost.to_string(),
        loss.beyond.to_string(),
        number(loss.signed_to),
        loss.why.clone().unwrap_or_else(|| said.nothing_missing().into()),
    ];
    let mut text = print::columns(&said.loss().into_iter().zip(values).collect::<Vec<_>>());
    for file in &loss.files {
        text += &format!("  {file}\n");
    }
    text + &match (&loss.origin, &loss.folder) {
        (Some(origin), Some(folder)) => said.loss_accepted(*origin, loss.kept, folder),
        _ => said.loss_not_accepted(loss.kept),
    }
}
