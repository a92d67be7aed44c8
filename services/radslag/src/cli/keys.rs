//! What may be typed about keys.

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Wrap every key with a new key-encryption key and destroy the old ones; the server must be stopped
    #[command(after_help = "Example:\n  radslag keys rotate malmo\n\n\
        With the old ones gone, what was erased before is gone from every copy and backup too.")]
    Rotate(KeysArgs),
    /// Which key-encryption keys there are, how old, and what they wrap
    #[command(after_help = "Example:\n  radslag keys status")]
    Status(KeysArgs),
    /// Make a new key for signing checkpoints, beside the old one, from the next start of the server on
    #[command(
        name = "rotate-signing",
        after_help = "Example:\n  radslag keys rotate-signing malmo petitions\n\n\
        Then start the server again, tell those who check the log, and later `radslag keys retire-signing`."
    )]
    RotateSigning(SigningArgs),
    /// Destroy all keys for signing checkpoints but the newest, once that one has signed
    #[command(
        name = "retire-signing",
        after_help = "Example:\n  radslag keys retire-signing malmo petitions"
    )]
    RetireSigning(SigningArgs),
}

#[derive(Args)]
pub(crate) struct SigningArgs {
    /// The tenant's id
    pub(crate) tenant: String,
    /// The service [default: every one that has a log]
    pub(crate) service: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct KeysArgs {
    /// The tenant's id [default: every tenant]
    pub(crate) tenant: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
