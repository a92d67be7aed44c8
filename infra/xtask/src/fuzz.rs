//! `cargo xtask fuzz`: every fuzz target in turn for some minutes, and a table of what came of it. Needs a nightly
//! toolchain and cargo-fuzz; what a target finds is kept in `tests/fuzz/artifacts`, what it learnt in `tests/fuzz/corpus`.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail, ensure};

use crate::{step::run, tools::workspace};

const FOLDER: &str = "tests/fuzz";
/// Nothing here needs more memory: what a decoder allocates is measured by its input.
const MEMORY_MB: u32 = 512;
const LONGEST: u32 = 16 << 10;

/// What came of one target.
struct Outcome {
    name: String,
    executions: String,
    per_second: String,
    peak_mb: String,
    found: bool,
}

/// Runs the named targets, or all, each for so many seconds.
pub(crate) fn fuzz(seconds: u64, names: &[&str]) -> Result<()> {
    let fuzz = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        // The toolchain that built this program must not be the one that builds targets.
        command.env_remove("RUSTUP_TOOLCHAIN").env_remove("CARGO").args(["+nightly", "fuzz"]).args(arguments);
        command
    };
    run(&mut fuzz(&["--version"]))
        .context("`cargo install cargo-fuzz --locked`, `rustup toolchain install nightly`")?;
    let all = targets()?;
    if let Some(unknown) = names.iter().find(|name| !all.iter().any(|known| known == *name)) {
        bail!("no such target: {unknown}; there are {}", all.join(", "));
    }
    run(&mut fuzz(&["build", "--fuzz-dir", FOLDER]))?;
    let chosen = all.iter().filter(|name| names.is_empty() || names.contains(&name.as_str()));
    let mut outcomes = Vec::new();
    for name in chosen {
        println!("== {name}, {seconds} s");
        let (corpus, seeds) = (format!("{FOLDER}/corpus/{name}"), format!("{FOLDER}/seeds/{name}"));
        let log = workspace().join(FOLDER).join("target").join(format!("{name}.log"));
        fs::create_dir_all(workspace().join(&corpus))?;
        let limits = [
            format!("-max_total_time={seconds}"),
            format!("-rss_limit_mb={MEMORY_MB}"),
            format!("-max_len={LONGEST}"),
            "-timeout=10".to_owned(),
            "-print_final_stats=1".to_owned(),
        ];
        let mut command = fuzz(&["run", "--fuzz-dir", FOLDER, name, &corpus, &seeds, "--"]);
        let status = command.args(limits).current_dir(workspace()).stderr(File::create(&log)?).status()?;
        outcomes.push(outcome(name, &log, !status.success())?);
    }
    table(&outcomes);
    let found = outcomes.iter().filter(|outcome| outcome.found).count();
    ensure!(found == 0, "{found} found something: see {FOLDER}/artifacts and {FOLDER}/target/<name>.log");
    Ok(())
}

/// By their files.
fn targets() -> Result<Vec<String>> {
    let folder: PathBuf = workspace().join(FOLDER).join("targets");
    let files = fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))?.flatten();
    let name = |file: fs::DirEntry| file.path().file_stem().and_then(|name| name.to_str()).map(str::to_owned);
    let mut names: Vec<String> = files.filter_map(name).collect();
    names.sort();
    Ok(names)
}

fn outcome(name: &str, log: &Path, found: bool) -> Result<Outcome> {
    let log = String::from_utf8_lossy(&fs::read(log)?).into_owned();
    let figure = |key: &str| figure(&log, key).unwrap_or("?").to_owned();
    Ok(Outcome {
        name: name.to_owned(),
        executions: figure("stat::number_of_executed_units:"),
        per_second: figure("stat::average_exec_per_sec:"),
        peak_mb: figure("stat::peak_rss_mb:"),
        found,
    })
}

/// `stat::peak_rss_mb:              90` -> `90`.
fn figure<'a>(log: &'a str, key: &str) -> Option<&'a str> {
    log.lines().find_map(|line| line.strip_prefix(key)).map(str::trim)
}

fn table(outcomes: &[Outcome]) {
    println!("\n{:<18}{:>14}{:>12}{:>9}  found", "target", "executions", "a second", "peak MB");
    for Outcome { name, executions, per_second, peak_mb, found } in outcomes {
        let found = if *found { "SOMETHING" } else { "nothing" };
        println!("{name:<18}{executions:>14}{per_second:>12}{peak_mb:>9}  {found}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_from_a_log() {
        let log = "Done 12 runs\nstat::number_of_executed_units: 12\nstat::peak_rss_mb:              90\n";
        assert_eq!(figure(log, "stat::peak_rss_mb:"), Some("90"));
        assert_eq!(figure(log, "stat::number_of_executed_units:"), Some("12"));
        assert_eq!(figure(log, "stat::average_exec_per_sec:"), None);
    }
}
