//! What may be typed about dashboards.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum BiCommand {
    /// The statements by which an administrator of PostgreSQL makes the roles that read views, a role for each tenant
    #[command(after_help = "Example:\n  radslag bi roles | sudo -u postgres psql -d radslag\n  \
        radslag bi roles --run-as admin.url\n\n\
        Run again when a tenant or a service comes along: what is right already stays. The services themselves need none of\n\
        these rights: they own their schemas, and let roles that are there read the views they make. Nobody can log in before\n\
        the administrator gives the role a password or a certificate:  \\password radslag_bi_malmo")]
    Roles(RolesArgs),
    /// Whether each role reads just the views it should, and can do nothing else
    #[command(after_help = "Example:\n  radslag bi check\n\nExit code 1 if anything isn't as it should be.")]
    Check(CheckArgs),
    /// Write what Grafana is provisioned with: a data source for each tenant, and the dashboards in both languages
    #[command(
        after_help = "Example:\n  radslag bi grafana --to /etc/grafana/provisioning --dashboards /var/lib/grafana/radslag\n\n\
        Passwords aren't in it: Grafana takes each from its environment, RADSLAG_BI_MALMO_PASSWORD for malmo."
    )]
    Grafana(GrafanaArgs),
}

#[derive(Args)]
pub(crate) struct RolesArgs {
    /// Run them as the administrator whose PostgreSQL URL stands in this file, instead of printing them
    #[arg(long, value_name = "FILE")]
    pub(crate) run_as: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct GrafanaArgs {
    /// Grafana's folder for provisioning: files are put into `datasources` and `dashboards` in it
    #[arg(long, value_name = "FOLDER")]
    pub(crate) to: PathBuf,
    /// Where Grafana finds the dashboards themselves [default: `radslag` in that folder]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) dashboards: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
