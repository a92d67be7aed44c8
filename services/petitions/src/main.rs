//! The petitions service as a process of its own.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use radslag_petitions::shell::process;
use radslag_runtime::{Config, config, telemetry};

/// Rådslag: petitions.
#[derive(Parser)]
#[command(name = "radslag-petitions", version)]
struct Cli {
    /// The configuration
    #[arg(long, global = true, value_name = "FILE", env = "RADSLAG_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve all tenants
    #[command(after_help = "Example:\n  radslag-petitions --config /etc/radslag/petitions.toml serve")]
    Serve,
}

fn main() -> ExitCode {
    let Cli { config, command: Command::Serve } = Cli::parse();
    match configured(config).and_then(|config| serve(&config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "radslag-petitions: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn configured(file: Option<PathBuf>) -> Result<Config> {
    let environment = std::env::vars_os();
    let environment =
        environment.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(config::load(file.as_deref(), environment)?.config)
}

fn serve(config: &Config) -> Result<()> {
    telemetry::init(&config.telemetry)?;
    telemetry::quiet_panics();
    let runtime = tokio::runtime::Runtime::new().context("the runtime can't be started")?;
    Ok(runtime.block_on(process::serve(config))?)
}
