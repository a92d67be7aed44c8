//! A folder with a log, its keys and its ledger in it, as a tenant's service has them.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use radslag_eventlog::{Clock, Context, Log, NewEvent, Options, Signing, Writer};
use radslag_kernel::{Actor, AggregateId, Encoded, ItemId, Plain};
use radslag_vault::{Keyring, Ledger, NewKey};

/// Opens or makes a log of one tenant.
pub(crate) fn open(folder: &Path, writer: Writer) -> Result<Log> {
    Tenant::open(folder)?.log("log", writer)
}

/// The same without a tree and checkpoints.
pub(crate) fn open_bare(folder: &Path, writer: Writer) -> Result<Log> {
    Ok(Log::open(Tenant::open(folder)?.options("log", writer))?)
}

/// The secrets of one tenant, for one or more logs.
pub(crate) struct Tenant<'a> {
    folder: &'a Path,
    keyring: Arc<Keyring>,
    ledger: Arc<Ledger>,
}

impl<'a> Tenant<'a> {
    pub(crate) fn open(folder: &'a Path) -> Result<Self> {
        let secrets = folder.join("secrets");
        let keyring = Arc::new(Keyring::open(&secrets)?);
        let ledger = Arc::new(Ledger::open(&secrets.join("erasures.ledger"))?);
        Ok(Self { folder, keyring, ledger })
    }

    /// As the product has it: with a tree, a checkpoint a second.
    pub(crate) fn log(&self, name: &str, writer: Writer) -> Result<Log> {
        let signing = Signing {
            folder: self.folder.join("tree").join(name),
            name: format!("radslag.example/bench/{name}"),
            seeds: vec![[7; 32].into()],
        };
        Ok(Log::open(Options { signing: Some(signing), ..self.options(name, writer) })?)
    }

    fn options(&self, name: &str, writer: Writer) -> Options {
        let (log, index) = (self.folder.join(name), self.folder.join("index").join(name));
        let secrets = (self.keyring.clone(), self.ledger.clone());
        Options::new(log, index, secrets, Arc::new(Clock::system(0)), writer)
    }
}

/// An event about one item, with a public payload and nothing sealed.
pub(crate) fn plain(log: &Log, item: u64, public: Vec<u8>) -> Result<NewEvent> {
    let encoded = Encoded { kind: "bench.happened", schema: 1, public, sealed: vec![] };
    Ok(NewEvent::seal(encoded, &context(log, item), log.vault(), &[])?)
}

/// The same with one field sealed under a new key.
pub(crate) fn sealed(
    log: &Log,
    item: u64,
    public: Vec<u8>,
    value: Vec<u8>,
    key: &NewKey,
) -> Result<NewEvent> {
    let plain = Plain { field: 1, under: vec![key.reference], committed: false, value };
    let encoded = Encoded { kind: "bench.sealed", schema: 1, public, sealed: vec![plain] };
    Ok(NewEvent::seal(encoded, &context(log, item), log.vault(), std::slice::from_ref(key))?)
}

fn context(log: &Log, item: u64) -> Context {
    Context {
        aggregate: AggregateId::from_bytes([1; 16]),
        item: Some(ItemId::from_bytes(scattered(item).to_be_bytes())),
        occurred_at: log.now(),
        actor: Actor::SYSTEM,
        command: None,
        causation: None,
        trace: None,
        digest: None,
    }
}

/// 128 bits that look random and are distinct for distinct numbers, as ids and HMACs are.
pub(crate) fn scattered(number: u64) -> u128 {
    u128::from(mixed(number)) << 64 | u128::from(mixed(number ^ 0x5851_f42d_4c95_7f2d))
}

/// The finalizer of SplitMix64: a bijection.
const fn mixed(number: u64) -> u64 {
    let a = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let b = (a ^ (a >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let c = (b ^ (b >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    c ^ (c >> 31)
}

/// The stream of an item: named by random bits alone, as all are.
pub(crate) fn stream(number: u64) -> String {
    format!("s-{:032x}", scattered(number))
}
