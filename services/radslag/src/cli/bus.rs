//! What may be typed about the bus.

use std::path::PathBuf;

use clap::{Args, Subcommand, builder::NonEmptyStringValueParser};

#[derive(Subcommand)]
pub(crate) enum BusCommand {
    /// Who takes events of which service, how far each has got, and how many events are parked
    #[command(after_help = "Example:\n  radslag bus consumers malmo")]
    Consumers(ConsumersArgs),
    /// Events that a consumer couldn't take
    #[command(
        after_help = "Example:\n  radslag bus parked malmo\n  radslag bus parked malmo --settled --json"
    )]
    Parked(ParkedArgs),
    /// Have a parked event tried again; the server does it within a second, or when it starts
    #[command(after_help = "Example:\n  radslag bus retry malmo petitions.mails 4711")]
    Retry(OneParked),
    /// Go on without a parked event for good, and say why; the server does it within a second, or when it starts
    #[command(
        after_help = "Example:\n  radslag bus skip malmo petitions.mails 4711 --reason 'Sent by hand.' --by anna"
    )]
    Skip(SkipArgs),
    /// The `accounts` of the NATS server's configuration: one for each tenant, and its integrations'
    #[command(after_help = "Examples:\n  radslag bus accounts --to /etc/nats/accounts.conf\n  \
        radslag bus accounts --config petitions.toml --with notifications.toml --to accounts.conf\n\n\
        With `bus.nats_accounts = true`. It holds public keys only; this installation's own are made where they are missing.\n\
        nats.conf includes the file; after a change: nats-server --signal reload.")]
    Accounts(AccountsArgs),
    /// Make a key pair for an integration: the seed for the other system, the public key for the configuration
    #[command(after_help = "Example:\n  radslag bus key\n\n\
        [[tenants]]\n  integrations = [{ name = \"Statistics\", nkey = \"U...\" }]")]
    Key(KeyArgs),
}

#[derive(Args)]
pub(crate) struct ConsumersArgs {
    /// Whose [default: every tenant's]
    pub(crate) tenant: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct ParkedArgs {
    /// Whose [default: every tenant's]
    pub(crate) tenant: Option<String>,
    /// Of which consumer [default: all]
    pub(crate) consumer: Option<String>,
    /// Those that were parked once, and what came of them
    #[arg(long)]
    pub(crate) settled: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct OneParked {
    /// The tenant's id
    pub(crate) tenant: String,
    /// The consumer, as `radslag bus consumers` calls it
    pub(crate) consumer: String,
    /// The event's position
    pub(crate) position: u64,
    /// Who decides it; a service id, not a name
    #[arg(long, value_name = "SUBJECT")]
    pub(crate) by: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct SkipArgs {
    #[command(flatten)]
    pub(crate) one: OneParked,
    /// Why; it stays, and names no person
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) reason: String,
}

#[derive(Args)]
pub(crate) struct AccountsArgs {
    /// The configuration of another service of this installation that runs apart; may be given several times
    #[arg(long, value_name = "CONFIG")]
    pub(crate) with: Vec<PathBuf>,
    /// A file [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct KeyArgs {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
