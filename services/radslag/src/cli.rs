//! What may be typed. Each command's help has an example.

pub(crate) mod backup;
pub(crate) mod bi;
pub(crate) mod bus;
pub(crate) mod draw;
pub(crate) mod keys;
pub(crate) mod notifications;
pub(crate) mod serve;
pub(crate) mod tally;

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser},
};
use radslag_eventlog::loss::LONGEST_GROUND;
use radslag_kernel::Role;
use radslag_runtime::auth::Assurance;

/// Rådslag: petitions, panels and polls on an append-only log.
#[derive(Parser)]
#[command(
    name = "radslag",
    version,
    after_help = "Without a command it serves; without a configuration, the demonstration.\n\
                  Exit codes: 0 done, 1 failed or damaged, 2 wrongly called."
)]
pub(crate) struct Cli {
    /// The configuration [default: ./radslag.toml if it is there, else the demonstration]
    #[arg(long, global = true, value_name = "FILE", env = "RADSLAG_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The language of messages [default: from LC_ALL, LC_MESSAGES, LANG]
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Lang>,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// A language people read.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Lang {
    /// svenska
    Sv,
    /// English
    En,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve all tenants
    #[command(after_help = "Example:\n  radslag serve --config /etc/radslag.toml\n  \
        radslag serve --only petitions --config /etc/radslag/petitions.toml")]
    Serve(serve::ServeArgs),
    /// Make the demonstration, with as many made-up people as asked for; its folder must not be there yet
    #[command(after_help = "Example:\n  radslag demo --people 20000\n\n\
        The people, and all that they do, are made up: they sign, take back, comment, ask and write on paper, officials \
        refuse, answer and strike out, day by day up to the date of the slides. What the slides show stays as it was.\n\
        The same seed makes the same life.")]
    Demo(DemoArgs),
    /// Make read tables again from the log, or compare them with it
    #[command(after_help = "Example:\n  radslag rebuild malmo petitions --check")]
    Rebuild(RebuildArgs),
    /// Look at an event log, also beside a running server
    #[command(subcommand)]
    Log(LogCommand),
    /// Check a log from outside: hashes, signatures, counts. Needs no configuration and no secret
    #[command(
        after_help = "Examples:\n  radslag verify https://radslag.example/malmo/log/petitions --remember malmo.checkpoint\n  \
        radslag verify export/petitions --key 'radslag.example/malmo/petitions/0+1f2e3d4c+Aa...'\n\n\
        With --remember it also notices when a log has forgotten something or shows others another history: then \
        both signed checkpoints are put beside FILE as evidence. Without --key it believes the keys that the log \
        itself gives. Exit code 1 if anything differs; the first place is named."
    )]
    Verify(CheckArgs),
    /// Count the ballots of a file again, by any rule. Needs no configuration
    #[command(after_help = tally::HELP)]
    Tally(tally::TallyArgs),
    /// Draw a panel in a way that anybody can check. Needs no configuration
    #[command(subcommand)]
    Draw(draw::DrawCommand),
    /// A whole tenant
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Print a development token, signed with the local key
    #[command(after_help = "Example:\n  radslag token malmo --role moderator --subject anna --hours 2")]
    Token(TokenArgs),
    /// Print or check the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Copy what must not be lost into a folder, also beside a running server; secrets are copied apart
    #[command(
        after_help = "Example:\n  radslag backup --to /srv/backup/2026-12-01\n  radslag backup malmo --to malmo"
    )]
    Backup(backup::BackupArgs),
    /// Key-encryption keys
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// A tenant's clock
    #[command(subcommand)]
    Clock(ClockCommand),
    /// Every subject of the bus as an AsyncAPI 3 document, for whoever reads events
    #[command(name = "asyncapi", after_help = "Example:\n  radslag asyncapi --to asyncapi.json")]
    AsyncApi(AsyncApiArgs),
    /// Events on their way: consumers, parked events, who may read
    #[command(subcommand)]
    Bus(bus::BusCommand),
    /// Dashboards: who reads the views, and what Grafana shows of them
    #[command(subcommand)]
    Bi(bi::BiCommand),
    /// Letters: those that failed or are in doubt
    #[command(subcommand)]
    Notifications(notifications::NotificationsCommand),
}

#[derive(Args)]
pub(crate) struct AsyncApiArgs {
    /// A file [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct DemoArgs {
    /// How many made-up people, over all tenants
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=400_000))]
    pub(crate) people: u64,
    /// What their life follows from
    #[arg(long, value_name = "N", default_value_t = 2008)]
    pub(crate) seed: u64,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct RebuildArgs {
    /// Whose tables [default: every tenant's]
    pub(crate) tenant: Option<String>,
    /// Of which service [default: all]
    pub(crate) service: Option<String>,
    /// Which projection [default: all]
    pub(crate) projection: Option<String>,
    /// Only compare with the live tables
    #[arg(long)]
    pub(crate) check: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum LogCommand {
    /// What the log is and how large
    #[command(after_help = "Example:\n  radslag log info malmo petitions")]
    Info(InfoArgs),
    /// Print events: public parts, a line each
    #[command(
        after_help = "Example:\n  radslag log read malmo petitions --from 100 --count 10 --type 'petition.*'"
    )]
    Read(ReadArgs),
    /// Print events as they come
    #[command(after_help = "Example:\n  radslag log follow malmo petitions --json")]
    Follow(FollowArgs),
    /// Read everything and see that it is whole
    #[command(after_help = "Example:\n  radslag log verify malmo petitions")]
    Verify(VerifyArgs),
    /// Write the public part as JSON lines, for outsiders who hash it themselves
    #[command(after_help = "Example:\n  radslag log export malmo petitions --to petitions.jsonl\n\n\
        Each line has the header, the `entry` (base64) and its `leaf`: SHA-256 of a zero byte and the entry.")]
    Export(ExportArgs),
    /// Delete the index and make it again; the server must be stopped
    #[command(after_help = "Example:\n  radslag log rebuild-index malmo petitions")]
    RebuildIndex(OneLog),
    /// Go on without events that are lost: show what that means, or with --yes do it; the server must be stopped
    #[command(
        name = "accept-loss",
        after_help = "Example:\n  radslag log accept-loss malmo petitions\n  \
        radslag log accept-loss malmo petitions --ground 'Disk failed on 4 March, backup of 3 March' --by anna --yes\n\n\
        The whole events from the first one on stay, and the log goes on behind them in its next life, which an event says \
        for ever: the ground is public, so name nobody in it. Nothing is deleted: what is cut off is put into lost-<origin>/\n\
        beside the segments. Try a backup first."
    )]
    AcceptLoss(AcceptLossArgs),
    /// Make evidence of two checkpoints of a log that can't both be true, or check such evidence
    #[command(
        name = "fork-evidence",
        after_help = "Example:\n  radslag log fork-evidence yesterday.txt today.txt --keys keys.txt --to fork.txt\n  \
        radslag log fork-evidence fork.txt --keys keys.txt\n\n\
        Needs neither configuration nor data. --keys has the log's public keys, a line each, as it serves them."
    )]
    ForkEvidence(ForkArgs),
}

#[derive(Args)]
pub(crate) struct AcceptLossArgs {
    #[command(flatten)]
    pub(crate) log: OneLog,
    /// Why; public for ever, names no person
    #[arg(long, value_name = "TEXT", value_parser = ground())]
    pub(crate) ground: Option<String>,
    /// Who decides it, as the issuer of tokens calls them; kept only as this service's id of theirs
    #[arg(long, value_name = "SUBJECT")]
    pub(crate) by: Option<String>,
    /// Do it
    #[arg(long, requires = "ground")]
    pub(crate) yes: bool,
}

fn ground() -> impl TypedValueParser<Value = String> {
    NonEmptyStringValueParser::new().try_map(|text| match text.trim() {
        "" => Err("it says nothing"),
        long if long.chars().count() > LONGEST_GROUND => Err("it has more than 2000 characters"),
        text => Ok(text.to_owned()),
    })
}

#[derive(Args)]
pub(crate) struct ForkArgs {
    /// A checkpoint as it was signed, or evidence to be checked
    pub(crate) one: PathBuf,
    /// Another checkpoint of the same log
    pub(crate) other: Option<PathBuf>,
    /// The log's public keys
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: PathBuf,
    /// Where the tiles are of what the larger one signs, if they differ in size: an address, or an exported folder
    #[arg(long, value_name = "URL|FOLDER", requires = "other")]
    pub(crate) log: Option<String>,
    /// A file that isn't there yet [default: standard output]
    #[arg(long, value_name = "FILE", requires = "other")]
    pub(crate) to: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which log.
#[derive(Args)]
pub(crate) struct OneLog {
    /// The tenant's id
    pub(crate) tenant: String,
    /// The service
    pub(crate) service: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct InfoArgs {
    #[command(flatten)]
    pub(crate) log: OneLog,
    /// Also open the index and count its runs; the server must be stopped
    #[arg(long)]
    pub(crate) index: bool,
}

/// Which events, and how much of them.
#[derive(Args)]
pub(crate) struct Which {
    /// At most so many events
    #[arg(long, value_name = "N")]
    pub(crate) count: Option<u64>,
    /// Only of this stream
    #[arg(long, value_name = "NAME")]
    pub(crate) stream: Option<String>,
    /// Only of this type; `petition.*` for all that begin so
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kind: Option<String>,
    /// Also stream, version and the numbers of sealed fields; never what they hold
    #[arg(long)]
    pub(crate) private: bool,
}

#[derive(Args)]
pub(crate) struct ReadArgs {
    #[command(flatten)]
    pub(crate) log: OneLog,
    /// The first position
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    pub(crate) from: u64,
    #[command(flatten)]
    pub(crate) which: Which,
}

#[derive(Args)]
pub(crate) struct FollowArgs {
    #[command(flatten)]
    pub(crate) log: OneLog,
    /// The first position [default: the end of the log]
    #[arg(long, value_name = "POSITION")]
    pub(crate) from: Option<u64>,
    #[command(flatten)]
    pub(crate) which: Which,
}

#[derive(Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) log: OneLog,
    /// Also open every sealed field with its keys; the server must be stopped
    #[arg(long)]
    pub(crate) sealed: bool,
}

#[derive(Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) log: OneLog,
    /// A file that isn't there yet [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct CheckArgs {
    /// The address of a log, or a folder as `radslag tenant export` writes it
    #[arg(required = true, value_name = "URL|FOLDER")]
    pub(crate) target: Option<String>,
    /// A key that is trusted; may be given several times [default: those that the log gives]
    #[arg(long = "key", value_name = "KEY")]
    pub(crate) keys: Vec<String>,
    /// Compare with the checkpoint kept here, and keep the newest
    #[arg(long, value_name = "FILE")]
    pub(crate) remember: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) what: Option<CheckCommand>,
}

#[derive(Subcommand)]
pub(crate) enum CheckCommand {
    /// Check a receipt, offline
    #[command(after_help = "Example:\n  radslag verify receipt malmo-petitions-17.tlog-proof --keys keys")]
    Receipt(ReceiptArgs),
}

#[derive(Args)]
pub(crate) struct ReceiptArgs {
    /// The receipt
    pub(crate) file: PathBuf,
    /// A key that is trusted; may be given several times
    #[arg(long = "key", value_name = "KEY")]
    pub(crate) keys: Vec<String>,
    /// A file of such keys, one a line, as a log gives them under `keys`, or the address of one
    #[arg(long = "keys", value_name = "FILE|URL")]
    pub(crate) keys_file: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum TenantCommand {
    /// Write its logs as static files that anybody can check; the server may run
    #[command(after_help = "Example:\n  radslag tenant export --tenant malmo --to export\n  \
        radslag verify export/petitions")]
    Export(TenantExportArgs),
}

#[derive(Args)]
pub(crate) struct TenantExportArgs {
    /// The tenant's id
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: String,
    /// A folder that isn't there yet, or is empty
    #[arg(long, value_name = "FOLDER")]
    pub(crate) to: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct TokenArgs {
    /// The tenant it holds for
    pub(crate) tenant: String,
    /// As what; may be given several times
    #[arg(long = "role", required = true, value_name = "ROLE", value_parser = role())]
    pub(crate) roles: Vec<Role>,
    /// For whom, as the issuer would call them
    #[arg(long)]
    pub(crate) subject: String,
    /// A name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// How surely the person is known
    #[arg(long, value_parser = level())]
    pub(crate) level: Option<Assurance>,
    /// For how long
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=8_760))]
    pub(crate) hours: u64,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn role() -> impl TypedValueParser<Value = Role> {
    let given = Role::ALL.iter().filter(|role| !matches!(role, Role::System | Role::Initiator));
    PossibleValuesParser::new(given.map(|role| role.word())).try_map(|word| word.parse::<Role>())
}

fn level() -> impl TypedValueParser<Value = Assurance> {
    let levels = [Assurance::Low, Assurance::Substantial, Assurance::High];
    PossibleValuesParser::new(levels.map(Assurance::word))
        .try_map(|word| Assurance::of(&word).ok_or("no such level"))
}

#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// What holds, and where each value comes from
    #[command(after_help = "Example:\n  radslag config print --config /etc/radslag.toml")]
    Print(Output),
    /// Whether it can be used, with the files it names
    #[command(after_help = "Example:\n  radslag config check --config /etc/radslag.toml")]
    Check(Output),
}

#[derive(Args)]
pub(crate) struct Output {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum ClockCommand {
    /// Believe the clock as it is now, after it jumped and the tenant went read-only
    #[command(after_help = "Example:\n  radslag clock accept malmo")]
    Accept(AcceptArgs),
}

#[derive(Args)]
pub(crate) struct AcceptArgs {
    /// The tenant's id
    pub(crate) tenant: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_an_example() {
        let all = Cli::command();
        let leaves = all.get_subcommands().flat_map(|command| match command.has_subcommands() {
            true => command.get_subcommands().collect(),
            false => vec![command],
        });
        for command in leaves {
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains("radslag "), "{}", command.get_name());
        }
    }
}
