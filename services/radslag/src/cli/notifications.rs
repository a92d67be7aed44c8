//! What may be typed about letters.

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum NotificationsCommand {
    /// Letters that failed or are in doubt, or stand elsewhere; never to whom
    #[command(after_help = "Example:\n  radslag notifications deliveries malmo\n  \
        radslag notifications deliveries malmo --state planned --json")]
    Deliveries(DeliveriesArgs),
    /// Have a letter sent again that failed or is in doubt; the server does it within a second, or when it starts
    #[command(after_help = "Example:\n  radslag notifications retry malmo 0198c3f2...\n\n\
        What goes to many is sent again only if it failed: one in doubt may have arrived.")]
    Retry(RetryArgs),
}

#[derive(Args)]
pub(crate) struct DeliveriesArgs {
    /// The tenant's id
    pub(crate) tenant: String,
    /// Where they stand: planned, attempting, sent, failed, bounced, skipped, in-doubt [default: failed, in-doubt]
    #[arg(long, value_name = "STATE", value_parser = ["planned", "attempting", "sent", "failed", "bounced", "skipped", "in-doubt"])]
    pub(crate) state: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct RetryArgs {
    /// The tenant's id
    pub(crate) tenant: String,
    /// The letter, as `deliveries` names it
    pub(crate) delivery: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
