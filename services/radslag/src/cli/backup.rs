//! What may be typed about backups.

use std::path::PathBuf;

use clap::Args;

#[derive(Args)]
pub(crate) struct BackupArgs {
    /// Whose [default: every tenant's]
    pub(crate) tenant: Option<String>,
    /// A folder that isn't there yet: it has the layout of `data.ground`
    #[arg(long, value_name = "FOLDER")]
    pub(crate) to: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
