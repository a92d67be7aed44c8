//! `radslag draw`: prepares a draw, draws it, and checks one that somebody published.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::{Context as _, Result, anyhow, bail};
use radslag_draw::{
    bundle::{Announced, Bundle, Drawn, FORMAT, MAX_BYTES, Method, Verdict, hex, kinds, unhex},
    conflict,
    leximin::{self, Failure, Progress},
    lot::Seed,
    lot::commitment,
    orbit::Orbits,
    solve::Effort,
    stratified,
    table::{self, Columns},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::{
    cli::draw::{DrawCommand, RevealArgs, RunArgs, VerifyArgs},
    print,
    progress::Bar,
    said::Said,
};

/// Runs the command.
pub(crate) fn run(command: &DrawCommand, said: Said) -> Result<()> {
    match command {
        DrawCommand::Run(args) => prepare(args, said),
        DrawCommand::Reveal(args) => reveal(args, said),
        DrawCommand::Verify(args) => verify(args, said),
    }
}

fn prepare(args: &RunArgs, said: Said) -> Result<()> {
    if args.to.exists() {
        bail!("{}: {}", args.to.display(), said.draw_is_there());
    }
    let people = read(&args.people)?;
    let columns = Columns { household: args.household.as_deref(), id: args.id.as_deref() };
    let of_people = || args.people.display().to_string();
    let (method, categories, instance) = if let Some(quotas) = &args.quotas {
        let categories = table::categories(&read(quotas)?).with_context(|| quotas.display().to_string())?;
        let instance = table::instance(&people, &categories, args.seats, &columns).with_context(of_people)?;
        (Method::Leximin, categories, instance)
    } else {
        let (category, instance) =
            table::strata(&people, &args.by, args.seats, &columns).with_context(of_people)?;
        (Method::Stratified, vec![category], instance)
    };
    let orbits = Orbits::of(&instance);
    let (mut certificate, mut lottery) = (None, None);
    let effort = Effort::new(Effort::USUAL, &|| true);
    if method == Method::Leximin {
        let [shares, panels] = said.solving();
        let (of_shares, of_panels) = (Bar::new(shares), Bar::new(panels));
        let solved = leximin::solve(&instance, &effort, &mut |progress| match progress {
            Progress::Shares(done, of) => of_shares.set(done as u64, of as u64),
            Progress::Panels(done) => of_panels.set(done as u64, 1_000),
        });
        drop((of_shares, of_panels));
        match solved {
            Ok(optimum) => (certificate, lottery) = (Some(optimum.certificate), Some(optimum.lottery)),
            Err(Failure::Infeasible) => {
                let found = conflict::conflict(&instance, &effort)?.ok_or(Failure::Infeasible)?;
                bail!("{}", said.conflict(&found, &categories));
            }
            Err(other) => return Err(other.into()),
        }
    } else {
        // So rarely that it needn't be thought of does another seed leave a seat empty where this one doesn't.
        stratified::sample(&instance, &orbits, &Seed([0; 32]), args.reserves)?;
    }
    let announced = Announced {
        format: FORMAT.into(),
        method,
        input: hex(&Sha256::digest(&people).into()),
        seats: args.seats,
        reserves: args.reserves,
        kinds: kinds(&orbits),
        categories,
        commitment: hex(&commitment(&secret(&args.secret, true, said)?)),
        certificate,
        lottery,
    };
    let bundle = Bundle { announced, drawn: None };
    let verdict = bundle.verify()?;
    let mut file = File::create_new(&args.to).with_context(|| args.to.display().to_string())?;
    file.write_all(bundle.write()?.as_bytes())?;
    file.sync_all()?;
    print::result(args.json, &told(&verdict), || said.draw_holds(&verdict) + said.publish_now())
}

fn reveal(args: &RevealArgs, said: Said) -> Result<()> {
    let mut bundle = open(&args.bundle)?;
    bundle.verify()?;
    let before = bundle.drawn.take();
    bundle.reveal(&secret(&args.secret, false, said)?, &args.public)?;
    if before.is_some_and(|before| Some(before) != bundle.drawn) {
        bail!("{}", said.already_drawn());
    }
    let drawn = bundle.drawn.as_ref().ok_or_else(|| anyhow!("nobody"))?;
    let names = names(args, &bundle, drawn, said)?;
    let new = args.bundle.with_extension("new");
    let mut file = File::create(&new).with_context(|| new.display().to_string())?;
    file.write_all(bundle.write()?.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, &args.bundle)?;
    let [people, reserves] = said.drawn();
    let list = json!({ "panel": drawn.panel, "people": names.0, "reserves": names.1 });
    print::result(args.json, &list, || {
        let mut text = format!("{people}:\n{}\n", names.0.join("\n"));
        if !names.1.is_empty() {
            text += &format!("{reserves}:\n{}\n", names.1.join("\n"));
        }
        text
    })
}

/// How people and reserves are called: by the column asked for, by their lines, or by their numbers in the bundle.
fn names(
    args: &RevealArgs,
    bundle: &Bundle,
    drawn: &Drawn,
    said: Said,
) -> Result<(Vec<String>, Vec<String>)> {
    let Some(path) = &args.people else {
        let plain = |all: &[u32]| all.iter().map(ToString::to_string).collect();
        return Ok((plain(&drawn.people), plain(&drawn.reserves)));
    };
    let (people, announced) = (read(path)?, &bundle.announced);
    let columns = Columns { household: args.household.as_deref(), id: None };
    let instance = match announced.method {
        Method::Leximin => table::instance(&people, &announced.categories, announced.seats, &columns)?,
        Method::Stratified => {
            let by: Vec<String> = announced.categories[0].name.split(", ").map(str::to_owned).collect();
            table::strata(&people, &by, announced.seats, &columns)?.1
        }
    };
    let orbits = Orbits::of(&instance);
    if hex(&Sha256::digest(&people).into()) != announced.input || kinds(&orbits) != announced.kinds {
        bail!("{}: {}", path.display(), said.other_people());
    }
    let rows = orbits.rows();
    let called = match &args.id {
        Some(column) => table::column_of(&people, column)?,
        None => (0..rows.len()).map(|row| format!("{}", row + 2)).collect(),
    };
    let name = |number: &u32| called[rows[*number as usize] as usize].clone();
    Ok((drawn.people.iter().map(name).collect(), drawn.reserves.iter().map(name).collect()))
}

fn verify(args: &VerifyArgs, said: Said) -> Result<()> {
    let verdict = open(&args.bundle)?.verify().with_context(|| args.bundle.display().to_string())?;
    print::result(args.json, &told(&verdict), || said.draw_holds(&verdict))
}

fn told(verdict: &Verdict) -> serde_json::Value {
    let proven = verdict.proven.as_ref().map(|proven| {
        json!({ "least_share": proven.shares.iter().min(), "gap": proven.gap, "deviation": proven.deviation })
    });
    json!({ "announced": verdict.digest, "people": verdict.people, "drawn": verdict.drawn, "proven": proven })
}

fn open(path: &Path) -> Result<Bundle> {
    let name = || path.display().to_string();
    if fs::metadata(path).with_context(name)?.len() > MAX_BYTES as u64 {
        return Err(radslag_draw::bundle::Defect::TooLarge).with_context(name);
    }
    Bundle::read(&read(path)?).with_context(name)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| path.display().to_string())
}

/// The office's half of the seed, made where it may be and isn't there.
fn secret(path: &Path, make: bool, said: Said) -> Result<[u8; 32]> {
    let name = || path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => unhex(text.trim()).ok_or_else(|| anyhow!(said.no_secret())).with_context(name),
        Err(error) if make && error.kind() == ErrorKind::NotFound => {
            let secret: [u8; 32] = rand::random();
            let mut file =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).with_context(name)?;
            writeln!(file, "{}", hex(&secret))?;
            file.sync_all()?;
            Ok(secret)
        }
        Err(error) => Err(error).with_context(name),
    }
}
