//! Where to look, for people and for programs.

use std::{io::Write as _, path::PathBuf};

use anyhow::Result;
use serde::Serialize;

/// Everything that is up.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) folder: PathBuf,
    pub(crate) stays: bool,
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) services: Vec<Service>,
    pub(crate) nats: String,
    /// A command that looks at the tables.
    pub(crate) psql: String,
    /// Where mail goes.
    pub(crate) letters: PathBuf,
}

/// A tenant's pages.
#[derive(Serialize)]
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) url: String,
}

/// A service's process.
#[derive(Serialize)]
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) url: String,
    pub(crate) readyz: String,
    pub(crate) pid: u32,
    pub(crate) log: PathBuf,
    pub(crate) config: PathBuf,
}

/// Prints it.
pub(crate) fn print(report: &Report, json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, report)?;
        writeln!(out)?;
    } else {
        out.write_all(text(report).as_bytes())?;
    }
    Ok(out.flush()?)
}

fn text(report: &Report) -> String {
    let mut lines = vec![String::new(), "Rådslag is up, each service a process of its own.".to_owned()];
    let mut line = |name: &str, what: String| lines.push(format!("  {name:<14} {what}"));
    for tenant in &report.tenants {
        line(&tenant.id, format!("{}  {}", tenant.url, tenant.name));
    }
    for service in &report.services {
        line(
            service.name,
            format!("{}  process {}, log {}", service.readyz, service.pid, service.log.display()),
        );
    }
    line("NATS", format!("{}  an account for each tenant", report.nats));
    line("tables", report.psql.clone());
    line("letters", report.letters.display().to_string());
    line("dashboards", "Grafana isn't started: infra/deploy says how".to_owned());
    for service in report.services.iter().take(1) {
        let config = service.config.display();
        line("a token", format!("radslag --config {config} token malmo --role moderator --subject anna"));
    }
    let after = if report.stays { "stays" } else { "goes with it" };
    lines.push(format!("Ctrl-C takes all down; {} {after}.\n", report.folder.display()));
    lines.join("\n")
}
