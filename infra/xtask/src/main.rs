//! What a developer and CI run: `cargo xtask setup`, `test`, `fuzz` and `up`. The tests' own rules stand in `tests/`.

#![allow(clippy::print_stdout, reason = "it talks to whoever started it")]

mod fuzz;
mod setup;
mod step;
// One answer to "is it there?", for the tests and for who installs it.
#[allow(unreachable_pub, reason = "in the kit it is public")]
#[path = "../../../tests/kit/src/tools.rs"]
mod tools;
mod up;

use std::{env, process::ExitCode};

use anyhow::Result;

use step::{Steps, cargo};

const HELP: &str = "\
cargo xtask <task>

  setup   install what the tests need and this machine lacks: a NATS server, axe-core, buf, Python packages
          and AsyncAPI's parser into .tools/, PostgreSQL, Chromium and Node by apt-get
  test    setup, format check, clippy with warnings as errors, all tests; CI runs just this
  fuzz    every fuzz target in turn, `--minutes 10` each unless another number is said, or only the named ones; needs a
          nightly toolchain and cargo-fuzz
  up      all services apart on this machine with the demonstration in them, until Ctrl-C; `--dev` builds faster,
          `--data FOLDER` keeps it, `--help` has the rest
  help    this text

They work offline once everything is there. RADSLAG_NATS_SERVER names another NATS server binary,
RADSLAG_POSTGRES_BIN another folder with initdb, postgres and psql, RADSLAG_CHROMIUM another Chromium.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut steps = Steps::default();
    let outcome = match words[..] {
        ["setup"] => setup(&mut steps),
        ["test"] => test(&mut steps),
        ["fuzz", "--minutes", minutes, ref names @ ..] => match minutes.parse::<f64>() {
            Ok(minutes) if (0.01..10_000.0).contains(&minutes) => fuzz(&mut steps, minutes, names),
            _ => Err(anyhow::anyhow!("{minutes} are no minutes")),
        },
        ["fuzz", ref names @ ..] => fuzz(&mut steps, 10.0, names),
        ["up", ref words @ ..] => up::up(&mut steps, words),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("no such task: {}\n\n{HELP}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    steps.summary(&outcome);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn setup(steps: &mut Steps) -> Result<()> {
    steps.step("NATS server", setup::nats)?;
    steps.step("PostgreSQL", setup::postgres)?;
    steps.step("axe-core", setup::axe_core)?;
    steps.step("buf", setup::schema_judge)?;
    steps.step("Python packages", setup::readers::python)?;
    steps.step("AsyncAPI's parser", setup::readers::asyncapi)?;
    steps.step("Chromium", setup::browser)
}

fn test(steps: &mut Steps) -> Result<()> {
    setup(steps)?;
    steps.step("format", || cargo(&["fmt", "--all", "--check"]))?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"];
    steps.step("clippy", || cargo(&clippy))?;
    steps.step("tests", || cargo(&["test", "--workspace", "--locked"]))
}

fn fuzz(steps: &mut Steps, minutes: f64, names: &[&str]) -> Result<()> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by the caller")]
    let seconds = (minutes * 60.0) as u64;
    steps.step("fuzz", || fuzz::fuzz(seconds, names))
}
