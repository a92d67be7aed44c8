//! The notifications service as a process of its own, and what a mail server and an administrator do beside it.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use radslag_notifications::{
    bounce,
    shell::{process, spool, words::language},
    templates,
};
use radslag_runtime::{Config, config, telemetry};

/// Rådslag: letters, subscriptions and mailings.
#[derive(Parser)]
#[command(name = "radslag-notifications", version)]
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
    Serve,
    /// Show what a letter looks like, with each value standing for itself
    #[command(
        after_help = "Example:\n  radslag-notifications preview approved --lang sv --file ours.txt --html"
    )]
    Preview(Preview),
    /// Take in a report of a letter that came back, on standard input: what a mail server pipes to
    #[command(after_help = "Example, in Postfix's aliases:\n  \
        bounce: \"|radslag-notifications --config /etc/radslag.toml bounce malmo --envelope-to $ORIGINAL_RECIPIENT\"")]
    Bounce(Bounce),
}

#[derive(clap::Args)]
struct Preview {
    /// Which template; without one, all are named
    template: Option<String>,
    /// `sv` or `en`
    #[arg(long, default_value = "sv")]
    lang: String,
    /// Another text than the shipped one, checked as if it were saved
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The HTML part instead of the text
    #[arg(long)]
    html: bool,
}

#[derive(clap::Args)]
struct Bounce {
    /// Whose letter it was
    tenant: String,
    /// The address the report was for
    #[arg(long, value_name = "ADDRESS")]
    envelope_to: Option<String>,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "radslag-notifications: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    match &cli.command {
        Command::Serve => serve(&configuration(cli)?),
        Command::Preview(args) => preview(args),
        Command::Bounce(args) => take(args, &configuration(cli)?),
    }
}

fn configuration(cli: &Cli) -> Result<Config> {
    let environment = std::env::vars_os();
    let environment =
        environment.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(config::load(cli.config.as_deref(), environment)?.config)
}

fn serve(config: &Config) -> Result<()> {
    telemetry::init(&config.telemetry)?;
    telemetry::quiet_panics();
    let runtime = tokio::runtime::Runtime::new().context("the runtime can't be started")?;
    Ok(runtime.block_on(process::serve(config))?)
}

fn preview(args: &Preview) -> Result<()> {
    let language = language(&args.lang);
    let Some(name) = &args.template else {
        let names: Vec<&str> = templates::TEMPLATES.iter().map(|(name, ..)| *name).collect();
        return Ok(writeln!(io::stdout(), "{}", names.join("\n"))?);
    };
    let Some(shipped) = templates::shipped(name, language) else {
        bail!("there is no template called {name}")
    };
    let text = match &args.file {
        Some(file) => {
            fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?
        }
        None => shipped.to_owned(),
    };
    if let Err(fault) = templates::check(name, &text) {
        let known: Vec<String> = templates::variables(name).into_iter().collect();
        bail!("it couldn't be saved: {fault:?}. It may say {}", known.join(", "));
    }
    let words = templates::write(&text, &templates::example(name), language)?;
    let mut out = io::stdout();
    if args.html {
        return Ok(out.write_all(words.html.as_bytes())?);
    }
    Ok(write!(out, "Subject: {}\n\n{}", words.subject, words.text)?)
}

/// A report is kept until the service takes it in, so that none is lost while it is stopped.
fn take(args: &Bounce, config: &Config) -> Result<()> {
    if !config.tenants.iter().any(|tenant| tenant.id == args.tenant) {
        bail!("no tenant is called {}", args.tenant);
    }
    let mut report = Vec::new();
    io::stdin().take(bounce::LARGEST as u64 + 1).read_to_end(&mut report)?;
    let folder = spool::folder(&config.data.dir, &args.tenant);
    spool::put(&folder, &report, args.envelope_to.as_deref()).context("the report can't be kept")
}
