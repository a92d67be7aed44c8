//! `radslag verify receipt`: that a receipt is of an entry that stands in a log, without asking anybody.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};
use prost::Message as _;
use radslag_eventlog::frame;
use radslag_evidence::{Receipt, VerifierKey, note};
use radslag_proto::log::Header;
use serde::Serialize;

use super::{
    lives,
    web::{Address, Connection},
};
use crate::{
    cli::ReceiptArgs,
    failure::Usage,
    print::{self, hex},
    said::Said,
};

/// What a receipt proves.
#[derive(Serialize)]
pub(crate) struct Proved {
    pub(crate) origin: String,
    pub(crate) position: u64,
    pub(crate) size: u64,
    pub(crate) r#type: String,
    pub(crate) recorded_at: String,
    pub(crate) aggregate: String,
    pub(crate) item: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &ReceiptArgs, said: Said) -> Result<()> {
    let keys = keys(args, said)?;
    let text = text(&args.file)?;
    let receipt = Receipt::parse(&text).with_context(|| said.no_receipt(&args.file))?;
    let entry = receipt.extra.as_deref().with_context(|| said.no_entry(&args.file))?;
    // A key is trusted in every life of its log.
    let origin = receipt.checkpoint.text().lines().next().unwrap_or_default();
    let keys = lives::trusted(&keys, origin);
    let checkpoint = receipt.check(entry, &keys).with_context(|| said.receipt_proves_nothing(&args.file))?;
    let (header, ..) = frame::split_entry(entry)
        .filter(|(.., length)| *length == entry.len())
        .with_context(|| said.no_entry(&args.file))?;
    let header = Header::decode(header).with_context(|| said.no_entry(&args.file))?;
    if header.position != receipt.index {
        bail!(said.receipt_of_another_place(&args.file, receipt.index, header.position));
    }
    let recorded_at = radslag_kernel::Instant::from_millis(header.recorded_at);
    let proved = Proved {
        origin: checkpoint.origin,
        position: receipt.index,
        size: checkpoint.size,
        r#type: header.r#type,
        recorded_at: recorded_at.to_string(),
        aggregate: hex(&header.aggregate),
        item: (!header.item.is_empty()).then(|| hex(&header.item)),
    };
    print::result(args.json, &proved, || said.proved(&proved))
}

fn keys(args: &ReceiptArgs, said: Said) -> Result<Vec<VerifierKey>> {
    let mut keys = super::pinned(&args.keys)?;
    match args.keys_file.as_deref().map(|from| (from, Address::of(from))) {
        Some((_, Ok(Some(address)))) => {
            let served = Connection::new(address)?.get("", note::MAX)?.unwrap_or_default();
            keys.extend(super::keys_of(&String::from_utf8_lossy(&served))?);
        }
        Some((_, Err(error))) => return Err(error),
        Some((file, Ok(None))) => keys.extend(super::keys_of(&text(Path::new(file))?)?),
        None => {}
    }
    if keys.is_empty() { Err(Usage(said.name_a_key()).into()) } else { Ok(keys) }
}

fn text(path: &Path) -> Result<String> {
    let known = fs::metadata(path).with_context(|| format!("{} can't be read", path.display()))?;
    if known.len() > note::MAX as u64 {
        bail!("{} is too large", path.display());
    }
    fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))
}
