//! From the command line to the command.

use anyhow::Result;

use crate::{
    asyncapi, backup, bi, bus,
    cli::{
        Cli, ClockCommand, Command, ConfigCommand, LogCommand, TenantCommand, bi::BiCommand, bus::BusCommand,
        keys::KeysCommand, notifications::NotificationsCommand, serve::ServeArgs,
    },
    clock, config, demo, draw, keys, log, notifications, rebuild,
    said::Said,
    serve,
    settings::Settings,
    tally, tenant, token, verify,
};

/// Runs what was asked for; without a command, the server.
pub(crate) fn run(cli: &Cli, said: Said) -> Result<()> {
    match &cli.command {
        // Whoever checks a log, counts or draws again, has no configuration, or another one.
        Some(Command::Verify(args)) => return verify::run(args, said),
        Some(Command::Tally(args)) => return tally::run(args, said),
        Some(Command::Draw(command)) => return draw::run(command, said),
        _ => {}
    }
    let settings = Settings::load(cli.config.as_deref())?;
    match cli.command.as_ref().unwrap_or(&Command::Serve(ServeArgs::default())) {
        Command::Serve(args) => serve::run(args, &settings, said),
        Command::Demo(args) => demo::run(args, &settings, said),
        Command::Rebuild(args) => rebuild::run(args, &settings, said),
        Command::Log(command) => match command {
            LogCommand::Info(args) => log::info::run(args, &settings, said),
            LogCommand::Read(args) => log::read::run(args, &settings, said),
            LogCommand::Follow(args) => log::follow::run(args, &settings, said),
            LogCommand::Verify(args) => log::verify::run(args, &settings, said),
            LogCommand::Export(args) => log::export::run(args, &settings, said),
            LogCommand::RebuildIndex(args) => log::rebuild_index::run(args, &settings, said),
            LogCommand::AcceptLoss(args) => log::accept_loss::run(args, &settings, said),
            LogCommand::ForkEvidence(args) => log::fork_evidence::run(args, said),
        },
        Command::Verify(args) => verify::run(args, said),
        Command::Tally(args) => tally::run(args, said),
        Command::Draw(command) => draw::run(command, said),
        Command::Tenant(TenantCommand::Export(args)) => tenant::export::run(args, &settings, said),
        Command::Backup(args) => backup::run(args, &settings, said),
        Command::Token(args) => token::run(args, &settings, said),
        Command::Config(command) => match command {
            ConfigCommand::Print(args) => config::print(args, &settings),
            ConfigCommand::Check(args) => config::check(args, &settings, said),
        },
        Command::Keys(command) => match command {
            KeysCommand::Rotate(args) => keys::rotate::run(args, &settings, said),
            KeysCommand::Status(args) => keys::status::run(args, &settings, said),
            KeysCommand::RotateSigning(args) => keys::signing::rotate(args, &settings, said),
            KeysCommand::RetireSigning(args) => keys::signing::retire(args, &settings, said),
        },
        Command::Clock(ClockCommand::Accept(args)) => clock::accept(args, &settings, said),
        Command::AsyncApi(args) => asyncapi::run(args, &settings),
        Command::Notifications(command) => match command {
            NotificationsCommand::Deliveries(args) => notifications::deliveries(args, &settings, said),
            NotificationsCommand::Retry(args) => notifications::retry(args, &settings, said),
        },
        Command::Bi(command) => match command {
            BiCommand::Roles(args) => bi::run(args, &settings, said),
            BiCommand::Check(args) => bi::check::run(args, &settings, said),
            BiCommand::Grafana(args) => bi::grafana::run(args, &settings, said),
        },
        Command::Bus(command) => match command {
            BusCommand::Consumers(args) => bus::consumers(args, &settings, said),
            BusCommand::Parked(args) => bus::parked(args, &settings, said),
            BusCommand::Retry(args) => bus::retry(args, &settings, said),
            BusCommand::Skip(args) => bus::skip(args, &settings, said),
            BusCommand::Accounts(args) => bus::access::write(args, &settings, said),
            BusCommand::Key(args) => bus::access::key(args, said),
        },
    }
}
